#include "cli/hotline_acts.h"
#include "cli/hotline_words.h"

#include "base/calendar.h"

/* The line, the watch, and going higher. */

typedef struct hotline_line line;

/* --- the line and the watch --- */

/* The neutral texts in turn. */
static bool test(struct hotline *h, const line *l, struct err *err)
{
    const struct json *texts = json_get(&h->terms, "hotline_text"), *list;
    struct json flat = json_object();
    int64_t number = 1;

    list = hotline_list(h, "checks");
    for (size_t i = 0; i < list->array.count; i++)
        if (hotline_is(h, &list->array.at[i], "org"))
            number++;
    if (!acts_put_organisation(h, &flat, "to", l->word[0], err))
        return false;
    if (!texts || texts->array.count == 0)
        return hotline_wrong(h, err, ERR_MISSING, "console.no_text", NULL);
    acts_put_text(h, &flat, "text",
                  json_get_text(&texts->array.at[(size_t)number % texts->array.count], "id"));
    json_set_integer(&flat, "number", number, &h->work);
    return acts_sign(h, "hotline.check", &flat, err);
}

/* A test now, and one after so many minutes again and again, while this console is open. */
static bool tests(struct hotline *h, const line *l, struct err *err)
{
    uint64_t minutes;
    struct span to;

    if (!hotline_organisation(h, l->word[0], &to, err) ||
        !cli_number(&minutes, arena_text(&h->work, l->word[1]), "the minutes", err))
        return false;
    if (minutes < 1 || minutes > 24 * 60)
        return hotline_wrong(h, err, ERR_USAGE, "console.every", NULL);
    if (h->tests == HOTLINE_TESTS)
        return hotline_wrong(h, err, ERR_LIMIT, "console.tests_full", NULL);
    h->test[h->tests++] = (struct hotline_test){.to = arena_copy(&h->cli->arena, to),
                                                .every_ms = (int64_t)minutes * MS_PER_MINUTE,
                                                .next_ms = h->now_ms};
    return true;
}

static bool say_line(struct hotline *h, const line *l, struct err *err)
{
    struct span hop = hotline_line_setting(l, "hop"), since = hotline_line_setting(l, "since");
    struct json flat = json_object();
    char now[CALENDAR_TEXT];

    calendar_format(now, h->now_ms, 0);
    if (!acts_put_organisation(h, &flat, "to", l->word[0], err) ||
        (hop.len && !acts_put_organisation(h, &flat, "hop", hop, err)) ||
        !acts_put_moment(h, &flat, "since", since.len ? since : span_of(now), err))
        return false;
    acts_put_text(h, &flat, "status", l->word[1]);
    acts_put_text(h, &flat, "checked", hotline_line_setting(l, "checked"));
    acts_put_text(h, &flat, "cause", l->text);
    return acts_sign(h, "hotline.line", &flat, err);
}

static bool duty(struct hotline *h, const line *l, struct err *err)
{
    struct span from = hotline_line_setting(l, "from");
    struct json flat = json_object();
    char now[CALENDAR_TEXT];

    calendar_format(now, h->now_ms, 0);
    if (!acts_put_moment(h, &flat, "from", from.len ? from : span_of(now), err) ||
        !acts_put_moment(h, &flat, "until", l->word[1], err))
        return false;
    acts_put_text(h, &flat, "officer", l->word[0]);
    acts_put_text(h, &flat, "deputy", hotline_line_setting(l, "deputy"));
    acts_put_text(h, &flat, "principal", hotline_line_setting(l, "principal"));
    acts_put_text(h, &flat, "note", l->text);
    return acts_sign(h, "hotline.duty", &flat, err);
}

/* What was handed over to this organisation's watch. */
static bool note(struct hotline *h, const line *l, struct err *err)
{
    const struct json *list = hotline_list(h, "duty");
    struct json entry, fields;
    bool closed;

    (void)l;
    for (size_t i = 0; i < list->array.count; i++) {
        const struct json *row = &list->array.at[i];

        if (!hotline_is(h, row, "org"))
            continue;
        if (!hotline_get(
                h,
                arena_printf(&h->work, "/api/entries/%" PRId64, json_get_integer(row, "index", 0)),
                "", &entry, &h->work, err) ||
            !hotline_fields(h, json_get_text(&entry, "id"), &fields, &closed, &h->work, err))
            return false;
        hotline_said(stdout, json_get_text(&fields, "note"));
        return true;
    }
    return hotline_wrong(h, err, ERR_MISSING, "console.no_watch", NULL);
}

/* --- going higher --- */

static bool escalate(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();
    const struct json *message;

    if (!acts_find_message(h, l, &message, err))
        return false;
    acts_put_text(h, &flat, "message", json_get_text(message, "id"));
    acts_put_text(h, &flat, "level", l->word[1]);
    return acts_sign(h, "hotline.escalate", &flat, err);
}

static bool call(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();

    if (!acts_put_organisation(h, &flat, "to", l->word[0], err) ||
        !acts_put_optional_moment(h, &flat, l, "at", err))
        return false;
    acts_put_text(h, &flat, "level", l->word[1]);
    acts_put_text(h, &flat, "reason", l->text);
    if (h->exercise)
        json_set(&flat, "exercise", json_text("yes"), &h->work);
    return acts_sign(h, "hotline.call", &flat, err);
}

static bool answer_call(struct hotline *h, const line *l, const char *how, struct err *err)
{
    struct span ground = hotline_line_setting(l, "ground");
    bool needs_ground = ground.len || strcmp(how, "declined") == 0;
    struct json flat = json_object();
    const struct json *asked;

    if (!hotline_find(h, "calls", l->word[0], &asked, err) ||
        !acts_put_optional_moment(h, &flat, l, "at", err) ||
        (needs_ground && !acts_put_term(h, &flat, "ground", "call_ground", ground, err)))
        return false;
    acts_put_text(h, &flat, "call", json_get_text(asked, "id"));
    json_set(&flat, "answer", json_text(how), &h->work);
    acts_put_text(h, &flat, "reason", l->text);
    return acts_sign(h, "hotline.call_answer", &flat, err);
}

static bool accept(struct hotline *h, const line *l, struct err *err)
{
    return answer_call(h, l, "accepted", err);
}

static bool other_time(struct hotline *h, const line *l, struct err *err)
{
    return answer_call(h, l, "other_time", err);
}

static bool decline(struct hotline *h, const line *l, struct err *err)
{
    return answer_call(h, l, "declined", err);
}

/* --- the lines --- */

const struct hotline_act hotline_duty_acts[] = {
    {{"test", "ORG", 1, NULL, LINE_NO_TEXT}, test},
    {{"tests", "ORG MINUTES", 2, NULL, LINE_NO_TEXT}, tests},
    {{"line", "ORG up|down|unanswered [checked=yes] [since=MOMENT] [hop=ORG] [CAUSE]", 2,
      ACT_SETTINGS("checked", "since", "hop"), LINE_MAYBE_TEXT},
     say_line},
    {{"duty", "KEYNAME UNTIL [from=MOMENT] [deputy=KEYNAME] [principal=KEYNAME] [NOTE]", 2,
      ACT_SETTINGS("from", "deputy", "principal"), LINE_MAYBE_TEXT},
     duty},
    {{"note", "", 0, NULL, LINE_NO_TEXT}, note},
    {{"escalate", "ID deputy|principal", 2, NULL, LINE_NO_TEXT}, escalate},
    {{"call", "ORG deputy|principal [at=MOMENT] [REASON]", 2, ACT_SETTINGS("at"), LINE_MAYBE_TEXT},
     call},
    {{"accept", "ID", 1, NULL, LINE_NO_TEXT}, accept},
    {{"later", "ID at=MOMENT [REASON]", 1, ACT_SETTINGS("at"), LINE_MAYBE_TEXT}, other_time},
    {{"decline", "ID ground=G [REASON]", 1, ACT_SETTINGS("ground"), LINE_MAYBE_TEXT}, decline},
};
const size_t hotline_duty_acts_count = ARRAY_LEN(hotline_duty_acts);
