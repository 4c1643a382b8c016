#include "sim/inside.h"

#include "api/views.h"
#include "store/store.h"

#include <stdlib.h>

/* Nodes that come up, take turns, and go down. */

static int64_t clock_of(void *context)
{
    const struct instance *instance = context;

    return instance->sim->now_ms + instance->skew_ms;
}

static bool key_of(void *context, const char *name, struct note_signer *out, struct err *err)
{
    const struct instance *instance = context;
    const struct sim *sim = instance->sim;
    const struct org *org = &sim->org[instance->org];
    const struct note_signer *keys[2 + 2 * TERMS] = {&org->node, &org->witness};
    size_t count = 2;

    for (size_t i = 0; i < sim->terms; i++)
        if (sim->term[i].keeper == instance->org) {
            keys[count++] = &sim->term[i].log;
            keys[count++] = &sim->term[i].promise;
        }
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i]->name, name) == 0) {
            *out = *keys[i];
            return true;
        }
    return err_set(err, ERR_MISSING, "%s is not this node's", name);
}

void instance_begin(struct sim *sim, size_t org, size_t side, struct disk *disk)
{
    struct instance *instance = &sim->org[org].instance[side];

    *instance = (struct instance){.sim = sim, .org = org, .side = side, .disk = disk};
}

struct instance *instance_at(struct sim *sim, size_t n)
{
    for (size_t i = 0; i < INSTANCES; i++) {
        struct instance *instance = &sim->org[i % ORGS].instance[i / ORGS];

        if (instance->disk && n-- == 0)
            return instance;
    }
    return NULL;
}

static bool come_up(struct instance *instance, struct err *err)
{
    struct node_world world = {.disk = instance->disk,
                               .store = instance->store,
                               .clock = {clock_of, instance},
                               .key = key_of,
                               .context = instance};
    struct journal_view view = views_journal();
    struct transport transport = network_of(instance);

    if (!node_open_in(&instance->node, &world, &view, err))
        return false;
    if (node_meet(instance->node, &transport, &transport, err) &&
        (!instance->sim->mission->wired || node_wire(instance->node, &transport, false, err)))
        return true;
    node_close(instance->node);
    instance->node = NULL;
    return false;
}

bool instance_start(struct instance *instance, struct err *err)
{
    assert(!instance->node);
    if (!instance->store && !store_open(&instance->store, "memory:", err))
        return false;
    if (!come_up(instance, err))
        return false;
    instance->api = api_open(instance->node);
    instance->hurt = instance->full || instance->failing;
    return true;
}

void instance_stop(struct instance *instance)
{
    api_close(instance->api);
    node_close(instance->node);
    instance->api = NULL;
    instance->node = NULL;
}

/* Of the store a crash may have kept the last commit or nothing at all. */
void instance_crash(struct instance *instance)
{
    struct sim *sim = instance->sim;

    instance_stop(instance);
    struct disk *after = disk_sim_crash(instance->disk, sim_chance(sim));
    disk_close(instance->disk);
    instance->disk = after;
    instance->failing = false;
    disk_sim_fill(after, instance->full);
    if (sim_one_in(sim, 3)) {
        store_close(instance->store);
        instance->store = NULL;
    }
    sim->out->crashes++;
}

void instance_restart(struct instance *instance)
{
    struct err err = {0};

    instance_stop(instance);
    if (!instance_start(instance, &err)) {
        sim_say(instance->sim, "node %zu.%zu does not start: %s", instance->org, instance->side,
                err.text);
        instance_crash(instance);
    }
}

void instance_put_back(struct instance *instance, struct disk *disk)
{
    instance_stop(instance);
    disk_close(instance->disk);
    instance->disk = disk;
    instance->failing = false;
    disk_sim_fill(disk, instance->full);
    store_close(instance->store);
    instance->store = NULL;
    instance->now_ms = 0;
    instance->now_size = 0;
}

void instance_turn(struct instance *instance)
{
    struct err err = {0};

    if (node_turn(instance->node, &err)) {
        watch_instance(instance);
        return;
    }
    sim_say(instance->sim, "node %zu.%zu ends: %s", instance->org, instance->side, err.text);
    if (succession_set_aside(instance, err.text))
        return;
    if (sim_is_honest(instance->sim, instance->org) && !instance->hurt)
        sim_broken(instance->sim, "node %zu ends without need: %s", instance->org, err.text);
    instance_crash(instance);
}

void instance_end(struct instance *instance)
{
    if (!instance->disk)
        return;
    instance_stop(instance);
    store_close(instance->store);
    disk_close(instance->disk);
    disk_close(instance->backup);
}
