#include "cli/cli.h"

#include "api/intake.h"
#include "api/views.h"
#include "cli/verdict.h"
#include "forms/flash.h"
#include "forms/flash_sign.h"
#include "sys/clock.h"

#include <stdio.h>

/* sulh flash: what somebody says by voice, typed in: read, asked about and confirmed as a message
 * of a telephone is (doc/flash.md). */

struct dictation {
    struct cli *cli;
    struct node *node;
    struct flash_book book;
    struct flash_ask ask;
    struct flash flash;
    struct buf said;
};

/* ERR_MISSING at the end. */
static bool read_line(struct dictation *call, struct span *out, struct err *err)
{
    char line[FLASH_TEXT_BYTES + 2];

    if (!fgets(line, sizeof line, stdin))
        return err_set(err, ERR_REFUSED, "nothing was confirmed, and nothing is recorded");
    *out = arena_copy(&call->cli->arena, span_of(line));
    if (out->len && out->at[out->len - 1] == '\n')
        out->len--;
    return true;
}

static bool is_confirmed(const struct dictation *call, struct span line)
{
    struct span number = flash_fold(line, &call->cli->arena), word = number;
    const struct flash_entry *entry;

    if (call->flash.questions || number.len <= 4 ||
        !span_is(span_from(number, number.len - 4), call->flash.check))
        return false;
    word.len -= 4;
    return flash_book_find(&call->book, word, &entry) > 0 && entry->meaning == FLASH_YES;
}

static bool read_again(struct dictation *call, struct err *err)
{
    struct arena *arena = &call->cli->arena;

    if (!flash_read(&call->flash, &call->book, &call->ask, arena, err))
        return false;
    cli_put_text(stderr, flash_reply(&call->flash, &call->book, &call->ask, arena), 0);
    fputc('\n', stderr);
    return true;
}

static struct span joined(struct dictation *call, struct span line)
{
    return span_of(
        arena_printf(&call->cli->arena, "%.*s\n%.*s", SPAN_ARG(call->ask.text), SPAN_ARG(line)));
}

/* Until it is confirmed. */
static bool converse(struct dictation *call, struct err *err)
{
    struct span line;

    if (!read_line(call, &call->ask.text, err))
        return false;
    line = call->ask.text;
    while (!is_confirmed(call, line)) {
        buf_put(&call->said, line);
        buf_byte(&call->said, '\n');
        if (!read_again(call, err) || !read_line(call, &line, err))
            return false;
        if (is_confirmed(call, line))
            break;
        call->ask.text = call->flash.questions
                             ? flash_answered(&call->flash, call->ask.text, line, &call->cli->arena)
                             : joined(call, line);
    }
    return true;
}

static bool sign(struct dictation *call, struct answer *answer, struct err *err)
{
    struct arena *arena = &call->cli->arena;
    struct author *author = NULL;
    struct submission submission = {0};
    const struct flash_record record = {.fields = &call->flash.fields,
                                        .said = buf_span(&call->said)};
    char id[65];
    bool ok = author_open(&author, call->node, cli_option(call->cli, "--as"), err) &&
              flash_sign(author, &record, &submission, id, arena, err) &&
              node_submit(call->node, &submission, 1, answer, arena, err);

    if (node_holds(call->node)) {
        author_close(author);
        author = NULL;
    }
    ok = ok && node_settle(call->node, err);
    author_close(author);
    if (ok && answer->kind == ANSWER_REFUSED)
        return err_set(err, ERR_REFUSED, "refused: %s", answer->why.text);
    return ok;
}

static bool print(struct dictation *call, const struct answer *answer, struct err *err)
{
    struct arena *arena = &call->cli->arena;
    struct json out = json_object(), verdict;

    json_set(&out, "id", json_text(answer->id), arena);
    if (answer->kind == ANSWER_LATER) {
        json_set_integer(&out, "waiting", 1, arena);
        cli_print_json(&out, arena);
        return true;
    }
    json_set_integer(&out, "index", (int64_t)answer->index, arena);
    if (!verdict_read(&verdict, call->node, answer->index, arena, err))
        return false;
    json_set_string(&out, "verdict", json_get_text(&verdict, "verdict"), arena);
    cli_print_json(&out, arena);
    return verdict_effective(&verdict, answer->index, err);
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct dictation call = {.cli = cli, .said = buf_in(&cli->arena, 1u << 20)};
    struct answer answer = {0};

    call.ask.language = span_of(cli_option(cli, "--language"));
    call.ask.received_ms = clock_now_ms(clock_system());
    bool ok = cli_offset(cli, FLASH_NO_OFFSET, &call.ask.offset_min, err) &&
              node_open(&call.node, cli->argument[0], &view, NULL, err) &&
              intake_book(&call.book, node_reader(call.node), &cli->arena, err) &&
              converse(&call, err) && sign(&call, &answer, err) && print(&call, &answer, err);
    node_close(call.node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_flash = {
    .name = "flash",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--as", "KEYNAME", "the key of DIR/keys that signs", CLI_NEEDED},
               {"--language", "LANGUAGE", "of the questions; else that of what is typed",
                CLI_MAYBE},
               {"--offset", "MINUTES", "of the caller's clock, east of UTC; else it is asked",
                CLI_MAYBE}},
    .about = "Reads a flash as somebody says it, a line on standard input, asks what is not clear, "
             "says what was understood, and signs it when that is confirmed by its number.",
    .run = run,
};
