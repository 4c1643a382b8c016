#include "api/case_views.h"

#include "base/test.h"
#include "codec/json.h"

/*
 * What views keep of an entry, told as its effects: rows of the register ("" for none), and of a
 * void entry the record that it is. ' stands for ".
 */

#define CASE "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0"
#define OTHER "d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0"
#define REPLY "e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0"

struct told {
    const char *table, *key, *row; /* of the register; NULL: nothing is written */
    const char *body;              /* of a void record by "south/1"; NULL: the entry holds */
    bool forged;                   /* void, and nobody's: the signature does not hold */
};

#define MOST 4

static const struct {
    const char *name;
    struct told told[MOST];
    const char *table, *key, *want; /* "": no such row */
} cases[] = {
    {"a record of a case",
     {{"case_record", CASE " 0000000000000007", "{'by':'n','id':'" REPLY "','kind':'case.reply'}",
       NULL, false}},
     "view_case_of",
     REPLY,
     "{'case':'" CASE "'}"},
    {"what was refused in a case",
     {{"case", CASE, "{'state':'open'}", NULL, false},
      {NULL, NULL, NULL, "{'answer':'denies','case':'" CASE "'}", false}},
     "view_case_refused",
     CASE " 0000000000000001",
     "{'by':'south/1','id':'','kind':'case.reply'}"},
    {"refused on a record of the case",
     {{"case_record", CASE " 0000000000000000", "{'by':'n','id':'" REPLY "','kind':'x'}", NULL,
       false},
      {NULL, NULL, NULL, "{'request':'" REPLY "'}", false}},
     "view_case_refused",
     CASE " 0000000000000001",
     "{'by':'south/1','id':'','kind':'case.reply'}"},
    {"refused elsewhere",
     {{"case", CASE, "{'state':'open'}", NULL, false},
      {NULL, NULL, NULL, "{'case':'" OTHER "'}", false}},
     "view_case_refused",
     OTHER " 0000000000000001",
     ""},
    {"a body that is no object of a case",
     {{"case", CASE, "{'state':'open'}", NULL, false}, {NULL, NULL, NULL, "[1,2]", false}},
     "view_case_refused",
     CASE " 0000000000000001",
     ""},
    {"what nobody signed says nothing of anybody",
     {{"case", CASE, "{'state':'open'}", NULL, false},
      {NULL, NULL, NULL, "{'case':'" CASE "'}", true}},
     "view_case_refused",
     CASE " 0000000000000001",
     ""},
    {"what a node waits to see logged",
     {{"attest", "north/node", "{'offered':[{'id':'" REPLY "','since_ms':5}]}", NULL, false}},
     "view_offered",
     REPLY " north/node",
     "{'index':0,'since_ms':5}"},
    {"its first word counts",
     {{"attest", "north/node", "{'offered':[{'id':'" REPLY "','since_ms':5}]}", NULL, false},
      {"attest", "north/node", "{'offered':[{'id':'" REPLY "','since_ms':9}]}", NULL, false}},
     "view_offered",
     REPLY " north/node",
     "{'index':0,'since_ms':5}"},
    {"another's is its own",
     {{"attest", "north/node", "{'offered':[{'id':'" REPLY "','since_ms':5}]}", NULL, false},
      {"attest", "south/node", "{'offered':[{'id':'" REPLY "','since_ms':9}]}", NULL, false}},
     "view_offered",
     REPLY " south/node",
     "{'index':1,'since_ms':9}"},
    {"who waits for nothing",
     {{"attest", "north/node", "{'size':7}", NULL, false}},
     "view_offered",
     REPLY " north/node",
     ""},
};

struct world {
    struct store *store;
    struct store_tx *tx;
    struct arena arena;
};

static void check_ok(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static struct json *value_of(struct world *w, const char *text)
{
    char *copy = arena_text(&w->arena, span_of(text));
    struct json *value = ARENA_NEW(&w->arena, struct json);
    struct err err = {0};

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    check_ok(json_parse(value, span_of(copy), &w->arena, &err), &err);
    return value;
}

/* The row goes into the register as it would, and the views are told. */
static void tell(struct world *w, uint64_t index, const struct told *told)
{
    struct effect at[1] = {{.table = "record", .key = SPAN_LIT("id"), .row = NULL}};
    struct effects effects = {.at = at, .count = told->forged ? 0 : 1, .verdict = VERDICT_HOLDS};
    struct record record = {.by = SPAN_LIT("south/1"), .kind = SPAN_LIT("case.reply")};
    struct hash digest = {0};
    struct err err = {0};

    if (told->table) {
        at[0] = (struct effect){told->table, span_of(told->key), value_of(w, told->row)};
        check_ok(
            store_put(w->tx, index, told->table, at[0].key, json_bytes(at[0].row, &w->arena), &err),
            &err);
    } else {
        record.body = value_of(w, told->body);
        effects.verdict = VERDICT_VOID;
    }
    check_ok(case_views_observe(w->tx, index, &record, &effects, &w->arena, &err) &&
                 store_put_digest(w->tx, index, &digest, &err),
             &err);
}

static void check(size_t n)
{
    struct world w = {0};
    struct err err = {0};
    struct span got;

    check_ok(store_open(&w.store, "memory:", &err) && store_begin(w.store, &w.tx, &err), &err);
    for (size_t i = 0; i < MOST && (cases[n].told[i].table || cases[n].told[i].body); i++)
        tell(&w, i, &cases[n].told[i]);
    check_ok(store_get(store_tx_reader(w.tx), cases[n].table, span_of(cases[n].key), STORE_LATEST,
                       &got, NULL, &w.arena, &err),
             &err);
    if (cases[n].want[0] == '\0')
        CHECK_CASE(cases[n].name, got.at == NULL);
    else if (!got.at || !span_equal(got, json_bytes(value_of(&w, cases[n].want), &w.arena)))
        fail_msg("%s: %.*s", cases[n].name, SPAN_ARG(got));
    store_rollback(w.tx);
    store_close(w.store);
    arena_free(&w.arena);
}

static void test_views(void **state)
{
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(cases); n++)
        check(n);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_views)};

RUN_TESTS(tests)
