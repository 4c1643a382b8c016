#include "cli/hotline_slip.h"

#include "base/buf.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/hash.h"

#define MARK "sulh-slip"
#define TAG_DIGITS 8u

static void tag_of(char out[TAG_DIGITS + 1], struct span bytes)
{
    char hex[2 * HASH_BYTES + 1];
    struct hash hash = hash_of(bytes);

    hex_text(hex, hash_span(&hash));
    memcpy(out, hex, TAG_DIGITS);
    out[TAG_DIGITS] = '\0';
}

bool hotline_slip_lines(struct span **out, size_t *out_count, struct span bytes,
                        struct arena *arena, struct err *err)
{
    size_t count = (bytes.len + HOTLINE_SLIP_BYTES - 1) / HOTLINE_SLIP_BYTES;
    char tag[TAG_DIGITS + 1];

    if (count == 0 || count > HOTLINE_SLIP_LINES)
        return err_set(err, ERR_LIMIT, "%zu bytes are too many for a slip", bytes.len);
    tag_of(tag, bytes);
    *out = ARENA_ARRAY(arena, struct span, count);
    for (size_t n = 0; n < count; n++) {
        size_t from = n * HOTLINE_SLIP_BYTES, left = bytes.len - from;
        struct buf line = buf_in(arena, 2 * HOTLINE_SLIP_BYTES);

        buf_printf(&line, MARK " %zu/%zu %s ", n + 1, count, tag);
        base64_put(&line,
                   span_slice(bytes, from, left < HOTLINE_SLIP_BYTES ? left : HOTLINE_SLIP_BYTES));
        assert(!line.full);
        (*out)[n] = buf_span(&line);
    }
    *out_count = count;
    return true;
}

/* --- reading it in --- */

struct slip {
    size_t count; /* 0: no line yet */
    struct span tag;
    struct span piece[HOTLINE_SLIP_LINES]; /* empty: not there */
};

/* 1 to 99, without a leading zero. */
static bool number(struct span text, size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        *out = *out * 10 + (size_t)(text.at[i] - '0');
    }
    return text.len >= 1 && text.len <= 2 && text.at[0] != '0';
}

static bool is_tag(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.at[i], 16))
            return false;
    return text.len == TAG_DIGITS;
}

static bool take_line(struct slip *slip, struct span line, struct arena *arena, struct err *err)
{
    struct span rest = line, mark, place, tag, n_text, bytes;
    size_t n, count;

    if (!span_cut(&rest, ' ', &mark) || !span_is(mark, MARK) || !span_cut(&rest, ' ', &place) ||
        !span_cut(&rest, ' ', &tag) || !span_cut(&place, '/', &n_text) || !number(n_text, &n) ||
        !number(place, &count) || n > count || !is_tag(tag) ||
        !base64_parse(&bytes, rest, HOTLINE_SLIP_BYTES, arena) || bytes.len == 0)
        return err_set(err, ERR_MALFORMED, "a line of a slip is \"" MARK " N/COUNT TAG BASE64\"");
    if (slip->count && (slip->count != count || !span_equal(slip->tag, tag)))
        return err_set(err, ERR_CONFLICT, "these are lines of two slips");
    if (slip->piece[n - 1].len && !span_equal(slip->piece[n - 1], bytes))
        return err_set(err, ERR_CONFLICT, "line %zu is there twice, and not the same", n);
    slip->count = count;
    slip->tag = tag;
    slip->piece[n - 1] = bytes;
    return true;
}

static struct span trimmed(struct span line)
{
    while (line.len && (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
        line.len--;
    return line;
}

bool hotline_slip_parse(struct span *out, struct span text, struct arena *arena, struct err *err)
{
    struct slip slip = {0};
    struct buf all = buf_in(arena, HOTLINE_SLIP_LINES * HOTLINE_SLIP_BYTES);
    char tag[TAG_DIGITS + 1];
    struct span line;

    for (bool more = true; more;) {
        more = span_cut(&text, '\n', &line);
        line = trimmed(more ? line : text);
        if (line.len && !take_line(&slip, line, arena, err))
            return false;
    }
    if (slip.count == 0)
        return err_set(err, ERR_MISSING, "there is no line of a slip in it");
    for (size_t n = 0; n < slip.count; n++) {
        if (slip.piece[n].len == 0)
            return err_set(err, ERR_MISSING, "line %zu of %zu is missing", n + 1, slip.count);
        buf_put(&all, slip.piece[n]);
    }
    tag_of(tag, buf_span(&all));
    if (!span_is(slip.tag, tag))
        return err_set(err, ERR_CONFLICT, "its lines do not fit together");
    *out = buf_span(&all);
    return true;
}
