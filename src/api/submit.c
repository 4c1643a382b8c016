#include "api/call.h"

#include "journal/submission.h"

/* A record proves itself, so anybody may bring one; but not without end. */
static bool within_limit(struct api_call *call, size_t count)
{
    uint32_t wait_s = call->signed_in ? 0
                                      : limiter_take(call->door->limiter, call->request->address,
                                                     (uint32_t)count, access_ticks_ms());

    if (wait_s == 0)
        return true;
    http_error(call->request, call->response, 429,
               "too many records from one address that has not signed in: again in %" PRIu32
               " seconds",
               wait_s);
    call->response->headers[0] = arena_printf(call->arena, "Retry-After: %" PRIu32, wait_s);
    return false;
}

bool submit_answer(struct api_call *call, struct err *err)
{
    const struct http_request *request = call->request;
    struct submission *submission;
    struct err fault = {0};
    size_t count;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no records now: another process holds it");
    if (!submission_parse(&submission, &count, request->body, call->arena, &fault)) {
        http_error(request, call->response, fault.kind == ERR_LIMIT ? 413 : 400, "%s", fault.text);
        return true;
    }
    if (!within_limit(call, count))
        return true;
    struct answer *answers = ARENA_ARRAY(call->arena, struct answer, count);
    if (!node_submit(call->node, submission, count, answers, call->arena, err))
        return false;
    call->response->body = submission_answers_encode(answers, count, call->arena);
    return true;
}
