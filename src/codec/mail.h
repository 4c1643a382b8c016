#pragma once

/*
 * One mail as a maildir holds it: the header of RFC 5322, and of its body what a person typed, the
 * first text/plain part of MIME (RFC 2045, 2046). From gateways of short messages, scanners and
 * clerks; so what is taken is narrow, and what is refused is named, for somebody will look.
 *
 * Taken: UTF-8, the charsets of codec/charset.h, and none at all where the bytes are UTF-8; 7bit,
 * 8bit, binary, base64 and quoted-printable; one author, with an address of ASCII letters without
 * quotes. Lines end in LF or CRLF. A field that decides something must not stand twice: readers
 * differ in which they take. What is quoted of another mail (lines of ">") and a signature (below
 * "-- ") are left out, for a confirmation is answered above what it answers.
 *
 * Nothing in it is known to be true: neither who sent it nor when.
 */

#include "base/arena.h"
#include "base/err.h"

struct mail {
    struct span from; /* local@domain, in small letters */
    struct span id;   /* of Message-ID, without < and >; empty: it has none */
    bool dated;
    int64_t date_ms;  /* what it says of when it was written; 0 when not dated */
    bool automatic;   /* RFC 3834: by a program, or to a list; it is not to be answered */
    struct span text; /* UTF-8, lines ending in LF; of the subject, where the body is blank */
};

/* What it points to is in the file or the arena. ERR_MALFORMED; ERR_LIMIT; ERR_REFUSED: a charset
 * or an encoding that is not read here, by its name, or no text at all. */
MUST_CHECK bool mail_parse(struct mail *out, struct span file, struct arena *arena,
                           struct err *err);

#define MAIL_ADDRESS_BYTES 254u /* RFC 5321 §4.5.3.1.3, without the brackets */

/* "Local@Domain" alone, in small letters. False for what is none, or is not taken here. */
MUST_CHECK bool mail_address(struct span *out, struct span text, struct arena *arena);

struct mail_answer {
    const char *from; /* an address, as mail_address takes it; likewise `to` */
    struct span to;
    const char *key; /* letters and digits: its own Message-ID is made of it, the same each time */
    struct span about; /* the Message-ID that it answers; empty: that had none */
    int64_t date_ms;
    struct span text; /* UTF-8, lines ending in LF */
};
/* A whole mail, lines ending in CRLF, that says that a program wrote it (RFC 3834). */
struct span mail_write(const struct mail_answer *answer, struct arena *arena);
