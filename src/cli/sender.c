#include "cli/cli.h"

#include "base/calendar.h"
#include "cli/verbs.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "forms/intake.h"
#include "node/device.h"
#include "node/settings.h"
#include "sys/clock.h"
#include "sys/entropy.h"

#include <stdio.h>

/* sulh sender: whose telephones send messages (doc/flash.md). */

#define TOKEN_BYTES 32

/* --- the verbs --- */

static bool add(struct cli *cli, struct disk *disk, struct err *err)
{
    const char *name = cli->argument[2], *language = cli_option(cli, "--language");
    struct intake_sender sender = {.since_ms = clock_now_ms(clock_system())};

    if (language && !device_language_valid(span_of(language)))
        return err_set(err, ERR_USAGE, "--language is en, ur, ps, prs, ar or tr, not \"%s\"",
                       language);
    if (strlen(name) > INTAKE_NAME_BYTES)
        return err_set(err, ERR_USAGE, "a pseudonym has at most %u characters", INTAKE_NAME_BYTES);
    snprintf(sender.name, sizeof sender.name, "%s", name);
    snprintf(sender.language, sizeof sender.language, "%s", language ? language : "");
    return cli_offset(cli, FLASH_NO_OFFSET, &sender.offset_min, err) &&
           (intake_from(sender.from, span_of(cli->argument[3]), err) ||
            err_wrap(err, "%s", cli->argument[3])) &&
           intake_sender_add(disk, &sender, err);
}

static bool remove_sender(struct cli *cli, struct disk *disk, struct err *err)
{
    return intake_sender_remove(disk, cli->argument[2], err);
}

static bool list(struct cli *cli, struct disk *disk, struct err *err)
{
    struct intake_sender *senders;
    size_t count;

    if (!intake_sender_list(disk, &senders, &count, &cli->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        char since[CALENDAR_TEXT], offset[32] = "asked for its clock";

        calendar_format(since, senders[i].since_ms, 0);
        if (senders[i].offset_min != FLASH_NO_OFFSET)
            snprintf(offset, sizeof offset, "%+d minutes", senders[i].offset_min);
        printf("%s %s, %s, %s, since %s\n", senders[i].name, senders[i].from,
               senders[i].language[0] ? senders[i].language : "any language", offset, since);
    }
    return true;
}

/* Shown once; the settings hold what it is known again by. */
static bool token(struct cli *cli, struct disk *disk, struct err *err)
{
    struct settings *settings = ARENA_NEW(&cli->arena, struct settings);
    uint8_t bytes[TOKEN_BYTES];
    char text[2 * TOKEN_BYTES + 1];
    struct hash hash;

    entropy_fill(bytes, sizeof bytes);
    hex_text(text, span_make(bytes, sizeof bytes));
    hash = hash_of(span_of(text));
    bool ok = settings_read(settings, disk, err);
    if (ok) {
        hex_text(settings->messages, hash_span(&hash));
        ok = settings_write(settings, disk, err);
    }
    if (ok)
        printf("%s\n", text);
    if (ok && !settings->gateway[0])
        fprintf(stderr, "sulh sender: sulh.toml has no [forms] gateway: nothing is signed yet\n");
    sign_wipe(bytes, sizeof bytes);
    sign_wipe(text, sizeof text);
    return ok;
}

static const struct cli_verb verbs[] = {
    {"add", "DIR PSEUDONYM PHONE|ADDRESS", 4, true, add},
    {"remove", "DIR PSEUDONYM", 3, false, remove_sender},
    {"list", "DIR", 2, false, list},
    {"token", "DIR", 2, false, token},
};

static enum cli_exit run(struct cli *cli, struct err *err)
{
    return cli_run_verb(cli, verbs, ARRAY_LEN(verbs), "intake", err);
}

const struct cli_command command_sender = {
    .name = "sender",
    .arguments = "add|remove|list|token DIR [PSEUDONYM [PHONE|ADDRESS]]",
    .least = 2,
    .most = 4,
    .option = {{"--language", "LANGUAGE",
                "add: en, ur, ps, prs, ar or tr; else that of the message", CLI_MAYBE},
               {"--offset", "MINUTES",
                "add: of the sender's clock, east of UTC; when not given it is asked", CLI_MAYBE}},
    .about = "Registers whose telephone or address of mail sends messages, by a pseudonym: the "
             "number or address stays here and no record has it (add, remove, list); makes the "
             "token by which a gateway of messages "
             "is known, and shows it once (token).",
    .run = run,
};
