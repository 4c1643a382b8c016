#include "journal/rows.h"

#include "store/siphash.h"
#include "sys/entropy.h"

#include <stdlib.h>

struct row {
    struct row *next; /* in its chain */
    uint64_t hash;
    const char *table; /* the register's own word */
    size_t key_len, row_len;
    uint8_t bytes[]; /* of the key, then of the row */
};

struct rows {
    struct siphash_key secret;
    struct row **chain;
    size_t chains, count; /* chains: a power of two */
};

static struct row **new_chains(size_t count)
{
    struct row **chain = calloc(count, sizeof(struct row *));

    if (!chain)
        abort();
    return chain;
}

struct rows *rows_new(void)
{
    struct rows *rows = calloc(1, sizeof *rows);

    if (!rows)
        abort();
    entropy_fill(&rows->secret, sizeof rows->secret);
    rows->chains = 1024;
    rows->chain = new_chains(rows->chains);
    return rows;
}

void rows_free(struct rows *rows)
{
    if (!rows)
        return;
    for (size_t i = 0; i < rows->chains; i++)
        for (struct row *row = rows->chain[i], *next; row; row = next) {
            next = row->next;
            free(row);
        }
    free(rows->chain);
    free(rows);
}

/* Where the row stands or would stand: the link to it. */
static struct row **find(const struct rows *rows, uint64_t hash, const char *table, struct span key)
{
    struct row **link = &rows->chain[hash & (rows->chains - 1)];

    for (; *link; link = &(*link)->next)
        if ((*link)->hash == hash && strcmp((*link)->table, table) == 0 &&
            span_equal(span_make((*link)->bytes, (*link)->key_len), key))
            break;
    return link;
}

/* Tables are few; that their keys share chains costs nothing. */
static uint64_t hash_of_key(const struct rows *rows, const char *table, struct span key)
{
    return siphash(&rows->secret, key) ^ (uint64_t)(unsigned char)table[0] << 32;
}

struct span rows_get(const struct rows *rows, const char *table, struct span key)
{
    const struct row *row = *find(rows, hash_of_key(rows, table, key), table, key);

    return row ? span_make(row->bytes + row->key_len, row->row_len) : (struct span){0};
}

static void grow(struct rows *rows)
{
    size_t chains = 2 * rows->chains;
    struct row **chain = new_chains(chains);

    for (size_t i = 0; i < rows->chains; i++)
        for (struct row *row = rows->chain[i], *next; row; row = next) {
            next = row->next;
            row->next = chain[row->hash & (chains - 1)];
            chain[row->hash & (chains - 1)] = row;
        }
    free(rows->chain);
    rows->chain = chain;
    rows->chains = chains;
}

static void remove_at(struct rows *rows, struct row **link)
{
    struct row *row = *link;

    *link = row->next;
    free(row);
    rows->count--;
}

void rows_set(struct rows *rows, const char *table, struct span key, struct span row)
{
    uint64_t hash = hash_of_key(rows, table, key);
    struct row **link = find(rows, hash, table, key);

    if (*link)
        remove_at(rows, link);
    if (!row.at)
        return;
    struct row *made = malloc(sizeof *made + key.len + row.len);
    if (!made)
        abort();
    *made = (struct row){*link, hash, table, key.len, row.len};
    memcpy(made->bytes, key.at, key.len);
    memcpy(made->bytes + key.len, row.at, row.len);
    *link = made;
    if (++rows->count > rows->chains)
        grow(rows);
}
