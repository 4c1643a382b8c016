#include "register/casework.h"

#include <stdlib.h>

/* The steps of judging one entry, in the order of format §9.2. */

static bool step_parse(struct apply *a, struct err *err)
{
    struct err unfit = {0};

    (void)err;
    if (!record_parse(&a->record, a->entry->bytes, a->arena, &unfit))
        return apply_void(a, REASON_NOT_A_RECORD, "%s", unfit.text);
    a->body = a->record.body;
    return true;
}

/* Before there is an agreement only its adoption can be read at all. */
static bool step_agreement(struct apply *a, struct err *err)
{
    (void)err;
    if (a->agreement ? !span_equal(a->record.agreement, json_get_text(a->agreement, "name"))
                     : a->entry->index != 0 || !span_is(a->record.kind, "agreement.adopt"))
        return apply_void(a, REASON_OTHER_AGREEMENT, "\"%.*s\" is not this log's agreement",
                          SPAN_ARG(a->record.agreement));
    a->is_record = true;
    return true;
}

static bool step_repeated(struct apply *a, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "record", span_of(a->record.id_text), &before, err))
        return false;
    return !before || apply_void(a, REASON_REPEATED, "it is entry %" PRId64,
                                 json_get_integer(before, "index", 0));
}

/* Entry 0 brings its own key: that of the first root it names. */
static struct span first_root(const struct apply *a)
{
    const struct json *roots = json_get(a->body, "roots");
    bool has = roots && roots->type == JSON_ARRAY && roots->array.count > 0;

    return has ? json_get_text(&roots->array.at[0], "key") : (struct span){0};
}

static bool step_key(struct apply *a, struct err *err)
{
    if (!a->agreement) {
        struct json *row = apply_copy(a, NULL);

        json_set(row, "job", json_text("root"), a->arena);
        json_set_string(row, "vkey", first_root(a), a->arena);
        a->signer = row;
        return true;
    }
    if (!apply_get(a, "key", a->record.by, &a->signer, err))
        return false;
    if (!a->signer)
        return apply_void(a, REASON_UNKNOWN_KEY, "no key %.*s was admitted",
                          SPAN_ARG(a->record.by));
    return true;
}

static bool step_signature(struct apply *a, struct err *err)
{
    struct note_key key;
    struct err unfit = {0};

    (void)err;
    if (a->entry->author_verified && a->agreement)
        return true;
    if (!note_key_parse(&key, json_get_text(a->signer, "vkey"), &unfit))
        return apply_void(a, REASON_BAD_SIGNATURE, "%s", unfit.text);
    if (a->entry->author_verified ? !span_is(a->record.by, key.name)
                                  : !record_verify(&a->record, &key))
        return apply_void(a, REASON_BAD_SIGNATURE, "not the signature of %.*s",
                          SPAN_ARG(a->record.by));
    return true;
}

/* Behind the signature, so that the record is known when it comes again (§9.4). */
static bool step_revoked(struct apply *a, struct err *err)
{
    (void)err;
    if (span_is(json_get_text(a->signer, "state"), "revoked"))
        return apply_void(a, REASON_REVOKED_KEY, "the key %.*s was revoked by entry %" PRId64,
                          SPAN_ARG(a->record.by), json_get_integer(a->signer, "revoked_at", 0));
    return true;
}

static bool step_kind(struct apply *a, struct err *err)
{
    struct span job = json_get_text(a->signer, "job");

    (void)err;
    a->kind = kind_find(a->record.kind, a->record.version);
    if (!a->kind)
        return apply_void(a, REASON_UNKNOWN_KIND, "%.*s %" PRIu64, SPAN_ARG(a->record.kind),
                          a->record.version);
    for (size_t i = 0; a->kind->jobs[i]; i++)
        if (span_is(job, a->kind->jobs[i]))
            return true;
    return apply_void(a, REASON_WRONG_JOB, "a key of job \"%.*s\" does not sign %s", SPAN_ARG(job),
                      a->kind->name);
}

static bool step_shape(struct apply *a, struct err *err)
{
    struct err unfit = {0};

    (void)err;
    return kind_check_body(a->kind, a->body, &unfit) ||
           apply_void(a, REASON_SHAPE, "%s", unfit.text);
}

static bool step_room(struct apply *a, struct err *err)
{
    return room_for(a->kind).move(a, err);
}

static bool (*const steps[])(struct apply *a, struct err *err) = {
    step_parse,    step_agreement,   step_repeated,    step_key,     step_signature,
    step_revoked,  chain_judge,      step_kind,        step_shape,   guard_phase,
    casework_find, guard_references, guard_capability, guard_behalf, guard_recipients,
    step_room,     parts_keep,
};

static struct span clause_of(struct apply *a)
{
    const char *fixed = reason_text(a->reason)->clause;

    if (fixed)
        return span_of(fixed);
    if (a->clause.len)
        return a->clause;
    return apply_key(a, "rules %" PRId64 " %s", json_get_integer(a->agreement, "rules", 1),
                     a->kind->name);
}

static const char *verdict_word(const struct apply *a)
{
    if (apply_is_void(a))
        return "void";
    return a->mark_count ? "marked" : "holds";
}

static bool put_verdict(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);
    struct json marks = json_array();
    char index[REGISTER_INDEX_TEXT];

    json_set_string(row, "clause", clause_of(a), a->arena);
    if (a->is_record) {
        json_set_string(row, "id", span_of(a->record.id_text), a->arena);
        json_set_string(row, "kind", a->record.kind, a->arena);
    }
    for (size_t i = 0; i < a->mark_count; i++)
        json_push(&marks, json_string(a->mark[i]), a->arena);
    if (a->mark_count)
        json_set(row, "marks", marks, a->arena);
    if (apply_is_void(a))
        json_set(row, "reason", json_text(reason_text(a->reason)->word), a->arena);
    json_set(row, "verdict", json_text(verdict_word(a)), a->arena);
    register_index_key(index, a->entry->index);
    return apply_put(a, "verdict", span_of(index), row, err);
}

static bool put_record(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);

    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "kind", a->record.kind, a->arena);
    json_set(row, "verdict", json_text(verdict_word(a)), a->arena);
    return apply_put(a, "record", span_of(a->record.id_text), row, err);
}

/* Which steps were passed before the entry was found void says what it still writes (§9.4). */
static bool has_valid_signature(const struct apply *a)
{
    switch (a->reason) {
    case REASON_NOT_A_RECORD:
    case REASON_OTHER_AGREEMENT:
    case REASON_REPEATED:
    case REASON_UNKNOWN_KEY:
    case REASON_BAD_SIGNATURE:
        return false;
    default:
        return true;
    }
}

static bool put_common(struct apply *a, struct err *err)
{
    for (size_t i = 0; apply_is_void(a) && i < a->row_count; i++) {
        a->row[i].written = false;
        a->row[i].after = a->row[i].before;
    }
    bool ok = put_verdict(a, err);
    if (ok && has_valid_signature(a))
        ok = put_record(a, err);
    return ok && (!a->chained || chain_write(a, err));
}

static int compare_effects(const void *left, const void *right)
{
    const struct effect *a = left, *b = right;
    int order = strcmp(a->table, b->table);

    return order ? order : span_compare(a->key, b->key);
}

static void collect(struct effects *out, struct apply *a)
{
    out->at = ARENA_ARRAY(a->arena, struct effect, a->row_count);
    for (size_t i = 0; i < a->row_count; i++)
        if (a->row[i].written && !json_equal(a->row[i].before, a->row[i].after))
            out->at[out->count++] =
                (struct effect){a->row[i].table, a->row[i].key, a->row[i].after};
    qsort(out->at, out->count, sizeof out->at[0], compare_effects);
}

bool register_knows(int64_t rules)
{
    return rules == 1;
}

static int64_t lacking(const struct apply *a)
{
    int64_t rules = json_get_integer(a->agreement, "rules", 1);

    return register_knows(rules) ? 0 : rules;
}

static bool judge(struct apply *a, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(steps) && !apply_is_void(a); i++)
        if (!steps[i](a, err))
            return false;
    return put_common(a, err);
}

bool register_apply(struct effects *out, const struct register_lookup *lookup,
                    const struct register_entry *entry, struct arena *arena, struct err *err)
{
    struct apply *a = ARENA_NEW(arena, struct apply);
    struct effects effects = {0};

    *a = (struct apply){.lookup = lookup, .entry = entry, .arena = arena};
    if (!apply_get(a, "agreement", SPAN_LIT("1"), &a->agreement, err))
        return false;
    if (lacking(a)) {
        *out = (struct effects){.lacks_rules = lacking(a)};
        return true;
    }
    if (!judge(a, err))
        return false;

    collect(&effects, a);
    effects.verdict = apply_is_void(a) ? VERDICT_VOID
                      : a->mark_count  ? VERDICT_MARKED
                                       : VERDICT_HOLDS;
    effects.clause = clause_of(a);
    effects.why = span_of(a->why.text);
    if (a->is_record) {
        effects.kind = a->record.kind;
        effects.id = span_of(a->record.id_text);
    }
    *out = effects;
    return true;
}

/* Written piece by piece: no tree of values is built only to be encoded. */
struct span register_effects_bytes(const struct effects *effects, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    buf_byte(&buf, '[');
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];
        const struct json key = json_string(effect->key);

        buf_text(&buf, i ? ",[\"" : "[\"");
        buf_text(&buf, effect->table);
        buf_text(&buf, "\",");
        json_encode(&buf, &key);
        if (effect->row) {
            buf_byte(&buf, ',');
            json_encode(&buf, effect->row);
        }
        buf_byte(&buf, ']');
    }
    buf_byte(&buf, ']');
    assert(!buf.full);
    return buf_span(&buf);
}

struct hash register_digest(const struct hash *before, uint64_t index, struct span effects)
{
    uint8_t number[8];

    for (size_t i = 0; i < sizeof number; i++)
        number[i] = (uint8_t)(index >> (56 - 8 * i));
    return hash_of_parts(
        (const struct span[]){hash_span(before), span_make(number, sizeof number), effects}, 3);
}
