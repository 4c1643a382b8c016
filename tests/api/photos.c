/*
 * Signs records with photographs, of random bytes, for a node that is served, and hands nothing in:
 * for each, OUT/N.whole is a submission of it with its parts, OUT/N.alone without those of more
 * than a mebibyte, OUT/N.M.stored what is stored of the Mth of these. Prints a line for each: N M,
 * the SHA-256 of what is stored, its size.
 *
 * KEY is the name of a key of DIR/keys, or a file.key.
 *
 *   photos DIR KEY OUT RECORDS PHOTOS BYTES
 */

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/submission.h"
#include "node/author.h"
#include "sys/entropy.h"

#include <stdio.h>
#include <stdlib.h>

#define PHOTOS_MOST 8u

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "photos: %s\n", err->text);
    exit(1);
}

static void write_file(const char *path, struct span bytes)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void write_submission(const struct submission *of, const char *path, struct arena *arena)
{
    struct err err = {0};
    struct span bytes;

    must(submission_encode(&bytes, of, 1, arena, &err), &err);
    write_file(path, bytes);
}

static void write_record(const struct submission *of, const char *out, unsigned n,
                         struct arena *arena)
{
    struct span small[PHOTOS_MOST + TIERS];
    struct submission alone = {.note = of->note, .part = small};
    unsigned large = 0;

    write_submission(of, arena_printf(arena, "%s/%u.whole", out, n), arena);
    for (size_t i = 0; i < of->part_count; i++) {
        struct hash stored = hash_of(of->part[i]);
        char hex[2 * HASH_BYTES + 1];

        if (of->part[i].len <= LIMIT_SMALL_PART_BYTES) {
            small[alone.part_count++] = of->part[i];
            continue;
        }
        hex_text(hex, hash_span(&stored));
        write_file(arena_printf(arena, "%s/%u.%u.stored", out, n, large), of->part[i]);
        printf("%u %u %s %zu\n", n, large++, hex, of->part[i].len);
    }
    write_submission(&alone, arena_printf(arena, "%s/%u.alone", out, n), arena);
}

static void sign(struct author *author, const char *out, unsigned n, unsigned photos, size_t bytes)
{
    struct author_medium media[PHOTOS_MOST];
    struct arena arena = {0};
    struct json flat = json_object();
    struct author_ask ask = {
        .kind = "incident.open", .flat = &flat, .media = media, .media_count = photos};
    struct submission submission;
    struct err err = {0};
    char id[65];

    json_set_string(&flat, "title", span_of(arena_printf(&arena, "With photographs %u", n)),
                    &arena);
    for (unsigned i = 0; i < photos; i++) {
        uint8_t *at = arena_alloc(&arena, bytes);
        entropy_fill(at, bytes);
        media[i] = (struct author_medium){
            .type = SPAN_LIT("image/jpeg"), .bytes = span_make(at, bytes), .tier = TIER_PUBLIC};
    }
    must(author_sign_parts(author, &ask, &submission, id, &arena, &err), &err);
    write_record(&submission, out, n, &arena);
    arena_free(&arena);
}

int main(int count, char **argument)
{
    struct journal_view view = {0};
    struct node *node;
    struct author *author;
    struct err err = {0};

    if (count != 7 || strtoul(argument[5], NULL, 10) > PHOTOS_MOST) {
        fputs("usage: photos DIR KEY OUT RECORDS PHOTOS BYTES\n", stderr);
        return 2;
    }
    must(node_open(&node, argument[1], &view, NULL, &err), &err);
    bool is_file = span_ends_with(span_of(argument[2]), SPAN_LIT(".key"));
    must((is_file ? author_open_file : author_open)(&author, node, argument[2], &err), &err);
    for (unsigned n = 0; n < strtoul(argument[4], NULL, 10); n++)
        sign(author, argument[3], n, (unsigned)strtoul(argument[5], NULL, 10),
             strtoul(argument[6], NULL, 10));
    author_close(author);
    node_close(node);
    return 0;
}
