#include "sync/outbox_inside.h"

#include "sync/lines.h"

#include "codec/hex.h"
#include "ledger/merkle.h"

#include <stdio.h>
#include <stdlib.h>

#define DIGITS 16u

void outbox_path(char out[OUTBOX_PATH], uint64_t number, const char *suffix)
{
    assert(number <= OUTBOX_NUMBER_MOST);
    snprintf(out, OUTBOX_PATH, OUTBOX_DIRECTORY "/%016" PRIu64 "%s", number, suffix);
}

/* --- names --------------------------------------------------------------- */

enum name { NAME_RECORD, NAME_PROMISE, NAME_REFUSAL, NAME_UNFINISHED, NAME_STRANGE };

static bool parse_number(uint64_t *out, struct span digits)
{
    uint64_t number = 0;

    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        number = 10 * number + (digits.at[i] - '0');
    }
    *out = number;
    return number > 0;
}

static enum name parse_path(uint64_t *out_number, const char *path)
{
    static const char *const suffixes[] = {
        [NAME_RECORD] = "", [NAME_PROMISE] = ".promise", [NAME_REFUSAL] = ".refusal"};
    struct span name = span_from(span_of(path), sizeof OUTBOX_DIRECTORY);
    struct span unfinished = span_of(DISK_UNFINISHED);

    if (span_ends_with(name, unfinished))
        return NAME_UNFINISHED;
    if (name.len < DIGITS || !parse_number(out_number, span_slice(name, 0, DIGITS)))
        return NAME_STRANGE;
    for (enum name i = NAME_RECORD; i <= NAME_REFUSAL; i++)
        if (span_is(span_from(name, DIGITS), suffixes[i]))
            return i;
    return NAME_STRANGE;
}

/* --- reading ------------------------------------------------------------- */

/* What a step of a message comes to may hang on the steps before it, which it does not name. */
static void set_about(struct outbox_entry *out, const struct record *record)
{
    static const char *const members[] = {"message", "reply_to"};

    for (size_t i = 0; i < ARRAY_LEN(members) && lines_carry(record->kind); i++)
        if (hex_parse(out->about.bytes, HASH_BYTES, json_get_text(record->body, members[i])))
            return;
    out->about = (struct hash){0};
}

void outbox_entry_fill(struct outbox_entry *out, const struct outbox_file *file)
{
    const struct record *record = &file->record;

    *out = (struct outbox_entry){
        .id = record->id,
        .payload = hash_of(file->payload),
        .leaf = merkle_leaf(file->submission.note),
        .seq = record->seq,
        .since_ms = file->since_ms,
        .has_parts = file->submission.part_count > 0,
    };
    for (size_t i = 0; i < file->submission.part_count; i++)
        out->has_large |= file->submission.part[i].len > LIMIT_SMALL_PART_BYTES;
    set_about(out, record);
    snprintf(out->kind, sizeof out->kind, "%.*s", SPAN_ARG(record->kind));
    snprintf(out->by, sizeof out->by, "%.*s", SPAN_ARG(record->by));
}

static bool read_file(struct disk *disk, const char *path, struct outbox_file *out,
                      size_t *out_bytes, struct arena *arena, struct err *err)
{
    struct span bytes;

    if (!disk_read(disk, path, OUTBOX_FILE_BYTES, &bytes, arena, err) ||
        !outbox_file_parse(out, bytes, arena, err))
        return false;
    *out_bytes = bytes.len;
    return true;
}

bool outbox_read(struct outbox *outbox, struct outbox_entry *entry, struct outbox_file *out,
                 struct arena *arena)
{
    char path[OUTBOX_PATH];
    struct err err = {0};
    size_t bytes;

    outbox_path(path, entry->number, "");
    if (read_file(outbox->options.disk, path, out, &bytes, arena, &err) &&
        hash_equal(out->record.id, entry->id))
        return true;
    outbox_add_damage(outbox, entry->number, true, path,
                      err.kind == ERR_NONE ? "it holds another record than before" : err.text);
    entry->gone = true;
    return false;
}

static bool read_promise(struct outbox *outbox, const struct outbox_entry *entry, const char *path,
                         struct promise *out, struct span *out_note, struct arena *arena,
                         struct err *err)
{
    struct hash id;

    if (!disk_read(outbox->options.disk, path, OUTBOX_STATEMENT_BYTES, out_note, arena, err) ||
        !promise_parse(out, *out_note, arena, err))
        return false;
    return (hex_parse(id.bytes, HASH_BYTES, span_of(out->id)) && hash_equal(id, entry->id) &&
            hash_equal(out->leaf, entry->leaf)) ||
           err_set(err, ERR_MALFORMED, "a promise of another record");
}

bool outbox_read_promise(struct outbox *outbox, struct outbox_entry *entry, struct promise *out,
                         struct span *out_note, struct arena *arena)
{
    char path[OUTBOX_PATH];
    struct err err = {0};

    outbox_path(path, entry->number, ".promise");
    entry->promised = read_promise(outbox, entry, path, out, out_note, arena, &err);
    if (!entry->promised) {
        entry->handed = entry->known = false;
        outbox_add_damage(outbox, entry->number, false, path, err.text);
    }
    return entry->promised;
}

/* --- at opening ---------------------------------------------------------- */

struct load {
    struct outbox *outbox;
    int64_t now_ms;
    struct arena arena; /* of one file */
};

/* That a file cannot be read is no reason to do without the others: it stays, and is told. */
static void load_record(struct load *load, uint64_t number, const char *path)
{
    struct outbox_file file;
    struct err err = {0};
    size_t bytes;

    if (!read_file(load->outbox->options.disk, path, &file, &bytes, &load->arena, &err)) {
        outbox_add_damage(load->outbox, number, true, path, err.text);
        return;
    }
    struct outbox_entry *entry = malloc(sizeof *entry);
    if (!entry)
        abort();
    outbox_entry_fill(entry, &file);
    entry->number = number;
    entry->bytes = bytes;
    outbox_index_add(load->outbox, entry);
}

/* It is not known when it was refused, so the hour begins anew. */
static bool take_refusal(struct load *load, struct outbox_entry *entry, struct span note,
                         struct err *err)
{
    struct outbox_file file;
    struct refusal refusal;

    if (!outbox_read(load->outbox, entry, &file, &load->arena))
        return err_set(err, ERR_MALFORMED, "what it is about cannot be read");
    if (!refusal_parse(&refusal, note, file.submission.note, &load->arena, err))
        return false;
    entry->refused = true;
    entry->hold = HOLD_REFUSED;
    entry->due_ms = load->now_ms + OUTBOX_REFUSED_AGAIN_MS;
    snprintf(entry->reason, sizeof entry->reason, "%s", refusal.reason);
    return true;
}

static void load_promise(struct load *load, struct outbox_entry *entry)
{
    struct promise promise;
    struct span note;

    if (outbox_read_promise(load->outbox, entry, &promise, &note, &load->arena)) {
        entry->known = true;
        entry->handed = !entry->has_large;
        entry->index = promise.index;
    }
}

static void load_refusal(struct load *load, struct outbox_entry *entry, const char *path)
{
    struct err err = {0};
    struct span note;

    if (!disk_read(load->outbox->options.disk, path, OUTBOX_STATEMENT_BYTES, &note, &load->arena,
                   &err) ||
        !take_refusal(load, entry, note, &err))
        outbox_add_damage(load->outbox, entry->number, false, path, err.text);
}

/* What was said to a record stands behind it in the list. */
static void load_said(struct load *load, enum name name, uint64_t number, const char *path)
{
    struct outbox_entry *entry = outbox_find(load->outbox, number);

    if (!entry)
        outbox_add_damage(load->outbox, number, false, path, "its record is not here");
    else if (name == NAME_PROMISE)
        load_promise(load, entry);
    else
        load_refusal(load, entry, path);
}

static bool load_entry(struct load *load, const struct disk_entry *file, struct err *err)
{
    uint64_t number = 0;
    enum name name = file->regular ? parse_path(&number, file->path) : NAME_STRANGE;

    if (name == NAME_UNFINISHED) /* nobody was told that it is here */
        return disk_remove(load->outbox->options.disk, file->path, err);
    if (number > load->outbox->last)
        load->outbox->last = number;
    if (name == NAME_STRANGE)
        outbox_add_damage(load->outbox, 0, false, file->path, "no file of the outbox");
    else if (name == NAME_RECORD)
        load_record(load, number, file->path);
    else
        load_said(load, name, number, file->path);
    return true;
}

bool outbox_load(struct outbox *outbox, int64_t now_ms, struct err *err)
{
    struct load load = {.outbox = outbox, .now_ms = now_ms};
    struct arena listing = {0};
    struct disk_entry *file;
    size_t count;

    bool ok = disk_list(outbox->options.disk, OUTBOX_DIRECTORY, &file, &count, &listing, err);
    for (size_t i = 0; ok && i < count; i++) {
        arena_reset(&load.arena);
        ok = load_entry(&load, &file[i], err);
    }
    outbox_sweep(outbox);
    arena_free(&load.arena);
    arena_free(&listing);
    return ok;
}

/* --- removing ------------------------------------------------------------ */

static bool remove_one(struct outbox *outbox, const struct outbox_entry *entry, const char *suffix,
                       struct err *err)
{
    char path[OUTBOX_PATH];

    outbox_path(path, entry->number, suffix);
    return disk_remove(outbox->options.disk, path, err);
}

static bool sync_names(struct outbox *outbox, struct err *err)
{
    return disk_sync_directory(outbox->options.disk, OUTBOX_DIRECTORY, err);
}

bool outbox_remove(struct outbox *outbox, struct outbox_entry *const *entries, size_t count,
                   struct err *err)
{
    bool said = false, ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        const struct outbox_entry *entry = entries[i];

        said = said || entry->promised || entry->refused;
        ok = (!entry->promised || remove_one(outbox, entry, ".promise", err)) &&
             (!entry->refused || remove_one(outbox, entry, ".refusal", err));
    }
    ok = ok && (!said || sync_names(outbox, err));
    for (size_t i = 0; ok && i < count; i++)
        ok = remove_one(outbox, entries[i], "", err);
    ok = ok && (count == 0 || sync_names(outbox, err));
    for (size_t i = 0; ok && i < count; i++)
        entries[i]->gone = true;
    return ok;
}

bool outbox_unpromise(struct outbox *outbox, struct outbox_entry *entry, struct err *err)
{
    bool ok = remove_one(outbox, entry, ".promise", err) && sync_names(outbox, err);

    if (ok) {
        entry->promised = false;
        entry->handed = entry->known = false;
        entry->hold = HOLD_NONE;
        entry->due_ms = 0;
    }
    return ok;
}
