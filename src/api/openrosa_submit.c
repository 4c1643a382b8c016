/* A form that was filled in, or a piece of one: judged as far as it can be at once, so that the
 * person at the phone hears of it, and kept; or kept in quarantine and refused. */

#include "api/openrosa.h"

#include "codec/multipart.h"
#include "forms/answer.h"

#include <stdio.h>

#define XML_PART "xml_submission_file"
#define INCOMPLETE_PART "*isIncomplete*"
#define ID_BYTES 249u /* docs.getodk.org/openrosa: of an id */

/* What a request brings, as far as it was understood; the rest is empty. */
struct brought {
    const struct multipart_part *part;
    size_t count;
    const struct multipart_part *xml;
    struct form_answer answer; /* of form NULL where it is none */
    struct span *named;        /* files that it names */
    size_t named_count;
    bool last;
};

/* --- refusing --- */

/* For the note about a refusal; one that is too long is in the body. */
static struct span id_of(struct span id)
{
    return id.len <= ID_BYTES ? id : (struct span){0};
}

/* What is refused may be evidence: it is kept before that is said. */
static bool refuse(struct api_call *call, const struct rosa_asker *asker,
                   const struct brought *brought, int status, const char *reason, struct err *err)
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

/* --- reading --- */

/* Photographs and sounds, and the client's own account of how it was filled in. */
static void name_files(struct brought *out, struct arena *arena)
{
    const struct form_answer *answer = &out->answer;

    out->named = ARENA_ARRAY(arena, struct span, answer->media_count + 1);
    for (size_t i = 0; i < answer->media_count; i++)
        out->named[out->named_count++] = answer->media[i].name;
    if (answer->audit.len > 0)
        out->named[out->named_count++] = answer->audit;
}

static bool read_parts(struct api_call *call, struct brought *out, struct err *err)
{
    struct multipart_part *part;

    if (!multipart_parse(&part, &out->count, http_header(call->request, "Content-Type"),
                         call->request->body, call->arena, err))
        return false;
    out->part = part;
    out->xml = multipart_find(part, out->count, XML_PART);
    const struct multipart_part *incomplete = multipart_find(part, out->count, INCOMPLETE_PART);
    out->last = !incomplete || !span_is(incomplete->bytes, "yes");
    if (!out->xml)
        return err_set(err, ERR_MALFORMED, "there is no part " XML_PART);
    if (!answer_parse(&out->answer, out->xml->bytes, call->arena, err))
        return false;
    name_files(out, call->arena);
    const struct form_answer *answer = &out->answer;
    bool long_id = answer->instance_id.len > ID_BYTES || answer->deprecated_id.len > ID_BYTES;
    return !long_id || err_set(err, ERR_LIMIT, "an id is longer than %u bytes", ID_BYTES);
}

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
                 const struct brought *brought, enum inbox_verdict *out, size_t *out_lacks,
                 struct err *err)
{
    struct inbox_file *file =
        ARENA_ARRAY(call->arena, struct inbox_file, brought->count ? brought->count : 1);
    struct inbox_piece piece = {
        .device = span_of(asker->device.name),
        .on_behalf = span_of(asker->device.on_behalf),
        .form = span_of(brought->answer.form->id),
        .version = brought->answer.version,
        .instance = brought->answer.instance_id,
        .before = brought->answer.deprecated_id,
        .xml = brought->xml->bytes,
        .named = brought->named,
        .named_count = brought->named_count,
        .file = file,
        .last = brought->last,
        .at_ms = clock_now_ms(node_clock(call->node)),
    };

    for (size_t i = 0; i < brought->count; i++) {
        const struct multipart_part *part = &brought->part[i];
        struct span name = part->filename.len ? part->filename : part->name;

        if (part != brought->xml && part->has_filename)
            file[piece.file_count++] = (struct inbox_file){name, part->type, part->bytes};
    }
    return inbox_take(call->door->rosa->inbox, &piece, out, out_lacks, err);
}

static bool keep(struct api_call *call, const struct rosa_asker *asker,
                 const struct brought *brought, struct err *err)
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
    struct brought brought = {0};
    struct err wrong = {0};
    const char *why;
    int status;

    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no forms now: another process holds it");
    if (!read_parts(call, &brought, &wrong))
        return refuse(call, asker, &brought, status_of(wrong.kind),
                      arena_printf(call->arena, "%s", wrong.text), err);
    if (!judge(call, &brought.answer, &status, &why, err))
        return false;
    return status ? refuse(call, asker, &brought, status, why, err)
                  : keep(call, asker, &brought, err);
}
