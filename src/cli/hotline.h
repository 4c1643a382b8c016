#pragma once

/*
 * The console of the hotline (doc/hotline.md): one officer at one node, with one key. It shows
 * what /api/hotline says, in the order in which it waits for the officer; signs what is asked by
 * a line of words, whether it was typed, comes out of a file or stands behind the command; and
 * signs of itself only that a message has come to this console, and the echo of a test.
 *
 * What somebody wrote is shown as text and nothing else: it moves no cursor, and each line of it
 * is an isolate (UAX #9), so that neither direction disturbs the other.
 */

#include "api/api.h"
#include "cli/cli.h"
#include "cli/in_words.h"
#include "codec/age.h"
#include "forms/words.h"
#include "node/author.h"

#define HOTLINE_LINE_BYTES 8192u /* typed at once */
#define HOTLINE_TESTS 16u

/* A test that is due again and again. */
struct hotline_test {
    struct span to;
    int64_t every_ms, next_ms;
};

struct hotline {
    struct cli *cli;
    struct node *node;
    struct api *api; /* NULL where another process holds the node: that one is asked */
    struct author *author;
    const char *key;
    struct span org;
    struct age_identity identity;
    bool reads;           /* there is an identity */
    struct span language; /* of the officer */
    struct words words;   /* in the command's arena (hotline_words.h) */
    struct words_language *speaks;
    bool exercise; /* what is sent is marked so */
    bool terminal;
    bool ended; /* by the officer */
    int failed; /* lines that were refused */
    struct hotline_test test[HOTLINE_TESTS];
    size_t tests;

    struct json terms;  /* in the command's arena */
    struct json tried;  /* ids that the console has signed something of, by itself */
    struct arena old;   /* of the state before, for what is new */
    struct arena arena; /* of what follows */
    struct json state;  /* as /api/hotline answers */
    int64_t now_ms;     /* by which what is due is counted */
    struct arena work;  /* of one line */
};

/* --- what is known (hotline_state.c) --- */

/* Asks a path of the HTTP interface here, or of the process that holds the node. */
MUST_CHECK bool hotline_get(struct hotline *h, const char *path, const char *query,
                            struct json *out, struct arena *arena, struct err *err);
/* A record of the hotline as it was handed in (journal/submission.h). */
MUST_CHECK bool hotline_submission(struct hotline *h, struct span id, struct span *out,
                                   struct arena *arena, struct err *err);
MUST_CHECK bool hotline_refresh(struct hotline *h, struct err *err);
void hotline_go_on(struct hotline *h); /* the time alone */
/* Rows of "messages", "checks", "calls", …; never NULL. */
const struct json *hotline_list(const struct hotline *h, const char *member);
/* The one whose id begins so, of at least four digits. */
MUST_CHECK bool hotline_find(const struct hotline *h, const char *member, struct span begins,
                             const struct json **out, struct err *err);
/* The id of an organisation, given whole or by its last word where that is one's alone. */
MUST_CHECK bool hotline_organisation(const struct hotline *h, struct span word, struct span *out,
                                     struct err *err);
/* The row of the agreement; NULL: none. */
const struct json *hotline_term(const struct hotline *h, const char *section, struct span id);
bool hotline_is(const struct hotline *h, const struct json *row, const char *member);
/* How far it has come with an organisation: "", delivered, opened, understood. */
struct span hotline_step(const struct json *message, struct span org);
/* Whether whom it is for has it: straight, or passed on. */
bool hotline_has_come(const struct json *message);
/* Which deadline of it runs out first; NULL: none runs. */
const struct json *hotline_due(const struct json *row);
/* The fields of a record, of its entry and of the parts that this officer reads; *out_closed:
 * there are others. */
MUST_CHECK bool hotline_fields(struct hotline *h, struct span id, struct json *out,
                               bool *out_closed, struct arena *arena, struct err *err);

/* --- what is shown (hotline_board.c, hotline_show.c) --- */

/* What waits, first what waits for this officer; the lines; who is on watch. */
void hotline_board(const struct hotline *h, FILE *out);
/* What changed between two states, a line each; whether something calls for attention. */
bool hotline_news(struct hotline *h, const struct json *before, FILE *out);
/* Whether something of this officer's is overdue, or of the first priority and unopened. */
bool hotline_alarm(const struct hotline *h);
void hotline_put_id(const struct hotline *h, FILE *out, struct span id); /* how it begins */
void hotline_head(const struct hotline *h, const struct json *row, FILE *out);
MUST_CHECK bool hotline_show(struct hotline *h, const struct json *message, FILE *out,
                             struct err *err);
/* What somebody wrote, each line an isolate behind a bar. */
void hotline_said(FILE *out, struct span text);
void hotline_counts(struct hotline *h, int64_t from_ms, int64_t to_ms, FILE *out);

/* --- what is signed (hotline_sign.c) --- */

/* Signs it, hands it in and says so on standard output, behind `said` the id. What is void is a
 * fault. */
MUST_CHECK bool hotline_sign(struct hotline *h, const char *kind, const struct json *flat,
                             char out_id[65], struct err *err);
MUST_CHECK bool hotline_hand_in(struct hotline *h, const struct submission *submission,
                                const char *said, struct err *err);
/* Writes a slip for a courier, as PDF where the name ends so, else as lines; and hands in what such
 * lines are (hotline_paper.c). */
MUST_CHECK bool hotline_print(struct hotline *h, const struct json *message, const char *path,
                              struct err *err);
MUST_CHECK bool hotline_take(struct hotline *h, const char *path, struct err *err);
/* What the console does of itself: says that messages have come, echoes tests, sends those that
 * are due. What fails is said once. Whether it signed anything. */
bool hotline_attend(struct hotline *h);

/* --- what is typed (hotline_line.c, hotline_acts.c and the tables of hotline_acts.h) --- */

/* Does what one line says; a fault of kind ERR_USAGE says how it is said, any other why it is not
 * done. */
MUST_CHECK bool hotline_act(struct hotline *h, struct span line, struct err *err);

/* Hears of news while the officer types (hotline_ear.c): a byte comes out of the file descriptor
 * for each. Beside a server only. */
struct hotline_ear;
struct hotline_ear *hotline_ear_open(const struct hotline *h);
int hotline_ear_fd(const struct hotline_ear *ear);
void hotline_ear_close(struct hotline_ear *ear); /* NULL is fine */

/* The lines of standard input until its end, or `quit` (hotline_console.c). */
MUST_CHECK bool hotline_console(struct hotline *h, struct err *err);
