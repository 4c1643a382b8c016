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

/* What is said to the phone, and which word of intake.refuse that is. */
struct refusal {
    int status;
    const char *say, *word;
};
static const struct refusal malformed = {400, "phone.malformed", "malformed"},
                            too_large = {413, "phone.too_large", "too_large"},
                            no_form = {404, "phone.no_form", "unknown_form"},
                            no_version = {404, "phone.no_version", "unknown_form"},
                            closed = {409, "phone.closed", "closed"};

/* What is refused may be evidence: it is kept before that is said. */
static bool refuse(struct api_call *call, const struct rosa_asker *asker,
                   const struct rosa_submission *brought, const struct refusal *refusal,
                   const char *detail, struct err *err)
{
    const struct quarantine_why why = {
        .via = "form",
        .word = refusal->word,
        .device = asker->device.name,
        .form = span_of(brought->answer.form ? brought->answer.form->id : ""),
        .instance = id_of(brought->answer.instance_id),
        .reason = rosa_said(call, refusal->say, detail),
        .at_ms = clock_now_ms(node_clock(call->node)),
    };
    struct err full = {0};

    if (!quarantine_keep(call->door->quarantine, call->request->body, &why, &full)) {
        *err = full;
        return false;
    }
    return rosa_say(call, asker, refusal->status, refusal->say, detail);
}

/* --- judging --- */

/* *out NULL: it may come in. */
static bool judge(struct api_call *call, const struct form_answer *answer,
                  const struct refusal **out, struct err *err)
{
    struct rosa *rosa = call->door->rosa;
    const struct json *terms;
    bool known = false;

    if (!rosa_terms(rosa, call->reader, &terms, err) ||
        !rosa_version_known(rosa, span_of(answer->form->id), answer->version, &known, err))
        return false;
    *out = !known ? &no_version : !form_offered(answer->form, terms) ? &closed : NULL;
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
    static const struct refusal refusals[] = {
        [INBOX_OTHER] = {409, "phone.other", "conflict"},
        [INBOX_UNKNOWN] = {404, "phone.unknown", "unknown_form"},
        [INBOX_STALE] = {409, "phone.stale", "stale"},
        [INBOX_LATE] = {409, "phone.late", "closed"},
    };
    enum inbox_verdict verdict;
    struct err fault = {0};
    size_t lacks;

    if (!take(call, asker, brought, &verdict, &lacks, &fault)) {
        if (fault.kind == ERR_LIMIT)
            return refuse(call, asker, brought, &too_large, fault.text, err);
        *err = fault;
        return false;
    }
    if (verdict != INBOX_KEPT && verdict != INBOX_KNOWN)
        return refuse(call, asker, brought, &refusals[verdict], NULL, err);
    if (lacks > 0 && brought->last)
        return rosa_say(call, asker, 202, "phone.lacks", arena_printf(call->arena, "%zu", lacks));
    return rosa_say(call, asker, 201, "phone.kept", NULL);
}

/* What was wrong with what was sent. */
static const struct refusal *refusal_of(enum err_kind kind)
{
    return kind == ERR_LIMIT ? &too_large : kind == ERR_MISSING ? &no_form : &malformed;
}

bool rosa_submit(struct api_call *call, const struct rosa_asker *asker, struct err *err)
{
    struct rosa_submission brought;
    struct err wrong = {0};
    const struct refusal *refusal;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no forms now: another process holds it");
    if (!rosa_submission_parse(&brought, http_header(call->request, "Content-Type"),
                               call->request->body, call->arena, &wrong))
        return refuse(call, asker, &brought, refusal_of(wrong.kind), wrong.text, err);
    if (!judge(call, &brought.answer, &refusal, err))
        return false;
    return refusal ? refuse(call, asker, &brought, refusal, NULL, err)
                   : keep(call, asker, &brought, err);
}
