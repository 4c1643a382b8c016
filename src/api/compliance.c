#include "api/compliance.h"

#include "api/each_row.h"

#include <stdlib.h>

/* What is counted: rows of a table, for whom a member names, by the word of another. */
static const struct tally {
    const char *table;
    const char *whose;  /* an organisation's id; "by": that of the key which signed */
    const char *group;  /* what the count stands under */
    const char *word;   /* the member that is counted by */
    const char *absent; /* where it is not there; NULL: then it is not counted */
    const char *state;  /* rows in this state alone; NULL: in any */
} tallies[] = {
    {"deadline", "org", "deadlines", "state", NULL, NULL},
    {"request", "to", "evidence", "answer", "asked", NULL},
    {"access", "host", "access", "answer", "asked", NULL},
    {"restriction", "host", "restrictions", "type", NULL, "live"},
    {"reply", "org", "replies", "answer", NULL, NULL},
    {"report", "by", "withdrawn", "state", NULL, "withdrawn"},
    {"claim", "by", "withdrawn", "state", NULL, "withdrawn"},
    {"finding", "against", "findings", "outcome", NULL, "issued"},
    {"finding", "against", "responsibility", "mode", NULL, "issued"},
    {"consequence", "owner", "consequences", "state", NULL, NULL},
    {"appeal", "org", "appeals", "state", NULL, NULL},
    {"dissent", "org", "dissents", "state", NULL, NULL},
};

struct count {
    struct span whose, group, word;
    int64_t n;
};

struct counting {
    struct store_reader *reader;
    uint64_t as_of;
    struct arena *arena;
    int64_t counted_ms;
    const struct tally *tally;
    struct count *at;
    size_t count, room;
};

static void add(struct counting *c, struct span whose, struct span group, struct span word)
{
    for (size_t i = 0; i < c->count; i++)
        if (span_equal(c->at[i].whose, whose) && span_equal(c->at[i].group, group) &&
            span_equal(c->at[i].word, word)) {
            c->at[i].n++;
            return;
        }
    c->at = each_row_grow(c->at, sizeof *c->at, c->count, &c->room, c->arena);
    c->at[c->count++] = (struct count){whose, group, word, 1};
}

static bool whose_is(struct counting *c, const struct json *row, struct span *out, struct err *err)
{
    const struct json *key;

    *out = json_get_text(row, c->tally->whose);
    if (strcmp(c->tally->whose, "by") != 0)
        return true;
    if (!one_row(c->reader, "key", *out, c->as_of, &key, c->arena, err))
        return false;
    *out = json_get_text(key, "org");
    return true;
}

/* A deadline that runs is overdue or not: the register keeps no word for it. */
static struct span word_of(const struct counting *c, const struct json *row)
{
    struct span word = json_get_text(row, c->tally->word);
    bool deadline = strcmp(c->tally->table, "deadline") == 0;

    if (deadline && span_is(word, "running") && json_get_integer(row, "due_ms", 0) < c->counted_ms)
        return SPAN_LIT("overdue");
    return word.len || !c->tally->absent ? word : span_of(c->tally->absent);
}

/* What still ran when its case was closed is owed by nobody. */
static bool is_left(struct counting *c, const struct json *row, bool *out, struct err *err)
{
    const struct json *of = NULL;

    *out = false;
    if (strcmp(c->tally->table, "deadline") != 0 ||
        !span_is(json_get_text(row, "state"), "running") || json_get_text(row, "case").len == 0)
        return true;
    if (!one_row(c->reader, "case", json_get_text(row, "case"), c->as_of, &of, c->arena, err))
        return false;
    *out = span_is(json_get_text(of, "state"), "closed");
    return true;
}

static bool see(void *context, struct span key, const struct json *row, struct err *err)
{
    struct counting *c = context;
    struct span whose, word = word_of(c, row);
    bool left;

    (void)key;
    if (!is_left(c, row, &left, err))
        return false;
    if (left)
        return true;
    if (c->tally->state && !span_is(json_get_text(row, "state"), c->tally->state))
        return true;
    if (!whose_is(c, row, &whose, err))
        return false;
    if (whose.len && word.len)
        add(c, whose, span_of(c->tally->group), word);
    return true;
}

/* The clause of the act that it found on, in the terms of the first version: an id keeps its
 * meaning (doc/agreement.md). */
static bool see_clause(void *context, struct span key, const struct json *row, struct err *err)
{
    struct counting *c = context;
    struct span act = json_get_text(row, "allegation");
    const struct json *term;

    (void)key;
    if (!span_is(json_get_text(row, "state"), "issued"))
        return true;
    if (!one_row(c->reader, "term", span_of(arena_printf(c->arena, "act/%.*s", SPAN_ARG(act))),
                 c->as_of, &term, c->arena, err))
        return false;
    if (json_get_text(term, "clause").len)
        add(c, json_get_text(term, "clause"), SPAN_LIT("findings"), json_get_text(row, "outcome"));
    return true;
}

/* What became of the cases that came before those who decide: rulings by their state, and that
 * there was none. */
static bool see_ruling(void *context, struct span key, const struct json *row, struct err *err)
{
    struct counting *c = context;

    (void)key, (void)err;
    if (span_is(json_get_text(row, "kind"), "ruling.propose"))
        add(c, (struct span){0}, SPAN_LIT("decisions"), json_get_text(row, "state"));
    return true;
}

static bool see_no_decision(void *context, struct span key, const struct json *row, struct err *err)
{
    struct counting *c = context;

    (void)key, (void)err;
    if (span_is(json_get_text(row, "kind"), "ruling.none"))
        add(c, (struct span){0}, SPAN_LIT("decisions"), SPAN_LIT("no_decision"));
    return true;
}

static int in_order(const void *a, const void *b)
{
    const struct count *left = a, *right = b;
    int order = span_compare(left->whose, right->whose);

    if (order == 0)
        order = span_compare(left->group, right->group);
    return order ? order : span_compare(left->word, right->word);
}

/* Counts of one organisation, or one clause, stand together once they are in order. */
static struct json list_of(struct counting *c, const char *name)
{
    struct json list = json_array();

    if (c->count)
        qsort(c->at, c->count, sizeof *c->at, in_order);
    for (size_t i = 0; i < c->count;) {
        struct span whose = c->at[i].whose;
        struct json one = json_object();

        json_set_string(&one, name, whose, c->arena);
        while (i < c->count && span_equal(c->at[i].whose, whose)) {
            struct span group = c->at[i].group;
            struct json words = json_object();

            for (; i < c->count && span_equal(c->at[i].whose, whose) &&
                   span_equal(c->at[i].group, group);
                 i++)
                json_set_integer(&words, arena_text(c->arena, c->at[i].word), c->at[i].n, c->arena);
            json_set(&one, arena_text(c->arena, group), words, c->arena);
        }
        json_push(&list, one, c->arena);
    }
    return list;
}

static struct json decisions_of(struct counting *c)
{
    struct json out = json_object();

    if (c->count)
        qsort(c->at, c->count, sizeof *c->at, in_order);
    for (size_t i = 0; i < c->count; i++)
        json_set_integer(&out, arena_text(c->arena, c->at[i].word), c->at[i].n, c->arena);
    return out;
}

bool compliance_read(struct json *out, struct store_reader *reader, uint64_t as_of,
                     struct arena *arena, struct err *err)
{
    struct counting of_organisations = {.reader = reader, .as_of = as_of, .arena = arena};
    struct counting of_clauses = of_organisations, of_decisions = of_organisations;
    const struct json *clock;

    if (!one_row(reader, "clock", SPAN_LIT("clock"), as_of, &clock, arena, err))
        return false;
    of_organisations.counted_ms = json_get_integer(clock, "counted_ms", 0);
    for (size_t i = 0; i < ARRAY_LEN(tallies); i++) {
        of_organisations.tally = &tallies[i];
        if (!each_row(reader, tallies[i].table, (struct span){0}, as_of, see, &of_organisations,
                      arena, err))
            return false;
    }
    if (!each_row(reader, "finding", (struct span){0}, as_of, see_clause, &of_clauses, arena,
                  err) ||
        !each_row(reader, "ruling", (struct span){0}, as_of, see_ruling, &of_decisions, arena,
                  err) ||
        !each_row(reader, "case_record", (struct span){0}, as_of, see_no_decision, &of_decisions,
                  arena, err))
        return false;
    *out = json_object();
    json_set(out, "clauses", list_of(&of_clauses, "clause"), arena);
    json_set(out, "decisions", decisions_of(&of_decisions), arena);
    json_set(out, "organisations", list_of(&of_organisations, "organisation"), arena);
    return true;
}
