#include "api/call.h"

#include "journal/submission.h"

/* What the node makes of records that came; `from` names the node that brings them, if one does. */
typedef bool taker(struct api_call *call, const char *from, const struct submission *submission,
                   size_t count, struct answer *answers, struct err *err);

static bool take_body(struct api_call *call, taker *take, struct err *err)
{
    const struct http_request *request = call->request;
    struct submission *submission;
    struct err fault = {0};
    const char *from;
    size_t count;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no records now: another process holds it");
    if (!submission_parse(&submission, &count, request->body, call->arena, &fault)) {
        http_error(request, call->response, fault.kind == ERR_LIMIT ? 413 : 400, "%s", fault.text);
        return true;
    }
    /* A record proves itself, so anybody may bring one; but not without end. */
    if (!access_within(call, call->door->records, (uint32_t)count, "records"))
        return true;
    struct answer *answers = ARENA_ARRAY(call->arena, struct answer, count);
    if (!access_node(call, &from, err) || !take(call, from, submission, count, answers, err))
        return false;
    call->response->body = submission_answers_encode(answers, count, call->arena);
    return true;
}

/* Another node carries what it has handed on already. */
static bool take_records(struct api_call *call, const char *from,
                         const struct submission *submission, size_t count, struct answer *answers,
                         struct err *err)
{
    return (from || !call->signed_in ? node_submit : node_hand_in)(call->node, submission, count,
                                                                   answers, call->arena, err);
}

bool submit_answer(struct api_call *call, struct err *err)
{
    return take_body(call, take_records, err);
}

/* What is said over the hotline (doc/lines.md). */
static bool take_hotline(struct api_call *call, const char *from,
                         const struct submission *submission, size_t count, struct answer *answers,
                         struct err *err)
{
    return node_hotline(call->node, from, submission, count, answers, call->arena, err);
}

bool hotline_take_answer(struct api_call *call, struct err *err)
{
    return take_body(call, take_hotline, err);
}
