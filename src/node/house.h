#pragma once

/*
 * For test programs only: a node's directory with the keys and settings of journal/world.h's
 * small agreement, and a way to bring that into force.
 */

#include "journal/world.h"
#include "node/author.h"
#include "node/keyring.h"
#include "sys/scratch.h"

#define HOUSE_OPERATOR "obs/node"
#define HOUSE_AUTHOR "obs/1"

struct house {
    struct scratch scratch;
    struct world *world;
    struct arena arena;
};

static inline void house_ok(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static inline const char *house_path(struct house *h, const char *name)
{
    return arena_printf(&h->arena, "%s/%s", h->scratch.path, name);
}

static inline void house_write(struct house *h, const char *name, struct span bytes)
{
    struct err err = {0};
    struct disk *disk;

    house_ok(disk_open(&disk, h->scratch.path, false, &err) &&
                 disk_replace(disk, name, bytes, true, &err),
             &err);
    disk_close(disk);
}

static inline struct house *house_build(uint64_t seed)
{
    static const char settings[] =
        "[node]\nagreement = \"" WORLD_NAME "\"\nname = \"" HOUSE_OPERATOR
        "\"\n[log]\norigin = \"" WORLD_NAME "/term/1\"\npromise = \"obs/promise\"\n";
    struct house *h = calloc(1, sizeof *h);
    struct err err = {0};

    assert(h);
    h->scratch = scratch_make();
    h->world = world_new(seed);
    const struct note_signer *keys[] = {&h->world->log, &h->world->promise, &h->world->node.signer,
                                        &h->world->author[0].signer};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        house_ok(keyring_write(h->scratch.path, keys[i], &err), &err);
    struct span vkey = world_vkey(&h->world->log, &h->arena);
    house_write(h, "sulh.toml", SPAN_LIT(settings));
    house_write(h, "log.vkey", span_of(arena_printf(&h->arena, "%.*s\n", SPAN_ARG(vkey))));
    return h;
}

static inline struct node *house_open(struct house *h, const struct journal_view *view)
{
    struct node *node;
    struct err err = {0};

    house_ok(node_open(&node, h->scratch.path, view, NULL, &err), &err);
    return node;
}

/* Everything before people can report, a first tick included. */
static inline void house_found(struct house *h, struct node *node)
{
    struct submission start[WORLD_START];
    struct answer answer[WORLD_START];
    struct err err = {0};

    world_start(h->world, start, &h->arena);
    house_ok(node_submit(node, start, WORLD_START, answer, &h->arena, &err) &&
                 node_settle(node, &err),
             &err);
}

static inline uint64_t house_entries(struct house *h, struct node *node)
{
    struct journal_head head;

    journal_head(node_journal(node), &head, &h->arena);
    return head.staged;
}

static inline void house_end(struct house *h)
{
    scratch_remove(&h->scratch);
    arena_free(&h->arena);
    free(h->world);
    free(h);
}
