#include "cli/hotline_acts.h"

#include "codec/utf8.h"

/* What an officer can say, a line each. */

typedef struct hotline_line line;

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

static bool quit(struct hotline *h, const line *l, struct err *err)
{
    (void)l, (void)err;
    h->ended = true;
    return true;
}

static bool help(struct hotline *h, const line *l, struct err *err);

static const struct hotline_act own_acts[] = {
    {{"watch", "", 0, NULL, LINE_NO_TEXT}, watch, "what waits, the lines, who is on watch"},
    {{"exercise", "on|off", 1, NULL, LINE_NO_TEXT}, exercise, "marks all that is sent"},
    {{"help", "", 0, NULL, LINE_NO_TEXT}, help, "this list"},
    {{"quit", "", 0, NULL, LINE_NO_TEXT}, quit, "closes the console"},
};

/* The n-th of all; NULL: there are no more. */
static const struct hotline_act *act_at(size_t n)
{
    const struct {
        const struct hotline_act *at;
        size_t count;
    } tables[] = {
        {own_acts, ARRAY_LEN(own_acts)},
        {hotline_message_acts, hotline_message_acts_count},
        {hotline_duty_acts, hotline_duty_acts_count},
        {hotline_thread_acts, hotline_thread_acts_count},
    };

    for (size_t i = 0; i < ARRAY_LEN(tables); n -= tables[i++].count)
        if (n < tables[i].count)
            return &tables[i].at[n];
    return NULL;
}

static bool help(struct hotline *h, const line *l, struct err *err)
{
    const struct hotline_act *act;

    (void)h, (void)l, (void)err;
    for (size_t i = 0; (act = act_at(i)); i++)
        printf("%s %s\n    %s\n", act->said.word, act->said.arguments, act->about);
    return true;
}

bool hotline_act(struct hotline *h, struct span text, struct err *err)
{
    struct span word = hotline_line_word(text);
    const struct hotline_act *act;
    line l;

    if (word.len == 0)
        return true;
    if (!utf8_valid(text))
        return err_set(err, ERR_USAGE, "a line is UTF-8 text");
    for (size_t i = 0; (act = act_at(i)); i++)
        if (span_is(word, act->said.word))
            return hotline_line_read(&l, &act->said, text, err) && act->run(h, &l, err);
    return err_set(err, ERR_USAGE, "there is nothing to do called \"%.*s\": help lists them",
                   SPAN_ARG(span_make(word.at, word.len < 40 ? word.len : 40)));
}
