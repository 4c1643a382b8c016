#include "codec/toml_table.h"

#define KEY_BITS (64 * 8) /* doc/format.md §2.1 */

/* All keys below a branch are alike up to its bit, and differ there. */
struct toml_branch {
    size_t bit;
    struct toml_node child[2];
};

struct toml_table *toml_table_new(unsigned depth, struct arena *arena)
{
    struct toml_table *table = ARENA_NEW(arena, struct toml_table);

    table->depth = depth;
    return table;
}

/* Bits count from the highest of the first byte, so that their order is that of the
 * bytes. Behind a key all bits are 0, which no key has, for none has a NUL. */
static unsigned bit_of(struct span key, size_t bit)
{
    return bit / 8 < key.len ? key.at[bit / 8] >> (7 - bit % 8) & 1u : 0;
}

static size_t first_difference(struct span a, struct span b)
{
    size_t bit = 0;

    assert(!span_equal(a, b));
    while (bit_of(a, bit) == bit_of(b, bit))
        bit++;
    return bit;
}

/* The one item that can have this key; NULL in an empty table. */
static struct toml_item *nearest(const struct toml_table *table, struct span key)
{
    const struct toml_node *node = &table->root;

    while (node->branch)
        node = &node->branch->child[bit_of(key, node->branch->bit)];
    return node->item;
}

struct toml_item *toml_table_find(const struct toml_table *table, struct span key)
{
    struct toml_item *item = nearest(table, key);

    return item && span_equal(item->key, key) ? item : NULL;
}

static void insert(struct toml_table *table, struct toml_item *item, struct span neighbour,
                   struct arena *arena)
{
    size_t bit = first_difference(item->key, neighbour);
    unsigned side = bit_of(item->key, bit);
    struct toml_node *node = &table->root;
    struct toml_branch *branch = ARENA_NEW(arena, struct toml_branch);

    while (node->branch && node->branch->bit < bit)
        node = &node->branch->child[bit_of(item->key, node->branch->bit)];
    branch->bit = bit;
    branch->child[side] = (struct toml_node){.item = item};
    branch->child[1 - side] = *node;
    *node = (struct toml_node){.branch = branch};
}

struct toml_item *toml_table_add(struct toml_table *table, struct span key, enum toml_made made,
                                 struct arena *arena)
{
    struct toml_item *neighbour = nearest(table, key);
    struct toml_item *item = ARENA_NEW(arena, struct toml_item);

    assert(json_key_valid(key));
    item->key = key;
    item->made = made;
    if (neighbour)
        insert(table, item, neighbour->key, arena);
    else
        table->root.item = item;
    table->count++;
    return item;
}

static struct json item_json(const struct toml_item *item, struct arena *arena)
{
    if (item->made == TOML_BY_VALUE)
        return item->value;
    if (item->made != TOML_BY_ARRAY)
        return toml_table_json(item->table, arena);

    struct json array = json_array();
    for (const struct toml_table *t = item->table; t; t = t->next)
        json_push(&array, toml_table_json(t, arena), arena);
    return array;
}

/* In order, with a list of what is still to be visited instead of recursion: a path
 * can have as many branches as a key has bits. */
static struct json_member *write_members(const struct toml_table *table, struct json_member *out,
                                         struct arena *arena)
{
    const struct toml_node *rest[KEY_BITS + 1] = {&table->root};
    size_t count = table->count > 0;

    while (count > 0) {
        const struct toml_node *node = rest[--count];
        if (node->item) {
            *out++ = (struct json_member){node->item->key, item_json(node->item, arena)};
            continue;
        }
        assert(count + 2 <= ARRAY_LEN(rest));
        rest[count++] = &node->branch->child[1];
        rest[count++] = &node->branch->child[0];
    }
    return out;
}

struct json toml_table_json(const struct toml_table *table, struct arena *arena)
{
    struct json object = json_object();
    struct json_member *at = ARENA_ARRAY(arena, struct json_member, table->count);
    struct json_member *end = write_members(table, at, arena);

    assert(end == at + table->count);
    object.object.at = at;
    object.object.count = table->count;
    object.object.room = table->count;
    return object;
}
