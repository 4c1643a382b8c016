#include "api/call.h"

#define ROWS 1000u /* read from the store at a time */

/* SECTION/ID: the row goes to its section, in the order of the ids. */
static bool put_item(struct api_call *call, struct json *terms, const struct store_row *row,
                     struct err *err)
{
    struct span id = row->key, section;
    struct json item;

    if (!span_cut(&id, '/', &section))
        return true; /* the head */
    if (!api_json(call, row->row, &item, err))
        return false;
    const char *name = arena_text(call->arena, section);
    const struct json *before = json_get(terms, name);
    struct json items = before ? *before : json_array();
    json_push(&items, item, call->arena);
    json_set(terms, name, items, call->arena);
    return true;
}

bool agreement_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), terms = json_object();
    const struct json *head;
    struct store_row *rows;
    struct span after = {0};
    size_t count = ROWS;

    if (!api_row(call, "term", SPAN_LIT("agreement"), &head, err))
        return false;
    if (!head)
        return err_set(err, ERR_MISSING, "no agreement is in force as of entry %" PRIu64,
                       call->as_of);
    while (count == ROWS) {
        if (!store_scan(call->reader, "term", (struct span){0}, after, call->as_of, ROWS, &rows,
                        &count, call->arena, err))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!put_item(call, &terms, &rows[i], err))
                return false;
        if (count)
            after = rows[count - 1].key;
    }
    json_set(&out, "agreement", *head, call->arena);
    json_set(&out, "terms", terms, call->arena);
    return api_answer_json(call, &out);
}

/* Its pieces stand under the file's name, a space and their number. */
bool agreement_file_answer(struct api_call *call, struct err *err)
{
    struct buf whole = buf_in(call->arena, SIZE_MAX / 2);
    struct span prefix = span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(call->in_path.text))),
                after = {0};
    struct store_row *rows;
    size_t count = ROWS;
    struct json piece;

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
