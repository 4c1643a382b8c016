#include "scenario/running.h"

#include "base/limits.h"
#include "node/node.h"
#include "store/store.h"

/* Time passes: ticks of the operator's clock, as often as they must come for all of it to count. */

#define BATCH 500u

static struct json tick_at(int64_t ms, struct arena *arena)
{
    struct json body = json_object();

    json_set_integer(&body, "at_ms", ms, arena);
    return body;
}

static bool submit(struct run *run, const struct submission *tick, size_t count, struct err *err)
{
    struct answer *answer = ARENA_ARRAY(&run->working, struct answer, count);

    if (!node_submit(run->node, tick, count, answer, &run->working, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (answer[i].kind != ANSWER_LOGGED)
            return err_set(err, ERR_REFUSED, "a tick was not logged: %s",
                           answer[i].reason ? answer[i].reason : "?");
    return true;
}

/* Up to BATCH ticks, `gap` apart, the last at `until` if that is within reach. */
static bool batch(struct run *run, struct author *author, int64_t gap, int64_t until,
                  struct err *err)
{
    struct submission *tick = ARENA_ARRAY(&run->working, struct submission, BATCH);
    size_t count = 0;
    char id[65];

    while (count < BATCH && run->now.ms < until) {
        run->now.ms = until - run->now.ms > gap ? run->now.ms + gap : until;
        struct json body = tick_at(run->now.ms, &run->working);
        if (!author_sign(author, "clock.tick", &body, &tick[count++], id, &run->working, err))
            return false;
    }
    return submit(run, tick, count, err);
}

bool run_pass(struct run *run, int64_t ms, bool silence, struct err *err)
{
    int64_t until = run->now.ms + ms;
    struct author *author = NULL;

    if (ms == 0)
        return true;
    bool ok = journal_publish(node_journal(run->node), err) &&
              author_open(&author, run->node, node_settings(run->node)->name, err);
    while (ok && run->now.ms < until)
        ok = batch(run, author, silence ? ms : run->counted_gap_ms, until, err);
    author_close(author);
    return ok && journal_publish(node_journal(run->node), err) &&
           store_reader_refresh(node_reader(run->node), err);
}
