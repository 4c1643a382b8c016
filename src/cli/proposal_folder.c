#include "cli/proposal.h"

#include "base/limits.h"
#include "base/reader.h"
#include "cli/cli.h"
#include "sys/disk.h"

/*
 * A proposal as a folder, to be carried from machine to machine: the agreement's own files in
 * agreement/, the text of record N in NNNN.text, and in NNNN.note that text signed.
 */

#define NUMBER_DIGITS 4u /* proposal_path */

/* --- writing --- */

static bool write_all(const struct proposal *p, struct disk *disk, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < p->folder.file_count; i++) {
        const char *path = arena_printf(p->arena, PROPOSAL_AGREEMENT "/%s", p->folder.file[i].name);

        ok = disk_replace(disk, path, p->folder.file[i].text, false, err);
    }
    for (size_t i = 0; ok && i < p->record_count; i++)
        ok = disk_replace(disk, proposal_path(p, i, "text"), p->record[i].text, false, err);
    return ok && disk_sync_all(disk, err);
}

bool proposal_write(const struct proposal *p, const char *path, struct err *err)
{
    struct disk *disk = NULL;
    bool ok = cli_make_directory(path, err) && disk_open(&disk, path, false, err) &&
              write_all(p, disk, err);

    disk_close(disk);
    return ok;
}

/* --- reading: the files --- */

/* NNNN.SUFFIX */
static bool is_numbered(size_t *out, struct span path, const char *suffix)
{
    struct span digits;
    uint64_t n;

    if (!span_cut(&path, '.', &digits) || !span_is(path, suffix) || digits.len != NUMBER_DIGITS)
        return false;
    while (digits.len > 1 && digits.at[0] == '0')
        digits = span_from(digits, 1);
    if (!decimal_parse(&n, digits, PROPOSAL_MOST_RECORDS - 1))
        return false;
    *out = (size_t)n;
    return true;
}

static bool is_of_agreement(const struct proposal *p, const char *path)
{
    for (size_t i = 0; i < p->folder.file_count; i++)
        if (strcmp(path,
                   arena_printf(p->arena, PROPOSAL_AGREEMENT "/%s", p->folder.file[i].name)) == 0)
            return true;
    return false;
}

static bool take_file(const struct proposal *p, struct proposal_found *found, struct disk *disk,
                      const char *path, struct err *err)
{
    size_t n;

    if (is_numbered(&n, span_of(path), "note"))
        return disk_read(disk, path, LIMIT_ENTRY_BYTES, &found->note[n], p->arena, err);
    if (!is_numbered(&n, span_of(path), "text"))
        return is_of_agreement(p, path) ||
               err_set(err, ERR_CONFLICT, "%s is no part of a proposal", path);
    if (n != found->texts) /* they come in order */
        return err_set(err, ERR_MISSING, "%s is missing", proposal_path(p, found->texts, "text"));
    return disk_read(disk, path, LIMIT_ENTRY_BYTES, &found->text[found->texts++], p->arena, err);
}

static bool take_files(const struct proposal *p, struct proposal_found *found, struct disk *disk,
                       struct err *err)
{
    struct disk_entry *entry;
    size_t count;
    bool ok = disk_list(disk, "", &entry, &count, p->arena, err);

    for (size_t i = 0; ok && i < count; i++)
        ok = take_file(p, found, disk, entry[i].path, err);
    return ok && (found->texts > 0 || err_set(err, ERR_MISSING, "it holds no 0000.text"));
}

bool proposal_read(struct proposal *p, const char *path, struct err *err)
{
    struct proposal_found *found = ARENA_NEW(p->arena, struct proposal_found);
    struct disk *disk = NULL;
    bool ok = disk_open(&disk, path, false, err) &&
              folder_read(&p->folder, arena_printf(p->arena, "%s/" PROPOSAL_AGREEMENT, path), "",
                          p->arena, err) &&
              take_files(p, found, disk, err) && proposal_take(p, found, err);

    disk_close(disk);
    return ok || err_wrap(err, "%s", path);
}

/* --- signing --- */

bool proposal_sign(struct proposal *p, const char *path, const struct note_signer *signer,
                   struct err *err)
{
    struct disk *disk = NULL;
    bool ok = proposal_check_signer(p, signer, err) && disk_open(&disk, path, false, err);

    for (size_t i = 0; ok && i < p->record_count; i++) {
        if (!span_is(p->record[i].by, signer->name))
            continue;
        p->record[i].note = note_sign(p->record[i].text, signer, p->arena);
        ok = disk_replace(disk, proposal_path(p, i, "note"), p->record[i].note, false, err);
    }
    ok = ok && disk_sync_all(disk, err);
    disk_close(disk);
    return ok;
}
