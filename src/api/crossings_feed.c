/* How the crossings stand, for a telephone that shows plain text, and for readers of news. */

#include "api/case_rows.h"
#include "api/lanes.h"
#include "base/calendar.h"
#include "forms/words.h"
#include "journal/in_force.h"
#include "render/atom.h"

#include <stdlib.h>

#define CROSSING_BYTES 1000u /* at most of one, so that it costs a trader next to nothing */
#define LINE_BYTES 4096u     /* more than a crossing has room for: what is longer does not fit */
#define LAST_LINE_BYTES 120u /* kept free for saying that there is more */
#define ENTRIES 100u         /* of the feed, the newest */

struct feed {
    struct api_call *call;
    struct json terms, view;
    struct words words;
    const struct words_language *language;
    int64_t now_ms;
};

static bool open_feed(struct feed *feed, struct api_call *call, struct err *err)
{
    struct crossings_query query = {.as_of = call->as_of,
                                    .crossing = api_value(call, "crossing")->text};
    const struct api_value *language = api_value(call, "language");
    int64_t version;

    feed->call = call;
    feed->terms = json_object();
    if (!in_force_version(call->reader, call->as_of, &version, call->arena, err) ||
        !in_force_terms(call->reader, version, call->as_of, &feed->terms, call->arena, err) ||
        !lanes_read(call, &query, &feed->view, err))
        return false;
    feed->now_ms = json_get_integer(&feed->view, "now_ms", 0);
    feed->words = words_of_agreement(&feed->terms, call->arena);
    feed->language =
        language->given ? words_language(&feed->words, language->text) : &feed->words.language[0];
    return feed->language ||
           err_set(err, ERR_USAGE, "there are no words in \"%.*s\"", SPAN_ARG(language->text));
}

static struct span word(const struct feed *feed, const char *key)
{
    return words_get(&feed->words, feed->language, key);
}

static struct span status_word(const struct feed *feed, const struct json *row)
{
    return word(
        feed, arena_printf(feed->call->arena, "word.%.*s", SPAN_ARG(json_get_text(row, "status"))));
}

static struct span term(const struct feed *feed, const char *section, struct span id)
{
    const struct json *list = json_get(&feed->terms, section);

    for (uint32_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return words_of_item(&list->array.at[i], feed->language);
    return id;
}

static const char *date_of(const struct feed *feed, const struct json *row, const char *time)
{
    const struct json *at = json_get(row, time);
    char text[CALENDAR_TEXT];

    calendar_format(text,
                    json_get_integer(at, "at_ms", 0) +
                        json_get_integer(at, "offset_min", 0) * (int64_t)MS_PER_MINUTE,
                    0);
    return arena_printf(feed->call->arena, "%.10s", text);
}

static const char *comma(const struct feed *feed)
{
    return feed->language->rtl ? "، " : ", ";
}

/* --- plain text --- */

struct group { /* lanes of which one organisation says the same */
    const struct json *first, *lane;
    bool seen;
};

static bool same_text(const struct json *a, const struct json *b, const char *member)
{
    return span_equal(json_get_text(a, member), json_get_text(b, member));
}

static bool same_day(const struct feed *feed, const struct json *a, const struct json *b,
                     const char *time)
{
    return strcmp(date_of(feed, a, time), date_of(feed, b, time)) == 0;
}

static bool is_over(const struct json *row)
{
    return json_get(row, "ran_out") || json_get(row, "to_come");
}

static bool belongs(const struct feed *feed, const struct group *group, const struct json *lane,
                    const struct json *row)
{
    return json_get(row, "status") && is_over(row) == is_over(group->first) &&
           same_text(lane, group->lane, "direction") &&
           same_text(row, group->first, "organisation") && same_text(row, group->first, "status") &&
           same_day(feed, row, group->first, group->seen ? "at" : "since");
}

/* Adds a line if the crossing has room for it. */
static bool put_line(struct buf *out, size_t begun, struct span line)
{
    if (out->len - begun + line.len + LAST_LINE_BYTES > CROSSING_BYTES)
        return false;
    buf_put(out, line);
    return true;
}

static struct span head_of(const struct feed *feed, const struct group *group)
{
    struct arena *arena = feed->call->arena;
    struct span org = term(feed, "organisation", json_get_text(group->first, "organisation"));
    struct span how = word(feed, group->seen ? "feed.saw" : "feed.declares");
    const char *ran_out =
        json_get(group->first, "ran_out")
            ? arena_printf(arena, "%s%.*s", comma(feed), SPAN_ARG(word(feed, "feed.ran_out")))
            : "";

    return span_of(
        arena_printf(arena, "%.*s %.*s: %.*s: %.*s (%s%s): ", SPAN_ARG(org), SPAN_ARG(how),
                     SPAN_ARG(term(feed, "direction", json_get_text(group->lane, "direction"))),
                     SPAN_ARG(status_word(feed, group->first)),
                     date_of(feed, group->first, group->seen ? "at" : "since"), ran_out));
}

/* One line for all lanes of the crossing that belong to the group; empty where a lane before its
 * first has had it. */
static struct span line_of(const struct feed *feed, const struct json *lanes,
                           const struct group *group)
{
    struct buf line = buf_in(feed->call->arena, LINE_BYTES);
    const char *list = group->seen ? "seen" : "declared";
    bool any = false;

    buf_put(&line, head_of(feed, group));
    for (uint32_t i = 0; i < lanes->array.count; i++) {
        const struct json *lane = &lanes->array.at[i], *rows = json_get(lane, list);

        for (uint32_t k = 0; k < rows->array.count; k++) {
            if (!belongs(feed, group, lane, &rows->array.at[k]))
                continue;
            if (!any && &rows->array.at[k] != group->first)
                return (struct span){0};
            buf_text(&line, any ? comma(feed) : "");
            buf_put(&line, term(feed, "traffic", json_get_text(lane, "class")));
            any = true;
        }
    }
    buf_byte(&line, '\n');
    return buf_span(&line);
}

static bool put_groups(const struct feed *feed, const struct json *lanes, bool seen,
                       struct buf *out, size_t begun)
{
    for (uint32_t i = 0; i < lanes->array.count; i++) {
        const struct json *lane = &lanes->array.at[i];
        const struct json *rows = json_get(lane, seen ? "seen" : "declared");

        for (uint32_t k = 0; k < rows->array.count; k++) {
            struct group group = {&rows->array.at[k], lane, seen};

            if (json_get(group.first, "status") &&
                !put_line(out, begun, line_of(feed, lanes, &group)))
                return false;
        }
    }
    return true;
}

static bool has_word(const struct json *lanes, struct span org)
{
    for (uint32_t i = 0; i < lanes->array.count; i++) {
        const struct json *rows = json_get(&lanes->array.at[i], "declared");

        for (uint32_t k = 0; k < rows->array.count; k++)
            if (json_get(&rows->array.at[k], "status") &&
                span_equal(json_get_text(&rows->array.at[k], "organisation"), org))
                return true;
    }
    return false;
}

static bool put_silent(const struct feed *feed, const struct json *lanes, struct buf *out,
                       size_t begun)
{
    const struct json *list = json_get(&feed->terms, "organisation");

    for (uint32_t i = 0; list && i < list->array.count; i++) {
        struct span org = json_get_text(&list->array.at[i], "id");

        if (!span_is(json_get_text(&list->array.at[i], "kind"), "party") || has_word(lanes, org))
            continue;
        if (!put_line(out, begun,
                      span_of(arena_printf(feed->call->arena, "%.*s: %.*s\n",
                                           SPAN_ARG(term(feed, "organisation", org)),
                                           SPAN_ARG(word(feed, "feed.no_word"))))))
            return false;
    }
    return true;
}

static bool put_mismatches(const struct feed *feed, const struct json *lanes, struct buf *out,
                           size_t begun)
{
    struct buf line = buf_in(feed->call->arena, LINE_BYTES);
    bool any = false;

    buf_printf(&line, "! %.*s: ", SPAN_ARG(word(feed, "feed.differ")));
    for (uint32_t i = 0; i < lanes->array.count; i++) {
        const struct json *lane = &lanes->array.at[i];

        if (!json_get_integer(lane, "mismatch", 0))
            continue;
        buf_printf(&line, "%s%.*s (%.*s)", any ? comma(feed) : "",
                   SPAN_ARG(term(feed, "traffic", json_get_text(lane, "class"))),
                   SPAN_ARG(term(feed, "direction", json_get_text(lane, "direction"))));
        any = true;
    }
    buf_byte(&line, '\n');
    return !any || (!line.full && put_line(out, begun, buf_span(&line)));
}

static void put_crossing(const struct feed *feed, const struct json *crossing, struct buf *out)
{
    const struct json *lanes = json_get(crossing, "lanes");
    struct span id = json_get_text(crossing, "id");
    size_t begun = out->len;

    buf_printf(out, "\n%.*s %.*s\n", SPAN_ARG(id), SPAN_ARG(term(feed, "crossing", id)));
    bool all = put_mismatches(feed, lanes, out, begun) &&
               put_groups(feed, lanes, false, out, begun) &&
               put_groups(feed, lanes, true, out, begun) && put_silent(feed, lanes, out, begun);
    if (!all)
        buf_printf(out, "… %.*s\n", SPAN_ARG(word(feed, "feed.more")));
}

bool crossings_text_answer(struct api_call *call, struct err *err)
{
    struct feed feed;
    struct buf out = buf_in(call->arena, SIZE_MAX / 2);
    char now[CALENDAR_TEXT];

    if (!open_feed(&feed, call, err))
        return false;
    const struct json *list = json_get(&feed.view, "crossings");
    calendar_format(now, feed.now_ms, 0);
    buf_printf(&out, "%.*s\n%.10s %.5s UTC\n", SPAN_ARG(word(&feed, "crossings.title")), now,
               now + 11);
    for (uint32_t i = 0; i < list->array.count; i++)
        put_crossing(&feed, &list->array.at[i], &out);
    call->response->body = buf_span(&out);
    return true;
}

/* --- Atom --- */

struct news {
    const struct json *crossing, *lane, *row;
};

static int newest_first(const void *left, const void *right)
{
    int64_t a = json_get_integer(((const struct news *)left)->row, "index", 0);
    int64_t b = json_get_integer(((const struct news *)right)->row, "index", 0);

    return (a < b) - (a > b);
}

static size_t gather(const struct feed *feed, struct news **out)
{
    const struct json *list = json_get(&feed->view, "crossings");
    size_t count = 0, room = 0;

    *out = NULL;
    for (uint32_t i = 0; i < list->array.count; i++) {
        const struct json *lanes = json_get(&list->array.at[i], "lanes");

        for (uint32_t k = 0; k < lanes->array.count; k++) {
            const struct json *rows = json_get(&lanes->array.at[k], "declared");

            for (uint32_t n = 0; n < rows->array.count; n++) {
                if (!json_get(&rows->array.at[n], "status"))
                    continue;
                *out = each_row_grow(*out, sizeof **out, count, &room, feed->call->arena);
                (*out)[count++] =
                    (struct news){&list->array.at[i], &lanes->array.at[k], &rows->array.at[n]};
            }
        }
    }
    if (count)
        qsort(*out, count, sizeof **out, newest_first);
    return count < ENTRIES ? count : ENTRIES;
}

static bool entry_of(const struct feed *feed, const struct news *news, struct atom_entry *out,
                     struct err *err)
{
    struct arena *arena = feed->call->arena;
    struct json when = json_object();
    const struct json *row = news->row, *said = json_get(row, "public");
    struct span id = json_get_text(row, "id");
    struct span hours = json_get_text(said, "hours"),
                conditions = json_get_text(said, "conditions");

    if (!api_put_recorded(feed->call, (uint64_t)json_get_integer(row, "index", 0), &when, err))
        return false;
    const struct json *recorded = json_get(&when, "recorded");
    *out = (struct atom_entry){
        .id = span_of(arena_printf(arena, "urn:sulh:record:%.*s", SPAN_ARG(id))),
        .link = span_of(arena_printf(arena, "/record/%.*s", SPAN_ARG(id))),
        .author = term(feed, "organisation", json_get_text(row, "organisation")),
        .updated_ms = json_get_integer(recorded, "by_ms",
                                       json_get_integer(recorded, "after_ms", feed->now_ms)),
    };
    out->title = span_of(
        arena_printf(arena, "%.*s · %.*s · %.*s: %.*s",
                     SPAN_ARG(term(feed, "crossing", json_get_text(news->crossing, "id"))),
                     SPAN_ARG(term(feed, "direction", json_get_text(news->lane, "direction"))),
                     SPAN_ARG(term(feed, "traffic", json_get_text(news->lane, "class"))),
                     SPAN_ARG(status_word(feed, row))));
    out->content =
        span_of(arena_printf(arena, "%s%s%.*s%s%.*s%s%.*s", date_of(feed, row, "since"),
                             json_get_text(row, "reason").len ? " · " : "",
                             SPAN_ARG(term(feed, "closure_reason", json_get_text(row, "reason"))),
                             hours.len ? " · " : "", SPAN_ARG(hours), conditions.len ? " · " : "",
                             SPAN_ARG(conditions)));
    return true;
}

bool crossings_atom_answer(struct api_call *call, struct err *err)
{
    struct feed feed;
    struct news *news;
    const struct json *first;

    if (!open_feed(&feed, call, err) || !api_row(call, "agreement", SPAN_LIT("1"), &first, err))
        return false;
    size_t count = gather(&feed, &news);
    struct atom_entry *entry = ARENA_ARRAY(call->arena, struct atom_entry, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!entry_of(&feed, &news[i], &entry[i], err))
            return false;
    struct atom_feed atom = {
        .id = span_of(arena_printf(call->arena, "urn:sulh:agreement:%.*s:crossings",
                                   SPAN_ARG(json_get_text(first, "id")))),
        .title = word(&feed, "crossings.title"),
        .language = feed.language->id,
        .self = SPAN_LIT("/crossings.atom"),
        .updated_ms = count ? entry[0].updated_ms : feed.now_ms,
        .entry = entry,
        .count = count,
    };
    call->response->body = atom_render(&atom, call->arena);
    return true;
}
