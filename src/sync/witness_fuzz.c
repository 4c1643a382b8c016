/*
 * What anybody may send to a witness. The log's signature cannot be guessed, so the checkpoint
 * is signed again as well, over whatever text there is. What is cosigned is the log held here
 * and nothing else; what is not changes nothing. And the same bytes as the file `witness`.
 */

#include "sync/witness_inside.h"

#include "codec/hex.h"
#include "sync/witness_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HELD 100u
#define COSIGNED 9u

static struct arena arena;

static struct witness *witness_of(struct witness_world *w, struct disk *disk)
{
    const struct witness_options options = witness_world_options(w, disk);
    struct witness *witness;
    struct err err = {0};
    bool ok = witness_open(&witness, &options, &err);

    assert(ok);
    return witness;
}

static void check_line(const struct witness_world *w, struct span line,
                       const struct checkpoint *checkpoint)
{
    const struct note_key key = note_signer_key(&w->witness);
    struct buf bytes = buf_in(&arena, 4096);
    struct span text = witness_world_text(checkpoint, &arena);
    struct note note;
    struct err err = {0};
    uint64_t seconds;

    buf_put(&bytes, text);
    buf_byte(&bytes, '\n');
    buf_put(&bytes, line);
    bool ok = note_parse(&note, buf_span(&bytes), &arena, &err) && note.count == 1 &&
              cosignature_verify(&seconds, text, &note.line[0], &key);
    assert(ok && seconds == (uint64_t)w->now_ms / 1000);
}

static void check_true(const struct witness_world *w, const struct checkpoint *checkpoint)
{
    struct checkpoint held = witness_world_checkpoint(w, 1, checkpoint->size, WITNESS_WORLD_TRUE);

    assert(strcmp(checkpoint->origin, held.origin) == 0);
    assert(hash_equal(checkpoint->root, held.root));
}

static void check(struct witness_world *w, struct disk *disk, struct span body)
{
    static const int all[] = {200, 400, 403, 404, 409, 422};
    struct witness *witness = witness_of(w, disk);
    struct checkpoint before = witness_last(witness);
    struct witness_reply reply = {0};
    bool known = false;

    witness_add_checkpoint(witness, body, &reply, &arena);
    struct checkpoint after = witness_last(witness);
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        known = known || reply.status == all[i];
    assert(known || (reply.status == 503 && w->held == HELD));
    assert(reply.body.len > 0 && reply.body.at[reply.body.len - 1] == '\n');
    if (reply.status == 200) {
        check_line(w, reply.body, &after);
        check_true(w, &after);
        assert(after.size >= before.size);
    } else {
        assert(after.size == before.size && hash_equal(after.root, before.root));
    }
    witness_close(witness);
}

/* The same, signed by the log. */
static bool sign_again(const struct witness_world *w, struct span body, struct span *out)
{
    struct buf buf = buf_in(&arena, LIMIT_CHECKPOINT_BYTES + 10000);
    struct checkpoint checkpoint;
    struct err err = {0};
    struct note note;
    size_t at = 0;

    while (at + 1 < body.len && !(body.at[at] == '\n' && body.at[at + 1] == '\n'))
        at++;
    if (at + 2 >= body.len || !note_parse(&note, span_from(body, at + 2), &arena, &err) ||
        !checkpoint_parse(&checkpoint, note.text, &err))
        return false;
    buf_put(&buf, span_slice(body, 0, at + 2));
    buf_put(&buf, note_sign(note.text, &w->log[0], &arena));
    *out = buf_span(&buf);
    return true;
}

static void check_file(struct span bytes)
{
    struct cosigned cosigned;
    struct err err = {0};

    if (witness_file_parse(&cosigned, bytes, &err))
        assert(span_equal(witness_file_encode(&cosigned, &arena), bytes));
    else
        assert(err.kind == ERR_MALFORMED);
}

/* With the hash that belongs to it, or nothing else would be reached. */
static void check_summed(struct span bytes)
{
    struct buf buf = buf_in(&arena, bytes.len + 2 * HASH_BYTES + 1);
    struct hash sum = hash_of(bytes);

    buf_put(&buf, bytes);
    hex_put(&buf, hash_span(&sum));
    buf_byte(&buf, '\n');
    check_file(buf_span(&buf));
}

static struct disk *disk_with(const struct witness_world *w)
{
    const struct cosigned cosigned = {witness_world_checkpoint(w, 1, COSIGNED, WITNESS_WORLD_TRUE),
                                      1};
    struct err err = {0};
    struct disk *disk;
    bool ok = disk_sim_open(&disk, 1) && witness_file_write(disk, &cosigned, &err);

    assert(ok);
    return disk;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct witness_world made; /* making keys takes longer than all the rest */
    struct span bytes = span_make(data, size), again;

    if (made.terms == 0)
        made = witness_world_make();
    struct witness_world w = made;
    struct disk *disk = disk_with(&w);
    check_file(bytes);
    check_summed(bytes);
    check(&w, disk, bytes);
    if (sign_again(&w, bytes, &again))
        check(&w, disk, again);
    disk_close(disk);
    arena_reset(&arena);
    return 0;
}
