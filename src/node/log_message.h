#pragma once

/*
 * What a server and the process that keeps the log's key say to each other, in messages of two
 * fixed lengths: a request is what is to be signed, a reply the signed note or why there is
 * none. What is shorter than its room is filled up with zeros. Neither end trusts the other.
 */

#include "base/buf.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"

#define LOG_REQUEST_TEXT 192u /* of a checkpoint: its origin has at most 100 bytes */
#define LOG_REQUEST_BYTES (2u + LOG_REQUEST_TEXT + 2u + LIMIT_PROOF_HASHES * HASH_BYTES)
#define LOG_REPLY_TEXT 600u /* a note of one line; a reason (struct err) */
#define LOG_REPLY_BYTES (1u + 2u + LOG_REPLY_TEXT)

/* u16 length ‖ the checkpoint's text, u16 length ‖ the hashes, each filled up. */
struct log_request {
    struct checkpoint checkpoint;
    struct merkle_proof extends;
};
void log_request_put(struct buf *buf, const struct log_request *request);
MUST_CHECK bool log_request_parse(struct log_request *out, struct span bytes, struct err *err);

/* u8 kind ‖ u16 length ‖ text, filled up. */
struct log_reply {
    enum err_kind kind; /* ERR_NONE: done */
    struct span text;   /* points into the bytes it was parsed from */
};
void log_reply_put(struct buf *buf, const struct log_reply *reply);
MUST_CHECK bool log_reply_parse(struct log_reply *out, struct span bytes, struct err *err);

/* The text of the first reply, which nobody asks for: the vkey, and what was signed last. */
struct log_hello {
    struct note_key key;
    struct checkpoint last; /* an empty origin: nothing */
};
void log_hello_put(struct buf *buf, const struct log_hello *hello);
MUST_CHECK bool log_hello_parse(struct log_hello *out, struct span text, struct err *err);
