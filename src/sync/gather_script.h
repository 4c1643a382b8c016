#pragma once

/*
 * For tests and fuzzers only: a transport that simulates peers and time. Each peer answers a
 * question after a delay of its own, as its script says.
 */

#include "sync/transport.h"

struct script_peer {
    const char *url;
    unsigned delay_ms; /* for each question */
    /* Fills in status, reply and reply_type; false: no answer comes. */
    bool (*answer)(void *context, struct call *call, struct arena *in);
    void *context;
    unsigned questions; /* that reached it */
};

struct script {
    struct script_peer *peer;
    size_t count;
    unsigned now_ms; /* how long the last run took */
};

#define SCRIPT_CALLS 64u

static inline struct script_peer *script_peer(struct script *script, const char *url)
{
    for (size_t i = 0; i < script->count; i++)
        if (strcmp(script->peer[i].url, url) == 0)
            return &script->peer[i];
    assert(!"a peer that is not in the script");
    return NULL;
}

static inline void script_answer(struct script_peer *peer, struct call *call, struct arena *in)
{
    call->answered = peer->answer(peer->context, call, in);
    if (call->answered && call->reply.len > call->limit) {
        call->answered = false;
        err_set(&call->err, ERR_LIMIT, "more than %zu bytes", call->limit);
    } else if (!call->answered) {
        err_set(&call->err, ERR_IO, "no answer");
    }
}

static inline void script_run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                              bool (*enough)(void *context), void *enough_context, struct arena *in)
{
    struct script *script = context;
    uint64_t due[SCRIPT_CALLS];
    bool over = false;

    assert(count > 0 && count <= SCRIPT_CALLS);
    for (size_t i = 0; i < count; i++)
        due[i] = script_peer(script, calls[i].url)->delay_ms;
    for (script->now_ms = 0; !over;) {
        size_t next = 0;
        for (size_t i = 1; i < count; i++)
            if (due[i] < due[next])
                next = i;
        if (due[next] > patience_ms) { /* UINT64_MAX: nothing more will come */
            script->now_ms = due[next] == UINT64_MAX ? script->now_ms : patience_ms;
            break;
        }
        script->now_ms = (unsigned)due[next];
        due[next] = UINT64_MAX;
        struct script_peer *peer = script_peer(script, calls[next].url);
        peer->questions++;
        script_answer(peer, &calls[next], in);
        over = calls[next].answered && enough && enough(enough_context);
        for (size_t i = 0; i < count; i++)
            if (calls[i].again) {
                calls[i].again = calls[i].answered = false;
                due[i] = script->now_ms + script_peer(script, calls[i].url)->delay_ms;
            }
    }
    for (size_t i = 0; i < count; i++)
        if (over && due[i] == script->now_ms) /* in the same moment, and nobody asks */
            script_answer(script_peer(script, calls[i].url), &calls[i], in);
    for (size_t i = 0; i < count; i++)
        if (!calls[i].answered && calls[i].err.kind == ERR_NONE)
            err_set(&calls[i].err, ERR_IO, "not in time");
}
