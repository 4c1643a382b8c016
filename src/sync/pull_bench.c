/* Pulling a log of real records from a directory into an empty one on the same disk: entries a
 * second, where the time goes, and the memory that it takes at the most. */

#include "sync/pull.h"

#include "journal/bench.h"

#include <sys/wait.h>

#define RECORDS 100000u
#define GROUP 1000u

static void grow(struct bench *b)
{
    struct submission first[WORLD_START];
    struct arena keep = {0}; /* of the first records */

    world_start(b->w, first, &keep);
    append(b, first, WORLD_START);
    for (size_t n = WORLD_START; n < RECORDS; n += GROUP) {
        struct bench some = *b;
        size_t count = RECORDS - n < GROUP ? RECORDS - n : GROUP;

        some.arena = (struct arena){0};
        append(b, records(&some, count), count);
        arena_free(&some.arena);
    }
    publish(b);
    arena_free(&keep);
}

/* Of this program since it was started, other than what getrusage says. */
static double most_mib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char text[200];
    double kib = 0;

    while (status && fgets(text, sizeof text, status))
        if (strncmp(text, "VmHWM:", 6) == 0)
            kib = strtod(text + 6, NULL);
    if (status)
        fclose(status);
    return kib / 1024;
}

static struct { /* when the entries were there, and not applied yet */
    uint64_t ns;
    double mib;
} there;

static void tell(void *context, const char *doing, uint64_t done, uint64_t of)
{
    (void)context;
    (void)doing;
    (void)done;
    (void)of;
    if (there.ns == 0) {
        there.ns = clock_ticks_ns();
        there.mib = most_mib();
    }
}

static void open_copy(struct bench *copy, const char *directory, struct log_keys *keys)
{
    struct err err = {0};
    const char *path = arena_printf(&copy->arena, "%s/copy", directory);

    copy->w = world_new(1);
    *keys = (struct log_keys){.at = {note_signer_key(&copy->w->log)}, .count = 1};
    must(disk_open(&copy->disk, path, true, &err) && disk_lock(copy->disk, &err), &err);
    must(store_open(&copy->store, arena_printf(&copy->arena, "sqlite:%s/store.db", path), &err),
         &err);
    struct journal_options options = world_options(copy->w, copy->disk, copy->store);
    options.log = options.promise = NULL;
    options.keys = keys;
    options.progress = (struct journal_progress){.tell = tell};
    must(journal_open(&copy->journal, &options, &err), &err);
}

/* In a process of its own, so that its memory is the pull's. */
static int pull(const char *directory)
{
    struct bench copy = {0};
    struct disk *disk;
    struct span note;
    struct pull_result result;
    struct log_keys keys;
    struct err err = {0};

    must(disk_open(&disk, directory, false, &err), &err);
    struct source_disk from = {.disk = disk, .name = "the keeper"};
    const struct source source = source_of_disk(&from);
    open_copy(&copy, directory, &keys);
    must(source_get(&source, "checkpoint", LIMIT_CHECKPOINT_BYTES, &note, &copy.arena, &err), &err);
    double before = most_mib();
    uint64_t start = clock_ticks_ns();
    must(pull_log(&result, copy.journal, &source, note, &err), &err);
    double seconds = seconds_since(start);
    double proven = (double)(there.ns - start) / 1e9;
    assert(result.entries == RECORDS && result.owed == 0);
    line("pull from a directory", RECORDS / seconds, "entries/s");
    line("of that: fetch, prove, write, with parts", RECORDS / proven, "entries/s");
    line("of that: apply", RECORDS / (seconds - proven), "entries/s");
    line("parts that came with them", (double)result.parts, "parts");
    line("memory at the most", most_mib(), "MiB");
    line("before the first was applied", there.mib, "MiB");
    line("before it began", before, "MiB");
    journal_close(copy.journal);
    store_close(copy.store);
    disk_close(copy.disk);
    source_disk_close(&from);
    disk_close(disk);
    arena_free(&copy.arena);
    free(copy.w);
    return 0;
}

int main(int argc, char **argv)
{
    struct bench b;

    if (argc == 2)
        return pull(argv[1]);
    open_all(&b);
    grow(&b);
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", argv[0], b.directory, (char *)NULL);
        _exit(1);
    }
    int status = 1;
    bool ok = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    close_all(&b);
    return !ok;
}
