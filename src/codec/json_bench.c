/* How fast a record's JSON is read and written: what a replay does for each entry. */

#include "codec/json.h"

#include <stdio.h>
#include <time.h>

#define HASH "8f14e45fceea167a5a36dedd4bea2543d7f0e9d6f5a3b1c2d4e5f60718293a4b"
#define ROUNDS 500000

static const char record[] =
    "{\"body\":{\"act\":\"shelling\",\"case\":\"" HASH "\",\"parts\":[{\"commitment\":\"" HASH
    "\",\"recipients\":[\"party-a/ops\",\"party-b/ops\",\"mediator-a/desk\",\"mediator-b/desk\"],"
    "\"stored\":\"" HASH "\",\"tier\":\"mechanism\"}],\"sector\":\"chaman\",\"seen_at\":{"
    "\"at_ms\":1760289600000,\"basis\":\"own observation\",\"offset_min\":300,"
    "\"uncertainty_ms\":60000}},\"by\":\"party-a/ops/1\",\"prev\":\"" HASH
    "\",\"said_at_ms\":1760289600000,\"seen\":{\"root\":\"" HASH "\",\"size\":1234567},\"seq\":17}";

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(const char *what, double from_s)
{
    double each_s = (now_s() - from_s) / ROUNDS;

    printf("json %-15s %6.0f ns  %5.0f MB/s\n", what, each_s * 1e9,
           (double)(sizeof record - 1) / each_s / 1e6);
}

static double bench_parse(struct arena *arena,
                          bool (*parse)(struct json *, struct span, struct arena *, struct err *))
{
    double from_s = now_s();
    struct err err = {0};
    struct json value;

    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        bool ok = parse(&value, SPAN_LIT(record), arena, &err);
        assert(ok);
    }
    return from_s;
}

static double bench_encode(struct arena *arena, const struct json *value)
{
    double from_s = now_s();

    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(arena);
        struct span bytes = json_bytes(value, arena);
        assert(bytes.len == sizeof record - 1);
    }
    return from_s;
}

int main(void)
{
    struct arena arena = {0}, kept = {0};
    struct err err = {0};
    struct json value;

    report("parse", bench_parse(&arena, json_parse));
    report("parse canonical", bench_parse(&arena, json_parse_canonical));
    bool ok = json_parse_canonical(&value, SPAN_LIT(record), &kept, &err);
    assert(ok);
    report("encode", bench_encode(&arena, &value));
    arena_free(&arena);
    arena_free(&kept);
    return 0;
}
