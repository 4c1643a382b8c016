#include "render/atom.h"

#include "base/test.h"
#include "forms/xml.h"

/* What is written reads back as it was meant: names, times, and texts that hold markup. */
static void test_feed(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    const struct xml *root;
    const struct atom_entry entries[] = {
        {.id = SPAN_LIT("urn:x:1"),
         .title = SPAN_LIT("closed <since> & \"ever\""),
         .author = SPAN_LIT("north"),
         .content = SPAN_LIT("بند"),
         .link = SPAN_LIT("/record/1?a=b&c=d"),
         .updated_ms = INT64_C(1762214400000)},
        {.id = SPAN_LIT("urn:x:2"), .title = SPAN_LIT("open"), .author = SPAN_LIT("south")},
    };
    const struct atom_feed feed = {.id = SPAN_LIT("urn:x"),
                                   .title = SPAN_LIT("Crossings"),
                                   .language = SPAN_LIT("ur"),
                                   .self = SPAN_LIT("/crossings.atom"),
                                   .entry = entries,
                                   .count = ARRAY_LEN(entries)};

    (void)state;
    if (!xml_parse(&root, atom_render(&feed, &arena), &arena, &err))
        fail_msg("%s", err.text);
    assert_true(span_is(root->name, "feed"));
    assert_true(span_is(root->space, "http://www.w3.org/2005/Atom"));
    assert_true(span_is(xml_attribute(root, "lang"), "ur"));
    assert_true(span_is(xml_child(root, "updated")->text, "1970-01-01T00:00:00Z"));
    assert_true(span_is(xml_attribute(xml_child(root, "link"), "rel"), "self"));
    const struct xml *entry = xml_child(root, "entry");
    assert_true(span_is(xml_child(entry, "title")->text, "closed <since> & \"ever\""));
    assert_true(span_is(xml_child(entry, "content")->text, "بند"));
    assert_true(span_is(xml_child(entry, "updated")->text, "2025-11-04T00:00:00Z"));
    assert_true(span_is(xml_attribute(xml_child(entry, "link"), "href"), "/record/1?a=b&c=d"));
    assert_true(span_is(xml_child(xml_child(entry, "author"), "name")->text, "north"));
    assert_true(entry->next != NULL && span_is(xml_child(entry->next, "id")->text, "urn:x:2"));
    assert_null(entry->next->next);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_feed)};

RUN_TESTS(tests)
