#include "sim/inside.h"

#include "journal/submission.h"

#include <stdlib.h>

/* Calls from node to node, answered by the node they reach, or lost on the way. */

/* What of an organisation a node is shown. */
static struct instance *reached(const struct instance *from, size_t org)
{
    struct org *to = &from->sim->org[org];

    if (!to->instance[1].disk)
        return &to->instance[0];
    bool lies = from->sim->org[from->org].instance[1].disk != NULL;
    return &to->instance[lies ? from->side : from->sim->org[from->org].view];
}

/* A keeper that is to be replaced, and that everybody but one has taken out of its settings. */
static bool is_away(const struct sim *sim, size_t org, size_t other)
{
    return sim->org[org].away == AWAY_ALONE && sim->org[org].companion != other;
}

/* Or that does not want to hear that it is. */
static bool does_not_listen(const struct instance *from, const char *path)
{
    return from->sim->org[from->org].away == AWAY_DEAF && strcmp(path, "/add-checkpoint") != 0;
}

/* Nor does a liar's second node talk to the honest who are shown the first. */
static bool is_cut(const struct instance *from, size_t org, const char *path)
{
    const struct sim *sim = from->sim;
    bool other = sim->org[from->org].instance[1].disk && sim_is_honest(sim, org) &&
                 sim->org[org].view != from->side;

    return other || sim->cut[from->org][org] || is_away(sim, from->org, org) ||
           is_away(sim, org, from->org) || does_not_listen(from, path);
}

/* As api/submit.c and hotline_take.c, which want headers that only a connection has. */
static void submit(struct instance *to, const struct instance *from, struct call *call,
                   struct arena *arena)
{
    bool hotline = strcmp(call->path, "/hotline") == 0;
    struct submission *submission;
    struct err err = {0};
    size_t count;

    call->status = 400;
    if (!submission_parse(&submission, &count, call->body, arena, &err))
        return;
    struct answer *answers = ARENA_ARRAY(arena, struct answer, count);
    call->status = 503;
    if (hotline ? !node_hotline(to->node, from->sim->org[from->org].node.name, submission, count,
                                answers, arena, &err)
                : !node_submit(to->node, submission, count, answers, arena, &err))
        return;
    call->status = 200;
    call->reply = submission_answers_encode(answers, count, arena);
}

static void handle(struct instance *to, const struct instance *from, struct call *call,
                   struct arena *arena)
{
    struct http_request request = {.method = call->type ? "POST" : "GET",
                                   .path = span_of(call->path),
                                   .body = call->body,
                                   .arena = arena};
    struct http_response response = {0};

    if (strcmp(call->path, "/submit") == 0 || strcmp(call->path, "/hotline") == 0) {
        submit(to, from, call, arena);
        return;
    }
    api_handle(to->api, &request, &response);
    call->status = response.status ? response.status : 200;
    call->reply = response.body;
    call->reply_type = span_of(response.type);
}

/* Everything that passes is read along. */
static void overhear(struct sim *sim, const struct call *call, struct arena *arena)
{
    struct span rest = call->body, head;

    if (call->status != 200)
        return;
    if (strcmp(call->path, "/checkpoint") == 0)
        watch_note(sim, call->reply);
    if (strcmp(call->path, "/add-checkpoint") != 0)
        return;
    while (span_cut(&rest, '\n', &head) && head.len > 0)
        ; /* to the empty line behind the proof */
    watch_note(sim,
               span_of(arena_printf(arena, "%.*s%.*s", SPAN_ARG(rest), SPAN_ARG(call->reply))));
}

static bool answer(struct instance *to, const struct instance *from, struct call *call,
                   struct arena *arena)
{
    if (!to->node)
        return err_set(&call->err, ERR_IO, "connection refused");
    if (!liar_answer(to, from, call, arena))
        handle(to, from, call, arena);
    overhear(to->sim, call, arena);
    return call->reply.len <= call->limit ||
           err_set(&call->err, ERR_LIMIT, "it answers with %zu bytes", call->reply.len);
}

/* The caller will have given up. */
static void keep_late(const struct instance *from, size_t to, const struct call *call)
{
    struct sim *sim = from->sim;

    if (!call->type || sim->late_count == ARRAY_LEN(sim->late))
        return;
    sim->late[sim->late_count++] =
        (struct late){.from = from->org,
                      .side = from->side,
                      .to = to,
                      .path = arena_printf(&sim->arena, "%s", call->path),
                      .type = arena_printf(&sim->arena, "%s", call->type),
                      .body = arena_copy(&sim->arena, call->body)};
}

void network_deliver_late(struct sim *sim)
{
    struct arena arena = {0};

    if (sim->late_count == 0)
        return;
    size_t which = sim_below(sim, sim->late_count);
    const struct late late = sim->late[which];
    struct instance *from = &sim->org[late.from].instance[late.side];
    struct call call = {.path = late.path, .type = late.type, .body = late.body, .limit = SIZE_MAX};
    sim->late[which] = sim->late[--sim->late_count];
    if (answer(reached(from, late.to), from, &call, &arena))
        sim_say(sim, "a late %s of %zu to %zu: %d", late.path, late.from, late.to, call.status);
    arena_free(&arena);
}

enum fate { ARRIVES, LOST, ANSWER_LOST, DOUBLED, LATE };

static enum fate fate_of(struct sim *sim)
{
    static const enum fate fates[] = {LOST, LOST, ANSWER_LOST, DOUBLED, LATE};
    size_t which = sim->rough ? sim_below(sim, 60) : ARRAY_LEN(fates);

    return which < ARRAY_LEN(fates) ? fates[which] : ARRIVES;
}

static bool deliver(const struct instance *from, struct call *call, struct arena *arena)
{
    struct sim *sim = from->sim;
    size_t org = (size_t)strtoul(strrchr(call->url, '/') + 1, NULL, 10);
    struct instance *to = reached(from, org);

    call->err = (struct err){0};
    if (is_cut(from, org, call->path))
        return err_set(&call->err, ERR_IO, "no route to host");
    enum fate fate = fate_of(sim);
    if (fate == LATE)
        keep_late(from, org, call);
    if (fate == LOST || fate == LATE)
        return err_set(&call->err, ERR_IO, "no answer");
    bool ok = answer(to, from, call, arena);
    if (ok && fate == DOUBLED && call->type)
        ok = answer(to, from, call, arena);
    return ok && (fate != ANSWER_LOST || err_set(&call->err, ERR_IO, "no answer"));
}

/* In an order of chance, as answers come. */
static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    struct instance *from = context;
    bool *open = ARENA_ARRAY(arena, bool, count);
    size_t first = count ? sim_below(from->sim, count) : 0, left = count;
    bool over = false;

    (void)patience_ms;
    for (size_t i = 0; i < count; i++) {
        open[i] = true;
        calls[i].answered = calls[i].again = false;
        err_set(&calls[i].err, ERR_IO, "no answer in time");
    }
    for (size_t n = first; left > 0 && !over; n++) {
        struct call *call = &calls[n % count];

        if (!open[n % count])
            continue;
        open[n % count] = false;
        left--;
        call->answered = deliver(from, call, arena);
        over = call->answered && enough && enough(enough_context);
        for (size_t i = 0; i < count; i++)
            if (calls[i].again) {
                calls[i].answered = calls[i].again = false;
                open[i] = true;
                left++;
            }
    }
}

struct transport network_of(struct instance *instance)
{
    return (struct transport){run, instance};
}
