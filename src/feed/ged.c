#include "feed/ged.h"

#include "feed/ged_columns.h"
#include "feed/ged_row.h"

struct ged {
    struct sheet start, sheet; /* before the first row, and behind the last one read */
    struct ged_row row;
    size_t at;        /* the next item of the row */
    struct arena own; /* the row's; bounded by the longest row */
};

/* What is told once for the whole file, with the first line it is about. */
struct tally {
    size_t count;
    uint64_t line;
};

static void tally(struct tally *t, size_t more, uint64_t line)
{
    if (t->count == 0)
        t->line = line;
    t->count += more;
}

static void tell(const struct remarks *remarks, const char *file, const struct tally *t,
                 const char *what)
{
    if (t->count)
        remark(remarks, "%s: %zu %s (first in line %" PRIu64 ")", file, t->count, what, t->line);
}

/* Reads to the end; of each row only its id is kept. */
static bool check_rows(struct sheet sheet, struct keys *ids, const struct remarks *remarks,
                       struct arena *arena, struct err *err)
{
    struct arena scratch = {0};
    struct tally cut = {0}, reversed = {0};
    bool more = true, ok = true;

    while (ok && more) {
        struct ged_row made;
        struct row row;

        arena_reset(&scratch);
        ok = sheet_next(&sheet, &row, &more, &scratch, err);
        if (!ok || !more)
            break;
        ok = ged_read_row(&made, &row, err);
        if (ok) {
            struct csv_cell id = row_cell(&row, ID);

            id.text = arena_copy(arena, id.text);
            keys_add(ids, id, ids->count, arena);
            tally(&cut, made.cut, id.line);
            tally(&reversed, made.reversed, id.line);
        }
    }
    arena_free(&scratch);
    if (ok) {
        tell(remarks, sheet.file, &cut, "texts or lists were cut to what their fields hold");
        tell(remarks, sheet.file, &reversed,
             "events have a low above their high: no range is recorded, the figures are quoted");
    }
    return ok;
}

static void rewind_rows(void *state)
{
    struct ged *ged = state;

    ged->sheet = ged->start;
    ged->row.count = ged->at = 0;
}

static bool next_item(void *state, struct feed_item *out, bool *more, struct err *err)
{
    struct ged *ged = state;
    struct row row;

    *more = true;
    if (ged->at == ged->row.count) {
        ged->at = ged->row.count = 0;
        arena_reset(&ged->own);
        if (!sheet_next(&ged->sheet, &row, more, &ged->own, err))
            return false;
        if (*more && !ged_read_row(&ged->row, &row, err))
            return false;
    }
    if (*more)
        *out = ged->row.item[ged->at++];
    return true;
}

static void close_rows(void *state)
{
    struct ged *ged = state;

    arena_free(&ged->own);
}

bool ged_open(struct feed *out, const char *file, struct span text, const struct remarks *remarks,
              struct arena *arena, struct err *err)
{
    struct ged *ged = ARENA_NEW(arena, struct ged);
    struct csv_cell twice, first;
    struct keys ids = {0};

    if (!sheet_open(&ged->start, file, text, ged_columns, ged_column_count, ged_header, remarks,
                    err) ||
        !check_rows(ged->start, &ids, remarks, arena, err))
        return false;
    if (!keys_sort(&ids, &twice, &first))
        return sheet_fault(&ged->start, twice, ID, err, "stands in line %" PRIu64 " already",
                           first.line);
    rewind_rows(ged);
    *out = (struct feed){.source = GED,
                         .kinds = feed_event_kinds,
                         .state = ged,
                         .rewind = rewind_rows,
                         .next = next_item,
                         .close = close_rows};
    return true;
}
