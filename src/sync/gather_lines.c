#include "sync/gather_inside.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ledger/cosignature.h"

#define DASH "\xe2\x80\x94 " /* what a signature line begins with, and no origin */

/* Opening. */

static bool find_log_line(struct gather_lines *lines, const struct note *note)
{
    struct span rest = note->text, origin;

    if (!span_cut(&rest, '\n', &origin))
        return false;
    for (size_t i = 0; i < note->count; i++)
        if (span_equal(note->line[i].name, origin)) {
            lines->log = note->line[i];
            return true;
        }
    return false;
}

/* Each witness's first line that holds. A stranger's line under its name has another key id, or
 * does not hold. */
static void take(struct gather_lines *lines, const struct witness_set *set, const struct note *note)
{
    for (size_t w = 0; w < set->count; w++)
        for (size_t i = 0; i < note->count && lines->of[w].name.len == 0; i++) {
            uint64_t seconds;
            if (cosignature_verify(&seconds, lines->text, &note->line[i], &set->at[w]))
                lines->of[w] = note->line[i];
        }
}

bool gather_lines_open(struct gather_lines *out, const struct witness_set *set, struct span bytes,
                       struct arena *arena)
{
    struct gather_lines lines = {0};
    struct checkpoint checkpoint;
    struct note note;
    struct err unfit = {0};

    if (!note_parse(&note, bytes, arena, &unfit) ||
        !checkpoint_parse(&checkpoint, note.text, &unfit) || !find_log_line(&lines, &note))
        return false;
    lines.text = note.text;
    take(&lines, set, &note);
    *out = lines;
    return true;
}

/* More. */

static struct span behind_text(struct span text, struct span lines, struct arena *arena)
{
    struct buf bytes = buf_in(arena, text.len + 1 + lines.len);

    buf_put(&bytes, text);
    buf_byte(&bytes, '\n');
    buf_put(&bytes, lines);
    return buf_span(&bytes);
}

void gather_lines_add(struct gather_lines *lines, const struct witness_set *set, struct span bytes,
                      struct arena *arena)
{
    struct note note;
    struct err unfit = {0};

    if (bytes.len > LIMIT_CHECKPOINT_BYTES)
        return;
    if (span_starts_with(bytes, SPAN_LIT(DASH)))
        bytes = behind_text(lines->text, bytes, arena);
    if (note_parse(&note, bytes, arena, &unfit) && span_equal(note.text, lines->text))
        take(lines, set, &note);
}

size_t gather_lines_count(const struct gather_lines *lines, const struct witness_set *set)
{
    size_t count = 0;

    for (size_t w = 0; w < set->count; w++)
        count += set->in_force[w] && lines->of[w].name.len > 0;
    return count;
}

/* Putting together. */

static int by_name(const void *a, const void *b)
{
    const struct note_line *const *one = a, *const *other = b;

    return span_compare((*one)->name, (*other)->name);
}

static void put_line(struct buf *buf, const struct note_line *line)
{
    note_put_line(buf, line->name, line->key_id, line->signature);
}

struct span gather_lines_note(const struct gather_lines *lines, const struct witness_set *set,
                              struct arena *arena)
{
    struct buf buf = buf_in(arena, LIMIT_CHECKPOINT_BYTES);
    const struct note_line *line[WITNESSES_MOST];
    size_t count = 0;

    for (size_t w = 0; w < set->count; w++)
        if (lines->of[w].name.len > 0)
            line[count++] = &lines->of[w];
    qsort(line, count, sizeof line[0], by_name);
    buf_put(&buf, lines->text);
    buf_byte(&buf, '\n');
    put_line(&buf, &lines->log);
    for (size_t i = 0; i < count; i++)
        put_line(&buf, line[i]);
    assert(!buf.full); /* the log's and 64 of 128 lines that may be there */
    return buf_span(&buf);
}

/* Of a whole note. */

/* As a tick counts them: a witness whose first line does not hold has none (format §8.2). */
size_t witness_count(const struct witness_set *set, struct span bytes)
{
    struct arena arena = {0};
    struct note note;
    struct err unfit = {0};
    size_t count = 0;

    bool parsed = note_parse(&note, bytes, &arena, &unfit);
    for (size_t w = 0; parsed && w < set->count; w++) {
        const struct note_line *line = note_find(&note, &set->at[w]);
        uint64_t seconds;
        count +=
            set->in_force[w] && line && cosignature_verify(&seconds, note.text, line, &set->at[w]);
    }
    arena_free(&arena);
    return count;
}

struct span witness_merge(const struct witness_set *set, struct span note, struct span lines,
                          struct arena *arena)
{
    struct gather_lines all;

    if (!gather_lines_open(&all, set, note, arena))
        return note;
    gather_lines_add(&all, set, lines, arena);
    return gather_lines_note(&all, set, arena);
}
