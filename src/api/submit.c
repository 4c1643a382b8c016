#include "api/call.h"

#include "journal/submission.h"

bool submit_answer(struct api_call *call, struct err *err)
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
    /* Another node carries what it has handed on already. */
    if (!access_node(call, &from, err) ||
        !(from || !call->signed_in ? node_submit : node_hand_in)(call->node, submission, count,
                                                                 answers, call->arena, err))
        return false;
    call->response->body = submission_answers_encode(answers, count, call->arena);
    return true;
}
