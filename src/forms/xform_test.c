#include "forms/xform.h"

#include "base/limits.h"
#include "base/test.h"
#include "forms/in_tests.h"
#include "forms/xml.h"

static const char *const languages[] = {"ar", "en", "prs", "ps", "tr", "ur"};

static const struct xml *parsed(const struct xform *form, struct arena *arena)
{
    struct err err = {0};
    const struct xml *root = NULL;

    if (!xml_parse(&root, form->xml, arena, &err))
        fail_msg("%s", err.text);
    return root;
}

static const struct xml *model_of(const struct xml *html)
{
    return xml_child(xml_child(html, "head"), "model");
}

/* Each form under each agreement that it is of use under. */
#define EACH_FORM(agreement, terms, form, arena)                                                   \
    for (size_t a_ = 0; a_ < ARRAY_LEN(agreements); a_++)                                          \
        for (const struct json *terms = read_agreement(agreements[a_], arena); terms;              \
             terms = NULL)                                                                         \
            for (size_t f_ = 0; form_at(f_); f_++)                                                 \
                for (const struct form *form = form_at(f_); form && form_offered(form, terms);     \
                     form = NULL)

static void test_same_bytes(void **state)
{
    struct arena arena = {0}, other = {0};

    (void)state;
    EACH_FORM(name, terms, form, &arena)
    {
        struct xform once = xform_of(form, terms, SPAN_LIT("en"), &arena);
        struct xform again = xform_of(form, terms, SPAN_LIT("en"), &other);
        struct xform in_pashto = xform_of(form, terms, SPAN_LIT("ps"), &arena);

        CHECK_CASE(form->id, span_equal(once.xml, again.xml));
        CHECK_CASE(form->id, strcmp(once.version, in_pashto.version) == 0);
        CHECK_CASE(form->id, strlen(once.version) == XFORM_VERSION_TEXT - 1);
    }
    arena_free(&arena);
    arena_free(&other);
}

static void test_versions_differ(void **state)
{
    struct arena arena = {0};
    const struct json *doha = read_agreement(agreements[0], &arena);
    struct json changed = json_object();

    (void)state;
    for (size_t i = 0; i < doha->object.count; i++)
        if (!span_is(doha->object.at[i].key, "crossing"))
            json_set(&changed, arena_text(&arena, doha->object.at[i].key), doha->object.at[i].value,
                     &arena);
    struct xform before = xform_of(form_at(0), doha, SPAN_LIT("en"), &arena);
    struct xform after = xform_of(form_at(0), &changed, SPAN_LIT("en"), &arena);
    assert_string_not_equal(before.version, after.version);
    assert_non_null(strstr(arena_text(&arena, before.xml), "instance('crossing')"));
    assert_null(strstr(arena_text(&arena, after.xml), "/data/where/crossing"));
    arena_free(&arena);
}

/* Every text, in every language, is there; and every word that a form uses, in all six languages.
 */
static void check_words(const struct form *form, const struct xml *translation,
                        const struct words *all)
{
    for (const struct xml *text = translation->first; text; text = text->next) {
        struct arena arena = {0};
        const char *key = arena_text(&arena, xml_attribute(text, "id"));

        if (xml_child(text, "value")->text.len == 0)
            fail_msg("form %s: \"%s\" is empty", form->id, key);
        for (size_t i = 0; strchr(key, '.') && i < all->count; i++)
            if (!words_have(&all->language[i], key))
                fail_msg("form %s: lang/%.*s.json lacks \"%s\"", form->id,
                         SPAN_ARG(all->language[i].id), key);
        arena_free(&arena);
    }
}

static void test_words(void **state)
{
    struct arena arena = {0};
    struct words all = words_all(&arena);

    (void)state;
    assert_int_equal(all.count, ARRAY_LEN(languages));
    for (size_t i = 0; i < all.count; i++)
        assert_true(span_is(all.language[i].id, languages[i]));
    EACH_FORM(name, terms, form, &arena)
    {
        struct xform xform = xform_of(form, terms, SPAN_LIT("en"), &arena);
        const struct xml *itext = xml_child(model_of(parsed(&xform, &arena)), "itext");

        check_words(form, itext->first, &all);
        for (size_t i = 0; i < all.count; i++)
            CHECK_CASE(form->id,
                       words_have(&all.language[i], arena_printf(&arena, "form.%s", form->id)));
    }
    arena_free(&arena);
}

static void test_languages(void **state)
{
    static const struct {
        const char *asked, *first, *title;
    } cases[] = {
        {"ps", "\xd9\xbe\xda\x9a\xd8\xaa\xd9\x88 (ps)",
         "\xd8\xa8\xdb\x8c\xda\x93\xd9\x86\xdb\x8c \xd8\xae\xd8\xa8\xd8\xb1"},
        {"tr",
         "T\xc3\xbcrk\xc3\xa7"
         "e (tr)",
         "Acil bildirim"},
        {"en", "English (en)", "Flash message"},
        {"nl", "English (en)", "Flash message"},
        {"", "English (en)", "Flash message"},
    };
    struct arena arena = {0};
    const struct json *terms = read_agreement(agreements[0], &arena);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct xform xform =
            xform_of(form_find(SPAN_LIT("flash")), terms, span_of(cases[i].asked), &arena);
        const struct xml *root = parsed(&xform, &arena);
        size_t count = 0, defaults = 0;

        for (const struct xml *t = xml_child(model_of(root), "itext")->first; t; t = t->next) {
            count++;
            if (xml_attribute(t, "default").len == 0)
                continue;
            defaults++;
            CHECK_CASE(cases[i].asked, span_is(xml_attribute(t, "lang"), cases[i].first));
        }
        CHECK_CASE(cases[i].asked, count == 6 && defaults == 1);
        CHECK_CASE(cases[i].asked, span_is(xform.title, cases[i].title));
        CHECK_CASE(cases[i].asked,
                   span_equal(xml_child(xml_child(root, "head"), "title")->text, xform.title));
    }
    arena_free(&arena);
}

/* The element of the instance at "/data/when/at"; NULL: there is none. */
static const struct xml *at_path(const struct xml *data, struct span path, struct arena *arena)
{
    struct span rest = path, step;
    const struct xml *at = data;

    assert_true(span_starts_with(path, SPAN_LIT("/data/")));
    rest = span_from(rest, strlen("/data/"));
    while (at && span_cut(&rest, '/', &step))
        at = xml_child(at, arena_text(arena, step));
    return xml_child(at, arena_text(arena, rest));
}

static bool is_bound(const struct xml *model, struct span path)
{
    for (const struct xml *bind = model->first; bind; bind = bind->next)
        if (span_is(bind->name, "bind") && span_equal(xml_attribute(bind, "nodeset"), path))
            return true;
    return false;
}

static void check_controls(const char *name, const struct xml *model, const struct xml *around)
{
    for (const struct xml *control = around->first; control; control = control->next) {
        struct span path = xml_attribute(control, "ref");
        bool asks = span_is(control->name, "input") || span_is(control->name, "select1") ||
                    span_is(control->name, "select") || span_is(control->name, "upload");

        if (asks && !is_bound(model, path))
            fail_msg("form %s: %.*s has no bind", name, SPAN_ARG(path));
        check_controls(name, model, control);
    }
}

static void test_binds(void **state)
{
    struct arena arena = {0};

    (void)state;
    EACH_FORM(name, terms, form, &arena)
    {
        struct xform xform = xform_of(form, terms, SPAN_LIT("en"), &arena);
        const struct xml *root = parsed(&xform, &arena), *model = model_of(root);
        const struct xml *data = xml_child(xml_child(model, "instance"), "data");

        CHECK_CASE(form->id, span_is(xml_attribute(data, "id"), form->id));
        CHECK_CASE(form->id, span_is(xml_attribute(data, "version"), xform.version));
        for (const struct xml *bind = model->first; bind; bind = bind->next) {
            struct span path = xml_attribute(bind, "nodeset");
            if (!span_is(bind->name, "bind") || memmem(path.at, path.len, "orx:", 4))
                continue;
            if (!at_path(data, path, &arena))
                fail_msg("form %s: there is no %.*s", form->id, SPAN_ARG(path));
        }
        check_controls(form->id, model, xml_child(root, "body"));
        CHECK_CASE(form->id, xml_child(xml_child(data, "meta"), "instanceID") != NULL);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_versions_differ),
    cmocka_unit_test(test_words),      cmocka_unit_test(test_languages),
    cmocka_unit_test(test_binds),
};

RUN_TESTS(tests)
