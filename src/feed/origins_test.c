#include "feed/origins.h"

#include "base/test.h"

static struct origin_of items[4];

static int set_up(void **state)
{
    static const struct {
        const char *feed, *origin, *organisation, *role;
    } named[] = {
        {"ged", "o1", "", ""},
        {"geojson", "o2", "", ""},
        {"geojson/x", "o3", "", "sensor"},
        {"firms", "o4", "n", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(named); i++)
        items[i] = (struct origin_of){.feed = span_of(named[i].feed),
                                      .origin = span_of(named[i].origin),
                                      .organisation = span_of(named[i].organisation),
                                      .role = span_of(named[i].role)};
    return 0;
}

/* The longest item that ends where a word of the id does. */
static void test_find(void **state)
{
    static const struct {
        const char *id, *origin; /* "": none */
    } cases[] = {
        {"ged/1", "o1"},
        {"geojson/y/1", "o2"},
        {"geojson/x/1", "o3"},
        {"geojson/xx/1", "o2"},
        {"geojson/x", "o2"},
        {"firms/VIIRS/1", "o4"},
        {"ged/", "o1"},
        {"ged", ""},
        {"gedx/1", ""},
        {"chronology/ged/1", ""},
        {"", ""},
    };
    const struct origins origins = {.at = items, .count = ARRAY_LEN(items)}, none = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct origin_of *got = origins_find(&origins, span_of(cases[i].id));

        CHECK_CASE(cases[i].id, !got == !cases[i].origin[0]);
        CHECK_CASE(cases[i].id, !got || span_is(got->origin, cases[i].origin));
        CHECK_CASE(cases[i].id, origins_find(&none, span_of(cases[i].id)) == NULL);
    }
}

static void test_brought_by(void **state)
{
    static const struct {
        size_t item;
        const char *organisation, *role;
        bool is;
    } cases[] = {
        {0, "n", "desk", true},    {0, "", "", true},        {2, "s", "sensor", true},
        {2, "s", "desk", false},   {2, "s", "", false},      {3, "n", "desk", true},
        {3, "s", "sensor", false}, {3, "", "sensor", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].role,
                   origin_brought_by(&items[cases[i].item], span_of(cases[i].organisation),
                                     span_of(cases[i].role)) == cases[i].is);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_find, set_up),
    cmocka_unit_test_setup(test_brought_by, set_up),
};

RUN_TESTS(tests)
