#pragma once

/*
 * What a gateway of short messages sends: a message of a telephone, in whatever form and under
 * whatever names it has them (doc/flash.md). The names are a table; where one message says a thing
 * under two of them, the one that stands first there is meant.
 *
 * Fields may stand in the address, for gateways that can say a token nowhere else, and go before
 * those of the body. A body is a form, urlencoded or multipart; JSON, in which the message may lie
 * in an envelope; or plain text, and is then the message's.
 */

#include "base/arena.h"
#include "base/err.h"

enum { SMS_FROM, SMS_TEXT, SMS_ID, SMS_RECEIVED, SMS_TOKEN, SMS_FIELDS };

/* The form in which a gateway passes the answer on by itself. */
enum sms_answer {
    SMS_JSON,  /* ours */
    SMS_TWIML, /* Twilio's */
    SMS_SYNC,  /* ours, with what SMSSync asks for besides */
    SMS_PLAIN, /* the text alone (Kannel) */
};

struct sms {
    struct span field[SMS_FIELDS]; /* empty: not said. Of any bytes but in UTF-8 */
    enum sms_answer answer;
};

/* Our name of a field. */
const char *sms_field_name(unsigned field);

/* `query` is what stands behind the '?' of the address. ERR_USAGE, with what is wrong; *out is left
 * alone then. */
MUST_CHECK bool sms_parse(struct sms *out, struct span content_type, struct span query,
                          struct span body, struct arena *arena, struct err *err);
