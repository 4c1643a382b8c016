#include "base/test.h"
#include "register/scenario.h"

/* Sealed parts and who opens them, what is released and what is erased, what is committed to and
 * disclosed, and who grades whom. */

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HASH_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define HASH_D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
#define HASH_E "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
#define HASH_F "f000000000000000000000000000000000000000000000000000000000000000"
#define HASH_G "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define PART(hash, media, recipients, tier)                                                        \
    "{'commitment':'" hash "'," media "'recipients':[" recipients "],'stored':'" hash              \
    "','tier':'" tier "'}"
#define JSON "'media':'application/json',"
#define SEALED(hash, media) PART(hash, media, "'e','w'", "sealed")
#define ALL "'e','n','s','w'"
#define ADMIT(root, key, org)                                                                      \
    {                                                                                              \
        key, NULL, root, "member.admit",                                                           \
            "{'age':'" TEST_AGE "','job':'author','key':'@" key "','org':'" org                    \
            "','role':'desk'}",                                                                    \
            "holds"                                                                                \
    }

static const struct line readers[] = {
    ADMIT("north/root", "n", "north"),  ADMIT("south/root", "s", "south"),
    ADMIT("north/root", "e", "east"),   ADMIT("north/root", "w", "west"),
    ADMIT("north/root", "e/2", "east"), ADMIT("north/root", "m", "mission"),
};

static void begin(struct test_log *log)
{
    test_begin_case(log);
    play(log, readers, ARRAY_LEN(readers));
}

#define OPEN(step, hash, parts) "{'part':'" hash "','parts':[" parts "],'step':'" step "'}"
#define NO_MOVE "void no_move 14.2"

static const struct line opening[] = {
    {"sealed for two, and public", "report", "mission/desk", "incident.report",
     "{'parts':[" SEALED(HASH_A, "") "," PART(HASH_B, "", "", "public") "]}", "holds"},

    {"the inner seal first", NULL, "w", "part.opened", OPEN("inner", HASH_A, SEALED(HASH_A, JSON)),
     NO_MOVE},
    {"the outer by the inner one", NULL, "w", "part.opened",
     OPEN("outer", HASH_A, SEALED(HASH_A, JSON)), "void not_yours 7"},
    {"by another key of the same side", NULL, "e/2", "part.opened",
     OPEN("outer", HASH_A, SEALED(HASH_A, JSON)), "void not_yours 7"},
    {"by who wrote it", NULL, "mission/desk", "part.opened",
     OPEN("outer", HASH_A, SEALED(HASH_A, JSON)), "void not_yours 7"},
    {"nothing is passed on", NULL, "e", "part.opened", "{'part':'" HASH_A "','step':'outer'}",
     "void part 7"},
    {"something else is", NULL, "e", "part.opened", OPEN("outer", HASH_A, SEALED(HASH_C, JSON)),
     "void part 7"},
    {"it, and something else", NULL, "e", "part.opened",
     OPEN("outer", HASH_A, SEALED(HASH_A, JSON) "," SEALED(HASH_C, JSON)), "void part 7"},
    {"it, as words of the opening", NULL, "e", "part.opened",
     OPEN("outer", HASH_A, SEALED(HASH_A, "")), "void part 7"},
    {"it, for other readers", NULL, "e", "part.opened",
     OPEN("outer", HASH_A, PART(HASH_A, JSON, "'w','e'", "sealed")), "void part 7"},
    {"it, to all", NULL, "e", "part.opened",
     OPEN("outer", HASH_A, PART(HASH_A, JSON, ALL, "mechanism")), "void part 7"},
    {"what is not sealed", NULL, "e", "part.opened", OPEN("outer", HASH_B, SEALED(HASH_B, JSON)),
     "void part 7"},
    {"what there is not", NULL, "e", "part.opened", OPEN("outer", HASH_D, SEALED(HASH_D, JSON)),
     "void part 7"},

    {"the outer seal", "outer", "e", "part.opened", OPEN("outer", HASH_A, SEALED(HASH_A, JSON)),
     "holds"},
    {"twice", NULL, "e", "part.opened", OPEN("outer", HASH_A, SEALED(HASH_A, JSON)), NO_MOVE},
    {"the inner by the outer one", NULL, "e", "part.opened",
     OPEN("inner", HASH_A, SEALED(HASH_A, JSON)), "void not_yours 7"},
    {"another key takes the inner one's place", NULL, "w", "member.rotate",
     "{'consent':&w>w/2,'key':'@w/2'}", "holds"},
    {"what is half open is released", NULL, "mission/desk", "custody.release",
     "{'parts':[" PART(HASH_A, JSON, "'e','n','s','w/2'", "mechanism") "],'record':'$report',"
                                                                       "'tier':'mechanism'}",
     "void sealed 7"},
    {"the inner seal", "inner", "w/2", "part.opened",
     OPEN("inner", HASH_A, PART(HASH_A, JSON, "'e','w/2'", "sealed")), "holds"},
    {"it is released now", NULL, "mission/desk", "custody.release",
     "{'parts':[" PART(HASH_A, JSON, "'e','n','s','w/2'", "mechanism") "],'record':'$report',"
                                                                       "'tier':'mechanism'}",
     "holds"},
};

static void test_opening(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, opening, 14);
    assert_true(row_is(&log, "opening", HASH_A,
                       "{'by':'e','index':31,'org':'east','outer':'$outer','state':'half_open'}"));
    play(&log, opening + 14, ARRAY_LEN(opening) - 14);
    assert_true(row_is(&log, "opening", HASH_A,
                       "{'by':'e','index':31,'inner':'$inner','org':'east','outer':'$outer',"
                       "'state':'open'}"));
    assert_true(row_is(&log, "part", HASH_A,
                       "{'by':'mission/desk','index':18,'org':'mission','recipients':['e','w'],"
                       "'record':'$report','state':'held','stored':'" HASH_A "','tier':'sealed'}"));
    test_log_close(&log);
}

#define RELEASE(parts, more, tier)                                                                 \
    "{'parts':[" parts "],'record':'$report'," more "'tier':'" tier "'}"
#define REMOVED "'removed':['face'],"
#define TOLD(parts, more, tier)                                                                    \
    "{'parts':[" parts PART(HASH_G, "", "", "public") "],'record':'$told'," more "'tier':'" tier   \
                                                      "'}"

static const struct line releases[] = {
    {"of the mission", "report", "mission/desk", "incident.report",
     "{'parts':[" PART(HASH_A, "", "'m'", "mission") "]}", "holds"},
    {"another's", NULL, "south/desk", "incident.report",
     "{'parts':[" PART(HASH_B, "", "", "public") "]}", "holds"},
    {"without anything", NULL, "mission/desk", "custody.release",
     "{'record':'$report','tier':'public'}", "holds"},
    {"to all of the mechanism", "release", "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, ALL, "mechanism"), "", "mechanism"), "holds"},
    {"to all, with a word of why", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, ALL, "mechanism") "," PART(HASH_C, "", "", "public"), "",
             "mechanism"),
     "holds"},
    {"redacted", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_D, JSON, "", "public"), REMOVED, "public"), "holds"},

    {"to one side alone", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, "'e','n','w'", "mechanism"), "", "mechanism"),
     "void left_out format §4.4"},
    {"to who does not read it", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, "'e','m','n','s','w'", "mechanism"), "", "mechanism"),
     "void recipient format §4.4"},
    {"to another tier than it says", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, "", "public"), "", "mechanism"), "void part 7"},
    {"what is another's", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_B, JSON, "", "public"), "", "public"), "void part 7"},
    {"what is new, with nothing taken out", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_E, JSON, "", "public"), "", "public"), "void part 7"},
    {"redacted to what is another's", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_B, JSON, "", "public"), REMOVED, "public"), "void part 7"},
    {"redacted, and it is the same", NULL, "mission/desk", "custody.release",
     RELEASE(PART(HASH_A, JSON, "", "public"), REMOVED, "public"), "void redaction 7"},
    {"by who may not", NULL, "reader", "custody.release",
     RELEASE(PART(HASH_A, JSON, "", "public"), "", "public"), "void capability 7"},

    {"who signs for those who live there", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@door','org':'mission','role':'gateway'}", "holds"},
    {"what they told", "told", "door", "incident.report",
     "{'on_behalf':'p-1','parts':[" PART(HASH_F, "", "'m'", "mission") "]}", "holds"},
    {"to everybody, with the place", NULL, "mission/desk", "custody.release",
     TOLD(PART(HASH_F, JSON, "", "public") ",", "", "public"), "void redaction 7"},
    {"and without a face", NULL, "mission/desk", "custody.release", TOLD("", REMOVED, "public"),
     "void redaction 7"},
    {"without the place", NULL, "mission/desk", "custody.release",
     TOLD("", "'removed':['face','place'],", "public"), "holds"},
    {"to the mechanism, with it", NULL, "mission/desk", "custody.release",
     TOLD(PART(HASH_F, JSON, ALL, "mechanism") ",", "", "mechanism"), "holds"},
};

static void test_releases(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, releases, ARRAY_LEN(releases));
    assert_true(row_is(&log, "release", spelled(&log, "$release"),
                       "{'by':'mission/desk','index':21,'org':'mission','record':'$report',"
                       "'state':'released','tier':'mechanism'}"));
    test_log_close(&log);
}

#define ANSWER(more) "{'answer':'committed'," more "'request':'$request'}"
#define DISCLOSE(hash)                                                                             \
    "{'parts':[" PART(hash, JSON, ALL, "mechanism") "],'record':'$sealed','tier':'mechanism'}"

static const struct line committed[] = {
    {"a case", NULL, "mission/desk", "case.triage",
     "{'case':'$incident','modalities':1,'outcome':'open'}", "holds"},
    {"a request", "request", "mission/desk", "evidence.preserve",
     "{'case':'$incident','to':'south','what':['radar']}", "holds"},
    {"one who may not release", NULL, "south/root", "member.admit",
     "{'job':'author','key':'@south/clerk','org':'south','role':'reader'}", "holds"},
    {"to nothing", NULL, "s", "evidence.answer", ANSWER(""), "void shape format §9.2"},
    {"something, and given", NULL, "s", "evidence.answer",
     "{'answer':'given','commitments':['" HASH_A "'],'request':'$request'}",
     "void shape format §9.2"},
    {"to two things", "sealed", "s", "evidence.answer",
     ANSWER("'commitments':['" HASH_A "','" HASH_B "'],"), "holds"},
    {"another says the same later", "copied", "s", "evidence.answer",
     ANSWER("'commitments':['" HASH_A "'],"), "holds"},

    {"what was not committed to", NULL, "s", "custody.release", DISCLOSE(HASH_C), "void part 7"},
    {"to one side alone", NULL, "s", "custody.release",
     "{'parts':[" PART(HASH_A, JSON, "'e'", "mechanism") "],'record':'$sealed',"
                                                         "'tier':'mechanism'}",
     "void left_out format §4.4"},
    {"by another who may not release", NULL, "reader", "custody.release", DISCLOSE(HASH_A),
     "void capability 7"},
    {"of the second answer, which was not the first", NULL, "s", "custody.release",
     "{'parts':[" PART(HASH_A, JSON, ALL, "mechanism") "],'record':'$copied','tier':'mechanism'}",
     "void part 7"},
    {"disclosed by its own side", "release", "south/clerk", "custody.release", DISCLOSE(HASH_A),
     "holds"},
    {"once more", NULL, "s", "custody.release", DISCLOSE(HASH_A), "holds"},
};

static void test_commitments(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, committed, ARRAY_LEN(committed));
    assert_true(row_is(&log, "committed", HASH_A,
                       "{'by':'s','index':23,'org':'south','record':'$sealed',"
                       "'release':'$release','state':'disclosed'}"));
    assert_true(row_is(&log, "committed", HASH_B,
                       "{'by':'s','index':23,'org':'south','record':'$sealed',"
                       "'state':'committed'}"));
    test_log_close(&log);
}

#define ERASE(hash) "{'clause':'7','part':'" hash "'}"
#define ERASED(word) "{'found':'" word "','part':'" HASH_A "'}"

static const struct line erasures[] = {
    {"a part", "report", "mission/desk", "incident.report",
     "{'parts':[" PART(HASH_A, "", "", "public") "]}", "holds"},
    {"who has a key elsewhere", NULL, "north/root", "member.admit",
     "{'job':'node','key':'@north/second','org':'north'}", "holds"},
    {"erased before anybody asked", NULL, "north/node", "part.erased", ERASED("destroyed"),
     NO_MOVE},
    {"what there is not", NULL, "e", "part.erase", ERASE(HASH_B), "void part 7"},
    {"on nothing", NULL, "e", "part.erase", "{'clause':'9','part':'" HASH_A "'}",
     "void term rules 1 part.erase"},
    {"by who may not", NULL, "reader", "part.erase", ERASE(HASH_A),
     "void capability rules 1 part.erase"},
    {"one asks for it", "first", "e", "part.erase", ERASE(HASH_A), "holds"},
    {"the same organisation again", NULL, "e/2", "part.erase", ERASE(HASH_A), NO_MOVE},
    {"erased before another said so", NULL, "north/node", "part.erased", ERASED("destroyed"),
     NO_MOVE},
    {"so does another", "second", "w", "part.erase", ERASE(HASH_A), "holds"},
    {"ordered again", NULL, "n", "part.erase", ERASE(HASH_A), NO_MOVE},
    {"by an author", NULL, "n", "part.erased", ERASED("destroyed"), "void wrong_job format §1.4"},
    {"north has", NULL, "north/node", "part.erased", ERASED("destroyed"), "holds"},
    {"north has, by another key", NULL, "north/second", "part.erased", ERASED("none_held"),
     NO_MOVE},
    {"south had nothing", NULL, "south/root", "part.erased", ERASED("none_held"), "holds"},
};

static void test_erasure(void **state)
{
    static const char *const others[] = {"east", "west", "mission", "mediators"};
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, erasures, ARRAY_LEN(erasures));
    assert_true(row_is(&log, "erasure", HASH_A,
                       "{'by':'e','index':24,'orders':['$first','$second'],'org':'east','owed':4,"
                       "'state':'ordered'}"));
    assert_true(row_is(&log, "erased", HASH_A " north",
                       "{'by':'north/node','index':30,'org':'north','state':'destroyed'}"));
    assert_true(row_is(&log, "erased", HASH_A " west", "{'org':'west','state':'owed'}"));
    CHECK_CASE("some owe it",
               span_is(json_get_text(test_row(&log, "part", HASH_A), "state"), "ordered"));
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        const char *node = arena_printf(&log.arena, "%s/node", others[i]);
        const struct line of_all = {others[i],           NULL,   node, "part.erased",
                                    ERASED("destroyed"), "holds"};
        struct json row = test_body(&log, arena_printf(&log.arena,
                                                       "{'job':'node','org':'%s','state':'active',"
                                                       "'vkey':'@%s'}",
                                                       others[i], node));

        test_put(&log, "key", span_of(node), &row); /* as entry 0 might have it */
        play(&log, &of_all, 1);
    }
    CHECK_CASE("all have",
               span_is(json_get_text(test_row(&log, "part", HASH_A), "state"), "erased"));
    test_log_close(&log);
}

static void test_grades(void **state)
{
    static const struct line grades[] = {
        {"north's", "report", "north/desk", "incident.report", "{}", "holds"},
        {"the mission's", "own", "m", "incident.report", "{}", "holds"},
        {"a source", "graded", "m", "grade.source", "{'organisation':'north'}", "holds"},
        {"the source of a record", NULL, "m", "grade.source", "{'record':'$report'}", "holds"},
        {"an item", NULL, "m", "grade.item", "{'record':'$report'}", "holds"},
        {"the mission's, by another", NULL, "e", "grade.item", "{'record':'$own'}", "holds"},

        {"of nothing", NULL, "m", "grade.source", "{}", "void shape format §9.2"},
        {"of both", NULL, "m", "grade.source", "{'organisation':'north','record':'$report'}",
         "void shape format §9.2"},
        {"its own organisation", NULL, "m", "grade.source", "{'organisation':'mission'}",
         "void own_source 7"},
        {"the source of its own item", NULL, "m", "grade.source", "{'record':'$own'}",
         "void own_source 7"},
        {"its own item", NULL, "mission/desk", "grade.item", "{'record':'$own'}",
         "void own_source 7"},
        {"a party its own", NULL, "n", "grade.item", "{'record':'$report'}", "void own_source 7"},
        {"who is nobody", NULL, "m", "grade.source", "{'organisation':'nobody'}",
         "void term rules 1 grade.source"},
        {"what is no item", NULL, "m", "grade.item", "{'record':'$adopt'}",
         "void reference format §9.2"},
        {"in the open", NULL, "m", "grade.item", "{'credibility':2,'record':'$report'}",
         "void shape format §9.2"},
        {"by who may not", NULL, "reader", "grade.item", "{'record':'$report'}",
         "void capability rules 1 grade.item"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, grades, ARRAY_LEN(grades));
    assert_true(row_is(&log, "grading", spelled(&log, "$graded"),
                       "{'by':'m','index':20,'org':'mission','organisation':'north',"
                       "'state':'given'}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_opening),     cmocka_unit_test(test_releases),
    cmocka_unit_test(test_commitments), cmocka_unit_test(test_erasure),
    cmocka_unit_test(test_grades),
};

RUN_TESTS(tests)
