#include "base/calendar.h"
#include "cli/ask.h"
#include "cli/in_words.h"

/* sulh coverage: how much of each sector was watched, day by day. */

/* Midnight of a date, where days begin; "+05:00" or "Z" says where that is. */
static bool midnight(struct cli *cli, const char *date, const char *offset, int64_t *out_ms,
                     int *out_offset_min, struct err *err)
{
    const char *text = arena_printf(&cli->arena, "%sT00:00%s", date, offset);

    return calendar_parse_time(out_ms, out_offset_min, span_of(text)) ||
           err_set(err, ERR_USAGE, "%s at %s: give a date as 2025-11-06, an offset as +05:00 or Z",
                   date, offset);
}

/* What to ask for: all days from --from to --to, both included. */
static bool make_query(struct cli *cli, const char **out, struct err *err)
{
    const char *from = cli_option(cli, "--from"), *to = cli_option(cli, "--to");
    const char *offset = cli_option(cli, "--offset") ? cli_option(cli, "--offset") : "Z";
    const char *query = "";
    int offset_min;
    int64_t ms;

    if (!midnight(cli, "1970-01-01", offset, &ms, &offset_min, err))
        return false;
    query = arena_printf(&cli->arena, "offset_min=%d", offset_min);
    if (from) {
        if (!midnight(cli, from, offset, &ms, &offset_min, err))
            return false;
        query = arena_printf(&cli->arena, "%s&from=%" PRId64, query, ms);
    }
    if (to) {
        if (!midnight(cli, to, offset, &ms, &offset_min, err))
            return false;
        query = arena_printf(&cli->arena, "%s&to=%" PRId64, query, ms + MS_PER_DAY);
    }
    *out = query;
    return true;
}

static void print_count(const struct json *day, const char *name, const char *words)
{
    int64_t count = json_get_integer(day, name, 0);

    if (count > 0)
        printf("; %s %" PRId64, words, count);
}

static void print_day(const struct in_words *words, const struct json *day, int64_t offset_min)
{
    int64_t watched = json_get_integer(day, "watched_s", 0);
    int64_t blind = json_get_integer(day, "blind_s", 0);
    char date[CALENDAR_TEXT];

    calendar_format(date, json_get_integer(day, "from_ms", 0) + offset_min * (int64_t)MS_PER_MINUTE,
                    0);
    printf("  %.10s  ", date);
    if (json_get_integer(day, "watched", 0)) {
        fputs("watched ", stdout);
        in_words_length(words, watched * 1000);
        printf(", %" PRId64 " %%", watched * 100 / 86400);
    } else {
        fputs("not watched", stdout);
    }
    if (blind) {
        fputs("; blind ", stdout);
        in_words_length(words, blind * 1000);
    }
    print_count(day, "denied", "access denied");
    print_count(day, "restrictions", "restrictions");
    print_count(day, "seen", "seen");
    print_count(day, "reported", "reported");
    putchar('\n');
}

static void print(struct cli *cli, const struct json *answer, const struct json *terms)
{
    const struct json *days = json_get(answer, "days");
    const struct in_words words = {terms, NULL, &cli->arena, stdout};
    int64_t offset_min = json_get_integer(answer, "offset_min", 0);
    struct span sector = {0};

    if (days->array.count == 0)
        puts("The agreement has no sectors.");
    for (size_t i = 0; i < days->array.count; i++) {
        const struct json *day = &days->array.at[i];

        if (!span_equal(sector, json_get_text(day, "sector"))) {
            sector = json_get_text(day, "sector");
            in_words_term(&words, "sector", sector);
            putchar('\n');
        }
        print_day(&words, day, offset_min);
    }
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *query;

    return make_query(cli, &query, err) ? ask_and_print(cli, "/api/coverage", query, print, err)
                                        : CLI_FAILED;
}

const struct cli_command command_coverage = {
    .name = "coverage",
    .arguments = "DIR",
    .least = 1,
    .most = 1,
    .option = {{"--from", "DATE", "the first day; if not said, the last seven", CLI_MAYBE},
               {"--to", "DATE", "the last day", CLI_MAYBE},
               {"--offset", "+HH:MM", "where days begin; if not said, at UTC", CLI_MAYBE},
               {"--json", NULL, "one JSON object", CLI_MAYBE}},
    .about = "Says how much of each sector was watched on each day, and what stood in the way.",
    .run = run,
};
