#pragma once

/*
 * For tests and benchmarks only: a small agreement, the keys it names, and people who
 * sign records of the real kinds. Everything follows from a seed.
 */

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/journal.h"
#include "ledger/merkle.h"
#include "record/kind.h"

#define WORLD_NAME "test.invalid/truce"
#define WORLD_AUTHORS 4u
#define WORLD_INCIDENTS 16u

struct world_signer {
    struct note_signer signer;
    uint64_t seq;  /* of its last record */
    char prev[65]; /* that record's id */
};

struct world {
    uint64_t chance;
    _Atomic int64_t now_ms; /* asked by every thread that answers */
    struct note_signer log, promise;
    struct log_signer_here log_here; /* of the journal opened last */
    struct log_signer log_signer;
    struct world_signer root, node, author[WORLD_AUTHORS];
    char id[65]; /* of entry 0 */
    char incident[WORLD_INCIDENTS][65];
    size_t incidents; /* opened so far */
    uint64_t seen_size;
    struct hash seen_root;
};

static inline uint64_t world_chance(struct world *w) /* splitmix64 */
{
    uint64_t z = w->chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline size_t world_below(struct world *w, size_t limit)
{
    return (size_t)(world_chance(w) % limit);
}

static inline int64_t world_now(void *context)
{
    struct world *w = context;

    return atomic_fetch_add(&w->now_ms, 1000) + 1000;
}

static inline void world_key(struct world *w, struct note_signer *out, const char *name)
{
    uint8_t seed[SIGN_SEED_BYTES];

    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)world_chance(w);
    note_signer_make(out, span_of(name), NOTE_TYPE_ED25519, seed);
}

static inline struct world *world_new(uint64_t seed)
{
    struct world *w = calloc(1, sizeof *w);
    bool ok = sign_start();

    assert(w && ok);
    w->chance = seed;
    w->now_ms = INT64_C(1761955200000); /* 2025-11-01 */
    w->seen_root = merkle_empty();
    world_key(w, &w->log, WORLD_NAME "/term/1");
    world_key(w, &w->promise, "obs/promise");
    world_key(w, &w->root.signer, "obs/root");
    world_key(w, &w->node.signer, "obs/node");
    for (unsigned i = 0; i < WORLD_AUTHORS; i++) {
        char name[16];
        snprintf(name, sizeof name, "obs/%u", i + 1);
        world_key(w, &w->author[i].signer, name);
    }
    return w;
}

static inline const struct log_signer *world_log_signer(struct world *w, struct disk *disk)
{
    w->log_here = (struct log_signer_here){.disk = disk, .key = &w->log};
    w->log_signer = log_signer_in(&w->log_here);
    return &w->log_signer;
}

static inline struct journal_options world_options(struct world *w, struct disk *disk,
                                                   struct store *store)
{
    return (struct journal_options){.disk = disk,
                                    .store = store,
                                    .clock = {world_now, w},
                                    .log = world_log_signer(w, disk),
                                    .promise = &w->promise,
                                    .node = &w->node.signer,
                                    .agreement = WORLD_NAME};
}

/* Makes the body with a public part, where there is one, into a submission. */
static inline struct submission world_sign(struct world *w, struct world_signer *by,
                                           const char *kind, const struct json *flat,
                                           struct arena *arena)
{
    struct kind_fields fields;
    struct submission out = {0};
    struct record record;
    struct err err = {0};
    struct record_draft draft = {.agreement = SPAN_LIT(WORLD_NAME),
                                 .kind = kind,
                                 .version = 1,
                                 .by = span_of(by->signer.name),
                                 .seq = by->seq + 1,
                                 .prev = arena_copy(arena, span_of(by->seq ? by->prev : w->id)),
                                 .seen_size = w->seen_size,
                                 .seen_root = w->seen_root,
                                 .said_at_ms = world_now(w)};

    bool ok = kind_split(kind_find(span_of(kind), 1), flat, TIER_PUBLIC, &fields, arena, &err);
    assert(ok);
    draft.body = fields.entry;
    const struct json *public_part = &fields.part[TIER_PUBLIC];
    if (public_part->object.count > 0) {
        struct span *part = ARENA_NEW(arena, struct span);
        uint8_t salt[PART_SALT_BYTES];
        for (size_t i = 0; i < sizeof salt; i++)
            salt[i] = (uint8_t)world_chance(w);
        *part = part_make(&draft.body, salt, json_bytes(public_part, arena), arena);
        out.part = part;
        out.part_count = 1;
    }
    ok = record_sign(&out.note, &draft, &by->signer, arena, &err) &&
         record_parse(&record, out.note, arena, &err);
    assert(ok);
    by->seq++;
    memcpy(by->prev, record.id_text, sizeof by->prev);
    return out;
}

static inline struct span world_vkey(const struct note_signer *signer, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);

    return span_of(note_key_text(&key, arena));
}

/* Who may read entries; a test says "participants" before it makes a world. */
static const char *world_entries = "public";
/* What the agreement has besides, likewise, each beginning with a comma: its section `move`, more
 * organisations, more that its role may, its section `sector` and `tier`, what its role reads. */
static struct {
    const char *moves, *organisations, *may, *sectors, *tiers, *reads;
} world_also = {"", "", "", "", "", ""};
/* The age recipient that an author is admitted with; NULL: none. */
static const char *(*world_age)(size_t author);

/* A quota, or "": a test sets it before it makes a world. */
static const char *world_quota = "";
#define WORLD_QUOTA                                                                                \
    ",\"quota\":{\"exempt\":[\"member.\",\"record.\"],\"of_key\":3,\"of_organisation\":5,"         \
    "\"window_ms\":3600000}"

static inline struct span world_terms(struct arena *arena)
{
    return span_of(arena_printf(
        arena,
        "{\"agreement\":{\"entries\":\"%s\",\"max_gap_ms\":3600000,\"name\":\"" WORLD_NAME
        "\",\"no_move\":\"c1\",\"quorum\":0%s,\"rules\":1},\"clause\":[{\"id\":\"c1\"}]%s,"
        "\"organisation\":[{\"id\":\"obs\"}%s],\"role\":[{\"id\":\"monitor\",\"may\":["
        "\"open_incident\",\"report\",\"claim\",\"link\",\"withdraw\",\"admit\",\"revoke\"%s]%s}]%"
        "s%s}",
        world_entries, world_quota, world_also.moves, world_also.organisations, world_also.may,
        world_also.reads, world_also.sectors, world_also.tiers));
}

static inline struct json world_member(const struct note_signer *signer, struct arena *arena)
{
    struct json member = json_object();

    json_set_string(&member, "key", world_vkey(signer, arena), arena);
    json_set(&member, "org", json_text("obs"), arena);
    return member;
}

static inline struct json world_list_of(struct json item, struct arena *arena)
{
    struct json list = json_array();

    json_push(&list, item, arena);
    return list;
}

/* A key of type 0x04; obs/w0 has the witness's place from entry 0 on. */
static inline struct note_signer world_witness(const char *name)
{
    struct note_signer out;
    const uint8_t seed[SIGN_SEED_BYTES] = {9, (uint8_t)name[4], (uint8_t)name[5]};

    note_signer_make(&out, span_of(name), NOTE_TYPE_COSIGNATURE, seed);
    return out;
}

/* `file` is that of its one piece. */
static inline struct submission world_adopt_of(struct world *w, const char *file,
                                               struct arena *arena)
{
    struct json body = json_object(), piece = json_object();
    struct hash sum = hash_of(world_terms(arena));
    struct note_signer witness = world_witness("obs/w0");
    char sum_text[65];

    hex_text(sum_text, hash_span(&sum));
    json_set(&piece, "file", json_text(file), arena);
    json_set_integer(&piece, "n", 1, arena);
    json_set_string(&piece, "sha256", arena_copy(arena, span_of(sum_text)), arena);
    json_set(&body, "name", json_text(WORLD_NAME), arena);
    json_set(&body, "origin", json_text(WORLD_NAME "/term/1"), arena);
    json_set_string(&body, "log_key", world_vkey(&w->log, arena), arena);
    json_set_string(&body, "promise_key", world_vkey(&w->promise, arena), arena);
    json_set(&body, "operator", json_text("obs/node"), arena);
    json_set(&body, "roots", world_list_of(world_member(&w->root.signer, arena), arena), arena);
    json_set(&body, "nodes", world_list_of(world_member(&w->node.signer, arena), arena), arena);
    json_set(&body, "witnesses", world_list_of(world_member(&witness, arena), arena), arena);
    json_set_integer(&body, "quorum", 0, arena);
    json_set_integer(&body, "rules", 1, arena);
    json_set(&body, "pieces", world_list_of(piece, arena), arena);

    struct submission out = world_sign(w, &w->root, "agreement.adopt", &body, arena);
    memcpy(w->id, w->root.prev, sizeof w->id);
    return out;
}

static inline struct submission world_adopt(struct world *w, struct arena *arena)
{
    return world_adopt_of(w, "agreement.toml", arena);
}

static inline struct submission world_piece(struct world *w, struct arena *arena)
{
    struct json body = json_object();

    json_set_string(&body, "content", world_terms(arena), arena);
    json_set(&body, "file", json_text("agreement.toml"), arena);
    json_set_integer(&body, "n", 1, arena);
    return world_sign(w, &w->root, "agreement.part", &body, arena);
}

static inline struct submission world_concur(struct world *w, struct arena *arena)
{
    struct json body = json_object();

    json_set_string(&body, "agreement", arena_copy(arena, span_of(w->id)), arena);
    return world_sign(w, &w->root, "agreement.concur", &body, arena);
}

static inline struct submission world_admit(struct world *w, size_t author, struct arena *arena)
{
    const char *age = world_age ? world_age(author) : NULL;
    struct json body = json_object();

    if (age)
        json_set(&body, "age", json_text(age), arena);
    json_set_string(&body, "key", world_vkey(&w->author[author].signer, arena), arena);
    json_set(&body, "job", json_text("author"), arena);
    json_set(&body, "org", json_text("obs"), arena);
    json_set(&body, "role", json_text("monitor"), arena);
    return world_sign(w, &w->root, "member.admit", &body, arena);
}

static inline struct submission world_tick(struct world *w, struct arena *arena)
{
    struct json body = json_object();

    json_set_integer(&body, "at_ms", world_now(w), arena);
    return world_sign(w, &w->node, "clock.tick", &body, arena);
}

/* All that a log needs before people can report: entry 0, its piece, the concurrence, the
 * authors, a first tick. */
#define WORLD_START (4u + WORLD_AUTHORS)
static inline void world_start(struct world *w, struct submission out[WORLD_START],
                               struct arena *arena)
{
    size_t n = 0;

    out[n++] = world_adopt(w, arena);
    out[n++] = world_piece(w, arena);
    out[n++] = world_concur(w, arena);
    for (size_t i = 0; i < WORLD_AUTHORS; i++)
        out[n++] = world_admit(w, i, arena);
    out[n++] = world_tick(w, arena);
    assert(n == WORLD_START);
}

static inline struct json world_time(struct world *w, struct arena *arena)
{
    struct json time = json_object();

    json_set_integer(&time, "at_ms", w->now_ms - 3600000, arena);
    json_set(&time, "basis", json_text("watch"), arena);
    json_set_integer(&time, "offset_min", 300, arena);
    json_set_integer(&time, "uncertainty_ms", 900000, arena);
    return time;
}

static inline struct submission world_incident(struct world *w, struct arena *arena)
{
    struct world_signer *by = &w->author[world_below(w, WORLD_AUTHORS)];
    struct json body = json_object();

    json_set(&body, "title", json_text("Shelling near the northern crossing"), arena);
    json_set(&body, "start", world_time(w, arena), arena);
    struct submission out = world_sign(w, by, "incident.open", &body, arena);
    memcpy(w->incident[w->incidents++ % WORLD_INCIDENTS], by->prev, sizeof by->prev);
    return out;
}

static inline struct span world_some_incident(struct world *w, struct arena *arena)
{
    size_t known = w->incidents < WORLD_INCIDENTS ? w->incidents : WORLD_INCIDENTS;

    assert(known > 0);
    return arena_copy(arena, span_of(w->incident[world_below(w, known)]));
}

static inline struct submission world_report(struct world *w, struct arena *arena)
{
    struct world_signer *by = &w->author[world_below(w, WORLD_AUTHORS)];
    struct json body = json_object();

    json_set_string(&body, "incident", world_some_incident(w, arena), arena);
    json_set(&body, "type", json_text("shelling"), arena);
    json_set(&body, "means", json_text("heard"), arena);
    json_set(&body, "start", world_time(w, arena), arena);
    json_set_string(&body, "summary",
                    span_of(arena_printf(arena,
                                         "Between %zu and %zu impacts heard north of the "
                                         "crossing, followed by small-arms fire.",
                                         world_below(w, 9), 9 + world_below(w, 90))),
                    arena);
    json_set_integer(&body, "lat_e7", 341230000 + (int64_t)world_below(w, 100000), arena);
    json_set_integer(&body, "lon_e7", 710450000 + (int64_t)world_below(w, 100000), arena);
    json_set_integer(&body, "uncertainty_m", 500, arena);
    return world_sign(w, by, "incident.report", &body, arena);
}

static inline struct submission world_claim(struct world *w, struct arena *arena)
{
    struct world_signer *by = &w->author[world_below(w, WORLD_AUTHORS)];
    struct json body = json_object();

    json_set_string(&body, "incident", world_some_incident(w, arena), arena);
    json_set(&body, "claimant", json_text("Ministry of Defence"), arena);
    json_set(&body, "side", json_text("north"), arena);
    json_set(&body, "matter", json_text("killed"), arena);
    json_set(&body, "subject", json_text("southern soldiers"), arena);
    json_set_integer(&body, "min", (int64_t)world_below(w, 60), arena);
    json_set(&body, "qualifier", json_text("at least"), arena);
    json_set(&body, "channel", json_text("press"), arena);
    json_set(&body, "made", world_time(w, arena), arena);
    json_set(&body, "statement", json_text("The ministry said so on its channel."), arena);
    return world_sign(w, by, "claim", &body, arena);
}

/* Logged, and void: an author's key does not sign ticks. */
static inline struct submission world_void(struct world *w, struct arena *arena)
{
    struct json body = json_object();

    json_set_integer(&body, "at_ms", world_now(w), arena);
    return world_sign(w, &w->author[0], "clock.tick", &body, arena);
}

/* What a working day brings: mostly reports and claims. */
static inline struct submission world_any(struct world *w, struct arena *arena)
{
    size_t which = world_below(w, 20);

    if (which == 0 || w->incidents == 0)
        return world_incident(w, arena);
    if (which == 1)
        return world_tick(w, arena);
    return which < 12 ? world_report(w, arena) : world_claim(w, arena);
}
