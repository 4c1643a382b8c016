#pragma once

/*
 * How a node reaches others: questions and answers, several at a time. HTTP stands behind it
 * where the program runs (sync/http_transport.h); the simulator gives one of its own, which
 * loses, delays and lies.
 */

#include "base/arena.h"
#include "base/err.h"

struct call {
    const char *url;  /* the peer's, as its settings say, without a slash at the end */
    const char *path; /* "/checkpoint" */
    struct span body; /* POST when it has a type, else GET */
    const char *type; /* of the body; NULL: none */
    size_t limit;     /* the largest answer taken */
    /* Of what a GET asks for, `range_len` bytes from `range_from` on, or what there is of them;
     * range_len 0: all of it. Who knows no ranges answers with status 200 and all. */
    uint64_t range_from;
    size_t range_len;
    /* Set by `enough`, of a call that was answered: it is asked once more, as it stands then.
     * The run clears it, and the answer. */
    bool again;

    /* The answer, in the arena. */
    bool answered; /* false: `err` says why; a status of 400 and more is an answer */
    bool unsent;   /* not answered, and known never to have been sent: nobody was there */
    int status;
    struct span reply;
    struct span reply_type; /* Content-Type */
    struct err err;
};

struct transport {
    /* All calls at once. Returns when each is answered or has failed and none is to be asked
     * `again`, when the patience is over, or when `enough`, asked after each answer on this
     * thread, says so (NULL: never). What was not answered by then has failed. One thread at a
     * time for a peer. */
    void (*run)(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena);
    void *context;
};

/* One call; false, with *err, when it was not answered. */
static inline bool transport_call(const struct transport *transport, struct call *call,
                                  unsigned patience_ms, struct arena *arena, struct err *err)
{
    transport->run(transport->context, call, 1, patience_ms, NULL, NULL, arena);
    if (!call->answered)
        *err = call->err;
    return call->answered;
}
