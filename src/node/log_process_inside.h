#pragma once

/* The process of the log's key from inside: for log_process.c and its test alone. */

#include "node/log_process.h"
#include "sys/process.h"

struct log_process {
    struct process process;
    struct note_key key;
    struct checkpoint last; /* an empty origin: nothing was signed */
};
