/* Keeping large parts: how much a second, in one run beside what it cannot be faster than, a plain
 * copy of the same bytes into a file of its own, synced, and their SHA-256. */

#include "store/parts.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/scratch.h"

#include <fcntl.h>

#define PART_BYTES ((size_t)5 << 20)
#define PARTS 40u

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "parts_bench: %s\n", err->text);
    exit(1);
}

static double seconds_since(uint64_t start_ns)
{
    return (double)(clock_ticks_ns() - start_ns) / 1e9;
}

static struct span part_of(uint8_t *bytes, unsigned n)
{
    memcpy(bytes, &n, sizeof n);
    return span_make(bytes, PART_BYTES);
}

static void copy(const char *directory, struct span bytes, unsigned n)
{
    char path[200];
    struct err err = {0};

    snprintf(path, sizeof path, "%s/copy-%u", directory, n);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    must((ok && close(fd) == 0) || err_errno(&err, "copy"), &err);
}

int main(void)
{
    struct scratch scratch = scratch_make();
    uint8_t *bytes = malloc(PART_BYTES);
    struct disk *disk;
    struct parts *parts;
    struct err err = {0};
    uint8_t sum = 0;

    assert(bytes);
    entropy_fill(bytes, PART_BYTES);
    must(disk_open(&disk, scratch.path, true, &err) && disk_lock(disk, &err) &&
             parts_open(&parts, disk, &err),
         &err);

    double plain = 0, kept = 0; /* turn by turn, so that both meet the same disk */
    for (unsigned n = 0; n < PARTS; n++) {
        struct span part = part_of(bytes, n);
        uint64_t start_ns = clock_ticks_ns();
        copy(scratch.path, part, n);
        sum ^= hash_of(part).bytes[0];
        plain += seconds_since(start_ns);

        start_ns = clock_ticks_ns();
        struct hash hash = hash_of(part);
        must(parts_add_large(parts, &hash, part, &err), &err);
        kept += seconds_since(start_ns);
    }
    double mb = (double)PARTS * (double)PART_BYTES / 1e6;
    printf("parts: %.0f MB/s kept, %.0f MB/s copied and hashed: ratio %.2f (%02x)\n", mb / kept,
           mb / plain, plain / kept, sum);
    parts_close(parts);
    disk_close(disk);
    free(bytes);
    scratch_remove(&scratch);
    return 0;
}
