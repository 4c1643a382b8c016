#include "codec/mail_inside.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "base/limits.h"
#include "codec/utf8.h"

#include <stdio.h>

/* --- lines and words --- */

struct span mail_line(struct span *rest)
{
    struct span line;

    if (!span_cut(rest, '\n', &line)) {
        line = *rest;
        *rest = span_from(*rest, rest->len);
    }
    while (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

struct span mail_trim(struct span text)
{
    while (text.len && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = span_from(text, 1);
    while (text.len && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static uint8_t small(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

/* --- the header --- */

static const char *const names[MAIL_NAMES] = {
    [MAIL_FROM] = "from",
    [MAIL_ID] = "message-id",
    [MAIL_DATE] = "date",
    [MAIL_SUBJECT] = "subject",
    [MAIL_AUTO] = "auto-submitted",
    [MAIL_PRECEDENCE] = "precedence",
    [MAIL_LIST] = "list-id",
    [MAIL_TYPE] = "content-type",
    [MAIL_ENCODING] = "content-transfer-encoding",
    [MAIL_DISPOSITION] = "content-disposition",
};

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

/* RFC 5322 §2.2. */
static bool is_name(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] <= ' ' || name.at[i] >= 0x7f)
            return false;
    return name.len > 0;
}

/* A field with the lines that go on with it, each of which begins with a space (§2.2.3). */
static struct span unfolded(struct span line, struct span *rest, struct arena *arena)
{
    struct buf out = buf_in(arena, LIMIT_MAIL_HEADER_BYTES);

    if (!rest->len || !is_space(rest->at[0]))
        return line;
    buf_put(&out, line);
    while (rest->len && is_space(rest->at[0]))
        buf_put(&out, mail_line(rest));
    return buf_span(&out);
}

static bool take_field(struct mail_header *out, struct span field, struct err *err)
{
    struct span name;

    if (!span_cut(&field, ':', &name) || !is_name(mail_trim(name)))
        return err_set(err, ERR_MALFORMED, "a line of the header is no field");
    for (size_t i = 0; i < MAIL_NAMES; i++) {
        if (!span_is_caseless(mail_trim(name), names[i]))
            continue;
        if (out->there[i])
            return err_set(err, ERR_MALFORMED, "the field %s stands twice", names[i]);
        out->there[i] = true;
        out->value[i] = mail_trim(field);
    }
    return true;
}

bool mail_header(struct mail_header *out, struct span *rest, struct arena *arena, struct err *err)
{
    struct mail_header header = {0};
    const uint8_t *first = rest->at;
    size_t fields = 0;

    while (rest->len) {
        struct span line = mail_line(rest);

        if (!line.len)
            break;
        struct span field = unfolded(line, rest, arena);
        if (++fields > LIMIT_MAIL_FIELDS || (size_t)(rest->at - first) > LIMIT_MAIL_HEADER_BYTES)
            return err_set(err, ERR_LIMIT, "a header of more than %u fields or %u bytes",
                           LIMIT_MAIL_FIELDS, LIMIT_MAIL_HEADER_BYTES);
        if (!take_field(&header, field, err))
            return false;
    }
    *out = header;
    return true;
}

/* --- who --- */

static bool is_local(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        bool dot = c == '.' && i > 0 && i + 1 < text.len && text.at[i - 1] != '.';

        if (!dot && (c <= ' ' || c >= 0x7f || strchr("()<>[]:;@\\,.\"", c)))
            return false;
    }
    return text.len > 0 && text.len <= 64;
}

static bool is_domain(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        bool inside = i > 0 && i + 1 < text.len && text.at[i - 1] != '.';

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (inside && c == '.') ||
              (inside && c == '-' && text.at[i + 1] != '.')))
            return false;
    }
    return text.len > 0;
}

bool mail_address(struct span *out, struct span text, struct arena *arena)
{
    uint8_t *bytes;
    struct span whole, local, domain;

    if (text.len > MAIL_ADDRESS_BYTES)
        return false;
    bytes = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        bytes[i] = small(text.at[i]);
    whole = domain = span_make(bytes, text.len);
    if (!span_cut(&domain, '@', &local) || !is_local(local) || !is_domain(domain))
        return false;
    *out = whole;
    return true;
}

/* Takes one piece of a line of addresses: a quoted text, a comment, or a byte. False where it does
 * not end. RFC 5322 §3.2.2, §3.2.4. */
static bool take_piece(struct span *rest, bool *out_silent)
{
    unsigned depth = 0;
    bool quoted = rest->at[0] == '"';
    size_t i = 1;

    *out_silent = quoted || rest->at[0] == '(';
    depth = rest->at[0] == '(';
    while (i < rest->len && (quoted || depth)) {
        uint8_t c = rest->at[i++];

        if (c == '\\')
            i++;
        else if (quoted)
            quoted = c != '"';
        else
            depth = c == '(' ? depth + 1 : c == ')' ? depth - 1 : depth;
    }
    if (quoted || depth || i > rest->len)
        return false;
    *rest = span_from(*rest, i);
    return true;
}

/* One mailbox, "Name <local@domain>" or "local@domain"; a name says nothing here. */
static bool read_from(struct span *out, struct span line, struct arena *arena, struct err *err)
{
    struct buf bare = buf_in(arena, line.len + 1), angled = buf_in(arena, line.len + 1);
    bool in = false, was_in = false, silent;

    while (line.len) {
        uint8_t c = line.at[0];

        if (!take_piece(&line, &silent))
            return err_set(err, ERR_MALFORMED, "From: a quoted text does not end");
        if (silent && !in)
            continue;
        if (silent || (!in && strchr(",;:", c)) || (c == '<' && was_in))
            return err_set(err, ERR_MALFORMED, "From: it is not one address");
        if (c == '<')
            in = was_in = true;
        else if (c == '>' && in)
            in = false;
        else
            buf_byte(in ? &angled : &bare, c);
    }
    struct span address = was_in && !in ? buf_span(&angled) : mail_trim(buf_span(&bare));
    return mail_address(out, address, arena) ||
           err_set(err, ERR_MALFORMED, "From: it is no address that is taken here");
}

/* --- which --- */

static bool read_id(struct span *out, struct span line, struct err *err)
{
    bool ok = line.len > 2 && line.at[0] == '<' && line.at[line.len - 1] == '>' &&
              line.len <= LIMIT_MAIL_ID_BYTES;

    for (size_t i = 1; ok && i + 1 < line.len; i++)
        ok = line.at[i] > ' ' && line.at[i] < 0x7f && line.at[i] != '<' && line.at[i] != '>';
    if (!ok)
        return err_set(err, ERR_MALFORMED, "a Message-ID that is none");
    *out = span_slice(line, 1, line.len - 2);
    return true;
}

/* --- when --- */

static bool take_number(struct span *rest, size_t least, size_t most, int *out)
{
    size_t len = 0;

    *out = 0;
    while (len < rest->len && len < most && rest->at[len] >= '0' && rest->at[len] <= '9')
        *out = *out * 10 + (rest->at[len++] - '0');
    *rest = span_from(*rest, len);
    return len >= least;
}

static bool take_mark(struct span *rest, char mark)
{
    if (!rest->len || rest->at[0] != (uint8_t)mark)
        return false;
    *rest = span_from(*rest, 1);
    return true;
}

static bool take_month(struct span *rest, int *out)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};

    for (size_t i = 0; rest->len > 3 && i < ARRAY_LEN(months); i++)
        if (span_is_caseless(span_slice(*rest, 0, 3), months[i])) {
            *rest = span_from(*rest, 3);
            *out = (int)i + 1;
            return true;
        }
    return false;
}

/* "+0430" and what may stand for +0000. */
static bool take_zone(struct span *rest, int *out_min)
{
    int sign = take_mark(rest, '-') ? -1 : take_mark(rest, '+') ? 1 : 0, hours, minutes;

    *out_min = 0;
    if (sign == 0)
        return span_is_caseless(*rest, "gmt") || span_is_caseless(*rest, "ut") ||
               span_is_caseless(*rest, "z");
    if (!take_number(rest, 2, 2, &hours) || !take_number(rest, 2, 2, &minutes) || minutes > 59)
        return false;
    *out_min = sign * (hours * 60 + minutes);
    return rest->len == 0 || is_space(rest->at[0]) || rest->at[0] == '(';
}

/* RFC 5322 §3.3, and of its old forms the names of zones that are +0000. */
static bool read_date(int64_t *out_ms, struct span line)
{
    struct span rest = line, day_name, date;
    struct calendar_date day;
    int hour, minute, second = 0, zone;
    char text[16];

    if (span_cut(&rest, ',', &day_name))
        rest = mail_trim(rest);
    bool ok = take_number(&rest, 1, 2, &day.day);
    rest = mail_trim(rest);
    ok = ok && take_month(&rest, &day.month);
    rest = mail_trim(rest);
    ok = ok && take_number(&rest, 4, 4, &day.year);
    rest = mail_trim(rest);
    ok = ok && take_number(&rest, 2, 2, &hour) && take_mark(&rest, ':') &&
         take_number(&rest, 2, 2, &minute);
    if (ok && take_mark(&rest, ':'))
        ok = take_number(&rest, 2, 2, &second);
    rest = mail_trim(rest);
    ok = ok && take_zone(&rest, &zone) && hour < 24 && minute < 60 && second < 61;
    if (!ok)
        return false;
    int len = snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
    date = span_make(text, (size_t)len);
    if (!calendar_parse_date(&day, date))
        return false;
    *out_ms = calendar_ms(day) + ((int64_t)hour * 60 + minute - zone) * MS_PER_MINUTE +
              (int64_t)second * 1000;
    return *out_ms >= LIMIT_TIME_MIN_MS && *out_ms <= LIMIT_TIME_MAX_MS;
}

/* --- whether a person wrote it --- */

static bool is_automatic(const struct mail_header *header, struct span from)
{
    struct span submitted = header->value[MAIL_AUTO], precedence = header->value[MAIL_PRECEDENCE];

    return (submitted.len && !span_is_caseless(submitted, "no")) || header->there[MAIL_LIST] ||
           span_is_caseless(precedence, "bulk") || span_is_caseless(precedence, "list") ||
           span_is_caseless(precedence, "junk") ||
           span_starts_with(from, SPAN_LIT("mailer-daemon@"));
}

/* --- what was typed --- */

static bool is_quoted(struct span line)
{
    return line.len && line.at[0] == '>';
}

/* "On Monday, somebody wrote:", right above what is quoted. */
static bool introduces(struct span line, struct span rest)
{
    return line.len && line.at[line.len - 1] == ':' && is_quoted(rest);
}

static struct span typed(struct span text, struct arena *arena)
{
    struct buf out = buf_in(arena, text.len + 1);

    buf_reserve(&out, text.len + 1);
    while (text.len) {
        struct span line = mail_line(&text);

        if (span_is(line, "-- "))
            break;
        if (is_quoted(line) || introduces(line, text))
            continue;
        buf_put(&out, line);
        buf_byte(&out, '\n');
    }
    struct span all = buf_span(&out);
    while (all.len && strchr(" \t\r\n", all.at[all.len - 1]))
        all.len--;
    while (all.len && all.at[0] == '\n')
        all = span_from(all, 1);
    return all;
}

static bool read_text(struct mail *out, const struct mail_header *header, struct span body,
                      struct arena *arena, struct err *err)
{
    struct span text;

    if (!mail_text(&text, header, body, arena, err))
        return false;
    out->text = typed(text, arena);
    if (!out->text.len) {
        if (!mail_words(&out->text, header->value[MAIL_SUBJECT], arena, err))
            return false;
        out->text = typed(out->text, arena);
    }
    if (!utf8_valid(out->text) || (out->text.len && memchr(out->text.at, '\0', out->text.len)))
        return err_set(err, ERR_MALFORMED, "its subject is no text of UTF-8");
    return out->text.len || err_set(err, ERR_REFUSED, "nothing is written in it");
}

bool mail_parse(struct mail *out, struct span file, struct arena *arena, struct err *err)
{
    struct mail_header header;
    struct mail mail = {0};
    struct span rest = file;

    if (file.len > LIMIT_MAIL_BYTES)
        return err_set(err, ERR_LIMIT, "a mail of more than %u MiB", LIMIT_MAIL_BYTES >> 20);
    if (!mail_header(&header, &rest, arena, err))
        return false;
    if (!header.there[MAIL_FROM])
        return err_set(err, ERR_MALFORMED, "it does not say who it is from");
    if (!read_from(&mail.from, header.value[MAIL_FROM], arena, err) ||
        (header.there[MAIL_ID] && !read_id(&mail.id, header.value[MAIL_ID], err)) ||
        !read_text(&mail, &header, rest, arena, err))
        return false;
    mail.dated = header.there[MAIL_DATE] && read_date(&mail.date_ms, header.value[MAIL_DATE]);
    if (!mail.dated)
        mail.date_ms = 0;
    mail.automatic = is_automatic(&header, mail.from);
    *out = mail;
    return true;
}
