#include "sys/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/calendar.h"
#include "codec/utf8.h"
#include "sys/clock.h"

#define TEXT_BYTES 700                        /* an err's text and what was being done */
#define LINE_BYTES (6 * 2 * TEXT_BYTES + 200) /* every byte of two texts as \u00xx */

static atomic_bool is_quiet;

struct line {
    char text[LINE_BYTES];
    size_t len;
};

static void put(struct line *line, const char *bytes, size_t len)
{
    assert(len <= sizeof line->text - line->len);
    memcpy(line->text + line->len, bytes, len);
    line->len += len;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* Whatever stood in a message, the line stays one line of valid JSON: a log that can be
 * forged from outside is no log. */
static void put_string(struct line *line, const char *text)
{
    struct span left = span_of(text);
    uint32_t c;

    put_text(line, "\"");
    while (left.len > 0) {
        struct span rest = left;
        char escape[8];

        if (!utf8_next(&rest, &c)) {
            left = span_from(left, 1);
            put_text(line, "\\ufffd");
        } else if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
            left = rest;
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
            put_text(line, escape);
        } else {
            put(line, (const char *)left.at, left.len - rest.len);
            left = rest;
        }
    }
    put_text(line, "\"");
}

static void put_member(struct line *line, const char *name, const char *value)
{
    put_text(line, name);
    put_string(line, value);
}

/* In one write, so that lines of several threads do not mix. Nobody is left to tell of a
 * log that cannot be written. */
static void write_out(const struct line *line)
{
    ssize_t written = write(STDERR_FILENO, line->text, line->len);

    (void)written;
}

void log_line(enum log_level level, const char *what, const char *format, ...)
{
    static const char *const words[] = {"info", "warning", "fault"};
    char text[TEXT_BYTES];
    char name[TEXT_BYTES];
    char at[CALENDAR_TEXT];
    struct line line = {.len = 0};
    va_list args;

    assert((size_t)level < ARRAY_LEN(words));
    if (atomic_load(&is_quiet))
        return;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(name, sizeof name, "%s", what);
    calendar_format(at, clock_now_ms(clock_system()), 0);

    put_member(&line, "{\"at\":", at);
    put_member(&line, ",\"level\":", words[level]);
    put_member(&line, ",\"what\":", name);
    put_member(&line, ",\"text\":", text);
    put_text(&line, "}\n");
    write_out(&line);
}

void log_quiet(bool quiet)
{
    atomic_store(&is_quiet, quiet);
}
