#include "api/call.h"

#include "journal/in_force.h"
#include "register/register.h"

#define ROWS 1000u /* read from the store at a time */

bool api_head(struct api_call *call, uint64_t as_of, const struct json **out, struct err *err)
{
    struct json *head = ARENA_NEW(call->arena, struct json);
    struct span bytes;

    *out = NULL;
    if (!in_force_term(call->reader, "agreement", as_of, &bytes, call->arena, err))
        return false;
    if (!bytes.at)
        return true;
    *out = head;
    return api_json(call, bytes, head, err) || err_wrap(err, "table term");
}

/* The version asked for, begun or not; else the one in force as of the entry. */
static bool pick_version(struct api_call *call, const struct json *agreement, int64_t *out,
                         struct err *err)
{
    const struct api_value *asked = api_value(call, "version");

    if (!asked->given)
        return in_force_version(call->reader, call->as_of, out, call->arena, err);
    *out = asked->integer;
    return *out <= register_versions(agreement) ||
           err_set(err, ERR_MISSING, "the terms have no version %" PRId64 " as of entry %" PRIu64,
                   *out, call->as_of);
}

bool agreement_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), terms = json_object();
    const struct json *agreement, *head;
    int64_t version;

    if (!api_row(call, "agreement", SPAN_LIT("1"), &agreement, err) ||
        !pick_version(call, agreement, &version, err) ||
        !api_row(call, "term", register_term_key(SPAN_LIT("agreement"), version, call->arena),
                 &head, err))
        return false;
    if (!head)
        return err_set(err, ERR_MISSING, "no agreement is in force as of entry %" PRIu64,
                       call->as_of);
    if (!in_force_terms(call->reader, version, call->as_of, &terms, call->arena, err))
        return false;
    const struct json *versions = json_get(agreement, "versions");
    json_set(&out, "agreement", *head, call->arena);
    json_set(&out, "terms", terms, call->arena);
    json_set_integer(&out, "version", version, call->arena);
    json_set(&out, "versions", versions ? *versions : json_array(), call->arena);
    return api_answer_json(call, &out);
}

/* Under the file's name, a space and the piece's number; of an amendment with its id before. */
static struct span file_prefix(struct api_call *call, const struct json *agreement, int64_t version)
{
    struct span file = call->in_path.text;
    const struct json *versions = json_get(agreement, "versions");

    if (version == 1)
        return span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(file)));
    struct span id = json_get_string(&versions->array.at[version - 2], "id", (struct span){0});
    return span_of(arena_printf(call->arena, "%.*s %.*s ", SPAN_ARG(id), SPAN_ARG(file)));
}

bool agreement_file_answer(struct api_call *call, struct err *err)
{
    struct buf whole = buf_in(call->arena, SIZE_MAX / 2);
    const struct json *agreement;
    struct span after = {0};
    struct store_row *rows;
    size_t count = ROWS;
    struct json piece;
    int64_t version;

    if (!api_row(call, "agreement", SPAN_LIT("1"), &agreement, err) ||
        !pick_version(call, agreement, &version, err))
        return false;
    struct span prefix = file_prefix(call, agreement, version);

    while (count == ROWS) {
        if (!store_scan(call->reader, "agreement_part", prefix, after, call->as_of, ROWS, &rows,
                        &count, call->arena, err))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (!api_json(call, rows[i].row, &piece, err))
                return false;
            buf_put(&whole, json_get_string(&piece, "content", (struct span){0}));
        }
        if (count)
            after = rows[count - 1].key;
    }
    if (whole.len == 0)
        return err_set(err, ERR_MISSING, "the agreement has no file \"%.*s\"",
                       SPAN_ARG(call->in_path.text));
    call->response->body = buf_span(&whole);
    return true;
}
