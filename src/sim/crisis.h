#pragma once

/*
 * For test programs only: the hour that the hotline is for. Seven nodes of the simulator
 * (sim/sim.h); whoever keeps the log is down for all of it, the two who stand between go down in
 * turn, in the midst of what they write, links are cut, calls are lost, doubled and late. Officers
 * of both parties write to each other, straight and through those between, open, read back,
 * answer, pass on. Then the log is kept again.
 *
 * It must come out that every message is with every node once, as it was signed, and in order;
 * that of each it is proved how far it has come; and that the log has all of it, and nothing void.
 */

#include "crypto/hash.h"

struct crisis_options {
    uint64_t seed;
    unsigned messages;
    bool trace; /* each event, on standard error */
};
struct crisis_result {
    char broken[1000];  /* what does not hold; empty: all does */
    unsigned records;   /* that officers signed */
    unsigned confirmed; /* that nodes signed: of a message, that it came */
    unsigned cuts, crashes;
    /* From handing in to being held by the node of whom it is for, by the simulator's clock. */
    int64_t half_ms, most_ms, worst_ms; /* the median, 99 of 100, all */
    int64_t logged_ms;                  /* all is on every node's log so long after the hour */
    struct hash history;
};
void crisis_run(struct crisis_result *out, const struct crisis_options *options);
