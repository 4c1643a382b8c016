#include "cli/hotline_acts.h"
#include "cli/hotline_words.h"

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
        return hotline_wrong(h, err, ERR_USAGE, "console.on_off", NULL);
    h->exercise = span_is(l->word[0], "on");
    hotline_begin(h, stdout);
    hotline_put(h, stdout, h->exercise ? "hotline.exercise" : "console.real", NULL);
    hotline_end(h, stdout);
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
    {{"watch", "", 0, NULL, LINE_NO_TEXT}, watch},
    {{"exercise", "on|off", 1, NULL, LINE_NO_TEXT}, exercise},
    {{"help", "", 0, NULL, LINE_NO_TEXT}, help},
    {{"quit", "", 0, NULL, LINE_NO_TEXT}, quit},
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

/* The words of a line are typed as they stand, in every language. */
static void put_help(const struct hotline *h, const struct hotline_act *act)
{
    char key[40];

    snprintf(key, sizeof key, "console.act.%s", act->said.word);
    printf("%s %s\n    ", act->said.word, act->said.arguments);
    hotline_begin(h, stdout);
    hotline_put(h, stdout, key, NULL);
    hotline_end(h, stdout);
}

/* How it is said, where it was said otherwise. */
static bool read_line(const struct hotline *h, line *out, const struct hotline_act *act,
                      struct span text, struct err *err)
{
    struct err unsaid;
    char said[200];

    snprintf(said, sizeof said, "%s %s", act->said.word, act->said.arguments);
    return hotline_line_read(out, &act->said, text, &unsaid) ||
           hotline_wrong(h, err, ERR_USAGE, "console.say",
                         HOTLINE_BLANKS({"line", span_of(said), false}));
}

static bool help(struct hotline *h, const line *l, struct err *err)
{
    const struct hotline_act *act;

    (void)l, (void)err;
    for (size_t i = 0; (act = act_at(i)); i++)
        put_help(h, act);
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
        return hotline_wrong(h, err, ERR_USAGE, "console.utf8", NULL);
    for (size_t i = 0; (act = act_at(i)); i++)
        if (span_is(word, act->said.word))
            return read_line(h, &l, act, text, err) && act->run(h, &l, err);
    return hotline_wrong(h, err, ERR_USAGE, "console.no_act",
                         HOTLINE_BLANKS({"word", utf8_prefix(word, 40), false}));
}
