#include "cli/cli.h"

#include "api/views.h"
#include "journal/in_force.h"
#include "node/node.h"
#include "sync/quorum.h"

/* sulh quorum DIR [--need K] | --of N --need K */

#define CLASSES 4u /* parties, mediators, observers, others */

struct report {
    struct cli *cli;
    struct quorum quorum;
    struct { /* as the agreement has them; of --of there are none */
        const char *name;
        unsigned witnesses;
    } class[CLASSES];
    unsigned class_count;
    const char *operated_by; /* an organisation, or NULL */
    bool operator_cosigns;
};

static const struct {
    const char *word;
    quorum_power *power;
    const char *does; /* any N witnesses … */
    const char *without, *never;
} questions[] = {
    {"split", quorum_splits, "and the operator can give two different logs a quorum each",
     "the operator alone can give two different logs a quorum each",
     "nobody can: no log has a quorum"},
    {"stop", quorum_stops, "can stop the clock, by refusing to cosign",
     "it stands: there are fewer witnesses than the quorum needs",
     "no witness can: without a quorum the clock is the operator's"},
};

/* --- what is said --- */

/* How many witnesses are of these classes, a bit each. */
static unsigned witnesses_of(const struct report *report, unsigned classes)
{
    unsigned count = 0;

    for (unsigned i = 0; i < report->class_count; i++)
        count += classes >> i & 1 ? report->class[i].witnesses : 0;
    return count;
}

/* Whether all of these classes together can, and not without each of them. */
static bool just_can(const struct report *report, quorum_power *power, unsigned classes)
{
    if (!power(report->quorum, witnesses_of(report, classes)))
        return false;
    for (unsigned i = 0; i < report->class_count; i++)
        if (classes >> i & 1 && power(report->quorum, witnesses_of(report, classes & ~(1u << i))))
            return false;
    return true;
}

static const char *class_names(const struct report *report, unsigned classes)
{
    const char *names = "";

    for (unsigned i = 0; i < report->class_count; i++)
        if (classes >> i & 1)
            names = arena_printf(&report->cli->arena, "%s%s%s (%u)", names, names[0] ? ", " : "",
                                 report->class[i].name, report->class[i].witnesses);
    return names;
}

static void print_answer(const struct report *report, size_t question, unsigned fewest)
{
    if (fewest == 0) {
        puts(questions[question].without);
        return;
    }
    printf("any %u %s\n", fewest, questions[question].does);
    for (unsigned classes = 1; classes < 1u << report->class_count; classes++)
        if (just_can(report, questions[question].power, classes)) {
            printf("%-10s so can all of: ", "");
            cli_put_text(stdout, span_of(class_names(report, classes)), 0);
            putchar('\n');
        }
}

static void print_plain(const struct report *report)
{
    unsigned fewest;

    printf("%-10s %u%s%s\n", "witnesses", report->quorum.witnesses,
           report->quorum.witnesses && report->class_count ? ": " : "", class_names(report, ~0u));
    printf("%-10s %u\n", "quorum", report->quorum.need);
    if (report->operated_by)
        printf("%-10s %s, which has %s among the witnesses\n", "operator", report->operated_by,
               report->operator_cosigns ? "a key" : "none");
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        printf("%-10s ", questions[i].word);
        if (quorum_fewest(&fewest, report->quorum, questions[i].power))
            print_answer(report, i, fewest);
        else
            puts(questions[i].never);
    }
}

static struct json coalitions_as_json(const struct report *report, quorum_power *power)
{
    struct arena *arena = &report->cli->arena;
    struct json list = json_array();

    for (unsigned classes = 1; classes < 1u << report->class_count; classes++) {
        struct json names = json_array();

        for (unsigned i = 0; i < report->class_count; i++)
            if (classes >> i & 1)
                json_push(&names, json_text(report->class[i].name), arena);
        if (just_can(report, power, classes))
            json_push(&list, names, arena);
    }
    return list;
}

static struct json as_json(const struct report *report)
{
    struct arena *arena = &report->cli->arena;
    struct json out = json_object(), classes = json_object();
    unsigned fewest;

    for (unsigned i = 0; i < report->class_count; i++)
        json_set_integer(&classes, report->class[i].name, report->class[i].witnesses, arena);
    json_set(&out, "classes", classes, arena);
    json_set_integer(&out, "witnesses", report->quorum.witnesses, arena);
    json_set_integer(&out, "quorum", report->quorum.need, arena);
    if (report->operated_by) {
        json_set(&out, "operator", json_text(report->operated_by), arena);
        json_set_integer(&out, "operator_cosigns", report->operator_cosigns, arena);
    }
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        struct json answer = json_object();

        if (quorum_fewest(&fewest, report->quorum, questions[i].power)) {
            json_set_integer(&answer, "witnesses", fewest, arena);
            json_set(&answer, "so_can_all_of", coalitions_as_json(report, questions[i].power),
                     arena);
        }
        json_set(&out, questions[i].word, answer, arena);
    }
    return out;
}

/* --- from a directory --- */

/* An object without a member where there is none. */
static bool read_row(struct json *out, struct node *node, const char *table, struct span key,
                     struct arena *arena, struct err *err)
{
    struct span row;

    if (!store_get(node_reader(node), table, key, STORE_LATEST, &row, NULL, arena, err))
        return false;
    *out = json_object();
    return !row.at || json_parse_canonical(out, row, arena, err);
}

/* The last class is of all that are over. */
static void count_in_class(struct report *report, struct span kind)
{
    const unsigned last = CLASSES - 1;
    unsigned i = 0;

    while (i < report->class_count && i < last && !span_is(kind, report->class[i].name))
        i++;
    if (i == report->class_count) {
        report->class[i].name = i == last ? "other" : arena_text(&report->cli->arena, kind);
        report->class_count++;
    }
    report->class[i].witnesses++;
}

static bool organisation_of(struct span *out, struct node *node, struct span key_name,
                            struct arena *arena, struct err *err)
{
    struct json key;

    if (!read_row(&key, node, "key", key_name, arena, err))
        return false;
    *out = json_get_text(&key, "org");
    return true;
}

static bool count_witness(struct report *report, struct node *node, struct span name,
                          struct err *err)
{
    struct arena *arena = &report->cli->arena;
    struct span organisation, row;
    struct json term = json_object();

    if (!organisation_of(&organisation, node, name, arena, err))
        return false;
    const char *item = arena_printf(arena, "organisation/%.*s", SPAN_ARG(organisation));
    if (!in_force_term(node_reader(node), item, STORE_LATEST, &row, arena, err) ||
        (row.at && !json_parse_canonical(&term, row, arena, err)))
        return false;
    count_in_class(report, json_get_string(&term, "kind", SPAN_LIT("organisation")));
    report->operator_cosigns |= span_is(organisation, report->operated_by);
    return true;
}

static bool read_log(struct report *report, struct node *node, struct err *err)
{
    struct arena *arena = &report->cli->arena;
    struct json agreement, quorum;
    struct span organisation;

    if (!read_row(&agreement, node, "agreement", SPAN_LIT("1"), arena, err) ||
        !read_row(&quorum, node, "quorum", SPAN_LIT("quorum"), arena, err) ||
        !organisation_of(&organisation, node, json_get_text(&agreement, "operator"), arena, err))
        return false;
    const struct json *witnesses = json_get(&quorum, "witnesses");
    if (!witnesses)
        return err_set(err, ERR_MISSING, "the log has no entry 0 yet");
    if (witnesses->array.count > QUORUM_MOST)
        return err_set(err, ERR_LIMIT, "%" PRIu32 " witnesses, more than %u",
                       witnesses->array.count, QUORUM_MOST);
    report->quorum.witnesses = witnesses->array.count;
    report->quorum.need = (unsigned)json_get_integer(&quorum, "quorum", 0);
    report->operated_by = arena_text(arena, organisation);
    for (size_t i = 0; i < witnesses->array.count; i++)
        if (!count_witness(report, node, witnesses->array.at[i].string, err))
            return false;
    return true;
}

static bool read_directory(struct report *report, const char *directory, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    bool ok = node_open(&node, directory, &view, NULL, err) && read_log(report, node, err);

    node_close(node);
    return ok;
}

/* --- */

/* Left as it is where the option was not given. */
static bool read_number(unsigned *out, struct cli *cli, const char *option, struct err *err)
{
    const char *text = cli_option(cli, option);
    uint64_t number;

    if (!text)
        return true;
    if (!cli_number(&number, text, option, err))
        return false;
    if (number > QUORUM_MOST)
        return err_set(err, ERR_USAGE, "%s is at most %u", option, QUORUM_MOST);
    *out = (unsigned)number;
    return true;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct report report = {.cli = cli};
    bool of = cli_option(cli, "--of") != NULL;

    if (of == (cli->argument_count == 1) || (of && !cli_option(cli, "--need")))
        return cli_usage(err, "either a directory, or --of N and --need K");
    if ((!of && !read_directory(&report, cli->argument[0], err)) ||
        !read_number(&report.quorum.witnesses, cli, "--of", err) ||
        !read_number(&report.quorum.need, cli, "--need", err))
        return CLI_FAILED;
    if (cli_option(cli, "--json")) {
        struct json out = as_json(&report);
        cli_print_json(&out, &cli->arena);
    } else {
        print_plain(&report);
    }
    return CLI_DONE;
}

const struct cli_command command_quorum = {
    .name = "quorum",
    .arguments = "[DIR]",
    .least = 0,
    .most = 1,
    .option = {{"--of", "N", "of so many witnesses", CLI_MAYBE},
               {"--need", "K", "so many must cosign; of DIR: instead of what its log says",
                CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Counts how many witnesses must lie before two different logs can each have a quorum, "
             "and how many must refuse before the clock stops: of those in force in DIR, or of N.",
    .run = run,
};
