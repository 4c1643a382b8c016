#pragma once

/*
 * A node: one data directory opened, its log, store, parts and keys together; what the
 * commands and the server share. The first process that opens a directory holds it:
 * it recovers what a crash left, and writes. Others read beside it, and hand it their
 * records through DIR/socket, when it answers there; the lock is what says who holds it.
 *
 * A node either keeps the log (its settings name a log key) or follows it from others. Both
 * hold it whole, recompute the register, and serve it on.
 */

#include "journal/journal.h"
#include "journal/log_reader.h"
#include "node/settings.h"
#include "sync/transport.h"
#include "sync/witness.h"

struct node;

/* `view` and `progress` as for journal_open; NULL: none. */
MUST_CHECK bool node_open(struct node **out, const char *directory, const struct journal_view *view,
                          const struct journal_progress *progress, struct err *err);
/* For a process that strangers talk to: the log's key, where it is here, goes to a process of its
 * own (log_process.h). Before there is any other thread. */
MUST_CHECK bool node_open_server(struct node **out, const char *directory,
                                 const struct journal_view *view,
                                 const struct journal_progress *progress, struct err *err);
void node_close(struct node *node); /* NULL is fine */

/* A node that stands on what it is given: for the simulator. */
struct node_world {
    struct disk *disk;   /* the caller's, like all of it; outlives the node */
    struct store *store; /* likewise */
    struct clock clock;
    /* The signer of that name; false with ERR_MISSING when it is not this node's. */
    bool (*key)(void *context, const char *name, struct note_signer *out, struct err *err);
    void *context;
};
MUST_CHECK bool node_open_in(struct node **out, const struct node_world *world,
                             const struct journal_view *view, struct err *err);

bool node_holds(const struct node *node);            /* this process writes */
bool node_keeps(const struct node *node);            /* the log's key is here; else it follows */
const char *node_directory(const struct node *node); /* "" in a given world */
/* A key of this node's, to be wiped; from DIR/keys or the world it stands in. */
MUST_CHECK bool node_key(const struct node *node, const char *name, struct note_signer *out,
                         struct err *err);
/* This node's own key; NULL unless node_holds. */
const struct note_signer *node_own_key(const struct node *node);
struct clock node_clock(const struct node *node);
const struct settings *node_settings(const struct node *node);
bool node_is_demo(const struct node *node);
/* The log keys of the terms so far, as of opening or of the last term followed; where another
 * process holds the node, at least those that the last node_checkpoint needed. */
const struct log_keys *node_log_keys(const struct node *node);
struct disk *node_disk(struct node *node);
struct store *node_store(struct node *node);
struct parts *node_parts(struct node *node);
struct journal *node_journal(struct node *node); /* NULL unless node_holds */
/* For the main thread, as of the last commit; refreshed by node_settle. */
struct store_reader *node_reader(struct node *node);

/* One answer a submission. Through the journal, or the process that holds the node. ERR_REFUSED by
 * a node that keeps the log, has peers, and is not in touch with them (doc/handover.md). */
MUST_CHECK bool node_submit(struct node *node, const struct submission *submission, size_t count,
                            struct answer *answers, struct arena *arena, struct err *err);
/* The last record of this key that waits here on its way to the log; seq 0: none does. What a
 * server that holds the node says, where this process does not. */
struct outbox_last;
MUST_CHECK bool node_waiting(struct node *node, const struct note_key *key, struct outbox_last *out,
                             struct err *err);
/* What waits here; NULL where the log is kept, and where another process holds the node. */
struct outbox;
struct outbox *node_outbox(struct node *node);
/* Ends what a command appended: when it holds the node, with a tick of the operator's clock
 * (quorum 0) and a publication; else waits until the holder has published. */
MUST_CHECK bool node_settle(struct node *node, struct err *err);
/* A tick by this node's key, if the agreement is in force and it is this node's to make: with
 * quorum 0 by whoever keeps the log, of its own clock; else of the cosigned checkpoint, once
 * that has the quorum and covers more than the last tick. None while another process signs with
 * that key. */
MUST_CHECK bool node_tick(struct node *node, struct err *err);

/* --- in touch with the others: what a server does between requests --- */

/* An http_get_access (sync/http_transport.h) whose context is the node: the pin of a peer's
 * certificate, and a session with it. */
struct http_access;
bool node_access(void *node, const char *url, struct http_access *out, struct err *err);
/* What sulh join leaves: entry 0, known by its id, for the keys of nodes before they are in the
 * register. */
#define ENTRY_0_FILE "entry-0"

/* From now on it follows, cosigns, carries and gathers. The transports are the caller's: one
 * for the thread that takes turns, one for pulling the log. The node must be held. */
MUST_CHECK bool node_meet(struct node *node, const struct transport *turn,
                          const struct transport *pull, struct err *err);
/* What is due now: publishing or following, cosigning, carrying, ticks and attests. To be
 * called ten times a second. A fault is one of our own disk or store, and final. */
MUST_CHECK bool node_turn(struct node *node, struct err *err);
/* When nothing comes in any more, before the end: what waits for a tick of the keeper's own clock
 * (quorum 0) gets one at once. */
MUST_CHECK bool node_turn_last(struct node *node, struct err *err);
/* Ends it; node_close does, too. */
void node_part(struct node *node);

/* --- the hotline's lines (doc/lines.md); after node_meet --- */

/* From now on what is said over the hotline goes from here to each peer at once, be the log kept
 * just now or not. The transport is the caller's, until node_part. With `threads` one a peer does
 * it; without, node_hand_on. */
MUST_CHECK bool node_wire(struct node *node, const struct transport *transport, bool threads,
                          struct err *err);
/* What is due now, to all peers, on this thread. */
void node_hand_on(struct node *node);
/* POST /hotline, on any thread: what this node takes is durable here, and on its way to all. `from`
 * is the node that brings it, by the name of its key; NULL: whoever signs. Answered as carried
 * records are (later, without a reason): it is held. With a reason it is not taken now, and
 * refused as "void" is what the rules, as far as they can be judged here, would have none of. */
MUST_CHECK bool node_hotline(struct node *node, const char *from,
                             const struct submission *submission, size_t count,
                             struct answer *answers, struct arena *arena, struct err *err);
/* As node_submit, for what is signed here: what is of the hotline goes as node_hotline has it,
 * unless that does not take it: what is void, the log is to say. */
MUST_CHECK bool node_hand_in(struct node *node, const struct submission *submission, size_t count,
                             struct answer *answers, struct arena *arena, struct err *err);
/* What waits, judged ahead of the log; NULL while there are no lines. */
struct unlogged;
struct unlogged *node_unlogged(struct node *node);
/* Changes whenever anything of the hotline may look otherwise than before; from one start of this
 * process to the next, too. Any thread. */
uint64_t node_hotline_news(const struct node *node);
/* How the line to the n-th peer stands; false past the last, and while there are none. */
struct line_state;
struct node_line {
    const struct settings_peer *peer;
    struct line_state *state; /* the caller's */
};
bool node_line(struct node *node, size_t n, struct node_line *out);

/* POST /add-checkpoint, on any thread: 404 where this node is no witness. */
void node_add_checkpoint(struct node *node, struct span body, struct witness_reply *out,
                         struct arena *arena);
/* Takes from a source, in one go, what it has of the log that is not here: into later terms as
 * well, with the lines of its checkpoint, and of the parts that entries from `from` on name those
 * that are missing. The node is in touch and follows. What went wrong is as of pull_log; of two
 * histories both checkpoints are kept in evidence/. Nothing new is fine. */
struct source;
struct node_imported {
    uint64_t entries, parts;
    uint64_t owed; /* parts that entries from `from` on name, and that are not here now */
};
MUST_CHECK bool node_import(struct node *node, const struct source *source, uint64_t from,
                            struct node_imported *out, struct err *err);

/* --- hand-over (doc/format.md §6.4, §7.5; doc/handover.md) --- */

/* Signs a freeze note of the present term at the checkpoint that is held, towards the term whose
 * log key this is; from then on this node's witness cosigns no more of the present one. The peers
 * that answer are asked before, for what it cosigned and may have forgotten. */
MUST_CHECK bool node_freeze(struct node *node, const struct note_key *next_log,
                            const struct note_key *next_promise, struct span *out_note,
                            struct arena *arena, struct err *err);
/* Makes this node the keeper of the next term: the record that opens it is made, judged, and
 * kept; then settings and log.vkey are those of a keeper, whose keys must be in DIR/keys. The
 * node is to be closed: opened anew, it appends that record before anything else. */
MUST_CHECK bool node_take_over(struct node *node, const struct note_key *next_log,
                               const struct note_key *next_promise, const struct span *freeze,
                               size_t count, struct arena *arena, struct err *err);
/* The last checkpoint of a term that has ended: ERR_MISSING when it has not, as far as is known
 * here. */
MUST_CHECK bool node_term_end(struct node *node, uint64_t number, struct span *out_note,
                              struct arena *arena, struct err *err);
/* For a directory that has gone on with a term beyond its end, which no process may hold: what
 * is beyond goes to the outbox, the log to DIR/aside, and the node follows, from the start. */
MUST_CHECK bool node_set_aside(const char *directory, uint64_t size, uint64_t *out_records,
                               struct err *err);
/* The same in a given world. `move` brings a file or a folder to where it is kept aside; missing is
 * fine. What was cut short is done again from the start. */
struct node_aside {
    struct disk *disk;
    int64_t now_ms;
    bool (*move)(void *context, const char *what, struct err *err);
    void *context;
};
MUST_CHECK bool node_set_aside_in(const struct node_aside *world, uint64_t size,
                                  uint64_t *out_records, struct err *err);

/* What is known of each peer of the settings, by its place there. */
struct node_contact {
    const struct settings_peer *peer;
    int64_t asked_ms, answered_ms; /* 0: never */
    uint64_t size;
    char problem[200]; /* with its last answer; empty: none */
    char charge[200];  /* what it signed and may not have; evidence/ has it */
};
/* The last cosignature of each witness that does not count (job external). */
struct node_external {
    char name[104];
    uint64_t size, seconds;
};
bool node_external(struct node *node, size_t n, struct node_external *out);
/* How many peers must still answer before this node's witness cosigns anything: it may have been
 * put back from an old copy, and they know what it said (sync/quorum.h). */
unsigned node_waits_for(const struct node *node);
/* At which size this node froze the term of this origin; false when it has not. */
bool node_frozen(struct node *node, const char *origin, uint64_t *out_size);
/* The n-th; false past the last, and while the node is not in touch. */
bool node_contact(struct node *node, size_t n, struct node_contact *out);

/* The last checkpoint published, its log signature verified, with its note. Before there is
 * one: size 0, and an empty note. */
MUST_CHECK bool node_checkpoint(struct node *node, struct checkpoint *out, struct span *out_note,
                                struct arena *arena, struct err *err);
/* The public part of a record that takes effect, as a value; an object with no member when
 * it has none. *out_here false when it is owed: not here, or what is here is not of the
 * kind's shape, which nobody checks before it is logged (format §4.2). */
MUST_CHECK bool node_public(struct parts *parts, const struct record *record, struct json *out,
                            bool *out_here, struct arena *arena, struct err *err);
