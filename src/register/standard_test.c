#include "base/test.h"
#include "register/standard.h"
#include "register/test_log.h"

/*
 * What a finding lacks, and nothing else: a finding that reaches the highest standard, against
 * somebody, with one thing changed in each case.
 */

#define REVOKED "{'doubt_from':40,'revoked_at':60,'state':'revoked'}"

struct row {
    const char *table, *key, *row; /* row NULL: it is taken away */
};

static const struct row rows[] = {
    {"agreement", "1", "{'name':'north-south'}"},
    {"case", "case-one", "{'accused':['south','east'],'modalities':1}"},
    {"clock", "clock", "{'counted_ms':100}"},
    {"deadline", "case-one reply south", "{'due_ms':200,'state':'met'}"},
    {"deadline", "case-one reply east", "{'due_ms':50,'state':'running'}"},

    {"term", "standard/told", "{'id':'told','items':1,'order':0}"},
    {"term", "standard/likely",
     "{'contradictions':1,'id':'likely','items':2,'neutral':1,'order':1,'origins':2,'reply':1}"},
    {"term", "standard/clear",
     "{'alternatives':1,'contradictions':1,'id':'clear','items':3,'neutral':1,'order':2,"
     "'origins':3,'physical':1,'reply':1}"},
    {"term", "mode/none", "{'id':'none'}"},
    {"term", "mode/own", "{'id':'own','standard':'likely'}"},
    {"term", "mode/tolerated",
     "{'id':'tolerated','questions':['knew','could'],'standard':'clear'}"},
    {"term", "author/band", "{'id':'band'}"},
    {"term", "author/forces", "{'id':'forces','organisation':'south'}"},
    {"term", "origin/north", "{'id':'north','neutral':0}"},
    {"term", "origin/mission", "{'id':'mission','neutral':1}"},
    {"term", "origin/radar", "{'id':'radar'}"},
    {"term", "move/case.reply", "{'clause':'7','ends':['reply'],'id':'case.reply'}"},
    {"term", "clock/reply", "{'each':'accused','id':'reply'}"},

    {"key", "north/desk", "{'state':'active'}"},
    {"key", "mission/desk", "{'state':'active'}"},
    {"record", "report-1", "{'by':'north/desk','index':30,'kind':'incident.report'}"},
    {"record", "seen-by-mission", "{'by':'mission/desk','index':41,'kind':'incident.observe'}"},
    {"record", "track-of-radar", "{'by':'mission/desk','index':42,'kind':'incident.read'}"},
    {"record", "report-2", "{'by':'north/desk','index':43,'kind':'incident.report'}"},
    {"report", "report-1", "{'state':'live'}"},
    {"report", "report-2", "{'state':'live'}"},
    {"observation", "seen-by-mission", "{'state':'live'}"},
    {"reading", "track-of-radar", "{'state':'live'}"},
    {"assessment", "report-1", "{'class':'testimony','index':50,'neutral':'no','origin':'north'}"},
    {"assessment", "seen-by-mission",
     "{'class':'observation','index':50,'neutral':'yes','origin':'mission'}"},
    {"assessment", "track-of-radar",
     "{'class':'technical','index':50,'neutral':'yes','origin':'radar'}"},
    {"assessment", "report-2", "{'class':'testimony','index':50,'neutral':'no','origin':'north'}"},
};

static const char finding[] =
    "{'against':'south','allegation':'harbouring','alternatives':'considered','answers':["
    "{'answer':'yes','items':['report-1'],'question':'knew'},"
    "{'answer':'unknown','items':['seen-by-mission'],'question':'could'}],'case':'case-one',"
    "'contradictions':'explained','items':['report-1','seen-by-mission','track-of-radar'],"
    "'mode':'tolerated','outcome':'established','standard':'clear'}";

#define ITEMS(list) "{'items':[" list "]}"
#define ANSWERS(list) "{'answers':[" list "]}"
#define KNEW "{'answer':'yes','items':['report-1'],'question':'knew'}"
#define COULD "{'answer':'no','items':['report-1'],'question':'could'}"
#define UNHEARD "a reply, or the end of the time for it, of south"
#define FIRST "{'class':'testimony','index':61,'neutral':'no','origin':'north'}"

static const struct {
    const char *name;
    const char *changed; /* members of the finding */
    struct row rows[3];
    const char *lacks; /* "": nothing */
} cases[] = {
    {"as it is", "{}", {{0}}, ""},
    {"by a lower standard, against nobody",
     "{'against':'','items':['report-1'],'mode':'','standard':'told'}",
     {{0}},
     ""},
    {"for its own act, which asks no questions",
     "{'answers':[],'mode':'own','standard':'likely'}",
     {{0}},
     ""},
    {"both have replied", "{}", {{"deadline", "case-one reply east", "{'state':'late'}"}}, ""},
    {"one clock for all the accused",
     "{}",
     {{"term", "clock/reply", "{'id':'reply'}"},
      {"deadline", "case-one reply", "{'due_ms':50,'state':'running'}"}},
     ""},
    {"nobody is asked for a reply by the agreement",
     "{}",
     {{"term", "move/case.reply", "{'clause':'7','id':'case.reply'}"},
      {"deadline", "case-one reply south", NULL}},
     ""},
    {"a key in doubt only from later on", "{}", {{"key", "north/desk", REVOKED}}, ""},
    {"assessed again by who knew of the doubt",
     "{'items':['report-2','seen-by-mission','track-of-radar']}",
     {{"key", "north/desk", REVOKED}, {"assessment", "report-2", FIRST}},
     ""},

    {"no items",
     ITEMS(""),
     {{0}},
     "records that count (0 of 3); independent origins (0 of 3); neutral records (0 of 1); "
     "neutral physical or technical records (0 of 1)"},
    {"one missing",
     ITEMS("'report-1','track-of-radar'"),
     {{0}},
     "records that count (2 of 3); independent origins (2 of 3)"},
    {"one origin twice",
     ITEMS("'report-1','report-2','track-of-radar'"),
     {{0}},
     "independent origins (2 of 3)"},
    {"one record twice",
     ITEMS("'report-1','report-1','track-of-radar'"),
     {{0}},
     "records that count (2 of 3); independent origins (2 of 3); record report-1 is named twice"},
    {"the parties alone",
     ITEMS("'report-1','report-2'"),
     {{0}},
     "records that count (2 of 3); independent origins (1 of 3); neutral records (0 of 1); "
     "neutral physical or technical records (0 of 1)"},
    {"assessed as a party's",
     "{}",
     {{"assessment", "seen-by-mission",
       "{'class':'observation','index':50,'neutral':'no','origin':'mission'}"},
      {"assessment", "track-of-radar",
       "{'class':'technical','index':50,'neutral':'no','origin':'radar'}"}},
     "neutral records (0 of 1); neutral physical or technical records (0 of 1)"},
    {"assessed as neutral, from where nothing is",
     "{}",
     {{"assessment", "track-of-radar",
       "{'class':'technical','index':50,'neutral':'yes','origin':'north'}"}},
     "independent origins (2 of 3); neutral physical or technical records (0 of 1)"},
    {"no trace, only what was seen",
     "{}",
     {{"assessment", "track-of-radar",
       "{'class':'document','index':50,'neutral':'yes','origin':'radar'}"}},
     "neutral physical or technical records (0 of 1)"},
    {"a trace that is the party's own",
     "{}",
     {{"assessment", "track-of-radar",
       "{'class':'physical','index':50,'neutral':'no','origin':'radar'}"}},
     "neutral physical or technical records (0 of 1)"},
    {"never assessed",
     "{}",
     {{"assessment", "track-of-radar", NULL}},
     "records that count (2 of 3); independent origins (2 of 3); neutral physical or technical "
     "records (0 of 1); record track-of is not assessed"},
    {"withdrawn since",
     "{}",
     {{"reading", "track-of-radar", "{'state':'withdrawn'}"}},
     "records that count (2 of 3); independent origins (2 of 3); neutral physical or technical "
     "records (0 of 1); record track-of is withdrawn"},
    {"superseded since",
     "{}",
     {{"observation", "seen-by-mission", "{'state':'superseded'}"}},
     "records that count (2 of 3); independent origins (2 of 3); an answer, with a record that "
     "counts, to could; record seen-by- is superseded"},
    {"void",
     "{}",
     {{"record", "track-of-radar",
       "{'by':'mission/desk','index':42,'kind':'incident.read','verdict':'void'}"}},
     "records that count (2 of 3); independent origins (2 of 3); neutral physical or technical "
     "records (0 of 1); record track-of is not in effect"},
    {"never logged",
     "{}",
     {{"record", "track-of-radar", NULL}},
     "records that count (2 of 3); independent origins (2 of 3); neutral physical or technical "
     "records (0 of 1); record track-of is not in effect"},
    {"of a key in doubt",
     "{}",
     {{"key", "mission/desk", REVOKED}},
     "records that count (1 of 3); independent origins (1 of 3); neutral records (0 of 1); neutral "
     "physical or technical records (0 of 1); an answer, with a record that counts, to could; "
     "record seen-by- is in doubt with its key; record track-of is in doubt with its key"},

    {"the clock of the reply runs",
     "{}",
     {{"deadline", "case-one reply south", "{'due_ms':200,'state':'running'}"}},
     UNHEARD},
    {"to its last moment",
     "{}",
     {{"deadline", "case-one reply south", "{'due_ms':100,'state':'running'}"}},
     UNHEARD},
    {"the clock stands",
     "{}",
     {{"deadline", "case-one reply south", "{'due_ms':50,'left_ms':1,'state':'paused'}"}},
     UNHEARD},
    {"never asked", "{}", {{"deadline", "case-one reply south", NULL}}, UNHEARD},
    {"another of the accused is unheard",
     "{}",
     {{"deadline", "case-one reply east", NULL}},
     "a reply, or the end of the time for it, of east"},
    {"one clock for all, and it runs",
     "{}",
     {{"term", "clock/reply", "{'id':'reply'}"},
      {"deadline", "case-one reply", "{'due_ms':200,'state':'running'}"}},
     "a reply, or the end of the time for it, of south; "
     "a reply, or the end of the time for it, of east"},
    {"against who is not accused",
     "{'against':'west'}",
     {{0}},
     "an accusation in this case of west"},
    {"against the claimant, who is not accused",
     "{'against':'north','allegation':'false-report'}",
     {{0}},
     "an accusation in this case of north"},
    {"in a case that nobody took up",
     "{}",
     {{"case", "case-one", NULL}},
     "an accusation in this case of south"},

    {"a contradiction left open", "{'contradictions':'open'}", {{0}}, "contradictions explained"},
    {"no other explanation weighed",
     "{'alternatives':'none'}",
     {{0}},
     "other explanations considered"},
    {"below what the mode asks for",
     "{'standard':'likely'}",
     {{0}},
     "for this mode the standard clear"},
    {"far below", "{'mode':'own','standard':'told'}", {{0}}, "for this mode the standard likely"},
    {"a question unanswered",
     ANSWERS(KNEW),
     {{0}},
     "an answer, with a record that counts, to could"},
    {"all of them",
     ANSWERS(""),
     {{0}},
     "an answer, with a record that counts, to knew; an answer, with a record that counts, to "
     "could"},
    {"answered without a record",
     ANSWERS(KNEW ",{'answer':'no','question':'could'}"),
     {{0}},
     "an answer, with a record that counts, to could"},
    {"answered by a record that does not count",
     ANSWERS(KNEW "," COULD),
     {{"report", "report-1", "{'state':'withdrawn'}"}},
     "records that count (2 of 3); independent origins (2 of 3); an answer, with a record that "
     "counts, to knew; an answer, with a record that counts, to could; record report-1 is "
     "withdrawn"},
    {"another question answered",
     ANSWERS(KNEW ",{'answer':'no','items':['report-1'],"
                  "'question':'would'}"),
     {{0}},
     "an answer, with a record that counts, to could"},

    {"against somebody by the other side's word, whatever the standard",
     "{'answers':[],'items':['report-1'],'mode':'none','standard':'told'}",
     {{0}},
     "neutral records (0 of 1)"},
    {"the act of somebody's forces, by the other side's word",
     "{'against':'','author':'forces','items':['report-1'],'mode':'','standard':'told'}",
     {{0}},
     "neutral records (0 of 1)"},
    {"the act of a band, by one side's word",
     "{'against':'','author':'band','items':['report-1'],'mode':'','standard':'told'}",
     {{0}},
     ""},
    {"a standard that there is not",
     "{'mode':'own','standard':'divine'}",
     {{0}},
     "in the agreement the standard divine; for this mode the standard likely"},
};

static void put(struct test_log *log, const struct row *row)
{
    struct json value = row->row ? test_body(log, row->row) : json_object();

    test_put(log, row->table, span_of(row->key), row->row ? &value : NULL);
}

/* "" and [] take a member away. */
static struct json changed(struct test_log *log, const char *members)
{
    struct json whole = test_body(log, finding), change = test_body(log, members);
    struct json out = json_object();

    for (size_t i = 0; i < change.object.count; i++)
        json_set(&whole, arena_text(&log->arena, change.object.at[i].key),
                 change.object.at[i].value, &log->arena);
    for (size_t i = 0; i < whole.object.count; i++) {
        const struct json *value = &whole.object.at[i].value;

        if (value->type == JSON_STRING ? value->string.len > 0 : value->array.count > 0)
            json_set(&out, arena_text(&log->arena, whole.object.at[i].key), *value, &log->arena);
    }
    return out;
}

static void test_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct register_lookup lookup;
        struct standard standard;
        struct test_log log;
        struct err err = {0};

        test_log_open(&log, NULL);
        for (size_t r = 0; r < ARRAY_LEN(rows); r++)
            put(&log, &rows[r]);
        for (size_t r = 0; r < ARRAY_LEN(cases[i].rows) && cases[i].rows[r].table; r++)
            put(&log, &cases[i].rows[r]);
        struct json body = changed(&log, cases[i].changed);
        lookup = test_lookup(&log);
        CHECK_CASE(cases[i].name, standard_missing(&standard, &lookup, &body, &log.arena, &err));
        struct span lacks = standard_sentence(&standard, &log.arena);
        if (!span_is(lacks, cases[i].lacks))
            fail_msg("case \"%s\": %.*s", cases[i].name, SPAN_ARG(lacks));
        CHECK_CASE(cases[i].name, (standard.gap_count == 0) == (cases[i].lacks[0] == '\0'));
        test_log_close(&log);
    }
}

/* What counts, told item by item. */
static void test_items(void **state)
{
    struct register_lookup lookup;
    struct standard standard;
    struct test_log log;
    struct err err = {0};

    (void)state;
    test_log_open(&log, NULL);
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        put(&log, &rows[r]);
    struct json body = changed(
        &log, ITEMS("'report-1','report-2','track-of-radar','report-1','seen-by-mission','gone'"));
    lookup = test_lookup(&log);
    assert_true(standard_missing(&standard, &lookup, &body, &log.arena, &err));
    assert_int_equal(standard.item_count, 6);
    assert_int_equal(standard.items, 4);
    assert_int_equal(standard.origins, 3);
    assert_int_equal(standard.neutral, 2);
    assert_int_equal(standard.physical, 1);
    assert_int_equal(standard.gap_count, 0);
    assert_null(standard.item[0].why_not);
    assert_true(span_is(standard.item[1].origin, "north"));
    assert_true(standard.item[2].neutral && standard.item[2].physical);
    assert_string_equal(standard.item[3].why_not, "named twice");
    assert_string_equal(standard.item[5].why_not, "not in effect");
    test_log_close(&log);
}

static bool broken_get(void *context, const char *table, struct span key, const struct json **out,
                       struct arena *arena, struct err *err)
{
    int *left = context;

    (void)table;
    (void)key;
    (void)arena;
    *out = NULL;
    return (*left)-- > 0 || err_set(err, ERR_IO, "the store is gone");
}

/* A look-up that fails, whichever it is, is a fault, and not a standard that is met. */
static void test_faults(void **state)
{
    bool ok = false;
    int before = 0;

    (void)state;
    for (; !ok; before++) {
        struct test_log log;
        struct standard standard;
        struct err err = {0};
        int left = before;

        test_log_open(&log, NULL);
        struct register_lookup lookup = {.context = &left, .get = broken_get};
        struct json body = changed(&log, "{}");
        ok = standard_missing(&standard, &lookup, &body, &log.arena, &err);
        assert_true(ok == (err.kind == ERR_NONE));
        assert_true(!ok || standard.gap_count > 0);
        test_log_close(&log);
    }
    assert_true(before > 10);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_missing),
    cmocka_unit_test(test_items),
    cmocka_unit_test(test_faults),
};

RUN_TESTS(tests)
