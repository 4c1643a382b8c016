#pragma once

/*
 * Who is signed in: nonces to be signed (doc/format.md §6.1, `sign-in`), and tokens that stand
 * for a signature afterwards. All of it is in memory, so a restart signs everybody out.
 *
 * A nonce is remembered only once it is used: it says itself when it was made, and a secret of
 * this process proves it, so that whoever asks for many fills nothing. Of a token its hash
 * alone is kept. Both tables are bounded: of sessions the one longest unused goes, and a key
 * has a share; used nonces are never forgotten before they are too old to be used again.
 *
 * Times are milliseconds of a clock that does not jump (clock_ticks_ns), and given by the
 * caller. Any thread may call.
 */

#include "base/span.h"

#define SESSIONS_MOST 1024u
#define SESSIONS_OF_ONE 16u /* of one key: as many programs and browsers */
#define SESSION_IDLE_MS INT64_C(900000)
#define SESSION_MOST_MS INT64_C(43200000) /* a shift; then it is signed again */
#define SESSION_CODE_MS INT64_C(120000)   /* to carry it from a terminal to a browser */
#define NONCE_MS INT64_C(120000)
#define NONCES_MOST 4096u /* used ones that are remembered */

#define SESSION_TEXT 65 /* hex and a NUL: of a nonce, a token, a code */

struct sessions;
struct sessions *sessions_open(void);
void sessions_close(struct sessions *sessions); /* NULL is fine */

void sessions_nonce(struct sessions *sessions, int64_t now_ms, char out[SESSION_TEXT]);
enum nonce_verdict {
    NONCE_HOLDS,   /* and is used from now on */
    NONCE_FOREIGN, /* not made by this process */
    NONCE_OLD,
    NONCE_USED,
    NONCE_BUSY, /* too many were used of late: later */
};
/* Uses a nonce up. Only after its signature was found to hold: what nobody admitted has signed
 * is to take no room. */
enum nonce_verdict sessions_use_nonce(struct sessions *sessions, struct span nonce, int64_t now_ms);

/* What a sign-in gives: a token, or a code that is good for one token. `name` is the key's. */
enum session_kind { SESSION_TOKEN, SESSION_CODE };
void sessions_start(struct sessions *sessions, enum session_kind kind, const char *name,
                    int64_t now_ms, char out[SESSION_TEXT]);
/* Whose token it is. Using it makes it last. */
MUST_CHECK bool sessions_find(struct sessions *sessions, struct span token, int64_t now_ms,
                              char out_name[104]);
/* A code becomes a token, once. */
MUST_CHECK bool sessions_redeem(struct sessions *sessions, struct span code, int64_t now_ms,
                                char out[SESSION_TEXT], char out_name[104]);
void sessions_end(struct sessions *sessions, struct span token); /* an unknown one is fine */
/* All of a key that was revoked. */
void sessions_end_all(struct sessions *sessions, const char *name);
