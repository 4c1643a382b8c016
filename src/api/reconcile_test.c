#include "api/reconcile.h"

#include "api/row_store.h"
#include "base/test.h"

/*
 * The ledgers of `a` and `b`, with a mission `m` beside them. A case is what the register holds, a
 * line a row:
 *
 *   report ID ORG HOUR|- [>NEXT|withdrawn]     observation, likewise; NEXT superseded it
 *   match ID ID RESULT [unmatched]
 *
 * in sector `hill`, or `town` where the id begins with t. What comes out is "SAME/DIFFERENT/OPEN
 * observed OBSERVED, LEFT+RIGHT undated UNDATED; only LEFT… | RIGHT…; PAIR…".
 */

struct words {
    char at[6][24];
    int count;
};

static struct words words_of(struct span line)
{
    struct words out = {0};
    char text[200];

    assert(line.len < sizeof text);
    memcpy(text, line.at, line.len);
    text[line.len] = '\0';
    for (char *save = NULL, *word = strtok_r(text, " ", &save); word;
         word = strtok_r(NULL, " ", &save))
        snprintf(out.at[out.count++], sizeof out.at[0], "%s", word);
    return out;
}

/* Reports say who signed them, and that key's row whose it is; observations say it themselves. */
static void put_item(struct row_store *s, const struct words *w)
{
    bool is_report = strcmp(w->at[0], "report") == 0;
    const char *time = "", *life = "'state':'live'";

    if (w->at[3][0] != '-')
        time = arena_printf(&s->arena, ",'%s':{'at_ms':%s}", is_report ? "start" : "at", w->at[3]);
    if (w->at[4][0] == '>')
        life = arena_printf(&s->arena, "'state':'superseded','superseded_by':'%s'", w->at[4] + 1);
    else if (w->at[4][0])
        life = arena_printf(&s->arena, "'state':'%s'", w->at[4]);
    row_store_put(s, w->at[0], w->at[1],
                  arena_printf(&s->arena, "{'%s':'%s%s','sector':'%s',%s%s}",
                               is_report ? "by" : "org", w->at[2], is_report ? "/desk" : "",
                               w->at[1][0] == 't' ? "town" : "hill", life, time));
}

static void begin(struct row_store *s, const char *lines)
{
    struct span rest = span_of(lines), line;

    row_store_open(s);
    row_store_put(s, "key", "a/desk", "{'org':'a'}");
    row_store_put(s, "key", "b/desk", "{'org':'b'}");
    row_store_put(s, "key", "m/desk", "{'org':'m'}");
    row_store_put(s, "term", "sector/hill", "{'id':'hill'}");
    row_store_put(s, "term", "sector/hill 2", "{'id':'hill'}");
    row_store_put(s, "term", "sector/town", "{'id':'town'}");
    while (span_cut(&rest, '\n', &line)) {
        struct words w = words_of(line);

        if (strcmp(w.at[0], "match") == 0)
            row_store_put(s, "match", arena_printf(&s->arena, "%s %s", w.at[1], w.at[2]),
                          arena_printf(&s->arena, "{'result':'%s','state':'%s'}", w.at[3],
                                       w.at[4][0] ? w.at[4] : "matched"));
        else
            put_item(s, &w);
    }
    row_store_read(s);
}

static const char *told(struct row_store *s, const struct reconcile *r)
{
    struct buf out = buf_in(&s->arena, 2000);

    buf_printf(&out,
               "%" PRId64 "/%" PRId64 "/%" PRId64 " observed %" PRId64 ", %" PRId64 "+%" PRId64
               " undated %" PRId64 "; only",
               r->same_author, r->different_author, r->author_open, r->observed, r->left, r->right,
               r->undated);
    for (size_t i = 0; i < r->only_left_count; i++)
        buf_printf(&out, " %.*s", SPAN_ARG(r->only_left[i]));
    buf_text(&out, " |");
    for (size_t i = 0; i < r->only_right_count; i++)
        buf_printf(&out, " %.*s", SPAN_ARG(r->only_right[i]));
    buf_text(&out, ";");
    for (size_t i = 0; i < r->pairs; i++)
        buf_printf(&out, " %.*s-%.*s", SPAN_ARG(r->pair[i].left), SPAN_ARG(r->pair[i].right));
    buf_byte(&out, '\0');
    return (const char *)out.at;
}

#define BOTH "report a1 a 5\nreport b1 b 5\n"

static const struct {
    const char *name, *lines, *is;
} cases[] = {
    {"nothing", "", "0/0/0 observed 0, 0+0 undated 0; only |;"},
    {"one each, and nobody matched them", BOTH, "0/0/0 observed 0, 1+1 undated 0; only a1 | b1;"},
    {"one author", BOTH "match a1 b1 same_author\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a1-b1"},
    {"two authors", BOTH "match a1 b1 different_author\n",
     "0/1/0 observed 0, 1+1 undated 0; only |; a1-b1"},
    {"one event, the author left open", BOTH "match a1 b1 same_event\n",
     "0/0/1 observed 0, 1+1 undated 0; only |; a1-b1"},
    {"named the other way round", BOTH "match b1 a1 same_author\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a1-b1"},
    {"a match that was undone", BOTH "match a1 b1 same_author unmatched\n",
     "0/0/0 observed 0, 1+1 undated 0; only a1 | b1;"},
    {"some alone", BOTH "report a2 a 6\nreport b2 b 6\nreport b3 b 7\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 2+3 undated 0; only a2 | b2 b3; a1-b1"},
    {"two of one with one of the other",
     BOTH "report a2 a 6\nmatch a1 b1 same_author\nmatch a2 b1 different_author\n",
     "1/1/0 observed 0, 2+1 undated 0; only |; a1-b1 a2-b1"},
    {"two of one ledger are no pair", BOTH "report a2 a 6\nmatch a1 a2 same_author\n",
     "0/0/0 observed 0, 2+1 undated 0; only a1 a2 | b1;"},
    {"with what is no item", BOTH "match a1 zz same_author\n",
     "0/0/0 observed 0, 1+1 undated 0; only a1 | b1;"},

    {"withdrawn", "report a1 a 5 withdrawn\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"superseded, and the match holds",
     "report a1 a 5 >a2\nreport a2 a 5\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a2-b1"},
    {"superseded twice",
     "report a1 a 5 >a2\nreport a2 a 5 >a3\nreport a3 a 5\nreport b1 b 5\nmatch a1 b1 "
     "same_author\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a3-b1"},
    {"superseded by what was withdrawn",
     "report a1 a 5 >a2\nreport a2 a 5 withdrawn\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"superseded by nothing there is",
     "report a1 a 5 >zz\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"superseded in a circle, which no register has",
     "report a1 a 5 >a2\nreport a2 a 5 >a1\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"matched before and after it was replaced",
     "report a1 a 5 >a2\nreport a2 a 5\nreport b1 b 5\nmatch a1 b1 same_author\n"
     "match a2 b1 different_author\n",
     "0/1/0 observed 0, 1+1 undated 0; only |; a2-b1"},

    {"seen by a third",
     BOTH "observation m1 m 5\nmatch a1 b1 same_author\nmatch b1 m1 same_event\n",
     "1/0/0 observed 1, 1+1 undated 0; only |; a1-b1"},
    {"reported by a third, which is no observation",
     BOTH "report m1 m 5\nmatch a1 b1 same_author\nmatch b1 m1 same_event\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a1-b1"},
    {"seen by a third, and only one has it", BOTH "observation m1 m 5\nmatch a1 m1 same_event\n",
     "0/0/0 observed 0, 1+1 undated 0; only a1 | b1;"},
    {"what an own monitor saw is of the ledger",
     "observation a1 a 5\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 1+1 undated 0; only |; a1-b1"},

    {"before the time", "report a1 a 0\nreport b1 b 5\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"at its start and at its end", "report a1 a 1\nreport b1 b 9\n",
     "0/0/0 observed 0, 1+0 undated 0; only a1 |;"},
    {"one of a pair within", "report a1 a 8\nreport b1 b 9\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 1+0 undated 0; only |; a1-b1"},
    {"none of a pair within", "report a1 a 0\nreport b1 b 9\nmatch a1 b1 same_author\n",
     "0/0/0 observed 0, 0+0 undated 0; only |;"},
    {"the other a month later, which nobody asked for",
     "report a1 a 5\nreport b1 b 2592000000\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 1+0 undated 0; only |; a1-b1"},
    {"replaced a month later",
     "report a1 a 5 >a2\nreport a2 a 2592000000\nreport b1 b 5\nmatch a1 b1 same_author\n",
     "1/0/0 observed 0, 0+1 undated 0; only |; a2-b1"},
    {"seen by a third, who has it a month later",
     BOTH "observation m1 m 2592000000\nmatch a1 b1 same_author\nmatch b1 m1 same_event\n",
     "1/0/0 observed 1, 1+1 undated 0; only |; a1-b1"},
    {"of no time", "report a1 a -\nreport b1 b 5\n", "0/0/0 observed 0, 0+1 undated 1; only | b1;"},
    {"of no time, withdrawn", "report a1 a - withdrawn\nreport b1 b 5\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
    {"in another sector", "report t1 a 5\nreport t2 a -\nreport b1 b 5\n",
     "0/0/0 observed 0, 0+1 undated 0; only | b1;"},
};

static const struct reconcile_query query_hill = {
    .left = {(const uint8_t *)"a", 1},
    .right = {(const uint8_t *)"b", 1},
    .sector = {(const uint8_t *)"hill", 4},
    .has_time = true,
    .from_ms = 1,
    .to_ms = 9,
    .as_of = STORE_LATEST,
};

static void check(size_t i, const struct reconcile_query *query)
{
    struct reconcile got;
    struct row_store s;
    struct err err = {0};

    begin(&s, cases[i].lines);
    row_store_ok(reconcile_read(&got, s.reader, query, &s.arena, &err), &err);
    if (strcmp(told(&s, &got), cases[i].is) != 0)
        fail_msg("%s: %s\nnot %s", cases[i].name, told(&s, &got), cases[i].is);
    row_store_close(&s);
}

/* By days in one sector; by days in all; and, where the time is long, by a look at everything. */
static void test_ledgers(void **state)
{
    struct reconcile_query anywhere = query_hill, ever = query_hill;

    (void)state;
    anywhere.sector = (struct span){0};
    ever.from_ms = INT64_MIN;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        check(i, &query_hill);
        if (!strstr(cases[i].lines, " t"))
            check(i, &anywhere);
        if (!strstr(cases[i].lines, " 0\n"))
            check(i, &ever);
    }
}

/* Two logs of a week of 71 events each, of which 55 are in both: of one author in 9. */
static void test_two_logs(void **state)
{
    struct reconcile_query query = {
        .left = SPAN_LIT("a"), .right = SPAN_LIT("b"), .as_of = STORE_LATEST};
    struct arena arena = {0};
    struct buf lines = buf_in(&arena, 100000);
    struct row_store s;
    struct reconcile got;
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 71; i++)
        buf_printf(&lines, "report a%03d a 5\nreport b%03d b 5\n", i, i + 16);
    for (int i = 16; i < 71; i++)
        buf_printf(&lines, "match a%03d b%03d %s\n", i, i,
                   i < 25 ? "same_author" : "different_author");
    begin(&s, arena_text(&arena, buf_span(&lines)));
    row_store_ok(reconcile_read(&got, s.reader, &query, &s.arena, &err), &err);
    assert_int_equal(got.left, 71);
    assert_int_equal(got.right, 71);
    assert_int_equal(got.pairs, 55);
    assert_int_equal(got.same_author, 9);
    assert_int_equal(got.different_author, 46);
    assert_int_equal(got.only_left_count, 16);
    assert_int_equal(got.only_right_count, 16);
    assert_int_equal(got.observed, 0);
    row_store_close(&s);
    arena_free(&arena);
}

static void test_one_ledger(void **state)
{
    struct reconcile_query query = query_hill;
    struct reconcile got = {.left = 99};
    struct row_store s;
    struct err err = {0};

    (void)state;
    begin(&s, BOTH);
    query.right = query.left;
    assert_false(reconcile_read(&got, s.reader, &query, &s.arena, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_int_equal(got.left, 99);
    row_store_close(&s);
}

static void test_json(void **state)
{
    struct reconcile got;
    struct row_store s;
    struct err err = {0};

    (void)state;
    begin(&s, BOTH "report a2 a 6\nmatch a1 b1 different_author\n");
    row_store_ok(reconcile_read(&got, s.reader, &query_hill, &s.arena, &err), &err);
    struct json json = reconcile_json(&got, &query_hill, &s.arena);
    assert_true(span_is(
        json_bytes(&json, &s.arena),
        "{\"counts\":{\"author_open\":0,\"different_author\":1,\"left\":2,\"observed\":0,"
        "\"right\":1,\"same_author\":0,\"undated\":0},\"left\":\"a\",\"only_left\":[\"a2\"],"
        "\"only_right\":[],\"pairs\":[{\"left\":\"a1\",\"observed\":0,\"result\":"
        "\"different_author\",\"right\":\"b1\"}],\"right\":\"b\"}"));
    row_store_close(&s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ledgers),
    cmocka_unit_test(test_two_logs),
    cmocka_unit_test(test_one_ledger),
    cmocka_unit_test(test_json),
};

RUN_TESTS(tests)
