#include "api/call.h"

#include "journal/in_force.h"
#include "render/paper.h"

#define SHEETS 1u

/* GET /paper/FORM: a sheet of a form as PDF; the same terms give the same bytes. */
bool paper_answer(struct api_call *call, struct err *err)
{
    struct json *terms = ARENA_NEW(call->arena, struct json);
    struct paper_ask ask = {.form = form_find(call->in_path.text),
                            .terms = terms,
                            .language = api_value(call, "language")->text,
                            .first = 1,
                            .sheets = SHEETS};
    int64_t version;

    if (!ask.form)
        return err_set(err, ERR_MISSING, "there is no form \"%.*s\"", SPAN_ARG(call->in_path.text));
    *terms = json_object();
    if (api_value(call, "sheet")->given)
        ask.first = (unsigned)api_value(call, "sheet")->integer;
    return in_force_version(call->reader, call->as_of, &version, call->arena, err) &&
           in_force_terms(call->reader, version, call->as_of, terms, call->arena, err) &&
           paper_make(&call->response->body, &ask, call->arena, err);
}
