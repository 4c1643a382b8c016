#include "sys/sim_file.h"

#include <stdlib.h>

struct bytes {
    uint8_t *at;
    size_t len, room;
};

struct change {
    bool is_cut;
    size_t offset;      /* where the bytes go, or the size that is left */
    struct bytes bytes; /* ours */
};

struct sim_file {
    size_t references;
    struct bytes now;
    struct bytes durable;
    struct change *change; /* what makes `now` of `durable`, in order */
    size_t change_count, change_room;
};

bool sim_chance_got_through(struct sim_chance *chance)
{
    return chance->next(chance->state) % 4 < chance->of_four;
}

size_t sim_chance_below(struct sim_chance *chance, size_t limit)
{
    return (size_t)(chance->next(chance->state) % limit);
}

/* Longer is filled with zeros. */
static void resize(struct bytes *bytes, size_t len)
{
    if (len > bytes->room) {
        bytes->room = len > 2 * bytes->room ? len : 2 * bytes->room;
        bytes->at = realloc(bytes->at, bytes->room);
        if (!bytes->at)
            abort();
    }
    if (len > bytes->len)
        memset(bytes->at + bytes->len, 0, len - bytes->len);
    bytes->len = len;
}

static void write_at(struct bytes *bytes, size_t offset, struct span in)
{
    if (in.len == 0)
        return;
    if (offset + in.len > bytes->len)
        resize(bytes, offset + in.len);
    memcpy(bytes->at + offset, in.at, in.len);
}

static struct bytes copy_of(struct span in)
{
    struct bytes out = {0};

    write_at(&out, 0, in);
    return out;
}

static struct span span_in(const struct bytes *bytes)
{
    return span_make(bytes->at, bytes->len);
}

struct sim_file *sim_file_new(void)
{
    struct sim_file *file = calloc(1, sizeof *file);

    if (!file)
        abort();
    file->references = 1;
    return file;
}

struct sim_file *sim_file_retain(struct sim_file *file)
{
    if (file)
        file->references++;
    return file;
}

static void drop_changes(struct sim_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        free(file->change[i].bytes.at);
    file->change_count = 0;
}

void sim_file_release(struct sim_file *file)
{
    if (!file || --file->references > 0)
        return;
    drop_changes(file);
    free(file->change);
    free(file->now.at);
    free(file->durable.at);
    free(file);
}

struct span sim_file_now(const struct sim_file *file)
{
    return span_in(&file->now);
}

static void note_change(struct sim_file *file, struct change change)
{
    if (file->change_count == file->change_room) {
        file->change_room = file->change_room ? 2 * file->change_room : 4;
        file->change = realloc(file->change, file->change_room * sizeof *file->change);
        if (!file->change)
            abort();
    }
    file->change[file->change_count++] = change;
}

static void make_change(struct bytes *bytes, const struct change *change)
{
    if (!change->is_cut)
        write_at(bytes, change->offset, span_in(&change->bytes));
    else if (change->offset < bytes->len)
        resize(bytes, change->offset);
}

void sim_file_append(struct sim_file *file, struct span bytes)
{
    note_change(file, (struct change){.offset = file->now.len, .bytes = copy_of(bytes)});
    make_change(&file->now, &file->change[file->change_count - 1]);
}

void sim_file_overwrite(struct sim_file *file, size_t offset, struct span bytes)
{
    assert(offset <= file->now.len && bytes.len <= file->now.len - offset);
    note_change(file, (struct change){.offset = offset, .bytes = copy_of(bytes)});
    make_change(&file->now, &file->change[file->change_count - 1]);
}

void sim_file_cut(struct sim_file *file, size_t size)
{
    note_change(file, (struct change){.is_cut = true, .offset = size});
    make_change(&file->now, &file->change[file->change_count - 1]);
}

void sim_file_sync(struct sim_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        make_change(&file->durable, &file->change[i]);
    drop_changes(file);
}

/* A torn write: some of its front, and the file either as long as it would have been, with
 * zeros, or not. */
static void tear(struct bytes *bytes, const struct change *change, struct sim_chance *chance)
{
    struct span all = span_in(&change->bytes);
    struct span front = span_slice(all, 0, all.len ? sim_chance_below(chance, all.len) : 0);

    write_at(bytes, change->offset, front);
    if (sim_chance_below(chance, 2) == 0 && bytes->len < change->offset + all.len)
        resize(bytes, change->offset + all.len);
}

struct sim_file *sim_file_crash(const struct sim_file *file, struct sim_chance *chance)
{
    struct sim_file *out = sim_file_new();

    out->durable = copy_of(span_in(&file->durable));
    for (size_t i = 0; i < file->change_count; i++) {
        const struct change *change = &file->change[i];

        if (!sim_chance_got_through(chance))
            continue;
        if (!change->is_cut && sim_chance_below(chance, 4) == 0)
            tear(&out->durable, change, chance);
        else
            make_change(&out->durable, change);
    }
    out->now = copy_of(span_in(&out->durable));
    return out;
}

void sim_file_rot(struct sim_file *file, uint64_t which_bit)
{
    assert(file->durable.len > 0);
    size_t at = (size_t)(which_bit / 8 % file->durable.len);
    uint8_t bit = (uint8_t)(1u << which_bit % 8);

    file->durable.at[at] ^= bit;
    if (at < file->now.len)
        file->now.at[at] ^= bit;
}
