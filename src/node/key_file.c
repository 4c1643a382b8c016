#include "node/key_file.h"

#include "base/reader.h"
#include "codec/base64.h"

#include <stdio.h>

#define SEALED_FORM "sulh/key/v1"
#define COST_WORD "argon2id"
#define COST_LINE_BYTES 100u
#define BOX_BYTES (SECRETBOX_NONCE_BYTES + KEY_FILE_SEALED_BYTES)
#define BOX_LINE_BYTES (4 * (BOX_BYTES + 2) / 3)

/* --- the plain form --- */

static bool parse_plain(struct note_signer *out, struct span text, struct err *err)
{
    struct span line;

    if (!span_cut(&text, '\n', &line) || text.len)
        return err_set(err, ERR_MALFORMED,
                       "not a key file: neither one line, PRIVATE+KEY+…, nor lines that begin "
                       "with " SEALED_FORM);
    return note_signer_parse(out, line, err);
}

/* How many bytes. */
static size_t write_plain(char out[KEY_FILE_LINE_BYTES + 1], const struct note_signer *signer)
{
    struct arena arena = {0};
    char *line = note_signer_text(signer, &arena);
    int len = snprintf(out, KEY_FILE_LINE_BYTES + 1, "%s\n", line);

    assert(len > 0 && (size_t)len <= KEY_FILE_LINE_BYTES);
    sign_wipe(line, strlen(line));
    arena_free(&arena);
    return (size_t)len;
}

void key_file_plain(struct key_file *out, const struct note_signer *signer)
{
    *out = (struct key_file){.signer = *signer, .key = note_signer_key(signer)};
}

/* --- the sealed form --- */

/* "argon2id PASSES KIB SALT", each of them within what we are ready to spend on it. */
static const char *take_cost(struct key_file *out, struct span line)
{
    struct span word, passes, memory;
    uint64_t n, kib;

    if (!span_cut(&line, ' ', &word) || !span_is(word, COST_WORD))
        return "its third line does not begin with " COST_WORD;
    if (!span_cut(&line, ' ', &passes) || !decimal_parse(&n, passes, LIMIT_KEY_PASSES) || n < 1)
        return "its passes are not a number from 1 to 16";
    if (!span_cut(&line, ' ', &memory) || !decimal_parse(&kib, memory, LIMIT_KEY_MEMORY_KIB) ||
        kib < 8)
        return "its memory is not a number of KiB from 8 to 524288";
    if (!note_bytes_parse(out->salt, sizeof out->salt, line))
        return "its salt is not the base64 of 16 bytes";
    out->cost = (struct secretbox_cost){(uint32_t)n, (uint32_t)kib};
    return NULL;
}

static const char *take_box(struct key_file *out, struct span line)
{
    struct arena arena = {0};
    struct span box;
    bool ok = base64_parse(&box, line, BOX_BYTES, &arena) &&
              box.len > SECRETBOX_NONCE_BYTES + SECRETBOX_TAG_BYTES;

    if (ok) {
        memcpy(out->nonce, box.at, sizeof out->nonce);
        out->sealed_len = box.len - sizeof out->nonce;
        memcpy(out->sealed, box.at + sizeof out->nonce, out->sealed_len);
    }
    arena_free(&arena);
    return ok ? NULL : "its last line is not the base64 of a nonce and a sealed key";
}

static bool parse_sealed(struct key_file *out, struct reader *r, struct err *err)
{
    struct span vkey = reader_line(r, KEY_FILE_LINE_BYTES);
    struct span cost = reader_line(r, COST_LINE_BYTES), box = reader_line(r, BOX_LINE_BYTES);
    const char *why = NULL;

    if (!reader_done(r))
        return err_set(err, ERR_MALFORMED, "encrypted key file: %s, at byte %zu", r->why,
                       reader_offset(r));
    if (!note_key_parse(&out->key, vkey, err))
        return err_wrap(err, "encrypted key file");
    why = take_cost(out, cost);
    why = why ? why : take_box(out, box);
    return !why || err_set(err, ERR_MALFORMED, "encrypted key file: %s", why);
}

/* Everything before the last line: none of it can be changed without its being found. */
static void put_open_lines(struct buf *buf, const struct key_file *file)
{
    buf_text(buf, SEALED_FORM "\n");
    note_key_put(buf, &file->key);
    buf_printf(buf, "\n" COST_WORD " %" PRIu32 " %" PRIu32 " ", file->cost.passes,
               file->cost.memory_kib);
    base64_put(buf, span_make(file->salt, sizeof file->salt));
    buf_byte(buf, '\n');
}

static struct span open_lines(const struct key_file *file, struct arena *arena)
{
    struct buf buf = buf_in(arena, KEY_FILE_BYTES);

    put_open_lines(&buf, file);
    assert(!buf.full);
    return buf_span(&buf);
}

static void put_sealed(struct buf *buf, const struct key_file *file)
{
    uint8_t box[BOX_BYTES];

    memcpy(box, file->nonce, sizeof file->nonce);
    memcpy(box + sizeof file->nonce, file->sealed, file->sealed_len);
    put_open_lines(buf, file);
    base64_put(buf, span_make(box, sizeof file->nonce + file->sealed_len));
    buf_byte(buf, '\n');
}

void key_file_seal(struct key_file *out, const struct note_signer *signer,
                   const struct secretbox_key *key)
{
    struct arena arena = {0};
    char text[KEY_FILE_LINE_BYTES + 1];
    size_t len = write_plain(text, signer);

    out->is_sealed = true;
    out->key = note_signer_key(signer);
    out->sealed_len = len + SECRETBOX_TAG_BYTES;
    secretbox_seal(out->sealed, span_make(text, len), open_lines(out, &arena), out->nonce, key);
    sign_wipe(text, sizeof text);
    arena_free(&arena);
}

static bool take_unsealed(struct note_signer *out, const struct key_file *file, struct span text,
                          struct err *err)
{
    struct note_signer signer = {0};
    bool ok = parse_plain(&signer, text, err);
    const struct note_key key = note_signer_key(&signer);

    if (ok && !note_key_equal(&key, &file->key))
        ok = err_set(err, ERR_MALFORMED, "encrypted key file: it says to hold %s and holds another",
                     file->key.name);
    if (ok)
        *out = signer;
    sign_secret_wipe(&signer.secret);
    return ok;
}

bool key_file_unseal(struct note_signer *out, const struct key_file *file,
                     const struct secretbox_key *key, struct err *err)
{
    struct arena arena = {0};
    uint8_t text[KEY_FILE_LINE_BYTES];

    assert(file->is_sealed && file->sealed_len > SECRETBOX_TAG_BYTES);
    bool ok = secretbox_open(text, span_make(file->sealed, file->sealed_len),
                             open_lines(file, &arena), file->nonce, key);
    arena_free(&arena);
    if (!ok)
        return err_set(err, ERR_REFUSED, "not the passphrase of %s, or the file was changed",
                       file->key.name);
    ok = take_unsealed(out, file, span_make(text, file->sealed_len - SECRETBOX_TAG_BYTES), err);
    sign_wipe(text, sizeof text);
    return ok;
}

/* --- either --- */

bool key_file_parse(struct key_file *out, struct span text, struct err *err)
{
    struct reader r = reader_over(text);
    struct key_file file = {.is_sealed = span_starts_with(text, SPAN_LIT(SEALED_FORM "\n"))};
    bool ok;

    if (file.is_sealed) {
        reader_expect(&r, SEALED_FORM "\n");
        ok = parse_sealed(&file, &r, err);
    } else {
        ok = parse_plain(&file.signer, text, err);
        file.key = note_signer_key(&file.signer);
    }
    if (ok)
        *out = file;
    key_file_wipe(&file);
    return ok;
}

void key_file_put(struct buf *buf, const struct key_file *file)
{
    char text[KEY_FILE_LINE_BYTES + 1];

    if (file->is_sealed) {
        put_sealed(buf, file);
        return;
    }
    buf_put(buf, span_make(text, write_plain(text, &file->signer)));
    sign_wipe(text, sizeof text);
}

void key_file_wipe(struct key_file *file)
{
    sign_secret_wipe(&file->signer.secret);
}
