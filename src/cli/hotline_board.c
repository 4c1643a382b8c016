#include "cli/hotline.h"

#include "base/calendar.h"

#include <stdlib.h>

/* The board: what waits, for whom, and until when. */

struct item {
    const struct json *row;
    const char *what; /* message, test, call */
    const char *must; /* what this officer is to do; NULL: it waits for another */
    int64_t at_ms;    /* when the first of its deadlines runs out; INT64_MAX: none runs */
    size_t rank;      /* of its priority in the agreement; what has none comes first */
    bool overdue;
};

/* --- what waits --- */

static bool priority_has(const struct hotline *h, const struct json *message, const char *step)
{
    const struct json *item =
        hotline_term(h, "hotline_priority", json_get_text(message, "priority"));

    return json_get_text(item, step).len > 0;
}

static const char *must_receive(const struct hotline *h, const struct json *message)
{
    struct span step = hotline_step(message, h->org);

    if (!hotline_has_come(message) || span_is(json_get_text(message, "state"), "answered"))
        return NULL;
    if (step.len == 0 || span_is(step, "delivered"))
        return "open";
    if (span_is(step, "opened") && priority_has(h, message, "understood"))
        return "read back";
    return priority_has(h, message, "answered") ? "answer" : NULL;
}

static const char *must_message(const struct hotline *h, const struct json *message)
{
    struct span state = json_get_text(message, "state");
    bool waits = span_is(state, "sent") || span_is(state, "held") || span_is(state, "asked_back");

    if (hotline_is(h, message, "to"))
        return must_receive(h, message);
    if (hotline_is(h, message, "via"))
        return waits ? "pass on" : NULL;
    return hotline_is(h, message, "org") && span_is(state, "asked_back") ? "say more" : NULL;
}

static const char *must_check(const struct hotline *h, const struct json *check)
{
    return hotline_is(h, check, "to") && span_is(json_get_text(check, "state"), "sent") ? "echo"
                                                                                        : NULL;
}

static const char *must_call(const struct hotline *h, const struct json *call)
{
    return hotline_is(h, call, "to") && span_is(json_get_text(call, "state"), "asked") ? "answer"
                                                                                       : NULL;
}

static const struct {
    const char *member, *what;
    const char *(*must)(const struct hotline *h, const struct json *row);
} lists[] = {
    {"messages", "message", must_message},
    {"checks", "test", must_check},
    {"calls", "call", must_call},
};

static size_t rank_of(const struct hotline *h, const struct json *row)
{
    const struct json *list = json_get(&h->terms, "hotline_priority");
    size_t rank = 0;

    while (list && rank < list->array.count && json_get(row, "priority") &&
           !span_equal(json_get_text(&list->array.at[rank], "id"), json_get_text(row, "priority")))
        rank++;
    return rank;
}

static int by_urgency(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    int64_t a_at = json_get_integer(a->row, "index", 0),
            b_at = json_get_integer(b->row, "index", 0);

    if (!a->must != !b->must)
        return a->must ? -1 : 1;
    if (a->overdue != b->overdue)
        return a->overdue ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return (a_at > b_at) - (a_at < b_at);
}

/* Of one list, what waits for anybody. */
static size_t collect(const struct hotline *h, size_t n, struct item *out)
{
    const struct json *list = hotline_list(h, lists[n].member);
    size_t count = 0;

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = &list->array.at[i], *due = hotline_due(row);
        struct item item = {.row = row, .what = lists[n].what, .must = lists[n].must(h, row)};

        item.at_ms = due ? json_get_integer(due, "at_ms", 0) : INT64_MAX;
        item.overdue = item.at_ms < h->now_ms;
        item.rank = rank_of(h, row);
        if (item.must || due)
            out[count++] = item;
    }
    return count;
}

static struct item *all_items(const struct hotline *h, size_t *out_count)
{
    size_t room = 1, count = 0;

    for (size_t n = 0; n < ARRAY_LEN(lists); n++)
        room += hotline_list(h, lists[n].member)->array.count;
    struct item *out = calloc(room, sizeof *out);
    if (!out)
        abort();
    for (size_t n = 0; n < ARRAY_LEN(lists); n++)
        count += collect(h, n, out + count);
    qsort(out, count, sizeof *out, by_urgency);
    *out_count = count;
    return out;
}

/* Both ends hear of what is overdue, and who stands between. */
static bool is_within(const struct hotline *h, const struct json *row)
{
    return hotline_is(h, row, "org") || hotline_is(h, row, "to") || hotline_is(h, row, "via");
}

bool hotline_alarm(const struct hotline *h)
{
    size_t count;
    struct item *item = all_items(h, &count);
    bool alarm = false;

    for (size_t i = 0; i < count; i++)
        alarm = alarm || (item[i].overdue && is_within(h, item[i].row)) ||
                (item[i].must && item[i].rank == 0 && strcmp(item[i].must, "open") == 0);
    free(item);
    return alarm;
}

/* --- how it looks --- */

static void put_length(FILE *out, int64_t ms)
{
    if (ms < MS_PER_HOUR)
        fprintf(out, "%" PRId64 ":%02" PRId64 " min", ms / MS_PER_MINUTE,
                ms % MS_PER_MINUTE / 1000);
    else
        fprintf(out, "%" PRId64 ":%02" PRId64 " h", ms / MS_PER_HOUR,
                ms % MS_PER_HOUR / MS_PER_MINUTE);
}

static void put_text(const struct json *row, const char *member, FILE *out)
{
    cli_put_text(out, json_get_text(row, member), 0);
}

/* "party/afghanistan -> party/pakistan via mediator/qatar". */
static void put_way(const struct json *row, FILE *out)
{
    put_text(row, "org", out);
    fputs(" -> ", out);
    put_text(row, "to", out);
    if (json_get(row, "via")) {
        fputs(" via ", out);
        put_text(row, "via", out);
    }
}

static void put_state(const struct json *row, FILE *out)
{
    const struct json *steps = json_get(row, "steps");

    fputs("; ", out);
    put_text(row, "state", out);
    for (size_t i = 0; steps && i < steps->array.count; i++) {
        fputs(", ", out);
        put_text(&steps->array.at[i], "state", out);
        fputs(" by ", out);
        put_text(&steps->array.at[i], "org", out);
    }
    if (json_get(row, "level")) {
        fputs("; raised to ", out);
        put_text(row, "level", out);
    }
}

void hotline_put_id(FILE *out, struct span id)
{
    cli_put_text(out, span_make(id.at, id.len < 8 ? id.len : 8), 0);
}

void hotline_head(const struct json *row, FILE *out)
{
    if (json_get(row, "exercise"))
        fputs("EXERCISE EXERCISE EXERCISE ", out);
    hotline_put_id(out, json_get_text(row, "id"));
    fputc(' ', out);
    if (json_get(row, "priority")) {
        put_text(row, "priority", out);
        fputc(' ', out);
    }
    put_way(row, out);
    put_state(row, out);
    if (!json_get_integer(row, "logged", 1))
        fputs("; NOT YET LOGGED", out);
}

static void put_item(const struct hotline *h, const struct item *item, FILE *out)
{
    fprintf(out, "%s %-9s ",
            item->overdue ? "!!"
            : item->must  ? " *"
                          : "  ",
            item->must ? item->must : "waits");
    if (item->at_ms == INT64_MAX) {
        fputs("-", out);
    } else {
        fputs(item->overdue ? "OVERDUE " : "", out);
        put_length(out, item->overdue ? h->now_ms - item->at_ms : item->at_ms - h->now_ms);
    }
    fprintf(out, "  %s ", item->what);
    hotline_head(item->row, out);
    fputc('\n', out);
}

static void put_moment(int64_t ms, FILE *out)
{
    char text[CALENDAR_TEXT];

    calendar_format(text, ms, 0);
    fprintf(out, "%.10s %.5s UTC", text, text + 11);
}

static void put_watch(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "duty");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];
        int64_t until = json_get_integer(json_get(one, "until"), "at_ms", 0);

        fputs("on watch ", out);
        put_text(one, "org", out);
        fputs(": ", out);
        put_text(one, "officer", out);
        fputs(until < h->now_ms ? ", ENDED " : " until ", out);
        put_moment(until, out);
        fputc('\n', out);
    }
}

static void put_lines(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "lines");

    for (size_t i = 0; i < list->array.count; i++) {
        fputs("line     ", out);
        put_text(&list->array.at[i], "to", out);
        fputs(": ", out);
        put_text(&list->array.at[i], "state", out);
        fputs(", says ", out);
        put_text(&list->array.at[i], "org", out);
        if (json_get(&list->array.at[i], "hop")) {
            fputs(", breaks off at ", out);
            put_text(&list->array.at[i], "hop", out);
        }
        fputc('\n', out);
    }
}

/* What the node finds of the others', beside what officers say of the lines. */
static void put_hops(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "hops");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *hop = &list->array.at[i];
        int64_t last = json_get_integer(hop, "last_contact", 0);

        fputs("node     ", out);
        put_text(hop, "peer", out);
        fputs(": ", out);
        put_text(hop, "state", out);
        if (json_get_integer(hop, "owed", 0))
            fprintf(out, ", %" PRId64 " on their way", json_get_integer(hop, "owed", 0));
        if (json_get_integer(hop, "round_trip_ms", -1) >= 0)
            fprintf(out, ", %" PRId64 " ms", json_get_integer(hop, "round_trip_ms", 0));
        if (last) {
            fputs(", last heard ", out);
            put_moment(last, out);
        }
        fputc('\n', out);
    }
}

static bool is_last_of_way(const struct json *list, size_t n)
{
    for (size_t i = n + 1; i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "org"),
                       json_get_text(&list->array.at[n], "org")) &&
            span_equal(json_get_text(&list->array.at[i], "to"),
                       json_get_text(&list->array.at[n], "to")))
            return false;
    return true;
}

/* The last test each way, and the next. */
static void put_tests(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "checks");

    for (size_t i = 0; i < list->array.count; i++) {
        if (!is_last_of_way(list, i))
            continue;
        fputs("test     ", out);
        put_way(&list->array.at[i], out);
        fputs(": ", out);
        put_text(&list->array.at[i], "state", out);
        fputc('\n', out);
    }
    for (size_t i = 0; i < h->tests; i++) {
        fputs("test     of ", out);
        cli_put_text(out, h->test[i].to, 0);
        fputs(" next at ", out);
        put_moment(h->test[i].next_ms, out);
        fputc('\n', out);
    }
}

void hotline_board(const struct hotline *h, FILE *out)
{
    size_t count;
    struct item *item = all_items(h, &count);

    if (h->exercise)
        fputs("=== EXERCISE === what is sent from here is an exercise, and nothing of it is real\n",
              out);
    for (size_t i = 0; i < count; i++)
        put_item(h, &item[i], out);
    if (count == 0)
        fputs("nothing waits\n", out);
    free(item);
    put_watch(h, out);
    put_lines(h, out);
    put_hops(h, out);
    put_tests(h, out);
}

/* --- what is new --- */

static const struct json *same_in(const struct json *list, const struct json *row)
{
    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), json_get_text(row, "id")))
            return &list->array.at[i];
    return NULL;
}

static bool is_same(const struct json *a, const struct json *b)
{
    static const char *const members[] = {"state", "steps", "level", "answer", "logged"};

    for (size_t i = 0; a && i < ARRAY_LEN(members); i++)
        if (!json_equal(json_get(a, members[i]), json_get(b, members[i])))
            return false;
    return a != NULL;
}

bool hotline_news(struct hotline *h, const struct json *before, FILE *out)
{
    bool calls = false;

    for (size_t n = 0; n < ARRAY_LEN(lists); n++) {
        const struct json *list = hotline_list(h, lists[n].member);

        for (size_t i = 0; i < list->array.count; i++) {
            const struct json *row = &list->array.at[i];

            if (is_same(same_in(json_get(before, lists[n].member), row), row))
                continue;
            calls = calls || lists[n].must(h, row);
            fprintf(out, "> %s ", lists[n].what);
            hotline_head(row, out);
            fputc('\n', out);
        }
    }
    return calls;
}
