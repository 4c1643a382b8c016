#include "register/apply.h"

/*
 * Incidents, and the reports and claims linked to them. Nothing is merged: each report
 * and each claim keeps its own row for ever, beside those that contradict it.
 */

static struct span text_of(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}

/* Where a kind's rows are, and how they move. */
static const struct room {
    const char *kind, *table;
} item_rooms[] = {
    {"incident.open", "incident"},
    {"incident.report", "report"},
    {"claim", "claim"},
};

static const struct move item_moves[] = {
    {"file", "", "live"},
    {"supersede", "live", "superseded"},
    {"record.withdraw", "live", "withdrawn"},
    {"open", "", "open"},
    {"record.withdraw", "open", "withdrawn"},
};

static const struct move link_moves[] = {
    {"file", "", "linked"},
    {"incident.link", "", "linked"},
    {"incident.link", "unlinked", "linked"},
    {"incident.unlink", "linked", "unlinked"},
};

static const char *table_of(struct span kind)
{
    for (size_t i = 0; i < ARRAY_LEN(item_rooms); i++)
        if (span_is(kind, item_rooms[i].kind))
            return item_rooms[i].table;
    assert(!"a kind that stands in no room of incidents");
    return NULL;
}

static void sign_row(struct apply *a, struct json *row, const char *state)
{
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(state), a->arena);
}

/* The entry's own fields, without `parts`: what rules may read. */
static struct json *row_of_body(struct apply *a)
{
    struct json *row = apply_copy(a, NULL);

    for (size_t i = 0; i < a->kind->count; i++) {
        const struct json *value = json_get(a->body, a->kind->fields[i].name);

        if (value)
            json_set(row, a->kind->fields[i].name, *value, a->arena);
    }
    return row;
}

static struct span id_in(struct apply *a)
{
    return span_of(a->record.id_text);
}

/* One live record a signer, kind and external id: the next must name it. */
static bool claim_external_id(struct apply *a, struct err *err)
{
    struct span external = text_of(a->body, "external_id");
    struct json *row = apply_copy(a, NULL);
    const struct json *held;

    if (external.len == 0)
        return true;
    struct span key =
        apply_key(a, "%s %.*s %.*s", a->kind->name, SPAN_ARG(a->record.by), SPAN_ARG(external));
    if (!apply_get(a, "external", key, &held, err))
        return false;
    if (held && !span_equal(text_of(held, "id"), text_of(a->body, "supersedes")))
        return apply_void(a, REASON_EXTERNAL_ID, "\"%.*s\" is record %.*s", SPAN_ARG(external),
                          SPAN_ARG(text_of(held, "id")));
    json_set_string(row, "id", id_in(a), a->arena);
    return apply_put(a, "external", key, row, err);
}

/* Moves a row of the signer's own. Void when it is another's, or in a state that has no such move.
 */
static bool move_own(struct apply *a, struct span kind, struct span id, const char *on,
                     struct span superseded_by, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table_of(kind), id, &before, err))
        return false;
    if (!span_equal(text_of(before, "by"), a->record.by))
        return apply_void(a, REASON_NOT_YOURS, "record %.*s was signed by %.*s", SPAN_ARG(id),
                          SPAN_ARG(text_of(before, "by")));
    const char *to = move_to(item_moves, ARRAY_LEN(item_moves), on, text_of(before, "state"));
    if (!to)
        return apply_no_move(a, err, "record %.*s is %.*s", SPAN_ARG(id),
                             SPAN_ARG(text_of(before, "state")));

    struct json *row = apply_copy(a, before);
    json_set(row, "state", json_text(to), a->arena);
    if (superseded_by.len)
        json_set_string(row, "superseded_by", superseded_by, a->arena);
    return apply_put(a, table_of(kind), id, row, err);
}

static struct span link_key(struct apply *a, struct span incident, struct span record)
{
    return apply_key(a, "%.*s %.*s", SPAN_ARG(incident), SPAN_ARG(record));
}

static bool move_link(struct apply *a, const char *on, struct span incident, struct span record,
                      struct span record_kind, const char *basis, struct err *err)
{
    struct span key = link_key(a, incident, record);
    const struct json *before;

    if (!apply_get(a, "link", key, &before, err))
        return false;
    struct span from = text_of(before, "state");
    const char *to = move_to(link_moves, ARRAY_LEN(link_moves), on, from);
    if (!to)
        return apply_no_move(a, err, "it is %s", from.len ? "linked already" : "not linked");

    struct json *row = apply_copy(a, before);
    if (basis)
        json_set(row, "basis", json_text(basis), a->arena);
    json_set_string(row, "record_kind", record_kind, a->arena);
    sign_row(a, row, to);
    return apply_put(a, "link", key, row, err);
}

bool room_incident_open(struct apply *a, struct err *err)
{
    struct json *row = row_of_body(a);

    sign_row(a, row, move_to(item_moves, ARRAY_LEN(item_moves), "open", (struct span){0}));
    return claim_external_id(a, err) &&
           (apply_is_void(a) || apply_put(a, "incident", id_in(a), row, err));
}

static bool file_under(struct apply *a, struct err *err)
{
    struct span incident = text_of(a->body, "incident");

    return incident.len == 0 ||
           move_link(a, "file", incident, id_in(a), span_of(a->kind->name), "filed", err);
}

/* Reports and claims. */
bool room_incident_item(struct apply *a, struct err *err)
{
    struct span supersedes = text_of(a->body, "supersedes");
    struct json *row = row_of_body(a);
    bool ok = claim_external_id(a, err);

    sign_row(a, row, move_to(item_moves, ARRAY_LEN(item_moves), "file", (struct span){0}));
    if (ok && !apply_is_void(a) && supersedes.len)
        ok = move_own(a, span_of(a->kind->name), supersedes, "supersede", id_in(a), err);
    if (ok && !apply_is_void(a))
        ok = apply_put(a, table_of(span_of(a->kind->name)), id_in(a), row, err);
    return ok && (apply_is_void(a) || file_under(a, err));
}

static bool kind_of_record(struct apply *a, struct span id, struct span *out, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "record", id, &row, err))
        return false;
    *out = text_of(row, "kind");
    return true;
}

bool room_incident_link(struct apply *a, struct err *err)
{
    struct span record = text_of(a->body, "record"), kind;
    char *basis = arena_text(a->arena, text_of(a->body, "basis"));

    return kind_of_record(a, record, &kind, err) &&
           move_link(a, a->kind->name, text_of(a->body, "incident"), record, kind, basis, err);
}

bool room_incident_unlink(struct apply *a, struct err *err)
{
    struct span record = text_of(a->body, "record"), kind;

    return kind_of_record(a, record, &kind, err) &&
           move_link(a, a->kind->name, text_of(a->body, "incident"), record, kind, NULL, err);
}

bool room_record_withdraw(struct apply *a, struct err *err)
{
    struct span record = text_of(a->body, "record"), kind;

    return kind_of_record(a, record, &kind, err) &&
           move_own(a, kind, record, a->kind->name, (struct span){0}, err);
}
