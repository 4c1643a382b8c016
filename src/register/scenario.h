#pragma once

/*
 * For test programs only, which include base/test.h before it: a scenario is a table of
 * what is said, in order, and the verdict that it must get. A reader checks it by eye.
 */

#include "register/test_log.h"

#include <stdio.h>

struct line {
    const char *name;             /* of the case */
    const char *as;               /* from here on $AS is this record's id; NULL: nobody asks */
    const char *by, *kind, *body; /* in the spelling of test_log.h */
    const char *want;             /* as test_verdict says it */
};

/* A record that takes no number of its key's chain is forgotten by the key too. */
static inline void say_and_check(struct test_log *log, const struct line *line)
{
    struct test_key *key = test_key(log, line->by);
    struct test_key before = *key;
    char chain[200];

    test_say(log, line->by, line->kind, line->body);
    if (line->as)
        test_name_it(log, line->as);
    if (strcmp(test_verdict(log), line->want) != 0)
        fail_msg("case \"%s\": %s: %.*s, not %s", line->name, test_verdict(log),
                 SPAN_ARG(log->effects.why), line->want);
    snprintf(chain, sizeof chain, "%s %016" PRIu64, line->by, key->seq);
    if (!test_row(log, "chain", chain)) {
        key->seq = before.seq;
        key->prev = before.prev;
    }
}

static inline void play(struct test_log *log, const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say_and_check(log, &lines[i]);
}

/* What $NAME, or a text with such names in it, stands for. */
static inline const char *spelled(struct test_log *log, const char *name)
{
    struct json list = test_body(log, arena_printf(&log->arena, "['%s']", name));

    return arena_text(&log->arena, list.array.at[0].string);
}

/* Whether a row of the register is this, in the spelling of test_log.h; "": there is none. */
static inline bool row_is(struct test_log *log, const char *table, const char *key,
                          const char *want)
{
    const struct json *row = test_row(log, table, key);

    if (want[0] == '\0')
        return row == NULL;
    struct json value = test_body(log, want);
    if (json_equal(row, &value))
        return true;
    if (row)
        print_error("%s %s: %.*s\n", table, key, SPAN_ARG(json_bytes(row, &log->arena)));
    return false;
}
