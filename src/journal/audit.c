#include "journal/audit_inside.h"

#include <stdarg.h>
#include <stdio.h>

#include "journal/follow.h"
#include "journal/log_reader.h"
#include "journal/signer_file.h"
#include "journal/tile_check.h"

#define TRIES 5u

__attribute__((format(printf, 3, 0))) static bool find(struct audit *audit, const char *path,
                                                       const char *format, va_list args)
{
    struct audit_result *result = audit->result;
    size_t len = 0;

    assert(!audit->found);
    audit->found = true;
    snprintf(result->path, sizeof result->path, "%s", path);
    if (result->has_entry)
        len = (size_t)snprintf(result->text, sizeof result->text, "entry %" PRIu64 ": ",
                               result->entry);
    if (path[0])
        len += (size_t)snprintf(result->text + len, sizeof result->text - len, "%s: ", path);
    vsnprintf(result->text + len, sizeof result->text - len, format, args);
    return true;
}

bool audit_find(struct audit *audit, const char *path, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    find(audit, path, format, args);
    va_end(args);
    return true;
}

bool audit_find_entry(struct audit *audit, uint64_t entry, const char *path, const char *format,
                      ...)
{
    va_list args;

    audit->result->has_entry = true;
    audit->result->entry = entry;
    va_start(args, format);
    find(audit, path, format, args);
    va_end(args);
    return true;
}

bool audit_in_flight(const struct audit *audit)
{
    return audit->following > 0 || audit->stage_first < audit->checkpoint.size ||
           history_size(audit->history) > audit->checkpoint.size;
}

/* A disk that does not answer is a fault, all else about it a finding. */
static bool find_err(struct audit *audit, const char *path, struct err *err)
{
    return err->kind != ERR_IO && audit_find(audit, path, "%s", err->text);
}

/* The steps. */

/* Where entry 0 is: as wide as the checkpoint says, which nobody has verified yet; or
 * else the widest there is. */
static bool first_bundle(const struct audit *audit, struct tile *out)
{
    unsigned said = tile_width_at(TILE_ENTRIES, 0, tree_published(audit->tree));

    *out = (struct tile){.level = TILE_ENTRIES};
    if (audit->options->shown)
        out->width = said;
    for (size_t i = 0; i < audit->file_count; i++) {
        struct tile tile;

        if (!audit_parse_tile(&audit->file[i], &tile) || tile.level != TILE_ENTRIES ||
            tile.index != 0)
            continue;
        if (tile.width > out->width)
            *out = tile;
        if (tile.width == said) {
            *out = tile;
            break;
        }
    }
    return out->width > 0;
}

static bool read_anchor(struct audit *audit, struct err *err)
{
    struct tile tile;
    struct span bundle, entry;
    char path[LOG_PATH];

    if (audit->options->shown && tree_published(audit->tree) == 0)
        return audit_find(audit, LOG_CHECKPOINT, "it is of no entries");
    if (!first_bundle(audit, &tile))
        return audit_find(audit, "log/tile/entries/000", "it is not there");
    log_tile_path(path, tile);
    if (!log_read_bundle(audit->disk, tile, &bundle, &audit->arena, err))
        return find_err(audit, path, err);
    if (!tile_bundle_next(&bundle, &entry))
        return audit_find_entry(audit, 0, path, "the bundle ends before or within it");
    if (!anchor_parse(&audit->anchor, entry, err))
        return audit_find_entry(audit, 0, path, "%s", err->text);

    struct audit_result *result = audit->result;
    memcpy(result->agreement, audit->anchor.agreement, sizeof result->agreement);
    memcpy(result->agreement_id, audit->anchor.id, sizeof result->agreement_id);
    memcpy(result->origin, audit->anchor.log.name, sizeof result->origin);
    if (audit->options->agreement_id && strcmp(audit->options->agreement_id, audit->anchor.id) != 0)
        return audit_find_entry(audit, 0, path, "it is %s, not the agreement asked for",
                                audit->anchor.id);
    return true;
}

/* What the directory gives strangers to check with must be what entry 0 names. */
static bool check_log_keys(struct audit *audit, struct err *err)
{
    const struct note_key *named = &audit->anchor.log, *first = &audit->keys.at[0];

    if (!log_keys_read(&audit->keys, audit->disk, err)) {
        audit->keys = (struct log_keys){.at = {*named}, .count = 1};
        return err->kind == ERR_MISSING || find_err(audit, LOG_KEYS_FILE, err);
    }
    return (strcmp(first->name, named->name) == 0 &&
            memcmp(&first->key, &named->key, sizeof first->key) == 0) ||
           audit_find(audit, LOG_KEYS_FILE, "it is not the log key that entry 0 names");
}

/* The log's line first, then others in the order of their names, each name once. */
static bool in_order(const struct note *note, const char *origin)
{
    for (size_t i = 2; i < note->count; i++)
        if (span_compare(note->line[i - 1].name, note->line[i].name) >= 0)
            return false;
    return span_is(note->line[0].name, origin);
}

/* In the very bytes that it is written in. Whose the other lines are, the register says. */
static bool check_checkpoint(struct audit *audit, struct err *err)
{
    struct checkpoint *checkpoint = &audit->checkpoint;
    const struct note *note = &audit->note;
    struct buf again = buf_in(&audit->arena, LIMIT_CHECKPOINT_BYTES);

    if (!log_keys_open(&audit->keys, checkpoint, &audit->note, audit->checkpoint_note,
                       &audit->arena, err))
        return audit_find(audit, LOG_CHECKPOINT, "%s", err->text);
    if (!in_order(note, checkpoint->origin))
        return audit_find(audit, LOG_CHECKPOINT,
                          "its lines are not the log's, then those of "
                          "witnesses in the order of their names");
    checkpoint_put(&again, checkpoint);
    buf_byte(&again, '\n');
    for (size_t i = 0; i < note->count; i++)
        note_put_line(&again, note->line[i].name, note->line[i].key_id, note->line[i].signature);
    if (!span_equal(buf_span(&again), audit->checkpoint_note))
        return audit_find(audit, LOG_CHECKPOINT, "it is not in its one form");
    memcpy(audit->result->origin, checkpoint->origin, sizeof audit->result->origin);
    audit->result->entries = checkpoint->size;
    audit->result->root = checkpoint->root;
    return true;
}

static bool check_tiles(struct audit *audit, struct err *err)
{
    struct tile_check *check = ARENA_NEW(&audit->arena, struct tile_check);

    check->disk = audit->disk;
    check->size = audit->checkpoint.size;
    check->root = &audit->checkpoint.root;
    check->progress = audit->options->progress;
    if (!tile_check(check, err))
        return false;
    if (check->has_entry)
        return audit_find_entry(audit, check->entry, check->path, "%s", check->why.text);
    if (check->path[0])
        return audit_find(audit, check->path, "%s", check->why.text);
    return hash_equal(edge_root(&check->edge), audit->checkpoint.root) ||
           audit_find(audit, LOG_CHECKPOINT, "the tiles have another root than it says");
}

static bool check_stage(struct audit *audit, struct err *err)
{
    size_t count;

    (void)err;
    if (audit->stage_err.kind != ERR_NONE)
        return audit_find(audit, "stage", "%s", audit->stage_err.text);
    const struct stage_file *file = history_stage(audit->history, &count);
    audit->stage_first = count > 0 ? file[0].first : audit->checkpoint.size;
    audit->result->staged = history_size(audit->history) - audit->checkpoint.size;
    audit->result->to_recover =
        audit_in_flight(audit) ||
        (count > 0 && history_whole_bytes(audit->history) != file[count - 1].bytes);
    return true;
}

static bool check_following(struct audit *audit, struct err *err)
{
    (void)err;
    return audit->following_err.kind == ERR_NONE ||
           audit_find(audit, FOLLOWING_FILE, "%s", audit->following_err.text);
}

/* Whether the checkpoint was signed elsewhere: of a key that is here it is known what it has
 * signed, and entries are staged where they are to be signed. */
static bool is_followed(struct audit *audit)
{
    const char *key = arena_printf(&audit->arena, "keys/%s.key", audit->checkpoint.origin);
    size_t staged;
    uint64_t size;
    struct err missing = {0};

    history_stage(audit->history, &staged);
    return !disk_size(audit->disk, key, &size, &missing) && missing.kind == ERR_MISSING &&
           (staged == 0 || audit->keys.count > 1);
}

static bool check_signer(struct audit *audit, struct err *err)
{
    const struct checkpoint *last = &audit->signer;
    struct hash root;

    if (audit->signer_err.kind == ERR_MISSING && is_followed(audit))
        return true;
    if (audit->signer_err.kind != ERR_NONE)
        return audit_find(audit, SIGNER_FILE, "%s", audit->signer_err.text);
    if (!log_keys_find(&audit->keys, span_of(last->origin)))
        return audit_find(audit, SIGNER_FILE, "it is another log's");
    if (strcmp(last->origin, audit->checkpoint.origin) != 0)
        return true; /* of another term: the log went on without it */
    if (last->size < audit->checkpoint.size)
        return audit_find(audit, SIGNER_FILE, "it is older than the checkpoint");
    if (last->size > history_size(audit->history))
        return audit_find(audit, SIGNER_FILE,
                          "size %" PRIu64 " was signed, log and stage hold %" PRIu64 " entries",
                          last->size, history_size(audit->history));
    return tree_root(audit->tree, last->size, &root, err) &&
           (hash_equal(root, last->root) ||
            audit_find(audit, SIGNER_FILE, "another root was signed at size %" PRIu64, last->size));
}

static audit_step *const steps[] = {
    audit_snapshot, read_anchor,     check_log_keys, check_checkpoint, check_tiles,
    check_stage,    check_following, audit_names,    audit_partials,   check_signer,
    audit_register, audit_terms,     audit_lines,
};

static bool run(struct audit *audit, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && !audit->found && i < ARRAY_LEN(steps); i++)
        ok = steps[i](audit, err);
    if (!ok && !audit->found) /* read again, it was not what it had been */
        ok = find_err(audit, "", err);
    audit->result->ok = ok && !audit->found;
    return ok;
}

/* A log that grew while it was looked at explains what seemed wrong, or was gone. */
static bool grew(struct audit *audit)
{
    struct span now;
    struct err ignored;

    return audit->checkpoint_note.len > 0 && !audit->options->shown &&
           log_reader_checkpoint(audit->disk, &now, &audit->arena, &ignored) &&
           !span_equal(now, audit->checkpoint_note);
}

bool audit_run(struct audit_result *out, const struct audit_options *options, struct err *err)
{
    bool ok = true, again = true;

    for (unsigned i = 0; again && i < TRIES; i++) {
        struct audit audit = {.options = options, .result = out, .disk = options->disk};
        *out = (struct audit_result){.has_store = options->store != NULL, .shown = options->shown};
        ok = run(&audit, err);
        again = !out->ok && grew(&audit);
        audit_snapshot_free(&audit);
        rows_close(audit.rows);
        arena_free(&audit.arena);
    }
    return ok || err_wrap(err, "audit");
}
