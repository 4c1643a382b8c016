/* Finding incidents: what every store must find, said once and asked of each. */

#include <stdlib.h>

#include "base/buf.h"
#include "base/test.h"
#include "store/each_store.h"

struct run {
    struct store *store;
    struct store_tx *tx;
    struct store_reader *reader;
    struct arena arena;
};

static void open_run(struct run *run, const char *url)
{
    struct err err;

    *run = (struct run){0};
    assert_true(store_open(&run->store, url, &err));
    assert_true(store_begin(run->store, &run->tx, &err));
    assert_true(store_reader_open(run->store, &run->reader, &err));
}

static void close_run(struct run *run)
{
    store_rollback(run->tx);
    store_reader_close(run->reader);
    store_close(run->store);
    arena_free(&run->arena);
}

/* Records, and what they speak of. */

#define NOWHERE INT32_MIN
#define NEVER INT64_MIN

/* Degrees and hours, for the eye. */
static const struct {
    const char *record, *incident;
    int lat, lon;
    int64_t from, to;
    const char *act, *side;
} records[] = {
    {"r01", "border", 34, 71, 10, 11, "shelling", "pak"},
    {"r02", "border", 35, 71, 12, 12, "shelling", "afg"},
    {"r03", "border", NOWHERE, 0, 5, 6, "", ""},
    {"r04", "chaman", 31, 66, 20, 20, "crossing", "afg"},
    {"r05", "drone", 33, 70, 10, 30, "drone", "pak"},
    {"r06", "early", -1, -1, -5, -4, "shelling", "afg"},
    {"r07", "fiji", -17, 180, 40, 40, "crossing", ""},
    {"r08", "samoa", -14, -172, 40, 41, "crossing", ""},
    {"r09", "timeless", 34, 71, NEVER, 0, "shelling", "pak"},
    {"r10", "mixed", 10, 10, 100, 101, "drone", "pak"},
    {"r11", "mixed", 50, 50, 200, 201, "shelling", "afg"},
    {"r12", "placeless", NOWHERE, 0, 10, 11, "shelling", "pak"},
    /* One record may speak of two. */
    {"r05", "drone-2", 33, 70, 10, 30, "drone", "pak"},
};

#define ANYWHERE                                                                                   \
    {                                                                                              \
        0                                                                                          \
    }
#define ALWAYS                                                                                     \
    {                                                                                              \
        0                                                                                          \
    }

static const struct {
    const char *name;
    struct {
        int on, south, west, north, east;
    } box;
    struct {
        int on;
        int64_t from, to;
    } time;
    const char *act, *side;
    const char *found;
} queries[] = {
    {"all, in order", ANYWHERE, ALWAYS, "", "",
     "early border drone drone-2 placeless chaman fiji samoa mixed timeless"},
    {"a box", {1, 34, 71, 35, 72}, ALWAYS, "", "", "border timeless"},
    {"a box of one point", {1, 35, 71, 35, 71}, ALWAYS, "", "", "border"},
    {"a box where nothing is", {1, 36, 71, 40, 72}, ALWAYS, "", "", ""},
    {"a box upside down", {1, 35, 71, 34, 72}, ALWAYS, "", "", ""},
    {"across 180 degrees", {1, -20, 170, -10, -170}, ALWAYS, "", "", "fiji samoa"},
    {"up to 180 degrees", {1, -20, 170, -10, 180}, ALWAYS, "", "", "fiji"},
    {"across, and not as far", {1, -20, 170, -10, -173}, ALWAYS, "", "", "fiji"},
    {"the whole world leaves out what has no place",
     {1, -90, -180, 90, 180},
     ALWAYS,
     "",
     "",
     "early border drone drone-2 chaman fiji samoa mixed timeless"},
    {"at the edge of a band", {1, -1, -1, -1, -1}, ALWAYS, "", "", "early"},
    {"a time", ANYWHERE, {1, 12, 12}, "", "", "border drone drone-2"},
    {"a time that an interval holds", ANYWHERE, {1, 21, 29}, "", "", "drone drone-2"},
    {"ends are included", ANYWHERE, {1, 30, 40}, "", "", "drone drone-2 fiji samoa"},
    {"before all", ANYWHERE, {1, -100, -6}, "", "", ""},
    {"after all", ANYWHERE, {1, 202, 900}, "", "", ""},
    {"all time leaves out what has none",
     ANYWHERE,
     {1, -9999, 9999},
     "",
     "",
     "early border drone drone-2 placeless chaman fiji samoa mixed"},
    {"a time turned round", ANYWHERE, {1, 12, 5}, "", "", ""},
    {"an act", ANYWHERE, ALWAYS, "crossing", "", "chaman fiji samoa"},
    {"no such act", ANYWHERE, ALWAYS, "cross", "", ""},
    {"a side", ANYWHERE, ALWAYS, "", "afg", "early border chaman mixed"},
    {"no such side", ANYWHERE, ALWAYS, "", "AFG", ""},
    {"box and time in one record", {1, 34, 71, 34, 71}, {1, 10, 10}, "", "", "border"},
    {"not of two", {1, 34, 71, 34, 71}, {1, 12, 12}, "", "", ""},
    {"box and act in one record", {1, 0, 0, 20, 20}, ALWAYS, "shelling", "", ""},
    {"time and act in one record", ANYWHERE, {1, 200, 200}, "drone", "", ""},
    {"the side may be of another", {1, 0, 0, 20, 20}, ALWAYS, "drone", "afg", "mixed"},
    {"all four", {1, 30, 60, 40, 75}, {1, 0, 50}, "shelling", "pak", "border"},
};

static void put_records(struct store_tx *tx, const char *only)
{
    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        struct store_find_row row = {
            .record = span_of(records[i].record),
            .incident = span_of(records[i].incident),
            .index = (uint64_t)atoi(records[i].record + 1),
            .has_position = records[i].lat != NOWHERE,
            .lat_e7 = records[i].lat != NOWHERE ? records[i].lat * 10000000 : 0,
            .lon_e7 = records[i].lon * 10000000,
            .has_time = records[i].from != NEVER,
            .from_ms = records[i].from != NEVER ? records[i].from * 3600000 : 0,
            .to_ms = records[i].to * 3600000,
            .act = span_of(records[i].act),
            .side = span_of(records[i].side),
        };
        struct err err;

        if (!only || strcmp(only, records[i].incident) == 0)
            assert_true(store_find_put(tx, &row, &err));
    }
}

static struct store_query query_of(size_t which)
{
    return (struct store_query){
        .has_box = queries[which].box.on,
        .south_e7 = queries[which].box.south * 10000000,
        .west_e7 = queries[which].box.west * 10000000,
        .north_e7 = queries[which].box.north * 10000000,
        .east_e7 = queries[which].box.east * 10000000,
        .has_time = queries[which].time.on,
        .from_ms = queries[which].time.from * 3600000,
        .to_ms = queries[which].time.to * 3600000,
        .act = span_of(queries[which].act),
        .side = span_of(queries[which].side),
        .limit = 100,
    };
}

/* Page by page, `limit` at a time. */
static struct span find_all(struct store_reader *reader, struct store_query query, size_t limit,
                            struct arena *arena)
{
    struct buf out = buf_in(arena, 100000);
    struct store_found *found;
    struct err err = {0};
    size_t count;

    query.limit = limit;
    do {
        if (!store_find(reader, &query, &found, &count, arena, &err))
            fail_msg("%s", err.text);
        assert_true(count <= limit);
        for (size_t i = 0; i < count; i++) {
            buf_text(&out, out.len ? " " : "");
            buf_put(&out, found[i].incident);
        }
        if (count > 0) {
            query.has_after = true;
            query.after_ms = found[count - 1].first_ms;
            query.after_incident = found[count - 1].incident;
        }
    } while (count > 0);
    return buf_span(&out);
}

/* With many others before and after, so that every way of looking is taken. */
static void put_crowd(struct store_tx *tx, int count)
{
    for (int i = 0; i < count; i++) {
        char name[20];
        struct err err;

        snprintf(name, sizeof name, "crowd-%06d", i);
        struct store_find_row row = {
            .record = span_of(name),
            .incident = span_of(name),
            .index = (uint64_t)(1000 + i),
            .has_position = true,
            .lat_e7 = 850000000,
            .lon_e7 = i,
            .has_time = true,
            .from_ms = INT64_C(-100000) * 3600000 + i,
            .to_ms = INT64_C(-100000) * 3600000 + i,
            .act = SPAN_LIT("crowd"),
            .side = SPAN_LIT("crowd"),
        };
        assert_true(store_find_put(tx, &row, &err));
    }
}

static const char *without_crowd(struct span found, struct arena *arena)
{
    char *text = arena_text(arena, found);
    char *last = text;

    for (char *at = text; (at = strstr(at, "crowd-")) != NULL; at++)
        last = at + strlen("crowd-000000") + (at[strlen("crowd-000000")] == ' ');
    return last;
}

static const struct {
    const char *name;
    int crowd;
    size_t limit;
} ways[] = {
    {"at once", 0, 100},
    {"one by one", 0, 1},
    {"three by three", 0, 3},
    {"behind a crowd", 2500, 3000},
    {"behind a crowd, page by page", 2500, 700},
};

static void ask_all(const char *name, size_t which, const char *url)
{
    struct run run;

    open_run(&run, url);
    put_crowd(run.tx, ways[which].crowd);
    put_records(run.tx, NULL);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        struct span got =
            find_all(store_tx_reader(run.tx), query_of(i), ways[which].limit, &run.arena);
        const char *found = without_crowd(got, &run.arena);

        if (strcmp(found, queries[i].found) != 0)
            fail_msg("%s, %s: %s", queries[i].name, name, found);
    }
    close_run(&run);
}

static const char *name_of_way(size_t which)
{
    return ways[which].name;
}

static void test_find(void **state)
{
    (void)state;
    each_store(ask_all, ARRAY_LEN(ways), name_of_way);
}

/* What comes first follows the rows that are there. */
static void follow(const char *name, size_t which, const char *url)
{
    struct store_query all = {.limit = 100};
    struct store_found *found;
    struct store_find_row *row;
    struct store_reader *reader;
    struct run run;
    struct err err;
    size_t count;

    (void)which;
    open_run(&run, url);
    put_records(run.tx, "border");
    reader = store_tx_reader(run.tx);

    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 5 * 3600000);
    CHECK_CASE(name, store_find_rows(reader, SPAN_LIT("border"), &row, &count, &run.arena, &err));
    CHECK_CASE(name, count == 3 && span_is(row[0].record, "r01") && row[0].index == 1);
    CHECK_CASE(name, row[0].has_position && row[0].lat_e7 == 340000000 && row[0].has_time);
    CHECK_CASE(name, row[0].from_ms == 36000000 && row[0].to_ms == 39600000);
    CHECK_CASE(name, span_is(row[0].act, "shelling") && span_is(row[0].side, "pak"));
    CHECK_CASE(name, span_is(row[0].incident, "border"));
    CHECK_CASE(name, !row[2].has_position && row[2].act.len == 0 && row[2].side.len == 0);

    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r03"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r03"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r01"), SPAN_LIT("other"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 10 * 3600000);

    struct store_find_row later = row[0];
    later.from_ms = later.to_ms = 15 * 3600000;
    CHECK_CASE(name, store_find_put(run.tx, &later, &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 12 * 3600000);
    later.has_time = later.has_position = false;
    CHECK_CASE(name, store_find_put(run.tx, &later, &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r02"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == INT64_MAX);

    CHECK_CASE(name, store_find(run.reader, &all, &found, &count, &run.arena, &err) && count == 0);
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r01"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err) && count == 0);
    CHECK_CASE(name, store_find_rows(reader, SPAN_LIT("border"), &row, &count, &run.arena, &err));
    CHECK_CASE(name, count == 0);
    close_run(&run);
}

static const char *name_of_follow(size_t which)
{
    (void)which;
    return "what comes first";
}

static void test_find_follows(void **state)
{
    (void)state;
    each_store(follow, 1, name_of_follow);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_find),
    cmocka_unit_test(test_find_follows),
};
RUN_TESTS(tests)
