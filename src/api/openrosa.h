#pragma once

/*
 * OpenRosa from inside: what the files openrosa*.c share. Nobody else includes this.
 *
 * Phones with Collect, KoboCollect, Tella and the like get their forms here and send them back
 * filled in (doc/forms.md). They are told apart by a token in the path or by Digest, not by keys;
 * what they send is kept in the inbox, and signed by the gateway key when the server takes a turn.
 */

#include "api/call.h"
#include "api/gateway.h"
#include "api/rosa_digest.h"
#include "forms/words.h"
#include "forms/xform.h"
#include "node/device.h"
#include "node/inbox.h"
#include "node/quarantine.h"

/* Forms as they are served, made once for a version of the terms. */
struct rosa_form {
    const struct form *form;
    struct xform xform;
    char md5[MD5_TEXT];
};
struct rosa_shelf;

struct rosa {
    struct node *node;
    struct gateway *gateway;
    struct inbox *inbox;
    struct rosa_shelf *shelf;
    struct arena arena;
    struct words words; /* that messages are said in; the arena's */
    bool recovered;     /* what a process before this one had signed is accounted for */
    uint8_t secret[ROSA_SECRET_BYTES]; /* of nonces */
};
MUST_CHECK bool rosa_open(struct rosa **out, struct node *node, struct err *err);
void rosa_close(struct rosa *rosa); /* NULL is fine */
/* Signs what is complete. A fault is one of our own disk, and final. */
MUST_CHECK bool rosa_turn(struct rosa *rosa, struct err *err);

/* --- openrosa_shelf.c --- */

struct rosa_shelf *rosa_shelf_open(void);
void rosa_shelf_close(struct rosa_shelf *shelf);
/* The terms in force: the shelf's, like all that it gives, and there as long as it is.
 * ERR_MISSING when there are none. */
MUST_CHECK bool rosa_terms(struct rosa *rosa, struct store_reader *reader, const struct json **out,
                           struct err *err);
/* All forms that this agreement offers, in one of the languages that devices have; for another
 * one, in English. A visit lists the requests that it can be for: there is another version of it
 * when these are others. *out is the arena's. */
MUST_CHECK bool rosa_forms(struct rosa *rosa, struct store_reader *reader, struct span language,
                           const struct rosa_form **out, size_t *out_count, struct arena *arena,
                           struct err *err);
/* Whether a form of this version was ever served here. */
MUST_CHECK bool rosa_version_known(struct rosa *rosa, struct span form, struct span version,
                                   bool *out, struct err *err);

/* --- openrosa_door.c --- */

struct rosa_asker {
    bool known; /* a device; else somebody who may read what is public, or nobody */
    struct device device;
    struct span rest;     /* of the path, behind "/openrosa/" and the token */
    const char *base;     /* "https://host/openrosa/key/TOKEN": what addresses begin with */
    struct span language; /* of forms */
    struct span said_in;  /* of messages: what the phone asks for, else as it is set */
};
/* *out_answered: the call was answered, with a 401 or 403 that says how to come again. */
MUST_CHECK bool rosa_who(struct api_call *call, struct rosa_asker *out, bool *out_answered,
                         struct err *err);
/* Asks for credentials; the rest as rosa_say. */
bool rosa_ask(struct api_call *call, const struct rosa_asker *asker, const char *key, bool stale);

/* --- openrosa.c --- */

/* A message of lang/ for the person at the phone, with this status. What stands in braces there is
 * `detail`. */
bool rosa_say(struct api_call *call, const struct rosa_asker *asker, int status, const char *key,
              const char *detail);
/* The same in English, for who looks into it later. */
const char *rosa_said(struct api_call *call, const char *key, const char *detail);

/* --- openrosa_submit.c --- */

bool rosa_submit(struct api_call *call, const struct rosa_asker *asker, struct err *err);
