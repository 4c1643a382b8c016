#include "sync/lines.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/submission.h"
#include "sys/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PATIENCE_MS 11000u /* longer than the transport takes to give up */
#define WAIT_LEAST_MS 250
#define WAIT_DOUBLINGS 5u /* eight seconds */
#define NEWS_AGAIN_MS 500
#define HEARD_EVERY_MS 10000 /* a line that nothing goes over is tried */
#define PUT_OFF_LEAST_MS 500
#define PUT_OFF_DOUBLINGS 6u

/* A record, and who has it. */
struct handed {
    uint64_t number; /* in the outbox */
    struct hash id;
    uint64_t has, refused; /* a bit for each peer */
    struct {
        int64_t due_ms;
        unsigned put_off; /* so often in a row */
    } at[];               /* by peer */
};

struct line_to {
    struct line_state state;
    unsigned failures; /* in a row */
    int64_t tried_ms, due_ms;
    size_t most;
    uint64_t done; /* up to this number it has, or refused, all that there is */
};

/* What came from a peer and was not yet seen in the outbox. */
struct came {
    struct hash id;
    size_t peer;
};
#define CAME 256u

struct lines {
    struct lines_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ended;
    struct handed **at; /* by number */
    size_t count, room;
    uint64_t last; /* the number in the outbox that was looked at last */
    uint64_t left; /* what had left the outbox by then */
    struct line_to to[LINES_PEERS];
    struct came came[CAME];
    size_t came_next;
    uint64_t looks;
    _Atomic uint64_t changes;
};

bool lines_carry(struct span kind)
{
    return span_starts_with(kind, SPAN_LIT("hotline."));
}

static void must(int failed)
{
    if (failed)
        abort();
}

struct lines *lines_open(const struct lines_options *options)
{
    struct lines *lines = calloc(1, sizeof *lines);
    pthread_condattr_t monotonic;

    if (!lines)
        abort();
    assert(options->peers <= LINES_PEERS);
    lines->options = *options;
    for (size_t i = 0; i < options->peers; i++)
        lines->to[i] = (struct line_to){.most = LINES_RECORDS, .state.round_trip_ms = -1};
    must(pthread_mutex_init(&lines->lock, NULL));
    must(pthread_condattr_init(&monotonic));
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC));
    must(pthread_cond_init(&lines->changed, &monotonic));
    pthread_condattr_destroy(&monotonic);
    lines_look(lines);
    return lines;
}

void lines_close(struct lines *lines)
{
    if (!lines)
        return;
    for (size_t i = 0; i < lines->count; i++)
        free(lines->at[i]);
    free(lines->at);
    pthread_cond_destroy(&lines->changed);
    pthread_mutex_destroy(&lines->lock);
    free(lines);
}

/* --- what waits ---------------------------------------------------------- */

static uint64_t bit(size_t peer)
{
    return UINT64_C(1) << peer;
}

static bool is_done(const struct handed *handed, size_t peer)
{
    return ((handed->has | handed->refused) & bit(peer)) != 0;
}

/* The place of the first of this number or behind it. */
static size_t place_of(const struct lines *lines, uint64_t number)
{
    size_t from = 0, to = lines->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (lines->at[middle]->number < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The place of the first that a peer may still be owed: what is done stays so. */
static size_t first_owed(struct lines *lines, size_t peer)
{
    struct line_to *to = &lines->to[peer];
    size_t i = place_of(lines, to->done + 1);

    for (; i < lines->count && is_done(lines->at[i], peer); i++)
        to->done = lines->at[i]->number;
    return i;
}

static void add(struct lines *lines, const struct outbox_item *item)
{
    struct handed *handed = calloc(1, sizeof *handed + lines->options.peers * sizeof handed->at[0]);

    if (lines->count == lines->room) {
        lines->room = lines->room ? 2 * lines->room : 64;
        lines->at = reallocarray(lines->at, lines->room, sizeof(struct handed *));
    }
    if (!handed || !lines->at)
        abort();
    handed->number = item->number;
    if (!hex_parse(handed->id.bytes, HASH_BYTES, span_of(item->id)))
        abort();
    for (size_t i = 0; i < CAME; i++)
        if (hash_equal(lines->came[i].id, handed->id))
            handed->has |= bit(lines->came[i].peer);
    lines->at[lines->count++] = handed;
}

/* Those that are not among these, in the order of their numbers, have left. */
static void forget(struct lines *lines, const struct outbox_item *item, size_t count)
{
    size_t kept = 0, at = 0;

    for (size_t i = 0; i < lines->count; i++) {
        struct handed *handed = lines->at[i];

        while (at < count && item[at].number < handed->number)
            at++;
        if (at < count && item[at].number == handed->number && item[at].state != OUTBOX_LOGGED)
            lines->at[kept++] = handed;
        else
            free(handed);
    }
    lines->count = kept;
}

static bool take_up(struct lines *lines, const struct outbox_item *item, size_t count)
{
    bool is_new = false;

    for (size_t i = 0; i < count; i++) {
        if (item[i].number <= lines->last)
            continue;
        lines->last = item[i].number;
        if (!lines_carry(span_of(item[i].kind)) || item[i].state == OUTBOX_LOGGED)
            continue;
        add(lines, &item[i]);
        is_new = true;
    }
    return is_new;
}

/* Something new is not kept waiting for a peer's next turn, and no peer is pressed for it. */
static void hurry(struct lines *lines)
{
    for (size_t i = 0; i < lines->options.peers; i++) {
        struct line_to *to = &lines->to[i];

        if (to->due_ms > to->tried_ms + NEWS_AGAIN_MS)
            to->due_ms = to->tried_ms + NEWS_AGAIN_MS;
    }
}

void lines_look(struct lines *lines)
{
    struct outbox *outbox = lines->options.outbox;
    struct arena arena = {0};
    const struct outbox_item *item;
    struct outbox_status status;
    size_t count;

    pthread_mutex_lock(&lines->lock);
    outbox_status(outbox, &status);
    bool left = status.left != lines->left;
    outbox_list(outbox, left ? 0 : lines->last, SIZE_MAX, &item, &count, &arena);
    if (left)
        forget(lines, item, count);
    lines->left = status.left;
    if (take_up(lines, item, count))
        hurry(lines);
    lines->looks++;
    pthread_cond_broadcast(&lines->changed);
    pthread_mutex_unlock(&lines->lock);
    arena_free(&arena);
}

void lines_held(struct lines *lines, const char *id, size_t peer)
{
    struct hash hash;

    if (peer >= lines->options.peers || !hex_parse(hash.bytes, HASH_BYTES, span_of(id)))
        return;
    pthread_mutex_lock(&lines->lock);
    lines->came[lines->came_next++ % CAME] = (struct came){hash, peer};
    for (size_t i = lines->count; i-- > 0;)
        if (hash_equal(lines->at[i]->id, hash)) {
            lines->at[i]->has |= bit(peer);
            break;
        }
    pthread_mutex_unlock(&lines->lock);
}

/* --- one call ------------------------------------------------------------ */

struct handing {
    struct lines *lines;
    size_t peer;
    int64_t now_ms;
    uint64_t number[LINES_RECORDS];
    struct submission submission[LINES_RECORDS];
    char id[LINES_RECORDS][65];
    size_t count;
    struct arena arena;
};

static bool is_open(const struct handed *handed, size_t peer, int64_t now_ms)
{
    int64_t due_ms = handed->at[peer].due_ms;

    /* A clock that was put back makes nothing wait for longer than the longest wait. */
    return !is_done(handed, peer) && (due_ms <= now_ms || due_ms > now_ms + OUTBOX_AGAIN_MS);
}

static bool is_silent(const struct line_to *to, int64_t now_ms)
{
    return to->failures > 0 && to->due_ms > now_ms &&
           to->due_ms <= now_ms + (WAIT_LEAST_MS << WAIT_DOUBLINGS);
}

/* What is due, in its order; the lock is held. */
static void choose(struct handing *h)
{
    struct lines *lines = h->lines;
    size_t most = lines->to[h->peer].most;

    for (size_t i = first_owed(lines, h->peer); i < lines->count && h->count < most; i++)
        if (is_open(lines->at[i], h->peer, h->now_ms)) {
            hex_text(h->id[h->count], hash_span(&lines->at[i]->id));
            h->number[h->count++] = lines->at[i]->number;
        }
}

static size_t bytes_of(const struct submission *submission)
{
    size_t bytes = submission->note.len;

    for (size_t i = 0; i < submission->part_count; i++)
        bytes += submission->part[i].len;
    return bytes;
}

/* What has left the outbox meanwhile is passed over. */
static void read_chosen(struct handing *h)
{
    size_t kept = 0, bytes = 0;

    for (size_t i = 0; i < h->count; i++) {
        struct submission one;

        if (!outbox_get(h->lines->options.outbox, h->number[i], &one, &h->arena))
            continue;
        bytes += bytes_of(&one);
        if (kept > 0 && bytes > LINES_BYTES)
            break;
        memmove(h->id[kept], h->id[i], sizeof h->id[kept]);
        h->number[kept] = h->number[i];
        h->submission[kept++] = one;
    }
    h->count = kept;
}

static void set_line(struct lines *lines, struct line_to *to, enum line line, int64_t now_ms)
{
    if (to->state.line == line)
        return;
    to->state.line = line;
    to->state.since_ms = now_ms;
    atomic_fetch_add(&lines->changes, 1);
}

static void note_failure(struct handing *h, enum line line, const char *why)
{
    struct line_to *to = &h->lines->to[h->peer];

    set_line(h->lines, to, line, h->now_ms);
    snprintf(to->state.problem, sizeof to->state.problem, "%.159s", why);
    to->due_ms = h->now_ms + (WAIT_LEAST_MS << to->failures);
    to->failures += to->failures < WAIT_DOUBLINGS;
    if (h->count > 1 && line != LINE_DOWN)
        to->most = (h->count + 1) / 2;
}

static struct handed *find(struct lines *lines, uint64_t number)
{
    size_t i = place_of(lines, number);

    return i < lines->count && lines->at[i]->number == number ? lines->at[i] : NULL;
}

static void put_off(struct handed *handed, size_t peer, int64_t now_ms, int64_t later_ms)
{
    int64_t wait_ms = PUT_OFF_LEAST_MS << handed->at[peer].put_off;

    handed->at[peer].put_off += handed->at[peer].put_off < PUT_OFF_DOUBLINGS;
    if (wait_ms < later_ms)
        wait_ms = later_ms < OUTBOX_AGAIN_MS ? later_ms : OUTBOX_AGAIN_MS;
    handed->at[peer].due_ms = now_ms + wait_ms;
}

static void take_answer(struct handing *h, size_t i, const struct answer *answer)
{
    struct handed *handed = find(h->lines, h->number[i]);
    struct line_state *state = &h->lines->to[h->peer].state;

    if (!handed)
        return;
    if (strcmp(answer->id, h->id[i]) != 0) {
        snprintf(state->problem, sizeof state->problem, "it answered about another record");
        put_off(handed, h->peer, h->now_ms, 0);
    } else if (answer->kind == ANSWER_REFUSED) {
        handed->refused |= bit(h->peer);
        snprintf(state->problem, sizeof state->problem, "it does not take %.8s…: %.100s", h->id[i],
                 answer->why.text);
    } else if (answer->kind == ANSWER_LATER && answer->why.kind != ERR_NONE) {
        put_off(handed, h->peer, h->now_ms, answer->later_ms);
    } else {
        handed->has |= bit(h->peer);
    }
}

static void note_answer(struct handing *h, uint64_t begun_ns, const struct answer *answer)
{
    struct line_to *to = &h->lines->to[h->peer];

    set_line(h->lines, to, LINE_UP, h->now_ms);
    to->failures = 0;
    to->due_ms = h->now_ms;
    to->state.last_ms = h->now_ms;
    to->state.round_trip_ms = (int64_t)((clock_ticks_ns() - begun_ns) / 1000000);
    to->state.problem[0] = '\0';
    if (h->count > 0 && to->most < LINES_RECORDS)
        to->most *= 2;
    if (to->most > LINES_RECORDS)
        to->most = LINES_RECORDS;
    for (size_t i = 0; i < h->count; i++)
        take_answer(h, i, &answer[i]);
}

/* An offer; without records only whether anybody is there. */
static bool make_call(struct handing *h, struct call *call, struct err *err)
{
    *call = (struct call){.url = h->lines->options.url[h->peer],
                          .path = "/checkpoint",
                          .limit = LIMIT_CHECKPOINT_BYTES};
    if (h->count == 0)
        return true;
    call->path = "/hotline";
    call->type = SUBMISSION_TYPE;
    call->limit = SUBMISSION_ANSWER_BYTES;
    return submission_encode(&call->body, h->submission, h->count, &h->arena, err);
}

static void speak(struct handing *h, const struct transport *transport)
{
    struct answer answer[LINES_RECORDS] = {0};
    struct call call;
    struct err err = {0};
    uint64_t begun_ns = clock_ticks_ns();

    bool ok =
        make_call(h, &call, &err) && transport_call(transport, &call, PATIENCE_MS, &h->arena, &err);
    enum line line = ok ? LINE_UP : call.unsent ? LINE_DOWN : LINE_UNANSWERED;
    if (ok && h->count > 0)
        ok = (call.status == 200 ||
              err_set(&err, ERR_IO, "it answered %d to an offer", call.status)) &&
             submission_answers_parse(answer, h->count, call.reply, &h->arena, &err);
    pthread_mutex_lock(&h->lines->lock);
    if (ok)
        note_answer(h, begun_ns, answer);
    else
        note_failure(h, line, err.text);
    pthread_mutex_unlock(&h->lines->lock);
}

bool lines_hand(struct lines *lines, size_t peer, const struct transport *transport, int64_t now_ms)
{
    struct handing h = {.lines = lines, .peer = peer, .now_ms = now_ms};
    struct line_to *to = &lines->to[peer];

    pthread_mutex_lock(&lines->lock);
    bool waits = is_silent(to, now_ms);
    if (!waits)
        choose(&h);
    bool quiet = now_ms >= to->tried_ms && now_ms - to->tried_ms < HEARD_EVERY_MS;
    pthread_mutex_unlock(&lines->lock);
    if (!waits)
        read_chosen(&h);
    bool called = !waits && (h.count > 0 || !quiet);
    if (called) {
        pthread_mutex_lock(&lines->lock);
        to->tried_ms = now_ms;
        pthread_mutex_unlock(&lines->lock);
        speak(&h, transport);
    }
    arena_free(&h.arena);
    return called;
}

/* --- waiting ------------------------------------------------------------- */

/* In milliseconds; the lock is held. */
static int64_t until_due(struct lines *lines, size_t peer, int64_t now_ms)
{
    const struct line_to *to = &lines->to[peer];
    int64_t at = to->tried_ms + HEARD_EVERY_MS;

    for (size_t i = first_owed(lines, peer); i < lines->count && at > now_ms; i++) {
        const struct handed *handed = lines->at[i];

        if (!is_done(handed, peer) && handed->at[peer].due_ms < at)
            at = handed->at[peer].due_ms;
    }
    if (is_silent(to, now_ms) && at < to->due_ms)
        at = to->due_ms;
    int64_t wait_ms = at - now_ms;
    return wait_ms < 0 ? 0 : wait_ms < HEARD_EVERY_MS ? wait_ms : HEARD_EVERY_MS;
}

bool lines_await(struct lines *lines, size_t peer, int64_t now_ms)
{
    struct timespec until;
    int over = 0;

    pthread_mutex_lock(&lines->lock);
    int64_t wait_ms = until_due(lines, peer, now_ms);
    uint64_t looks = lines->looks;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + wait_ms * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    while (!lines->ended && lines->looks == looks && over == 0 && wait_ms > 0)
        over = pthread_cond_timedwait(&lines->changed, &lines->lock, &until);
    bool going_on = !lines->ended;
    pthread_mutex_unlock(&lines->lock);
    return going_on;
}

void lines_end(struct lines *lines)
{
    pthread_mutex_lock(&lines->lock);
    lines->ended = true;
    pthread_cond_broadcast(&lines->changed);
    pthread_mutex_unlock(&lines->lock);
}

/* --- how they stand ------------------------------------------------------ */

const char *line_word(enum line line)
{
    static const char *const words[] = {"unknown", "up", "down", "unanswered"};

    assert(line < ARRAY_LEN(words));
    return words[line];
}

void lines_state(struct lines *lines, size_t peer, struct line_state *out)
{
    assert(peer < lines->options.peers);
    pthread_mutex_lock(&lines->lock);
    *out = lines->to[peer].state;
    for (size_t i = 0; i < lines->count; i++) {
        out->refused += (lines->at[i]->refused & bit(peer)) != 0;
        out->owed += !is_done(lines->at[i], peer);
    }
    pthread_mutex_unlock(&lines->lock);
}

uint64_t lines_changes(struct lines *lines)
{
    return atomic_load(&lines->changes);
}
