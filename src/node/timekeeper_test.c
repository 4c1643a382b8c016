#include "node/node.h"

#include "base/test.h"
#include "codec/json.h"
#include "journal/world.h"
#include "sys/disk_sim.h"

#include <stdlib.h>

/* When whoever keeps the log makes a tick of its own clock. */

struct keeper {
    struct world *world;
    struct disk *disk;
    struct store *store;
    struct node *node;
    struct arena arena;
    int64_t now_ms;
};

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static int64_t keeper_now(void *context)
{
    return ((struct keeper *)context)->now_ms;
}

static bool keeper_key(void *context, const char *name, struct note_signer *out, struct err *err)
{
    const struct world *world = ((struct keeper *)context)->world;
    const struct note_signer *const all[] = {&world->log, &world->promise, &world->node.signer};

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (strcmp(all[i]->name, name) == 0) {
            *out = *all[i];
            return true;
        }
    return err_set(err, ERR_MISSING, "no key %s", name);
}

static void nobody(void *context, struct call *call, size_t count, unsigned patience_ms,
                   bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    (void)context;
    (void)call;
    (void)patience_ms;
    (void)enough;
    (void)enough_context;
    (void)arena;
    assert_int_equal(count, 0); /* it has no peers */
}

static void say(struct keeper *k, const struct submission *some, size_t count)
{
    struct answer answer[WORLD_START];
    struct err err = {0};

    must(node_submit(k->node, some, count, answer, &k->arena, &err), &err);
}

/* With so many of the records at a log's start, of which the last is a tick. */
static struct keeper *keeper_make(size_t count)
{
    static const char settings[] =
        "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"obs/node\"\n[log]\norigin = \"" WORLD_NAME
        "/term/1\"\npromise = \"obs/promise\"\n";
    struct keeper *k = calloc(1, sizeof *k);
    const struct transport transport = {nobody, NULL};
    struct submission start[WORLD_START];
    struct err err = {0};

    assert(k);
    k->world = world_new(1);
    k->now_ms = k->world->now_ms + 60000;
    must(disk_sim_open(&k->disk, 1) && store_open(&k->store, "memory:", &err), &err);
    struct span vkey = world_vkey(&k->world->log, &k->arena);
    const struct node_world world = {.disk = k->disk,
                                     .store = k->store,
                                     .clock = {keeper_now, k},
                                     .key = keeper_key,
                                     .context = k};
    must(disk_replace(k->disk, "sulh.toml", SPAN_LIT(settings), true, &err) &&
             disk_replace(k->disk, "log.vkey",
                          span_of(arena_printf(&k->arena, "%.*s\n", SPAN_ARG(vkey))), true, &err) &&
             node_open_in(&k->node, &world, NULL, &err) &&
             node_meet(k->node, &transport, &transport, &err),
         &err);
    world_start(k->world, start, &k->arena);
    say(k, start, count);
    return k;
}

static void keeper_end(struct keeper *k)
{
    node_close(k->node);
    store_close(k->store);
    disk_close(k->disk);
    arena_free(&k->arena);
    free(k->world);
    free(k);
}

/* The entry of the last tick; -1: there is none. */
static int64_t last_tick(struct keeper *k)
{
    struct json clock;
    struct span row;
    struct err err = {0};

    must(store_reader_refresh(node_reader(k->node), &err) &&
             store_get(node_reader(k->node), "clock", SPAN_LIT("clock"), STORE_LATEST, &row, NULL,
                       &k->arena, &err),
         &err);
    if (!row.at)
        return -1;
    must(json_parse_canonical(&clock, row, &k->arena, &err), &err);
    return json_get_integer(&clock, "index", -1);
}

/* How many ticks come about in so long, at ten turns a second. */
static unsigned ticks_in(struct keeper *k, int64_t ms)
{
    int64_t last = last_tick(k);
    unsigned ticks = 0;
    struct err err = {0};

    for (int64_t until = k->now_ms + ms; k->now_ms < until; k->now_ms += 100) {
        must(node_turn(k->node, &err), &err);
        ticks += last_tick(k) != last;
        last = last_tick(k);
    }
    return ticks;
}

static void test_due(void **state)
{
    static const struct {
        const char *name;
        int64_t quiet_ms; /* after the first twenty seconds */
        bool news;        /* somebody says something then */
        int64_t wait_ms;
        unsigned ticks; /* by then, since */
    } cases[] = {
        {"nothing happens", 0, false, 30000, 0},
        {"nor in nearly ten minutes", 0, false, 575000, 0},
        {"in ten minutes one tick", 0, false, 590000, 1},
        {"in half an hour three", 0, false, 1790000, 3},
        {"somebody speaks: not at once", 30000, true, 9900, 0},
        {"ten seconds later", 30000, true, 10300, 1},
        {"and no second one, for a tick is no news", 30000, true, 60000, 1},
        {"nor sooner than ten seconds after another", 0, true, 9000, 0},
        {"after long quiet the same", 500000, true, 10300, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct keeper *k = keeper_make(WORLD_START);

        (void)ticks_in(k, 20000 + cases[i].quiet_ms);
        if (cases[i].news) {
            struct submission one = world_incident(k->world, &k->arena);

            say(k, &one, 1);
        }
        unsigned ticks = ticks_in(k, cases[i].wait_ms);
        if (ticks != cases[i].ticks)
            fail_msg("case \"%s\": %u", cases[i].name, ticks);
        keeper_end(k);
    }
}

/* Nothing takes effect before there is a time: the first tick is made at once. */
static void test_first(void **state)
{
    struct keeper *k = keeper_make(WORLD_START - 1); /* all but the tick */

    (void)state;
    assert_int_equal(last_tick(k), -1);
    assert_int_equal(ticks_in(k, 200), 1);
    keeper_end(k);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_first),
    cmocka_unit_test(test_due),
};

RUN_TESTS(tests)
