#include "ledger/note.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/base64.h"
#include "codec/utf8.h"

#define DASH "\xe2\x80\x94 " /* U+2014, space */
#define KEY_ID_BYTES 4u
#define LINE_BYTES (LIMIT_CHECKPOINT_BYTES / LIMIT_NOTE_SIGNATURES)

/* Unicode's White_Space. */
static bool is_space(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } spaces[] = {
        {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
        {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
    };

    for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
        if (spaces[i].first <= c && c <= spaces[i].last)
            return true;
    return false;
}

/* A stranger's key name: not empty, no Unicode space, no plus. */
static bool name_is_c2sp(struct span name)
{
    bool ok = name.len > 0;
    uint32_t c;

    while (ok && name.len > 0)
        ok = utf8_next(&name, &c) && c != '+' && !is_space(c);
    return ok;
}

static const char *bytes_why(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] < 0x20 && bytes.at[i] != '\n')
            return "a control character";
    return utf8_valid(bytes) ? NULL : "not UTF-8";
}

/* Where the empty line stands that parts text and signatures: the last of all. */
static bool find_empty_line(size_t *out, struct span bytes)
{
    for (size_t i = bytes.len; i >= 2; i--)
        if (bytes.at[i - 2] == '\n' && bytes.at[i - 1] == '\n') {
            *out = i - 1;
            return true;
        }
    return false;
}

static size_t count_lines(struct span bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < bytes.len; i++)
        count += bytes.at[i] == '\n';
    return count;
}

static void read_line(struct reader *r, struct note_line *out, struct arena *arena)
{
    size_t start = reader_offset(r);
    struct span rest = reader_line(r, LINE_BYTES);
    struct span name = {0};
    struct span blob = {0};
    const struct span dash = SPAN_LIT(DASH);

    if (reader_failed(r))
        return;
    if (!span_starts_with(rest, dash))
        reader_fail(r, "signature line without its dash");
    else if (rest = span_from(rest, dash.len), !span_cut(&rest, ' ', &name) || !name_is_c2sp(name))
        reader_fail(r, "no key name");
    else if (!base64_parse(&blob, rest, KEY_ID_BYTES + LIMIT_SIGNATURE_BYTES, arena))
        reader_fail(r, "signature not canonical base64, or too long");
    else if (blob.len <= KEY_ID_BYTES)
        reader_fail(r, "no signature behind the key id");
    if (reader_failed(r)) {
        r->at = start;
        return;
    }

    struct reader id = reader_over(blob);
    out->name = name;
    out->key_id = reader_u32be(&id);
    out->signature = span_from(blob, KEY_ID_BYTES);
}

bool note_parse(struct note *out, struct span bytes, struct arena *arena, struct err *err)
{
    size_t empty_line;
    const char *why = bytes_why(bytes);

    if (why)
        return err_set(err, ERR_MALFORMED, "note: %s", why);
    if (!find_empty_line(&empty_line, bytes))
        return err_set(err, ERR_MALFORMED, "note: no empty line before the signatures");

    struct reader r = reader_over(span_from(bytes, empty_line + 1));
    struct note note = {.text = span_slice(bytes, 0, empty_line), .count = count_lines(r.in)};
    if (note.count == 0)
        return err_set(err, ERR_MALFORMED, "note: no signature line");
    if (note.count > LIMIT_NOTE_SIGNATURES)
        return err_set(err, ERR_LIMIT, "note: %zu signature lines, more than %u", note.count,
                       LIMIT_NOTE_SIGNATURES);

    note.line = ARENA_ARRAY(arena, struct note_line, note.count);
    for (size_t i = 0; i < note.count; i++)
        read_line(&r, &note.line[i], arena);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "note: %s, at byte %zu", r.why,
                       empty_line + 1 + reader_offset(&r));
    *out = note;
    return true;
}

static bool line_is_by(const struct note_line *line, const struct note_key *key)
{
    return span_is(line->name, key->name) &&
           line->key_id == note_key_id(line->name, key->type, &key->key);
}

bool note_line_verify(const struct note *note, const struct note_line *line,
                      const struct note_key *key)
{
    struct sign_signature signature;

    if (key->type != NOTE_TYPE_ED25519 || !line_is_by(line, key))
        return false;
    if (line->signature.len != SIGN_SIGNATURE_BYTES)
        return false;
    memcpy(signature.bytes, line->signature.at, SIGN_SIGNATURE_BYTES);
    return sign_verify(&key->key, note->text, &signature);
}

const struct note_line *note_find(const struct note *note, const struct note_key *key)
{
    for (size_t i = 0; i < note->count; i++)
        if (line_is_by(&note->line[i], key))
            return &note->line[i];
    return NULL;
}

struct span note_sign(struct span text, const struct note_signer *signer, struct arena *arena)
{
    assert(signer->type == NOTE_TYPE_ED25519);
    assert(text.len > 0 && text.at[text.len - 1] == '\n' && !bytes_why(text));

    struct note_key key = note_signer_key(signer);
    struct span name = span_of(key.name);
    struct sign_signature signature = sign_message(&signer->secret, text);
    struct buf buf = buf_in(arena, text.len + LINE_BYTES);

    buf_put(&buf, text);
    buf_byte(&buf, '\n');
    note_put_line(&buf, name, note_key_id(name, key.type, &key.key),
                  span_make(signature.bytes, sizeof signature.bytes));
    assert(!buf.full);
    return buf_span(&buf);
}

void note_put_line(struct buf *buf, struct span name, uint32_t key_id, struct span signature)
{
    struct buf blob = buf_in(buf->arena, KEY_ID_BYTES + signature.len);

    buf_u32be(&blob, key_id);
    buf_put(&blob, signature);
    buf_text(buf, DASH);
    buf_put(buf, name);
    buf_byte(buf, ' ');
    base64_put(buf, buf_span(&blob));
    buf_byte(buf, '\n');
}
