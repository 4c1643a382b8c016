/*
 * Proofs of misbehaviour whose every signature holds, of whatever numbers: what a fuzzer of
 * their bytes cannot reach, for it cannot sign. Whether they prove anything is said a second
 * time here, by what was signed and not by reading it.
 */

#include "base/limits.h"
#include "base/reader.h"
#include "sync/liars.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t below(struct reader *r, uint64_t limit)
{
    return reader_u64be(r) % limit;
}

/* --- checkpoints --- */

struct drawn {
    struct liars_checkpoint c;
    struct hash root;
    unsigned by; /* a bit each: the log's key, then the witnesses */
};

/* Of a log of a few entries, or of any size with a root of nothing at all. */
static struct drawn draw(struct reader *r)
{
    uint8_t how = reader_u8(r);
    struct drawn d = {.by = reader_u8(r)};
    char by[9] = {0};
    size_t n = 0;

    for (size_t i = 0; i < 8; i++)
        if (d.by >> i & 1)
            by[n++] = "L0123456"[i];
    d.c = (struct liars_checkpoint){.log = liars_log((char)('A' + how % 3)),
                                    .size = how & 4 ? below(r, LIMIT_TREE_SIZE + 1) : how / 8 % 13,
                                    .by = arena_printf(&liars, "%s", by),
                                    .at = 1 + below(r, COSIGNATURE_LAST_SECOND),
                                    .origin = how & 128 ? LIARS_AGREEMENT "/term/2" : LIARS_ORIGIN};
    d.root =
        how & 4 ? hash_of(span_make(&d.c.size, sizeof d.c.size)) : liars_root(&d.c.log, d.c.size);
    return d;
}

static bool is_small(const struct drawn *d)
{
    return d->c.size <= 12;
}

static struct misbehaviour pair_of(const char *kind, const struct drawn *a, const struct drawn *b)
{
    return liars_pair(kind, "checkpoints", liars_sign_root(a->c, a->root),
                      liars_sign_root(b->c, b->root));
}

static bool draw_split(struct reader *r, struct misbehaviour *out)
{
    struct drawn a = draw(r), b = draw(r);
    bool real = is_small(&a) && is_small(&b) && a.c.size <= b.c.size;
    struct hash root = real ? liars_root(&b.c.log, a.c.size) : a.root;
    unsigned known = a.c.origin[strlen(a.c.origin) - 1] == '1' ? 0xffu : 0xfeu; /* the log's key */

    *out = pair_of("split", &a, &b);
    json_set(&out->evidence, "consistency",
             real ? liars_path(b.c.log, a.c.size, b.c.size) : json_array(), &liars);
    json_set(&out->evidence, "root", liars_hash(root), &liars);
    return real && hash_equal(b.root, liars_root(&b.c.log, b.c.size)) &&
           !hash_equal(root, a.root) && strcmp(a.c.origin, b.c.origin) == 0 &&
           (a.by & b.by & known);
}

static bool draw_clock(struct reader *r, struct misbehaviour *out)
{
    struct drawn a = draw(r), b = draw(r);

    *out = pair_of("clock", &a, &b);
    return a.c.size < b.c.size && a.c.at > b.c.at && strcmp(a.c.origin, b.c.origin) == 0 &&
           (a.by & b.by & 0xfeu);
}

/* --- promises --- */

static struct liars_promise draw_promise(struct reader *r)
{
    uint8_t how = reader_u8(r);
    static const char *const leaves[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

    return (struct liars_promise){.index = how & 1 ? below(r, LIMIT_TREE_SIZE + 1) : how / 2 % 8,
                                  .leaf = leaves[how / 16 % 8],
                                  .id = (char)('0' + how % 3)};
}

static bool draw_promised(struct reader *r, struct misbehaviour *out)
{
    struct liars_promise p = draw_promise(r);
    uint64_t shown = reader_u8(r) % 8;
    struct liars_log log = liars_log('A');
    struct json evidence = json_object();

    json_set(&evidence, "leaf", liars_hash(liars_leaf(&log, shown)), &liars);
    json_set_string(&evidence, "promise", liars_promise(p), &liars);
    json_set_string(&evidence, "receipt", liars_receipt(liars_read("A8 L"), shown), &liars);
    *out = liars_file("promise", evidence);
    return p.index == shown && p.leaf[0] != log.bytes[shown];
}

static bool draw_promises(struct reader *r, struct misbehaviour *out)
{
    struct liars_promise a = draw_promise(r), b = draw_promise(r);

    *out = liars_pair("promises", "promises", liars_promise(a), liars_promise(b));
    return a.index == b.index ? a.leaf != b.leaf : a.id == b.id;
}

/* --- records, freezes --- */

static struct liars_saying draw_saying(struct reader *r)
{
    uint8_t how = reader_u8(r);

    return (struct liars_saying){.by = how & 1 ? "party/a/node" : "party/b/node",
                                 .title = how & 2 ? "x" : "y",
                                 .seq = 1 + (how & 4 ? below(r, LIMIT_TREE_SIZE) : how / 8 % 3)};
}

static bool draw_fork(struct reader *r, struct misbehaviour *out)
{
    struct liars_saying a = draw_saying(r), b = draw_saying(r);

    *out = liars_pair("fork", "records", liars_say(a), liars_say(b));
    return a.by == b.by && a.seq == b.seq && a.title != b.title;
}

static bool draw_refusal(struct reader *r, struct misbehaviour *out)
{
    static const char *const reasons[] = {"not a record", "another agreement", "unknown key",
                                          "signature does not hold", "too large"};
    struct span record = liars_say(draw_saying(r));
    struct liars_refusal refusal = {.reason = reasons[reader_u8(r) % 5],
                                    .size = below(r, LIMIT_TREE_SIZE + 1)};
    struct json evidence = json_object();

    json_set_string(&evidence, "receipt", (struct span){0}, &liars);
    json_set_string(&evidence, "record", record, &liars);
    json_set_string(&evidence, "refusal", liars_refusal(refusal, record), &liars);
    *out = liars_file("refusal", evidence);
    return refusal.size > 0;
}

static struct liars_freeze draw_freeze(struct reader *r)
{
    uint8_t how = reader_u8(r);

    return (struct liars_freeze){.log = (char)('A' + how % 3), .size = how / 8 % 13};
}

static bool draw_freeze_kept(struct reader *r, struct misbehaviour *out)
{
    struct liars_freeze f = draw_freeze(r);
    struct liars_log log = liars_log(f.log);
    struct drawn d = draw(r);
    struct json evidence = json_object();

    json_set_string(&evidence, "checkpoint", liars_sign_root(d.c, d.root), &liars);
    json_set_string(&evidence, "freeze", liars_freeze(f), &liars);
    *out = liars_file("freeze", evidence);
    bool beyond =
        d.c.size > f.size || (d.c.size == f.size && !hash_equal(d.root, liars_root(&log, f.size)));
    return beyond && strcmp(d.c.origin, LIARS_ORIGIN) == 0 && d.by >> 3 & 1; /* mediator/c's */
}

static bool draw_freezes(struct reader *r, struct misbehaviour *out)
{
    struct liars_freeze a = draw_freeze(r), b = draw_freeze(r);
    struct liars_log log_a = liars_log(a.log), log_b = liars_log(b.log);

    *out = liars_pair("freezes", "freezes", liars_freeze(a), liars_freeze(b));
    return a.size != b.size || !hash_equal(liars_root(&log_a, a.size), liars_root(&log_b, b.size));
}

/* --- */

static bool (*const draws[])(struct reader *r, struct misbehaviour *out) = {
    draw_split, draw_clock,   draw_promised,    draw_promises,
    draw_fork,  draw_refusal, draw_freeze_kept, draw_freezes,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_over(span_make(data, size));
    struct misbehaviour file;
    struct proven proven;
    struct err err;

    bool want = draws[reader_u8(&r) % ARRAY_LEN(draws)](&r, &file);
    struct span bytes = misbehaviour_encode(&file, &liars);
    bool got = misbehaviour_verify(&proven, bytes, liars_id(file.entry), &liars, &err);
    assert(got == want);
    arena_free(&liars);
    return 0;
}
