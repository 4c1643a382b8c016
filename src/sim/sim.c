#include "sim/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The world, and what happens in it. */

#define BEGIN_MS INT64_C(1761955200000) /* 2025-11-01 */
#define FOUNDING_ROUNDS 60u

/* splitmix64 */
uint64_t sim_chance(struct sim *sim)
{
    uint64_t z = sim->chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

size_t sim_below(struct sim *sim, size_t limit)
{
    return (size_t)(sim_chance(sim) % limit);
}

bool sim_one_in(struct sim *sim, size_t many)
{
    return sim_below(sim, many) == 0;
}

void sim_say(struct sim *sim, const char *format, ...)
{
    char text[1000];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct span of[] = {hash_span(&sim->out->history), span_of(text)};
    sim->out->history = hash_of_parts(of, ARRAY_LEN(of));
    if (sim->options->trace)
        fprintf(stderr, "%5" PRIu64 " %10.3f  %s\n", sim->step,
                (double)(sim->now_ms - BEGIN_MS) / 1000, text);
}

void sim_broken(struct sim *sim, const char *format, ...)
{
    va_list args;

    if (sim->out->broken[0])
        return;
    va_start(args, format);
    vsnprintf(sim->out->broken, sizeof sim->out->broken, format, args);
    va_end(args);
    sim_say(sim, "BROKEN: %s", sim->out->broken);
}

void *sim_more(void *list, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? 2 * *room : 64;
    list = realloc(list, *room * size);
    if (!list)
        abort();
    return list;
}

/* --- what happens --- */

static struct instance *some_instance(struct sim *sim)
{
    size_t count = 0;

    while (instance_at(sim, count))
        count++;
    return instance_at(sim, sim_below(sim, count));
}

static void pass_time(struct sim *sim)
{
    static const int64_t most[] = {50, 500, 500, 2000, 2000, 12000, 12000, 60000, 700000};

    sim->now_ms += 1 + (int64_t)sim_below(sim, (size_t)most[sim_below(sim, ARRAY_LEN(most))]);
}

static void open_again(struct instance *instance)
{
    struct sim *sim = instance->sim;
    struct err err = {0};

    if (instance_start(instance, &err)) {
        sim_say(sim, "node %zu.%zu is up", instance->org, instance->side);
        watch_instance(instance);
        return;
    }
    sim_say(sim, "node %zu.%zu does not start: %s", instance->org, instance->side, err.text);
    if (sim_is_honest(sim, instance->org) && !instance->full && !instance->failing)
        sim_broken(sim, "node %zu does not start again: %s", instance->org, err.text);
    instance_crash(instance);
}

static void take_turn(struct sim *sim)
{
    struct instance *instance = some_instance(sim);

    if (instance->node)
        instance_turn(instance);
    else if (!instance->stays && sim_one_in(sim, 4))
        open_again(instance);
}

static void all_take_turns(struct sim *sim)
{
    struct instance *instance;

    for (size_t i = 0; (instance = instance_at(sim, i)) != NULL; i++)
        if (instance->node)
            instance_turn(instance);
}

/* An author has one record at a time in hand, and tries until somebody takes it in. */
static void report(struct sim *sim)
{
    size_t author = sim_below(sim, AUTHORS);
    struct org *org = &sim->org[author];
    struct instance *instance = some_instance(sim);
    struct answer answer;
    struct err err = {0};

    if (!instance->node)
        return;
    if (!org->has_pending)
        org->pending = sim_report(sim, author, &sim->arena);
    org->has_pending = true;
    if (!node_submit(instance->node, &org->pending, 1, &answer, &sim->working, &err)) {
        sim_say(sim, "node %zu takes nothing in: %s", instance->org, err.text);
        return;
    }
    sim_say(sim, "record %.8s of %zu at node %zu.%zu: %d", answer.id, author, instance->org,
            instance->side, (int)answer.kind);
    if (answer.kind == ANSWER_REFUSED) {
        if (sim_is_honest(sim, instance->org))
            sim_broken(sim, "node %zu refuses a good record: %s", instance->org, answer.reason);
        return;
    }
    org->has_pending = false;
    watch_taken(sim, instance->org, author, &answer);
}

static void crash(struct sim *sim)
{
    struct instance *instance = some_instance(sim);

    sim_say(sim, "node %zu.%zu crashes", instance->org, instance->side);
    instance_crash(instance);
}

static void fail_disk(struct sim *sim)
{
    struct instance *instance = some_instance(sim);

    instance->failing = instance->hurt = true;
    disk_sim_fail_after(instance->disk,
                        disk_sim_operations(instance->disk) + 1 + sim_below(sim, 60));
    sim_say(sim, "the disk of node %zu.%zu is about to fail", instance->org, instance->side);
}

static void fill_disk(struct sim *sim)
{
    struct instance *instance = some_instance(sim);

    instance->full = !instance->full;
    instance->hurt = true;
    disk_sim_fill(instance->disk, instance->full);
    sim_say(sim, "the disk of node %zu.%zu is %s", instance->org, instance->side,
            instance->full ? "full" : "emptied");
}

static void cut_or_mend(struct sim *sim)
{
    size_t a = sim_below(sim, ORGS), b = sim_below(sim, ORGS);

    sim->cut[a][b] = !sim->cut[a][b];
    if (sim_one_in(sim, 2))
        sim->cut[b][a] = sim->cut[a][b];
    sim_say(sim, "%zu to %zu %s", a, b, sim->cut[a][b] ? "is cut" : "is mended");
}

/* All links to one, as when its line is dug up. */
static void cut_off(struct sim *sim)
{
    size_t which = sim_below(sim, ORGS);
    bool cut = sim_one_in(sim, 2);

    for (size_t i = 0; i < ORGS; i++)
        sim->cut[which][i] = sim->cut[i][which] = cut;
    sim_say(sim, "%zu is %s", which, cut ? "cut off" : "back");
}

static void skew(struct sim *sim)
{
    struct instance *instance = some_instance(sim);

    instance->skew_ms = (int64_t)sim_below(sim, 600000) - 300000;
    sim_say(sim, "the clock of node %zu.%zu is %" PRId64 " ms off", instance->org, instance->side,
            instance->skew_ms);
}

static const struct {
    unsigned weight;
    void (*happens)(struct sim *sim);
} events[] = {{30, pass_time},
              {40, take_turn},
              {12, all_take_turns},
              {16, report},
              {2, crash},
              {1, fail_disk},
              {1, fill_disk},
              {3, cut_or_mend},
              {1, cut_off},
              {1, skew},
              {3, network_deliver_late},
              {14, succession_step}};

static void step(struct sim *sim)
{
    unsigned total = 0, which;
    size_t i = 0;

    sim->step++;
    arena_reset(&sim->working);
    for (size_t n = 0; n < ARRAY_LEN(events); n++)
        total += events[n].weight;
    for (which = (unsigned)sim_below(sim, total); which >= events[i].weight; i++)
        which -= events[i].weight;
    events[i].happens(sim);
    for (size_t org = 0; org < ORGS; org++)
        liar_step(sim, org);
}

/* --- a run --- */

/* Before it, nothing that anybody reports would take effect. */
void sim_settle(struct sim *sim)
{
    for (unsigned i = 0; i < FOUNDING_ROUNDS; i++) {
        sim->now_ms += 1000;
        all_take_turns(sim);
        arena_reset(&sim->working);
        bool all = true;
        for (size_t org = 0; org < ORGS; org++)
            all = all && sim->org[org].instance[0].now_ms > 0;
        if (all)
            return;
    }
    sim_broken(sim, "there is no first tick");
}

static const enum lie of_keeper[] = {LIE_SPLIT,   LIE_SPLIT,    LIE_SIGNS_NONE,
                                     LIE_IGNORES, LIE_GOES_ON,  LIE_GARBAGE,
                                     LIE_FLOODS,  LIE_PUT_BACK, LIE_ROTS};
static const enum lie of_others[] = {LIE_SPLIT,   LIE_SIGNS_ALL, LIE_SIGNS_ALL, LIE_SIGNS_NONE,
                                     LIE_GARBAGE, LIE_FLOODS,    LIE_PUT_BACK,  LIE_ROTS};

static void choose_liars(struct sim *sim)
{
    const struct sim_options *options = sim->options;

    for (size_t i = 0; i < ORGS; i++)
        sim->org[i].view = sim_below(sim, 2);
    for (unsigned n = 0; n < options->liars; n++) {
        size_t which = n == 0 && (options->first || sim_one_in(sim, 2))
                           ? KEEPER
                           : 1 + sim_below(sim, ORGS - 1);
        struct org *org = &sim->org[which];

        if (org->lie != LIE_NONE) {
            n--;
            continue;
        }
        if (which == KEEPER)
            org->lie =
                options->first ? options->first : of_keeper[sim_below(sim, ARRAY_LEN(of_keeper))];
        else
            org->lie =
                options->others ? options->others : of_others[sim_below(sim, ARRAY_LEN(of_others))];
        sim_say(sim, "%s %s", org->name, sim_lie_word(org->lie));
    }
}

/* Who is shown one log is kept from who is shown the other. */
static void part_views(struct sim *sim)
{
    if (sim->org[KEEPER].lie != LIE_SPLIT || sim_one_in(sim, 2))
        return;
    for (size_t a = 0; a < ORGS; a++)
        for (size_t b = 0; b < ORGS; b++)
            sim->cut[a][b] = sim_is_honest(sim, a) && sim_is_honest(sim, b) &&
                             sim->org[a].view != sim->org[b].view;
}

void sim_end(struct sim *sim)
{
    for (size_t i = 0; i < ORGS; i++)
        for (size_t side = 0; side < 2; side++)
            instance_end(&sim->org[i].instance[side]);
    free(sim->seen);
    free(sim->state);
    free(sim->taken);
    arena_free(&sim->arena);
    arena_free(&sim->working);
    free(sim);
}

struct sim *sim_new(struct sim_result *out, const struct sim_options *options,
                    const struct mission *mission)
{
    struct sim *sim = calloc(1, sizeof *sim);

    if (!sim)
        abort();
    *out = (struct sim_result){0};
    sim->options = options;
    sim->mission = mission;
    sim->out = out;
    sim->chance = options->seed;
    sim->now_ms = BEGIN_MS;
    return sim;
}

void sim_run(struct sim_result *out, const struct sim_options *options)
{
    struct sim *sim = sim_new(out, options, &sim_mission);

    sim_found(sim);
    sim_settle(sim);
    choose_liars(sim);
    liar_begin(sim);
    part_views(sim);
    sim->rough = true;
    for (unsigned i = 0; i < options->steps && !out->broken[0]; i++)
        step(sim);
    if (!out->broken[0])
        sim_heal(sim);
    sim_judge(sim);
    sim_end(sim);
}
