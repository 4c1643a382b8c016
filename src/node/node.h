#pragma once

/*
 * A node: one data directory opened, its log, store, parts and keys together; what the
 * commands and the server share. The first process that opens a directory holds it:
 * it recovers what a crash left, and writes. Others read beside it, and hand it their
 * records through DIR/socket, when it answers there; the lock is what says who holds it.
 */

#include "journal/journal.h"
#include "journal/log_reader.h"
#include "node/settings.h"

struct node;

/* `view` and `progress` as for journal_open; NULL: none. */
MUST_CHECK bool node_open(struct node **out, const char *directory, const struct journal_view *view,
                          const struct journal_progress *progress, struct err *err);
void node_close(struct node *node); /* NULL is fine */

bool node_holds(const struct node *node); /* this process writes */
const char *node_directory(const struct node *node);
const struct settings *node_settings(const struct node *node);
bool node_is_demo(const struct node *node);
const struct note_key *node_log_key(const struct node *node);
struct disk *node_disk(struct node *node);
struct store *node_store(struct node *node);
struct parts *node_parts(struct node *node);
struct journal *node_journal(struct node *node); /* NULL unless node_holds */
/* For the main thread, as of the last commit; refreshed by node_settle. */
struct store_reader *node_reader(struct node *node);

/* One answer a submission. Through the journal, or the process that holds the node. */
MUST_CHECK bool node_submit(struct node *node, const struct submission *submission, size_t count,
                            struct answer *answers, struct arena *arena, struct err *err);
/* Ends what a command appended: when it holds the node, with a tick of the operator's clock
 * (quorum 0) and a publication; else waits until the holder has published. */
MUST_CHECK bool node_settle(struct node *node, struct err *err);
/* A tick by the operator's node key, if the agreement is in force and has quorum 0; none
 * while another process signs with that key. */
MUST_CHECK bool node_tick(struct node *node, struct err *err);

/* The last checkpoint published, its log signature verified, with its note. Before there is
 * one: size 0, and an empty note. */
MUST_CHECK bool node_checkpoint(struct node *node, struct checkpoint *out, struct span *out_note,
                                struct arena *arena, struct err *err);
/* The public part of a record that takes effect, as a value; an object with no member when
 * it has none. *out_here false when it is owed: not here, or what is here is not of the
 * kind's shape, which nobody checks before it is logged (format §4.2). */
MUST_CHECK bool node_public(struct parts *parts, const struct record *record, struct json *out,
                            bool *out_here, struct arena *arena, struct err *err);
