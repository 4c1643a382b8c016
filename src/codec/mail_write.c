#include "codec/mail.h"

#include "base/buf.h"
#include "base/calendar.h"
#include "codec/base64.h"

#define LINE_CHARACTERS 76u /* RFC 2045 §6.8 */

/* RFC 5322 §3.3. */
static void put_date(struct buf *out, int64_t ms)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct calendar_date date = calendar_date(ms);
    int64_t day = calendar_ms(date) / MS_PER_DAY, second = (ms - calendar_ms(date)) / 1000;

    buf_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[(day % 7 + 7) % 7],
               date.day, months[date.month - 1], date.year, (int)(second / 3600),
               (int)(second / 60 % 60), (int)(second % 60));
}

static void put_base64(struct buf *out, struct span text, struct arena *arena)
{
    struct buf line = buf_in(arena, 2 * text.len + 4);

    base64_put(&line, text);
    for (struct span rest = buf_span(&line); rest.len;) {
        size_t len = rest.len < LINE_CHARACTERS ? rest.len : LINE_CHARACTERS;

        buf_put(out, span_slice(rest, 0, len));
        buf_text(out, "\r\n");
        rest = span_from(rest, len);
    }
}

struct span mail_write(const struct mail_answer *answer, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);

    put_date(&out, answer->date_ms);
    buf_printf(&out, "From: <%s>\r\nTo: <%.*s>\r\nMessage-ID: <%s%s>\r\n", answer->from,
               SPAN_ARG(answer->to), answer->key, strchr(answer->from, '@'));
    if (answer->about.len)
        buf_printf(&out, "In-Reply-To: <%.*s>\r\nReferences: <%.*s>\r\n", SPAN_ARG(answer->about),
                   SPAN_ARG(answer->about));
    buf_text(&out, "Subject: FLASH\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: base64\r\n\r\n");
    put_base64(&out, answer->text, arena);
    return buf_span(&out);
}
