/* A form that was filled in, or a piece of one: judged as far as it can be at once, so that the
 * person at the phone hears of it, and kept; or kept in quarantine and refused. */

#include "api/openrosa.h"
#include "api/rosa_submission.h"

/* --- refusing --- */

/* For the note about a refusal; one that is too long is in the body. */
static struct span id_of(struct span id)
{
    return id.len <= ROSA_ID_BYTES ? id : (struct span){0};
}

/* What is refused may be evidence: it is kept before that is said. */
static bool refuse(struct api_call *call, const struct rosa_asker *asker,
                   const struct rosa_submission *brought, int status, const char *reason,
                   struct err *err)
{
    struct rosa *rosa = call->door->rosa;
    const struct quarantine_why why = {
        .device = asker->device.name,
        .form = span_of(brought->answer.form ? brought->answer.form->id : ""),
        .instance = id_of(brought->answer.instance_id),
        .reason = reason,
        .at_ms = clock_now_ms(node_clock(call->node)),
    };
    struct err full = {0};

    if (!quarantine_keep(rosa->quarantine, call->request->body, &why, &full)) {
        *err = full;
        return false;
    }
    return rosa_say(call, status, "%s", reason);
}

/* --- judging --- */

/* 0: it may come in; else the status of a refusal, and why. */
static bool judge(struct api_call *call, const struct form_answer *answer, int *out_status,
                  const char **out_why, struct err *err)
{
    struct rosa *rosa = call->door->rosa;
    const struct json *terms;
    bool known = false;

    if (!rosa_terms(rosa, call->reader, &terms, err) ||
        !rosa_version_known(rosa, span_of(answer->form->id), answer->version, &known, err))
        return false;
    *out_status = 0;
    if (!known) {
        *out_status = 404;
        *out_why = "no form of this version was ever given out here";
    } else if (!form_offered(answer->form, terms)) {
        *out_status = 409;
        *out_why = "this form is closed: the agreement in force has no use for it";
    }
    return true;
}

/* --- keeping --- */

static bool take(struct api_call *call, const struct rosa_asker *asker,
                 const struct rosa_submission *brought, enum inbox_verdict *out, size_t *out_lacks,
                 struct err *err)
{
    const struct inbox_piece piece = {
        .device = span_of(asker->device.name),
        .on_behalf = span_of(asker->device.on_behalf),
        .form = span_of(brought->answer.form->id),
        .version = brought->answer.version,
        .instance = brought->answer.instance_id,
        .before = brought->answer.deprecated_id,
        .xml = brought->xml,
        .named = brought->named,
        .named_count = brought->named_count,
        .file = brought->file,
        .file_count = brought->file_count,
        .last = brought->last,
        .at_ms = clock_now_ms(node_clock(call->node)),
    };

    return inbox_take(call->door->rosa->inbox, &piece, out, out_lacks, err);
}

static bool keep(struct api_call *call, const struct rosa_asker *asker,
                 const struct rosa_submission *brought, struct err *err)
{
    enum inbox_verdict verdict;
    size_t lacks;

    if (!take(call, asker, brought, &verdict, &lacks, err))
        return err->kind == ERR_LIMIT &&
               refuse(call, asker, brought, 413, arena_printf(call->arena, "%s", err->text), err);
    switch (verdict) {
    case INBOX_KEPT:
    case INBOX_KNOWN:
        if (lacks > 0 && brought->last)
            return rosa_say(call, 202, "Kept; %zu files of it are still to come.", lacks);
        return rosa_say(call, 201, "Received, and kept.");
    case INBOX_OTHER:
        return refuse(call, asker, brought, 409,
                      "a form with this instance id is here and says something else", err);
    case INBOX_UNKNOWN:
        return refuse(call, asker, brought, 404,
                      "the form whose place this one takes never came here", err);
    case INBOX_LATE:
        return refuse(call, asker, brought, 409,
                      "this form was signed without the file that is brought now", err);
    case INBOX_STALE:
        return refuse(call, asker, brought, 409,
                      "another form has taken the place of the one that this corrects", err);
    }
    assert(!"a verdict of the inbox");
    return false;
}

/* What was wrong with what was sent. */
static int status_of(enum err_kind kind)
{
    return kind == ERR_LIMIT ? 413 : kind == ERR_MISSING ? 404 : 400;
}

bool rosa_submit(struct api_call *call, const struct rosa_asker *asker, struct err *err)
{
    struct rosa_submission brought;
    struct err wrong = {0};
    const char *why;
    int status;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no forms now: another process holds it");
    if (!rosa_submission_parse(&brought, http_header(call->request, "Content-Type"),
                               call->request->body, call->arena, &wrong))
        return refuse(call, asker, &brought, status_of(wrong.kind),
                      arena_printf(call->arena, "%s", wrong.text), err);
    if (!judge(call, &brought.answer, &status, &why, err))
        return false;
    return status ? refuse(call, asker, &brought, status, why, err)
                  : keep(call, asker, &brought, err);
}
