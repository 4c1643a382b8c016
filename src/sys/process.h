#pragma once

/*
 * A second process, for what is to be kept from the first: forked, so that it begins with what
 * its parent had in memory, and joined to it by one channel that keeps messages whole and
 * apart. It ends with its parent, however that ends.
 */

#include "base/err.h"
#include "base/span.h"

struct process {
    int channel;
    int id;
};

/* What the other process does; it gives its exit status. It has `channel`, standard error and
 * /dev/null for the other two open and nothing else, is deaf to signals, and nobody but root
 * can look into it. */
typedef int process_main(int channel, void *context);

/* Before there is any other thread. */
MUST_CHECK bool process_start(struct process *out, process_main *main, void *context,
                              struct err *err);
/* Closes the channel, by which the other knows, and waits for its end. */
void process_end(struct process *process);

/* One message. ERR_IO when nobody is left to read it. */
MUST_CHECK bool process_send(int channel, struct span message, struct err *err);
/* The next one; waits for it. *out_len is its true length, of which only `room` bytes were put
 * there. ERR_IO when nobody is left to send one; an empty message says the same. */
MUST_CHECK bool process_receive(int channel, uint8_t *at, size_t room, size_t *out_len,
                                struct err *err);
