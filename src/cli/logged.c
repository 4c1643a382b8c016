#include "cli/logged.h"

bool logged_row(struct json *out, bool *out_there, struct node *node, const char *table,
                struct span key, struct arena *arena, struct err *err)
{
    struct span bytes;

    if (!store_get(node_reader(node), table, key, STORE_LATEST, &bytes, NULL, arena, err))
        return false;
    *out = json_object();
    *out_there = bytes.at != NULL;
    return !bytes.at || json_parse_canonical(out, bytes, arena, err);
}

static bool read_entry(struct span *out, struct node *node, uint64_t index, struct arena *arena,
                       struct err *err)
{
    struct log_reader *reader = NULL;
    struct checkpoint checkpoint;
    struct span note;

    if (!node_checkpoint(node, &checkpoint, &note, arena, err))
        return false;
    if (index >= checkpoint.size)
        return err_set(err, ERR_MISSING, "entry %" PRIu64 " is not published yet", index);
    bool ok = log_reader_open(&reader, node_disk(node), checkpoint.size, err) &&
              log_reader_entry(reader, index, out, err);
    if (ok)
        *out = arena_copy(arena, *out);
    log_reader_close(reader);
    return ok;
}

bool logged_record(struct record *out, uint64_t *out_index, struct node *node, struct span id,
                   struct arena *arena, struct err *err)
{
    struct json row;
    struct span entry;
    bool there;

    if (!logged_row(&row, &there, node, "record", id, arena, err))
        return false;
    if (!there)
        return err_set(err, ERR_MISSING, "there is no record %.*s", SPAN_ARG(id));
    *out_index = (uint64_t)json_get_integer(&row, "index", 0);
    return read_entry(&entry, node, *out_index, arena, err) && record_parse(out, entry, arena, err);
}

bool logged_passed(struct part *out, struct node *node, struct span record_id,
                   struct span commitment, struct arena *arena, struct err *err)
{
    struct record record;
    struct part part;
    uint64_t index = 0;

    if (!logged_record(&record, &index, node, record_id, arena, err) ||
        !parts_check(record.body, err))
        return false;
    for (size_t i = 0; part_at(record.body, i, &part); i++)
        if (part.media.len && span_equal(part.commitment, commitment)) {
            *out = part;
            return true;
        }
    return err_set(err, ERR_MISSING, "record %.*s passes on no such part", SPAN_ARG(record_id));
}
