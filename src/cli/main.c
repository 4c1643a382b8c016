#include "cli/cli.h"

#include "crypto/sign.h"

#include <stdio.h>

static const struct cli_command *const commands[] = {
    &command_init,   &command_serve,  &command_record,  &command_import,
    &command_status, &command_show,   &command_receipt, &command_check_receipt,
    &command_audit,  &command_replay, &command_key,     &command_rules,
};

static void print_command(FILE *out, const struct cli_command *command)
{
    fprintf(out, "sulh %s%s%s", command->name, command->arguments[0] ? " " : "",
            command->arguments);
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++) {
        const struct cli_option *option = &command->option[i];
        fprintf(out, " [%s%s%s]%s", option->name, option->value ? " " : "",
                option->value ? option->value : "", option->many ? "…" : "");
    }
    fprintf(out, "\n    %s\n", command->about);
}

static void print_options(FILE *out, const struct cli_command *command)
{
    for (size_t i = 0; i < CLI_OPTIONS && command->option[i].name; i++) {
        const struct cli_option *option = &command->option[i];
        fprintf(out, "  %s%s%s\n      %s\n", option->name, option->value ? " " : "",
                option->value ? option->value : "", option->about);
    }
}

static void print_help(FILE *out)
{
    fputs("sulh: the record of a ceasefire, kept so that nobody has to trust who keeps it\n\n",
          out);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        print_command(out, commands[i]);
    fputs("\nExit status: 0 yes or done, 1 no or failed, 2 wrong usage.\n", out);
}

static const struct cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
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
    if (!option->many && cli_option(cli, option->name))
        return err_set(err, ERR_USAGE, "%s is given twice", option->name);
    if (option->value && *at + 1 >= count)
        return err_set(err, ERR_USAGE, "%s needs %s", option->name, option->value);
    if (cli->given_count == CLI_MOST_VALUES)
        return err_set(err, ERR_USAGE, "too many options");
    cli->given[cli->given_count].option = option;
    cli->given[cli->given_count++].value = option->value ? word[++*at] : "";
    return true;
}

static bool take_words(struct cli *cli, int count, char **word, struct err *err)
{
    bool options = true;

    for (int i = 0; i < count; i++) {
        if (options && strcmp(word[i], "--") == 0) {
            options = false;
        } else if (options && word[i][0] == '-' && word[i][1] != '\0') {
            if (!take_option(cli, count, word, &i, err))
                return false;
        } else if (cli->argument_count == cli->command->most) {
            return err_set(err, ERR_USAGE, "\"%s\" is one too many", word[i]);
        } else {
            cli->argument[cli->argument_count++] = word[i];
        }
    }
    return cli->argument_count >= cli->command->least ||
           err_set(err, ERR_USAGE, "too few arguments: %s %s", cli->command->name,
                   cli->command->arguments);
}

static enum cli_exit run(const struct cli_command *command, int count, char **word)
{
    struct cli cli = {.command = command};
    struct err err = {0};
    enum cli_exit exit = take_words(&cli, count, word, &err) ? command->run(&cli, &err) : CLI_USAGE;

    cli_progress_end();
    if (exit != CLI_DONE && err.kind != ERR_NONE)
        fprintf(stderr, "sulh %s: %s\n", command->name, err.text);
    if (exit == CLI_USAGE) {
        fputs("usage: ", stderr);
        print_command(stderr, command);
    }
    arena_free(&cli.arena);
    return exit;
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
    const struct cli_command *command =
        find_command(argv[argc > 2 && asks_for_help(argv[1]) ? 2 : 1]);
    if (asks_for_help(argv[1]) && (argc == 2 || !command)) {
        print_help(stdout);
        return argc == 2 ? CLI_DONE : CLI_USAGE;
    }
    if (!command) {
        fprintf(stderr, "sulh: there is no command \"%s\"; sulh help lists them\n", argv[1]);
        return CLI_USAGE;
    }
    if (asks_for_help(argv[1]) || (argc > 2 && asks_for_help(argv[2]))) {
        print_command(stdout, command);
        print_options(stdout, command);
        return CLI_DONE;
    }
    return run(command, argc - 2, argv + 2);
}
