#include "api/call.h"

#include "journal/submission.h"

/* The media type, whatever parameters follow it. */
static bool is_submission(struct span type)
{
    struct span rest = type, head;

    if (!span_cut(&rest, ';', &head))
        head = type;
    while (head.len && head.at[head.len - 1] == ' ')
        head.len--;
    return span_is(head, SUBMISSION_TYPE);
}

bool submit_answer(struct api_call *call, struct err *err)
{
    const struct http_request *request = call->request;
    struct submission *submission;
    struct err fault = {0};
    size_t count;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no records now: another process holds it");
    if (!is_submission(http_header(request, "Content-Type"))) {
        http_error(request, call->response, 415, "the body's type must be " SUBMISSION_TYPE);
        return true;
    }
    if (!submission_parse(&submission, &count, request->body, call->arena, &fault)) {
        http_error(request, call->response, fault.kind == ERR_LIMIT ? 413 : 400, "%s", fault.text);
        return true;
    }
    struct answer *answers = ARENA_ARRAY(call->arena, struct answer, count);
    if (!node_submit(call->node, submission, count, answers, call->arena, err))
        return false;
    call->response->body = submission_answers_encode(answers, count, call->arena);
    return true;
}
