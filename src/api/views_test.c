/*
 * Search as of an earlier entry goes another way than search as of the latest. Here both
 * are asked: what was answered when an entry was the last must be what is answered later
 * as of that entry; and what a store answers must be what a store made anew answers.
 */

#include "api/story.h"
#include "base/test.h"

#define ENTRIES 160u
#define QUERIES 8u

static const char *const queries[QUERIES] = {
    "limit=500",
    "limit=500&side=north",
    "limit=500&act=shelling",
    "limit=500&box=341230000,710450000,341280000,710500000",
    "limit=500&from=1761951800000&to=1761953000000",
    "limit=500&box=341230000,710450000,341250000,710550000&from=1761952500000",
    "limit=3",
    "limit=500&box=341230000,710540000,341330000,710450000",
};

/* Records that were filed and may be linked, unlinked, withdrawn or superseded. */
struct filed {
    char id[65];
    size_t by;
    bool is_report;
};

struct past {
    struct story *s;
    struct filed filed[ENTRIES];
    size_t count;
};

static size_t author_of(struct story *s, const struct submission *submission)
{
    struct record record;
    struct err err = {0};

    story_ok(record_parse(&record, submission->note, &s->arena, &err), &err);
    for (size_t i = 0; i < WORLD_AUTHORS; i++)
        if (span_is(record.by, s->world->author[i].signer.name))
            return i;
    return WORLD_AUTHORS;
}

static const char *incident(struct past *past)
{
    return arena_text(&past->s->arena, world_some_incident(past->s->world, &past->s->arena));
}

/* Sometimes something that changes what was filed before; often void, which is as good. */
static bool change(struct past *past)
{
    struct story *s = past->s;
    struct filed *one = past->count ? &past->filed[world_below(s->world, past->count)] : NULL;
    const char *kind = NULL, *text = NULL;
    size_t by = one ? one->by : 0;

    if (!one || s->world->incidents == 0)
        return false;
    switch (world_below(s->world, 8)) {
    case 0:
        kind = "incident.link";
        text =
            arena_printf(&s->arena, "{\"incident\":\"%s\",\"record\":\"%s\",\"basis\":\"related\"}",
                         incident(past), one->id);
        break;
    case 1:
        kind = "incident.unlink";
        text = arena_printf(&s->arena, "{\"incident\":\"%s\",\"record\":\"%s\"}", incident(past),
                            one->id);
        break;
    case 2:
        kind = "record.withdraw";
        text = arena_printf(&s->arena, "{\"record\":\"%s\",\"reason\":\"error\"}", one->id);
        break;
    case 3:
        if (!one->is_report)
            return false;
        kind = "incident.report";
        text = arena_printf(&s->arena,
                            "{\"type\":\"corrected\",\"supersedes\":\"%s\",\"incident\":\"%s\"}",
                            one->id, incident(past));
        break;
    default:
        return false;
    }
    story_say(s, by, kind, text);
    return true;
}

static void go_on(struct past *past)
{
    struct story *s = past->s;

    if (change(past))
        return;
    struct submission one = world_any(s->world, &s->arena);
    struct record record;
    struct err err = {0};
    story_append(s, &one, 1);
    story_ok(record_parse(&record, one.note, &s->arena, &err), &err);
    bool is_report = span_is(record.kind, "incident.report");
    if (!is_report && !span_is(record.kind, "claim") && !span_is(record.kind, "incident.open"))
        return;
    struct filed *filed = &past->filed[past->count++];
    memcpy(filed->id, record.id_text, sizeof filed->id);
    filed->by = author_of(s, &one);
    filed->is_report = is_report;
}

static const char *answer(struct story *s, const char *query, const char *as_of)
{
    struct http_response got =
        story_get(s, arena_printf(&s->arena, "/api/incidents?%s%s", query, as_of));

    assert_int_equal(got.status, 200);
    return arena_text(&s->arena, got.body);
}

static uint64_t last_entry(struct story *s)
{
    struct json status = story_get_json(s, "/api/status");

    return (uint64_t)json_get_integer(&status, "as_of", -1);
}

static void test_then_and_now(void **state)
{
    static const char *said[ENTRIES][QUERIES];
    struct past past = {.s = story_start(11)};
    uint64_t first = last_entry(past.s);
    unsigned found = 0;

    (void)state;
    for (size_t i = 0; i < ENTRIES; i++) {
        go_on(&past);
        for (size_t q = 0; q < QUERIES; q++) {
            said[i][q] = answer(past.s, queries[q], "");
            found += strstr(said[i][q], "\"incidents\":[{") != NULL;
        }
    }
    assert_true(found > ENTRIES * QUERIES / 4); /* it is not all about nothing */

    for (size_t i = 0; i < ENTRIES; i++) {
        char as_of[32];
        snprintf(as_of, sizeof as_of, "&as_of=%" PRIu64, first + 1 + i);
        for (size_t q = 0; q < QUERIES; q++)
            if (strcmp(said[i][q], answer(past.s, queries[q], as_of)) != 0)
                fail_msg("as of entry %" PRIu64 ", %s:\nthen %s\nnow  %s", first + 1 + i,
                         queries[q], said[i][q], answer(past.s, queries[q], as_of));
    }
    story_end(past.s);
}

/* Page by page it is the same list, and each incident is there once. */
static void test_pages(void **state)
{
    struct past past = {.s = story_start(12)};
    struct story *s = past.s;
    struct buf paged = buf_in(&s->arena, 1 << 20), whole = buf_in(&s->arena, 1 << 20);
    const char *after = "";
    size_t pages = 0;

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        struct submission incident = world_incident(s->world, &s->arena);
        story_append(s, &incident, 1);
    }
    for (size_t i = 0; i < ENTRIES / 2; i++)
        go_on(&past);
    while (after) {
        struct json page =
            story_get_json(s, arena_printf(&s->arena, "/api/incidents?limit=1%s", after));
        const struct json *list = json_get(&page, "incidents");
        struct span next = json_get_string(&page, "next", (struct span){0});

        for (uint32_t i = 0; i < list->array.count; i++)
            buf_put(&paged, json_get_string(&list->array.at[i], "id", (struct span){0}));
        after = next.len ? arena_printf(&s->arena, "&after=%.*s", SPAN_ARG(next)) : NULL;
        pages++;
    }
    struct json all = story_get_json(s, "/api/incidents?limit=500");
    const struct json *list = json_get(&all, "incidents");
    for (uint32_t i = 0; i < list->array.count; i++)
        buf_put(&whole, json_get_string(&list->array.at[i], "id", (struct span){0}));
    assert_true(span_equal(buf_span(&paged), buf_span(&whole)));
    assert_int_equal(pages, list->array.count);
    assert_true(pages >= 7);
    story_end(s);
}

static void test_made_anew(void **state)
{
    static const char *const more[] = {"/api/status", "/api/agreement"};
    struct past past = {.s = story_start(13)};
    struct story *s = past.s;
    const char *before[QUERIES + ARRAY_LEN(more)];

    (void)state;
    for (size_t i = 0; i < ENTRIES; i++)
        go_on(&past);
    for (size_t q = 0; q < QUERIES; q++)
        before[q] = answer(s, queries[q], "");
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        before[QUERIES + i] = arena_text(&s->arena, story_get(s, more[i]).body);

    story_close(s);
    static const char *const files[] = {"store.db", "store.db-wal", "store.db-shm"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlink(arena_printf(&s->arena, "%s/%s", s->directory, files[i]));
    story_open(s);

    for (size_t q = 0; q < QUERIES; q++)
        assert_string_equal(answer(s, queries[q], ""), before[q]);
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        assert_string_equal(arena_text(&s->arena, story_get(s, more[i]).body), before[QUERIES + i]);
    story_end(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_then_and_now),
    cmocka_unit_test(test_pages),
    cmocka_unit_test(test_made_anew),
};
RUN_TESTS(tests)
