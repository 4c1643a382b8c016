#include "journal/applier.h"
#include "journal/audit_inside.h"
#include "journal/follow.h"
#include "journal/log_reader.h"
#include "journal/signer_file.h"

/*
 * What changes while a server is at work, as it stood at one moment: it is read between two
 * looks at the same checkpoint. The stage comes last, for a server stages before it signs
 * and before its store applies. Whether any of it is right is for the steps after this.
 * Of a log that is shown there is the checkpoint alone, and one look is enough.
 */

#define TRIES 1000u

void audit_snapshot_free(struct audit *audit)
{
    history_close(audit->history);
    tree_close(audit->tree);
    rows_close(audit->parts);
    audit->history = NULL;
    audit->tree = NULL;
    audit->parts = NULL;
}

static bool read_checkpoint(struct audit *audit, struct err *err)
{
    if (log_reader_checkpoint(audit->disk, &audit->checkpoint_note, &audit->arena, err))
        return true;
    return err->kind != ERR_IO &&
           audit_find(audit, LOG_CHECKPOINT, "%s",
                      err->kind == ERR_MISSING ? "it is not there: nothing is published"
                                               : err->text);
}

static bool read_signer(struct audit *audit, struct err *err)
{
    audit->signer_err.kind = ERR_NONE;
    if (signer_file_read(&audit->signer, audit->disk, &audit->signer_err))
        return true;
    *err = audit->signer_err;
    return err->kind != ERR_IO;
}

/* Looked for before the files are and after: it may come or go meanwhile. */
static bool read_following(struct audit *audit, struct err *err)
{
    uint64_t size;

    if (!follow_read(&size, audit->disk, err)) {
        audit->following_err = *err;
        return err->kind != ERR_IO;
    }
    if (size > audit->following)
        audit->following = size;
    return true;
}

static bool read_store(struct audit *audit, struct err *err)
{
    struct store_reader *reader = NULL;

    if (!audit->options->store)
        return true;
    bool ok = store_reader_open(audit->options->store, &reader, err) &&
              store_applied(reader, &audit->store_count, err) &&
              applier_digest_at(&audit->store_digest, reader, audit->store_count, err);
    store_reader_close(reader);
    audit->result->store_applied = audit->store_count;
    return ok;
}

/* The size that the checkpoint says, which nobody has verified yet; 0 where it says none. */
static uint64_t said_size(struct audit *audit)
{
    struct checkpoint checkpoint = {0};
    struct note note;
    struct err ignored;

    if (note_parse(&note, audit->checkpoint_note, &audit->arena, &ignored))
        (void)!checkpoint_parse(&checkpoint, note.text, &ignored);
    return checkpoint.size;
}

static bool add_part(void *context, struct span stored, struct err *err)
{
    struct hash hash = hash_of(stored);

    return audit_part_add(context, &hash, err);
}

static bool read_stage(struct audit *audit, struct err *err)
{
    struct err *wrong = &audit->stage_err;

    audit->stage_err.kind = ERR_NONE;
    if (!tree_open(&audit->tree, audit->disk, said_size(audit), err))
        return false;
    if (history_open(&audit->history, audit->disk, audit->tree, true, wrong) &&
        history_parts(audit->history, add_part, audit, wrong))
        return true;
    *err = *wrong;
    return err->kind != ERR_IO;
}

static bool has_settled(struct audit *audit)
{
    struct span now;
    struct err ignored;

    return log_reader_checkpoint(audit->disk, &now, &audit->arena, &ignored) &&
           span_equal(now, audit->checkpoint_note);
}

bool audit_snapshot(struct audit *audit, struct err *err)
{
    bool ok = true, settled = false;

    for (unsigned i = 0; ok && !settled && !audit->found && i < TRIES; i++) {
        audit_snapshot_free(audit);
        ok = read_checkpoint(audit, err);
        if (!ok || audit->found)
            break;
        audit->following = 0;
        audit->following_err.kind = ERR_NONE;
        ok = read_signer(audit, err) && read_store(audit, err) && read_following(audit, err) &&
             disk_list(audit->disk, "log", &audit->file, &audit->file_count, &audit->arena, err) &&
             read_following(audit, err) && read_stage(audit, err);
        settled = audit->options->shown || has_settled(audit);
    }
    return ok;
}
