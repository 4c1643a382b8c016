#include "forms/xml.h"

#include "base/limits.h"
#include "base/test.h"

/* The tree on one line: {space}name[attributes]("text" children). */
static void show(struct buf *buf, const struct xml *element)
{
    if (element->space.len)
        buf_printf(buf, "{%.*s}", SPAN_ARG(element->space));
    buf_put(buf, element->name);
    for (const struct xml_attribute *a = element->attributes; a; a = a->next) {
        buf_byte(buf, ' ');
        if (a->space.len)
            buf_printf(buf, "{%.*s}", SPAN_ARG(a->space));
        buf_printf(buf, "%.*s=%.*s", SPAN_ARG(a->name), SPAN_ARG(a->value));
    }
    buf_byte(buf, '(');
    buf_put(buf, element->text);
    for (const struct xml *child = element->first; child; child = child->next)
        show(buf, child);
    buf_byte(buf, ')');
}

static char *shown(const struct xml *element, struct arena *arena)
{
    struct buf buf = buf_in(arena, 1u << 22);

    show(&buf, element);
    return arena_text(arena, buf_span(&buf));
}

static char *many(const char *head, const char *piece, size_t count, const char *tail,
                  struct arena *arena)
{
    struct buf buf = buf_in(arena, 1u << 24);

    buf_text(&buf, head);
    for (size_t i = 0; i < count; i++)
        buf_text(&buf, piece);
    buf_text(&buf, tail);
    return arena_text(arena, buf_span(&buf));
}

static void test_accepted(void **state)
{
    static const struct {
        const char *name, *text, *tree;
    } cases[] = {
        {"an empty element", "<a/>", "a()"},
        {"text", "<a>b</a>", "a(b)"},
        {"children in order", "<a><c>1</c><b>2</b><c/></a>", "a(c(1)b(2)c())"},
        {"attributes in order", "<a y='1' x=\"2\"/>", "a y=1 x=2()"},
        {"a default namespace", "<a xmlns='urn:x'><b/></a>", "{urn:x}a({urn:x}b())"},
        {"a prefix", "<p:a xmlns:p='urn:x' p:k='1' k='2'/>", "{urn:x}a {urn:x}k=1 k=2()"},
        {"a namespace taken back", "<a xmlns='urn:x'><b xmlns=''/></a>", "{urn:x}a(b())"},
        {"the five entities", "<a>&lt;&gt;&amp;&apos;&quot;</a>", "a(<>&'\")"},
        {"a character by number", "<a>&#x67e;&#10;</a>", "a(\xd9\xbe\n)"},
        {"CDATA", "<a><![CDATA[<b>&]]>c</a>", "a(<b>&c)"},
        {"a comment is left out", "<a>b<!-- c -->d</a>", "a(bd)"},
        {"text around children", "<a>b<c/>d</a>", "a(bdc())"},
        {"a declaration", "<?xml version='1.0' encoding='utf-8' ?><a/>", "a()"},
        {"without an encoding", "<?xml version='1.0'?>\n<a/>\n", "a()"},
        {"a byte order mark", "\xef\xbb\xbf<a/>", "a()"},
        {"line ends of Windows", "<a>b\r\nc</a>", "a(b\nc)"},
        {"a name in Pashto", "<\xd9\xbe\xda\x9a/>", "\xd9\xbe\xda\x9a()"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        const struct xml *root = NULL;

        CHECK_CASE(cases[i].name, xml_parse(&root, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, strcmp(shown(root, &arena), cases[i].tree) == 0);
        arena_free(&arena);
    }
}

static void test_refused(void **state)
{
    struct arena arena = {0};
    struct arena *a = &arena;
    const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "no element found"},
        {"only white space", " \n ", "line 2: no element found"},
        {"no XML", "hello", "syntax error"},
        {"not closed", "<a>\n<b>", "line 2: no element found"},
        {"closed by another", "<a></b>", "mismatched tag"},
        {"two roots", "<a/><b/>", "junk after document element"},
        {"one attribute twice", "<a x='1' x='2'/>", "duplicate attribute"},
        {"one attribute twice by namespace", "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
         "duplicate attribute"},
        {"a prefix never bound", "<p:a/>", "unbound prefix"},
        {"a DOCTYPE", "<!DOCTYPE a><a/>", "a DOCTYPE"},
        {"an entity of its own", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "a DOCTYPE"},
        {"an external entity", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
         "a DOCTYPE"},
        {"entities that multiply",
         "<!DOCTYPE a [<!ENTITY b 'bbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>", "a DOCTYPE"},
        {"an entity nobody declared", "<a>&b;</a>", "undefined entity"},
        {"a processing instruction", "<a><?php ?></a>", "a processing instruction"},
        {"a style sheet", "<?xml-stylesheet href='x'?><a/>", "a processing instruction"},
        {"another encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "another encoding"},
        {"another version", "<?xml version='1.1'?><a/>", "another version"},
        {"UTF-16 as declared", "<?xml version='1.0' encoding='UTF-16'?><a/>", "another encoding"},
        {"bytes that are not UTF-8", "<a>\xff</a>", "not UTF-8"},
        {"overlong UTF-8", "<a>\xc0\xbc</a>", "not UTF-8"},
        {"a control character", "<a>\x01</a>", "not well-formed"},
        {"a control character by number", "<a>&#1;</a>", "reference to invalid character"},
        {"a bare ampersand", "<a>b & c</a>", "not well-formed"},
        {"one level too deep",
         many(many("", "<a>", LIMIT_XML_DEPTH + 1, "", a), "</a>", LIMIT_XML_DEPTH + 1, "", a),
         "nested deeper"},
        {"one element too many", many("<a>", "<b/>", LIMIT_XML_NODES, "</a>", a),
         "more elements and attributes"},
        {"one byte too many", many("<a>", "b", LIMIT_XML_BYTES - 6, "</a>", a),
         "more than 1048576"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        const struct xml untouched = {0};
        const struct xml *root = &untouched;

        CHECK_CASE(cases[i].name, !xml_parse(&root, span_of(cases[i].text), a, &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        CHECK_CASE(cases[i].name, root == &untouched);
    }
    arena_free(&arena);
}

static void test_zero_byte(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    const struct xml *root = NULL;

    (void)state;
    assert_false(xml_parse(&root, SPAN_LIT("<a>\0</a>"), &arena, &err));
    assert_non_null(strstr(err.text, "not UTF-8"));
    arena_free(&arena);
}

static void test_limits(void **state)
{
    struct arena arena = {0};
    struct arena *a = &arena;
    const struct {
        const char *name, *text;
    } cases[] = {
        {"as deep as may be",
         many(many("", "<a>", LIMIT_XML_DEPTH, "", a), "</a>", LIMIT_XML_DEPTH, "", a)},
        {"as many as may be", many("<a>", "<b/>", LIMIT_XML_NODES - 1, "</a>", a)},
        {"as long as may be", many("<a>", "b", LIMIT_XML_BYTES - 7, "</a>", a)},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        const struct xml *root = NULL;

        CHECK_CASE(cases[i].name, xml_parse(&root, span_of(cases[i].text), a, &err));
    }
    arena_free(&arena);
}

static void test_written(void **state)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, 4096);
    struct xml_writer w = xml_writer_over(&buf);

    (void)state;
    xml_open(&w, "h:a");
    xml_set_text(&w, "xmlns:h", "urn:x");
    xml_set_text(&w, "k", "1 < \"2\"\n&\t\r");
    xml_leaf(&w, "b", SPAN_LIT("<c> & \"d\"\r\n"));
    xml_leaf(&w, "e", SPAN_LIT(""));
    xml_text(&w, SPAN_LIT("]]>\x01\xef\xbf\xbf \xd9\xbe"));
    xml_close(&w);
    assert_string_equal(arena_text(&arena, buf_span(&buf)),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<h:a xmlns:h=\"urn:x\" k=\"1 &lt; &quot;2&quot;&#10;&amp;&#9;&#13;\">"
                        "<b>&lt;c&gt; &amp; \"d\"&#13;\n</b><e/>"
                        "]]&gt;\xef\xbf\xbd\xef\xbf\xbd \xd9\xbe</h:a>");
    arena_free(&arena);
}

static void test_asked(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    const struct xml *root;

    (void)state;
    assert_true(xml_parse(
        &root, SPAN_LIT("<a xmlns:o='urn:o' id=' x '>\n<o:b>1</o:b>\n<b>2</b></a>"), &arena, &err));
    assert_true(span_is(xml_child(root, "b")->text, "1"));
    assert_int_equal(xml_child(root, "b")->line, 2);
    assert_null(xml_child(root, "c"));
    assert_null(xml_child(NULL, "b"));
    assert_true(span_is(xml_trimmed(xml_attribute(root, "id")), "x"));
    assert_int_equal(xml_attribute(root, "o").len, 0);
    assert_int_equal(xml_trimmed(SPAN_LIT(" \t\r\n")).len, 0);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accepted),  cmocka_unit_test(test_refused),
    cmocka_unit_test(test_zero_byte), cmocka_unit_test(test_limits),
    cmocka_unit_test(test_written),   cmocka_unit_test(test_asked),
};

RUN_TESTS(tests)
