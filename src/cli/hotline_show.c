#include "cli/hotline.h"

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
    fputs("  set notice ", out);
    cli_put_text(out, id, 2);
    fputc('\n', out);
    if (mine.len == 0)
        mine = json_get_text(json_get(item, "label"), "en");
    if (mine.len)
        hotline_said(out, mine);
    if (theirs.len && !span_equal(mine, theirs))
        hotline_said(out, theirs);
}

/* --- its text, and what who stands between did --- */

static void put_field(const char *about, const struct json *fields, const char *member, FILE *out)
{
    if (!json_get(fields, member))
        return;
    fprintf(out, "  %s\n", about);
    hotline_said(out, json_get_text(fields, member));
}

static bool put_record(struct hotline *h, struct span id, const char *const *members, FILE *out,
                       struct err *err)
{
    struct json fields;
    bool closed;

    if (!hotline_fields(h, id, &fields, &closed, &h->work, err))
        return false;
    for (size_t i = 0; members[i]; i++)
        put_field(members[i], &fields, members[i], out);
    if (closed)
        fputs("  (it has a text that is not for this key, or is not here)\n", out);
    return true;
}

static const struct json *of_message(const struct json *list, size_t n, struct span id)
{
    const struct json *row = &list->array.at[n];

    return span_equal(json_get_text(row, "message"), id) ? row : NULL;
}

static void put_by(const struct json *row, FILE *out)
{
    cli_put_text(out, json_get_text(row, "by"), 2);
}

static bool put_contests(struct hotline *h, struct span relay, FILE *out, struct err *err)
{
    static const char *const members[] = {"reading", NULL};
    const struct json *list = hotline_list(h, "contests");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = &list->array.at[i];

        if (!span_equal(json_get_text(row, "relay"), relay))
            continue;
        fputs("  CONTESTED by ", out);
        put_by(row, out);
        fputc('\n', out);
        if (!put_record(h, json_get_text(row, "id"), members, out, err))
            return false;
    }
    return true;
}

static bool put_relays(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const char *const members[] = {"translation", "note", NULL};
    const struct json *list = hotline_list(h, "relays");

    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = of_message(list, i, json_get_text(message, "id"));

        if (!row)
            continue;
        fputs("  ", out);
        cli_put_text(out, json_get_text(row, "act"), 2);
        fputs(" by ", out);
        put_by(row, out);
        fputs(", signed ", out);
        hotline_put_id(out, json_get_text(row, "id"));
        fputc('\n', out);
        if (!put_record(h, json_get_text(row, "id"), members, out, err) ||
            !put_contests(h, json_get_text(row, "id"), out, err))
            return false;
    }
    return true;
}

/* Each step of each who has it, and in what words it was read back. */
static bool put_steps(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const char *const steps[] = {"delivered", "opened", "understood"};
    static const char *const members[] = {"read_back", NULL};
    const struct json *list = json_get(message, "steps");

    for (size_t i = 0; list && i < list->array.count; i++)
        for (size_t n = 0; n < ARRAY_LEN(steps); n++) {
            const struct json *row = &list->array.at[i];
            struct span id = json_get_text(row, steps[n]);

            if (id.len == 0)
                continue;
            fprintf(out, "  %s by ", steps[n]);
            cli_put_text(out, json_get_text(row, "org"), 2);
            fputs(", signed ", out);
            hotline_put_id(out, id);
            fputc('\n', out);
            if (n == 2 && !put_record(h, id, members, out, err))
                return false;
        }
    return true;
}

static void put_due(struct hotline *h, const struct json *message, FILE *out)
{
    const struct in_words words = {&h->terms, NULL, &h->work, out};
    const struct json *list = json_get(message, "deadlines");

    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *due = &list->array.at[i];
        int64_t at = json_get_integer(due, "at_ms", 0);

        if (!span_is(json_get_text(due, "state"), "running"))
            continue;
        fputs(at < h->now_ms ? "  OVERDUE " : "  due ", out);
        in_words_term(&words, "clock", json_get_text(due, "clock"));
        fputs(at < h->now_ms ? ", since " : ", in ", out);
        in_words_length(&words, at < h->now_ms ? h->now_ms - at : at - h->now_ms);
        fputs("; owed by ", out);
        cli_put_text(out, json_get_text(due, "whose"), 2);
        fputc('\n', out);
    }
}

/* Of which incidents its thread is, and what else the thread has. */
static void put_thread(struct hotline *h, const struct json *message, FILE *out)
{
    struct span thread = json_get_text(message, "thread");
    const struct json *files = hotline_list(h, "files"), *all = hotline_list(h, "messages");

    for (size_t i = 0; i < files->array.count; i++)
        if (span_starts_with(json_get_text(&files->array.at[i], "id"), thread)) {
            fputs("  filed under incident ", out);
            cli_put_text(out, json_get_text(&files->array.at[i], "incident"), 2);
            fputc('\n', out);
        }
    for (size_t i = 0; i < all->array.count; i++) {
        const struct json *row = &all->array.at[i];

        if (!span_equal(json_get_text(row, "thread"), thread) || row == message)
            continue;
        fputs("  in its thread: ", out);
        hotline_head(row, out);
        fputc('\n', out);
    }
}

bool hotline_show(struct hotline *h, const struct json *message, FILE *out, struct err *err)
{
    static const char *const members[] = {"text", NULL};

    hotline_head(message, out);
    fputs("\n  signed by ", out);
    put_by(message, out);
    if (json_get(message, "language")) {
        fputs(", language ", out);
        cli_put_text(out, json_get_text(message, "language"), 2);
    }
    fputc('\n', out);
    put_notice(h, message, out);
    if (!put_record(h, json_get_text(message, "id"), members, out, err) ||
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

struct counts {
    struct json topics; /* how many of each template; "": of none */
    int64_t *took;      /* until it was opened */
    size_t messages, opened, exercises, checks, missed, calls, declined;
};

static void count_message(struct hotline *h, const struct json *row, int64_t at, struct counts *c)
{
    struct span topic = json_get_text(row, "template"), to = json_get_text(row, "to");
    const char *key = topic.len ? arena_text(&h->work, topic) : "in its own words";
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

static void print_counts(struct hotline *h, const struct counts *c, FILE *out)
{
    const struct in_words words = {&h->terms, NULL, &h->work, out};

    fprintf(out, "messages      %zu\n", c->messages);
    for (uint32_t i = 0; i < c->topics.object.count; i++) {
        fprintf(out, "  %5" PRId64 "  ", c->topics.object.at[i].value.integer);
        in_words_term(&words, "hotline_template", c->topics.object.at[i].key);
        fputc('\n', out);
    }
    fprintf(out, "opened        %zu", c->opened);
    if (c->opened)
        fprintf(out, ", the median after %" PRId64 " s", c->took[(c->opened - 1) / 2] / 1000);
    fprintf(out, "\ntests         %zu, missed %zu\n", c->checks, c->missed);
    fprintf(out, "calls asked   %zu, declined %zu\n", c->calls, c->declined);
    fprintf(out, "exercises     %zu, counted nowhere else\n", c->exercises);
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
