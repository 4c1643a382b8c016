#pragma once

/* Messages of telephones and mails: what the HTTP interface and the commands share. */

#include "forms/flash_book.h"
#include "store/store.h"

/* The words of a flash, with the names of the agreement in force. */
MUST_CHECK bool intake_book(struct flash_book *out, struct store_reader *reader,
                            struct arena *arena, struct err *err);

struct gateway;
struct intake;
struct node;
struct quarantine;

/* Signs what senders have confirmed, by the gateway's key, and hands it in. On the thread that
 * takes turns, behind node_turn. What cannot be signed is kept, with why, which is said once, and
 * tried again. `gateway` NULL: this node has none. A fault is one of our own disk. */
MUST_CHECK bool intake_turn(struct node *node, struct gateway *gateway, struct intake *intake,
                            struct err *err);

/* Puts a message that was refused into quarantine; where there is no more room it is passed over.
 * `from` is its sender, as far as known, and `why` the fault. */
MUST_CHECK bool intake_quarantine(struct quarantine *quarantine, struct node *node,
                                  struct span bytes, const char *via, struct span from,
                                  const struct err *why, struct arena *arena, struct err *err);

/* Takes in the mails of a maildir, up to a hundred, and puts the answers beside it. A mail that
 * cannot be read is moved to cur/ as well, is listed, and goes into quarantine. *out_taken: how
 * many files there were. On the thread that takes turns. A fault is of kind ERR_IO, and *out_ours:
 * of our own disk, else of the maildir. */
struct maildir;
MUST_CHECK bool intake_mail(struct node *node, struct intake *intake, struct quarantine *quarantine,
                            struct maildir *maildir, size_t *out_taken, bool *out_ours,
                            struct err *err);

/* The maildir of the settings, for a server: nothing where they name none, and what is wrong with
 * it is said once, and tried again a minute later. */
struct intake_box {
    struct maildir *maildir;
    int64_t again_ms;
    struct err told;
};
void intake_box_close(struct intake_box *box);
MUST_CHECK bool intake_box_turn(struct intake_box *box, struct node *node, struct intake *intake,
                                struct quarantine *quarantine, struct err *err);
