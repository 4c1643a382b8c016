#pragma once

/*
 * A node: one data directory opened, its log, store, parts and keys together. What the
 * commands and the server share. If a server holds the directory, node_submit hands
 * records to it through DIR/socket; else this process is the one that writes.
 */

#include "journal/journal.h"
#include "journal/log_reader.h"
#include "register/register.h"

struct node;

/* For reading: works beside a running server, and of a directory that is behind its log
 * sees what the store has. */
MUST_CHECK bool node_open(struct node **out, const char *directory, struct err *err);
/* Takes the lock and opens the journal (recovering). ERR_CONFLICT: another has it. */
MUST_CHECK bool node_lock(struct node *node, struct err *err);
void node_close(struct node *node);

const char *node_agreement(const struct node *node); /* the agreement's name */
const char *node_origin(const struct node *node);
bool node_is_demo(const struct node *node);
const struct note_key *node_log_key(const struct node *node);
struct disk *node_disk(struct node *node);
struct store *node_store(struct node *node);
struct parts *node_parts(struct node *node);       /* readable without the lock too */
struct journal *node_journal(struct node *node);   /* NULL without the lock */
/* The register as of an entry (STORE_LATEST: now), over any reader. Owned by the caller. */
struct node_lookup {
    struct store_reader *reader;
    uint64_t as_of;
    struct disk *disk; /* for roots of the published log */
};
struct register_lookup node_lookup(struct node_lookup *lookup);

/* Signing as a key of DIR/keys: keeps seq, prev and seen across records. */
struct author;
MUST_CHECK bool node_author(struct node *node, const char *key_name, struct author **out,
                            struct err *err);
void author_free(struct author *author); /* wipes the key */
/* Signs a record whose fields are given flat (record/kind.h), makes its public part, and
 * moves the author's chain on. *out is ready for node_submit; its memory is the arena's. */
MUST_CHECK bool author_sign(struct author *author, const char *kind, const struct json *flat,
                            struct submission *out, char id[65], struct arena *arena,
                            struct err *err);

/* Through the journal or the running server. Same answers. */
MUST_CHECK bool node_submit(struct node *node, const struct submission *submission, size_t count,
                            struct answer *answers, struct arena *arena, struct err *err);
/* Ends what a command appended: with quorum 0 a clock.tick by the operator's node key, then
 * publishes. Through a running server: asks it to. */
MUST_CHECK bool node_settle(struct node *node, struct err *err);

/* The record and the public content behind it, of an entry already logged. */
MUST_CHECK bool node_entry(struct node *node, uint64_t index, struct span *out,
                           struct arena *arena, struct err *err);
