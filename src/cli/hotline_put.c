#include "cli/hotline_acts.h"
#include "cli/hotline_words.h"

#include "base/calendar.h"

/* What the lines of an officer have in common. */

#define WATCH_UNCERTAINTY_MS 1000

bool acts_put_organisation(struct hotline *h, struct json *flat, const char *member,
                           struct span word, struct err *err)
{
    struct span id;

    if (!hotline_organisation(h, word, &id, err))
        return false;
    json_set_string(flat, member, id, &h->work);
    return true;
}

bool acts_put_term(struct hotline *h, struct json *flat, const char *member, const char *section,
                   struct span id, struct err *err)
{
    const struct json *list = json_get(&h->terms, section);
    struct buf known = buf_in(&h->work, 400);

    if (hotline_term(h, section, id)) {
        json_set_string(flat, member, id, &h->work);
        return true;
    }
    for (size_t i = 0; list && i < list->array.count; i++)
        buf_printf(&known, "%s%.*s", i ? ", " : "",
                   SPAN_ARG(json_get_text(&list->array.at[i], "id")));
    return hotline_wrong(
        h, err, ERR_MISSING, "console.one_of",
        HOTLINE_BLANKS({"what", span_of(member), false}, {"list", buf_span(&known), false}));
}

bool acts_put_moment(struct hotline *h, struct json *flat, const char *member, struct span text,
                     struct err *err)
{
    struct json time = json_object();
    int64_t at;
    int offset;

    if (!calendar_parse_time(&at, &offset, text))
        return hotline_wrong(
            h, err, ERR_USAGE, "console.moment",
            HOTLINE_BLANKS({"what", span_of(member), false}, {"text", text, false}));
    json_set_integer(&time, "at_ms", at, &h->work);
    json_set_integer(&time, "offset_min", offset, &h->work);
    json_set_integer(&time, "uncertainty_ms", WATCH_UNCERTAINTY_MS, &h->work);
    json_set(&time, "basis", json_text("watch"), &h->work);
    json_set(flat, member, time, &h->work);
    return true;
}

bool acts_put_optional_moment(struct hotline *h, struct json *flat, const struct hotline_line *l,
                              const char *member, struct err *err)
{
    struct span text = hotline_line_setting(l, member);

    return text.len == 0 || acts_put_moment(h, flat, member, text, err);
}

void acts_put_text(struct hotline *h, struct json *flat, const char *member, struct span text)
{
    if (text.len)
        json_set_string(flat, member, text, &h->work);
}

void acts_put_language(struct hotline *h, struct json *flat, const struct hotline_line *l)
{
    struct span in = hotline_line_setting(l, "in");

    json_set_string(flat, "language", in.len ? in : h->language, &h->work);
}

bool acts_sign(struct hotline *h, const char *kind, const struct json *flat, struct err *err)
{
    char id[65];

    return hotline_sign(h, kind, flat, id, err);
}

bool acts_find_message(const struct hotline *h, const struct hotline_line *l,
                       const struct json **out, struct err *err)
{
    return hotline_find(h, "messages", l->word[0], out, err);
}
