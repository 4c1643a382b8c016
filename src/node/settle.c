#include "node/inside.h"

#include "journal/submission.h"
#include "net/http_client.h"

#include <unistd.h>

/* Handing records in, and ending what a command appended. */

#define SETTLE_TRIES 500u /* a server publishes every 100 ms */
#define SETTLE_WAIT_US 20000u
#define CARRIED_TRIES 250u /* five seconds */

static bool is_published(struct node *node, uint64_t entries, bool *out, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct span note;
    uint64_t applied;
    bool ok = node_checkpoint(node, &checkpoint, &note, &arena, err) &&
              store_reader_refresh(node->reader, err) && store_applied(node->reader, &applied, err);

    arena_free(&arena);
    if (ok)
        *out = checkpoint.size >= entries && applied >= entries;
    return ok;
}

/* What this process would look at meanwhile could not be tidied away by the server (store_tidy). */
static void pause_reading(struct node *node)
{
    store_reader_rest(node->reader);
    usleep(SETTLE_WAIT_US);
}

/* What the holder has staged: `entries` of them. It applies them before it answers, and
 * publishes them afterwards. */
static bool wait_published(struct node *node, uint64_t entries, struct err *err)
{
    for (unsigned i = 0; i < SETTLE_TRIES; i++) {
        bool published;

        if (!is_published(node, entries, &published, err))
            return false;
        if (published)
            return true;
        pause_reading(node);
    }
    return err_set(err, ERR_IO, "the server has promised entry %" PRIu64 " and not published it",
                   entries - 1);
}

static bool hand_over(struct node *node, const struct submission *submission, size_t count,
                      struct answer *answers, struct arena *arena, struct err *err)
{
    struct http_call call = {
        .url = "http://node/submit",
        .socket_path = arena_printf(arena, "%s/socket", node->directory),
        .method = "POST",
        .type = SUBMISSION_TYPE,
        .limit = SUBMISSION_ANSWER_BYTES,
        .timeout_s = 60,
    };
    struct http_reply reply;

    if (!submission_encode(&call.body, submission, count, arena, err) ||
        !http_do(&call, &reply, arena, err))
        return false;
    if (reply.status != 200)
        return err_set(err, ERR_IO, "the running server answered %d: %.*s", reply.status,
                       (int)(reply.body.len < 300 ? reply.body.len : 300),
                       (const char *)reply.body.at);
    return submission_answers_parse(answers, count, reply.body, arena, err);
}

/* One that a server carries is waited for: it may be in the log in a moment. Not so one that the
 * keeper has put off, and says why. */
static bool wait_logged(struct node *node, struct answer *answer, unsigned *tries, struct err *err)
{
    struct arena arena = {0};
    struct json row;
    bool ok = true;

    for (; ok && *tries > 0 && answer->kind == ANSWER_LATER && answer->why.kind == ERR_NONE;
         --*tries) {
        pause_reading(node);
        arena_reset(&arena);
        ok = store_reader_refresh(node->reader, err) &&
             node_row(node, "record", answer->id, &row, &arena, err);
        int64_t index = ok ? json_get_integer(&row, "index", -1) : -1;
        if (index < 0)
            continue;
        answer->kind = ANSWER_LOGGED;
        answer->index = (uint64_t)index;
    }
    arena_free(&arena);
    return ok;
}

static bool submit_beside(struct node *node, const struct submission *submission, size_t count,
                          struct answer *answers, struct arena *arena, struct err *err)
{
    store_reader_rest(node->reader);
    bool ok = hand_over(node, submission, count, answers, arena, err) &&
              store_reader_refresh(node->reader, err);
    unsigned tries = CARRIED_TRIES;

    for (size_t i = 0; ok && i < count; i++)
        ok = wait_logged(node, &answers[i], &tries, err);
    for (size_t i = 0; ok && i < count; i++)
        if ((answers[i].kind == ANSWER_LOGGED || answers[i].kind == ANSWER_REPEATED) &&
            answers[i].index >= node->entries)
            node->entries = answers[i].index + 1;
    return ok;
}

/* Whoever keeps the log may have been put back from an old copy, and then what it signs alone makes
 * two logs of one. A server asks the others first; a command beside nobody would not. */
static bool check_asked(const struct node *node, struct err *err)
{
    return node->live || node->settings.peer_count == 0 ||
           err_set(err, ERR_REFUSED,
                   "this node keeps the log, and whether the others hold more of it must be asked "
                   "before anything is signed: run sulh serve, and this beside it");
}

bool node_submit(struct node *node, const struct submission *submission, size_t count,
                 struct answer *answers, struct arena *arena, struct err *err)
{
    if (!node->journal)
        return submit_beside(node, submission, count, answers, arena, err);
    if (node_keeps(node))
        return check_asked(node, err) &&
               journal_append(node->journal, submission, count, answers, arena, err);
    bool ok = carry_put(node, submission, count, answers, arena, err);
    if (ok)
        hotline_look(node);
    return ok;
}

bool node_settle(struct node *node, struct err *err)
{
    if (!node->journal)
        return wait_published(node, node->entries, err);
    return journal_follows(node->journal) || node_tick(node, err);
}
