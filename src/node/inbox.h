#pragma once

/*
 * The inbox: forms that devices have sent, from the moment they are acknowledged until the gateway
 * key has signed a record of each (doc/forms.md). What was acknowledged is on disk and stays there:
 * nothing that goes wrong later, a crash among it, loses it or makes two records of it.
 *
 * A form may come in several pieces, each of which repeats its XML and brings some of the files; it
 * is complete when a piece has said that it is the last and every file that the XML names is here.
 * A form is known by its id and its instance's: the same ones with the same XML are the same form,
 * sent again or in more pieces; with other XML it is refused.
 *
 * DIR/inbox: `wait/KEY-N` is the N-th piece of a form that waits (KEY is the hash of both ids), a
 * line of JSON about it and then the bytes; `done/KEY` says which record was made of it, for good;
 * `edit/KEY` which form takes its place; `release/KEY` that it is signed without what it lacks;
 * `held/KEY` why it was not signed yet; `signing` which records were signed last, written before
 * they are handed in: so a crash between the two is seen.
 *
 * Any thread may take a form in; the rest is for one.
 */

#include "base/limits.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "sys/disk.h"

/* Those that a form names, and the client's account of how it was filled in. */
#define INBOX_FILES (LIMIT_FORM_FILES + 1)
/* Files of one form, all together: what becomes of them must fit a submission (doc/format.md §6.5).
 */
#define INBOX_FORM_BYTES ((uint64_t)56 << 20)
#define INBOX_KEY_TEXT (2 * HASH_BYTES + 1)

struct inbox;

struct inbox_file {
    struct span name, type, bytes;
};

/* One piece, as it came. */
struct inbox_piece {
    struct span device, on_behalf;
    struct span form, version, instance;
    struct span before; /* the instance whose place it takes; empty: none's */
    struct span xml;
    const struct span *named; /* files that the XML names */
    size_t named_count;
    const struct inbox_file *file;
    size_t file_count;
    bool last;
    int64_t at_ms;
};

/* The disk is the caller's, locked, and outlives the inbox. */
MUST_CHECK bool inbox_open(struct inbox **out, struct disk *disk, struct err *err);
void inbox_close(struct inbox *inbox); /* NULL is fine */

enum inbox_verdict {
    INBOX_KEPT,
    INBOX_KNOWN,   /* all of it was here */
    INBOX_OTHER,   /* the same instance, with other XML */
    INBOX_UNKNOWN, /* it would take the place of one that never came */
    INBOX_STALE,   /* of one whose place another has taken */
    INBOX_LATE,    /* it brings a file without which its form was released */
};
/* Durable on return, where it is kept. ERR_LIMIT: more than a form may be. Files that the XML does
 * not name are left out. *out_lacks: how many are still to come. */
MUST_CHECK bool inbox_take(struct inbox *inbox, const struct inbox_piece *piece,
                           enum inbox_verdict *out, size_t *out_lacks, struct err *err);

/* --- what waits --- */

struct inbox_form {
    char key[INBOX_KEY_TEXT];
    struct span device, on_behalf, form, version, instance, before;
    int64_t since_ms;
    struct span xml;         /* of inbox_read alone, like the bytes of the files */
    struct inbox_file *file; /* in the order in which the XML names them, each once */
    size_t file_count;
    struct span *lacks; /* names of those that are still to come */
    size_t lacks_count;
    bool complete;
    bool released;    /* somebody said that it is signed without what it lacks */
    struct span held; /* why it was not signed yet; empty: nothing is known */
};

/* Those that were released since (inbox_release) are due from now on. */
MUST_CHECK bool inbox_take_released(struct inbox *inbox, struct err *err);
/* The next forms that are complete or released, and due, the oldest first; at most `most`. */
size_t inbox_due(struct inbox *inbox, size_t most, int64_t now_ms, char (*out)[INBOX_KEY_TEXT]);
/* Whole, in the arena. */
MUST_CHECK bool inbox_read(struct inbox *inbox, const char *key, struct inbox_form *out,
                           struct arena *arena, struct err *err);
/* Not before that time again, and why; what it says is not synced. */
MUST_CHECK bool inbox_hold(struct inbox *inbox, const char *key, int64_t until_ms, const char *why,
                           struct err *err);

/* --- what becomes of them --- */

struct inbox_record {
    char key[INBOX_KEY_TEXT];
    char id[65];
};
/* These are signed, and handed in next. Durable on return. */
MUST_CHECK bool inbox_signing(struct inbox *inbox, const struct inbox_record *record, size_t count,
                              struct err *err);
/* What the last call was given, by a process before this one perhaps. */
MUST_CHECK bool inbox_signed(struct inbox *inbox, struct inbox_record **out, size_t *out_count,
                             struct arena *arena, struct err *err);
/* These are in the log, or safely on their way. Durable on return. */
MUST_CHECK bool inbox_done(struct inbox *inbox, const struct inbox_record *record, size_t count,
                           struct err *err);
/* Which record was made of an instance of this form; ERR_MISSING while none was. */
MUST_CHECK bool inbox_record_of(struct inbox *inbox, struct span form, struct span instance,
                                char out[65], struct err *err);

/* --- for a person --- */

/* What waits, as any process reads it, the oldest first; headers alone. */
MUST_CHECK bool inbox_list(struct disk *disk, struct inbox_form **out, size_t *out_count,
                           struct arena *arena, struct err *err);
/* Lets the forms of this instance be signed without the files that have not come; any process,
 * while a server runs, which takes none of those files from then on. ERR_MISSING when none such
 * waits, ERR_CONFLICT when it lacks nothing. */
MUST_CHECK bool inbox_release(struct disk *disk, struct span instance, struct arena *arena,
                              struct err *err);
MUST_CHECK bool inbox_done_count(struct disk *disk, size_t *out, struct arena *arena,
                                 struct err *err);
