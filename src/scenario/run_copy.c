#include "scenario/running.h"

#include "base/limits.h"
#include "node/node.h"
#include "store/store.h"
#include "sys/disk_sim.h"

/* Copies of the log: taken, altered, and gone on from. */

struct disk *run_copy_named(struct run *run, struct span name)
{
    for (size_t i = 0; i < run->copies; i++)
        if (span_equal(run->copy[i].name, name))
            return run->copy[i].disk;
    return NULL;
}

bool run_copy(struct run *run, const struct step *step, struct err *err)
{
    if (run->copies == RUN_COPIES)
        return err_set(err, ERR_LIMIT, "more than %u copies", RUN_COPIES);
    if (!journal_publish(node_journal(run->node), err))
        return false;
    run->copy[run->copies].name = step->name;
    run->copy[run->copies++].disk = disk_sim_copy(run->disk);
    return true;
}

/* The first place where the one stands in the other; the length of the other when it does not. */
static size_t place_of(struct span text, struct span part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (text.at[i] == part.at[0] && span_starts_with(span_from(text, i), part))
            return i;
    return text.len;
}

/* Changes a byte of what is said, in each of the files below log/ that have the record. */
static bool change(struct disk *disk, struct span note, bool *out_done, struct arena *arena,
                   struct err *err)
{
    struct disk_entry *entry;
    size_t count;
    struct span text;

    *out_done = false;
    if (!disk_list(disk, "log", &entry, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!disk_read(disk, entry[i].path, LIMIT_PART_BYTES, &text, arena, err))
            return false;
        size_t place = place_of(text, note);
        if (place == text.len)
            continue;
        struct span copy = arena_copy(arena, text);
        ((uint8_t *)(uintptr_t)copy.at)[place + note.len / 2] ^= 1;
        *out_done = true;
        if (!disk_replace(disk, entry[i].path, copy, true, err))
            return false;
    }
    return true;
}

bool run_alter(struct run *run, const struct step *step, struct err *err)
{
    struct disk *disk = run_copy_named(run, step->name);
    const struct name *record = names_find(&run->names, NAME_RECORD, step->as);
    bool done = false;

    if (!disk) {
        run_tell(run, step->at, false, "\"%.*s\" is no copy of the log", SPAN_ARG(step->name));
        return true;
    }
    if (record && record->note.len && !change(disk, record->note, &done, &run->working, err))
        return false;
    if (!done)
        run_tell(run, step->at, false, "%.*s is not in that copy", SPAN_ARG(step->as));
    return true;
}

/* The log goes on from a copy: what was not in it is lost, and everything that follows from the
 * log is computed anew. */
bool run_restore(struct run *run, const struct step *step, struct err *err)
{
    struct disk *disk = run_copy_named(run, step->name);

    if (!disk) {
        run_tell(run, step->at, false, "\"%.*s\" is no copy of the log", SPAN_ARG(step->name));
        return true;
    }
    run_close(run);
    disk_close(run->disk);
    store_close(run->store);
    run->disk = disk_sim_copy(disk);
    run->store = NULL;
    return store_open(&run->store, "memory:", err) && run_open(run, err);
}
