#include "cli/hotline_words.h"

#include "base/calendar.h"
#include "codec/utf8.h"

#include <stdlib.h>

/* The board: what waits, for whom, and until when. */

#define MUST_OPEN "hotline.must.open"
#define MUST_WIDE 12u /* what is to be done is as wide at least */

struct item {
    const struct json *row;
    const char *what; /* the key of its word */
    const char *must; /* what this officer is to do, likewise; NULL: it waits for another */
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
        return MUST_OPEN;
    if (span_is(step, "opened") && priority_has(h, message, "understood"))
        return "hotline.must.read_back";
    return priority_has(h, message, "answered") ? "hotline.must.answer" : NULL;
}

static const char *must_message(const struct hotline *h, const struct json *message)
{
    struct span state = json_get_text(message, "state");
    bool waits = span_is(state, "sent") || span_is(state, "held") || span_is(state, "asked_back");

    if (hotline_is(h, message, "to"))
        return must_receive(h, message);
    if (hotline_is(h, message, "via"))
        return waits ? "hotline.must.pass_on" : NULL;
    return hotline_is(h, message, "org") && span_is(state, "asked_back") ? "hotline.must.say_more"
                                                                         : NULL;
}

static const char *must_check(const struct hotline *h, const struct json *check)
{
    bool waits = hotline_is(h, check, "to") && span_is(json_get_text(check, "state"), "sent");

    return waits ? "hotline.must.echo" : NULL;
}

static const char *must_call(const struct hotline *h, const struct json *call)
{
    bool waits = hotline_is(h, call, "to") && span_is(json_get_text(call, "state"), "asked");

    return waits ? "hotline.must.answer" : NULL;
}

static const struct {
    const char *member, *what;
    const char *(*must)(const struct hotline *h, const struct json *row);
} lists[] = {
    {"messages", "hotline.message", must_message},
    {"checks", "hotline.check", must_check},
    {"calls", "hotline.call", must_call},
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
                (item[i].must && item[i].rank == 0 && strcmp(item[i].must, MUST_OPEN) == 0);
    free(item);
    return alarm;
}

/* --- how it looks --- */

struct span hotline_length(const struct hotline *h, char room[80], int64_t ms)
{
    bool hours = ms >= MS_PER_HOUR;
    int64_t large = hours ? MS_PER_HOUR : MS_PER_MINUTE;
    int64_t small = hours ? MS_PER_MINUTE : 1000;
    char text[40];

    snprintf(text, sizeof text, "%" PRId64 ":%02" PRId64, ms / large, ms % large / small);
    return hotline_ready(h, room, 80, hours ? "hotline.hours" : "hotline.minutes",
                         HOTLINE_BLANKS({"n", span_of(text), false}));
}

static struct span org_of(const struct hotline *h, const struct json *row, const char *member)
{
    return hotline_label(h, "organisation", json_get_text(row, member));
}

/* "Afghanistan → Pakistan, by way of Qatar". */
static void put_way(const struct hotline *h, const struct json *row, FILE *out)
{
    hotline_put(h, out, "hotline.way",
                HOTLINE_BLANKS({"from", org_of(h, row, "org"), false},
                               {"to", org_of(h, row, "to"), false}));
    if (json_get(row, "via")) {
        hotline_put(h, out, "console.comma", NULL);
        hotline_put(h, out, "hotline.via", HOTLINE_BLANKS({"org", org_of(h, row, "via"), false}));
    }
}

static const struct json *with_id(const struct json *list, struct span id)
{
    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

/* The message whose translation it contests; NULL: it is none of these. */
static const struct json *contested(const struct hotline *h, const struct json *contest)
{
    const struct json *relay = with_id(hotline_list(h, "relays"), json_get_text(contest, "relay"));

    return with_id(hotline_list(h, "messages"), json_get_text(relay, "message"));
}

static void put_contests(const struct hotline *h, const struct json *message, FILE *out)
{
    const struct json *list = hotline_list(h, "contests");

    for (size_t i = 0; i < list->array.count; i++) {
        if (contested(h, &list->array.at[i]) != message)
            continue;
        fputs("; ", out);
        hotline_put(h, out, "hotline.contested",
                    HOTLINE_BLANKS({"org", org_of(h, &list->array.at[i], "org"), false}));
    }
}

static void put_state(const struct hotline *h, const struct json *row, FILE *out)
{
    const struct json *steps = json_get(row, "steps");

    fputs(": ", out);
    hotline_put_foreign(h, out, hotline_state_word(h, json_get_text(row, "state")));
    for (size_t i = 0; steps && i < steps->array.count; i++) {
        const struct json *step = &steps->array.at[i];

        fputs("; ", out);
        hotline_put_foreign(h, out, org_of(h, step, "org"));
        fputs(": ", out);
        hotline_put_foreign(h, out, hotline_state_word(h, json_get_text(step, "state")));
    }
    if (json_get(row, "level")) {
        fputs("; ", out);
        hotline_put(
            h, out, "hotline.raised",
            HOTLINE_BLANKS({"level", hotline_state_word(h, json_get_text(row, "level")), false}));
    }
}

void hotline_put_id(const struct hotline *h, FILE *out, struct span id)
{
    hotline_put_foreign(h, out, span_make(id.at, id.len < 8 ? id.len : 8));
}

void hotline_head(const struct hotline *h, const struct json *row, FILE *out)
{
    for (int i = 0; json_get(row, "exercise") && i < 3; i++) {
        hotline_put(h, out, "console.exercise", NULL);
        fputc(' ', out);
    }
    hotline_put_id(h, out, json_get_text(row, "id"));
    fputc(' ', out);
    if (json_get(row, "priority")) {
        hotline_put_foreign(h, out,
                            hotline_label(h, "hotline_priority", json_get_text(row, "priority")));
        fputc(' ', out);
    }
    put_way(h, row, out);
    put_state(h, row, out);
    put_contests(h, row, out);
    if (!json_get_integer(row, "logged", 1)) {
        fputs("; ", out);
        hotline_put(h, out, "hotline.not_logged", NULL);
    }
}

static void put_must(const struct hotline *h, const char *key, FILE *out)
{
    struct span word = hotline_word(h, key), rest = word;
    uint32_t character;

    hotline_put(h, out, key, NULL);
    for (size_t i = 0; i < MUST_WIDE; i++)
        if (!utf8_next(&rest, &character))
            fputc(' ', out);
}

static void put_item(const struct hotline *h, const struct item *item, FILE *out)
{
    char room[80];
    struct span left = SPAN_LIT("-");

    if (item->at_ms != INT64_MAX)
        left = hotline_length(h, room,
                              item->overdue ? h->now_ms - item->at_ms : item->at_ms - h->now_ms);
    hotline_begin(h, out);
    fputs(item->overdue ? "!! " : item->must ? " * " : "   ", out);
    put_must(h, item->must ? item->must : "hotline.must.none", out);
    fputc(' ', out);
    if (item->overdue)
        hotline_put(h, out, "hotline.overdue", HOTLINE_BLANKS({"n", left, true}));
    else
        fprintf(out, "%.*s", SPAN_ARG(left));
    fputs("  ", out);
    hotline_put(h, out, item->what, NULL);
    fputc(' ', out);
    hotline_head(h, item->row, out);
    hotline_end(h, out);
}

static struct span moment_of(char room[40], int64_t ms)
{
    char text[CALENDAR_TEXT];

    calendar_format(text, ms, 0);
    snprintf(room, 40, "%.10s %.5s UTC", text, text + 11);
    return span_of(room);
}

/* "On watch Pakistan: ", of whatever the line says. */
static void begin_with(const struct hotline *h, const char *key, struct span of, FILE *out)
{
    hotline_begin(h, out);
    hotline_put(h, out, key, NULL);
    fputc(' ', out);
    hotline_put_foreign(h, out, of);
    fputs(": ", out);
}

static void put_watch(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "duty");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];
        int64_t until = json_get_integer(json_get(one, "until"), "at_ms", 0);
        char room[40];

        begin_with(h, "hotline.watch", org_of(h, one, "org"), out);
        hotline_put_foreign(h, out, json_get_text(one, "officer"));
        hotline_put(h, out, "console.comma", NULL);
        hotline_put(h, out, until < h->now_ms ? "hotline.ended" : "hotline.until",
                    HOTLINE_BLANKS({"at", moment_of(room, until), false}));
        hotline_end(h, out);
    }
}

static void put_lines(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "lines");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];

        begin_with(h, "console.line", org_of(h, one, "to"), out);
        hotline_put_foreign(h, out, hotline_state_word(h, json_get_text(one, "state")));
        hotline_put(h, out, "console.comma", NULL);
        hotline_put(h, out, "hotline.says", HOTLINE_BLANKS({"org", org_of(h, one, "org"), false}));
        if (json_get(one, "hop")) {
            hotline_put(h, out, "console.comma", NULL);
            hotline_put(h, out, "hotline.breaks",
                        HOTLINE_BLANKS({"org", org_of(h, one, "hop"), false}));
        }
        hotline_end(h, out);
    }
}

static void put_number(const struct hotline *h, const char *key, int64_t number, FILE *out)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, number);
    hotline_put(h, out, "console.comma", NULL);
    hotline_put(h, out, key, HOTLINE_BLANKS({"n", span_of(text), false}));
}

static void put_hop(const struct hotline *h, const struct json *hop, FILE *out)
{
    int64_t last = json_get_integer(hop, "last_contact", 0);
    int64_t owed = json_get_integer(hop, "owed", 0);
    char key[40], room[40];

    snprintf(key, sizeof key, "hotline.hop.%.*s", SPAN_ARG(json_get_text(hop, "state")));
    begin_with(h, "console.node", json_get_text(hop, "peer"), out);
    hotline_put(h, out, key, NULL);
    if (owed)
        put_number(h, owed == 1 ? "hotline.owed.one" : "hotline.owed.other", owed, out);
    if (json_get_integer(hop, "round_trip_ms", -1) >= 0)
        put_number(h, "hotline.round_trip", json_get_integer(hop, "round_trip_ms", 0), out);
    if (last) {
        hotline_put(h, out, "console.comma", NULL);
        hotline_put(h, out, "console.heard", HOTLINE_BLANKS({"at", moment_of(room, last), false}));
    }
    hotline_end(h, out);
}

/* What the node finds of the others', beside what officers say of the lines. */
static void put_hops(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "hops");

    for (size_t i = 0; i < list->array.count; i++)
        put_hop(h, &list->array.at[i], out);
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

/* When it was, as the log has it, though no tick came after it yet: a line that nobody has tried
 * for long shows so. */
static void put_test(const struct hotline *h, const struct json *test, FILE *out)
{
    const struct json *recorded = json_get(test, "recorded");
    int64_t at = json_get_integer(recorded, "by_ms", json_get_integer(recorded, "after_ms", 0));
    char room[40];

    hotline_begin(h, out);
    hotline_put(h, out, "hotline.check", NULL);
    fputc(' ', out);
    put_way(h, test, out);
    fputs(": ", out);
    hotline_put_foreign(h, out, hotline_state_word(h, json_get_text(test, "state")));
    if (at) {
        hotline_put(h, out, "console.comma", NULL);
        hotline_put_foreign(h, out, moment_of(room, at));
    }
    hotline_end(h, out);
}

/* The last test each way, and the next. */
static void put_tests(const struct hotline *h, FILE *out)
{
    const struct json *list = hotline_list(h, "checks");

    for (size_t i = 0; i < list->array.count; i++)
        if (is_last_of_way(list, i))
            put_test(h, &list->array.at[i], out);
    for (size_t i = 0; i < h->tests; i++) {
        char room[40];

        begin_with(h, "hotline.check", hotline_label(h, "organisation", h->test[i].to), out);
        hotline_put(h, out, "console.next",
                    HOTLINE_BLANKS({"at", moment_of(room, h->test[i].next_ms), false}));
        hotline_end(h, out);
    }
}

static void put_line(const struct hotline *h, const char *key, FILE *out)
{
    hotline_begin(h, out);
    hotline_put(h, out, key, NULL);
    hotline_end(h, out);
}

void hotline_board(const struct hotline *h, FILE *out)
{
    size_t count;
    struct item *item = all_items(h, &count);

    if (h->exercise)
        put_line(h, "hotline.exercise", out);
    for (size_t i = 0; i < count; i++)
        put_item(h, &item[i], out);
    if (count == 0)
        put_line(h, "hotline.nothing", out);
    free(item);
    put_watch(h, out);
    put_lines(h, out);
    put_hops(h, out);
    put_tests(h, out);
}

/* --- what is new --- */

static const struct json *same_in(const struct json *list, const struct json *row)
{
    return with_id(list, json_get_text(row, "id"));
}

static bool is_same(const struct json *a, const struct json *b)
{
    static const char *const members[] = {"state", "steps", "level", "answer", "logged"};

    for (size_t i = 0; a && i < ARRAY_LEN(members); i++)
        if (!json_equal(json_get(a, members[i]), json_get(b, members[i])))
            return false;
    return a != NULL;
}

static void put_news(const struct hotline *h, const char *what, const struct json *row, FILE *out)
{
    fputs("> ", out);
    hotline_begin(h, out);
    hotline_put(h, out, what, NULL);
    fputc(' ', out);
    hotline_head(h, row, out);
    hotline_end(h, out);
}

/* A translation that is contested calls those whose message it is, and who made it. */
static bool put_new_contests(const struct hotline *h, const struct json *before, FILE *out)
{
    const struct json *list = hotline_list(h, "contests");
    bool calls = false;

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = &list->array.at[i], *message = contested(h, row);

        if (!message || same_in(json_get(before, "contests"), row))
            continue;
        calls = calls || (is_within(h, message) && !hotline_is(h, row, "org"));
        put_news(h, "hotline.message", message, out);
    }
    return calls;
}

bool hotline_news(struct hotline *h, const struct json *before, FILE *out)
{
    bool calls = put_new_contests(h, before, out);

    for (size_t n = 0; n < ARRAY_LEN(lists); n++) {
        const struct json *list = hotline_list(h, lists[n].member);

        for (size_t i = 0; i < list->array.count; i++) {
            const struct json *row = &list->array.at[i];

            if (is_same(same_in(json_get(before, lists[n].member), row), row))
                continue;
            calls = calls || lists[n].must(h, row);
            put_news(h, lists[n].what, row, out);
        }
    }
    return calls;
}
