#include "cli/cli.h"

#include "base/calendar.h"
#include "node/inbox.h"
#include "node/quarantine.h"
#include "sys/disk.h"

/* sulh inbox: what came from devices and is no record yet, and what was refused (doc/forms.md). */

static void print_form(const struct inbox_form *form)
{
    char since[CALENDAR_TEXT];

    calendar_format(since, form->since_ms, 0);
    printf("%s %s %.*s of %.*s for %.*s: ", since,
           form->complete   ? "complete"
           : form->released ? "released"
                            : "incomplete",
           SPAN_ARG(form->form), SPAN_ARG(form->device), SPAN_ARG(form->on_behalf));
    cli_put_text(stdout, form->instance, 0);
    if (form->held.len) {
        fputs(", not signed: ", stdout);
        cli_put_text(stdout, form->held, 0);
    }
    for (size_t i = 0; i < form->lacks_count; i++) {
        fputs(i == 0 ? ", lacks " : ", ", stdout);
        cli_put_text(stdout, form->lacks[i], 0);
    }
    putchar('\n');
}

static void print_form_json(struct cli *cli, const struct inbox_form *form)
{
    struct json out = json_object(), lacks = json_array();
    struct arena *arena = &cli->arena;

    for (size_t i = 0; i < form->lacks_count; i++)
        json_push(&lacks, json_string(form->lacks[i]), arena);
    json_set_integer(&out, "complete", form->complete, arena);
    json_set_string(&out, "device", form->device, arena);
    json_set_integer(&out, "files", (int64_t)form->file_count, arena);
    json_set_string(&out, "form", form->form, arena);
    json_set_string(&out, "held", form->held, arena);
    json_set_string(&out, "instance", form->instance, arena);
    json_set(&out, "lacks", lacks, arena);
    json_set_integer(&out, "released", form->released, arena);
    json_set_integer(&out, "since_ms", form->since_ms, arena);
    json_set_string(&out, "state", SPAN_LIT("waiting"), arena);
    cli_print_json(&out, arena);
}

static bool print_refusal(struct cli *cli, const struct quarantine_noted *noted, struct err *err)
{
    struct json value;
    char at[CALENDAR_TEXT];

    if (!quarantine_says(&value, noted->note, &cli->arena, err))
        return false;
    if (cli_option(cli, "--json")) {
        json_set_string(&value, "record", noted->record, &cli->arena);
        json_set_string(&value, "state", SPAN_LIT("refused"), &cli->arena);
        cli_print_json(&value, &cli->arena);
        return true;
    }
    calendar_format(at, json_get_integer(&value, "at_ms", 0), 0);
    printf("%s refused %.*s of %.*s: ", at, SPAN_ARG(json_get_text(&value, "form")),
           SPAN_ARG(json_get_text(&value, "device")));
    cli_put_text(stdout, json_get_text(&value, "reason"), 0);
    printf(" (quarantine/%.*s, ", SPAN_ARG(json_get_text(&value, "body")));
    if (noted->record.len)
        printf("record %.*s)\n", SPAN_ARG(noted->record));
    else
        puts("not recorded yet)");
    return true;
}

static bool list(struct cli *cli, struct disk *disk, struct err *err)
{
    struct inbox_form *form;
    struct quarantine_noted *noted;
    size_t count, refused, done;

    if (!inbox_list(disk, &form, &count, &cli->arena, err) ||
        !quarantine_list(disk, &noted, &refused, &cli->arena, err) ||
        !inbox_done_count(disk, &done, &cli->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (cli_option(cli, "--json"))
            print_form_json(cli, &form[i]);
        else
            print_form(&form[i]);
    for (size_t i = 0; i < refused; i++)
        if (!print_refusal(cli, &noted[i], err))
            return false;
    if (!cli_option(cli, "--json"))
        printf("%zu wait, %zu refused, %zu done\n", count, refused, done);
    return true;
}

static bool act(struct cli *cli, struct disk *disk, struct err *err)
{
    if (cli->argument_count == 1)
        return list(cli, disk, err);
    if (cli->argument_count != 3 || strcmp(cli->argument[1], "release") != 0)
        return err_set(err, ERR_USAGE, "what to do? release, and an instance");
    return inbox_release(disk, span_of(cli->argument[2]), &cli->arena, err);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct disk *disk;

    if (!disk_open(&disk, cli->argument[0], false, err))
        return CLI_FAILED;
    bool ok = act(cli, disk, err);
    disk_close(disk);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_inbox = {
    .name = "inbox",
    .arguments = "DIR [release INSTANCE]",
    .least = 1,
    .most = 3,
    .option = {{"--json", NULL, "one JSON object a line, without the count at the end", CLI_MAYBE}},
    .about = "Lists the forms that came from devices and are no records yet, what they wait for, "
             "and what was refused, with the record of that. release: the form of this instance is "
             "signed without the "
             "files that never came, and its record says which.",
    .run = run,
};
