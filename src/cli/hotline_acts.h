#pragma once

/*
 * What an officer can say, a line each: tables by subject, which hotline_acts.c puts together, and
 * what its lines have in common (hotline_put.c).
 */

#include "cli/hotline.h"
#include "cli/hotline_line.h"

/* What it does is said by the word "console.act.WORD". */
struct hotline_act {
    struct hotline_grammar said;
    bool (*run)(struct hotline *h, const struct hotline_line *l, struct err *err);
};

#define ACT_SETTINGS(...)                                                                          \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

extern const struct hotline_act hotline_message_acts[]; /* sending, reading, standing between */
extern const size_t hotline_message_acts_count;
extern const struct hotline_act hotline_duty_acts[]; /* the line, the watch, going higher */
extern const size_t hotline_duty_acts_count;
extern const struct hotline_act hotline_thread_acts[]; /* incidents, numbers, the courier */
extern const size_t hotline_thread_acts_count;

/* --- into the flat fields of a record --- */

MUST_CHECK bool acts_put_organisation(struct hotline *h, struct json *flat, const char *member,
                                      struct span word, struct err *err);
/* An item of the agreement, which the node would refuse only after it is signed. */
MUST_CHECK bool acts_put_term(struct hotline *h, struct json *flat, const char *member,
                              const char *section, struct span id, struct err *err);
MUST_CHECK bool acts_put_moment(struct hotline *h, struct json *flat, const char *member,
                                struct span text, struct err *err);
/* The setting of this name, where there is one. */
MUST_CHECK bool acts_put_optional_moment(struct hotline *h, struct json *flat,
                                         const struct hotline_line *l, const char *member,
                                         struct err *err);
void acts_put_text(struct hotline *h, struct json *flat, const char *member, struct span text);
void acts_put_language(struct hotline *h, struct json *flat, const struct hotline_line *l);

/* The message that the line's first word names. */
MUST_CHECK bool acts_find_message(const struct hotline *h, const struct hotline_line *l,
                                  const struct json **out, struct err *err);
MUST_CHECK bool acts_sign(struct hotline *h, const char *kind, const struct json *flat,
                          struct err *err);
