#include "cli/cli.h"

#include "crypto/sign.h"

#define COMMANDS 12u /* in a group */

/* By what somebody wants to do. */
static const struct group {
    const char *heading;
    const struct cli_command *command[COMMANDS]; /* NULL after the last */
} groups[] = {
    {"Begin, and keep going",
     {&command_init, &command_propose, &command_sign, &command_amend, &command_serve, &command_join,
      &command_term, &command_replay, &command_status, &command_rules}},
    {"Say something",
     {&command_record, &command_open, &command_unseal, &command_outbox, &command_import}},
    {"From the field",
     {&command_device, &command_inbox, &command_paper, &command_sender, &command_flash,
      &command_intake}},
    {"Look at the case",
     {&command_show, &command_case, &command_due, &command_custody, &command_compliance,
      &command_coverage, &command_ledgers}},
    {"Beside incidents",
     {&command_hotline, &command_dialogue, &command_obligations, &command_intelligence,
      &command_crossings, &command_notices}},
    {"Believe nobody",
     {&command_audit, &command_compare, &command_receipt, &command_check_receipt, &command_prove,
      &command_check_proof, &command_quorum, &command_bundle}},
    {"Keys, and who is who", {&command_key, &command_pin, &command_sign_in}},
    {"Try it", {&command_scenario}},
};

static void print_option(FILE *out, const struct cli_option *option)
{
    fprintf(out, "%s%s%s", option->name, option->value ? " " : "",
            option->value ? option->value : "");
}

static void print_command(FILE *out, const struct cli_command *command)
{
    fprintf(out, "sulh %s%s%s", command->name, command->arguments[0] ? " " : "",
            command->arguments);
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++) {
        const struct cli_option *option = &command->option[i];

        fputs(option->times == CLI_NEEDED ? " " : " [", out);
        print_option(out, option);
        fputs(option->times == CLI_NEEDED ? "" : option->times == CLI_MANY ? "]…" : "]", out);
    }
    fprintf(out, "\n    %s\n", command->about);
}

static void print_options(FILE *out, const struct cli_command *command)
{
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++) {
        fputs("  ", out);
        print_option(out, &command->option[i]);
        fprintf(out, "\n      %s\n", command->option[i].about);
    }
}

static void print_help(FILE *out)
{
    fputs("sulh: the record of a ceasefire, kept so that nobody has to trust who keeps it\n\n",
          out);
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        fprintf(out, "%s\n\n", groups[i].heading);
        for (size_t n = 0; n < COMMANDS && groups[i].command[n]; n++)
            print_command(out, groups[i].command[n]);
        fputs("\n", out);
    }
    fputs("Exit status: 0 yes or done, 1 no or failed, 2 wrong usage.\n", out);
}

static const struct cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        for (size_t n = 0; n < COMMANDS && groups[i].command[n]; n++)
            if (strcmp(groups[i].command[n]->name, name) == 0)
                return groups[i].command[n];
    return NULL;
}

static const struct cli_option *find_option(const struct cli_command *command, const char *name)
{
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++)
        if (strcmp(command->option[i].name, name) == 0)
            return &command->option[i];
    return NULL;
}

static bool take_option(struct cli *cli, int count, char **word, int *at, struct err *err)
{
    const struct cli_option *option = find_option(cli->command, word[*at]);

    if (!option)
        return err_set(err, ERR_USAGE, "there is no option %s here", word[*at]);
    if (option->times != CLI_MANY && cli_option(cli, option->name))
        return err_set(err, ERR_USAGE, "%s is given twice", option->name);
    if (option->value && *at + 1 >= count)
        return err_set(err, ERR_USAGE, "%s needs %s", option->name, option->value);
    if (cli->given_count == CLI_MOST_VALUES)
        return err_set(err, ERR_USAGE, "too many options");
    cli->given[cli->given_count].option = option;
    cli->given[cli->given_count++].value = option->value ? word[++*at] : "";
    return true;
}

static bool take_argument(struct cli *cli, const char *word, struct err *err)
{
    if (cli->argument_count == cli->command->most)
        return err_set(err, ERR_USAGE, "\"%s\" is one too many", word);
    cli->argument[cli->argument_count++] = word;
    return true;
}

static bool check_all_there(const struct cli *cli, struct err *err)
{
    const struct cli_command *command = cli->command;

    if (cli->argument_count < command->least)
        return err_set(err, ERR_USAGE, "too few arguments: %s %s", command->name,
                       command->arguments);
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++) {
        const struct cli_option *option = &command->option[i];

        if (option->times == CLI_NEEDED && !cli_option(cli, option->name))
            return err_set(err, ERR_USAGE, "%s %s is missing: %s", option->name, option->value,
                           option->about);
    }
    return true;
}

static bool take_words(struct cli *cli, int count, char **word, struct err *err)
{
    bool options = true, ok = true;

    for (int i = 0; ok && i < count; i++) {
        if (options && strcmp(word[i], "--") == 0)
            options = false;
        else if (options && word[i][0] == '-' && word[i][1] != '\0')
            ok = take_option(cli, count, word, &i, err);
        else
            ok = take_argument(cli, word[i], err);
    }
    return ok && check_all_there(cli, err);
}

/* A disk that is full must not pass for an answer that was given. */
static bool flush_output(struct err *err)
{
    bool failed = ferror(stdout) != 0;

    return (fflush(stdout) == 0 && !failed) || err_errno(err, "write to standard output");
}

static void print_fault(const struct cli_command *command, const struct err *err)
{
    fprintf(stderr, "sulh %s: ", command->name);
    cli_put_text(stderr, span_of(err->text), 0); /* it may cite what somebody else wrote */
    fputc('\n', stderr);
}

static enum cli_exit run(const struct cli_command *command, int count, char **word)
{
    struct cli cli = {.command = command};
    struct err err = {0};
    enum cli_exit exit = take_words(&cli, count, word, &err) ? command->run(&cli, &err) : CLI_USAGE;

    cli_progress_end();
    if (exit == CLI_DONE && !flush_output(&err))
        exit = CLI_FAILED;
    if (exit != CLI_DONE && err.kind == ERR_USAGE)
        exit = CLI_USAGE;
    if (exit != CLI_DONE && err.kind != ERR_NONE)
        print_fault(command, &err);
    if (exit == CLI_USAGE && err.kind == ERR_USAGE) {
        fputs("usage: ", stderr);
        print_command(stderr, command);
    }
    arena_free(&cli.arena);
    return exit;
}

/* --- help --- */

static bool is_help_option(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool asks_for_help(int count, char **word)
{
    for (int i = 0; i < count && strcmp(word[i], "--") != 0; i++)
        if (is_help_option(word[i]))
            return true;
    return false;
}

static enum cli_exit no_command(const char *name)
{
    fprintf(stderr, "sulh: there is no command \"%s\"; sulh help lists them\n", name);
    return CLI_USAGE;
}

/* sulh help [COMMAND], sulh COMMAND --help */
static enum cli_exit help(const char *name)
{
    const struct cli_command *command = name ? find_command(name) : NULL;

    if (name && !command)
        return no_command(name);
    if (command) {
        print_command(stdout, command);
        print_options(stdout, command);
    } else {
        print_help(stdout);
    }
    return CLI_DONE;
}

int main(int argc, char **argv)
{
    if (!sign_start()) {
        fputs("sulh: this machine gives no entropy\n", stderr);
        return CLI_FAILED;
    }
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || is_help_option(argv[1]))
        return help(argv[2]); /* argv ends in NULL */
    if (asks_for_help(argc - 2, argv + 2))
        return help(argv[1]);
    const struct cli_command *command = find_command(argv[1]);
    return command ? run(command, argc - 2, argv + 2) : no_command(argv[1]);
}
