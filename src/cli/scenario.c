#include "cli/scenario_cli.h"

#include <stdlib.h>
#include <sys/stat.h>

/* sulh scenario: reads each file (scenario/scenario.h), runs it (scenario/run.h), and says as TAP
 * what came out. */

struct telling {
    struct cli *cli;
    const char *path;
    const struct scenario_founding *founding;
    struct buf wrong; /* what did not come out, a line each */
    bool steps;       /* all of it is told */
};

static void tell(void *context, uint64_t line, bool ok, const char *text)
{
    struct telling *t = context;

    if (!ok)
        buf_printf(&t->wrong, "%s:%" PRIu64 ": %s\n", t->path, line, text);
    if (!t->steps)
        return;
    printf("#   %s %" PRIu64 ": ", ok ? "   " : "NOT", line);
    cli_put_text(stdout, span_of(text), 0);
    putchar('\n');
}

static bool ask(void *context, struct disk *disk, const struct span *word, size_t words,
                struct span *out, struct arena *arena, struct err *err)
{
    const struct telling *t = context;

    fflush(stdout);
    return scenario_ask(disk, t->founding, word, words, out, arena, err);
}

/* --- which agreement --- */

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* agreements/NAME in a directory that the file is in, however deep; or in this one. */
static bool find_folder(const struct telling *t, struct span name, const char **out,
                        struct arena *arena, struct err *err)
{
    struct span above = span_of(t->path);

    while (above.len) {
        above.len--;
        if (above.at[above.len] != '/')
            continue;
        *out = arena_printf(arena, "%.*s/agreements/%.*s", SPAN_ARG(above), SPAN_ARG(name));
        if (is_folder(*out))
            return true;
    }
    *out = arena_printf(arena, "agreements/%.*s", SPAN_ARG(name));
    return is_folder(*out) ||
           err_set(err, ERR_MISSING,
                   "no folder agreements/%.*s is beside the file, above it or here: say "
                   "--agreement FOLDER",
                   SPAN_ARG(name));
}

static bool choose_folder(const struct telling *t, const struct scenario *scenario,
                          const char **out, struct arena *arena, struct err *err)
{
    *out = cli_option(t->cli, "--agreement");
    if (*out)
        return true;
    if (scenario->under.len == 0)
        return err_set(err, ERR_USAGE,
                       "under which agreement? \"under: NAME\" in its text, or "
                       "--agreement FOLDER");
    return find_folder(t, scenario->under, out, arena, err);
}

/* --- one file --- */

static bool keep(const struct telling *t, struct disk *disk, struct err *err)
{
    const char *directory = cli_option(t->cli, "--keep");

    return !directory || scenario_keep(directory, disk, t->founding, err);
}

static bool run_one(struct telling *t, const struct scenario *scenario,
                    struct scenario_result *result, struct arena *arena, struct err *err)
{
    const struct scenario_told told = {.tell = tell, .ask = ask, .context = t};
    struct scenario_founding founding = {0};
    struct disk *disk = NULL;
    const char *folder;

    t->founding = &founding;
    bool ok = choose_folder(t, scenario, &folder, arena, err) &&
              scenario_found(&founding, folder, scenario->start, arena, err) &&
              scenario_run(result, scenario, &founding, &told, &disk, arena, err) &&
              keep(t, disk, err);
    disk_close(disk);
    scenario_forget(&founding);
    return ok;
}

/* A row of TAP, and on standard error what did not come out. */
static void print_row(size_t n, const struct telling *t, const struct scenario *scenario,
                      const struct scenario_result *result)
{
    printf("%s %zu - ", result->failures ? "not ok" : "ok", n);
    cli_put_text(stdout, scenario->title, 0);
    printf(" (%" PRIu64 " records, %" PRIu64 " expectations", result->records,
           result->expectations);
    if (result->failures)
        printf(", %" PRIu64 " did not come out", result->failures);
    puts(")");
    fflush(stdout);
    for (struct span rest = buf_span(&t->wrong), line; span_cut(&rest, '\n', &line);) {
        cli_put_text(stderr, line, 0);
        fputc('\n', stderr);
    }
}

/* Exit as of this file: it came out, it did not, or it is no scenario. */
static enum cli_exit one_file(struct cli *cli, size_t n, struct err *err)
{
    struct arena arena = {0};
    struct telling t = {.cli = cli,
                        .path = cli->argument[n],
                        .wrong = buf_in(&arena, 1u << 20),
                        .steps = cli_option(cli, "--steps") != NULL};
    struct scenario scenario;
    struct scenario_result result;
    struct span text;
    struct err unfit = {0};
    enum cli_exit exit = CLI_FAILED;

    bool ok = cli_read_file(&text, t.path, SCENARIO_BYTES, &arena, err);
    if (ok && !scenario_parse(&scenario, text, &arena, &unfit)) {
        ok = err_set(err, unfit.kind, "%s:%s", t.path, unfit.text); /* FILE:LINE: WHAT */
        exit = CLI_USAGE;
    }
    if (ok && run_one(&t, &scenario, &result, &arena, err)) {
        *err = (struct err){0}; /* of what was tried on the way */
        print_row(n + 1, &t, &scenario, &result);
        exit = result.failures ? CLI_FAILED : CLI_DONE;
    } else if (ok) {
        err_wrap(err, "%s", t.path);
    }
    arena_free(&arena);
    return exit;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    enum cli_exit worst = CLI_DONE;

    if (cli_option(cli, "--keep") && cli->argument_count > 1)
        return cli_usage(err, "--keep is for one file");
    printf("1..%zu\n", cli->argument_count);
    for (size_t i = 0; i < cli->argument_count; i++) {
        struct err wrong = {0};
        enum cli_exit exit = one_file(cli, i, &wrong);

        if (wrong.kind == ERR_USAGE)
            exit = CLI_USAGE;
        if (wrong.kind != ERR_NONE) {
            printf("not ok %zu - %s\n", i + 1, cli->argument[i]);
            fflush(stdout);
            cli_put_text(stderr, span_of(wrong.text), 0);
            fputc('\n', stderr);
        }
        worst = exit > worst ? exit : worst;
    }
    return worst;
}

const struct cli_command command_scenario = {
    .name = "scenario",
    .arguments = "FILE...",
    .least = 1,
    .most = CLI_MOST_ARGUMENTS,
    .option = {{"--agreement", "FOLDER", "the agreement as data; else the one that each file names",
                CLI_MAYBE},
               {"--keep", "DIR", "put the log into DIR, which is new or empty, with its keys",
                CLI_MAYBE},
               {"--steps", NULL, "tell every step, and not only what did not come out", CLI_MAYBE}},
    .about =
        "Runs acceptance scenarios (doc/scenarios.md), each on a log of its own, and says what "
        "did not come out, by file and line.",
    .run = run,
};
