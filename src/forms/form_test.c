#include "forms/form.h"

#include "base/test.h"
#include "forms/in_tests.h"
#include "forms/xform.h"

static const struct ask *sibling(const struct ask *asks, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(asks[i].name, name) == 0)
            return &asks[i];
    return NULL;
}

static bool is_before(const struct ask *asks, size_t at, const char *name)
{
    return sibling(asks, at, name) != NULL;
}

static void check_position(const struct form *form, const struct ask *ask)
{
    static const char *const names[] = {"lat_e7", "lon_e7", "uncertainty_m"};
    const char *prefix = ask->prefix ? ask->prefix : "";

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%s", prefix, names[i]);
        if (!kind_field(form_kind(form), name))
            fail_msg("form %s: %s has no %s", form->id, form->kind, name);
    }
}

/* What an ask says of the kind and of the asks beside it holds. */
static void check_ask(const struct form *form, const struct ask *repeat, const struct ask *asks,
                      size_t count, size_t at)
{
    const struct ask *ask = &asks[at];
    const struct field *field = form_field(form, repeat, ask);
    bool holds = !sibling(&asks[at + 1], count - at - 1, ask->name);

    if (ask->as == ASK_FIELD || ask->as == ASK_TIME)
        holds = holds && field && (field->type == FIELD_TIME) == (ask->as == ASK_TIME);
    if (ask->exact) {
        const struct ask *exact = sibling(asks, count, ask->exact);
        holds = holds && exact && exact->as == (ask->as == ASK_TIME ? ASK_EXACT : ASK_ERROR);
    }
    holds = holds && (!ask->not_before || is_before(asks, at, ask->not_before));
    holds = holds && (!ask->fits || is_before(asks, at, ask->fits));
    holds = holds && (!ask->unless || is_before(asks, at, ask->unless));
    holds = holds && (ask->count > 0) == (ask->as == ASK_GROUP || ask->as == ASK_REPEAT);
    if (!holds)
        fail_msg("form %s: %s", form->id, ask->name);
    if (ask->as == ASK_POSITION)
        check_position(form, ask);
    if (ask->as == ASK_LINE || ask->as == ASK_AREA)
        CHECK_CASE(form->id, kind_field(form_kind(form), "shape") != NULL);
}

static void check_asks(const struct form *form, const struct ask *repeat, const struct ask *asks,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_ask(form, repeat, asks, count, i);
        check_asks(form, asks[i].as == ASK_REPEAT ? &asks[i] : repeat, asks[i].asks, asks[i].count);
    }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t f = 0; form_at(f); f++) {
        CHECK_CASE(form_at(f)->id, form_find(span_of(form_at(f)->id)) == form_at(f));
        for (size_t i = 0; i < form_at(f)->count; i++)
            CHECK_CASE(form_at(f)->id, form_at(f)->asks[i].as == ASK_GROUP);
        check_asks(form_at(f), NULL, form_at(f)->asks, form_at(f)->count);
    }
    assert_null(form_find(SPAN_LIT("")));
    assert_null(form_find(SPAN_LIT("incident.flash")));
}

static bool asks_for(const struct ask *asks, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(asks[i].name, name) == 0 || asks_for(asks[i].asks, asks[i].count, name))
            return true;
    return false;
}

/* Without it, no answer would be whole. */
static void test_asks_for_what_must_be(void **state)
{
    (void)state;
    for (size_t f = 0; form_at(f); f++) {
        const struct form *form = form_at(f);
        const struct kind *kind = form_kind(form);

        for (size_t i = 0; i < kind->count; i++)
            if (kind->fields[i].required &&
                !asks_for(form->asks, form->count, kind->fields[i].name))
                fail_msg("form %s does not ask for %s", form->id, kind->fields[i].name);
    }
}

static struct json one_item(const char *section, const char *id, const char *tier,
                            struct arena *arena)
{
    struct json terms = json_object(), items = json_array(), item = json_object();

    json_set(&item, "id", json_text(id), arena);
    if (tier)
        json_set(&item, "tier", json_text(tier), arena);
    json_push(&items, item, arena);
    json_set(&terms, section, items, arena);
    return terms;
}

static void test_tier(void **state)
{
    static const struct {
        const char *name, *section, *id, *tier, *form;
        enum tier is;
    } cases[] = {
        {"opened by the agreement", "form", "flash", "public", "flash", TIER_PUBLIC},
        {"for the mechanism", "form", "flash", "mechanism", "flash", TIER_MECHANISM},
        {"closed by the agreement", "form", "report", "sealed", "report", TIER_SEALED},
        {"another form: its own", "form", "report", "public", "flash", TIER_MISSION},
        {"another form: its own, open", "form", "flash", "sealed", "report", TIER_PUBLIC},
        {"another section", "tier", "flash", "public", "flash", TIER_MISSION},
        {"a word that is none is not open", "form", "report", "Public", "report", TIER_MISSION},
        {"no word is not open", "form", "report", NULL, "report", TIER_MISSION},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json terms = one_item(cases[i].section, cases[i].id, cases[i].tier, &arena);

        CHECK_CASE(cases[i].name,
                   form_tier(form_find(span_of(cases[i].form)), &terms) == cases[i].is);
        arena_free(&arena);
    }
}

/* The bytes of an answer are as closed as what is in them. */
static void test_tier_of_answer(void **state)
{
    static const struct {
        const char *name, *form, *field;
        enum tier is;
    } cases[] = {
        {"nothing answered", "report", NULL, TIER_PUBLIC},
        {"what stands in the entry", "report", "act", TIER_PUBLIC},
        {"what is public", "report", "summary", TIER_PUBLIC},
        {"what is for the mission", "report", "observer_lat_e7", TIER_MISSION},
        {"what is sealed", "report", "teller", TIER_SEALED},
        {"a form for the mission", "community", "summary", TIER_MISSION},
        {"what is sealed in it", "community", "identities", TIER_SEALED},
    };
    const struct json terms = json_object();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json flat = json_object();

        if (cases[i].field)
            json_set(&flat, cases[i].field, json_text("x"), &arena);
        CHECK_CASE(cases[i].name, form_tier_of_answer(form_find(span_of(cases[i].form)), &flat,
                                                      &terms) == cases[i].is);
        arena_free(&arena);
    }
}

static void test_offered(void **state)
{
    struct arena arena = {0};
    struct json none = json_object();
    struct json sectors = one_item("sector", "S", NULL, &arena);
    const struct form *flash = form_find(SPAN_LIT("flash"));
    const struct form *patrol = form_find(SPAN_LIT("patrol"));
    const struct field *crossing = kind_field(form_kind(flash), "crossing");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(agreements); i++)
        for (size_t f = 0; form_at(f); f++)
            CHECK_CASE(agreements[i],
                       form_offered(form_at(f), read_agreement(agreements[i], &arena)));
    assert_true(form_offered(flash, &none));
    assert_false(form_offered(patrol, &none)); /* it must name a sector */
    assert_true(form_offered(patrol, &sectors));
    assert_false(form_asks(crossing, &sectors));
    assert_null(form_items(crossing, &sectors));
    arena_free(&arena);
}

/* A record that is named is chosen where the terms bring such records along, and typed elsewhere.
 */
static void test_records(void **state)
{
    struct arena arena = {0};
    struct json none = json_object();
    struct json some = one_item("access.request", "ab", NULL, &arena);
    const struct form *visit = form_find(SPAN_LIT("visit"));
    const struct field *request = kind_field(form_kind(visit), "request");

    (void)state;
    assert_string_equal(form_section(request), "access.request");
    assert_true(form_offered(visit, &none) && form_asks(request, &none));
    assert_null(form_items(request, &none));
    assert_true(form_offered(visit, &some) && form_asks(request, &some));
    assert_non_null(form_items(request, &some));
    struct xform typed = xform_of(visit, &none, SPAN_LIT("en"), &arena);
    struct xform chosen = xform_of(visit, &some, SPAN_LIT("en"), &arena);
    assert_non_null(strstr(arena_text(&arena, typed.xml), "<input ref=\"/data/request/request\""));
    assert_non_null(
        strstr(arena_text(&arena, chosen.xml), "<select1 ref=\"/data/request/request\""));
    assert_non_null(strstr(arena_text(&arena, chosen.xml), "instance('access.request')/root/item"));
    assert_string_not_equal(typed.version, chosen.version);
    arena_free(&arena);
}

static void test_exactness(void **state)
{
    static const enum ask_as kinds[] = {ASK_EXACT, ASK_ERROR};
    const struct kind *kind = kind_find(SPAN_LIT("incident.flash"), 1);

    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
        for (size_t i = 1; form_exactness_at(kinds[k], i); i++)
            CHECK_CASE(form_exactness_at(kinds[k], i)->word,
                       form_exactness_at(kinds[k], i)->within >
                           form_exactness_at(kinds[k], i - 1)->within);
    for (size_t i = 0; form_exactness_at(ASK_EXACT, i); i++) {
        struct arena arena = {0};
        struct json time = json_object();
        struct err err = {0};

        json_set_integer(&time, "at_ms", 0, &arena);
        json_set(&time, "basis", json_text(form_exactness_at(ASK_EXACT, i)->basis), &arena);
        json_set_integer(&time, "offset_min", 0, &arena);
        json_set_integer(&time, "uncertainty_ms", form_exactness_at(ASK_EXACT, i)->within, &arena);
        CHECK_CASE(form_exactness_at(ASK_EXACT, i)->word,
                   field_check(kind_field(kind, "at"), &time, &err));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_table),     cmocka_unit_test(test_asks_for_what_must_be),
    cmocka_unit_test(test_tier),      cmocka_unit_test(test_tier_of_answer),
    cmocka_unit_test(test_offered),   cmocka_unit_test(test_records),
    cmocka_unit_test(test_exactness),
};

RUN_TESTS(tests)
