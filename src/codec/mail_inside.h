#pragma once

/* A mail from inside: what mail.c, mail_body.c and mail_word.c share. */

#include "codec/mail.h"

/* The fields that are looked at; each may stand once in a header. */
enum mail_name {
    MAIL_FROM,
    MAIL_ID,
    MAIL_DATE,
    MAIL_SUBJECT,
    MAIL_AUTO,
    MAIL_PRECEDENCE,
    MAIL_LIST,
    MAIL_TYPE,
    MAIL_ENCODING,
    MAIL_DISPOSITION,
    MAIL_NAMES
};
struct mail_header {
    struct span value[MAIL_NAMES]; /* unfolded and trimmed */
    bool there[MAIL_NAMES];
};

/* Takes a header off the front of *rest, and the empty line behind it. */
MUST_CHECK bool mail_header(struct mail_header *out, struct span *rest, struct arena *arena,
                            struct err *err);

/* Takes a line off the front of *rest, without its end; what no LF ends is a line, too. */
struct span mail_line(struct span *rest);
struct span mail_trim(struct span text);

/* --- mail_body.c --- */

/* The first text/plain part, decoded, lines ending in LF. */
MUST_CHECK bool mail_text(struct span *out, const struct mail_header *header, struct span body,
                          struct arena *arena, struct err *err);

/* --- mail_word.c --- */

MUST_CHECK bool mail_charset_known(struct span charset);
/* In UTF-8, where the charset is one of codec/charset.h; else as it is. False where a
 * byte is none of it. */
MUST_CHECK bool mail_from_charset(struct span *out, struct span charset, struct span bytes,
                                  struct arena *arena);
/* As much of a name that somebody sent as can be shown. */
struct span mail_shown(struct span name);
/* RFC 2045 §6.8 and §6.7. */
MUST_CHECK bool mail_base64(struct span *out, struct span text, struct arena *arena);
MUST_CHECK bool mail_quoted(struct span *out, struct span text, struct arena *arena);
/* RFC 2047: a line of a header with its encoded words read. */
MUST_CHECK bool mail_words(struct span *out, struct span text, struct arena *arena,
                           struct err *err);
