#include "forms/flash_sign.h"

#include "record/kind.h"

#define KIND "incident.flash"

/* Into a copy: the fields are the caller's. */
static struct json with_names(const struct flash_record *record, struct arena *arena)
{
    struct json out = json_object();

    for (uint32_t i = 0; i < record->fields->object.count; i++)
        json_set(&out, arena_text(arena, record->fields->object.at[i].key),
                 record->fields->object.at[i].value, arena);
    if (record->on_behalf.len && kind_field(kind_find(SPAN_LIT(KIND), 1), "on_behalf"))
        json_set_string(&out, "on_behalf", record->on_behalf, arena);
    if (record->external_id.len)
        json_set_string(&out, "external_id", record->external_id, arena);
    return out;
}

/* Where a village is and how it speaks can tell who it was: what is signed for another is the
 * mission's, all of it, as by the form (form_table.c). Who signs for himself says it to all. */
bool flash_sign(struct author *author, const struct flash_record *record, struct submission *out,
                char id[65], struct arena *arena, struct err *err)
{
    const struct author_medium words = {
        .type = SPAN_LIT("text/plain"), .bytes = record->said, .tier = TIER_MISSION};
    struct json flat = with_names(record, arena);
    struct author_ask ask = {.kind = KIND,
                             .flat = &flat,
                             .least = record->on_behalf.len ? TIER_MISSION : TIER_PUBLIC,
                             .media = &words,
                             .media_count = record->said.len > 0};
    struct err fault = {0};

    if (author_sign_parts(author, &ask, out, id, arena, &fault))
        return true;
    if (fault.kind == ERR_MISSING && ask.media_count && !record->on_behalf.len) {
        ask.media_count = 0;
        return author_sign_parts(author, &ask, out, id, arena, err);
    }
    *err = fault;
    return false;
}
