#include "codec/utf8.h"

/* Well-formed sequences by their first byte: how long they are and within what the
 * second byte must lie (The Unicode Standard, table 3-7). Those after it are 80..bf. */
static const struct form {
    uint8_t first, last;
    uint8_t len;
    uint8_t second_low, second_high;
} forms[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
    {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct form *form_of(uint8_t first)
{
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (first >= forms[i].first && first <= forms[i].last)
            return &forms[i];
    return NULL;
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

static bool next_wide(struct span *text, uint32_t *out)
{
    const struct form *form = form_of(text->at[0]);

    if (!form || text->len < form->len)
        return false;
    if (text->at[1] < form->second_low || text->at[1] > form->second_high)
        return false;

    uint32_t character = text->at[0] & (0x7fu >> form->len);
    for (size_t i = 1; i < form->len; i++) {
        if (!is_continuation(text->at[i]))
            return false;
        character = character << 6 | (text->at[i] & 0x3fu);
    }
    *text = span_from(*text, form->len);
    *out = character;
    return true;
}

bool utf8_next(struct span *text, uint32_t *out)
{
    if (text->len == 0)
        return false;
    if (text->at[0] >= 0x80)
        return next_wide(text, out);
    *out = text->at[0];
    *text = span_from(*text, 1);
    return true;
}

/* Most of what we read is ASCII: eight bytes of it at a time. */
static size_t ascii_words(struct span text)
{
    size_t at = 0;
    uint64_t word;

    while (text.len - at >= sizeof word) {
        memcpy(&word, text.at + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
        at += sizeof word;
    }
    return at;
}

bool utf8_valid(struct span text)
{
    uint32_t ignored;

    while (text.len > 0) {
        text = span_from(text, ascii_words(text));
        while (text.len > 0 && text.at[0] < 0x80)
            text = span_from(text, 1);
        while (text.len > 0 && text.at[0] >= 0x80)
            if (!next_wide(&text, &ignored))
                return false;
    }
    return true;
}

size_t utf8_encode(uint8_t out[4], uint32_t character)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

    assert(character <= 0x10ffff && (character < 0xd800 || character > 0xdfff));
    if (character < 0x80) {
        out[0] = (uint8_t)character;
        return 1;
    }
    size_t len = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (uint8_t)(lead[len] | character);
    return len;
}

struct span utf8_prefix(struct span text, size_t limit)
{
    if (text.len <= limit)
        return text;
    while (limit > 0 && is_continuation(text.at[limit]))
        limit--;
    return span_slice(text, 0, limit);
}
