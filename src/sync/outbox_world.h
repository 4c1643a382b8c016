#pragma once

/*
 * For tests only: people who sign records, an outbox on a simulated disk, and the log's keys,
 * which promise and refuse.
 */

#include "codec/hex.h"
#include "journal/promise.h"
#include "ledger/merkle.h"
#include "record/record.h"
#include "sync/outbox.h"
#include "sys/disk_sim.h"

#include <stdio.h>
#include <stdlib.h>

#define WORLD_AGREEMENT "north-south"
#define WORLD_ORIGIN WORLD_AGREEMENT "/term/1"
#define WORLD_KEYS 4u
#define WORLD_START_MS INT64_C(1761955200000) /* 2025-11-01 */

struct outbox_world {
    struct arena arena;
    struct disk *disk;
    struct outbox *outbox;
    struct note_signer promise, node;
    struct {
        struct note_signer signer;
        uint64_t seq;
        char prev[65];
    } key[WORLD_KEYS]; /* "people/0" … */
    int64_t now_ms;
};

static inline void outbox_world_signer(struct note_signer *out, const char *name)
{
    struct hash seed = hash_of(span_of(name));

    note_signer_make(out, span_of(name), NOTE_TYPE_ED25519, seed.bytes);
}

/* Without an outbox. */
static inline struct outbox_world *outbox_world_new(uint64_t seed)
{
    struct outbox_world *w = calloc(1, sizeof *w);
    bool ok = w && sign_start() && disk_sim_open(&w->disk, seed);

    assert(ok);
    outbox_world_signer(&w->promise, "log/promise");
    outbox_world_signer(&w->node, "log/node");
    for (unsigned i = 0; i < WORLD_KEYS; i++)
        outbox_world_signer(&w->key[i].signer, arena_printf(&w->arena, "people/%u", i));
    w->now_ms = WORLD_START_MS;
    return w;
}

static inline void outbox_world_free(struct outbox_world *w)
{
    outbox_close(w->outbox);
    disk_close(w->disk);
    arena_free(&w->arena);
    free(w);
}

static inline bool outbox_world_open(struct outbox_world *w, struct err *err)
{
    const struct outbox_options options = {.disk = w->disk};

    outbox_close(w->outbox);
    w->outbox = NULL;
    return outbox_open(&w->outbox, &options, w->now_ms, err);
}

/* A record of these members, continuing its key's chain; its id is in key[].prev then. */
static inline struct submission outbox_world_say(struct outbox_world *w, unsigned key,
                                                 const char *kind, struct json body)
{
    struct submission out = {0};
    struct record record;
    struct err err = {0};
    struct record_draft draft = {
        .agreement = SPAN_LIT(WORLD_AGREEMENT),
        .kind = kind,
        .version = 1,
        .by = span_of(w->key[key].signer.name),
        .seq = w->key[key].seq + 1,
        .prev = arena_copy(&w->arena, span_of(w->key[key].prev)),
        .seen_root = merkle_empty(),
        .said_at_ms = w->now_ms,
        .body = body,
    };
    bool ok = record_sign(&out.note, &draft, &w->key[key].signer, &w->arena, &err) &&
              record_parse(&record, out.note, &w->arena, &err);

    assert(ok);
    w->key[key].seq++;
    memcpy(w->key[key].prev, record.id_text, sizeof w->key[key].prev);
    return out;
}

/* One that names nothing. */
static inline struct submission outbox_world_any(struct outbox_world *w, unsigned key)
{
    struct json body = json_object();

    json_set(&body, "title", json_text("Shelling near the crossing"), &w->arena);
    return outbox_world_say(w, key, "incident.open", body);
}

static inline struct submission outbox_world_with_part(struct outbox_world *w, struct submission of,
                                                       const char *part)
{
    struct span *at = ARENA_NEW(&w->arena, struct span);

    *at = arena_copy(&w->arena, span_of(part));
    of.part = at;
    of.part_count = 1;
    return of;
}

static inline const char *outbox_world_id(struct outbox_world *w, const struct submission *of)
{
    struct record record;
    struct err err = {0};
    bool ok = record_parse(&record, of->note, &w->arena, &err);

    assert(ok);
    return arena_text(&w->arena, span_of(record.id_text));
}

/* What the log answers that has it at `index`. */
static inline struct answer outbox_world_promise(struct outbox_world *w,
                                                 const struct submission *of, uint64_t index)
{
    const struct promise promise = {WORLD_AGREEMENT, WORLD_ORIGIN,          outbox_world_id(w, of),
                                    index,           merkle_leaf(of->note), w->now_ms};
    struct answer out = {.kind = ANSWER_LOGGED, .index = index};

    memcpy(out.id, promise.id, sizeof out.id);
    out.promise = promise_sign(&promise, &w->promise, &w->arena);
    return out;
}

static inline struct answer outbox_world_refusal(struct outbox_world *w,
                                                 const struct submission *of)
{
    const struct refusal refusal = {WORLD_AGREEMENT, WORLD_ORIGIN, of->note, "unknown key", 0,
                                    w->now_ms};
    struct answer out = {.kind = ANSWER_REFUSED, .reason = refusal.reason};

    memcpy(out.id, outbox_world_id(w, of), sizeof out.id);
    out.refusal = refusal_sign(&refusal, &w->node, &w->arena);
    return out;
}
