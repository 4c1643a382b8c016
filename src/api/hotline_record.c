/* One record of the hotline with its parts, as it was handed in: for a console, which reads it with
 * an identity of its own, and for who carries it on paper. */

#include "api/call.h"

#include "codec/hex.h"
#include "journal/submission.h"
#include "node/unlogged.h"
#include "record/kind.h"

/* Those that are here. */
static bool take_parts(struct api_call *call, const struct record *record, struct submission *out,
                       struct err *err)
{
    struct span *stored = arena_alloc(call->arena, LIMIT_RECORD_PARTS * sizeof *stored);
    struct err unfit = {0};
    struct hash hash;
    struct part part;

    out->part = stored;
    if (!parts_check(record->body, &unfit))
        return true;
    for (size_t i = 0; part_at(record->body, i, &part); i++) {
        struct err gone = {0};

        if (!hex_parse(hash.bytes, sizeof hash.bytes, part.stored))
            continue;
        if (parts_get(node_parts(call->node), &hash, &stored[out->part_count], call->arena,
                      &gone)) {
            out->part_count++;
        } else if (gone.kind != ERR_MISSING && gone.kind != ERR_CONFLICT) {
            *err = gone;
            return false;
        }
    }
    return true;
}

static bool find_logged(struct api_call *call, struct submission *out, struct err *err)
{
    const struct json *row;
    struct record record;
    bool ok = api_row(call, "record", call->in_path.text, &row, err);

    if (ok && (!row || !span_starts_with(json_get_text(row, "kind"), SPAN_LIT("hotline."))))
        return err_set(err, ERR_MISSING, "the hotline has no record %.*s",
                       SPAN_ARG(call->in_path.text));
    return ok && api_entry(call, (uint64_t)json_get_integer(row, "index", 0), &out->note, err) &&
           record_parse(&record, out->note, call->arena, err) &&
           take_parts(call, &record, out, err);
}

/* One that is on its way to the log. */
static bool find_unlogged(struct api_call *call, struct submission *out, bool *out_found,
                          struct err *err)
{
    struct unlogged *unlogged = node_unlogged(call->node);
    const struct unlogged_item *item;

    *out_found = false;
    if (!unlogged)
        return true;
    bool ok = unlogged_begin(unlogged, err);
    size_t count = ok ? unlogged_items(unlogged, &item) : 0;
    for (size_t i = 0; i < count && !*out_found; i++)
        *out_found = span_is(call->in_path.text, item[i].id) &&
                     outbox_get(node_outbox(call->node), item[i].number, out, call->arena);
    unlogged_end(unlogged);
    return ok;
}

bool hotline_record_answer(struct api_call *call, struct err *err)
{
    struct submission found = {0};
    bool unlogged;

    if (!call->signed_in) {
        access_refuse(call);
        return true;
    }
    if (!find_unlogged(call, &found, &unlogged, err) ||
        (!unlogged && !find_logged(call, &found, err)))
        return false;
    return submission_encode(&call->response->body, &found, 1, call->arena, err);
}
