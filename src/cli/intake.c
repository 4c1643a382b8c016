#include "cli/cli.h"

#include "api/gateway.h"
#include "api/intake.h"
#include "api/refusals.h"
#include "api/views.h"
#include "base/calendar.h"
#include "forms/intake.h"
#include "sys/maildir.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

/* sulh intake: mails out of a maildir, where no server does it (doc/flash.md), and the list of what
 * came in and is no record. */

#define TURN_EVERY_S 1

/* --- the list --- */

static void print_item(const struct intake_item *item)
{
    char at[CALENDAR_TEXT];

    if (item->received_ms > 0) {
        calendar_format(at, item->received_ms / 1000 * 1000, 0);
        printf("%s ", at);
    }
    cli_put_text(stdout, item->state, 0);
    putchar(' ');
    cli_put_text(stdout, item->from, 0);
    fputs(": ", stdout);
    cli_put_text(stdout, item->text, 0);
    if (item->why.len) {
        fputs(item->text.len ? " (" : "", stdout);
        cli_put_text(stdout, item->why, 0);
        fputs(item->text.len ? ")" : "", stdout);
    }
    putchar('\n');
}

static void print_item_json(const struct intake_item *item, struct arena *arena)
{
    struct json out = json_object();

    json_set_string(&out, "from", item->from, arena);
    json_set_integer(&out, "received_ms", item->received_ms, arena);
    json_set_string(&out, "state", item->state, arena);
    json_set_string(&out, "text", item->text, arena);
    json_set_string(&out, "why", item->why, arena);
    cli_print_json(&out, arena);
}

static bool list(struct cli *cli, struct err *err)
{
    struct intake_item *item;
    struct disk *disk;
    size_t count;

    if (!disk_open(&disk, cli->argument[0], false, err))
        return false;
    bool ok = intake_list(disk, &item, &count, &cli->arena, err);
    for (size_t i = 0; ok && i < count; i++)
        if (cli_option(cli, "--json"))
            print_item_json(&item[i], &cli->arena);
        else
            print_item(&item[i]);
    disk_close(disk);
    return ok;
}

/* --- taking in --- */

struct taking {
    struct node *node;
    struct intake *intake;
    struct gateway *gateway;
    struct quarantine *quarantine;
    struct maildir *maildir;
};

/* All there is, and what is confirmed by it. */
static bool turn(struct taking *t, struct gateway *gateway, struct err *err)
{
    size_t taken = 1;
    bool ours;

    while (taken > 0)
        if (!intake_mail(t->node, t->intake, t->quarantine, t->maildir, &taken, &ours, err))
            return false;
    return intake_turn(t->node, gateway, t->intake, err) &&
           (!gateway || refusals_turn(t->node, gateway, t->quarantine, err));
}

static bool take(struct taking *t, bool once, struct err *err)
{
    const struct timespec wait = {.tv_sec = TURN_EVERY_S};
    struct gateway *gateway = gateway_is_set(t->node) ? t->gateway : NULL;
    sigset_t ends;
    bool ok;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    do
        ok = turn(t, gateway, err);
    while (ok && !once && sigtimedwait(&ends, NULL, &wait) < 0 &&
           (errno == EAGAIN || errno == EINTR));
    gateway_rest(t->gateway);
    return ok && node_settle(t->node, err);
}

static bool check(const struct cli *cli, const struct node *node, struct err *err)
{
    if (!node_holds(node))
        return err_set(err, ERR_CONFLICT,
                       "another process serves %s: name the maildir in its sulh.toml, [forms] "
                       "maildir",
                       cli->argument[0]);
    return node_settings(node)->mail[0] ||
           err_set(err, ERR_MISSING,
                   "sulh.toml has no [forms] mail, the address that answers come from");
}

static bool open_and_take(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct taking t = {0};
    bool ok = node_open(&t.node, cli->argument[0], &view, NULL, err) && check(cli, t.node, err) &&
              maildir_open(&t.maildir, cli->argument[1], err) &&
              quarantine_open(&t.quarantine, node_disk(t.node), node_settings(t.node)->agreement,
                              node_own_key(t.node), err);

    if (ok) {
        t.intake = intake_open(node_disk(t.node));
        t.gateway = gateway_open(t.node);
        ok = take(&t, cli_option(cli, "--once") != NULL, err);
    }
    gateway_close(t.gateway);
    intake_close(t.intake);
    quarantine_close(t.quarantine);
    maildir_close(t.maildir);
    node_close(t.node);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    bool lists = cli_option(cli, "--list") != NULL;

    if (lists != (cli->argument_count == 1))
        return cli_usage(err, "intake DIR MAILDIR takes mails in, and intake DIR --list lists");
    if (lists ? cli_option(cli, "--once") != NULL : cli_option(cli, "--json") != NULL)
        return cli_usage(err, "--once is for a MAILDIR, and --json for --list");
    return (lists ? list(cli, err) : open_and_take(cli, err)) ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_intake = {
    .name = "intake",
    .arguments = "DIR [MAILDIR]",
    .least = 1,
    .most = 2,
    .option = {{"--once", NULL, "what is there now, and no more", CLI_MAYBE},
               {"--list", NULL,
                "list the messages that are no record: of strangers, not confirmed, not signed, or "
                "not read, and why",
                CLI_MAYBE},
               {"--json", NULL, "with --list: one JSON object a line", CLI_MAYBE}},
    .about =
        "Takes in the mails of a maildir as messages of telephones are, answers into the folder "
        "out/ beside it, and signs what is confirmed; where a server runs, its settings name "
        "the maildir.",
    .run = run,
};
