#include "journal/tree.h"

#include "journal/log_reader.h"

#include <stdlib.h>

#define LEVELS 54u /* LIMIT_TREE_SIZE is below 2^53 */
#define ROOTS 256u

struct level { /* hashes of complete subtrees, from number `first` on */
    struct hash *at;
    uint64_t first;
    size_t count, room;
};

struct tree {
    struct log_reader *log;
    uint64_t size;
    struct level level[LEVELS];
    /* Records that came together have seen the same few checkpoints. */
    struct {
        uint64_t size; /* 0: empty */
        struct hash root;
    } root[ROOTS];
};

bool tree_open(struct tree **out, struct disk *disk, uint64_t published, struct err *err)
{
    struct log_reader *log;

    if (!log_reader_open(&log, disk, published, err))
        return false;
    struct tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        abort();
    tree->log = log;
    tree->size = published;
    *out = tree;
    return true;
}

void tree_close(struct tree *tree)
{
    if (!tree)
        return;
    for (unsigned i = 0; i < LEVELS; i++)
        free(tree->level[i].at);
    log_reader_close(tree->log);
    free(tree);
}

uint64_t tree_size(const struct tree *tree)
{
    return tree->size;
}

uint64_t tree_published(const struct tree *tree)
{
    return log_reader_size(tree->log);
}

static void keep(struct level *level, uint64_t index, struct hash hash)
{
    if (level->count == 0)
        level->first = index;
    if (level->count == level->room) {
        level->room = level->room ? 2 * level->room : 64;
        level->at = reallocarray(level->at, level->room, sizeof *level->at);
        if (!level->at)
            abort();
    }
    assert(level->first + level->count == index);
    level->at[level->count++] = hash;
}

bool tree_hash(void *context, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
    struct tree *tree = context;
    const struct level *kept = &tree->level[level];

    assert(level < LEVELS && (index + 1) << level <= tree->size);
    if (kept->count > 0 && index >= kept->first) {
        *out = kept->at[index - kept->first];
        return true;
    }
    return log_reader_hash(tree->log, level, index, out, err);
}

bool tree_push(struct tree *tree, struct hash leaf, struct err *err)
{
    uint64_t index = tree->size;
    unsigned level = 0;
    struct hash left;

    assert(tree->size < LIMIT_TREE_SIZE);
    keep(&tree->level[0], index, leaf);
    for (; index & 1; index /= 2) {
        if (!tree_hash(tree, level, index - 1, &left, err))
            return false;
        leaf = merkle_node(&left, &leaf);
        keep(&tree->level[++level], index / 2, leaf);
    }
    tree->size++;
    return true;
}

void tree_grow(struct tree *tree, uint64_t size)
{
    assert(tree->size == tree_published(tree) && size >= tree->size);
    log_reader_resize(tree->log, size);
    tree->size = size;
}

void tree_publish(struct tree *tree, uint64_t published)
{
    assert(published <= tree->size);
    log_reader_resize(tree->log, published);
    for (unsigned i = 0; i < LEVELS; i++) {
        struct level *level = &tree->level[i];
        uint64_t covered = published >> i; /* complete subtrees that the tiles hold */
        if (level->count == 0 || covered <= level->first)
            continue;
        size_t drop =
            covered - level->first < level->count ? (size_t)(covered - level->first) : level->count;
        level->count -= drop;
        level->first += drop;
        memmove(level->at, level->at + drop, level->count * sizeof *level->at);
    }
}

bool tree_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct tree *tree = context;
    size_t slot = size % ROOTS;
    struct merkle frontier;

    assert(size <= tree->size);
    if (size == 0 || tree->root[slot].size != size) {
        if (!merkle_load(&frontier, size, tree_hash, tree, err))
            return err_wrap(err, "root at size %" PRIu64, size);
        tree->root[slot].size = size;
        tree->root[slot].root = merkle_root(&frontier);
    }
    *out = tree->root[slot].root;
    return true;
}
