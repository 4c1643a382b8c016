#include "base/span.h"

struct span span_of(const char *text)
{
    return (struct span){(const uint8_t *)text, text ? strlen(text) : 0};
}

struct span span_make(const void *at, size_t len)
{
    return (struct span){at, len};
}

bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool span_is(struct span a, const char *text)
{
    return span_equal(a, span_of(text));
}

static uint8_t small(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

bool span_is_caseless(struct span a, const char *text)
{
    if (a.len != strlen(text))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (small(a.at[i]) != small((uint8_t)text[i]))
            return false;
    return true;
}

int span_compare(struct span a, struct span b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.at, b.at, common) : 0;

    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

bool span_starts_with(struct span s, struct span prefix)
{
    return s.len >= prefix.len && span_equal(span_make(s.at, prefix.len), prefix);
}

bool span_ends_with(struct span s, struct span suffix)
{
    return s.len >= suffix.len && span_equal(span_from(s, s.len - suffix.len), suffix);
}

struct span span_from(struct span s, size_t from)
{
    return span_slice(s, from, s.len - from);
}

struct span span_slice(struct span s, size_t from, size_t len)
{
    assert(from <= s.len && len <= s.len - from);
    return (struct span){from ? s.at + from : s.at, len};
}

bool span_cut(struct span *rest, uint8_t mark, struct span *out)
{
    const uint8_t *found = rest->len ? memchr(rest->at, mark, rest->len) : NULL;

    if (!found)
        return false;
    size_t before = (size_t)(found - rest->at);
    *out = span_make(rest->at, before);
    *rest = span_from(*rest, before + 1);
    return true;
}
