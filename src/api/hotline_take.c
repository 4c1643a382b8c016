/* Taking in what is said over the hotline (doc/lines.md). */

#include "api/call.h"

#include "journal/submission.h"

bool hotline_take_answer(struct api_call *call, struct err *err)
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
    if (!access_within(call, call->door->records, (uint32_t)count, "records"))
        return true;
    struct answer *answers = ARENA_ARRAY(call->arena, struct answer, count);
    if (!access_node(call, &from, err) ||
        !node_hotline(call->node, from, submission, count, answers, call->arena, err))
        return false;
    call->response->body = submission_answers_encode(answers, count, call->arena);
    return true;
}
