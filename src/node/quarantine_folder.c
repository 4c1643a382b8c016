#include "node/quarantine_folder.h"

#define RECORD_BYTES (1u << 20)

static bool read_record(struct disk *disk, struct quarantine_folder *folder, const char *path,
                        struct arena *arena, struct err *err)
{
    struct span id = span_from(span_of(path), strlen(QUARANTINE_FOLDER "/")), bytes;

    if (id.len < QUARANTINE_HEX_TEXT)
        return true; /* none of ours */
    folder->record[folder->records].id = span_slice(id, 0, QUARANTINE_HEX_TEXT - 1);
    return disk_read(disk, path, RECORD_BYTES, &bytes, arena, err) &&
           (json_parse(&folder->record[folder->records++].value, bytes, arena, err) ||
            err_wrap(err, "%s", path));
}

bool quarantine_folder_read(struct disk *disk, struct quarantine_folder *out, struct arena *arena,
                            struct err *err)
{
    struct quarantine_folder folder = {0};

    if (!disk_list(disk, QUARANTINE_FOLDER, &folder.entry, &folder.entries, arena, err))
        return false;
    folder.note = ARENA_ARRAY(arena, struct span, folder.entries + 1);
    folder.record = arena_array(arena, sizeof *folder.record, folder.entries + 1);
    for (size_t i = 0; i < folder.entries; i++) {
        const char *path = folder.entry[i].path;

        if (!folder.entry[i].regular)
            continue;
        if (span_ends_with(span_of(path), SPAN_LIT(".note")) &&
            !disk_read(disk, path, QUARANTINE_NOTE_BYTES, &folder.note[folder.notes++], arena, err))
            return false;
        if (span_ends_with(span_of(path), SPAN_LIT(".record")) &&
            !read_record(disk, &folder, path, arena, err))
            return false;
    }
    *out = folder;
    return true;
}

bool quarantine_says(struct json *out, struct span note, struct arena *arena, struct err *err)
{
    struct span line = {0};

    for (int i = 0; i < 3; i++)
        if (!span_cut(&note, '\n', &line))
            return err_set(err, ERR_MALFORMED, "a note of the quarantine is damaged");
    return json_parse(out, line, arena, err) || err_wrap(err, "a note of the quarantine");
}

bool quarantine_list(struct disk *disk, struct quarantine_noted **out, size_t *out_count,
                     struct arena *arena, struct err *err)
{
    struct quarantine_folder folder;

    if (!quarantine_folder_read(disk, &folder, arena, err))
        return false;
    *out = ARENA_ARRAY(arena, struct quarantine_noted, folder.notes + 1);
    *out_count = folder.notes;
    for (size_t i = 0; i < folder.notes; i++)
        (*out)[i].note = folder.note[i];
    for (size_t i = 0; i < folder.records; i++) {
        const struct json *notes = json_get(&folder.record[i].value, "notes");

        if (json_get_integer(&folder.record[i].value, "sure", 0) == 0)
            continue;
        for (uint32_t k = 0; notes && k < notes->array.count; k++)
            if (notes->array.at[k].integer > 0 &&
                (size_t)notes->array.at[k].integer <= folder.notes)
                (*out)[notes->array.at[k].integer - 1].record = folder.record[i].id;
    }
    return true;
}
