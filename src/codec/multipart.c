#include "codec/multipart.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/reader.h"
#include "codec/utf8.h"

/* RFC 2046 §5.1.1. */
#define BOUNDARY_BYTES 70u

#define CRLF SPAN_LIT("\r\n")

struct form {
    struct reader r;
    struct span delimiter; /* CRLF, "--", the boundary */
    struct arena *arena;
};

/* Header values. */

static struct span trim(struct span s)
{
    while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = span_from(s, 1);
    while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* RFC 9110 §5.6.2. */
static bool is_token_byte(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", byte);
}

static struct span take_token(struct span *rest)
{
    size_t len = 0;

    while (len < rest->len && is_token_byte(rest->at[len]))
        len++;
    struct span token = span_slice(*rest, 0, len);
    *rest = span_from(*rest, len);
    return token;
}

static bool escapes(struct span at)
{
    return at.len > 1 && at.at[0] == '\\' && (at.at[1] == '"' || at.at[1] == '\\');
}

/* What stands between the quotes, escapes and all. */
static bool take_quoted(struct span *rest, struct span *out)
{
    struct span inside = span_from(*rest, 1);
    size_t len = 0;

    while (len < inside.len && inside.at[len] != '"')
        len += escapes(span_from(inside, len)) ? 2 : 1;
    if (len >= inside.len)
        return false;
    *out = span_slice(inside, 0, len);
    *rest = span_from(inside, len + 1);
    return true;
}

struct parameter {
    struct span name, value; /* value: as it stands, without its quotes */
};

/* Takes "; name=value" off the front of *rest; NULL, or why not. */
static const char *take_parameter(struct span *rest, struct parameter *out)
{
    if (rest->at[0] != ';')
        return "a ; is missing between two parameters";
    *rest = trim(span_from(*rest, 1));
    out->name = take_token(rest);
    if (out->name.len == 0 || rest->len == 0 || rest->at[0] != '=')
        return "a parameter without a name or a value";
    *rest = span_from(*rest, 1);
    if (rest->len && rest->at[0] == '"') {
        if (!take_quoted(rest, &out->value))
            return "a quoted text does not end";
    } else {
        out->value = take_token(rest);
        if (out->value.len == 0)
            return "a parameter without a value";
    }
    *rest = trim(*rest);
    return NULL;
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The byte that a %XX at the front stands for; -1: it is none. */
static int percent(struct span at)
{
    if (at.len < 3 || at.at[0] != '%' || hex_digit(at.at[1]) < 0 || hex_digit(at.at[2]) < 0)
        return -1;
    return hex_digit(at.at[1]) * 16 + hex_digit(at.at[2]);
}

static struct span unquote(struct span value, struct arena *arena)
{
    struct buf buf = buf_in(arena, value.len);

    while (value.len) {
        int byte = percent(value);

        if (byte == '"' || byte == '\r' || byte == '\n') {
            buf_byte(&buf, (uint8_t)byte);
            value = span_from(value, 3);
            continue;
        }
        if (escapes(value))
            value = span_from(value, 1);
        buf_byte(&buf, value.at[0]);
        value = span_from(value, 1);
    }
    return buf_span(&buf);
}

/* RFC 8187 §3.2.1: UTF-8'language'value. */
static bool decode_extended(struct span value, struct span *out, struct arena *arena)
{
    struct buf buf = buf_in(arena, value.len);
    struct span charset, language;

    if (!span_cut(&value, '\'', &charset) || !span_is_caseless(charset, "utf-8") ||
        !span_cut(&value, '\'', &language))
        return false;
    while (value.len) {
        int byte = percent(value);
        bool plain = is_token_byte(value.at[0]) && !strchr("*'%", value.at[0]);

        if (byte < 0 && !plain)
            return false;
        buf_byte(&buf, byte < 0 ? value.at[0] : (uint8_t)byte);
        value = span_from(value, byte < 0 ? 1 : 3);
    }
    *out = buf_span(&buf);
    return true;
}

static const char *check_text(struct span name)
{
    if (!utf8_valid(name))
        return "a text that is not in UTF-8";
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] < ' ' || name.at[i] == 0x7f)
            return "a control character in a header";
    return NULL;
}

/* The content type of the request. */

/* bchars of RFC 2046 §5.1.1. */
static bool is_boundary(struct span text)
{
    if (text.len == 0 || text.len > BOUNDARY_BYTES || text.at[text.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        bool letter =
            (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');

        if (!letter && (byte == '\0' || !strchr("'()+_,-./:=? ", byte)))
            return false;
    }
    return true;
}

static bool read_boundary(struct span type, struct span *out, struct err *err)
{
    struct span rest = trim(type), boundary = {0};
    size_t len = 0;

    while (len < rest.len && rest.at[len] != ';')
        len++;
    if (!span_is_caseless(trim(span_slice(rest, 0, len)), "multipart/form-data"))
        return err_set(err, ERR_MALFORMED, "the content type is not multipart/form-data");
    for (rest = span_from(rest, len); rest.len;) {
        struct parameter parameter;
        const char *why = take_parameter(&rest, &parameter);

        if (!why && span_is_caseless(parameter.name, "boundary") && boundary.at)
            why = "the boundary is given twice";
        if (why)
            return err_set(err, ERR_MALFORMED, "the content type: %s", why);
        if (span_is_caseless(parameter.name, "boundary"))
            boundary = parameter.value;
    }
    if (!is_boundary(boundary))
        return err_set(err, ERR_MALFORMED,
                       "the content type: no boundary of 1 to 70 characters of RFC 2046");
    *out = boundary;
    return true;
}

/* The headers of a part. */

struct headers {
    struct multipart_part part;
    bool disposition, typed, coded;
    struct span length; /* Content-Length; empty: none */
};

/* One of "name" or "filename" with what it says. */
struct said {
    struct span plain, extended;
    bool has_plain, has_extended;
};

static const char *say(struct said *said, const struct parameter *parameter, bool extended,
                       struct arena *arena)
{
    bool *has = extended ? &said->has_extended : &said->has_plain;

    if (*has)
        return "a parameter is given twice";
    *has = true;
    if (!extended)
        said->plain = unquote(parameter->value, arena);
    else if (!decode_extended(parameter->value, &said->extended, arena))
        return "a name that is not as RFC 8187 has it, in UTF-8";
    return check_text(extended ? said->extended : said->plain);
}

static const char *read_disposition(struct headers *headers, struct span value, struct arena *arena)
{
    struct said name = {0}, filename = {0};

    if (headers->disposition)
        return "Content-Disposition is given twice";
    headers->disposition = true;
    if (!span_is_caseless(take_token(&value), "form-data"))
        return "Content-Disposition is not form-data";
    for (value = trim(value); value.len;) {
        struct parameter parameter;
        const char *why = take_parameter(&value, &parameter);

        if (why)
            return why;
        if (span_is_caseless(parameter.name, "name"))
            why = say(&name, &parameter, false, arena);
        else if (span_is_caseless(parameter.name, "name*"))
            why = say(&name, &parameter, true, arena);
        else if (span_is_caseless(parameter.name, "filename"))
            why = say(&filename, &parameter, false, arena);
        else if (span_is_caseless(parameter.name, "filename*"))
            why = say(&filename, &parameter, true, arena);
        if (why)
            return why;
    }
    headers->part.name = name.has_extended ? name.extended : name.plain;
    headers->part.filename = filename.has_extended ? filename.extended : filename.plain;
    headers->part.has_filename = filename.has_plain || filename.has_extended;
    return headers->part.name.len ? NULL : "a part without a name";
}

static const char *read_type(struct headers *headers, struct span value, struct arena *arena)
{
    (void)arena;
    if (headers->typed)
        return "Content-Type is given twice";
    headers->typed = true;
    headers->part.type = value;
    return check_text(value);
}

/* RFC 7578 §4.7: there is none any more, but okhttp says "binary". */
static const char *read_coding(struct headers *headers, struct span value, struct arena *arena)
{
    (void)arena;
    if (headers->coded)
        return "Content-Transfer-Encoding is given twice";
    headers->coded = true;
    return span_is_caseless(value, "binary") || span_is_caseless(value, "8bit") ||
                   span_is_caseless(value, "7bit")
               ? NULL
               : "a transfer encoding, which forms have none of";
}

static const char *read_length(struct headers *headers, struct span value, struct arena *arena)
{
    (void)arena;
    if (headers->length.len)
        return "Content-Length is given twice";
    headers->length = value;
    return value.len ? NULL : "Content-Length says nothing";
}

static const struct {
    const char *name;
    const char *(*read)(struct headers *headers, struct span value, struct arena *arena);
} known_headers[] = {
    {"content-disposition", read_disposition},
    {"content-type", read_type},
    {"content-transfer-encoding", read_coding},
    {"content-length", read_length},
};

static const char *read_header(struct headers *headers, struct span line, struct arena *arena)
{
    struct span value = line, name = take_token(&value);

    if (name.len == 0 || value.len == 0 || value.at[0] != ':')
        return "a header is not \"Name: value\" in one line";
    value = trim(span_from(value, 1));
    for (size_t i = 0; i < ARRAY_LEN(known_headers); i++)
        if (span_is_caseless(name, known_headers[i].name))
            return known_headers[i].read(headers, value, arena);
    return NULL;
}

static struct span rest_of(const struct form *form)
{
    return span_from(form->r.in, form->r.at);
}

/* Without its CRLF; a CR or LF alone is in no line. */
static struct span take_line(struct form *form)
{
    struct span rest = rest_of(form);
    size_t most = rest.len < LIMIT_FORM_HEADER_BYTES ? rest.len : LIMIT_FORM_HEADER_BYTES;
    size_t len = 0;

    while (len < most && rest.at[len] != '\r' && rest.at[len] != '\n')
        len++;
    if (len == LIMIT_FORM_HEADER_BYTES)
        reader_fail(&form->r, "a header that is too long");
    struct span line = reader_take(&form->r, len);
    if (!span_starts_with(rest_of(form), CRLF))
        reader_fail(&form->r, "a line that does not end in CRLF");
    reader_take(&form->r, CRLF.len);
    return line;
}

static void read_headers(struct form *form, struct headers *headers)
{
    struct span line;
    unsigned count = 0;

    do {
        size_t at = reader_offset(&form->r);
        line = take_line(form);
        const char *why = line.len == 0                  ? NULL
                          : ++count > LIMIT_FORM_HEADERS ? "too many headers of one part"
                                                         : read_header(headers, line, form->arena);
        if (why && !reader_failed(&form->r)) {
            form->r.at = at; /* the line that is at fault, not the next */
            reader_fail(&form->r, why);
        }
    } while (line.len && !reader_failed(&form->r));
    if (!headers->disposition)
        reader_fail(&form->r, "a part without Content-Disposition");
}

/* The body. */

/* Some begin and end with them: RFC 2046 §5.1.1 lets anything stand there, and nothing can hide in
 * an empty line. */
static void pass_empty_lines(struct form *form)
{
    while (span_starts_with(rest_of(form), CRLF))
        reader_take(&form->r, CRLF.len);
}

/* What stands between a boundary and the end of its line: false where the form ends. */
static bool read_boundary_end(struct form *form)
{
    bool last = span_starts_with(rest_of(form), SPAN_LIT("--"));

    if (last)
        reader_take(&form->r, 2);
    for (struct span rest = rest_of(form); rest.len && (*rest.at == ' ' || *rest.at == '\t');
         rest = span_from(rest, 1))
        reader_take(&form->r, 1); /* transport padding, RFC 2046 §5.1.1 */
    if (span_starts_with(rest_of(form), CRLF))
        reader_take(&form->r, CRLF.len);
    else if (!last || reader_left(&form->r))
        reader_fail(&form->r, "a line that begins as the boundary does, and is none");
    if (last)
        pass_empty_lines(form);
    if (last && reader_left(&form->r))
        reader_fail(&form->r, "bytes behind the last boundary");
    return !last;
}

static void read_content(struct form *form, struct headers *headers)
{
    /* The CRLF before a boundary is the boundary's, and that of a part without any content is
     * the end of its headers (RFC 2046 §5.1.1). */
    struct span rest = span_from(form->r.in, form->r.at - CRLF.len);
    const uint8_t *end = memmem(rest.at, rest.len, form->delimiter.at, form->delimiter.len);
    uint64_t said;

    if (!end) {
        reader_take(&form->r, reader_left(&form->r));
        reader_fail(&form->r, "the last boundary is missing");
        return;
    }
    if (end > rest.at)
        headers->part.bytes = reader_take(&form->r, (size_t)(end - rest.at) - CRLF.len);
    else
        form->r.at -= CRLF.len;
    if (headers->length.len &&
        (!decimal_parse(&said, headers->length, SIZE_MAX) || said != headers->part.bytes.len))
        reader_fail(&form->r, "Content-Length of a part says otherwise");
    reader_take(&form->r, form->delimiter.len);
}

static void read_first_boundary(struct form *form)
{
    struct span first = span_from(form->delimiter, CRLF.len);

    pass_empty_lines(form);
    if (!span_starts_with(rest_of(form), first))
        reader_fail(&form->r, "it does not begin with the boundary");
    reader_take(&form->r, first.len);
}

static bool fault(const struct form *form, struct err *err)
{
    return err_set(err, ERR_MALFORMED, "the form: %s, at byte %zu", form->r.why,
                   reader_offset(&form->r));
}

static bool read_parts(struct form *form, struct multipart_part *part, size_t *out_count,
                       struct err *err)
{
    size_t count = 0;

    read_first_boundary(form);
    while (!reader_failed(&form->r) && read_boundary_end(form) && !reader_failed(&form->r)) {
        struct headers headers = {0};

        if (count == LIMIT_FORM_PARTS)
            return err_set(err, ERR_LIMIT, "the form: more than %u parts", LIMIT_FORM_PARTS);
        read_headers(form, &headers);
        if (!reader_failed(&form->r))
            read_content(form, &headers);
        part[count++] = headers.part;
    }
    *out_count = count;
    return !reader_failed(&form->r) || fault(form, err);
}

bool multipart_parse(struct multipart_part **out, size_t *out_count, struct span content_type,
                     struct span body, struct arena *arena, struct err *err)
{
    struct form form = {.r = reader_over(body), .arena = arena};
    struct multipart_part *part = ARENA_ARRAY(arena, struct multipart_part, LIMIT_FORM_PARTS);
    struct buf delimiter = buf_in(arena, 4 + BOUNDARY_BYTES);
    struct span boundary;
    size_t count = 0;

    if (!read_boundary(content_type, &boundary, err))
        return false;
    buf_text(&delimiter, "\r\n--");
    buf_put(&delimiter, boundary);
    form.delimiter = buf_span(&delimiter);
    if (!read_parts(&form, part, &count, err))
        return false;
    *out = part;
    *out_count = count;
    return true;
}

const struct multipart_part *multipart_find(const struct multipart_part *part, size_t count,
                                            const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (span_is(part[i].name, name))
            return &part[i];
    return NULL;
}
