#pragma once

/*
 * The log's key in a process of its own, for a server: whatever strangers make of the server,
 * the key is not in its memory, and what it is asked to sign is held to journal/log_signer.h.
 * That process reads the key's file itself, owns `signer`, and can do next to nothing else
 * (sys/sandbox.h). When it has ended, signing is a fault.
 *
 * It keeps the key from the server's memory, and the log to one history. It does not keep a key
 * file that stands open from whoever can read the directory.
 */

#include "journal/log_signer.h"

struct log_process;

struct log_process_options {
    const char *directory; /* held by the caller */
    const char *name;      /* of the key, which is in its keys/ */
    /* Secrets of the caller that the other process inherits, and wipes at once. */
    struct note_signer *const *forget;
    size_t forget_count;
};

/* Before there is any other thread. Faults are those of reading the key and `signer`. */
MUST_CHECK bool log_process_open(struct log_process **out,
                                 const struct log_process_options *options, struct err *err);
void log_process_close(struct log_process *process); /* NULL is fine */
/* Lasts as long as the process. */
struct log_signer log_process_signer(struct log_process *process);
