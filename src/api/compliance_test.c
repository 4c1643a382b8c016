#include "api/compliance.h"

#include "api/row_store.h"
#include "base/test.h"

/* A register, row by row, and what is counted of it: the counts of organisations and of clauses. */

struct put {
    const char *table, *key, *row; /* ' stands for " */
};

#define MOST 8

static const struct {
    const char *name;
    struct put put[MOST];
    const char *clauses, *organisations, *decisions;
} cases[] = {
    {"nothing", {{0}}, "[]", "[]", "{}"},
    {"a deadline of each state, and one that has run out",
     {{"clock", "clock", "{'counted_ms':100}"},
      {"deadline", "x reply a", "{'due_ms':100,'org':'a','state':'running'}"},
      {"deadline", "y reply a", "{'due_ms':99,'org':'a','state':'running'}"},
      {"deadline", "z reply a", "{'due_ms':1,'org':'a','state':'late'}"},
      {"deadline", "z reply b", "{'due_ms':1,'org':'b','state':'met'}"},
      {"deadline", "z look", "{'due_ms':1,'state':'met'}"}},
     "[]",
     "[{'deadlines':{'late':1,'overdue':1,'running':1},'organisation':'a'},"
     "{'deadlines':{'met':1},'organisation':'b'}]",
     "{}"},
    {"what ran when its case was closed, and in one that goes on",
     {{"clock", "clock", "{'counted_ms':100}"},
      {"case", "x", "{'state':'closed'}"},
      {"case", "y", "{'state':'open'}"},
      {"deadline", "x reply a", "{'case':'x','due_ms':99,'org':'a','state':'running'}"},
      {"deadline", "x remark a", "{'case':'x','due_ms':9,'org':'a','state':'late'}"},
      {"deadline", "y reply a", "{'case':'y','due_ms':99,'org':'a','state':'running'}"}},
     "[]",
     "[{'deadlines':{'late':1,'overdue':1},'organisation':'a'}]",
     "{}"},
    {"what was asked for, and what came",
     {{"request", "1", "{'state':'asked','to':'a'}"},
      {"request", "2", "{'answer':'refused','state':'answered','to':'a'}"},
      {"request", "3", "{'answer':'refused','state':'answered','to':'a'}"},
      {"access", "4", "{'answer':'denied','host':'b','state':'denied'}"},
      {"restriction", "5", "{'host':'b','state':'live','type':'delay'}"},
      {"restriction", "6", "{'host':'b','state':'withdrawn','type':'fire'}"},
      {"reply", "7", "{'answer':'denies','org':'a','state':'made'}"}},
     "[]",
     "[{'evidence':{'asked':1,'refused':2},'organisation':'a','replies':{'denies':1}},"
     "{'access':{'denied':1},'organisation':'b','restrictions':{'delay':1}}]",
     "{}"},
    {"taken back by whom it was filed",
     {{"key", "a/desk", "{'org':'a'}"},
      {"report", "1", "{'by':'a/desk','state':'withdrawn'}"},
      {"report", "2", "{'by':'a/desk','state':'live'}"},
      {"report", "3", "{'by':'a/desk','state':'superseded'}"},
      {"claim", "4", "{'by':'a/desk','state':'withdrawn'}"},
      {"claim", "5", "{'by':'gone','state':'withdrawn'}"}},
     "[]",
     "[{'organisation':'a','withdrawn':{'withdrawn':2}}]",
     "{}"},
    {"findings that were issued, and no drafts",
     {{"term", "act/shelling", "{'clause':'7','id':'shelling'}"},
      {"finding", "1",
       "{'against':'a','allegation':'shelling','mode':'own','outcome':'established','state':"
       "'issued'}"},
      {"finding", "2", "{'allegation':'shelling','outcome':'not_established','state':'issued'}"},
      {"finding", "3",
       "{'against':'a','allegation':'shelling','outcome':'established','state':'drafted'}"},
      {"finding", "4",
       "{'against':'a','allegation':'gossip','outcome':'disproved','state':"
       "'issued'}"}},
     "[{'clause':'7','findings':{'established':1,'not_established':1}}]",
     "[{'findings':{'disproved':1,'established':1},'organisation':'a','responsibility':{'own':1}}"
     "]",
     "{}"},
    {"what is owed, and what was said against it",
     {{"consequence", "1", "{'owner':'b','state':'ordered'}"},
      {"consequence", "2", "{'owner':'b','state':'done'}"},
      {"appeal", "3", "{'org':'b','state':'filed'}"},
      {"dissent", "4", "{'org':'b','state':'attached'}"}},
     "[]",
     "[{'appeals':{'filed':1},'consequences':{'done':1,'ordered':1},'dissents':{'attached':1},"
     "'organisation':'b'}]",
     "{}"},
    {"how cases were decided, and that one was not",
     {{"ruling", "1", "{'kind':'ruling.propose','state':'in_force'}"},
      {"ruling", "2", "{'kind':'ruling.propose','state':'proposed'}"},
      {"ruling", "3", "{'kind':'ruling.interpret','state':'in_force'}"},
      {"ruling", "4", "{'kind':'ruling.review','state':'in_force'}"},
      {"case_record", "c 0000000000000007", "{'kind':'ruling.none'}"},
      {"case_record", "c 0000000000000008", "{'kind':'ruling.fail'}"}},
     "[]",
     "[]",
     "{'in_force':1,'no_decision':1,'proposed':1}"},
};

static struct json parsed(struct row_store *s, const char *text)
{
    char *copy = arena_text(&s->arena, span_of(text));
    struct json value;
    struct err err = {0};

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    row_store_ok(json_parse(&value, span_of(copy), &s->arena, &err), &err);
    return value;
}

static void check(size_t n)
{
    struct row_store s;
    struct err err = {0};
    struct json out;

    row_store_open(&s);
    for (size_t i = 0; i < MOST && cases[n].put[i].table; i++)
        row_store_put(&s, cases[n].put[i].table, cases[n].put[i].key, cases[n].put[i].row);
    row_store_read(&s);
    if (!compliance_read(&out, s.reader, STORE_LATEST, &s.arena, &err))
        fail_msg("%s: %s", cases[n].name, err.text);
    struct json clauses = parsed(&s, cases[n].clauses);
    struct json organisations = parsed(&s, cases[n].organisations);
    struct json decisions = parsed(&s, cases[n].decisions);
    CHECK_CASE(cases[n].name, json_equal(json_get(&out, "clauses"), &clauses));
    if (!json_equal(json_get(&out, "organisations"), &organisations))
        fail_msg("%s: %.*s", cases[n].name,
                 SPAN_ARG(json_bytes(json_get(&out, "organisations"), &s.arena)));
    CHECK_CASE(cases[n].name, json_equal(json_get(&out, "decisions"), &decisions));
    row_store_close(&s);
}

static void test_counts(void **state)
{
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(cases); n++)
        check(n);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts)};

RUN_TESTS(tests)
