#include "cli/scenario_cli.h"

#include "base/limits.h"
#include "node/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the program itself says of a scenario's log: the log is put into a directory, and the
 * program called as a person calls it. */

#define SAID_BYTES (4u << 20)
#define MOST_WORDS 40u

bool scenario_keep(const char *directory, struct disk *from,
                   const struct scenario_founding *founding, struct err *err)
{
    struct arena arena = {0};
    struct disk_entry *entry;
    struct disk *to = NULL;
    struct span text;
    size_t count;
    bool ok = cli_make_directory(directory, err) && disk_open(&to, directory, false, err) &&
              disk_list(from, "", &entry, &count, &arena, err);

    for (size_t i = 0; ok && i < count; i++)
        ok = disk_read(from, entry[i].path, LIMIT_PART_BYTES, &text, &arena, err) &&
             disk_replace(to, entry[i].path, text, false, err);
    disk_close(to);
    for (size_t i = 0; ok && i < founding->signers; i++)
        ok = keyring_write(directory, &founding->signer[i], err);
    arena_free(&arena);
    return ok;
}

/* --- the program called --- */

static void become(char *const *word, int out)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0)
        _exit(127);
    execv("/proc/self/exe", word);
    _exit(127);
}

static bool read_all(int from, struct span *out, struct arena *arena, struct err *err)
{
    struct buf said = buf_in(arena, SAID_BYTES);
    uint8_t chunk[65536];
    ssize_t n;

    while ((n = read(from, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            buf_put(&said, span_make(chunk, (size_t)n));
    *out = buf_span(&said);
    return n == 0 || err_errno(err, "read what it says");
}

static bool call(char *const *word, struct span *out, struct arena *arena, struct err *err)
{
    int ends[2], status;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_errno(err, "pipe");
    pid_t child = fork();
    if (child == 0)
        become(word, ends[1]);
    close(ends[1]);
    bool ok = child > 0 ? read_all(ends[0], out, arena, err) : err_errno(err, "fork");
    close(ends[0]);
    if (child > 0)
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    return ok;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

bool scenario_ask(struct disk *disk, const struct scenario_founding *founding,
                  const struct span *word, size_t words, struct span *out, struct arena *arena,
                  struct err *err)
{
    const char *above = getenv("TMPDIR");
    char *path = arena_printf(arena, "%s/sulh-scenario-XXXXXX", above ? above : "/tmp");
    char *said[MOST_WORDS] = {arena_printf(arena, "sulh")};
    size_t n = 1;

    if (words == 0 || words + 3 > MOST_WORDS)
        return err_set(err, ERR_USAGE, "which command?");
    if (!mkdtemp(path))
        return err_errno(err, "make %s", path);
    said[n++] = arena_text(arena, word[0]);
    said[n++] = path;
    for (size_t i = 1; i < words; i++)
        said[n++] = arena_text(arena, word[i]);
    bool ok = scenario_keep(path, disk, founding, err) && call(said, out, arena, err);
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return ok;
}
