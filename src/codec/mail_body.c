#include "codec/mail_inside.h"

#include "base/buf.h"
#include "base/limits.h"
#include "codec/utf8.h"

/* --- what kind of content --- */

#define BOUNDARY_BYTES 70u /* RFC 2046 §5.1.1 */

struct content {
    struct span type, subtype; /* "text", "plain" */
    struct span charset;       /* empty: not said */
    struct span boundary;
};

/* RFC 2045 §5.1. */
static struct span take_token(struct span *rest)
{
    size_t len = 0;

    while (len < rest->len && rest->at[len] > ' ' && rest->at[len] < 0x7f &&
           !strchr("()<>@,;:\\\"/[]?=", rest->at[len]))
        len++;
    struct span token = span_slice(*rest, 0, len);
    *rest = span_from(*rest, len);
    return token;
}

static bool take_value(struct span *rest, struct span *out, struct arena *arena)
{
    struct buf value = buf_in(arena, rest->len + 1);

    if (!rest->len || rest->at[0] != '"') {
        *out = take_token(rest);
        return out->len > 0;
    }
    for (*rest = span_from(*rest, 1); rest->len && rest->at[0] != '"';
         *rest = span_from(*rest, 1)) {
        if (rest->at[0] == '\\' && rest->len > 1)
            *rest = span_from(*rest, 1);
        buf_byte(&value, rest->at[0]);
    }
    if (!rest->len)
        return false;
    *rest = span_from(*rest, 1);
    *out = buf_span(&value);
    return true;
}

static bool take_parameter(struct content *out, struct span *rest, struct arena *arena)
{
    struct span name, value, *into;

    if (rest->at[0] != ';')
        return false;
    *rest = mail_trim(span_from(*rest, 1));
    if (!rest->len)
        return true; /* some write one ; too many */
    name = take_token(rest);
    *rest = mail_trim(*rest);
    if (!name.len || !rest->len || rest->at[0] != '=')
        return false;
    *rest = mail_trim(span_from(*rest, 1));
    if (!take_value(rest, &value, arena))
        return false;
    *rest = mail_trim(*rest);
    into = span_is_caseless(name, "charset")    ? &out->charset
           : span_is_caseless(name, "boundary") ? &out->boundary
                                                : NULL;
    if (into && into->len)
        return false;
    if (into)
        *into = value;
    return true;
}

static bool read_content(struct content *out, const struct mail_header *header, struct arena *arena,
                         struct err *err)
{
    struct span rest = header->value[MAIL_TYPE];

    *out = (struct content){.type = SPAN_LIT("text"), .subtype = SPAN_LIT("plain")};
    if (!header->there[MAIL_TYPE])
        return true;
    out->type = take_token(&rest);
    bool ok = out->type.len && rest.len && rest.at[0] == '/';
    if (ok) {
        rest = span_from(rest, 1);
        out->subtype = take_token(&rest);
        rest = mail_trim(rest);
        ok = out->subtype.len > 0;
    }
    while (ok && rest.len)
        ok = take_parameter(out, &rest, arena);
    return ok || err_set(err, ERR_MALFORMED, "a Content-Type that is none");
}

/* --- one part --- */

static bool decode(struct span *out, struct span encoding, struct span body, struct arena *arena,
                   struct err *err)
{
    static const struct {
        const char *name;
        bool (*read)(struct span *out, struct span text, struct arena *arena); /* NULL: as is */
    } known[] = {
        {"", NULL},       {"7bit", NULL},          {"8bit", NULL},
        {"binary", NULL}, {"base64", mail_base64}, {"quoted-printable", mail_quoted},
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (!span_is_caseless(encoding, known[i].name))
            continue;
        *out = body;
        return !known[i].read || known[i].read(out, body, arena) ||
               err_set(err, ERR_MALFORMED, "its %s is damaged", known[i].name);
    }
    return err_set(err, ERR_REFUSED, "it is encoded as \"%.*s\", which is not read here",
                   SPAN_ARG(mail_shown(encoding)));
}

static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= 0x80)
            return false;
    return true;
}

static struct span with_plain_ends(struct span text, struct arena *arena)
{
    struct buf out = buf_in(arena, text.len + 1);

    buf_reserve(&out, text.len + 1);
    while (text.len) {
        bool ended = memchr(text.at, '\n', text.len) != NULL;

        buf_put(&out, mail_line(&text));
        if (ended)
            buf_byte(&out, '\n');
    }
    return buf_span(&out);
}

static bool plain_text(struct span *out, const struct content *content,
                       const struct mail_header *header, struct span body, struct arena *arena,
                       struct err *err)
{
    struct span text;

    if (content->charset.len && !mail_charset_known(content->charset))
        return err_set(err, ERR_REFUSED,
                       "its text is in the charset \"%.*s\", which is not read here",
                       SPAN_ARG(mail_shown(content->charset)));
    if (!decode(&text, header->value[MAIL_ENCODING], body, arena, err))
        return false;
    if (!mail_from_charset(&text, content->charset, text, arena) || !utf8_valid(text) ||
        memchr(text.at ? (const void *)text.at : "x", '\0', text.len) ||
        (span_is_caseless(content->charset, "us-ascii") && !is_ascii(text)))
        return err_set(err, ERR_MALFORMED, "its text is not of the charset that it names: %s",
                       content->charset.len ? "it is other bytes"
                                            : "it names none, and is no UTF-8");
    *out = with_plain_ends(text, arena);
    return true;
}

/* --- parts in parts --- */

struct walk {
    struct arena *arena;
    struct err *err;
    size_t parts;
    bool found;
    struct span text;
};

enum edge { EDGE_NONE, EDGE_NEXT, EDGE_END };

static enum edge edge_of(struct span line, struct span boundary)
{
    if (!span_starts_with(line, SPAN_LIT("--")))
        return EDGE_NONE;
    line = span_from(line, 2);
    if (!span_starts_with(line, boundary))
        return EDGE_NONE;
    line = span_from(line, boundary.len);
    if (mail_trim(line).len == 0)
        return EDGE_NEXT;
    return span_starts_with(line, SPAN_LIT("--")) && mail_trim(span_from(line, 2)).len == 0
               ? EDGE_END
               : EDGE_NONE;
}

/* Without the line end that belongs to the boundary behind it. */
static struct span inside(struct span from, const uint8_t *to)
{
    struct span part = span_slice(from, 0, (size_t)(to - from.at));

    if (part.len && part.at[part.len - 1] == '\n')
        part.len--;
    if (part.len && part.at[part.len - 1] == '\r')
        part.len--;
    return part;
}

static bool walk_part(struct walk *walk, struct span part, unsigned depth);

static bool walk_multipart(struct walk *walk, const struct content *content, struct span body,
                           unsigned depth)
{
    struct span rest = body, part = {0};
    enum edge edge = EDGE_NONE;

    if (!content->boundary.len || content->boundary.len > BOUNDARY_BYTES)
        return err_set(walk->err, ERR_MALFORMED, "parts without a boundary");
    while (rest.len && edge != EDGE_END) {
        const uint8_t *at = rest.at;

        edge = edge_of(mail_line(&rest), content->boundary);
        if (edge != EDGE_NONE && part.at && !walk->found &&
            !walk_part(walk, inside(part, at), depth))
            return false;
        if (edge == EDGE_NEXT)
            part = rest.len ? rest : span_make(at, 0);
    }
    return edge == EDGE_END || err_set(walk->err, ERR_MALFORMED, "the last part does not end");
}

static bool walk_body(struct walk *walk, const struct mail_header *header, struct span body,
                      unsigned depth)
{
    struct content content;

    if (!read_content(&content, header, walk->arena, walk->err))
        return false;
    if (span_is_caseless(content.type, "multipart"))
        return walk_multipart(walk, &content, body, depth);
    struct span rest = header->value[MAIL_DISPOSITION];
    if (!span_is_caseless(content.type, "text") || !span_is_caseless(content.subtype, "plain") ||
        span_is_caseless(take_token(&rest), "attachment"))
        return true;
    walk->found = true;
    return plain_text(&walk->text, &content, header, body, walk->arena, walk->err);
}

static bool walk_part(struct walk *walk, struct span part, unsigned depth)
{
    struct mail_header header;

    if (depth == LIMIT_MAIL_DEPTH || ++walk->parts > LIMIT_MAIL_PARTS)
        return err_set(walk->err, ERR_LIMIT, "a mail of too many parts");
    return mail_header(&header, &part, walk->arena, walk->err) &&
           walk_body(walk, &header, part, depth + 1);
}

bool mail_text(struct span *out, const struct mail_header *header, struct span body,
               struct arena *arena, struct err *err)
{
    struct walk walk = {.arena = arena, .err = err};

    if (!walk_body(&walk, header, body, 0))
        return false;
    if (!walk.found)
        return err_set(err, ERR_REFUSED, "it has no part of plain text");
    *out = walk.text;
    return true;
}
