#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* A text part by part, and as a whole in two languages. North and south must agree; east and west
 * stand between. */

#define ONE "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TWO "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define TEXT(languages) "{'body':'commission','languages':[" languages "]}"
#define PUT(article, as, more) "{'article':'" article "','as':'" as "'," more "'text':'$t'}"
#define ANSWER(of, word) "{'answer':'" word "','wording':'$" of "'}"
#define VERSION(language, hash) "{'language':'" language "','sha256':'" hash "'}"
#define FINAL(versions) "{'text':'$t','versions':[" versions "]}"
#define BOTH VERSION("ur", ONE) "," VERSION("ps", TWO)
#define RIGHT VERSION("ur", ONE) "," VERSION("ps", ONE)
#define CONCUR(of, language, hash)                                                                 \
    "{'final':'$" of "','language':'" language "','sha256':'" hash "'}"
#define CONTEST(of, language) "{'final':'$" of "','language':'" language "'}"

static void check_member(struct test_log *log, const char *table, const char *key, const char *name,
                         const char *want)
{
    const char *is =
        arena_text(&log->arena, json_get_text(test_row(log, table, spelled(log, key)), name));

    if (strcmp(is, spelled(log, want)) != 0)
        fail_msg("%s %s: %s is \"%s\", not %s", table, key, name, is, want);
}

static void check_count(struct test_log *log, const char *key, const char *name, size_t want)
{
    assert_int_equal(json_get(test_row(log, "text", spelled(log, key)), name)->array.count, want);
}

static const struct line parts[] = {
    {"begun by who has no place", NULL, "mission/desk", "text.open", TEXT("'ur'"),
     "void not_yours 7"},
    {"in one language twice", NULL, "east/desk", "text.open", TEXT("'ur','ur'"),
     "void shape format §9.2"},
    {"in none", NULL, "east/desk", "text.open", TEXT(""), "void shape format §9.2"},
    {"begun", "t", "east/desk", "text.open", TEXT("'ur','ps'"), "holds"},
    {"another", "other", "east/desk", "text.open", TEXT("'ur'"), "holds"},
    {"nothing of it is there", NULL, "east/desk", "text.final", FINAL(BOTH), "void brackets 7"},
    {"a mediator has no side", NULL, "east/desk", "text.propose", PUT("1", "wording", ""),
     "void not_yours 7"},
    {"a side is no bridge", NULL, "north/desk", "text.propose", PUT("1", "bridge", ""),
     "void not_yours 7"},
    {"north", "n1", "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    {"south would have none", "s1", "south/desk", "text.propose", PUT("1", "deletion", ""),
     "holds"},
    {"a side bridges", NULL, "south/desk", "text.propose", PUT("1", "wording", "'bridges':'$n1',"),
     "void shape format §9.2"},
    {"a bridge of another part", NULL, "east/desk", "text.propose",
     PUT("2", "bridge", "'bridges':'$n1',"), "void reference format §9.2"},
    {"a bridge", "b1", "east/desk", "text.propose", PUT("1", "bridge", "'bridges':'$n1',"),
     "holds"},
    {"north accepts itself", NULL, "north/desk", "text.answer", ANSWER("n1", "accepted"),
     "void not_yours 7"},
    {"a mediator accepts", NULL, "west/desk", "text.answer", ANSWER("n1", "accepted"),
     "void not_yours 7"},
    {"south does not", NULL, "south/desk", "text.answer", ANSWER("n1", "rejected"), "holds"},
    {"north accepts the bridge", NULL, "north/desk", "text.answer", ANSWER("b1", "accepted"),
     "holds"},
    {"while it is in brackets", NULL, "east/desk", "text.final", FINAL(BOTH), "void brackets 7"},
    {"north has another", "n2", "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    {"the old one is accepted", NULL, "south/desk", "text.answer", ANSWER("n1", "accepted"),
     "void no_move 14.2"},
    {"north thinks better of it", NULL, "north/desk", "text.answer", ANSWER("b1", "rejected"),
     "holds"},
    {"south accepts the bridge", NULL, "south/desk", "text.answer", ANSWER("b1", "accepted"),
     "holds"},
    {"so does north, again", NULL, "north/desk", "text.answer", ANSWER("b1", "accepted"), "holds"},
    {"and then not", NULL, "north/desk", "text.answer", ANSWER("b1", "rejected"),
     "void no_move 14.2"},
};

static void test_parts(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, parts, ARRAY_LEN(parts));
    check_member(&log, "article", "$t 1", "state", "agreed");
    check_member(&log, "article", "$t 1", "agreed", "$b1");
    check_member(&log, "wording", "$b1", "state", "agreed");
    check_member(&log, "wording", "$n1", "state", "superseded");
    check_member(&log, "wording", "$n1", "superseded_by", "$n2");
    check_member(&log, "wording", "$s1", "state", "live");
    check_member(&log, "wording_answer", "$n1 south", "state", "rejected");
    check_member(&log, "bracket", "$t 1 north", "wording", "$n2");
    check_count(&log, "$t", "articles", 1);
    check_count(&log, "$t", "brackets", 0);
    test_log_close(&log);
}

static const struct line whole[] = {
    {"begun", "t", "east/desk", "text.open", TEXT("'ur','ps'"), "holds"},
    {"worded", "n1", "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    {"agreed", NULL, "south/desk", "text.answer", ANSWER("n1", "accepted"), "holds"},
    {"offered by who has no place", NULL, "mission/desk", "text.final", FINAL(BOTH),
     "void not_yours 7"},
    {"in one language of two", NULL, "east/desk", "text.final", FINAL(VERSION("ur", ONE)),
     "void shape format §9.2"},
    {"in another order", NULL, "east/desk", "text.final",
     FINAL(VERSION("ps", TWO) "," VERSION("ur", ONE)), "void shape format §9.2"},
    {"in another language", NULL, "east/desk", "text.final",
     FINAL(VERSION("ur", ONE) "," VERSION("en", TWO)), "void shape format §9.2"},
    {"offered", "f", "east/desk", "text.final", FINAL(BOTH), "holds"},
    {"a mediator concurs", NULL, "east/desk", "text.concur", CONCUR("f", "ur", ONE),
     "void not_yours 7"},
    {"in a language that it has not", NULL, "north/desk", "text.concur", CONCUR("f", "en", ONE),
     "void other_text 7"},
    {"in another text", NULL, "north/desk", "text.concur", CONCUR("f", "ur", TWO),
     "void other_text 7"},
    {"in the other language's", NULL, "north/desk", "text.concur", CONCUR("f", "ps", ONE),
     "void other_text 7"},
    {"north, in Urdu", NULL, "north/desk", "text.concur", CONCUR("f", "ur", ONE), "holds"},
    {"twice", NULL, "north/desk", "text.concur", CONCUR("f", "ur", ONE), "void no_move 14.2"},
    {"south, in Urdu", NULL, "south/desk", "text.concur", CONCUR("f", "ur", ONE), "holds"},
    {"north, in Pashto", NULL, "north/desk", "text.concur", CONCUR("f", "ps", TWO), "holds"},
    {"it does not say the same, says who has no place", NULL, "mission/desk", "text.contest",
     CONTEST("f", "ps"), "void not_yours 7"},
    {"says who need not agree", NULL, "east/desk", "text.contest", CONTEST("f", "ps"),
     "void not_yours 7"},
    {"in a language that it has not, either", NULL, "south/desk", "text.contest",
     CONTEST("f", "en"), "void other_text 7"},
    {"it does not say the same", NULL, "south/desk", "text.contest", CONTEST("f", "ps"), "holds"},
    {"says it again", NULL, "south/desk", "text.contest", CONTEST("f", "ps"), "void no_move 14.2"},
    {"says the other", NULL, "north/desk", "text.contest", CONTEST("f", "ps"), "holds"},
    {"and concurs all the same", NULL, "south/desk", "text.concur", CONCUR("f", "ps", TWO),
     "holds"},
    {"the same again", NULL, "west/desk", "text.final", FINAL(BOTH), "void no_move 14.2"},
    {"put right", "f2", "west/desk", "text.final", FINAL(RIGHT), "holds"},
    {"the old one", NULL, "south/desk", "text.concur", CONCUR("f", "ps", TWO), "void no_move 14.2"},
    {"the part is opened again", "n2", "south/desk", "text.propose", PUT("1", "wording", ""),
     "holds"},
    {"which ends the offer", NULL, "north/desk", "text.concur", CONCUR("f2", "ur", ONE),
     "void no_move 14.2"},
    {"agreed again", NULL, "north/desk", "text.answer", ANSWER("n2", "accepted"), "holds"},
    {"offered again", "f3", "west/desk", "text.final", FINAL(BOTH), "holds"},
    {"one", NULL, "north/desk", "text.concur", CONCUR("f3", "ur", ONE), "holds"},
    {"two", NULL, "north/desk", "text.concur", CONCUR("f3", "ps", TWO), "holds"},
    {"three", NULL, "south/desk", "text.concur", CONCUR("f3", "ur", ONE), "holds"},
    {"four", NULL, "south/desk", "text.concur", CONCUR("f3", "ps", TWO), "holds"},
    {"worded anew when it is final", NULL, "north/desk", "text.propose", PUT("1", "wording", ""),
     "void no_move 14.2"},
    {"offered anew when it is final", NULL, "west/desk", "text.final", FINAL(BOTH),
     "void no_move 14.2"},
    {"contested later", NULL, "north/desk", "text.contest", CONTEST("f3", "ur"), "holds"},
    {"by who need not agree", NULL, "east/desk", "text.contest", CONTEST("f3", "ur"), "holds"},
    {"by who has no place", NULL, "mission/desk", "text.contest", CONTEST("f3", "ur"),
     "void not_yours 7"},
};

static void test_whole(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, whole, ARRAY_LEN(whole));
    check_member(&log, "final_text", "$f", "state", "superseded");
    check_member(&log, "final_text", "$f2", "state", "superseded");
    check_member(&log, "final_text", "$f2", "superseded_by", "$n2");
    check_member(&log, "final_text", "$f3", "state", "final");
    check_member(&log, "text", "$t", "state", "final");
    check_member(&log, "text", "$t", "final", "$f3");
    check_member(&log, "wording", "$n1", "state", "set_aside");
    check_member(&log, "wording", "$n1", "set_aside_by", "$n2");
    check_member(&log, "text_language", "$f ps south", "state", "contested");
    check_member(&log, "text_language", "$f ps north", "state", "contested");
    check_member(&log, "text_language", "$f3 ur north", "state", "contested");
    check_member(&log, "deadline", "$f word", "state", "met");
    check_member(&log, "deadline", "$f2 word", "state", "met");
    check_member(&log, "deadline", "$f3 word", "state", "met");
    test_log_close(&log);
}

/* What is offered of a text of this body, when its only part is agreed. */
#define OFFERED(body)                                                                              \
    {"begun", "t", "east/desk", "text.open", "{'body':'" body "','languages':['ur','ps']}",        \
     "holds"},                                                                                     \
        {"worded", "n1", "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},          \
        {"agreed", NULL, "south/desk", "text.answer", ANSWER("n1", "accepted"), "holds"},          \
    {                                                                                              \
        "offered", "f", "east/desk", "text.final", FINAL(BOTH), "holds"                            \
    }
#define TICK(at_ms)                                                                                \
    {                                                                                              \
        "time", NULL, "north/node", "clock.tick", "{'at_ms':" at_ms "}", "holds"                   \
    }

static const struct line concurred[] = {
    OFFERED("commission"),
    {"the same, which nobody has signed", NULL, "east/desk", "text.final", FINAL(BOTH),
     "void no_move 14.2"},
    {"another, which nobody has signed", "f2", "west/desk", "text.final", FINAL(RIGHT), "holds"},
    {"north signs", NULL, "north/desk", "text.concur", CONCUR("f2", "ur", ONE), "holds"},
    {"a mediator offers another", NULL, "west/desk", "text.final", FINAL(BOTH), "void concurred 7"},
    {"so does who has signed", NULL, "north/desk", "text.final", FINAL(BOTH), "void concurred 7"},
    {"so does who has not", NULL, "south/desk", "text.final", FINAL(BOTH), "void concurred 7"},
    {"the same", NULL, "south/desk", "text.final", FINAL(RIGHT), "void no_move 14.2"},
    {"a mediator bridges", NULL, "east/desk", "text.propose", PUT("1", "bridge", ""),
     "void concurred 7"},
    {"a mediator bridges what is signed", NULL, "east/desk", "text.propose",
     PUT("1", "bridge", "'bridges':'$n1',"), "void concurred 7"},
    {"who has signed words it anew", NULL, "north/desk", "text.propose", PUT("1", "wording", ""),
     "void concurred 7"},
    {"would strike it", NULL, "north/desk", "text.propose", PUT("2", "deletion", ""),
     "void concurred 7"},
    {"who has not words it anew", "s1", "south/desk", "text.propose", PUT("1", "wording", ""),
     "holds"},
    {"then a mediator may bridge", NULL, "east/desk", "text.propose",
     PUT("1", "bridge", "'bridges':'$s1',"), "holds"},
    {"agreed", NULL, "north/desk", "text.answer", ANSWER("s1", "accepted"), "holds"},
    {"the same as before, for it was put aside", "f3", "east/desk", "text.final", FINAL(RIGHT),
     "holds"},
    {"south signs", NULL, "south/desk", "text.concur", CONCUR("f3", "ps", ONE), "holds"},
    {"north contests", NULL, "north/desk", "text.contest", CONTEST("f3", "ur"), "holds"},
    {"who has signed may word it anew", "s2", "south/desk", "text.propose", PUT("1", "wording", ""),
     "holds"},
    {"agreed once more", NULL, "north/desk", "text.answer", ANSWER("s2", "accepted"), "holds"},
    {"offered once more", "f4", "east/desk", "text.final", FINAL(BOTH), "holds"},
    {"signed once more", NULL, "north/desk", "text.concur", CONCUR("f4", "ur", ONE), "holds"},
    TICK("1760000900000"),
    {"to the last moment", NULL, "west/desk", "text.final", FINAL(RIGHT), "void concurred 7"},
    TICK("1760000901000"),
    {"the same when its time is over", NULL, "west/desk", "text.final", FINAL(BOTH),
     "void no_move 14.2"},
    {"another then", NULL, "west/desk", "text.final", FINAL(RIGHT), "holds"},
};

/* What somebody has signed is put aside by nobody at will. */
static void test_signed(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, concurred, ARRAY_LEN(concurred));
    check_member(&log, "final_text", "$f", "superseded_by", "$f2");
    check_member(&log, "final_text", "$f2", "superseded_by", "$s1");
    check_member(&log, "final_text", "$f3", "superseded_by", "$s2");
    check_member(&log, "deadline", "$f4 word", "state", "late");
    test_log_close(&log);
}

static const struct line let[] = {
    OFFERED("liaison"),
    {"signed", NULL, "north/desk", "text.concur", CONCUR("f", "ur", ONE), "holds"},
    {"by who may not", NULL, "south/desk", "text.final", FINAL(RIGHT), "void concurred 7"},
    {"no time is set, and none runs out", NULL, "north/node", "clock.tick",
     "{'at_ms':1760080000000}", "holds"},
    {"by who may not, later", NULL, "south/desk", "text.final", FINAL(RIGHT), "void concurred 7"},
    {"the same by who may", NULL, "west/desk", "text.final", FINAL(BOTH), "void no_move 14.2"},
    {"by who may", "f2", "west/desk", "text.final", FINAL(RIGHT), "holds"},
    {"signed again", NULL, "north/desk", "text.concur", CONCUR("f2", "ps", ONE), "holds"},
    {"a bridge by who may", NULL, "east/desk", "text.propose", PUT("1", "bridge", ""), "holds"},
};

/* A body may have those who can. */
static void test_let(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, let, ARRAY_LEN(let));
    check_member(&log, "final_text", "$f", "superseded_by", "$f2");
    check_member(&log, "final_text", "$f2", "state", "superseded");
    test_log_close(&log);
}

static const struct line alone[] = {
    {"begun", "t", "east/desk", "text.open", TEXT("'ur'"), "holds"},
    {"by who need not agree", NULL, "south/desk", "text.propose", PUT("1", "wording", ""),
     "void not_yours 7"},
    {"a bridge is not agreed", "b", "east/desk", "text.propose", PUT("1", "bridge", ""), "holds"},
    {"nor is the whole", NULL, "east/desk", "text.final", FINAL(VERSION("ur", ONE)),
     "void brackets 7"},
    {"its own wording is", "n1", "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    {"the whole", "f", "east/desk", "text.final", FINAL(VERSION("ur", ONE)), "holds"},
    {"a bridge opens it", "b2", "east/desk", "text.propose", PUT("1", "bridge", ""), "holds"},
    {"accepted", NULL, "north/desk", "text.answer", ANSWER("b2", "accepted"), "holds"},
};

/* Where one alone must agree, its word is enough. */
static void test_alone(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    struct json group = test_body(&log, "{'id':'party','organisations':['north']}");
    test_put(&log, "term", SPAN_LIT("group/party"), &group);
    play(&log, alone, ARRAY_LEN(alone));
    check_count(&log, "$t", "brackets", 0);
    check_member(&log, "wording", "$n1", "state", "set_aside");
    check_member(&log, "wording", "$b2", "state", "agreed");
    check_member(&log, "article", "$t 1", "agreed", "$b2");
    check_member(&log, "final_text", "$f", "state", "superseded");
    test_log_close(&log);
}

/* A text has no more parts than its row may name. */
static void test_many_parts(void **state)
{
    static const struct line begun[] = {
        {"begun", "t", "east/desk", "text.open", TEXT("'ur'"), "holds"},
        {"a part", NULL, "north/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    };
    static const struct line full[] = {
        {"one too many", NULL, "north/desk", "text.propose", PUT("new", "wording", ""),
         "void no_move 14.2"},
        {"one of them anew", NULL, "south/desk", "text.propose", PUT("1", "wording", ""), "holds"},
    };
    struct test_log log;
    struct json articles = json_array();

    (void)state;
    test_begin_case(&log);
    play(&log, begun, ARRAY_LEN(begun));
    for (unsigned n = 1; n <= 1000; n++)
        json_push(&articles, json_text(arena_printf(&log.arena, "%u", n)), &log.arena);
    struct json row = json_object();
    const struct json *before = test_row(&log, "text", spelled(&log, "$t"));
    for (uint32_t i = 0; i < before->object.count; i++)
        json_set(&row, arena_text(&log.arena, before->object.at[i].key), before->object.at[i].value,
                 &log.arena);
    json_set(&row, "articles", articles, &log.arena);
    test_put(&log, "text", span_of(spelled(&log, "$t")), &row);
    play(&log, full, ARRAY_LEN(full));
    check_count(&log, "$t", "articles", 1000);
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parts), cmocka_unit_test(test_whole), cmocka_unit_test(test_signed),
    cmocka_unit_test(test_let),   cmocka_unit_test(test_alone), cmocka_unit_test(test_many_parts),
};

RUN_TESTS(tests)
