#pragma once

/*
 * Lines: what is said over the hotline goes from node to node at once, whether or not anybody
 * keeps the log just now. Each record of the hotline that waits in the outbox is handed to every
 * peer that does not hold it yet, by POST /hotline (doc/lines.md), in the order in which it came
 * here. Whoever gets one has it in its own outbox, durably, before it answers, and hands it on
 * likewise: so a third bridges two who do not hear each other, and nothing goes round, for who
 * holds a record says so. Nothing leaves the outbox for what is said here.
 *
 * A peer that does not answer is tried again after a quarter of a second, a half, at the most eight
 * seconds; and half a second after the last try when there is something new. A record that a peer
 * puts off keeps no other waiting. Of an offer that fails only half is offered next, so that no
 * record keeps the others from being handed on.
 *
 * Any thread may call; lines_hand for one peer on one thread at a time.
 */

#include "sync/outbox.h"
#include "sync/transport.h"

#define LINES_PEERS 64u
#define LINES_RECORDS 64u /* in an offer */
#define LINES_BYTES ((size_t)1 << 20)

/* Whether records of this kind go over the lines. */
bool lines_carry(struct span kind);

struct lines;

struct lines_options {
    struct outbox *outbox; /* the caller's, like the addresses; outlives the lines */
    const char *const *url;
    size_t peers; /* LINES_PEERS at most */
};
struct lines *lines_open(const struct lines_options *options);
void lines_close(struct lines *lines); /* NULL is fine; when no other thread is in it */

/* Takes up what has come into the outbox and forgets what has left it; who waits in lines_await is
 * woken. */
void lines_look(struct lines *lines);
/* A peer has this record: it came from there. To be called before lines_look. */
void lines_held(struct lines *lines, const char *id, size_t peer);

/* One call to a peer, if anything is due, or to hear whether it is there. True: there was one. */
bool lines_hand(struct lines *lines, size_t peer, const struct transport *transport,
                int64_t now_ms);
/* Waits until something is due for a peer, for lines_look or for lines_end, ten seconds at the
 * most. False after lines_end: it is over. */
bool lines_await(struct lines *lines, size_t peer, int64_t now_ms);
void lines_end(struct lines *lines);

enum line {
    LINE_UNKNOWN,    /* not tried yet */
    LINE_UP,         /* it answered the last call */
    LINE_DOWN,       /* nobody was there */
    LINE_UNANSWERED, /* it was reached, and did not answer in time */
};
const char *line_word(enum line line); /* "up" */

struct line_state {
    enum line line;
    int64_t since_ms;      /* that it is so */
    int64_t last_ms;       /* when it last answered; 0: never */
    int64_t round_trip_ms; /* of that; -1: never */
    size_t owed;           /* records that it is not known to hold */
    size_t refused;        /* that it would not take, and that still wait here */
    char problem[160];     /* with the last call; empty: none */
};
void lines_state(struct lines *lines, size_t peer, struct line_state *out);
/* Grows with each change of how a line stands. */
uint64_t lines_changes(struct lines *lines);
