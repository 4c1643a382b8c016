#include "cli/hotline_acts.h"
#include "cli/hotline_words.h"

#include "base/calendar.h"

/* Threads and their incidents, the numbers of a joint meeting, and the courier. */

typedef struct hotline_line line;

/* --- threads and incidents --- */

static bool file_under(struct hotline *h, const struct json *message, struct span incident,
                       struct err *err)
{
    struct json flat = json_object();

    acts_put_text(h, &flat, "message", json_get_text(message, "id"));
    acts_put_text(h, &flat, "incident", incident);
    return acts_sign(h, "hotline.file", &flat, err);
}

static bool file(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return acts_find_message(h, l, &message, err) && file_under(h, message, l->word[1], err);
}

/* Of the message no word goes into the incident: that is for everybody, and the thread is not. */
static bool incident(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();
    const struct json *message;
    char id[65];

    if (!acts_find_message(h, l, &message, err))
        return false;
    acts_put_text(h, &flat, "title", l->text);
    return hotline_sign(h, "incident.open", &flat, id, err) &&
           file_under(h, message, span_of(id), err);
}

static bool about(struct hotline *h, const line *l, struct err *err)
{
    const struct json *files = hotline_list(h, "files"), *all = hotline_list(h, "messages");

    (void)err;
    for (size_t i = 0; i < files->array.count; i++)
        for (size_t n = 0; n < all->array.count; n++) {
            struct span of = json_get_text(&files->array.at[i], "id");

            if (!span_starts_with(json_get_text(&files->array.at[i], "incident"), l->word[0]) ||
                !span_starts_with(of, json_get_text(&all->array.at[n], "thread")))
                continue;
            hotline_begin(h, stdout);
            hotline_head(h, &all->array.at[n], stdout);
            hotline_end(h, stdout);
        }
    return true;
}

static bool counts(struct hotline *h, const line *l, struct err *err)
{
    struct span from = hotline_line_setting(l, "from"), to = hotline_line_setting(l, "to");
    int64_t from_ms = 0, to_ms = INT64_MAX;
    int offset;

    if ((from.len && !calendar_parse_time(&from_ms, &offset, from)) ||
        (to.len && !calendar_parse_time(&to_ms, &offset, to)))
        return hotline_wrong(h, err, ERR_USAGE, "console.moments", NULL);
    hotline_counts(h, from_ms, to_ms, stdout);
    return true;
}

/* --- by courier --- */

static bool print(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return acts_find_message(h, l, &message, err) &&
           hotline_print(h, message, arena_text(&h->work, l->word[1]), err);
}

static bool take(struct hotline *h, const line *l, struct err *err)
{
    return hotline_take(h, arena_text(&h->work, l->word[0]), err);
}

/* --- the lines --- */

const struct hotline_act hotline_thread_acts[] = {
    {{"file", "ID INCIDENT", 2, NULL, LINE_NO_TEXT}, file},
    {{"incident", "ID TITLE", 1, NULL, LINE_TEXT}, incident},
    {{"about", "INCIDENT", 1, NULL, LINE_NO_TEXT}, about},
    {{"counts", "[from=MOMENT] [to=MOMENT]", 0, ACT_SETTINGS("from", "to"), LINE_NO_TEXT}, counts},
    {{"print", "ID FILE", 2, NULL, LINE_NO_TEXT}, print},
    {{"take", "FILE", 1, NULL, LINE_NO_TEXT}, take},
};
const size_t hotline_thread_acts_count = ARRAY_LEN(hotline_thread_acts);
