#pragma once

/* For the tests of the witness only: one in a house of its own, with its disk and its log. */

#include "codec/hex.h"
#include "ledger/statement.h"
#include "sync/witness_inside.h"
#include "sync/witness_world.h"

#define NEVER WITNESS_WORLD_TRUE
#define TERM WITNESS_WORLD_NAME "/term/"
#define SECONDS 1790000000u
#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static struct arena arena; /* of one case: house_close ends it */

struct house { /* a witness, its disk and its log */
    struct witness_world w;
    struct disk *disk;
    struct witness *witness;
};

static inline void house_open_witness(struct house *house)
{
    const struct witness_options options = witness_world_options(&house->w, house->disk);
    struct err err = {0};

    if (!witness_open(&house->witness, &options, &err))
        fail_msg("%s", err.text);
}

static inline void house_open(struct house *house)
{
    *house = (struct house){.w = witness_world_make()};
    assert_true(disk_sim_open(&house->disk, 1));
    house_open_witness(house);
}

static inline void house_close(struct house *house)
{
    witness_close(house->witness);
    disk_close(house->disk);
    arena_reset(&arena);
}

static inline size_t house_files(struct house *house, const char *folder)
{
    struct disk_entry *entry;
    struct err err = {0};
    size_t count;

    assert_true(disk_list(house->disk, folder, &entry, &count, &arena, &err));
    return count;
}

static inline struct witness_reply house_ask(struct house *house, struct span body)
{
    struct witness_reply reply = {0};

    witness_add_checkpoint(house->witness, body, &reply, &arena);
    return reply;
}

/* One whole line of this witness's over that text, of that second. */
static inline bool house_line(const struct house *house, struct span line, struct span text,
                              uint64_t seconds)
{
    const struct note_key key = note_signer_key(&house->w.witness);
    struct buf bytes = buf_in(&arena, 4096);
    struct err err = {0};
    struct note note;
    uint64_t got;

    buf_put(&bytes, text);
    buf_byte(&bytes, '\n');
    buf_put(&bytes, line);
    return note_parse(&note, buf_span(&bytes), &arena, &err) && note.count == 1 &&
           cosignature_verify(&got, text, &note.line[0], &key) && got == seconds;
}

static inline bool house_same(struct checkpoint a, struct checkpoint b)
{
    return strcmp(a.origin, b.origin) == 0 && a.size == b.size && hash_equal(a.root, b.root);
}

/* Has the witness cosign the log that is held at that size, of the last term known. */
static inline void house_cosign(struct house *house, uint64_t size)
{
    struct checkpoint checkpoint =
        witness_world_checkpoint(&house->w, house->w.terms, size, house->w.lies_from);
    struct err err = {0};
    struct span line;

    if (!witness_cosign(house->witness, &checkpoint, (struct span){0}, &line, &arena, &err))
        fail_msg("%s", err.text);
    assert_true(house_line(house, line, witness_world_text(&checkpoint, &arena), SECONDS));
}

static inline struct span house_body(struct house *house, uint64_t old, uint64_t size)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&house->w, 1, size, NEVER);

    return witness_world_body(old, size, NEVER,
                              witness_world_note(&checkpoint, &house->w.log[0], &arena), &arena);
}

/* The next process finds what this one left: it opens, or does not. */
static inline void house_reopens(struct house *house, const char *name, enum err_kind kind)
{
    const struct witness_options options = witness_world_options(&house->w, house->disk);
    struct err err = {0};

    witness_close(house->witness);
    house->witness = NULL;
    bool ok = witness_open(&house->witness, &options, &err);
    if ((ok ? ERR_NONE : err.kind) != kind)
        fail_msg("case \"%s\": %d %s", name, err.kind, err.text);
}

/* Freezing. */

enum next { LOG_2, LOG_3, WITNESS_KEY, NO_KEY };

static inline const char *next_key(struct house *house, enum next next)
{
    struct note_signer signer = house->w.log[next == LOG_3 ? 2 : 1];

    if (next == NO_KEY)
        return "no key";
    if (next == WITNESS_KEY)
        signer = house->w.witness;
    struct note_key key = note_signer_key(&signer);
    return note_key_text(&key, &arena);
}

struct freezing {
    const char *name;
    uint64_t size, lies_from;
    const char *next_origin;
    enum next next_log_key;
    bool promise_key;
    enum err_kind kind;
};

static inline bool house_freeze(struct house *house, unsigned term, const struct freezing *f,
                                struct span *out, struct err *err)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&house->w, term, f->size, f->lies_from);
    struct note_key promise =
        note_signer_key(f->promise_key ? &house->w.promise : &house->w.witness);
    const struct freeze freeze = {&checkpoint, f->next_origin, next_key(house, f->next_log_key),
                                  note_key_text(&promise, &arena)};

    return witness_freeze(house->witness, &freeze, &house->w.node, out, &arena, err);
}
