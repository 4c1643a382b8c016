#include "forms/xml.h"

#include "codec/utf8.h"

struct xml_writer xml_writer_over(struct buf *buf)
{
    buf_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    return (struct xml_writer){.buf = buf};
}

/* Our own names are ASCII: a letter or "_", then letters, digits and "_-.:". */
static bool is_name(const char *name)
{
    static const char first[] = "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strspn(name, "_-.:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    return name[0] && strchr(first, name[0]) && !name[len];
}

/* Char of XML 1.0 §2.2. */
static bool can_stand(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c != 0xfffe && c != 0xffff);
}

/* What a reader would change or take for markup; white space in attributes, too, which XML
 * 1.0 §3.3.3 would make spaces of. */
static const char *escape_of(uint32_t c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#13;";
    case '"':
        return in_attribute ? "&quot;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    case '\n':
        return in_attribute ? "&#10;" : NULL;
    default:
        return can_stand(c) ? NULL : "\xef\xbf\xbd";
    }
}

static void put_escaped(struct buf *buf, struct span text, bool in_attribute)
{
    struct span rest = text;
    uint32_t c;

    for (;;) {
        struct span before = rest;
        if (!utf8_next(&rest, &c))
            break;
        const char *escape = escape_of(c, in_attribute);
        if (escape)
            buf_text(buf, escape);
        else
            buf_put(buf, span_slice(before, 0, before.len - rest.len));
    }
    assert(rest.len == 0); /* whoever writes has checked that it is UTF-8 */
}

static void end_tag_start(struct xml_writer *w)
{
    if (w->in_tag)
        buf_byte(w->buf, '>');
    w->in_tag = false;
}

void xml_open(struct xml_writer *w, const char *name)
{
    assert(is_name(name) && w->depth < XML_WRITER_DEPTH);
    end_tag_start(w);
    buf_printf(w->buf, "<%s", name);
    w->open[w->depth++] = name;
    w->in_tag = true;
}

void xml_set(struct xml_writer *w, const char *name, struct span value)
{
    assert(is_name(name) && w->in_tag);
    buf_printf(w->buf, " %s=\"", name);
    put_escaped(w->buf, value, true);
    buf_byte(w->buf, '"');
}

void xml_set_text(struct xml_writer *w, const char *name, const char *value)
{
    xml_set(w, name, span_of(value));
}

void xml_text(struct xml_writer *w, struct span text)
{
    assert(w->depth > 0);
    if (text.len == 0)
        return;
    end_tag_start(w);
    put_escaped(w->buf, text, false);
}

void xml_close(struct xml_writer *w)
{
    assert(w->depth > 0);
    const char *name = w->open[--w->depth];
    if (w->in_tag)
        buf_text(w->buf, "/>");
    else
        buf_printf(w->buf, "</%s>", name);
    w->in_tag = false;
}

void xml_leaf(struct xml_writer *w, const char *name, struct span text)
{
    xml_open(w, name);
    xml_text(w, text);
    xml_close(w);
}
