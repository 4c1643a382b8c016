#include "api/sessions.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "sys/entropy.h"

#include <pthread.h>
#include <stdlib.h>

/* A nonce: when it was made, chance, and the proof of both. */
#define NONCE_BYTES 32u
#define NONCE_SAID 16u
struct nonce {
    uint8_t bytes[NONCE_BYTES];
};

struct used_nonce {
    struct nonce nonce;
    int64_t until_ms;
};

struct session {
    bool taken;
    enum session_kind kind;
    struct hash token;
    char name[104];
    int64_t since_ms, used_ms;
};

struct sessions {
    pthread_mutex_t lock;
    uint8_t secret[HASH_BYTES];
    struct used_nonce used[NONCES_MOST]; /* a ring in order of time; `used_first` of `used_count` */
    size_t used_first, used_count;
    struct session session[SESSIONS_MOST];
};

struct sessions *sessions_open(void)
{
    struct sessions *sessions = calloc(1, sizeof *sessions);

    if (!sessions)
        abort();
    entropy_fill(sessions->secret, sizeof sessions->secret);
    pthread_mutex_init(&sessions->lock, NULL);
    return sessions;
}

void sessions_close(struct sessions *sessions)
{
    if (!sessions)
        return;
    pthread_mutex_destroy(&sessions->lock);
    free(sessions);
}

/* --- nonces --------------------------------------------------------------- */

static void put_time(uint8_t out[8], int64_t ms)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)((uint64_t)ms >> (8 * (7 - i)));
}

static int64_t time_of(const struct nonce *nonce)
{
    uint64_t ms = 0;

    for (size_t i = 0; i < 8; i++)
        ms = ms << 8 | nonce->bytes[i];
    return (int64_t)ms;
}

/* What only this process can put behind what a nonce says. Secret and message have one length
 * each, so nothing can be appended. */
static struct hash proof_of(const struct sessions *sessions, const struct nonce *nonce)
{
    struct span of[] = {SPAN_LIT("sulh/nonce/v1\n"),
                        span_make(sessions->secret, sizeof sessions->secret),
                        span_make(nonce->bytes, NONCE_SAID)};

    return hash_of_parts(of, ARRAY_LEN(of));
}

/* In a time that does not say how much of it is right. */
static bool same(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint8_t differ = 0;

    for (size_t i = 0; i < len; i++)
        differ |= (uint8_t)(a[i] ^ b[i]);
    return differ == 0;
}

void sessions_nonce(struct sessions *sessions, int64_t now_ms, char out[SESSION_TEXT])
{
    struct nonce nonce;

    put_time(nonce.bytes, now_ms);
    entropy_fill(nonce.bytes + 8, NONCE_SAID - 8);
    struct hash proof = proof_of(sessions, &nonce);
    memcpy(nonce.bytes + NONCE_SAID, proof.bytes, NONCE_BYTES - NONCE_SAID);
    hex_text(out, span_make(nonce.bytes, NONCE_BYTES));
}

static void forget_old(struct sessions *sessions, int64_t now_ms)
{
    while (sessions->used_count && sessions->used[sessions->used_first].until_ms <= now_ms) {
        sessions->used_first = (sessions->used_first + 1) % NONCES_MOST;
        sessions->used_count--;
    }
}

static bool was_used(const struct sessions *sessions, const struct nonce *nonce)
{
    for (size_t i = 0; i < sessions->used_count; i++) {
        size_t at = (sessions->used_first + i) % NONCES_MOST;

        if (memcmp(sessions->used[at].nonce.bytes, nonce->bytes, NONCE_BYTES) == 0)
            return true;
    }
    return false;
}

/* Remembered for as long as any nonce lives that is made now: the ring stays in order. */
static enum nonce_verdict remember(struct sessions *sessions, const struct nonce *nonce,
                                   int64_t now_ms)
{
    forget_old(sessions, now_ms);
    if (was_used(sessions, nonce))
        return NONCE_USED;
    if (sessions->used_count == NONCES_MOST)
        return NONCE_BUSY;
    size_t at = (sessions->used_first + sessions->used_count++) % NONCES_MOST;
    sessions->used[at] = (struct used_nonce){*nonce, now_ms + NONCE_MS};
    return NONCE_HOLDS;
}

enum nonce_verdict sessions_use_nonce(struct sessions *sessions, struct span text, int64_t now_ms)
{
    struct nonce nonce;

    if (!hex_parse(nonce.bytes, NONCE_BYTES, text))
        return NONCE_FOREIGN;
    struct hash proof = proof_of(sessions, &nonce);
    if (!same(proof.bytes, nonce.bytes + NONCE_SAID, NONCE_BYTES - NONCE_SAID))
        return NONCE_FOREIGN;
    if (now_ms - time_of(&nonce) >= NONCE_MS)
        return NONCE_OLD;

    pthread_mutex_lock(&sessions->lock);
    enum nonce_verdict verdict = remember(sessions, &nonce, now_ms);
    pthread_mutex_unlock(&sessions->lock);
    return verdict;
}

/* --- sessions ------------------------------------------------------------- */

static bool has_ended(const struct session *session, int64_t now_ms)
{
    if (session->kind == SESSION_CODE)
        return now_ms - session->since_ms >= SESSION_CODE_MS;
    return now_ms - session->used_ms >= SESSION_IDLE_MS ||
           now_ms - session->since_ms >= SESSION_MOST_MS;
}

static void tidy(struct sessions *sessions, int64_t now_ms)
{
    for (size_t i = 0; i < SESSIONS_MOST; i++)
        if (sessions->session[i].taken && has_ended(&sessions->session[i], now_ms))
            sessions->session[i].taken = false;
}

/* The one longest unused: of those of this name once it has its share, else of all once there
 * is no room; NULL while there is. */
static struct session *to_go(struct sessions *sessions, const char *name)
{
    struct session *oldest = NULL, *oldest_of_name = NULL;
    size_t count = 0, of_name = 0;

    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        struct session *at = &sessions->session[i];

        if (!at->taken)
            continue;
        count++;
        if (!oldest || at->used_ms < oldest->used_ms)
            oldest = at;
        if (strcmp(at->name, name) != 0)
            continue;
        of_name++;
        if (!oldest_of_name || at->used_ms < oldest_of_name->used_ms)
            oldest_of_name = at;
    }
    if (of_name >= SESSIONS_OF_ONE)
        return oldest_of_name;
    return count == SESSIONS_MOST ? oldest : NULL;
}

static struct session *room_for(struct sessions *sessions, const char *name)
{
    struct session *place = to_go(sessions, name);

    for (size_t i = 0; !place; i++) {
        assert(i < SESSIONS_MOST);
        if (!sessions->session[i].taken)
            place = &sessions->session[i];
    }
    return place;
}

static void start(struct sessions *sessions, enum session_kind kind, const char *name,
                  int64_t now_ms, char out[SESSION_TEXT])
{
    uint8_t token[HASH_BYTES];

    tidy(sessions, now_ms);
    struct session *session = room_for(sessions, name);
    entropy_fill(token, sizeof token);
    hex_text(out, span_make(token, sizeof token));
    *session = (struct session){.taken = true,
                                .kind = kind,
                                .token = hash_of(span_of(out)),
                                .since_ms = now_ms,
                                .used_ms = now_ms};
    assert(strlen(name) <= LIMIT_NAME_BYTES);
    memcpy(session->name, name, strlen(name) + 1);
}

/* NULL: there is none, or it has ended. That a hash is compared tells nobody about tokens. */
static struct session *find(struct sessions *sessions, enum session_kind kind, struct span token,
                            int64_t now_ms)
{
    struct hash hash = hash_of(token);

    for (size_t i = 0; i < SESSIONS_MOST; i++) {
        struct session *at = &sessions->session[i];

        if (at->taken && at->kind == kind && hash_equal(at->token, hash))
            return has_ended(at, now_ms) ? NULL : at;
    }
    return NULL;
}

void sessions_start(struct sessions *sessions, enum session_kind kind, const char *name,
                    int64_t now_ms, char out[SESSION_TEXT])
{
    pthread_mutex_lock(&sessions->lock);
    start(sessions, kind, name, now_ms, out);
    pthread_mutex_unlock(&sessions->lock);
}

bool sessions_find(struct sessions *sessions, struct span token, int64_t now_ms, char out_name[104])
{
    pthread_mutex_lock(&sessions->lock);
    struct session *session = find(sessions, SESSION_TOKEN, token, now_ms);
    if (session) {
        session->used_ms = now_ms;
        memcpy(out_name, session->name, sizeof session->name);
    }
    pthread_mutex_unlock(&sessions->lock);
    return session != NULL;
}

bool sessions_redeem(struct sessions *sessions, struct span code, int64_t now_ms,
                     char out[SESSION_TEXT], char out_name[104])
{
    pthread_mutex_lock(&sessions->lock);
    struct session *session = find(sessions, SESSION_CODE, code, now_ms);
    if (session) {
        memcpy(out_name, session->name, sizeof session->name);
        session->taken = false;
        start(sessions, SESSION_TOKEN, out_name, now_ms, out);
    }
    pthread_mutex_unlock(&sessions->lock);
    return session != NULL;
}

void sessions_end(struct sessions *sessions, struct span token)
{
    struct hash hash = hash_of(token);

    pthread_mutex_lock(&sessions->lock);
    for (size_t i = 0; i < SESSIONS_MOST; i++)
        if (sessions->session[i].taken && hash_equal(sessions->session[i].token, hash))
            sessions->session[i].taken = false;
    pthread_mutex_unlock(&sessions->lock);
}

void sessions_end_all(struct sessions *sessions, const char *name)
{
    pthread_mutex_lock(&sessions->lock);
    for (size_t i = 0; i < SESSIONS_MOST; i++)
        if (strcmp(sessions->session[i].name, name) == 0)
            sessions->session[i].taken = false;
    pthread_mutex_unlock(&sessions->lock);
}
