#pragma once

/*
 * The commands. Each is one file with a struct cli_command, and a line in main.c's table;
 * help and the manual are made from these. Exit status: 0 yes or done, 1 no or failed,
 * 2 wrong usage. What a program may read goes to standard output (--json: one JSON
 * object), everything else to standard error.
 */

#include "base/arena.h"
#include "base/err.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "journal/progress.h"

#include <stdio.h>

enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

enum cli_times { CLI_MAYBE, CLI_NEEDED, CLI_MANY };

struct cli_option {
    const char *name;  /* "--as" */
    const char *value; /* what stands behind it, "KEYNAME"; NULL: nothing */
    const char *about;
    enum cli_times times;
};

#define CLI_OPTIONS 8
#define CLI_MOST_ARGUMENTS 256 /* files that a shell's * stands for */
#define CLI_MOST_VALUES 64

struct cli {
    const struct cli_command *command;
    const char *argument[CLI_MOST_ARGUMENTS];
    size_t argument_count;
    struct {
        const struct cli_option *option;
        const char *value;
    } given[CLI_MOST_VALUES];
    size_t given_count;
    struct arena arena; /* for the whole command */
};

struct cli_command {
    const char *name;
    const char *arguments; /* "DIR KIND FILE" */
    size_t least, most;    /* how many of them */
    struct cli_option option[CLI_OPTIONS];
    const char *about; /* one sentence */
    enum cli_exit (*run)(struct cli *cli, struct err *err);
};

extern const struct cli_command command_init, command_amend, command_propose, command_sign,
    command_serve, command_record, command_import, command_audit, command_replay, command_status,
    command_show, command_receipt, command_check_receipt, command_key, command_pin, command_sign_in,
    command_rules, command_quorum, command_prove, command_check_proof, command_join, command_outbox,
    command_term, command_bundle, command_compare, command_case, command_due, command_hotline,
    command_compliance, command_scenario, command_coverage, command_crossings, command_notices,
    command_ledgers, command_device, command_open, command_unseal, command_sender, command_flash,
    command_inbox, command_paper, command_custody, command_intake, command_dialogue,
    command_obligations, command_intelligence;

/* The option's value, "" for one without; NULL when it was not given. */
const char *cli_option(const struct cli *cli, const char *name);
/* Its n-th value; NULL past the last. */
const char *cli_option_at(const struct cli *cli, const char *name, size_t n);
/* Wrong usage: says so in *err and returns CLI_USAGE. A fault of kind ERR_USAGE ends so, too. */
enum cli_exit cli_usage(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
/* A decimal number. False, with *err of kind ERR_USAGE, when it is none. */
MUST_CHECK bool cli_number(uint64_t *out, const char *text, const char *what, struct err *err);
/* --offset, minutes east of UTC; `otherwise` where it was not given. ERR_USAGE as above. */
MUST_CHECK bool cli_offset(const struct cli *cli, int otherwise, int *out, struct err *err);
/* A whole file; "-" is standard input. */
MUST_CHECK bool cli_read_file(struct span *out, const char *path, size_t limit, struct arena *arena,
                              struct err *err);
/* A directory that is new, or was empty: ERR_CONFLICT for another. */
MUST_CHECK bool cli_make_directory(const char *path, struct err *err);
/* One line of canonical JSON on standard output. */
void cli_print_json(const struct json *value, struct arena *arena);
struct json cli_hash(struct hash hash, struct arena *arena); /* in hex */
/* What somebody wrote, for a terminal: nothing in it can move the cursor, turn the direction
 * of writing, or look like a line of ours. */
void cli_put_text(FILE *out, struct span text, int indent);

/* Progress of long work on standard error: one line rewritten on a terminal, else a line
 * every few seconds. */
struct journal_progress cli_progress(void);
void cli_progress_end(void);
