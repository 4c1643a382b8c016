#include "node/inside.h"

#include "codec/json.h"
#include "journal/submission.h"
#include "net/http_client.h"
#include "node/author.h"

#include <unistd.h>

/* Handing records in, and ending what a command appended. */

static bool wants_tick(struct node *node, bool *out, struct arena *arena, struct err *err)
{
    struct span row;
    struct json agreement;

    if (!store_get(node->reader, "agreement", SPAN_LIT("1"), STORE_LATEST, &row, NULL, arena, err))
        return false;
    *out = false;
    if (!row.at)
        return true;
    if (!json_parse_canonical(&agreement, row, arena, err))
        return false;
    *out = json_get_integer(&agreement, "quorum", 1) == 0 &&
           span_is(json_get_string(&agreement, "state", (struct span){0}), "in_force");
    return true;
}

/* Later than the last tick whatever the machine's clock says, so that time moves on. */
static bool tick_time(struct node *node, int64_t *out, struct arena *arena, struct err *err)
{
    struct span row;
    struct json clock = json_object();
    int64_t now = clock_now_ms(node->world.clock);

    if (!store_get(node->reader, "clock", SPAN_LIT("clock"), STORE_LATEST, &row, NULL, arena,
                   err) ||
        (row.at && !json_parse_canonical(&clock, row, arena, err)))
        return false;
    int64_t last = json_get_integer(&clock, "now_ms", 0);
    *out = now > last ? now : last + 1;
    return true;
}

static bool append_tick(struct node *node, struct arena *arena, struct err *err)
{
    struct author *author = NULL;
    struct submission submission;
    struct answer answer;
    struct json body = json_object();
    int64_t at_ms;
    char id[65];

    if (!tick_time(node, &at_ms, arena, err))
        return false;
    bool ok = author_open(&author, node, node->settings.name, err);
    if (!ok && err->kind == ERR_CONFLICT)
        return true; /* who signs as the operator just now hands it to us: next time */
    if (ok) {
        json_set_integer(&body, "at_ms", at_ms, arena);
        ok = author_sign(author, "clock.tick", &body, &submission, id, arena, err) &&
             journal_append(node->journal, &submission, 1, &answer, arena, err);
    }
    author_close(author);
    return ok;
}

bool node_tick(struct node *node, struct err *err)
{
    struct arena arena = {0};
    bool wanted;

    assert(node_holds(node));
    bool ok = journal_publish(node->journal, err) && store_reader_refresh(node->reader, err) &&
              wants_tick(node, &wanted, &arena, err);
    if (ok && wanted)
        ok = append_tick(node, &arena, err) && journal_publish(node->journal, err) &&
             store_reader_refresh(node->reader, err);
    arena_free(&arena);
    return ok;
}

#define SETTLE_TRIES 500u /* a server publishes every 100 ms */
#define SETTLE_WAIT_US 20000u

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
        usleep(SETTLE_WAIT_US);
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

bool node_submit(struct node *node, const struct submission *submission, size_t count,
                 struct answer *answers, struct arena *arena, struct err *err)
{
    bool ok = node->journal ? journal_append(node->journal, submission, count, answers, arena, err)
                            : hand_over(node, submission, count, answers, arena, err);

    for (size_t i = 0; ok && i < count; i++)
        if (answers[i].kind != ANSWER_REFUSED && answers[i].index >= node->entries)
            node->entries = answers[i].index + 1;
    return ok;
}

bool node_settle(struct node *node, struct err *err)
{
    return node->journal ? node_tick(node, err) : wait_published(node, node->entries, err);
}
