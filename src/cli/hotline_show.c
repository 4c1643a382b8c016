#include "cli/hotline_words.h"

#include "base/calendar.h"

#include <stdlib.h>

/* One message, with what became of it; and the numbers of a joint meeting. */

#define FIRST_STRONG_ISOLATE "\xe2\x81\xa8"
#define POP_ISOLATE "\xe2\x81\xa9"

void hotline_said(FILE *out, struct span text)
{
    struct span line;
    bool more = true;

    while (more) {
        more = span_cut(&text, '\n', &line);
        if (!more)
            line = text;
        fputs("  | " FIRST_STRONG_ISOLATE, out);
        cli_put_text(out, line, 2);
        fputs(POP_ISOLATE "\n", out);
    }
}

/* A line of ours below the head. */
static void put_line(const struct hotline *h, const char *key, const struct hotline_blank *blanks,
                     FILE *out)
{
    fputs("  ", out);
    hotline_begin(h, out);
    hotline_put(h, out, key, blanks);
    hotline_end(h, out);
}

static struct span begin_of(struct span id)
{
    return span_make(id.at, id.len < 8 ? id.len : 8);
}

/* --- the label of a set notice, in both languages --- */

static struct span label_in(const struct json *item, struct span language, struct arena *arena)
{
    return json_get_text(json_get(item, "label"), arena_text(arena, language));
}

static void put_notice(struct hotline *h, const struct json *message, FILE *out)
{
    struct span id = json_get_text(message, "template");
    const struct json *item = hotline_term(h, "hotline_template", id);
    struct span mine = label_in(item, h->language, &h->work);
    struct span theirs = label_in(item, json_get_text(message, "language"), &h->work);

    if (id.len == 0)
        return;
    put_line(h, "console.notice", HOTLINE_BLANKS({"id", id, false}), out);
    if (mine.len == 0)
        mine = json_get_text(json_get(item, "label"), "en");
    if (mine.len)
        hotline_said(out, mine);
    if (theirs.len && !span_equal(mine, theirs))
        hotline_said(out, theirs);
}

/* --- its text, and what who stands between did --- */

struct titled {
    const char *member, *key; /* of what it is called */
};

static void put_field(const struct hotline *h, const struct titled *field,
                      const struct json *fields, FILE *out)
{
    if (!json_get(fields, field->member))
        return;
    put_line(h, field->key, NULL, out);
    hotline_said(out, json_get_text(fields, field->member));
}

/* Of the fields named, up to one without a name. */
static bool put_record(struct hotline *h, struct span id, const struct titled *named, FILE *out,
                       struct err *err)
{
    struct json fields;
    bool closed;

    if (!hotline_fields(h, id, &fields, &closed, &h->work, err))
        return false;
    for (; named->member; named++)
        put_field(h, named, &fields, out);
    if (closed)
        put_line(h, "console.closed", NULL, out);
    return true;
}

static const struct json *of_message(const struct json *list, size_t n, struct span id)
{
    const struct json *row = &list->array.at[n];

    return span_equal(json_get_text(row, "message"), id) ? row : NULL;
}

static bool put_contests(struct hotline *h, struct span relay, FILE *out, struct err *err)
{
    static const struct titled named[] = {{"reading", "word.reading"}, {0}};
    const struct json *list = hotline_list(h, "contests");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = &list->array.at[i];

        if (!span_equal(json_get_text(row, "relay"), relay))
            continue;
        put_line(h, "hotline.contested", HOTLINE_BLANKS({"org", json_get_text(row, "by"), false}),
                 out);
        if (!put_record(h, json_get_text(row, "id"), named, out, err))
            return false;
    }
    return true;
}

/* "opened: party/pakistan/1, signed 1a2b3c4d". */
static void put_signed(const struct hotline *h, struct span what, struct span by, struct span id,
                       FILE *out)
{
    put_line(h, "console.by",
             HOTLINE_BLANKS({"what", hotline_state_word(h, what), false}, {"by", by, false},
                            {"id", begin_of(id), false}),
             out);
}

static bool put_relays(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const struct titled named[] = {
        {"translation", "word.translation"}, {"note", "word.note"}, {0}};
    const struct json *list = hotline_list(h, "relays");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = of_message(list, i, json_get_text(message, "id"));

        if (!row)
            continue;
        put_signed(h, json_get_text(row, "act"), json_get_text(row, "by"), json_get_text(row, "id"),
                   out);
        if (!put_record(h, json_get_text(row, "id"), named, out, err) ||
            !put_contests(h, json_get_text(row, "id"), out, err))
            return false;
    }
    return true;
}

/* Each step of each who has it, and in what words it was read back. */
static bool put_steps(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const char *const steps[] = {"delivered", "opened", "understood"};
    static const struct titled named[] = {{"read_back", "word.read_back"}, {0}};
    const struct json *list = json_get(message, "steps");

    for (size_t i = 0; list && i < list->array.count; i++)
        for (size_t n = 0; n < ARRAY_LEN(steps); n++) {
            const struct json *row = &list->array.at[i];
            struct span id = json_get_text(row, steps[n]);

            if (id.len == 0)
                continue;
            put_signed(h, span_of(steps[n]),
                       hotline_label(h, "organisation", json_get_text(row, "org")), id, out);
            if (n == 2 && !put_record(h, id, named, out, err))
                return false;
        }
    return true;
}

static void put_due(struct hotline *h, const struct json *message, FILE *out)
{
    const struct json *list = json_get(message, "deadlines");

    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];
        int64_t at = json_get_integer(due, "at_ms", 0);
        char room[80];

        if (!span_is(json_get_text(due, "state"), "running"))
            continue;
        put_line(
            h, at < h->now_ms ? "console.overdue" : "console.due",
            HOTLINE_BLANKS(
                {"clock", hotline_label(h, "clock", json_get_text(due, "clock")), false},
                {"n", hotline_length(h, room, at < h->now_ms ? h->now_ms - at : at - h->now_ms),
                 true},
                {"whose", hotline_label(h, "organisation", json_get_text(due, "whose")), false}),
            out);
    }
}

/* Of which incidents its thread is, and what else the thread has. */
static void put_thread(struct hotline *h, const struct json *message, FILE *out)
{
    struct span thread = json_get_text(message, "thread");
    const struct json *files = hotline_list(h, "files"), *all = hotline_list(h, "messages");

    for (size_t i = 0; i < files->array.count; i++)
        if (span_starts_with(json_get_text(&files->array.at[i], "id"), thread))
            put_line(h, "console.filed",
                     HOTLINE_BLANKS({"id", json_get_text(&files->array.at[i], "incident"), false}),
                     out);
    for (size_t i = 0; i < all->array.count; i++) {
        const struct json *row = &all->array.at[i];

        if (!span_equal(json_get_text(row, "thread"), thread) || row == message)
            continue;
        fputs("  ", out);
        hotline_begin(h, out);
        hotline_put(h, out, "console.thread", NULL);
        fputs(": ", out);
        hotline_head(h, row, out);
        hotline_end(h, out);
    }
}

bool hotline_show(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const struct titled named[] = {{"text", "hotline.text"}, {0}};

    hotline_begin(h, out);
    hotline_head(h, message, out);
    hotline_end(h, out);
    put_line(
        h, json_get(message, "language") ? "console.written" : "console.signed_by",
        HOTLINE_BLANKS(
            {"by", json_get_text(message, "by"), false},
            {"language", hotline_label(h, "language", json_get_text(message, "language")), false}),
        out);
    put_notice(h, message, out);
    if (!put_record(h, json_get_text(message, "id"), named, out, err) ||
        !put_relays(h, message, out, err) || !put_steps(h, message, out, err))
        return false;
    put_due(h, message, out);
    put_thread(h, message, out);
    return true;
}

/* --- the numbers of a joint meeting --- */

static int in_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

/* When the log had a record: by the first tick that covers it; 0: not yet. */
static int64_t logged_at(struct hotline *h, struct span id)
{
    struct err none = {0};
    struct json record;

    if (id.len == 0 || !hotline_get(h, arena_printf(&h->work, "/api/records/%.*s", SPAN_ARG(id)),
                                    "", &record, &h->work, &none))
        return 0;
    return json_get_integer(json_get(&record, "recorded"), "by_ms", 0);
}

#define NO_TOPIC "-" /* in its own words */

struct counts {
    struct json topics; /* how many of each template */
    int64_t *took;      /* until it was opened */
    size_t messages, opened, exercises, checks, missed, calls, declined;
};

static void count_message(struct hotline *h, const struct json *row, int64_t at, struct counts *c)
{
    struct span topic = json_get_text(row, "template"), to = json_get_text(row, "to");
    const char *key = topic.len ? arena_text(&h->work, topic) : NO_TOPIC;
    const struct json *steps = json_get(row, "steps");

    if (json_get(row, "exercise")) {
        c->exercises++;
        return;
    }
    c->messages++;
    json_set_integer(&c->topics, key, json_get_integer(&c->topics, key, 0) + 1, &h->work);
    for (size_t i = 0; steps && i < steps->array.count; i++) {
        const struct json *step = &steps->array.at[i];
        int64_t opened = span_equal(json_get_text(step, "org"), to)
                             ? logged_at(h, json_get_text(step, "opened"))
                             : 0;

        if (opened)
            c->took[c->opened++] = opened - at;
    }
}

static bool was_missed(const struct hotline *h, const struct json *check)
{
    const struct json *list = json_get(check, "deadlines");

    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];
        bool runs = span_is(json_get_text(due, "state"), "running");

        if (span_is(json_get_text(due, "state"), "late") ||
            (runs && json_get_integer(due, "at_ms", 0) < h->now_ms))
            return true;
    }
    return false;
}

static void count_row(struct hotline *h, const char *member, const struct json *row, int64_t at,
                      struct counts *c)
{
    if (strcmp(member, "messages") == 0) {
        count_message(h, row, at, c);
    } else if (strcmp(member, "checks") == 0) {
        c->checks++;
        c->missed += was_missed(h, row);
    } else {
        c->calls++;
        c->declined += span_is(json_get_text(row, "state"), "declined");
    }
}

static void put_count(const struct hotline *h, const char *key, size_t count, size_t other,
                      FILE *out)
{
    char number[24], second[24];

    snprintf(number, sizeof number, "%zu", count);
    snprintf(second, sizeof second, "%zu", other);
    hotline_begin(h, out);
    hotline_put(h, out, key,
                HOTLINE_BLANKS({"n", span_of(number), false}, {"of", span_of(second), false}));
    hotline_end(h, out);
}

static void put_topic(const struct hotline *h, const struct json_member *topic, FILE *out)
{
    char number[24];
    struct span label = span_is(topic->key, NO_TOPIC)
                            ? hotline_word(h, "console.own_words")
                            : hotline_label(h, "hotline_template", topic->key);

    snprintf(number, sizeof number, "%" PRId64, topic->value.integer);
    fputs("    ", out);
    hotline_begin(h, out);
    hotline_put_foreign(h, out, label);
    fputs(": ", out);
    hotline_put_foreign(h, out, span_of(number));
    hotline_end(h, out);
}

static void print_counts(struct hotline *h, const struct counts *c, FILE *out)
{
    size_t median_s = c->opened ? (size_t)(c->took[(c->opened - 1) / 2] / 1000) : 0;

    put_count(h, "console.count.messages", c->messages, 0, out);
    for (uint32_t i = 0; i < c->topics.object.count; i++)
        put_topic(h, &c->topics.object.at[i], out);
    put_count(h, c->opened ? "console.count.median" : "console.count.opened", c->opened, median_s,
              out);
    put_count(h, "console.count.tests", c->checks, c->missed, out);
    put_count(h, "console.count.calls", c->calls, c->declined, out);
    put_count(h, "console.count.exercises", c->exercises, 0, out);
}

void hotline_counts(struct hotline *h, int64_t from_ms, int64_t to_ms, FILE *out)
{
    static const char *const members[] = {"messages", "checks", "calls"};
    struct counts c = {.topics = json_object()};

    c.took = arena_alloc(&h->work, (1 + hotline_list(h, "messages")->array.count) * sizeof *c.took);
    for (size_t n = 0; n < ARRAY_LEN(members); n++) {
        const struct json *list = hotline_list(h, members[n]);

        for (size_t i = 0; i < list->array.count; i++) {
            const struct json *row = &list->array.at[i];
            int64_t at = json_get_integer(json_get(row, "recorded"), "by_ms", 0);

            if (at >= from_ms && at < to_ms)
                count_row(h, members[n], row, at, &c);
        }
    }
    qsort(c.took, c.opened, sizeof *c.took, in_order);
    print_counts(h, &c, out);
}
