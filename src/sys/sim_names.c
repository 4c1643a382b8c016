#include "sys/sim_names.h"

#include <stdlib.h>

/* A creation has only `to`, a removal only `from`, a renaming both. */
struct sim_change {
    char *from, *to;
    struct sim_file *file;
};

static char *copy_text(const char *text)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        abort();
    return copy;
}

/* Where `path` stands, or would. */
static size_t place_of(const struct sim_table *table, const char *path)
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(table->at[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct sim_name *find(const struct sim_table *table, const char *path)
{
    size_t at = place_of(table, path);
    bool there = at < table->count && strcmp(table->at[at].path, path) == 0;

    return there ? &table->at[at] : NULL;
}

static void table_remove(struct sim_table *table, const char *path)
{
    struct sim_name *name = find(table, path);

    if (!name)
        return;
    free(name->path);
    sim_file_release(name->file);
    table->count--;
    memmove(name, name + 1, (size_t)(table->at + table->count - name) * sizeof *name);
}

static void table_set(struct sim_table *table, const char *path, struct sim_file *file)
{
    table_remove(table, path);
    if (table->count == table->room) {
        table->room = table->room ? 2 * table->room : 16;
        table->at = realloc(table->at, table->room * sizeof *table->at);
        if (!table->at)
            abort();
    }
    struct sim_name *at = table->at + place_of(table, path);
    memmove(at + 1, at, (size_t)(table->at + table->count - at) * sizeof *at);
    *at = (struct sim_name){copy_text(path), sim_file_retain(file)};
    table->count++;
}

static void table_free(struct sim_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->at[i].path);
        sim_file_release(table->at[i].file);
    }
    free(table->at);
}

const struct sim_name *sim_names_find(const struct sim_names *names, const char *path)
{
    return find(&names->now, path);
}

static size_t directory_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (size_t)(slash - path) : 0;
}

static bool has_directory(const struct sim_table *table, const char *path)
{
    size_t len = directory_length(path);
    char *directory = strndup(path, len);

    if (!directory)
        abort();
    const struct sim_name *name = find(table, directory);
    free(directory);
    return len == 0 || (name && !name->file);
}

bool sim_names_has_directory(const struct sim_names *names, const char *path)
{
    return has_directory(&names->now, path);
}

bool sim_path_below(const char *path, const char *directory)
{
    size_t len = strlen(directory);

    return len == 0 || (strncmp(path, directory, len) == 0 && path[len] == '/');
}

static void make_change(struct sim_table *table, const struct sim_change *change)
{
    const struct sim_name *from = change->from ? find(table, change->from) : NULL;

    /* Where an earlier change was lost, another file may have the name. */
    if (from && from->file == change->file)
        table_remove(table, change->from);
    if (change->to)
        table_set(table, change->to, change->file);
}

static void change_names(struct sim_names *names, const char *from, const char *to,
                         struct sim_file *file)
{
    if (names->change_count == names->change_room) {
        names->change_room = names->change_room ? 2 * names->change_room : 16;
        names->change = realloc(names->change, names->change_room * sizeof *names->change);
        if (!names->change)
            abort();
    }
    struct sim_change *change = &names->change[names->change_count++];
    *change = (struct sim_change){copy_text(from), copy_text(to), sim_file_retain(file)};
    make_change(&names->now, change);
}

void sim_names_link(struct sim_names *names, const char *path, struct sim_file *file)
{
    change_names(names, NULL, path, file);
}

void sim_names_remove(struct sim_names *names, const char *path)
{
    change_names(names, path, NULL, find(&names->now, path)->file);
}

void sim_names_rename(struct sim_names *names, const char *from, const char *to)
{
    change_names(names, from, to, find(&names->now, from)->file);
}

static void drop_change(struct sim_change *change)
{
    free(change->from);
    free(change->to);
    sim_file_release(change->file);
}

void sim_names_sync(struct sim_names *names, const char *directory)
{
    size_t kept = 0;

    for (size_t i = 0; i < names->change_count; i++) {
        struct sim_change *change = &names->change[i];
        const char *path = change->to ? change->to : change->from;

        if (directory_length(path) == strlen(directory) && sim_path_below(path, directory)) {
            make_change(&names->durable, change);
            drop_change(change);
        } else {
            names->change[kept++] = *change;
        }
    }
    names->change_count = kept;
}

/* What `table` holds, as it is after the crash. Sorted, so that a directory comes before
 * what is in it and takes all of it along when it is lost. */
static struct sim_table survivors(const struct sim_table *table, struct sim_chance *chance)
{
    struct sim_table out = {0};

    for (size_t i = 0; i < table->count; i++) {
        const struct sim_name *name = &table->at[i];
        struct sim_file *file;

        if (!has_directory(&out, name->path))
            continue;
        file = name->file ? sim_file_crash(name->file, chance) : NULL;
        table_set(&out, name->path, file);
        sim_file_release(file);
    }
    return out;
}

struct sim_names sim_names_crash(const struct sim_names *names, struct sim_chance *chance)
{
    struct sim_table after = {0};
    struct sim_names out = {0};

    for (size_t i = 0; i < names->durable.count; i++)
        table_set(&after, names->durable.at[i].path, names->durable.at[i].file);
    for (size_t i = 0; i < names->change_count; i++) {
        if (sim_chance_got_through(chance))
            make_change(&after, &names->change[i]);
    }
    out.durable = survivors(&after, chance);
    for (size_t i = 0; i < out.durable.count; i++)
        table_set(&out.now, out.durable.at[i].path, out.durable.at[i].file);
    table_free(&after);
    return out;
}

void sim_names_free(struct sim_names *names)
{
    for (size_t i = 0; i < names->change_count; i++)
        drop_change(&names->change[i]);
    free(names->change);
    table_free(&names->now);
    table_free(&names->durable);
    *names = (struct sim_names){0};
}
