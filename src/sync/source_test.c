#include "sync/source.h"

#include "base/test.h"
#include "codec/hex.h"
#include "store/parts.h"
#include "sys/disk_sim.h"

#include <stdio.h>

/* What is made of the answers of a peer, and of the files of a directory. */

static struct arena arena;

static struct { /* what the transport was asked, and what it answers */
    char path[200];
    const char *url;
    size_t limit;
    unsigned patience_ms;
    bool answered;
    int status;
    const char *reply;
    enum err_kind kind;
} wire;

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *work)
{
    (void)context;
    (void)enough;
    (void)enough_context;
    (void)work;
    assert_int_equal(count, 1);
    snprintf(wire.path, sizeof wire.path, "%s", calls->path);
    assert_null(calls->type); /* GET */
    wire.url = calls->url;
    wire.limit = calls->limit;
    wire.patience_ms = patience_ms;
    calls->answered = wire.answered;
    calls->status = wire.status;
    calls->reply = span_of(wire.reply);
    if (!wire.answered)
        err_set(&calls->err, wire.kind, "no answer");
}

static void test_peer(void **state)
{
    static const struct {
        const char *name;
        bool answered;
        int status;
        const char *reply;
        enum err_kind transport, kind; /* ERR_NONE: it is given */
    } cases[] = {
        {"an answer", true, 200, "hello", ERR_NONE, ERR_NONE},
        {"an empty one", true, 200, "", ERR_NONE, ERR_NONE},
        {"as long as may be", true, 200, "0123456789", ERR_NONE, ERR_NONE},
        {"longer", true, 200, "0123456789x", ERR_NONE, ERR_LIMIT},
        {"not there", true, 404, "hello", ERR_NONE, ERR_MISSING},
        {"no longer there", true, 410, "hello", ERR_NONE, ERR_MISSING},
        {"not for us", true, 403, "hello", ERR_NONE, ERR_REFUSED},
        {"sign in first", true, 401, "hello", ERR_NONE, ERR_REFUSED},
        {"a part of it", true, 206, "hello", ERR_NONE, ERR_IO},
        {"not changed", true, 304, "", ERR_NONE, ERR_IO},
        {"a fault of its own", true, 500, "hello", ERR_NONE, ERR_IO},
        {"no answer", false, 0, "", ERR_IO, ERR_IO},
        {"an endless one", false, 0, "", ERR_LIMIT, ERR_LIMIT},
        {"a conflict, whatever that is", false, 0, "", ERR_CONFLICT, ERR_IO},
    };
    static const struct transport transport = {run, NULL};
    struct source_peer peer = {&transport, "http://peer.invalid", 700};
    const struct source source = source_of_peer(&peer);
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span got = SPAN_LIT("untouched");
        struct err err = {0};

        wire.answered = cases[i].answered;
        wire.status = cases[i].status;
        wire.reply = cases[i].reply;
        wire.kind = cases[i].transport;
        bool ok = source_get(&source, "tile/0/000", 10, &got, &arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, ok ? span_is(got, cases[i].reply) : err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, ok || strstr(err.text, "http://peer.invalid: tile/0/000: "));
        CHECK_CASE(cases[i].name, strcmp(wire.path, "/tile/0/000") == 0 && wire.limit == 10);
        CHECK_CASE(cases[i].name, wire.url == peer.url && wire.patience_ms == 700);
    }
    arena_free(&arena);
}

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void test_peer_paths(void **state)
{
    static const struct {
        const char *path, *asked;
    } cases[] = {
        {"checkpoint", "/checkpoint"},
        {"tile/entries/x001/234.p/5", "/tile/entries/x001/234.p/5"},
        {"term/1/checkpoint", "/term/1/checkpoint"},
        {"parts/" HASH, "/api/parts/" HASH},
    };
    static const struct transport transport = {run, NULL};
    struct source_peer peer = {&transport, "http://peer.invalid", 1};
    const struct source source = source_of_peer(&peer);
    (void)state;

    wire.answered = true;
    wire.status = 200;
    wire.reply = "yes";
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span got;
        struct err err = {0};

        CHECK_CASE(cases[i].path, source_get(&source, cases[i].path, 10, &got, &arena, &err));
        CHECK_CASE(cases[i].path, strcmp(wire.path, cases[i].asked) == 0);
    }
    arena_free(&arena);
}

static const char *part_path(struct span stored)
{
    char hex[2 * HASH_BYTES + 1];
    struct hash hash = hash_of(stored);

    hex_text(hex, hash_span(&hash));
    return arena_printf(&arena, "parts/%s", hex);
}

static void test_disk(void **state)
{
    struct disk *disk;
    struct parts *parts;
    struct span got;
    struct err err = {0};
    const struct span here = SPAN_LIT("a part that is here"), gone = SPAN_LIT("one that is not");
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    static const char *const files[] = {"log/checkpoint",       "log/tile/0/000.p/7",
                                        "log/tile/entries/000", "terms/1",
                                        "keys/a.key",           "log.vkey"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        assert_true(disk_replace(disk, files[i], span_of(files[i]), true, &err));
    assert_true(parts_open(&parts, disk, &err) && parts_add(parts, here, &err));
    parts_close(parts);
    struct source_disk from = {.disk = disk, .name = "a copy"};
    const struct source source = source_of_disk(&from);

    const struct {
        const char *path;
        size_t limit;
        const char *text; /* of what is given; NULL: it is not */
        enum err_kind kind;
    } cases[] = {
        {"checkpoint", 100, "log/checkpoint", ERR_NONE},
        {"tile/0/000.p/7", 100, "log/tile/0/000.p/7", ERR_NONE},
        {"tile/entries/000", 100, "log/tile/entries/000", ERR_NONE},
        {"term/1/checkpoint", 100, "terms/1", ERR_NONE},
        {"log.vkey", 100, "log.vkey", ERR_NONE},
        {part_path(here), 100, (const char *)here.at, ERR_NONE},
        {"tile/0/001", 100, NULL, ERR_MISSING},
        {"tile/0/000.p/7", 5, NULL, ERR_LIMIT},
        {"term/2/checkpoint", 100, NULL, ERR_MISSING},
        {"term/01/checkpoint", 100, NULL, ERR_MISSING},
        {"term/1/checkpoint/", 100, NULL, ERR_REFUSED},
        {"terms/1", 100, NULL, ERR_MISSING},
        {part_path(gone), 100, NULL, ERR_MISSING},
        {part_path(here), 5, NULL, ERR_LIMIT},
        {"keys/a.key", 100, NULL, ERR_MISSING},
        {"../keys/a.key", 100, NULL, ERR_REFUSED},
        {"parts/" HASH "00", 100, NULL, ERR_MISSING},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bool ok = source_get(&source, cases[i].path, cases[i].limit, &got, &arena, &err);

        CHECK_CASE(cases[i].path, ok == (cases[i].text != NULL));
        CHECK_CASE(cases[i].path, ok ? span_is(got, cases[i].text) : err.kind == cases[i].kind);
    }
    source_disk_close(&from);
    source_disk_close(&from);
    disk_close(disk);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_peer), cmocka_unit_test(test_peer_paths), cmocka_unit_test(test_disk)};
RUN_TESTS(tests)
