#include "cli/cli.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "sys/clock.h"
#include "sys/disk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *cli_option_at(const struct cli *cli, const char *name, size_t n)
{
    for (size_t i = 0; i < cli->given_count; i++)
        if (strcmp(cli->given[i].option->name, name) == 0 && n-- == 0)
            return cli->given[i].value;
    return NULL;
}

const char *cli_option(const struct cli *cli, const char *name)
{
    return cli_option_at(cli, name, 0);
}

enum cli_exit cli_usage(struct err *err, const char *format, ...)
{
    va_list args;

    err->kind = ERR_USAGE;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return CLI_USAGE;
}

bool cli_number(uint64_t *out, const char *text, const char *what, struct err *err)
{
    return decimal_parse(out, span_of(text), LIMIT_TREE_SIZE) ||
           err_set(err, ERR_USAGE, "%s must be a decimal number, not \"%s\"", what, text);
}

bool cli_offset(const struct cli *cli, int otherwise, int *out, struct err *err)
{
    const char *text = cli_option(cli, "--offset");
    char *end = NULL;

    *out = otherwise;
    if (!text)
        return true;
    long minutes = strtol(text, &end, 10);
    if (end == text || *end || minutes < -840 || minutes > 840)
        return err_set(err, ERR_USAGE, "--offset is minutes east of UTC, not \"%s\"", text);
    *out = (int)minutes;
    return true;
}

bool cli_read_file(struct span *out, const char *path, size_t limit, struct arena *arena,
                   struct err *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    struct buf text = buf_in(arena, limit);
    uint8_t chunk[65536];
    size_t n;

    if (!file)
        return err_errno(err, "open %s", path);
    while (!text.full && (n = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_put(&text, span_make(chunk, n));
    bool failed = ferror(file);
    if (file != stdin)
        fclose(file);
    if (failed)
        return err_errno(err, "read %s", path);
    if (text.full)
        return err_set(err, ERR_LIMIT, "%s: more than %zu bytes", path, limit);
    *out = buf_span(&text);
    return true;
}

bool cli_make_directory(const char *path, struct err *err)
{
    struct disk *disk;
    struct disk_entry *entry;
    struct arena arena = {0};
    size_t count;

    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return err_errno(err, "make %s", path);
    if (!disk_open(&disk, path, false, err))
        return false;
    bool ok = disk_list(disk, "", &entry, &count, &arena, err);
    if (ok && count)
        ok = err_set(err, ERR_CONFLICT, "%s is not empty: it holds %s", path, entry[0].path);
    arena_free(&arena);
    disk_close(disk);
    return ok;
}

void cli_print_json(const struct json *value, struct arena *arena)
{
    printf("%.*s\n", SPAN_ARG(json_bytes(value, arena)));
}

struct json cli_hash(struct hash hash, struct arena *arena)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    return json_string(arena_copy(arena, span_of(text)));
}

static bool harmless(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } harmful[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},                                         /* controls */
        {0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}, /* direction */
        {0x2028, 0x2029},                                                       /* ends of lines */
    };

    for (size_t i = 0; i < ARRAY_LEN(harmful); i++)
        if (c >= harmful[i].from && c <= harmful[i].to)
            return false;
    return true;
}

void cli_put_text(FILE *out, struct span text, int indent)
{
    while (text.len) {
        struct span rest = text;
        uint32_t c;

        if (!utf8_next(&rest, &c)) {
            fprintf(out, "\\x%02x", text.at[0]);
            text = span_from(text, 1);
            continue;
        }
        if (c == '\n')
            fprintf(out, "\n%*s| ", indent, "");
        else if (harmless(c))
            fwrite(text.at, 1, text.len - rest.len, out);
        else
            fprintf(out, "\\u%04" PRIx32, c);
        text = rest;
    }
}

/* --- progress --- */

#define TERMINAL_EVERY_NS UINT64_C(100000000)
#define FILE_EVERY_NS UINT64_C(5000000000)

static struct {
    uint64_t told_ns;
    bool open_line;
} progress;

/* Short work says nothing. */
static bool worth_telling(bool terminal, uint64_t now, bool done)
{
    if (progress.told_ns == 0)
        progress.told_ns = now;
    if (done)
        return progress.open_line;
    return now - progress.told_ns >= (terminal ? TERMINAL_EVERY_NS : FILE_EVERY_NS);
}

static void tell(void *context, const char *doing, uint64_t done, uint64_t of)
{
    bool terminal = isatty(STDERR_FILENO);
    uint64_t now = clock_ticks_ns();

    (void)context;
    if (!worth_telling(terminal, now, done == of))
        return;
    progress.told_ns = now;
    progress.open_line = terminal;
    fprintf(stderr, "%s%s: %" PRIu64 " of %" PRIu64 "%s", terminal ? "\r" : "", doing, done, of,
            terminal ? "\033[K" : "\n");
}

struct journal_progress cli_progress(void)
{
    return (struct journal_progress){.tell = tell};
}

void cli_progress_end(void)
{
    if (progress.open_line)
        fputs("\r\033[K", stderr);
    progress.open_line = false;
}
