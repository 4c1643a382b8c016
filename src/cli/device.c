#include "cli/cli.h"

#include "base/calendar.h"
#include "cli/verbs.h"
#include "crypto/sign.h"
#include "forms/collect.h"
#include "ledger/note.h"
#include "node/device.h"
#include "node/settings.h"
#include "render/qr.h"
#include "sys/clock.h"

#include <errno.h>

/* sulh device: the phones that fill in forms (doc/forms.md). A server that runs meanwhile knows
 * at once. */

#define TITLE "Sulh"
#define ICON "🕊"
#define COLOUR "#00695c"
#define PNG_SCALE 6u

/* --- what is shown once --- */

/* Where devices reach the node: as said, or as the settings say. */
static bool find_url(struct cli *cli, struct disk *disk, const char **out, struct err *err)
{
    struct settings *settings = ARENA_NEW(&cli->arena, struct settings);
    const char *url = cli_option(cli, "--url");

    if (!settings_read(settings, disk, err))
        return false;
    if (!settings->gateway[0])
        fprintf(stderr,
                "sulh device: sulh.toml has no [forms] gateway: what devices send is refused\n");
    *out = url ? url : settings->url;
    if (!(*out)[0] || span_ends_with(span_of(*out), SPAN_LIT("/")))
        return err_set(err, ERR_USAGE,
                       "say where phones reach this node, by --url or in sulh.toml ([forms] url), "
                       "without a slash at the end");
    return true;
}

static const char *otherwise(struct cli *cli, const char *option, const char *value)
{
    const char *given = cli_option(cli, option);

    return given ? given : value;
}

static bool make_code(struct cli *cli, const struct device *device, const char *server_url,
                      struct qr *out, struct err *err)
{
    const struct collect_settings settings = {
        .server_url = server_url,
        .language = device->language,
        .title = otherwise(cli, "--title", TITLE),
        .icon = otherwise(cli, "--icon", ICON),
        .colour = otherwise(cli, "--colour", COLOUR),
    };

    return qr_make(out, collect_settings_code(&settings, &cli->arena), QR_SCREEN, &cli->arena, err);
}

static bool write_png(struct cli *cli, const struct qr *qr, struct err *err)
{
    const char *path = cli_option(cli, "--png");

    if (!path)
        return true;
    struct span png = qr_png(qr, PNG_SCALE, &cli->arena);
    FILE *file = fopen(path, "wbx");
    if (!file)
        return err_errno(err, "make %s", path);
    bool written = fwrite(png.at, 1, png.len, file) == png.len;
    return (fclose(file) == 0 && written) || err_errno(err, "write %s", path);
}

static void print_secret(struct cli *cli, const struct device *device, const char *url,
                         const char *server_url, const struct device_secret *secret,
                         const struct qr *qr)
{
    if (cli_option(cli, "--json")) {
        struct json out = json_object();

        json_set_string(&out, "name", span_of(device->name), &cli->arena);
        json_set_string(&out, "password", span_of(secret->password), &cli->arena);
        json_set_string(&out, "token", span_of(secret->token), &cli->arena);
        json_set_string(&out, "url", span_of(server_url), &cli->arena);
        cli_print_json(&out, &cli->arena);
        return;
    }
    printf("Scan this with ODK Collect:\n\n%.*s\n", SPAN_ARG(qr_text(qr, &cli->arena)));
    printf("or give it this address:   %s\n", server_url);
    printf("Where an app asks for a user (KoboCollect, Tella):\n");
    printf("  address   %s/openrosa\n  user      %s\n  password  %s\n", url, device->name,
           secret->password);
    printf("This is shown once. Who has it sends forms as %s.\n", device->on_behalf);
}

static bool show(struct cli *cli, struct disk *disk, const struct device *device,
                 const struct device_secret *secret, struct err *err)
{
    const char *url;
    struct qr qr;

    if (!find_url(cli, disk, &url, err))
        return false;
    const char *server_url = arena_printf(&cli->arena, "%s/openrosa/key/%s", url, secret->token);
    bool ok = make_code(cli, device, server_url, &qr, err) && write_png(cli, &qr, err);
    if (ok)
        print_secret(cli, device, url, server_url, secret, &qr);
    return ok;
}

/* --- the verbs --- */

static bool take_text(char *out, size_t room, const char *text)
{
    return (size_t)snprintf(out, room, "%s", text) < room;
}

static bool take_device(struct cli *cli, struct device *out, struct err *err)
{
    const char *on_behalf = cli_option(cli, "--for"), *name = cli->argument[2];
    const char *language = otherwise(cli, "--language", "en");

    if (!device_name_valid(span_of(name)) || !take_text(out->name, sizeof out->name, name))
        return err_set(err, ERR_USAGE,
                       "\"%s\" cannot name a device: a letter, then letters, digits and -, at most "
                       "%u, all small",
                       name, DEVICE_NAME_BYTES);
    if (!on_behalf)
        return err_set(err, ERR_USAGE, "--for says who fills in the forms: a key, or a pseudonym");
    if (!note_name_valid(span_of(on_behalf)) ||
        !take_text(out->on_behalf, sizeof out->on_behalf, on_behalf))
        return err_set(err, ERR_USAGE, "--for must be a key's name or of that form, not \"%s\"",
                       on_behalf);
    if (!device_language_valid(span_of(language)) ||
        !take_text(out->language, sizeof out->language, language))
        return err_set(err, ERR_USAGE, "--language is en, ur, ps, prs, ar or tr, not \"%s\"",
                       language);
    out->since_ms = clock_now_ms(clock_system());
    return true;
}

static bool device_add_verb(struct cli *cli, struct disk *disk, struct err *err)
{
    struct device device = {0};
    struct device_secret secret = {0};
    const char *url;
    bool ok = take_device(cli, &device, err) && find_url(cli, disk, &url, err) &&
              device_add(disk, &device, &secret, err) && show(cli, disk, &device, &secret, err);

    sign_wipe(&secret, sizeof secret);
    return ok;
}

static bool device_qr_verb(struct cli *cli, struct disk *disk, struct err *err)
{
    struct device device;
    struct device_secret secret = {0};
    const char *url;
    bool ok = find_url(cli, disk, &url, err) &&
              device_renew(disk, cli->argument[2], &device, &secret, err) &&
              show(cli, disk, &device, &secret, err);

    sign_wipe(&secret, sizeof secret);
    return ok;
}

static bool device_remove_verb(struct cli *cli, struct disk *disk, struct err *err)
{
    return device_remove(disk, cli->argument[2], err);
}

static bool device_list_verb(struct cli *cli, struct disk *disk, struct err *err)
{
    struct device *list;
    size_t count;

    if (!device_list(disk, &list, &count, &cli->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        char since[CALENDAR_TEXT];

        calendar_format(since, list[i].since_ms, 0);
        printf("%s for %s, %s, since %s%s\n", list[i].name, list[i].on_behalf, list[i].language,
               since, list[i].removed ? ", removed" : "");
    }
    return true;
}

static const struct cli_verb verbs[] = {
    {"add", "DIR NAME --for KEY", 3, true, device_add_verb},
    {"qr", "DIR NAME", 3, true, device_qr_verb},
    {"remove", "DIR NAME", 3, false, device_remove_verb},
    {"list", "DIR", 2, false, device_list_verb},
};

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), "devices", err);
}

const struct cli_command command_device = {
    .name = "device",
    .arguments = "add|qr|remove|list DIR [NAME]",
    .least = 2,
    .most = 3,
    .option =
        {{"--for", "KEY", "add: who fills in its forms: a key, or a pseudonym like one", CLI_MAYBE},
         {"--language", "LANGUAGE", "add: en, ur, ps, prs, ar or tr; en when not given", CLI_MAYBE},
         {"--url", "URL", "where it reaches this node, where sulh.toml does not say", CLI_MAYBE},
         {"--png", "FILE", "the QR code as a picture, too", CLI_MAYBE},
         {"--title", "TEXT", "what the phone calls the project; Sulh when not given", CLI_MAYBE},
         {"--icon", "CHARACTER", "of the project", CLI_MAYBE},
         {"--colour", "#RRGGBB", "of the project", CLI_MAYBE},
         {"--json", NULL, "what it must be told, as a JSON object, without the code", CLI_MAYBE}},
    .about = "Lets a phone fill in forms here: makes its token and password and shows them once, "
             "with the QR code that sets up ODK Collect (add); makes others in their place (qr); "
             "takes no more from it (remove); says which there are (list).",
    .run = run,
};
