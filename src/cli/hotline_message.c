#include "cli/hotline_acts.h"
#include "cli/hotline_words.h"

#include "base/limits.h"

/* Messages: sending, reading, standing between. */

typedef struct hotline_line line;

/* --- sending --- */

static bool check_length(const struct hotline *h, struct span text, struct err *err)
{
    char bytes[24], most[24];

    snprintf(bytes, sizeof bytes, "%zu", text.len);
    snprintf(most, sizeof most, "%u", LIMIT_HOTLINE_TEXT_BYTES);
    return text.len <= LIMIT_HOTLINE_TEXT_BYTES ||
           hotline_wrong(
               h, err, ERR_LIMIT, "console.too_long",
               HOTLINE_BLANKS({"n", span_of(bytes), false}, {"of", span_of(most), false}));
}

static bool put_what(struct hotline *h, struct json *flat, const line *l, struct err *err)
{
    struct span notice = hotline_line_setting(l, "template");

    if (notice.len == 0 && l->text.len == 0)
        return hotline_wrong(h, err, ERR_USAGE, "console.nothing_said", NULL);
    if (notice.len && !acts_put_term(h, flat, "template", "hotline_template", notice, err))
        return false;
    acts_put_text(h, flat, "text", l->text);
    acts_put_language(h, flat, l);
    return check_length(h, l->text, err);
}

static bool put_of_thread(struct hotline *h, struct json *flat, const line *l, struct err *err)
{
    struct span thread = hotline_line_setting(l, "thread");
    const struct json *message;

    if (thread.len == 0)
        return true;
    if (!hotline_find(h, "messages", thread, &message, err))
        return false;
    json_set_string(flat, "thread", json_get_text(message, "id"), &h->work);
    return true;
}

static bool send(struct hotline *h, const line *l, struct err *err)
{
    struct span via = hotline_line_setting(l, "via"), of = hotline_line_setting(l, "case");
    struct json flat = json_object();

    if (!acts_put_organisation(h, &flat, "to", l->word[0], err) ||
        !acts_put_term(h, &flat, "priority", "hotline_priority", l->word[1], err) ||
        (via.len && !acts_put_organisation(h, &flat, "via", via, err)) ||
        !put_of_thread(h, &flat, l, err) || !put_what(h, &flat, l, err))
        return false;
    acts_put_text(h, &flat, "case", of);
    if (h->exercise)
        json_set(&flat, "exercise", json_text("yes"), &h->work);
    return acts_sign(h, "hotline.send", &flat, err);
}

/* By the way on which it came, and as soon; an exercise is answered as one. */
static bool answer(struct hotline *h, const line *l, struct err *err)
{
    static const char *const kept[] = {"priority", "via", "exercise", "case"};
    struct json flat = json_object();
    const struct json *message;

    if (!acts_find_message(h, l, &message, err) || !put_what(h, &flat, l, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        acts_put_text(h, &flat, kept[i], json_get_text(message, kept[i]));
    acts_put_text(h, &flat, "to", json_get_text(message, "org"));
    acts_put_text(h, &flat, "reply_to", json_get_text(message, "id"));
    return acts_sign(h, "hotline.send", &flat, err);
}

/* --- reading --- */

static bool show(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return acts_find_message(h, l, &message, err) && hotline_show(h, message, stdout, err);
}

static bool acknowledge(struct hotline *h, const struct json *message, const char *step,
                        struct span read_back, struct err *err)
{
    struct json flat = json_object();

    acts_put_text(h, &flat, "message", json_get_text(message, "id"));
    json_set(&flat, "step", json_text(step), &h->work);
    acts_put_text(h, &flat, "read_back", read_back);
    return acts_sign(h, "hotline.ack", &flat, err);
}

/* That it is opened is signed before it is shown: who has read it has said so. */
static bool open_message(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    if (!acts_find_message(h, l, &message, err))
        return false;
    struct span step = hotline_step(message, h->org);
    bool mine = hotline_is(h, message, "via") ||
                (hotline_is(h, message, "to") && hotline_has_come(message));
    if (mine && !span_is(step, "opened") && !span_is(step, "understood") &&
        (!acknowledge(h, message, "opened", (struct span){0}, err) || !hotline_refresh(h, err)))
        return false;
    return show(h, l, err);
}

static bool understood(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return acts_find_message(h, l, &message, err) &&
           acknowledge(h, message, "understood", l->text, err);
}

/* --- standing between --- */

static bool relay(struct hotline *h, const line *l, const char *act, const char *member,
                  struct err *err)
{
    struct json flat = json_object();
    const struct json *message;

    if (!acts_find_message(h, l, &message, err))
        return false;
    acts_put_text(h, &flat, "message", json_get_text(message, "id"));
    json_set(&flat, "act", json_text(act), &h->work);
    acts_put_text(h, &flat, member, l->text);
    if (l->text.len && strcmp(member, "translation") == 0)
        acts_put_language(h, &flat, l);
    return acts_sign(h, "hotline.relay", &flat, err);
}

static bool hold(struct hotline *h, const line *l, struct err *err)
{
    return relay(h, l, "held", "note", err);
}

static bool ask_back(struct hotline *h, const line *l, struct err *err)
{
    return relay(h, l, "asked_back", "note", err);
}

static bool pass(struct hotline *h, const line *l, struct err *err)
{
    return relay(h, l, "passed", "translation", err);
}

static bool refuse(struct hotline *h, const line *l, struct err *err)
{
    return relay(h, l, "refused", "note", err);
}

static bool retranslate(struct hotline *h, const line *l, struct err *err)
{
    return relay(h, l, "corrected", "translation", err);
}

/* The last translation of the message. */
static bool contest(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message, *list = hotline_list(h, "relays"), *last = NULL;
    struct json flat = json_object();

    if (!acts_find_message(h, l, &message, err))
        return false;
    for (size_t i = 0; i < list->array.count; i++) {
        struct span act = json_get_text(&list->array.at[i], "act");

        if (span_equal(json_get_text(&list->array.at[i], "message"),
                       json_get_text(message, "id")) &&
            (span_is(act, "passed") || span_is(act, "corrected")))
            last = &list->array.at[i];
    }
    if (!last)
        return hotline_wrong(h, err, ERR_MISSING, "console.untranslated", NULL);
    acts_put_text(h, &flat, "relay", json_get_text(last, "id"));
    acts_put_text(h, &flat, "reading", l->text);
    acts_put_language(h, &flat, l);
    return acts_sign(h, "hotline.contest", &flat, err);
}

/* --- the lines --- */

const struct hotline_act hotline_message_acts[] = {
    {{"show", "ID", 1, NULL, LINE_NO_TEXT}, show},
    {{"open", "ID", 1, NULL, LINE_NO_TEXT}, open_message},
    {{"understood", "ID READ-BACK", 1, NULL, LINE_TEXT}, understood},
    {{"answer", "ID [template=T] [in=LANGUAGE] TEXT", 1, ACT_SETTINGS("template", "in"),
      LINE_MAYBE_TEXT},
     answer},
    {{"send", "TO PRIORITY [via=ORG] [template=T] [in=LANGUAGE] [thread=ID] [case=INCIDENT] TEXT",
      2, ACT_SETTINGS("via", "template", "in", "thread", "case"), LINE_MAYBE_TEXT},
     send},
    {{"hold", "ID [NOTE]", 1, NULL, LINE_MAYBE_TEXT}, hold},
    {{"ask", "ID QUESTION", 1, NULL, LINE_TEXT}, ask_back},
    {{"pass", "ID [in=LANGUAGE TRANSLATION]", 1, ACT_SETTINGS("in"), LINE_MAYBE_TEXT}, pass},
    {{"refuse", "ID REASON", 1, NULL, LINE_TEXT}, refuse},
    {{"retranslate", "ID [in=LANGUAGE] TRANSLATION", 1, ACT_SETTINGS("in"), LINE_TEXT},
     retranslate},
    {{"contest", "ID [in=LANGUAGE] READING", 1, ACT_SETTINGS("in"), LINE_TEXT}, contest},
};
const size_t hotline_message_acts_count = ARRAY_LEN(hotline_message_acts);
