#pragma once

/*
 * DIR/sulh.toml: what a node must know before it can read its log: which keys are its own, and
 * where the other participants' nodes answer.
 */

#include "base/err.h"
#include "sys/disk.h"

#define SETTINGS_PEERS 64u
#define SETTINGS_URL 256u

struct settings_peer {
    char name[104]; /* of its node key; of its witness key where it is a witness alone */
    char url[SETTINGS_URL];
};

struct settings {
    char agreement[104]; /* the agreement's name */
    char name[104];      /* this node's key */
    char witness[104];   /* the key it cosigns with; empty: it does not */
    char origin[104];    /* the origin, and the log key's name, where the log is kept here; empty:
                          * this node follows */
    char promise[104];   /* the promise key's name, likewise */
    char gateway[104];  /* the key that signs what comes by forms and messages; empty: none comes */
    char messages[104]; /* SHA-256, in hex, of what gateways of messages show; empty: none may */
    char url[SETTINGS_URL]; /* where devices reach this node; empty: by the name they asked for */
    char maildir[SETTINGS_URL]; /* where mails come in, an absolute path; empty: none do */
    char mail[SETTINGS_URL];    /* the address that they come to, and answers come from */
    char phones[SETTINGS_URL];  /* the domain whose addresses begin with telephone numbers; empty:
                                 * an address is never one */
    struct settings_peer peer[SETTINGS_PEERS];
    size_t peer_count;
    struct settings_peer witnesses[SETTINGS_PEERS]; /* by C2SP tlog-witness, that hold no log */
    size_t witness_count;
};

MUST_CHECK bool settings_read(struct settings *out, struct disk *disk, struct err *err);
MUST_CHECK bool settings_write(const struct settings *settings, struct disk *disk, struct err *err);
