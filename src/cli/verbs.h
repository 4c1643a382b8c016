#pragma once

/*
 * Commands whose first word says what is to be done with a folder below a node's directory, which
 * is its owner's alone: sulh device, sulh sender.
 */

#include "cli/cli.h"
#include "sys/disk.h"

struct cli_verb {
    const char *word, *arguments;
    size_t count; /* of arguments, the word among them */
    bool takes_options;
    bool (*run)(struct cli *cli, struct disk *disk, struct err *err);
};

/* The folder is made where it is missing. */
enum cli_exit cli_run_verb(struct cli *cli, const struct cli_verb *verbs, size_t count,
                           const char *folder, struct err *err);
