#include "codec/mail_inside.h"

#include "base/buf.h"
#include "codec/base64.h"
#include "codec/charset.h"

bool mail_charset_known(struct span charset)
{
    return span_is_caseless(charset, "utf-8") || span_is_caseless(charset, "utf8") ||
           span_is_caseless(charset, "us-ascii") || charset_find(charset);
}

bool mail_from_charset(struct span *out, struct span charset, struct span bytes,
                       struct arena *arena)
{
    const struct charset *other = charset_find(charset);

    if (other)
        return charset_decode(out, other, bytes, arena);
    *out = bytes;
    return true;
}

struct span mail_shown(struct span name)
{
    size_t len = 0;

    while (len < name.len && len < 40 && name.at[len] > ' ' && name.at[len] < 0x7f)
        len++;
    return span_slice(name, 0, len);
}

bool mail_base64(struct span *out, struct span text, struct arena *arena)
{
    struct buf plain = buf_in(arena, text.len + 1);

    buf_reserve(&plain, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (!strchr(" \t\r\n", text.at[i]) || !text.at[i])
            buf_byte(&plain, text.at[i]);
    return base64_parse(out, buf_span(&plain), text.len, arena);
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The byte of "=XX", or -1. */
static int escaped(struct span at, uint8_t mark)
{
    if (at.len < 3 || at.at[0] != mark || hex_digit(at.at[1]) < 0 || hex_digit(at.at[2]) < 0)
        return -1;
    return hex_digit(at.at[1]) * 16 + hex_digit(at.at[2]);
}

static struct span without_space_behind(struct span line)
{
    while (line.len && (line.at[line.len - 1] == ' ' || line.at[line.len - 1] == '\t'))
        line.len--;
    return line;
}

bool mail_quoted(struct span *out, struct span text, struct arena *arena)
{
    struct buf plain = buf_in(arena, text.len + 1);

    while (text.len) {
        bool ended = memchr(text.at, '\n', text.len) != NULL;
        struct span line = without_space_behind(mail_line(&text));
        bool soft = line.len && line.at[line.len - 1] == '=';

        line.len -= soft;
        while (line.len) {
            int byte = escaped(line, '=');

            if (byte < 0 && line.at[0] == '=')
                return false;
            buf_byte(&plain, byte < 0 ? line.at[0] : (uint8_t)byte);
            line = span_from(line, byte < 0 ? 1 : 3);
        }
        if (ended && !soft)
            buf_byte(&plain, '\n');
    }
    *out = buf_span(&plain);
    return true;
}

/* --- encoded words --- */

struct word {
    struct span charset, text;
    bool base64;
    size_t len; /* of all of it */
};

static bool word_at(struct word *out, struct span at)
{
    struct span rest = at, encoding;

    if (!span_starts_with(at, SPAN_LIT("=?")))
        return false;
    rest = span_from(rest, 2);
    if (!span_cut(&rest, '?', &out->charset) || !span_cut(&rest, '?', &encoding) ||
        !span_cut(&rest, '?', &out->text) || !rest.len || rest.at[0] != '=')
        return false;
    out->base64 = span_is_caseless(encoding, "b");
    out->len = (size_t)(rest.at - at.at) + 1;
    return (out->base64 || span_is_caseless(encoding, "q")) && !memchr(at.at, ' ', out->len);
}

/* RFC 2047 §4.2: _ is a space. */
static bool quoted_word(struct span *out, struct span text, struct arena *arena)
{
    struct buf plain = buf_in(arena, text.len + 1);

    while (text.len) {
        int byte = escaped(text, '=');

        if (byte < 0 && text.at[0] == '=')
            return false;
        buf_byte(&plain, byte >= 0 ? (uint8_t)byte : text.at[0] == '_' ? ' ' : text.at[0]);
        text = span_from(text, byte < 0 ? 1 : 3);
    }
    *out = buf_span(&plain);
    return true;
}

static bool put_word(struct buf *out, const struct word *word, struct arena *arena, struct err *err)
{
    struct span charset = word->charset, plain, language = charset;

    if (span_cut(&language, '*', &charset)) /* RFC 2231 §5: a language behind it */
        assert(charset.len < word->charset.len);
    if (!mail_charset_known(charset))
        return err_set(err, ERR_REFUSED,
                       "the subject is in the charset \"%.*s\", which is not read here",
                       SPAN_ARG(mail_shown(charset)));
    bool ok = word->base64 ? base64_parse(&plain, word->text, word->text.len, arena)
                           : quoted_word(&plain, word->text, arena);
    if (!ok || !mail_from_charset(&plain, charset, plain, arena))
        return err_set(err, ERR_MALFORMED, "an encoded word of the subject is damaged");
    buf_put(out, plain);
    return true;
}

bool mail_words(struct span *out, struct span text, struct arena *arena, struct err *err)
{
    struct buf plain = buf_in(arena, 3 * text.len + 1); /* a byte of a charset is up to three */
    struct word word;

    while (text.len) {
        if (!word_at(&word, text)) {
            buf_byte(&plain, text.at[0]);
            text = span_from(text, 1);
            continue;
        }
        if (!put_word(&plain, &word, arena, err))
            return false;
        text = span_from(text, word.len);
        /* §6.2: the space between two of them is none. */
        struct span next = mail_trim(text);
        if (span_starts_with(next, SPAN_LIT("=?")) && word_at(&word, next))
            text = span_from(text, (size_t)(next.at - text.at));
    }
    *out = buf_span(&plain);
    return true;
}
