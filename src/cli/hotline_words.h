#pragma once

/*
 * The words of the console: those of lang/, like the pages', in the officer's language where it has
 * them, else in English; and the agreement's own.
 *
 * Where they are written from right to left a line of ours is an isolate of that direction, and
 * what is put into it one of its own (UAX #9), so that an id, a key's name or a time is not
 * scrambled. A terminal that knows nothing of directions passes over them.
 */

#include "cli/hotline.h"

struct hotline_blank {
    const char *name; /* "to", of "{to}"; NULL ends them */
    struct span value;
    bool ready; /* words of ours, already put together */
};
#define HOTLINE_BLANKS(...)                                                                        \
    (const struct hotline_blank[])                                                                 \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

void hotline_words_open(struct hotline *h); /* by its language */
struct span hotline_word(const struct hotline *h, const char *key);
/* A state or another word of the program: of the hotline where that has its own. */
struct span hotline_state_word(const struct hotline *h, struct span state);
/* What the agreement calls an item, else its id. */
struct span hotline_label(const struct hotline *h, const char *section, struct span id);

/* A line of ours; no other may be begun before it ends. */
void hotline_begin(const struct hotline *h, FILE *out);
void hotline_end(const struct hotline *h, FILE *out);
/* Words of ours; with `blanks` (NULL: none) in them. */
void hotline_put(const struct hotline *h, FILE *out, const char *key,
                 const struct hotline_blank *blanks);
/* What is not ours. */
void hotline_put_foreign(const struct hotline *h, FILE *out, struct span text);
/* Words that are put into others; cut where they do not fit. */
struct span hotline_ready(const struct hotline *h, char *room, size_t bytes, const char *key,
                          const struct hotline_blank *blanks);
/* "1:05 min", ready. */
struct span hotline_length(const struct hotline *h, char room[80], int64_t ms);
/* A refusal in these words. Returns false. */
bool hotline_wrong(const struct hotline *h, struct err *err, enum err_kind kind, const char *key,
                   const struct hotline_blank *blanks);
