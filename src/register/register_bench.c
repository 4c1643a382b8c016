#include "register/test_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * How long one entry takes: 20,000 claims, each filed under an incident, with look-ups in
 * memory. Signatures are made and verified outside what is measured. Medians, so that what
 * else the machine does is not counted.
 */

#define CLAIMS 20000
#define BODY                                                                                       \
    "{'channel':'press','claimant':'Ministry of Defence','external_id':'claim-%zu','incident':"    \
    "'$incident','made':{'at_ms':1760000000000,'basis':'press','offset_min':300,"                  \
    "'uncertainty_ms':3600000},'matter':'killed','max':58,'min':23,'parts':[{'commitment':'%"      \
    "064zx',"                                                                                      \
    "'recipients':[],'stored':'#','tier':'public'}],'qualifier':'at least','side':'north',"        \
    "'subject':'south'}"

static double microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *values)
{
    qsort(values, CLAIMS, sizeof *values, compare);
    return values[CLAIMS / 2];
}

static struct span *make_claims(struct test_log *log)
{
    struct span *claims = malloc(CLAIMS * sizeof *claims);

    if (!claims)
        abort();
    for (size_t i = 0; i < CLAIMS; i++)
        claims[i] = test_record(log, "north/desk", "claim", arena_printf(&log->arena, BODY, i, i));
    return claims;
}

static void run(struct test_log *log, const struct span *claims)
{
    static double apply[CLAIMS], encode[CLAIMS], digest[CLAIMS];
    const struct register_lookup lookup = test_lookup(log);
    size_t bytes_of_effects = 0, bytes_of_memory = 0;
    struct arena arena = {0};
    struct err err = {0};

    for (size_t i = 0; i < CLAIMS; i++) {
        const struct register_entry entry = {
            .index = log->size, .bytes = claims[i], .author_verified = true};
        struct effects effects;

        double start = microseconds();
        bool ok = register_apply(&effects, &lookup, &entry, &arena, &err);
        double applied = microseconds();
        struct span bytes = register_effects_bytes(&effects, &arena);
        double encoded = microseconds();
        register_digest(&log->digest, entry.index, bytes);
        double done = microseconds();

        assert(ok && effects.verdict == VERDICT_HOLDS);
        apply[i] = applied - start;
        encode[i] = encoded - applied;
        digest[i] = done - encoded;
        bytes_of_effects += bytes.len;
        bytes_of_memory += arena.used;
        arena_reset(&arena);
        ok = test_append(log, claims[i], &err);
        assert(ok);
    }
    printf("register: a claim of %zu bytes: apply %.2f µs, encode %.2f µs, digest %.2f µs; "
           "%zu bytes of effects, %zu of memory\n",
           claims[CLAIMS / 2].len, median(apply), median(encode), median(digest),
           bytes_of_effects / CLAIMS, bytes_of_memory / CLAIMS);
    arena_free(&arena);
}

int main(void)
{
    struct test_log log;

    test_log_open(&log, NULL);
    test_begin(&log);
    test_say(&log, "north/desk", "incident.open", "{}");
    test_name_it(&log, "incident");
    struct span *claims = make_claims(&log);
    log.trusted = true;
    run(&log, claims);
    free(claims);
    test_log_close(&log);
    return 0;
}
