#pragma once

/*
 * For benchmarks only: a log of the real kinds on the real disk, in a directory of its own
 * below TMPDIR or /var/tmp, and lines of what was measured. Each is a name, a value, its
 * unit and, where a goal stands on one, the ratio to what the same machine does in the same
 * run without us.
 */

#include "journal/world.h"

#include <time.h>
#include <unistd.h>

#define ROUNDS 3u /* of what is compared: the best counts, for others use the machine too */

static inline void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static inline double seconds_since(uint64_t start_ns)
{
    return (double)(clock_ticks_ns() - start_ns) / 1e9;
}

static inline void line(const char *name, double value, const char *unit)
{
    printf("%-40s %12.1f %s\n", name, value, unit);
    fflush(stdout);
}

/* Of one thing done many times: by the clock on the wall, and by the processors' time, which
 * says the same on a machine that others use as well. */
struct rate {
    double wall, cpu; /* a second */
};

struct stopwatch {
    uint64_t wall_ns, cpu_ns;
};

static inline uint64_t cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static inline struct stopwatch stopwatch_start(void)
{
    return (struct stopwatch){clock_ticks_ns(), cpu_ns()};
}

static inline void stopwatch_best(struct rate *best, struct stopwatch start, double count)
{
    double wall = count * 1e9 / (double)(clock_ticks_ns() - start.wall_ns);
    double cpu = count * 1e9 / (double)(cpu_ns() - start.cpu_ns);

    best->wall = wall > best->wall ? wall : best->wall;
    best->cpu = cpu > best->cpu ? cpu : best->cpu;
}

static inline void line_ratio(const char *name, struct rate rate, const char *unit,
                              struct rate bare, const char *of)
{
    printf("%-40s %12.1f %s (%.2f of %s; %.2f by processor time)\n", name, rate.wall, unit,
           rate.wall / bare.wall, of, rate.cpu / bare.cpu);
    fflush(stdout);
}

struct bench {
    struct world *w;
    struct arena arena;
    char directory[200];
    struct disk *disk;
    struct store *store;
    struct journal *journal;
};

static inline void open_all(struct bench *b)
{
    const char *above = getenv("TMPDIR");
    struct err err = {0};

    *b = (struct bench){.w = world_new(1)};
    snprintf(b->directory, sizeof b->directory, "%s/sulh-bench-XXXXXX", above ? above : "/var/tmp");
    if (!mkdtemp(b->directory)) {
        perror(b->directory);
        exit(1);
    }
    must(disk_open(&b->disk, b->directory, false, &err), &err);
    must(store_open(&b->store, arena_printf(&b->arena, "sqlite:%s/store.db", b->directory), &err),
         &err);
    struct journal_options options = world_options(b->w, b->disk, b->store);
    must(journal_open(&b->journal, &options, &err), &err);
}

static inline void close_all(struct bench *b)
{
    journal_close(b->journal);
    store_close(b->store);
    disk_close(b->disk);
    const char *command = arena_printf(&b->arena, "rm -r '%s'", b->directory);
    if (system(command) != 0)
        perror(command);
    arena_free(&b->arena);
    free(b->w);
}

static inline void append(struct bench *b, const struct submission *submission, size_t count)
{
    struct arena arena = {0};
    struct answer *answers = ARENA_ARRAY(&arena, struct answer, count);
    struct err err = {0};

    must(journal_append(b->journal, submission, count, answers, &arena, &err), &err);
    for (size_t i = 0; i < count; i++)
        assert(answers[i].kind == ANSWER_LOGGED);
    arena_free(&arena);
}

static inline void publish(struct bench *b)
{
    struct err err = {0};

    must(journal_publish(b->journal, &err), &err);
}

static inline struct submission *records(struct bench *b, size_t count)
{
    struct submission *out = ARENA_ARRAY(&b->arena, struct submission, count);

    for (size_t i = 0; i < count; i++)
        out[i] = world_any(b->w, &b->arena);
    return out;
}
