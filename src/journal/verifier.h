#pragma once

/* Ed25519 on several threads: what replay and audit spend most of their time on. */

#include "ledger/note.h"

struct verifier;

struct verify_job {
    struct note note; /* one signature line */
    struct note_key key;
    bool holds; /* the answer */
};

struct verifier *verifier_open(unsigned threads);
unsigned verifier_cores(void); /* that this machine offers, at most 16 */
/* Takes the jobs up and returns; they are the verifier's until verifier_wait. */
void verifier_start(struct verifier *verifier, struct verify_job *job, size_t count);
void verifier_wait(struct verifier *verifier);
void verifier_close(struct verifier *verifier); /* waits; NULL is fine */
