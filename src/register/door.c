#include "register/register.h"

#include "base/limits.h"

/* What the operator's door does with bytes (format §6.3). */

static bool refuse(struct door_answer *out, const char *reason)
{
    out->door = DOOR_REFUSED;
    out->reason = reason;
    if (out->why.kind == ERR_NONE)
        err_set(&out->why, ERR_REFUSED, "%s", reason);
    return true;
}

bool register_key(struct note_key *out, bool *found, const struct register_lookup *lookup,
                  struct span name, struct arena *arena, struct err *err)
{
    const struct json *row;

    if (!lookup->get(lookup->context, "key", name, &row, arena, err))
        return false;
    *found = row != NULL;
    return !row || note_key_parse_again(out, json_get_text(row, "vkey"), err);
}

/* Entry 0: the key is the first that it names itself. */
static bool open_log(struct door_answer *out, const struct record *record)
{
    const struct json *roots = json_get(record->body, "roots");
    bool has = roots && roots->type == JSON_ARRAY && roots->array.count > 0;
    struct note_key key;

    if (!span_is(record->kind, "agreement.adopt"))
        return refuse(out, "another agreement");
    if (!has || !note_key_parse(&key, json_get_text(&roots->array.at[0], "key"), &out->why))
        return refuse(out, "unknown key");
    return record_verify(record, &key) || refuse(out, "signature does not hold");
}

static bool judge(struct door_answer *out, const struct record *record,
                  const struct register_lookup *lookup, struct arena *arena, struct err *err)
{
    const struct json *agreement, *before;
    struct note_key key;
    bool found;

    if (!lookup->get(lookup->context, "agreement", SPAN_LIT("1"), &agreement, arena, err) ||
        !lookup->get(lookup->context, "record", span_of(record->id_text), &before, arena, err) ||
        !register_key(&key, &found, lookup, record->by, arena, err))
        return false;
    if (!span_equal(record->agreement, json_get_text(agreement, "name")))
        return refuse(out, "another agreement");
    if (!found) {
        err_set(&out->why, ERR_REFUSED, "no key \"%.*s\" was ever admitted", SPAN_ARG(record->by));
        return refuse(out, "unknown key");
    }
    if (!record_verify(record, &key))
        return refuse(out, "signature does not hold");
    if (before) {
        out->door = DOOR_REPEATED;
        out->index = (uint64_t)json_get_integer(before, "index", 0);
    }
    return true;
}

bool register_door(struct door_answer *out, struct record *record,
                   const struct register_lookup *lookup, uint64_t size, struct span bytes,
                   struct arena *arena, struct err *err)
{
    *out = (struct door_answer){.door = DOOR_OPEN};
    if (bytes.len > LIMIT_ENTRY_BYTES)
        return refuse(out, "too large");
    if (!record_parse(record, bytes, arena, &out->why))
        return refuse(out, "not a record");
    return size == 0 ? open_log(out, record) : judge(out, record, lookup, arena, err);
}
