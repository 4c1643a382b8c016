/*
 * Makes a log for verify_log.go to look at, with src/ledger alone: a few publications,
 * each with the tiles that tile_walk says, cosigned by a witness; receipts, and proofs of
 * consistency as lines of base64.
 *
 *     make_log DIRECTORY ENTRIES
 *
 * writes DIRECTORY/log, log.vkey, witness.vkey, *.tlog-proof and M-N.consistency.
 */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/base64.h"
#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "ledger/tile.h"

#define ORIGIN "interop/term/1"
#define WITNESS "interop/witness/1"
#define TILE_BYTES (TILE_WIDTH * (2u + LIMIT_ENTRY_BYTES))

static struct arena arena; /* of what one file takes */
static struct hash *leaf;

/* Lengths from none up, and bytes that are no text. */
static struct span entry_at(uint64_t index)
{
    static uint8_t bytes[1000];
    size_t len = index % 7 == 0 ? 0 : (size_t)(index * 2654435761u % sizeof bytes);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(index >> (8 * (i % 8)) ^ i);
    return span_make(bytes, len);
}

static bool lookup(void *context, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
    struct merkle tree = {0};

    (void)context, (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, leaf[i]);
    *out = merkle_root(&tree);
    return true;
}

static void write_file(const char *path, struct span bytes)
{
    char folder[256];

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        mkdir(folder, 0777);
    }
    FILE *file = fopen(path, "w");
    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* doc/format.md §5.2: a partial tile is dropped once the full one stands. */
static void drop_partials(const char *full_path)
{
    char folder[256], path[600];
    struct dirent *entry;

    snprintf(folder, sizeof folder, "%s.p", full_path);
    DIR *dir = opendir(folder);
    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static void write_tile(struct tile tile)
{
    char path[TILE_PATH + 4] = "log/";
    struct buf buf = buf_in(&arena, TILE_BYTES);
    struct err err;

    for (uint64_t i = tile.index * TILE_WIDTH; i < tile.index * TILE_WIDTH + tile.width; i++) {
        struct hash hash;
        if (tile.level == TILE_ENTRIES) {
            tile_bundle_put(&buf, entry_at(i));
        } else {
            lookup(NULL, 8 * tile.level, i, &hash, &err);
            buf_put(&buf, hash_span(&hash));
        }
    }
    tile_path(path + 4, tile);
    write_file(path, buf_span(&buf));
    if (tile.width == TILE_WIDTH)
        drop_partials(path);
    arena_reset(&arena);
}

/* The signed and cosigned checkpoint of the first `size` entries. */
static struct span make_checkpoint(uint64_t size, const struct note_signer *log,
                                   const struct note_signer *witness)
{
    struct checkpoint checkpoint = {.origin = ORIGIN, .size = size};
    struct buf text = buf_in(&arena, 1000), note = buf_in(&arena, 4000);
    struct merkle tree = {0};

    for (uint64_t i = 0; i < size; i++)
        merkle_push(&tree, leaf[i]);
    checkpoint.root = merkle_root(&tree);
    checkpoint_put(&text, &checkpoint);
    buf_put(&note, note_sign(buf_span(&text), log, &arena));
    cosignature_put_line(&note, buf_span(&text), 1790000000 + size, witness, &arena);
    return buf_span(&note);
}

static void write_receipt(uint64_t index, uint64_t size, struct span checkpoint)
{
    char path[64];
    struct proof proof = {.index = index, .extra = entry_at(index), .checkpoint_note = checkpoint};
    struct buf buf = buf_in(&arena, 10000);
    struct err err;

    if (!merkle_prove_inclusion(&proof.inclusion, index, size, lookup, NULL, &err))
        exit(1);
    proof_put(&buf, &proof);
    snprintf(path, sizeof path, "%" PRIu64 "-%" PRIu64 ".tlog-proof", index, size);
    write_file(path, buf_span(&buf));
}

static void write_consistency(uint64_t first, uint64_t second)
{
    char path[64];
    struct merkle_proof proof;
    struct buf buf = buf_in(&arena, 10000);
    struct err err;

    if (!merkle_prove_consistency(&proof, first, second, lookup, NULL, &err))
        exit(1);
    for (size_t i = 0; i < proof.count; i++) {
        base64_put(&buf, hash_span(&proof.hash[i]));
        buf_byte(&buf, '\n');
    }
    snprintf(path, sizeof path, "%" PRIu64 "-%" PRIu64 ".consistency", first, second);
    write_file(path, buf_span(&buf));
}

static void publish(uint64_t old_size, uint64_t size, const struct note_signer *log,
                    const struct note_signer *witness)
{
    struct tile_walk walk = {.old_size = old_size, .size = size};
    struct tile tile;

    while (tile_walk_next(&walk, &tile))
        write_tile(tile);
    struct span checkpoint = make_checkpoint(size, log, witness);
    write_file("log/checkpoint", checkpoint);
    if (size > 0) {
        write_receipt(0, size, checkpoint);
        write_receipt(size / 3, size, checkpoint);
        write_receipt(size - 1, size, checkpoint);
    }
    if (old_size > 0)
        write_consistency(old_size, size);
    arena_reset(&arena);
}

static void write_key(const char *path, const struct note_signer *signer)
{
    struct note_key key = note_signer_key(signer);

    write_file(path, span_of(arena_printf(&arena, "%s\n", note_key_text(&key, &arena))));
}

int main(int argc, char **argv)
{
    static const uint8_t log_seed[SIGN_SEED_BYTES] = {1}, witness_seed[SIGN_SEED_BYTES] = {2};
    struct note_signer log, witness;

    if (argc != 3 || !sign_start() || (mkdir(argv[1], 0777) != 0 && access(argv[1], W_OK) != 0) ||
        chdir(argv[1]) != 0)
        return 2;
    uint64_t entries = strtoull(argv[2], NULL, 10);
    leaf = calloc(entries + 1, sizeof *leaf);
    for (uint64_t i = 0; leaf && i < entries; i++)
        leaf[i] = merkle_leaf(entry_at(i));
    note_signer_make(&log, SPAN_LIT(ORIGIN), NOTE_TYPE_ED25519, log_seed);
    note_signer_make(&witness, SPAN_LIT(WITNESS), NOTE_TYPE_COSIGNATURE, witness_seed);
    write_key("log.vkey", &log);
    write_key("witness.vkey", &witness);

    const uint64_t sizes[] = {0, entries / 300, entries / 2, entries - entries / 5, entries};
    for (size_t i = 0; i + 1 < ARRAY_LEN(sizes); i++)
        publish(sizes[i], sizes[i + 1], &log, &witness);

    free(leaf);
    arena_free(&arena);
    return 0;
}
