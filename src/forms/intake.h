#pragma once

/*
 * The intake: messages of telephones and mails (doc/flash.md), by a gateway or a maildir, from the
 * moment they are answered until the gateway key has signed a record of what their sender
 * confirmed. A message is on disk before it is answered, once, by its channel and its id there;
 * the same one again gets the same answer. Nothing that anybody wrote is thrown away: it stays here
 * in plain words until they are a part of a record, encrypted to the mission, and then its hash
 * stays. Nothing is recorded that its sender has not confirmed with the number that was sent back.
 *
 * Senders are registered: a telephone number or an address of mail stands for a pseudonym, which is
 * all of it that a record names. The words of who is not registered are kept.
 *
 * DIR/intake, its owner's alone: `sender/HASH` of each sender, `message/KEY` of each message,
 * `talk/HASH` what a sender has said and not yet confirmed, `confirmed/KEY` what is to be signed,
 * with the record that is being made of it or why none could be, `done/KEY` the record that was
 * made of it, `refused/KEY` which file of a maildir could not be read, and why.
 */

#include "forms/flash.h"
#include "sys/disk.h"

#define INTAKE_NAME_BYTES 100u
#define INTAKE_PHONE_BYTES 16u
#define INTAKE_FROM_BYTES 254u
#define INTAKE_KEY_TEXT 65
/* A question that nobody answered in this time is let go; what was said stays in message/. */
#define INTAKE_TALK_MS INT64_C(21600000)

struct intake;

/* The disk is the caller's and outlives the intake. */
struct intake *intake_open(struct disk *disk);
void intake_close(struct intake *intake); /* NULL is fine */

/* --- senders --- */

struct intake_sender {
    char name[INTAKE_NAME_BYTES + 1]; /* the pseudonym, of the form of a key's name */
    char from[INTAKE_FROM_BYTES + 1]; /* "+" and digits, or digits, or local@domain */
    char language[12];                /* "ps"; empty: that of the message */
    int offset_min;                   /* FLASH_NO_OFFSET: it is asked */
    int64_t since_ms;
};
/* "+92 300 1234567", "0092…" and other ways to write one. ERR_USAGE for what is no number. */
MUST_CHECK bool intake_phone(char out[INTAKE_PHONE_BYTES + 1], struct span text, struct err *err);
/* That, or an address of mail, which has an @. */
MUST_CHECK bool intake_from(char out[INTAKE_FROM_BYTES + 1], struct span text, struct err *err);
/* Durable on return. ERR_CONFLICT: the number or address, or the name, is registered. */
MUST_CHECK bool intake_sender_add(struct disk *disk, const struct intake_sender *sender,
                                  struct err *err);
MUST_CHECK bool intake_sender_remove(struct disk *disk, const char *name, struct err *err);
/* Sorted by name. */
MUST_CHECK bool intake_sender_list(struct disk *disk, struct intake_sender **out, size_t *out_count,
                                   struct arena *arena, struct err *err);

/* Whose number or address this is. *out_known false: nobody's who is registered, or none. */
MUST_CHECK bool intake_sender_of(struct disk *disk, struct span from, struct intake_sender *out,
                                 bool *out_known, struct arena *arena, struct err *err);

/* --- messages --- */

struct intake_message {
    struct span channel; /* "sms", "mail" */
    struct span id;      /* in that channel; empty: made of what it says */
    struct span from;    /* a telephone number, or an address of mail */
    struct span text;
    int64_t received_ms;
    bool dated;
    int64_t claimed_ms; /* when dated: when it says that it was written; kept, and not relied on */
};
struct intake_answer {
    struct span text;  /* to be sent back */
    struct span state; /* asked, understood, confirmed, dropped, wrong, stranger */
    char key[INTAKE_KEY_TEXT];
    bool again; /* it was here before */
};
/* Durable on return. ERR_CONFLICT: another message came under this id. ERR_MALFORMED, ERR_USAGE and
 * ERR_LIMIT for what is no message. Any thread. */
MUST_CHECK bool intake_take(struct intake *intake, const struct flash_book *book,
                            const struct intake_message *message, struct intake_answer *out,
                            struct arena *arena, struct err *err);

/* A file that is no message that could be taken: its name and why, kept under `key`. Durable on
 * return. */
MUST_CHECK bool intake_refuse(struct intake *intake, const char *key, const char *file,
                              const char *why, int64_t received_ms, struct err *err);

/* --- what is to be signed --- */

struct intake_confirmed {
    char key[INTAKE_KEY_TEXT];
    struct span on_behalf;
    struct json fields; /* for incident.flash */
    struct span said;   /* word for word, a line each message */
    struct span record; /* that was signed of it before, and perhaps not handed in; empty: none */
};
/* The next one that is not held until later than now_ms; *out_any false when there is none. */
MUST_CHECK bool intake_next(struct intake *intake, int64_t now_ms, struct intake_confirmed *out,
                            bool *out_any, struct arena *arena, struct err *err);
/* It is signed, and not handed in yet. Durable on return. */
MUST_CHECK bool intake_signing(struct intake *intake, const char *key, const char *record,
                               struct err *err);
/* It could not be signed or handed in: why, and not before when. *out_told: this is what was said
 * of it the last time. */
MUST_CHECK bool intake_hold(struct intake *intake, const char *key, int64_t again_ms,
                            const char *why, bool *out_told, struct err *err);
/* It is in the log, or safely on its way, its words with it. Durable on return; from then on the
 * messages that it was made of are here without their words, and each that comes again is answered
 * as the one that confirmed. */
MUST_CHECK bool intake_done(struct intake *intake, const char *key, const char *record,
                            struct err *err);

/* --- what somebody should look at --- */

struct intake_item {
    struct span state; /* stranger; asked, understood, wrong: by its sender; confirmed; refused */
    struct span from;  /* of a confirmed one the pseudonym; of a refused one the file */
    struct span text;
    struct span why;     /* of a confirmed or refused one */
    int64_t received_ms; /* 0: not known */
};
/* What came in and is no record, and waits for nobody but a person: in the order of the files. */
MUST_CHECK bool intake_list(struct disk *disk, struct intake_item **out, size_t *out_count,
                            struct arena *arena, struct err *err);
