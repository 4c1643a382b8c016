#pragma once

/*
 * What is said over the hotline and is not in the log yet, judged ahead of it: the register's own
 * rules, over the rows that the log gives, for each record of the hotline that waits in the outbox,
 * in the order in which it came. So a node can show a message, its steps and its deadlines before
 * anybody has logged them. It is a preview, kept in memory alone: the log may put the records in
 * another order, or behind others, and what it says then holds. Rows here have the index that their
 * record would have if the log went on with just these.
 *
 * When the log has grown, all of it is judged again. Between unlogged_begin and unlogged_end it is
 * one thread's, and stands still.
 */

#include "journal/journal.h"
#include "register/register.h"
#include "sync/outbox.h"

struct unlogged;

/* All of it is the caller's and outlives this. */
struct unlogged_options {
    struct store *store;
    struct journal *journal;
    struct outbox *outbox;
};
MUST_CHECK bool unlogged_open(struct unlogged **out, const struct unlogged_options *options,
                              struct err *err);
void unlogged_close(struct unlogged *unlogged); /* NULL is fine */

/* Brings it up to what waits and to what the log has now. unlogged_end also after a failure. */
MUST_CHECK bool unlogged_begin(struct unlogged *unlogged, struct err *err);
void unlogged_end(struct unlogged *unlogged);

/* --- in between --- */

/* As it begins: after something was put into the outbox. */
MUST_CHECK bool unlogged_again(struct unlogged *unlogged, struct err *err);

struct unlogged_item {
    uint64_t number; /* in the outbox */
    char id[65], kind[40], by[104];
    int64_t since_ms;
    enum outbox_state state;
    uint64_t index; /* that it would have */
    enum verdict verdict;
    struct span reason, why; /* of one that is void */
};
/* In their order; valid until the next unlogged_begin. */
size_t unlogged_items(const struct unlogged *unlogged, const struct unlogged_item **out);

/* How many entries the log has that it was judged by. */
uint64_t unlogged_size(const struct unlogged *unlogged);
/* The rows of the log with these over them. */
struct register_lookup unlogged_lookup(struct unlogged *unlogged);
struct store_reader *unlogged_reader(struct unlogged *unlogged); /* as of that size */

/* The row that stands in place of the log's. False: the log's stands, or its want. *out NULL: it
 * would be removed. */
MUST_CHECK bool unlogged_row(struct unlogged *unlogged, const char *table, struct span key,
                             bool *out_here, const struct json **out, struct arena *arena,
                             struct err *err);
/* The keys of all such rows of a table that begin with `prefix`, in the arena. */
size_t unlogged_keys(struct unlogged *unlogged, const char *table, struct span prefix,
                     struct span **out, struct arena *arena);

/* What a record would come to if it came next: its signature is taken to hold. In the arena. */
struct unlogged_judged {
    enum verdict verdict;
    struct span reason, why;
};
MUST_CHECK bool unlogged_judge(struct unlogged *unlogged, struct span note,
                               struct unlogged_judged *out, struct arena *arena, struct err *err);
