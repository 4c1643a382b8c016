#pragma once

/* Messages of telephones: what the HTTP interface and the commands share. */

#include "forms/flash_book.h"
#include "store/store.h"

/* The words of a flash, with the names of the agreement in force. */
MUST_CHECK bool intake_book(struct flash_book *out, struct store_reader *reader,
                            struct arena *arena, struct err *err);

/* Signs what senders have confirmed, by the gateway's key, and hands it in. On the thread that
 * takes turns, behind node_turn, so that the key's last record is in the store. Nothing while
 * another holds the key, or where there is none. A fault is one of our own disk. */
struct intake;
struct node;
MUST_CHECK bool intake_turn(struct node *node, struct intake *intake, struct err *err);
