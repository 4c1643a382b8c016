#include "register/apply.h"

/*
 * Incidents, and what is linked to them. Nothing is merged: each report, each claim and each
 * observation keeps its own row for ever, beside those that contradict it. Those that are the
 * work of a case have their lines in other rooms, and use the steps of this one.
 */

static const struct register_item items[] = {
    {"incident.open", "incident", false},
    {"incident.report", "report", true},
    {"claim", "claim", true},
    {"incident.flash", "flash", true},
    {"incident.observe", "observation", true},
    {"incident.read", "reading", true},
    {"incident.warn", "warning", true},
    {"access.restriction", "restriction", true},
    {"coverage.watch", "watch", false},
    {"coverage.outage", "outage", false},
    {"notice.give", "notice", false},
    {"guarantee.give", "guarantee", false},
    {"statement.log", "statement", false},
    {"paper.table", "paper", false},
};

const struct register_item *register_item_at(size_t index)
{
    return index < ARRAY_LEN(items) ? &items[index] : NULL;
}

const char *register_item_table(struct span kind)
{
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        if (span_is(kind, items[i].kind))
            return items[i].table;
    return NULL;
}

/* Of a kind that is known to have one: the record's own, or one that its fields let in. */
static const char *table_of(struct span kind)
{
    const char *table = register_item_table(kind);

    assert(table);
    return table;
}

static void sign_row(struct apply *a, struct json *row, const char *state)
{
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(state), a->arena);
}

static struct span id_in(struct apply *a)
{
    return span_of(a->record.id_text);
}

static struct span external_key(struct apply *a, struct span kind, struct span external)
{
    return apply_join(a, apply_join(a, kind, ' ', a->record.by), ' ', external);
}

/* Whether the record that has the external id still speaks. */
static bool held_live(struct apply *a, const struct json *held, bool *out, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, table_of(a->record.kind), json_get_text(held, "id"), &row, err))
        return false;
    struct span state = json_get_text(row, "state");
    *out = !span_is(state, "superseded") && !span_is(state, "withdrawn");
    return true;
}

/* One live record a signer, kind and external id: the next must name it. The last one
 * keeps its place when it is live no longer, so that who imports knows it by it. */
static bool take_external_id(struct apply *a, struct err *err)
{
    struct span external = json_get_text(a->body, "external_id");
    struct json *row = apply_copy(a, NULL);
    const struct json *held;
    bool live = false;

    if (external.len == 0)
        return true;
    struct span key = external_key(a, a->record.kind, external);
    if (!apply_get(a, "external", key, &held, err) || (held && !held_live(a, held, &live, err)))
        return false;
    if (live && !span_equal(json_get_text(held, "id"), json_get_text(a->body, "supersedes")))
        return apply_void(a, REASON_EXTERNAL_ID, "\"%.*s\" is record %.*s", SPAN_ARG(external),
                          SPAN_ARG(json_get_text(held, "id")));
    json_set_string(row, "id", id_in(a), a->arena);
    return apply_put(a, "external", key, row, err);
}

/* Moves a row of the signer's own. Void when it is another's, or in a state that has no
 * such move. */
static bool move_own(struct apply *a, struct span kind, struct span id, const char *on,
                     struct span superseded_by, struct err *err)
{
    const char *table = table_of(kind);
    const struct json *before;

    if (!apply_get(a, table, id, &before, err))
        return false;
    if (!span_equal(json_get_text(before, "by"), a->record.by))
        return apply_void(a, REASON_NOT_YOURS, "record %.*s was signed by %.*s", SPAN_ARG(id),
                          SPAN_ARG(json_get_text(before, "by")));
    const char *to = move_to(table, on, json_get_text(before, "state"));
    if (!to)
        return apply_no_move(a, err, "record %.*s is %.*s", SPAN_ARG(id),
                             SPAN_ARG(json_get_text(before, "state")));

    struct json *row = apply_copy(a, before);
    json_set(row, "state", json_text(to), a->arena);
    if (superseded_by.len)
        json_set_string(row, "superseded_by", superseded_by, a->arena);
    return apply_put(a, table, id, row, err);
}

/* `basis` empty: the link keeps the one it has. */
static bool move_link(struct apply *a, const char *on, struct span incident, struct span record,
                      struct span record_kind, struct span basis, struct err *err)
{
    struct span key = apply_join(a, incident, ' ', record);
    const struct json *before;

    if (!apply_get(a, "link", key, &before, err))
        return false;
    struct span from = json_get_text(before, "state");
    const char *to = move_to("link", on, from);
    if (!to)
        return apply_no_move(a, err, "the record is %.*s",
                             SPAN_ARG(from.len ? from : SPAN_LIT("not linked")));

    struct json *row = apply_copy(a, before);
    if (basis.len)
        json_set_string(row, "basis", basis, a->arena);
    json_set_string(row, "record_kind", record_kind, a->arena);
    sign_row(a, row, to);
    return apply_put(a, "link", key, row, err);
}

bool item_file(struct apply *a, struct err *err)
{
    struct span incident = json_get_text(a->body, "incident");

    return incident.len == 0 ||
           move_link(a, "filed", incident, id_in(a), a->record.kind, SPAN_LIT("filed"), err);
}

bool item_replaces(struct apply *a, struct err *err)
{
    struct span supersedes = json_get_text(a->body, "supersedes");

    if (!take_external_id(a, err))
        return false;
    return apply_is_void(a) || supersedes.len == 0 ||
           move_own(a, a->record.kind, supersedes, "superseded", id_in(a), err);
}

/* Incidents, reports and claims: what each of them says becomes a row. */
bool room_incident_item(struct apply *a, struct err *err)
{
    const char *table = table_of(a->record.kind);
    struct json *row = apply_row_of_body(a);

    if (!item_replaces(a, err))
        return false;
    if (apply_is_void(a))
        return true;
    sign_row(a, row, move_to(table, a->kind->name, (struct span){0}));
    return apply_put(a, table, id_in(a), row, err) && item_file(a, err);
}

static bool kind_of_record(struct apply *a, struct span id, struct span *out, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "record", id, &row, err))
        return false;
    *out = json_get_text(row, "kind");
    return true;
}

/* Links and unlinks, which has no basis of its own. */
bool room_incident_link(struct apply *a, struct err *err)
{
    struct span record = json_get_text(a->body, "record"), kind;

    return kind_of_record(a, record, &kind, err) &&
           move_link(a, a->kind->name, json_get_text(a->body, "incident"), record, kind,
                     json_get_text(a->body, "basis"), err);
}

bool room_record_withdraw(struct apply *a, struct err *err)
{
    struct span record = json_get_text(a->body, "record"), kind;

    return kind_of_record(a, record, &kind, err) &&
           move_own(a, kind, record, a->kind->name, (struct span){0}, err);
}
