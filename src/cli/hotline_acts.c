#include "cli/hotline.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "cli/hotline_line.h"
#include "codec/utf8.h"

/* What an officer can say, a line each. */

#define WATCH_UNCERTAINTY_MS 1000

typedef struct hotline_line line;

/* --- what lines have in common --- */

static bool put_organisation(struct hotline *h, struct json *flat, const char *member,
                             struct span word, struct err *err)
{
    struct span id;

    if (!hotline_organisation(h, word, &id, err))
        return false;
    json_set_string(flat, member, id, &h->work);
    return true;
}

/* An item of the agreement, which the node would refuse only after it is signed. */
static bool put_term(struct hotline *h, struct json *flat, const char *member, const char *section,
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
    return err_set(err, ERR_USAGE, "%s is one of: %.*s", member, SPAN_ARG(buf_span(&known)));
}

static bool put_moment(struct hotline *h, struct json *flat, const char *member, struct span text,
                       struct err *err)
{
    struct json time = json_object();
    int64_t at;
    int offset;

    if (!calendar_parse_time(&at, &offset, text))
        return err_set(err, ERR_USAGE, "%s=\"%.*s\": a moment is 2025-11-06T03:00Z, or +05:00",
                       member, SPAN_ARG(text));
    json_set_integer(&time, "at_ms", at, &h->work);
    json_set_integer(&time, "offset_min", offset, &h->work);
    json_set_integer(&time, "uncertainty_ms", WATCH_UNCERTAINTY_MS, &h->work);
    json_set(&time, "basis", json_text("watch"), &h->work);
    json_set(flat, member, time, &h->work);
    return true;
}

static bool put_optional_moment(struct hotline *h, struct json *flat, const line *l,
                                const char *member, struct err *err)
{
    struct span text = hotline_line_setting(l, member);

    return text.len == 0 || put_moment(h, flat, member, text, err);
}

static void put_text(struct hotline *h, struct json *flat, const char *member, struct span text)
{
    if (text.len)
        json_set_string(flat, member, text, &h->work);
}

static void put_language(struct hotline *h, struct json *flat, const line *l)
{
    struct span in = hotline_line_setting(l, "in");

    json_set_string(flat, "language", in.len ? in : h->language, &h->work);
}

static bool sign(struct hotline *h, const char *kind, const struct json *flat, struct err *err)
{
    char id[65];

    return hotline_sign(h, kind, flat, id, err);
}

static bool find_message(const struct hotline *h, const line *l, const struct json **out,
                         struct err *err)
{
    return hotline_find(h, "messages", l->word[0], out, err);
}

/* --- sending --- */

static bool check_length(struct span text, struct err *err)
{
    return text.len <= LIMIT_HOTLINE_TEXT_BYTES ||
           err_set(err, ERR_LIMIT, "the text has %zu bytes, of at most %u: send it in two",
                   text.len, LIMIT_HOTLINE_TEXT_BYTES);
}

static bool put_what(struct hotline *h, struct json *flat, const line *l, struct err *err)
{
    struct span notice = hotline_line_setting(l, "template");

    if (notice.len == 0 && l->text.len == 0)
        return err_set(err, ERR_USAGE, "a message has a text, a set notice, or both");
    if (notice.len && !put_term(h, flat, "template", "hotline_template", notice, err))
        return false;
    put_text(h, flat, "text", l->text);
    put_language(h, flat, l);
    return check_length(l->text, err);
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

    if (!put_organisation(h, &flat, "to", l->word[0], err) ||
        !put_term(h, &flat, "priority", "hotline_priority", l->word[1], err) ||
        (via.len && !put_organisation(h, &flat, "via", via, err)) ||
        !put_of_thread(h, &flat, l, err) || !put_what(h, &flat, l, err))
        return false;
    put_text(h, &flat, "case", of);
    if (h->exercise)
        json_set(&flat, "exercise", json_text("yes"), &h->work);
    return sign(h, "hotline.send", &flat, err);
}

/* By the way on which it came, and as soon; an exercise is answered as one. */
static bool answer(struct hotline *h, const line *l, struct err *err)
{
    static const char *const kept[] = {"priority", "via", "exercise", "case"};
    struct json flat = json_object();
    const struct json *message;

    if (!find_message(h, l, &message, err) || !put_what(h, &flat, l, err))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        put_text(h, &flat, kept[i], json_get_text(message, kept[i]));
    put_text(h, &flat, "to", json_get_text(message, "org"));
    put_text(h, &flat, "reply_to", json_get_text(message, "id"));
    return sign(h, "hotline.send", &flat, err);
}

/* --- reading --- */

static bool show(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return find_message(h, l, &message, err) && hotline_show(h, message, stdout, err);
}

static bool acknowledge(struct hotline *h, const struct json *message, const char *step,
                        struct span read_back, struct err *err)
{
    struct json flat = json_object();

    put_text(h, &flat, "message", json_get_text(message, "id"));
    json_set(&flat, "step", json_text(step), &h->work);
    put_text(h, &flat, "read_back", read_back);
    return sign(h, "hotline.ack", &flat, err);
}

/* That it is opened is signed before it is shown: who has read it has said so. */
static bool open_message(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    if (!find_message(h, l, &message, err))
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

    return find_message(h, l, &message, err) && acknowledge(h, message, "understood", l->text, err);
}

/* --- standing between --- */

static bool relay(struct hotline *h, const line *l, const char *act, const char *member,
                  struct err *err)
{
    struct json flat = json_object();
    const struct json *message;

    if (!find_message(h, l, &message, err))
        return false;
    put_text(h, &flat, "message", json_get_text(message, "id"));
    json_set(&flat, "act", json_text(act), &h->work);
    put_text(h, &flat, member, l->text);
    if (l->text.len && strcmp(member, "translation") == 0)
        put_language(h, &flat, l);
    return sign(h, "hotline.relay", &flat, err);
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

    if (!find_message(h, l, &message, err))
        return false;
    for (size_t i = 0; i < list->array.count; i++) {
        struct span act = json_get_text(&list->array.at[i], "act");

        if (span_equal(json_get_text(&list->array.at[i], "message"),
                       json_get_text(message, "id")) &&
            (span_is(act, "passed") || span_is(act, "corrected")))
            last = &list->array.at[i];
    }
    if (!last)
        return err_set(err, ERR_USAGE, "nobody has translated that message");
    put_text(h, &flat, "relay", json_get_text(last, "id"));
    put_text(h, &flat, "reading", l->text);
    put_language(h, &flat, l);
    return sign(h, "hotline.contest", &flat, err);
}

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
    if (!put_organisation(h, &flat, "to", l->word[0], err))
        return false;
    if (!texts || texts->array.count == 0)
        return err_set(err, ERR_MISSING, "the agreement has no neutral text to test with");
    put_text(h, &flat, "text",
             json_get_text(&texts->array.at[(size_t)number % texts->array.count], "id"));
    json_set_integer(&flat, "number", number, &h->work);
    return sign(h, "hotline.check", &flat, err);
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
        return err_set(err, ERR_USAGE, "a test is every 1 to 1440 minutes");
    if (h->tests == HOTLINE_TESTS)
        return err_set(err, ERR_LIMIT, "there are %u of them already", HOTLINE_TESTS);
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
    if (!put_organisation(h, &flat, "to", l->word[0], err) ||
        (hop.len && !put_organisation(h, &flat, "hop", hop, err)) ||
        !put_moment(h, &flat, "since", since.len ? since : span_of(now), err))
        return false;
    put_text(h, &flat, "status", l->word[1]);
    put_text(h, &flat, "checked", hotline_line_setting(l, "checked"));
    put_text(h, &flat, "cause", l->text);
    return sign(h, "hotline.line", &flat, err);
}

static bool duty(struct hotline *h, const line *l, struct err *err)
{
    struct span from = hotline_line_setting(l, "from");
    struct json flat = json_object();
    char now[CALENDAR_TEXT];

    calendar_format(now, h->now_ms, 0);
    if (!put_moment(h, &flat, "from", from.len ? from : span_of(now), err) ||
        !put_moment(h, &flat, "until", l->word[1], err))
        return false;
    put_text(h, &flat, "officer", l->word[0]);
    put_text(h, &flat, "deputy", hotline_line_setting(l, "deputy"));
    put_text(h, &flat, "principal", hotline_line_setting(l, "principal"));
    put_text(h, &flat, "note", l->text);
    return sign(h, "hotline.duty", &flat, err);
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
    return err_set(err, ERR_MISSING, "nobody is on watch");
}

/* --- going higher --- */

static bool escalate(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();
    const struct json *message;

    if (!find_message(h, l, &message, err))
        return false;
    put_text(h, &flat, "message", json_get_text(message, "id"));
    put_text(h, &flat, "level", l->word[1]);
    return sign(h, "hotline.escalate", &flat, err);
}

static bool call(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();

    if (!put_organisation(h, &flat, "to", l->word[0], err) ||
        !put_optional_moment(h, &flat, l, "at", err))
        return false;
    put_text(h, &flat, "level", l->word[1]);
    put_text(h, &flat, "reason", l->text);
    if (h->exercise)
        json_set(&flat, "exercise", json_text("yes"), &h->work);
    return sign(h, "hotline.call", &flat, err);
}

static bool answer_call(struct hotline *h, const line *l, const char *how, struct err *err)
{
    struct span ground = hotline_line_setting(l, "ground");
    struct json flat = json_object();
    const struct json *asked;

    if (!hotline_find(h, "calls", l->word[0], &asked, err) ||
        !put_optional_moment(h, &flat, l, "at", err) ||
        (ground.len && !put_term(h, &flat, "ground", "call_ground", ground, err)))
        return false;
    put_text(h, &flat, "call", json_get_text(asked, "id"));
    json_set(&flat, "answer", json_text(how), &h->work);
    put_text(h, &flat, "reason", l->text);
    return sign(h, "hotline.call_answer", &flat, err);
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

/* --- threads and incidents --- */

static bool file_under(struct hotline *h, const struct json *message, struct span incident,
                       struct err *err)
{
    struct json flat = json_object();

    put_text(h, &flat, "message", json_get_text(message, "id"));
    put_text(h, &flat, "incident", incident);
    return sign(h, "hotline.file", &flat, err);
}

static bool file(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return find_message(h, l, &message, err) && file_under(h, message, l->word[1], err);
}

/* Of the message no word goes into the incident: that is for everybody, and the thread is not. */
static bool incident(struct hotline *h, const line *l, struct err *err)
{
    struct json flat = json_object();
    const struct json *message;
    char id[65];

    if (!find_message(h, l, &message, err))
        return false;
    put_text(h, &flat, "title", l->text);
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
            hotline_head(&all->array.at[n], stdout);
            putchar('\n');
        }
    return true;
}

/* --- by courier --- */

static bool print(struct hotline *h, const line *l, struct err *err)
{
    const struct json *message;

    return find_message(h, l, &message, err) &&
           hotline_print(h, message, arena_text(&h->work, l->word[1]), err);
}

static bool take(struct hotline *h, const line *l, struct err *err)
{
    return hotline_take(h, arena_text(&h->work, l->word[0]), err);
}

/* --- the console itself --- */

static bool watch(struct hotline *h, const line *l, struct err *err)
{
    (void)l, (void)err;
    hotline_board(h, stdout);
    return true;
}

static bool exercise(struct hotline *h, const line *l, struct err *err)
{
    if (!span_is(l->word[0], "on") && !span_is(l->word[0], "off"))
        return err_set(err, ERR_USAGE, "exercise on, or exercise off");
    h->exercise = span_is(l->word[0], "on");
    printf("%s\n", h->exercise ? "EXERCISE: what is sent from here is marked, and nothing of it is "
                                 "real"
                               : "the exercise is over: what is sent from here is real");
    return true;
}

static bool counts(struct hotline *h, const line *l, struct err *err)
{
    struct span from = hotline_line_setting(l, "from"), to = hotline_line_setting(l, "to");
    int64_t from_ms = 0, to_ms = INT64_MAX;
    int offset;

    if ((from.len && !calendar_parse_time(&from_ms, &offset, from)) ||
        (to.len && !calendar_parse_time(&to_ms, &offset, to)))
        return err_set(err, ERR_USAGE, "a moment is 2025-11-06T03:00Z, or +05:00");
    hotline_counts(h, from_ms, to_ms, stdout);
    return true;
}

static bool quit(struct hotline *h, const line *l, struct err *err)
{
    (void)l, (void)err;
    h->ended = true;
    return true;
}

static bool help(struct hotline *h, const line *l, struct err *err);

#define SETTINGS(...)                                                                              \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static const struct act {
    struct hotline_grammar said;
    bool (*run)(struct hotline *h, const line *l, struct err *err);
    const char *about;
} acts[] = {
    {{"watch", "", 0, NULL, LINE_NO_TEXT}, watch, "what waits, the lines, who is on watch"},
    {{"show", "ID", 1, NULL, LINE_NO_TEXT}, show, "a message, with all that was signed of it"},
    {{"open", "ID", 1, NULL, LINE_NO_TEXT}, open_message, "signs that it is opened, and shows it"},
    {{"understood", "ID READ-BACK", 1, NULL, LINE_TEXT},
     understood,
     "reads it back in your own words"},
    {{"answer", "ID [template=T] [in=LANGUAGE] TEXT", 1, SETTINGS("template", "in"),
      LINE_MAYBE_TEXT},
     answer,
     "answers it by the way on which it came"},
    {{"send", "TO PRIORITY [via=ORG] [template=T] [in=LANGUAGE] [thread=ID] [case=INCIDENT] TEXT",
      2, SETTINGS("via", "template", "in", "thread", "case"), LINE_MAYBE_TEXT},
     send,
     "a message of your own"},
    {{"hold", "ID [NOTE]", 1, NULL, LINE_MAYBE_TEXT}, hold, "keeps it back for now"},
    {{"ask", "ID QUESTION", 1, NULL, LINE_TEXT}, ask_back, "asks who wrote it what is meant"},
    {{"pass", "ID [in=LANGUAGE TRANSLATION]", 1, SETTINGS("in"), LINE_MAYBE_TEXT},
     pass,
     "passes it on as it is, with your translation beside it"},
    {{"refuse", "ID REASON", 1, NULL, LINE_TEXT}, refuse, "does not pass it on"},
    {{"retranslate", "ID [in=LANGUAGE] TRANSLATION", 1, SETTINGS("in"), LINE_TEXT},
     retranslate,
     "another translation of what was passed on"},
    {{"contest", "ID [in=LANGUAGE] READING", 1, SETTINGS("in"), LINE_TEXT},
     contest,
     "says that its last translation is wrong, and how it should read"},
    {{"test", "ORG", 1, NULL, LINE_NO_TEXT}, test, "tries the line with a neutral text"},
    {{"tests", "ORG MINUTES", 2, NULL, LINE_NO_TEXT},
     tests,
     "does so now and every so many minutes, while the console is open"},
    {{"line", "ORG up|down|unanswered [checked=yes] [since=MOMENT] [hop=ORG] [CAUSE]", 2,
      SETTINGS("checked", "since", "hop"), LINE_MAYBE_TEXT},
     say_line,
     "says how the line to another stands"},
    {{"duty", "KEYNAME UNTIL [from=MOMENT] [deputy=KEYNAME] [principal=KEYNAME] [NOTE]", 2,
      SETTINGS("from", "deputy", "principal"), LINE_MAYBE_TEXT},
     duty,
     "hands the watch over"},
    {{"note", "", 0, NULL, LINE_NO_TEXT}, note, "what was handed over to your watch"},
    {{"escalate", "ID deputy|principal", 2, NULL, LINE_NO_TEXT},
     escalate,
     "takes a message to the next above"},
    {{"call", "ORG deputy|principal [at=MOMENT] [REASON]", 2, SETTINGS("at"), LINE_MAYBE_TEXT},
     call,
     "asks for a call, which stays open until it is answered"},
    {{"accept", "ID", 1, NULL, LINE_NO_TEXT}, accept, "accepts a call"},
    {{"later", "ID at=MOMENT [REASON]", 1, SETTINGS("at"), LINE_MAYBE_TEXT},
     other_time,
     "wants it at another time"},
    {{"decline", "ID ground=G [REASON]", 1, SETTINGS("ground"), LINE_MAYBE_TEXT},
     decline,
     "declines it, on a ground of the agreement"},
    {{"file", "ID INCIDENT", 2, NULL, LINE_NO_TEXT}, file, "its thread is about an incident"},
    {{"incident", "ID TITLE", 1, NULL, LINE_TEXT},
     incident,
     "opens an incident of a thread; the title is public"},
    {{"about", "INCIDENT", 1, NULL, LINE_NO_TEXT}, about, "the threads about an incident"},
    {{"counts", "[from=MOMENT] [to=MOMENT]", 0, SETTINGS("from", "to"), LINE_NO_TEXT},
     counts,
     "messages by topic, how soon they were opened, tests missed"},
    {{"print", "ID FILE", 2, NULL, LINE_NO_TEXT},
     print,
     "writes a slip that a courier carries: FILE.pdf to print, another name for lines"},
    {{"take", "FILE", 1, NULL, LINE_NO_TEXT}, take, "hands in what a courier brought"},
    {{"exercise", "on|off", 1, NULL, LINE_NO_TEXT}, exercise, "marks all that is sent"},
    {{"help", "", 0, NULL, LINE_NO_TEXT}, help, "this list"},
    {{"quit", "", 0, NULL, LINE_NO_TEXT}, quit, "closes the console"},
};

static bool help(struct hotline *h, const line *l, struct err *err)
{
    (void)h, (void)l, (void)err;
    for (size_t i = 0; i < ARRAY_LEN(acts); i++)
        printf("%s %s\n    %s\n", acts[i].said.word, acts[i].said.arguments, acts[i].about);
    return true;
}

bool hotline_act(struct hotline *h, struct span text, struct err *err)
{
    struct span word = hotline_line_word(text);
    line l;

    if (word.len == 0)
        return true;
    if (!utf8_valid(text))
        return err_set(err, ERR_USAGE, "a line is UTF-8 text");
    for (size_t i = 0; i < ARRAY_LEN(acts); i++)
        if (span_is(word, acts[i].said.word))
            return hotline_line_read(&l, &acts[i].said, text, err) && acts[i].run(h, &l, err);
    return err_set(err, ERR_USAGE, "there is nothing to do called \"%.*s\": help lists them",
                   SPAN_ARG(span_make(word.at, word.len < 40 ? word.len : 40)));
}
