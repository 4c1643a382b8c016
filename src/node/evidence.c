#include "node/inside.h"

#include "codec/hex.h"
#include "sync/accuse.h"

/*
 * DIR/evidence: what the log's key signed and may not have. What of it proves itself beside the log
 * that is here is kept as it came; where a proof takes hashes of the other log, it is made while
 * that is at hand, for nobody may show it again.
 */

#define MOST_EVIDENCE 100u
#define NOTE_SUFFIX ".note"
#define PROOF_SUFFIX ".split" /* of the same name */
#define NAME (2 * HASH_BYTES + 1)

/* Lines that are nobody's would make a hundred files of one checkpoint. */
static bool keep_note(struct node *node, struct span note, char out_name[NAME], bool *out_new,
                      struct err *err)
{
    struct arena arena = {0};
    struct witness_set *set = ARENA_NEW(&arena, struct witness_set);
    struct disk_entry *entry;
    size_t count, kept = 0;
    bool known = false;

    *out_new = false;
    bool ok = witness_set_read(set, node->reader, err) &&
              disk_list(node->world.disk, "evidence", &entry, &count, &arena, err);
    struct span bare = ok ? witness_merge(set, note, (struct span){0}, &arena) : note;
    struct hash hash = hash_of(bare);
    hex_text(out_name, hash_span(&hash));
    const char *path = arena_printf(&arena, "evidence/%s" NOTE_SUFFIX, out_name);
    for (size_t i = 0; ok && i < count; i++) {
        kept += span_ends_with(span_of(entry[i].path), SPAN_LIT(NOTE_SUFFIX));
        known = known || strcmp(entry[i].path, path) == 0;
    }
    if (ok && !known && kept < MOST_EVIDENCE)
        ok = *out_new = disk_replace(node->world.disk, path, bare, true, err);
    arena_free(&arena);
    return ok;
}

/* Out of the log here, to its own checkpoint, and the other's hashes. */
static bool make_proof(struct node *node, struct span note, struct span own,
                       const struct pull_split *split, struct span *out, struct arena *arena,
                       struct err *err)
{
    struct accuser accuser = {.note = own, .split = split};
    struct checkpoint checkpoint;
    struct proven proven;
    struct note parsed;
    bool ok = note_parse(&parsed, own, arena, err) &&
              checkpoint_parse(&checkpoint, parsed.text, err) &&
              log_reader_open(&accuser.log, node->world.disk, checkpoint.size, err) &&
              accuse(out, &proven, &accuser, "split", note, (struct span){0}, arena, err);

    log_reader_close(accuser.log);
    return ok;
}

/* The file that sulh check-proof takes; where nothing is proven there is none. */
static bool keep_proof(struct node *node, const char *name, struct span note, struct span own,
                       const struct pull_split *split, struct err *err)
{
    struct arena arena = {0};
    struct err unproven = {0};
    struct span proof;
    bool ok = true;

    if (make_proof(node, note, own, split, &proof, &arena, &unproven))
        ok = disk_replace(node->world.disk, arena_printf(&arena, "evidence/%s" PROOF_SUFFIX, name),
                          proof, true, err);
    arena_free(&arena);
    return ok;
}

bool evidence_keep(struct node *node, struct span note, struct span own,
                   const struct pull_split *split, struct err *err)
{
    char name[NAME], own_name[NAME];
    bool is_new, own_is_new;

    if (!keep_note(node, note, name, &is_new, err))
        return false;
    if (!is_new || own.len == 0)
        return true;
    return keep_note(node, own, own_name, &own_is_new, err) &&
           (!split || !split->known || keep_proof(node, name, note, own, split, err));
}
