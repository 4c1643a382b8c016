/* What sealing costs beside what is done to a part anyway: its bytes are hashed and copied. */

#include "codec/age.h"

#include "crypto/hash.h"
#include "crypto/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_BYTES (16u << 20)
#define TOTAL_BYTES (64u << 20)

static const struct age_seed seed = {{1}};
static const struct age_identity identity = {{2}};
static struct age_recipient to;
static uint8_t *plain;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void hash_and_copy(struct span bytes, struct span sealed, struct arena *arena)
{
    static struct hash last; /* so that the work is done */

    (void)sealed;
    last = hash_of(arena_copy(arena, bytes));
    assert(sizeof last == HASH_BYTES);
}

static void seal(struct span bytes, struct span sealed, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    struct err err = {0};
    bool ok = age_encrypt(&out, &to, 1, bytes, &seed, &err);

    assert(ok && out.len == sealed.len);
}

static void open_it(struct span bytes, struct span sealed, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    struct err err = {0};
    bool ok = age_decrypt(&out, &identity, 1, sealed, &err);

    assert(ok && out.len == bytes.len);
}

/* The least of many: others work on the same machine. */
static double seconds_each(void (*work)(struct span, struct span, struct arena *),
                           struct span bytes, struct span sealed)
{
    unsigned rounds = bytes.len < 65536 ? 512 : (unsigned)(TOTAL_BYTES / bytes.len);
    struct arena arena = {0};
    double least_s = 0;

    for (unsigned i = 0; i < 5 * rounds; i++) {
        double from_s = now_s();

        work(bytes, sealed, &arena);
        double took_s = now_s() - from_s;
        least_s = i == 0 || took_s < least_s ? took_s : least_s;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return least_s;
}

static void bench(size_t len)
{
    static const struct {
        const char *name;
        void (*work)(struct span, struct span, struct arena *);
    } works[] = {{"hash and copy", hash_and_copy}, {"seal", seal}, {"open", open_it}};
    struct span bytes = span_make(plain, len);
    struct arena arena = {0};
    struct buf sealed = buf_in(&arena, SIZE_MAX);
    struct err err = {0};
    bool ok = age_encrypt(&sealed, &to, 1, bytes, &seed, &err);
    double base_s = 0;

    assert(ok);
    for (size_t i = 0; i < ARRAY_LEN(works); i++) {
        double each_s = seconds_each(works[i].work, bytes, buf_span(&sealed));

        base_s = i == 0 ? each_s : base_s;
        printf("age %8zu bytes  %-13s %9.1f us  %6.0f MB/s  %5.2f of hash and copy\n", len,
               works[i].name, each_s * 1e6, (double)len / each_s / 1e6, each_s / base_s);
    }
    arena_free(&arena);
}

int main(void)
{
    bool ok = sign_start();

    plain = calloc(1, MOST_BYTES);
    assert(ok && plain);
    to = age_identity_recipient(&identity);
    for (size_t i = 0; i < MOST_BYTES; i++)
        plain[i] = (uint8_t)(i * 31 >> 3);
    bench(300);
    bench(AGE_CHUNK_BYTES);
    bench(1u << 20);
    bench(MOST_BYTES);
    free(plain);
    return 0;
}
