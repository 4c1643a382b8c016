#pragma once

/*
 * The tables of a TOML text while it is being read. TOML has rules about who may add
 * to a table, so every item remembers what made it. For toml.c.
 *
 * Items stand in a crit-bit tree: a lookup takes as many steps as the key has bits,
 * whatever keys somebody chose, and the members come out in bytewise order.
 */

#include "codec/json.h"

enum toml_made {
    TOML_BY_VALUE,  /* key = value: an inline table, too, is complete as it stands */
    TOML_BY_DOTS,   /* a table that dotted keys made, a in a.b = 1 */
    TOML_BY_PATH,   /* a table on the way of a header, a in [a.b] */
    TOML_BY_HEADER, /* [a] */
    TOML_BY_ARRAY,  /* [[a]] */
};

struct toml_table;

struct toml_item {
    struct span key;
    enum toml_made made;
    struct json value;         /* TOML_BY_VALUE */
    struct toml_table *table;  /* otherwise; of an array, its first */
    struct toml_table *latest; /* TOML_BY_ARRAY: its last */
};

struct toml_branch;

struct toml_node { /* one of the two, or neither in an empty table */
    struct toml_branch *branch;
    struct toml_item *item;
};

struct toml_table {
    struct toml_node root;
    uint32_t count;
    unsigned depth;          /* of the object that it becomes; 1 is the outermost */
    struct toml_table *next; /* in an array of tables */
};

struct toml_table *toml_table_new(unsigned depth, struct arena *arena);

/* NULL when there is none. */
struct toml_item *toml_table_find(const struct toml_table *table, struct span key);
/* A new item of a key that is not there yet. */
struct toml_item *toml_table_add(struct toml_table *table, struct span key, enum toml_made made,
                                 struct arena *arena);
struct json toml_table_json(const struct toml_table *table, struct arena *arena);
