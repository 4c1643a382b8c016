#include "journal/anchor.h"

#include "record/kind.h"
#include "record/record.h"

static bool copy_name(char out[104], struct span name)
{
    if (!note_name_valid(name))
        return false;
    memcpy(out, name.at, name.len);
    out[name.len] = '\0';
    return true;
}

static bool read_keys(struct anchor *out, const struct json *body, struct err *err)
{
    const struct json *roots = json_get(body, "roots");
    const struct json *first = roots->array.at; /* of the kind's shape: there is one */

    return (note_key_parse(&out->log, json_get_text(body, "log_key"), err) ||
            err_wrap(err, "the log's key")) &&
           (note_key_parse(&out->promise, json_get_text(body, "promise_key"), err) ||
            err_wrap(err, "the promise key")) &&
           (note_key_parse(&out->root, json_get_text(first, "key"), err) ||
            err_wrap(err, "the first root's key"));
}

static bool read_body(struct anchor *out, const struct record *record, struct err *err)
{
    const struct kind *kind = kind_find(record->kind, record->version);
    const struct json *body = record->body;

    if (!kind || strcmp(kind->name, "agreement.adopt") != 0)
        return err_set(err, ERR_MALFORMED, "it is no agreement.adopt");
    if (!kind_check_body(kind, body, err) || !read_keys(out, body, err))
        return false;
    if (!copy_name(out->operator, json_get_text(body, "operator")))
        return err_set(err, ERR_MALFORMED, "its operator has no name");
    if (!copy_name(out->agreement, json_get_text(body, "name")) ||
        !span_equal(record->agreement, json_get_text(body, "name")))
        return err_set(err, ERR_MALFORMED, "its first line is not the agreement that it names");
    if (!span_is(json_get_text(body, "origin"), out->log.name))
        return err_set(err, ERR_MALFORMED, "the log's key has another name than the origin");
    if (!record_verify(record, &out->root))
        return err_set(err, ERR_MALFORMED, "it is not signed by the first root that it names");
    return true;
}

bool anchor_parse(struct anchor *out, struct span entry, struct err *err)
{
    struct arena arena = {0};
    struct record record;
    struct anchor anchor = {0};

    bool ok = record_parse(&record, entry, &arena, err) && read_body(&anchor, &record, err);
    if (ok) {
        memcpy(anchor.id, record.id_text, sizeof anchor.id);
        *out = anchor;
    }
    arena_free(&arena);
    return ok || err_wrap(err, "entry 0");
}

bool anchor_check(const struct anchor *anchor, const char *agreement, const struct note_key *log,
                  const struct note_key *promise, struct err *err)
{
    if (strcmp(anchor->agreement, agreement) != 0)
        return err_set(err, ERR_CONFLICT, "entry 0 is of the agreement %s, not %s",
                       anchor->agreement, agreement);
    if (!note_key_equal(&anchor->log, log))
        return err_set(err, ERR_CONFLICT, "entry 0 names another log key, that of %s",
                       anchor->log.name);
    if (promise && !note_key_equal(&anchor->promise, promise))
        return err_set(err, ERR_CONFLICT, "entry 0 names another promise key, that of %s",
                       anchor->promise.name);
    return true;
}
