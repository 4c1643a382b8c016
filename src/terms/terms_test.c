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
    {"a role that may never rule",
     WITH(",'role':[{'id':'r','may':['draft'],'may_not':['issue','rule']}]"), ""},

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
     "\"may_not\" number 2 is no capability"},
    {"a role that may not a word", WITH(",'role':[{'id':'r','may':['claim'],'may_not':'link'}]"),
     "\"may_not\""},
    {"a role that may what it may not",
     WITH(",'role':[{'id':'r','may':['claim','link'],'may_not':['rule','link']}]"),
     "\"link\" stands in"},
    {"a role that may a number", WITH(",'role':[{'id':'r','may':[1]}]"), "number 1 is no"},
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
    cmocka_unit_test(test_shipped_agreement),
};

RUN_TESTS(tests)
