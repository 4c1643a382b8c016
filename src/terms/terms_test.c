#include "terms/terms.h"

#include "base/limits.h"
#include "base/test.h"
#include "codec/toml.h"

#include <stdio.h>

/* The form of an agreement's terms. In texts ' stands for ". */

#define HEAD(more)                                                                                 \
    "'agreement':{'entries':'public','max_gap_ms':1800000,'name':'a'," more "'quorum':0,'rules':"  \
    "1}"
#define CLAUSE "'clause':[{'id':'1'}]"
#define WITH(more) "{" HEAD("'no_move':'1',") "," CLAUSE more "}"

/* One of everything; what is given here is added to the step, the groups, the standards, the steps.
 */
#define CASE_WITH(clock_more, needs, step_more, groups, standards, steps)                          \
    WITH(",'act':[{'clause':'1','grade':'bad','id':'a','modes':['own']}],"                         \
         "'clock':[{'duration_ms':1," clock_more "'id':'c','urgent_ms':1}],"                       \
         "'grade':[{'id':'bad'}],"                                                                 \
         "'group':[{'id':'g','organisations':['o1','o2']}" groups "],"                             \
         "'mode':[{'id':'own','questions':['why'],'standard':'low'}],"                             \
         "'move':[{'awaits':['c'],'clause':'1','ends':['c'],'id':'m','starts':['c']}],"            \
         "'organisation':[{'id':'o1'},{'id':'o2'}],'origin':[{'id':'x','neutral':0}],"             \
         "'role':[{'groups':['g'],'id':'r','may':['rule'],'may_not':['draft'],"                    \
         "'reads':['all']}],"                                                                      \
         "'rung':[{'clock':'c','id':'fine','order':1,'standard':'low'}],"                          \
         "'standard':[{'alternatives':1,'contradictions':1,'id':'low','items':1,'neutral':1,"      \
         "'order':1,'origins':2,'physical':1,'reply':1}" standards "],"                            \
         "'step':[{'for':['ruling','review'],'id':'s','needs':" needs                              \
         ",'not_for_grades':['bad'],'order':1" step_more ",'roles':['r']}" steps "],"              \
         "'tier':[{'after_notice':1,'id':'all','of':['o1'],'order':0,'whole':1}]")
#define NEEDS_BOTH "[{'count':2,'group':'g'}]"
#define CASE(step_more, groups, standards, steps)                                                  \
    CASE_WITH("", NEEDS_BOTH, step_more, groups, standards, steps)
#define CASE_CLOCK(more) CASE_WITH(more, NEEDS_BOTH, "", "", "", "")
#define CASE_STEP(needs) CASE_WITH("", needs, "", "", "", "")

#define OWED(obligations)                                                                          \
    WITH(",'clock':[{'duration_ms':1,'id':'c'},{'duration_ms':1,'each':'accused','id':'d'}],"      \
         "'obligation':[{'clause':'1','id':'a','owes':['o']}" obligations                          \
         "],'organisation':[{'id':'o'}]")

#define BODY(quorum, more)                                                                         \
    WITH(",'body':[{" more "'chairs':'g','concur':'g','id':'b','quorum':" quorum ",'sits':'g'}],"  \
         "'clock':[{'duration_ms':1,'id':'c'},{'duration_ms':1,'each':'g','id':'d'}],"             \
         "'group':[{'id':'g','organisations':['o','p']}],'organisation':[{'id':'o'},{'id':'p'}]")

#define BLUR(metres)                                                                               \
    "{'agreement':{'blur_m':" metres ",'entries':'public','max_gap_ms':1800000,'name':'a',"        \
    "'no_move':'1','quorum':0,'rules':1}," CLAUSE "}"
#define QUOTA(members) "{" HEAD("'no_move':'1','quota':{" members "},") "," CLAUSE "}"

static struct json json_of(const char *text, struct arena *arena)
{
    char *copy = arena_text(arena, span_of(text));
    struct json value;
    struct err err = {0};

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    if (!json_parse(&value, span_of(copy), arena, &err))
        fail_msg("%s: %s", text, err.text);
    return value;
}

static const struct {
    const char *name, *terms;
    const char *fault; /* "": is accepted */
} terms[] = {
    {"the least", WITH(""), ""},
    {"a section of nothing", WITH(",'act':[]"), ""},
    {"what no rule knows", WITH(",'act':[{'id':'a','title':{'en':'x'}}],'zone_list':[{'id':'z'}]"),
     ""},
    {"one id in two sections", WITH(",'act':[{'id':'1'}]"), ""},
    {"an id with a slash", WITH(",'act':[{'id':'a/b'}]"), ""},
    {"a role", WITH(",'role':[{'id':'r','may':['claim','report']}]"), ""},
    {"a role that may nothing", WITH(",'role':[{'id':'r','may':[]}]"), ""},
    {"a quota", QUOTA("'of_key':5,'of_organisation':5,'window_ms':1000"), ""},
    {"a quota that spares",
     QUOTA("'exempt':['hotline.','member.revoke'],'of_key':1,'of_organisation':9,"
           "'window_ms':86400000"),
     ""},
    {"a role that may never rule",
     WITH(",'role':[{'id':'r','may':['draft'],'may_not':['issue','rule']}]"), ""},

    {"an obligation with a day",
     OWED(",{'clause':'1','clock':'c','due_ms':5,'id':'b','owes':['o']}"), ""},
    {"one that waits", OWED(",{'clause':'1','id':'b','owes':['o'],'waits_for':['a']}"), ""},
    {"one that waits for itself", OWED(",{'clause':'1','id':'b','owes':['o'],'waits_for':['b']}"),
     "does not stand above"},
    {"two that wait for each other",
     OWED(",{'clause':'1','id':'b','owes':['o'],'waits_for':['e']},"
          "{'clause':'1','id':'e','owes':['o'],'waits_for':['b']}"),
     "does not stand above"},
    {"one that waits for what there is not",
     OWED(",{'clause':'1','id':'b','owes':['o'],'waits_for':['z']}"), "is no obligation"},
    {"one that nobody owes", OWED(",{'clause':'1','id':'b','owes':[]}"), "one at least"},
    {"one that a stranger owes", OWED(",{'clause':'1','id':'b','owes':['p']}"),
     "is no organisation"},
    {"a day without a clock", OWED(",{'clause':'1','due_ms':5,'id':'b','owes':['o']}"),
     "needs a \"clock\""},
    {"a clock for each of several", OWED(",{'clause':'1','clock':'d','id':'b','owes':['o']}"),
     "for each of several"},
    {"one on no clause", OWED(",{'id':'b','owes':['o']}"), "\"clause\" is missing"},

    {"a body", BODY("2", "'action':'c','answer':'c','calendar':'c','dormant':'d',"), ""},
    {"a body that can never decide", BODY("3", ""), "more than sit in it"},
    {"one whose texts somebody may put aside", BODY("2", "'replaces':'g',"), ""},
    {"somebody who is there not", BODY("2", "'replaces':'h',"), "\"replaces\""},
    {"an action's time for each of several", BODY("1", "'action':'d',"), "\"action\""},
    {"an answer's", BODY("1", "'answer':'d',"), "\"answer\""},
    {"the next session's", BODY("1", "'calendar':'d',"), "\"calendar\""},

    {"a quota of nothing", QUOTA(""), "\"window_ms\""},
    {"a quota that is a number", "{" HEAD("'no_move':'1','quota':5,") "," CLAUSE "}",
     "\"window_ms\""},
    {"a quota in words", QUOTA("'of_key':5,'of_organisation':5,'window_ms':'an hour'"),
     "\"window_ms\""},
    {"a window of no time", QUOTA("'of_key':5,'of_organisation':5,'window_ms':0"), "\"window_ms\""},
    {"a window of less than a second", QUOTA("'of_key':5,'of_organisation':5,'window_ms':999"),
     "\"window_ms\""},
    {"a window of more than a day", QUOTA("'of_key':5,'of_organisation':5,'window_ms':86400001"),
     "\"window_ms\""},
    {"a quota of no record", QUOTA("'of_key':0,'of_organisation':5,'window_ms':1000"),
     "\"of_key\""},
    {"a quota without a key's", QUOTA("'of_organisation':5,'window_ms':1000"), "\"of_key\""},
    {"a quota without end", QUOTA("'of_key':10000001,'of_organisation':10000001,'window_ms':1000"),
     "\"of_key\""},
    {"a quota without an organisation's", QUOTA("'of_key':5,'window_ms':1000"),
     "\"of_organisation\""},
    {"an organisation with less than a key",
     QUOTA("'of_key':5,'of_organisation':4,'window_ms':1000"), "\"of_organisation\""},
    {"exempt is a word",
     QUOTA("'exempt':'hotline.','of_key':5,'of_organisation':5,'window_ms':1000"), "\"exempt\""},
    {"exempt is a number", QUOTA("'exempt':[1],'of_key':5,'of_organisation':5,'window_ms':1000"),
     "\"exempt\""},
    {"exempt is nothing", QUOTA("'exempt':[''],'of_key':5,'of_organisation':5,'window_ms':1000"),
     "\"exempt\""},

    {"no object", "[]", "[agreement] is missing"},
    {"no head", "{" CLAUSE "}", "[agreement] is missing"},
    {"a head that is a list", "{'agreement':[{'id':'1'}]}", "[agreement] is missing"},
    {"no name",
     "{'agreement':{'entries':'public','max_gap_ms':1800000,'no_move':'1','quorum':0,'rules':1},"
     "'clause':[{'id':'1'}]}",
     "\"name\""},
    {"entries for nobody",
     "{'agreement':{'entries':'secret','max_gap_ms':1800000,'name':'a','no_move':'1','quorum':0,"
     "'rules':1},'clause':[{'id':'1'}]}",
     "\"entries\""},
    {"a gap shorter than two ticks",
     "{'agreement':{'entries':'public','max_gap_ms':1199999,'name':'a','no_move':'1','quorum':0,"
     "'rules':1},'clause':[{'id':'1'}]}",
     "\"max_gap_ms\""},
    {"a gap longer than a week",
     "{'agreement':{'entries':'public','max_gap_ms':604800001,'name':'a','no_move':'1',"
     "'quorum':0,'rules':1},'clause':[{'id':'1'}]}",
     "\"max_gap_ms\""},
    {"a radius of nothing", BLUR("0"), "\"blur_m\""},
    {"a radius within a village", BLUR("499"), "\"blur_m\""},
    {"a radius as large as a country", BLUR("100001"), "\"blur_m\""},
    {"a radius in words", BLUR("'5 km'"), "\"blur_m\""},
    {"a quorum of more than 64",
     "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'a','no_move':'1',"
     "'quorum':65,'rules':1},'clause':[{'id':'1'}]}",
     "\"quorum\""},
    {"no quorum",
     "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'a','no_move':'1','rules':1},"
     "'clause':[{'id':'1'}]}",
     "\"quorum\""},
    {"a quorum in words",
     "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'a','no_move':'1',"
     "'quorum':'5 of 7','rules':1},'clause':[{'id':'1'}]}",
     "\"quorum\""},
    {"no rules",
     "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'a','no_move':'1','quorum':0},"
     "'clause':[{'id':'1'}]}",
     "\"rules\""},
    {"no clause to refuse by", "{" HEAD("") "," CLAUSE "}", "\"no_move\""},
    {"one that there is not", "{" HEAD("'no_move':'2',") "," CLAUSE "}", "no [[clause]]"},
    {"one that is no clause", "{" HEAD("'no_move':'a',") ",'act':[{'id':'a'}]," CLAUSE "}",
     "no [[clause]]"},
    {"a clause whose name has a space", "{" HEAD("'no_move':'1 2',") ",'clause':[{'id':'1 2'}]}",
     "\"no_move\""},

    {"a section that is a table", WITH(",'act':{'id':'a'}"), "[[act]]"},
    {"a section that is a text", WITH(",'act':'a'"), "[[act]]"},
    {"a section with a slash", WITH(",'role/x':[{'id':'y','may':'all'}]"), "of a-z and _"},
    {"a section of capitals", WITH(",'Act':[]"), "of a-z and _"},
    {"an item that is a text", WITH(",'act':['a']"), "number 1"},
    {"an item without an id", WITH(",'act':[{'id':'a'},{'title':'x'}]"), "number 2"},
    {"an id that is a number", WITH(",'act':[{'id':1}]"), "number 1"},
    {"an id of nothing", WITH(",'act':[{'id':''}]"), "number 1"},
    {"an id with a space", WITH(",'act':[{'id':'a b'}]"), "number 1"},
    {"an id beyond ASCII", WITH(",'act':[{'id':'é'}]"), "number 1"},
    {"an id of 65 bytes",
     WITH(",'act':[{'id':'01234567890123456789012345678901234567890123456789012345678901234'}]"),
     "number 1"},
    {"an id twice", WITH(",'act':[{'id':'a'},{'id':'b'},{'id':'a'}]"), "stands twice"},
    {"a role without its list", WITH(",'role':[{'id':'r'}]"), "\"r\""},
    {"a role that may all", WITH(",'role':[{'id':'r','may':'all'}]"), "\"may\""},
    {"a role that may what there is not", WITH(",'role':[{'id':'r','may':['claim','fly']}]"),
     "number 2 is no capability"},
    {"a role that may not what there is not",
     WITH(",'role':[{'id':'r','may':['claim'],'may_not':['link','fly']}]"),
     "\"may_not\": number 2 is no capability"},
    {"a role that may not a word", WITH(",'role':[{'id':'r','may':['claim'],'may_not':'link'}]"),
     "\"may_not\""},
    {"a role that may what it may not",
     WITH(",'role':[{'id':'r','may':['claim','link'],'may_not':['rule','link']}]"),
     "\"link\" stands in"},
    {"a role that may a number", WITH(",'role':[{'id':'r','may':[1]}]"), "number 1 is no"},

    {"all that rules read", CASE("", "", "", ""), ""},
    {"more than they read",
     CASE(",'party':2", ",{'id':'unused','label':{'en':'x'},'organisations':['o2']}", "", ""), ""},
    {"a clock for each of the accused", CASE_CLOCK("'each':'accused',"), ""},
    {"a clock of a group", CASE_CLOCK("'each':'g',"), ""},
    {"a clock of an organisation", CASE_CLOCK("'each':'o1',"), "\"each\": names no group"},
    {"a clock of none", CASE_CLOCK("'each':1,"), "\"each\": names no group"},
    {"a clock without a length", WITH(",'clock':[{'id':'c'}]"), "\"duration_ms\" is missing"},
    {"one of no length", WITH(",'clock':[{'duration_ms':0,'id':'c'}]"), "must be 1 to"},
    {"one of eleven years", WITH(",'clock':[{'duration_ms':347000000000,'id':'c'}]"),
     "must be 1 to"},
    {"one whose length is a text", WITH(",'clock':[{'duration_ms':'1','id':'c'}]"), "must be 1"},
    {"one extended by nothing", CASE_CLOCK("'extensions':1,"), "go together"},
    {"one extended never", CASE_CLOCK("'extension_ms':1,"), "go together"},
    {"one extended", CASE_CLOCK("'extension_ms':1,'extensions':2,"), ""},

    {"a group of nobody", WITH(",'group':[{'id':'g','organisations':[]}]"), "one at least"},
    {"a group without a list", WITH(",'group':[{'id':'g'}]"), "\"organisations\" is missing"},
    {"a group of who is not there", WITH(",'group':[{'id':'g','organisations':['o9']}]"),
     "number 1 is no organisation"},
    {"a group of one twice",
     WITH(",'group':[{'id':'g','organisations':['o','o']}],'organisation':[{'id':'o'}]"),
     "number 2 stands there before"},
    {"a group of the accused",
     WITH(",'group':[{'id':'accused','organisations':['o']}],'organisation':[{'id':'o'}]"),
     "no group"},

    {"a move on no clause", WITH(",'move':[{'id':'case.open'}]"), "\"clause\" is missing"},
    {"a move on one that is not there", WITH(",'move':[{'clause':'2','id':'m'}]"),
     "\"clause\": names no clause"},
    {"a move that starts no clock", WITH(",'move':[{'clause':'1','id':'m','starts':['c']}]"),
     "number 1 is no clock"},
    {"a move that ends no clock", WITH(",'move':[{'clause':'1','ends':['c'],'id':'m'}]"),
     "number 1 is no clock"},
    {"a move that waits for no clock", WITH(",'move':[{'awaits':['c'],'clause':'1','id':'m'}]"),
     "number 1 is no clock"},
    {"a clock without an end",
     WITH(",'clock':[{'duration_ms':1,'id':'c'}],'move':[{'clause':'1','id':'m','starts':['c']}]"),
     "no move ends the clock \"c\""},
    {"a clock that only a rung starts",
     WITH(",'clock':[{'duration_ms':1,'id':'c'}],'rung':[{'clock':'c','id':'r','standard':'s'}],"
          "'standard':[{'id':'s','order':0}]"),
     "no move ends the clock \"c\""},
    {"a clock that nobody starts", WITH(",'clock':[{'duration_ms':1,'id':'c'}]"), ""},

    {"a step that needs nobody", CASE_STEP("[]"), "one at least"},
    {"a step that needs a word", CASE_STEP("'all'"), "one at least"},
    {"a step that needs nothing named", CASE_STEP("[{'count':1}]"), "names no group"},
    {"a step that needs an organisation", CASE_STEP("[{'count':1,'group':'o1'}]"),
     "names no group"},
    {"a step that needs none of them", CASE_STEP("[{'count':0,'group':'g'}]"), "must be 1 to 2"},
    {"a step that needs three of two", CASE_STEP("[{'count':3,'group':'g'}]"), "must be 1 to 2"},
    {"a step that needs how many it does not say", CASE_STEP("[{'group':'g'}]"), "must be 1 to 2"},
    {"two steps at once",
     CASE("", "", "", ",{'for':['review'],'id':'t','needs':[{'count':1,'group':'g'}],'order':1}"),
     "\"s\" has the same"},
    {"a step for nothing",
     CASE("", "", "", ",{'for':[],'id':'t','needs':[{'count':1,'group':'g'}],'order':2}"),
     "\"for\": must be a list"},
    {"a step for what there is not",
     CASE("", "", "", ",{'for':['war'],'id':'t','needs':[{'count':1,'group':'g'}],'order':2}"),
     "number 1 is no word"},
    {"a step for a role that is not there",
     CASE("", "", "",
          ",{'for':['ruling'],'id':'t','needs':[{'count':1,'group':'g'}],'order':2,"
          "'roles':['x']}"),
     "number 1 is no role"},
    {"a step too small for a grade that is not there",
     CASE("", "", "",
          ",{'for':['ruling'],'id':'t','needs':[{'count':1,'group':'g'}],'not_for_grades':['x'],"
          "'order':2}"),
     "number 1 is no grade"},
    {"a step that is never tried",
     CASE("", "", "", ",{'for':['ruling'],'id':'t','needs':[{'count':1,'group':'g'}]}"),
     "\"order\" is missing"},

    {"two standards of one height", CASE("", "", ",{'id':'high','order':1}", ""),
     "\"low\" has the same"},
    {"a standard of no height", CASE("", "", ",{'id':'high'}", ""), "\"order\" is missing"},
    {"a standard that half needs a reply", CASE("", "", ",{'id':'high','order':2,'reply':2}", ""),
     "must be 0 to 1"},
    {"a standard of fewer than none", CASE("", "", ",{'id':'high','items':-1,'order':2}", ""),
     "must be 0 to 64"},
    {"a rung without a standard", WITH(",'rung':[{'id':'r'}]"), "\"standard\" is missing"},
    {"a rung of one that is not there", WITH(",'rung':[{'id':'r','standard':'x'}]"),
     "names no standard"},
    {"a mode of a standard that is not there", WITH(",'mode':[{'id':'m','standard':'x'}]"),
     "names no standard"},
    {"a mode that asks one thing twice", WITH(",'mode':[{'id':'m','questions':['a','a']}]"),
     "number 2 stands there before"},
    {"a mode that asks a sentence", WITH(",'mode':[{'id':'m','questions':['a b']}]"),
     "number 1 is no id"},
    {"a role of a group that is not there", WITH(",'role':[{'groups':['x'],'id':'r','may':[]}]"),
     "number 1 is no group"},
    {"a role that reads a tier that is not there",
     WITH(",'role':[{'id':'r','may':[],'reads':['x']}]"), "\"reads\": number 1 is no tier"},
    {"a role that reads a word",
     WITH(",'role':[{'id':'r','may':[],'reads':'x'}],'tier':[{'id':'x'}]"),
     "\"reads\": must be a list"},
    {"a role that reads it twice",
     WITH(",'role':[{'id':'r','may':[],'reads':['x','x']}],'tier':[{'id':'x'}]"),
     "number 2 stands there before"},
    {"a tier of who is not there", WITH(",'tier':[{'id':'x','of':['nobody']}]"),
     "number 1 is no organisation"},
    {"a tier of nobody", WITH(",'tier':[{'id':'x','of':[]}]"), "one at least"},
    {"a tier half whole", WITH(",'tier':[{'id':'x','whole':2}]"), "must be 0 to 1"},
    {"a role of no group", WITH(",'role':[{'groups':[],'id':'r','may':[]}]"), "one at least"},
    {"an act on a clause that is not there", WITH(",'act':[{'clause':'9','id':'a'}]"),
     "names no clause"},
    {"an origin half neutral", WITH(",'origin':[{'id':'x','neutral':2}]"), "must be 0 to 1"},
};

static void test_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
        struct arena arena = {0};
        struct json value = json_of(terms[i].terms, &arena);
        struct terms_head head = {.rules = 99};
        struct err err = {0};
        bool ok = terms_check(&head, &value, &err);

        if (ok != (terms[i].fault[0] == '\0') || !strstr(err.text, terms[i].fault))
            fail_msg("case \"%s\": %s", terms[i].name, err.text);
        CHECK_CASE(terms[i].name, ok ? head.rules == 1 : head.rules == 99);
        arena_free(&arena);
    }
}

static void test_walk(void **state)
{
    static const char *const want[] = {"act/b", "act/a", "clause/1", "zone/z"};
    struct arena arena = {0};
    struct json value =
        json_of(WITH(",'act':[{'id':'b'},{'id':'a'}],'none':[],'zone':[{'id':'z'}]"), &arena);
    struct terms_walk walk = {0};
    struct terms_item item;
    size_t n = 0;

    (void)state;
    for (; terms_walk_next(&walk, &value, &item); n++) {
        char key[40];

        assert_true(n < ARRAY_LEN(want));
        snprintf(key, sizeof key, "%.*s/%.*s", SPAN_ARG(item.section), SPAN_ARG(item.id));
        assert_string_equal(key, want[n]);
        assert_true(span_equal(json_get_string(item.value, "id", (struct span){0}), item.id));
    }
    assert_int_equal(n, ARRAY_LEN(want));
    assert_false(terms_walk_next(&walk, &value, &item));
    arena_free(&arena);
}

static void test_role_may(void **state)
{
    struct arena arena = {0};
    struct json role = json_of("{'id':'r','may':['claim','report']}", &arena);

    (void)state;
    assert_true(terms_role_may(&role, "claim"));
    assert_true(terms_role_may(&role, "report"));
    assert_false(terms_role_may(&role, "admit"));
    assert_false(terms_role_may(&role, "repor"));
    assert_false(terms_role_may(NULL, "claim"));
    arena_free(&arena);
}

static void test_quota_spares(void **state)
{
    static const struct {
        const char *kind;
        bool spared;
    } cases[] = {
        {"hotline.message", true},   {"hotline.", true},
        {"member.revoke", true},     {"hotline", false},
        {"hotlines.message", false}, {"member.revoked", false},
        {"member.revok", false},     {"member.admit", false},
        {"incident.report", false},  {"", false},
    };
    struct arena arena = {0};
    struct json head = json_of("{'quota':{'exempt':['hotline.','member.revoke'],'of_key':1,"
                               "'of_organisation':1,'window_ms':1000}}",
                               &arena);
    struct terms_quota quota = terms_head_of(&head).quota, none = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].kind,
                   terms_quota_spares(&quota, span_of(cases[i].kind)) == cases[i].spared);
        CHECK_CASE(cases[i].kind, !terms_quota_spares(&none, span_of(cases[i].kind)));
    }
    arena_free(&arena);
}

/* Tests run in the root of the checkout. */
static struct span read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = arena_alloc(arena, LIMIT_TOML_BYTES);

    if (!file)
        fail_msg("%s: cannot be opened; run this in the root of the checkout", path);
    size_t len = fread(bytes, 1, LIMIT_TOML_BYTES, file);
    assert_true(len > 0 && len < LIMIT_TOML_BYTES && !ferror(file));
    fclose(file);
    return span_make(bytes, len);
}

/* The agreement that is shipped is well formed, and what the program does with it works:
 * some role has every capability, and its canonical JSON can be read again. */
static void test_shipped_agreement(void **state)
{
    struct arena arena = {0};
    struct json value, again;
    struct terms_head head;
    struct err err = {0};

    (void)state;
    struct span text = read_file("agreements/doha-istanbul-2025/agreement.toml", &arena);
    if (!toml_parse(&value, text, &arena, &err) || !terms_check(&head, &value, &err))
        fail_msg("%s", err.text);
    assert_true(span_is(head.name, "doha-istanbul-2025"));
    assert_true(span_is(head.entries, "public"));
    assert_int_equal(head.rules, 1);

    struct span canonical = json_bytes(&value, &arena);
    assert_true(json_parse_canonical(&again, canonical, &arena, &err));
    assert_true(json_equal(&value, &again));

    for (size_t i = 0; terms_capabilities[i]; i++) {
        struct terms_walk walk = {0};
        struct terms_item item;
        bool given = false;

        while (terms_walk_next(&walk, &value, &item))
            given |=
                span_is(item.section, "role") && terms_role_may(item.value, terms_capabilities[i]);
        CHECK_CASE(terms_capabilities[i], given);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_check),
    cmocka_unit_test(test_walk),
    cmocka_unit_test(test_role_may),
    cmocka_unit_test(test_quota_spares),
    cmocka_unit_test(test_shipped_agreement),
};

RUN_TESTS(tests)
