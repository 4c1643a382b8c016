#include "register/casework.h"

static const struct case_room *const rooms[] = {
    &case_room_case,   &case_room_deadline,      &case_room_item,        &case_room_evidence,
    &case_room_access, &case_room_custody,       &case_room_part,        &case_room_state,
    &case_room_ledger, &case_room_accreditation, &case_room_finding,     &case_room_ruling,
    &case_room_step,   &case_room_appeal,        &case_room_consequence, &case_room_crossing,
    &case_room_notice, &case_room_intake,        &case_room_hotline,     &case_room_obligation,
    &case_room_person, &case_room_dialogue,      &case_room_outcome,     &case_room_text,
    &case_room_final,  &case_room_intel,
};

const struct case_room *case_room_at(size_t index)
{
    return index < ARRAY_LEN(rooms) ? rooms[index] : NULL;
}

const struct casework *casework_for(const struct kind *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(rooms); i++)
        for (const struct casework *work = rooms[i]->work; work->kind; work++)
            if (strcmp(work->kind, kind->name) == 0)
                return work;
    return NULL;
}

/* The case that a record says it belongs to, or that the row belongs to which it names. */
static struct span case_of(const struct apply *a)
{
    struct span named = json_get_text(a->body, "case");

    return named.len ? named : json_get_text(a->at.named, "case");
}

bool casework_find(struct apply *a, struct err *err)
{
    struct case_at *at = &a->at;

    at->work = casework_for(a->kind);
    if (!at->work)
        return true;
    if (at->work->of)
        at->of = json_get_text(a->body, at->work->of);
    if (at->of.len && !apply_get(a, at->work->moves, at->of, &at->named, err))
        return false;
    at->id = case_of(a);
    if (at->id.len == 0)
        return true;
    if (!apply_get(a, "case", at->id, &at->row, err))
        return false;
    a->modalities = json_get_integer(at->row, "modalities", a->modalities);
    a->modalities = json_get_integer(a->body, "modalities", a->modalities);
    return true;
}

/* The word that chooses among several moves of a kind; empty: there is one. */
static struct span word_of(const struct apply *a)
{
    return a->at.work->word ? json_get_text(a->body, a->at.work->word) : (struct span){0};
}

/* "KIND WORD" in the table of moves, "KIND/WORD" in the agreement. */
static struct span kind_and_word(struct apply *a, char mark)
{
    struct span kind = span_of(a->kind->name), word = word_of(a);

    return word.len ? apply_join(a, kind, mark, word) : kind;
}

static bool version_begun(struct apply *a, struct err *err)
{
    const struct json *clock;

    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    return a->modalities == 0 ||
           register_version_begun(a->agreement, a->modalities,
                                  json_get_integer(clock, "now_ms", 0)) ||
           apply_void(a, REASON_MODALITIES,
                      "there is no version %" PRId64 " of the terms, or not yet", a->modalities);
}

/* The agreement may say more of one word than of the kind. */
static bool agreed(struct apply *a, struct err *err)
{
    struct case_at *at = &a->at;

    if (!apply_term(a, "move", kind_and_word(a, '/'), &at->move, err) ||
        (!at->move && !apply_term(a, "move", span_of(a->kind->name), &at->move, err)))
        return false;
    if (!at->move)
        return apply_no_move(a, err, "the agreement gives %s no clause", a->kind->name);
    a->clause = json_get_text(at->move, "clause");
    return true;
}

/* A step that is to follow another's time. */
static bool awaited(struct apply *a, struct err *err)
{
    const struct json *clocks = json_get(a->at.move, "awaits");

    for (size_t i = 0; clocks && i < clocks->array.count; i++) {
        struct span clock = clocks->array.at[i].string;
        bool runs;

        if (!deadline_runs(a, a->at.id, clock, &runs, err))
            return false;
        if (runs)
            return apply_void(a, REASON_CLOCK_RUNS, "the time of \"%.*s\" has not run out",
                              SPAN_ARG(clock));
    }
    return true;
}

static bool asked(struct apply *a, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(a->at.work->asks) && a->at.work->asks[i]; i++) {
        if (!a->at.work->asks[i](a, err))
            return false;
        if (apply_is_void(a))
            return true;
    }
    return true;
}

/* What the record's row and a row that it opens say of who wrote it, and when. */
static void sign(struct apply *a, struct json *row)
{
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "org", apply_org(a), a->arena);
}

/* What a row of this table comes to; NULL: there is no such move. */
static const char *to_of(struct apply *a, const char *table, const struct json *row)
{
    struct span on = kind_and_word(a, ' ');

    return move_to(table, arena_text(a->arena, on), json_get_text(row, "state"));
}

static bool ask_move(struct apply *a, const char *table, const struct json *row, struct err *err)
{
    return to_of(a, table, row) ||
           apply_no_move(a, err, "%.*s: the %s is %.*s", SPAN_ARG(kind_and_word(a, ' ')), table,
                         SPAN_ARG(row ? json_get_text(row, "state") : SPAN_LIT("not there")));
}

/* The tables of moves have a line for what this is to do. Nothing is done in a case that nobody
 * has taken up. */
static bool movable(struct apply *a, struct err *err)
{
    const struct case_at *at = &a->at;

    if (at->of.len && (!ask_move(a, at->work->moves, at->named, err) || apply_is_void(a)))
        return apply_is_void(a);
    if (at->id.len && at->work->moves_case)
        return ask_move(a, "case", at->row, err);
    return at->id.len == 0 || at->row || span_equal(at->of, at->id) ||
           apply_no_move(a, err, "the incident has not been triaged");
}

/* A row that there was not before is signed by who opened it. */
static bool move_row(struct apply *a, const char *table, struct span key, const struct json *before,
                     struct err *err)
{
    struct json *row = apply_copy(a, before);

    if (!before)
        sign(a, row);
    json_set(row, "state", json_text(to_of(a, table, before)), a->arena);
    return apply_put(a, table, key, row, err);
}

static bool moved(struct apply *a, struct err *err)
{
    const struct case_at *at = &a->at;

    if (at->of.len && !move_row(a, at->work->moves, at->of, at->named, err))
        return false;
    return at->id.len == 0 || !at->work->moves_case || move_row(a, "case", at->id, at->row, err);
}

static bool put_own(struct apply *a, struct err *err)
{
    struct case_at *at = &a->at;

    if (!at->work->own)
        return true;
    const char *to = to_of(a, at->work->own, NULL);
    assert(to); /* the room's table has its beginning */
    at->own = apply_row_of_body(a);
    sign(a, at->own);
    if (at->id.len)
        json_set_string(at->own, "case", at->id, a->arena);
    json_set(at->own, "state", json_text(to), a->arena);
    return apply_put(a, at->work->own, span_of(a->record.id_text), at->own, err);
}

static bool each_clock(struct apply *a, const char *member, struct span subject,
                       bool (*turn)(struct apply *, struct span, struct span, struct err *),
                       struct err *err)
{
    const struct json *clocks = json_get(a->at.move, member);

    for (size_t i = 0; clocks && subject.len && i < clocks->array.count; i++)
        if (!turn(a, subject, clocks->array.at[i].string, err))
            return false;
    return true;
}

/* Ends them on what it names and on the case; starts them on itself where it is something
 * that others wait for, else on what it names. */
static bool clocks_turn(struct apply *a, struct err *err)
{
    const struct case_at *at = &a->at;
    struct span on = at->own ? span_of(a->record.id_text) : at->of.len ? at->of : at->id;

    return each_clock(a, "ends", at->of, deadline_end, err) &&
           (span_equal(at->of, at->id) || each_clock(a, "ends", at->id, deadline_end, err)) &&
           each_clock(a, "starts", on, deadline_start, err);
}

/* The case's file: all that was said in it, in order. */
static bool file_it(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);
    char index[REGISTER_INDEX_TEXT];

    if (a->at.id.len == 0)
        return true;
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_string(row, "id", span_of(a->record.id_text), a->arena);
    json_set_string(row, "kind", a->record.kind, a->arena);
    register_index_key(index, a->entry->index);
    return apply_put(a, "case_record", apply_join(a, a->at.id, ' ', span_of(index)), row, err);
}

static bool then(struct apply *a, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(a->at.work->then) && a->at.work->then[i]; i++) {
        if (!a->at.work->then[i](a, err))
            return false;
        if (apply_is_void(a))
            return true;
    }
    return true;
}

bool room_casework(struct apply *a, struct err *err)
{
    static case_step *const steps[] = {version_begun, agreed,  movable, awaited,     asked,
                                       moved,         put_own, then,    clocks_turn, file_it};

    for (size_t i = 0; i < ARRAY_LEN(steps) && !apply_is_void(a); i++)
        if (!steps[i](a, err))
            return false;
    return true;
}

bool case_move(struct apply *a, const char *table, struct span key, bool anew, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table, key, &before, err) || !ask_move(a, table, before, err))
        return false;
    if (apply_is_void(a))
        return true;
    struct json *row = anew ? apply_row_of_body(a) : apply_copy(a, before);
    sign(a, row);
    json_set(row, "state", json_text(to_of(a, table, before)), a->arena);
    return apply_put(a, table, key, row, err);
}

static int64_t at_ms(const struct apply *a, const char *field, int64_t absent)
{
    return json_get_integer(json_get(a->body, field), "at_ms", absent);
}

bool case_ask_interval(struct apply *a, struct err *err)
{
    int64_t begins = at_ms(a, "from", at_ms(a, "since", INT64_MIN));

    (void)err;
    return at_ms(a, "until", INT64_MAX) >= begins ||
           apply_void(a, REASON_INTERVAL, "`until` is before it begins");
}

bool case_set_row(struct apply *a, const char *table, struct span key, const char *member,
                  struct json value, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table, key, &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    json_set(row, member, value, a->arena);
    return apply_put(a, table, key, row, err);
}

bool case_set(struct apply *a, const char *member, struct json value, struct err *err)
{
    return case_set_row(a, "case", a->at.id, member, value, err);
}

bool case_set_named(struct apply *a, const char *member, struct json value, struct err *err)
{
    return case_set_row(a, a->at.work->moves, a->at.of, member, value, err);
}

bool case_answered(struct apply *a, struct err *err)
{
    return case_set_named(a, "answer", *json_get(a->body, "answer"), err) &&
           case_set_named(a, "answered", json_string(span_of(a->record.id_text)), err);
}

bool case_ask_org(struct apply *a, struct span org)
{
    struct span own = apply_org(a);

    return span_equal(own, org) ||
           apply_void(a, REASON_NOT_YOURS, "it is %.*s that it asks, not %.*s", SPAN_ARG(org),
                      SPAN_ARG(own));
}

bool case_ask_named_org(struct apply *a, const char *member)
{
    struct span org = json_get_text(a->at.named, member);

    return org.len == 0 || case_ask_org(a, org);
}

bool case_ask_host(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "host");
}

bool case_ask_opener(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "org");
}

bool case_recused(struct apply *a, struct span org, bool *out, struct err *err)
{
    const struct json *row;

    *out = false;
    if (org.len == 0 || a->at.id.len == 0)
        return true;
    if (!apply_get(a, "recusal", apply_join(a, a->at.id, ' ', org), &row, err))
        return false;
    *out = row != NULL;
    return true;
}

struct json case_names_with(struct apply *a, const struct json *names, struct span name,
                            bool stands)
{
    struct json out = json_array();

    for (size_t i = 0; i < names->array.count; i++)
        if (!span_equal(names->array.at[i].string, name))
            json_push(&out, names->array.at[i], a->arena);
    if (stands)
        json_push(&out, json_string(name), a->arena);
    return out;
}

bool case_follow(struct apply *a, const char *table, struct span key, const char *on,
                 const char *member, struct json value, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table, key, &before, err))
        return false;
    struct span from = json_get_text(before, "state");
    const char *to = move_to(table, on, from);
    if (!to)
        return apply_no_move(a, err, "the %s is %.*s", table, SPAN_ARG(from));
    struct json *row = apply_copy(a, before);
    json_set(row, member, value, a->arena);
    json_set(row, "state", json_text(to), a->arena);
    return apply_put(a, table, key, row, err);
}
