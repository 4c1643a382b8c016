#include "feed/feed.h"

#include <stdarg.h>
#include <stdio.h>

void remark(const struct remarks *remarks, const char *format, ...)
{
    char text[600];
    va_list args;

    if (!remarks->say)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *at = text; *at; at++)
        if ((uint8_t)*at < ' ' || *at == '\x7f')
            *at = '?'; /* a file's words must not steer somebody's terminal */
    remarks->say(remarks->context, text);
}

const char *const feed_event_kinds[] = {"incident.open", "incident.report", "claim", NULL};

void feed_rewind(struct feed *feed)
{
    feed->rewind(feed->state);
}

bool feed_next(struct feed *feed, struct feed_item *out, bool *more, struct err *err)
{
    return feed->next(feed->state, out, more, err);
}

void feed_close(struct feed *feed)
{
    if (feed->close)
        feed->close(feed->state);
    feed->close = NULL;
}
