#include "cli/hotline_words.h"

#include "cli/logged.h"
#include "cli/verdict.h"

/* --- one record --- */

static bool refuse(const struct hotline *h, const struct answer *answer, struct err *err)
{
    if (answer->kind == ANSWER_REFUSED)
        return hotline_wrong(h, err, ERR_REFUSED, "console.door",
                             HOTLINE_BLANKS({"reason", span_of(answer->reason), false},
                                            {"why", span_of(answer->why.text), false}));
    /* By the door itself, beside which nobody keeps it. */
    return answer->kind != ANSWER_LATER || answer->why.kind == ERR_NONE ||
           hotline_wrong(h, err, ERR_LIMIT, "console.not_taken",
                         HOTLINE_BLANKS({"why", span_of(answer->why.text), false}));
}

/* What the register made of it, once it is published. */
static bool judge(struct hotline *h, const struct answer *answer, const struct submission *said,
                  struct err *err)
{
    struct json verdict;
    struct err unsaid = {0};
    const char *why;

    if (!node_settle(h->node, err) || !store_reader_refresh(node_reader(h->node), err) ||
        !verdict_read(&verdict, h->node, answer->index, &h->work, err))
        return false;
    if (verdict_effective(&verdict, answer->index, err))
        return true;
    if (verdict_why(&why, h->node, answer->index, said->note, &h->work, &unsaid) && why[0]) {
        const char *first = arena_text(&h->work, span_of(err->text));

        return err_set(err, err->kind, "%s (%s)", first, why);
    }
    return false;
}

/* Who has it already says no more than that. */
static bool was_logged(struct hotline *h, const char *id, bool *out, struct err *err)
{
    struct json row;

    return store_reader_refresh(node_reader(h->node), err) &&
           logged_row(&row, out, h->node, "record", span_of(id), &h->work, err);
}

/* In words that the pages have, too. */
static struct span reason_of(const struct hotline *h, struct span reason)
{
    char key[80];

    snprintf(key, sizeof key, "reason.%.*s", SPAN_ARG(reason));
    struct span word = hotline_word(h, key);
    return span_is(word, key) ? hotline_state_word(h, reason) : word;
}

/* What the rules make of it as far as they can be judged here, ahead of the log. */
static bool judge_ahead(struct hotline *h, const char *id, struct err *err)
{
    const struct json *list;
    struct json answer;

    if (!hotline_get(h, "/api/hotline", "limit=50", &answer, &h->work, err))
        return false;
    list = json_get(&answer, "waiting");
    for (size_t i = 0; list && i < list->array.count; i++) {
        const struct json *one = &list->array.at[i];

        if (span_is(json_get_text(one, "id"), id) && span_is(json_get_text(one, "verdict"), "void"))
            return hotline_wrong(
                h, err, ERR_REFUSED, "console.void",
                HOTLINE_BLANKS({"reason", reason_of(h, json_get_text(one, "reason")), false},
                               {"why", json_get_text(one, "why"), false}));
    }
    return true;
}

bool hotline_hand_in(struct hotline *h, const struct submission *submission, const char *said,
                     struct err *err)
{
    struct answer answer = {0};

    if (!node_submit(h->node, submission, 1, &answer, &h->work, err) || !refuse(h, &answer, err))
        return false;
    bool logged = answer.kind == ANSWER_LOGGED;
    if (logged && !judge(h, &answer, submission, err))
        return false;
    if (!logged &&
        (!was_logged(h, answer.id, &logged, err) || (!logged && !judge_ahead(h, answer.id, err))))
        return false;
    fputs(said, stdout);
    fputc(' ', stdout);
    fputs(answer.id, stdout);
    if (!logged) {
        fputs(": ", stdout);
        hotline_put(h, stdout, "hotline.not_logged", NULL);
    }
    fputc('\n', stdout);
    return true;
}

bool hotline_sign(struct hotline *h, const char *kind, const struct json *flat, char out_id[65],
                  struct err *err)
{
    struct submission submission;

    return author_refresh(h->author, err) &&
           author_sign(h->author, kind, flat, &submission, out_id, &h->work, err) &&
           hotline_hand_in(h, &submission, arena_printf(&h->work, "signed %s", kind), err);
}

/* --- what the console does of itself --- */

static bool was_tried(const struct hotline *h, struct span id)
{
    for (size_t i = 0; i < h->tried.array.count; i++)
        if (span_equal(h->tried.array.at[i].string, id))
            return true;
    return false;
}

/* What others wrote may stand in it. */
static void complain(const char *about, const struct err *err)
{
    fprintf(stderr, "sulh hotline: %s: ", about);
    cli_put_text(stderr, span_of(err->text), 0);
    fputc('\n', stderr);
}

/* Once for each: what was refused would be refused again. */
static bool sign_once(struct hotline *h, struct span id, const char *kind, const struct json *flat)
{
    struct err err = {0};
    char made[65];

    if (was_tried(h, id))
        return false;
    json_push(&h->tried, json_string(arena_copy(&h->cli->arena, id)), &h->cli->arena);
    if (hotline_sign(h, kind, flat, made, &err))
        return true;
    complain(arena_printf(&h->work, "%s of %.8s", kind, arena_text(&h->work, id)), &err);
    return false;
}

static bool say_delivered(struct hotline *h, const struct json *message)
{
    bool here = hotline_is(h, message, "via") ||
                (hotline_is(h, message, "to") && hotline_has_come(message));
    struct json flat = json_object();

    if (!here || hotline_step(message, h->org).len)
        return false;
    json_set_string(&flat, "message", json_get_text(message, "id"), &h->work);
    json_set(&flat, "step", json_text("delivered"), &h->work);
    return sign_once(h, json_get_text(message, "id"), "hotline.ack", &flat);
}

static bool echo(struct hotline *h, const struct json *check)
{
    struct json flat = json_object();

    if (!hotline_is(h, check, "to") || !span_is(json_get_text(check, "state"), "sent"))
        return false;
    json_set_string(&flat, "check", json_get_text(check, "id"), &h->work);
    json_set_string(&flat, "text", json_get_text(check, "text"), &h->work);
    return sign_once(h, json_get_text(check, "id"), "hotline.echo", &flat);
}

static bool send_tests(struct hotline *h)
{
    bool signed_any = false;

    for (size_t i = 0; i < h->tests; i++) {
        struct hotline_test *test = &h->test[i];
        struct err err = {0};

        if (h->now_ms < test->next_ms)
            continue;
        test->next_ms = h->now_ms + test->every_ms;
        if (hotline_act(h, span_of(arena_printf(&h->work, "test %.*s", SPAN_ARG(test->to))), &err))
            signed_any = true;
        else
            complain("test", &err);
    }
    return signed_any;
}

bool hotline_attend(struct hotline *h)
{
    const struct json *messages = hotline_list(h, "messages"), *checks = hotline_list(h, "checks");
    bool signed_any = false;

    for (size_t i = 0; i < messages->array.count; i++)
        signed_any = say_delivered(h, &messages->array.at[i]) || signed_any;
    for (size_t i = 0; i < checks->array.count; i++)
        signed_any = echo(h, &checks->array.at[i]) || signed_any;
    signed_any = send_tests(h) || signed_any;
    arena_reset(&h->work);
    return signed_any;
}
