#include "sync/pull.h"

#include "journal/log_reader.h"
#include "sync/pull_parts.h"
#include "sync/pull_tree.h"

struct pull {
    struct journal *journal;
    const struct source *source;
    struct follow *follow;
    struct pull_tree *tree;
    struct pull_parts parts;
    struct pull_result result;
};

/* Entries of the bundle `index`, those first that are not here yet. */
static bool take_entries(struct pull *pull, uint64_t index, const struct span *entry,
                         unsigned count, struct err *err)
{
    for (unsigned i = 0; i < count; i++) {
        if (index * TILE_WIDTH + i < follow_next(pull->follow))
            continue;
        if (!follow_entry(pull->follow, entry[i], err) ||
            !pull_parts_of(&pull->parts, pull->follow, entry[i], err))
            return false;
        pull->result.entries++;
    }
    return true;
}

static bool take_bundles(struct pull *pull, struct err *err)
{
    uint64_t size = follow_target(pull->follow)->size;
    uint64_t index = follow_next(pull->follow) / TILE_WIDTH;
    struct span entry[TILE_WIDTH];
    struct arena arena = {0};
    bool ok = true;

    for (; ok && index < size / TILE_WIDTH; index++) {
        arena_reset(&arena);
        ok = pull_tree_bundle(pull->tree, index, entry, &arena, err) &&
             take_entries(pull, index, entry, TILE_WIDTH, err);
    }
    arena_free(&arena);
    return ok && take_entries(pull, index, pull_tree_last(pull->tree),
                              (unsigned)(size % TILE_WIDTH), err);
}

/* What is no news is either known already, or another history. */
static bool check_known(struct journal *journal, const struct checkpoint *checkpoint,
                        const struct checkpoint *head, struct err *err)
{
    struct log_reader *reader;
    struct merkle tree;

    if (!log_reader_open(&reader, journal_disk(journal), head->size, err))
        return false;
    bool ok = merkle_load(&tree, checkpoint->size, log_reader_hash, reader, err);
    log_reader_close(reader);
    if (!ok) {
        err->kind = ERR_IO; /* our own disk, whatever is wrong with it */
        return false;
    }
    if (!hash_equal(merkle_root(&tree), checkpoint->root) &&
        strcmp(checkpoint->origin, head->origin) == 0)
        return err_set(err, ERR_CONFLICT,
                       "the checkpoint of %" PRIu64 " entries is not what the %" PRIu64
                       " that are here begin with: the log's key has signed two histories",
                       checkpoint->size, head->size);
    return err_set(err, ERR_USAGE,
                   "%" PRIu64 " entries are here already, the checkpoint has %" PRIu64, head->size,
                   checkpoint->size);
}

static bool check_news(struct journal *journal, struct span note, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct note parsed;
    struct journal_head head;

    journal_head(journal, &head, &arena);
    bool ok = log_keys_open(journal_keys(journal), &checkpoint, &parsed, note, &arena, err) &&
              (checkpoint.size > head.checkpoint.size ||
               check_known(journal, &checkpoint, &head.checkpoint, err));
    arena_free(&arena);
    return ok;
}

static bool run(struct pull *pull, struct span note, struct err *err)
{
    if (!check_news(pull->journal, note, err) ||
        !follow_begin(&pull->follow, pull->journal, note, err))
        return false;
    if (!pull_tree_open(&pull->tree, pull->source, follow_edge(pull->follow),
                        follow_target(pull->follow), err) ||
        !pull_tree_extends(pull->tree, err) || !take_bundles(pull, err)) {
        follow_abandon(pull->follow);
        return false;
    }
    return follow_end(pull->follow, err);
}

static struct pull_split split_of(struct pull_tree *tree)
{
    struct pull_split split = {0};
    struct err not_given = {0};

    split.known = pull_tree_prove(tree, &split.root, &split.path, &not_given);
    return split;
}

bool pull_log(struct pull_result *out, struct journal *journal, const struct source *source,
              struct span note, struct err *err)
{
    struct pull pull = {
        .journal = journal,
        .source = source,
        .parts = {.have = journal_parts(journal), .source = source, .disk = journal_disk(journal)}};
    bool ok = run(&pull, note, err);

    if (!ok && err->kind == ERR_CONFLICT && pull.tree)
        out->split = split_of(pull.tree);
    pull_tree_close(pull.tree);
    if (!ok)
        return err_wrap(err, "pull");
    pull.result.parts = pull.parts.came;
    pull.result.owed = pull.parts.owed;
    *out = pull.result;
    return true;
}
