#include "feed/row_feed.h"

#include "feed/once.h"

#include <stdlib.h>

#define DAMAGE_TOLD 20u /* rows by their place; a file of another sort has nothing else */

struct rows {
    const struct row_feed *table;
    struct sheet start, sheet; /* before the first row, and behind the last one read */
    struct arena own;          /* the row's; bounded by the longest row */
    struct row row;            /* the last one read */
    size_t next;               /* which of its records is next; SIZE_MAX: none */
    uint64_t *again;           /* lines of rows that repeat one before them, in order */
    size_t again_count;
};

static int compare_lines(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static bool is_again(const struct rows *rows, const struct row *row)
{
    uint64_t line = row_line(row);

    return rows->again_count > 0 &&
           bsearch(&line, rows->again, rows->again_count, sizeof line, compare_lines) != NULL;
}

/* What is checked of all rows together. */
struct check {
    const struct row_feed *table;
    const struct remarks *remarks;
    struct once ids;
    size_t damaged;
    struct err first; /* of what is damaged */
};

static void check_row(struct check *check, struct row *row)
{
    struct feed_item item = {0};

    for (size_t n = 0; check->table->read(&item, row, n) && !row_failed(row); n++)
        once_add(&check->ids, item.external_id, row_line(row));
    if (!row_failed(row))
        return;
    if (check->damaged++ == 0)
        check->first = row->fault;
    if (check->damaged <= DAMAGE_TOLD)
        remark(check->remarks, "%s", row->fault.text);
}

static bool damage(const struct check *check, struct err *err)
{
    *err = check->first;
    if (check->damaged > 1)
        err_wrap(err, "%zu rows are damaged; the first", check->damaged);
    return false;
}

static bool check_rows(struct check *check, const struct rows *rows, struct err *err)
{
    struct sheet sheet = rows->start;
    struct arena scratch = {0};
    bool more = true, ok = true;

    while (ok && more) {
        struct row row;

        arena_reset(&scratch);
        ok = sheet_next(&sheet, &row, &more, &scratch, err);
        if (ok && more && !is_again(rows, &row))
            check_row(check, &row);
    }
    arena_free(&scratch);
    if (!ok && check->damaged)
        return err_wrap(err, "%zu rows are damaged, and what follows cannot be read",
                        check->damaged);
    return ok && (check->damaged == 0 || damage(check, err));
}

/* All that a row says. */
static struct span whole(const struct row *row)
{
    struct buf buf = buf_in(row->arena, SIZE_MAX);

    for (size_t i = 0; i < row->record.count; i++) {
        buf_put(&buf, row->record.cell[i].text);
        buf_byte(&buf, 0); /* which no cell has */
    }
    return buf_span(&buf);
}

/* Which rows repeat another. Looked for only where a name stands twice, since few files have any.
 */
static bool find_again(struct rows *rows, struct arena *arena, struct err *err)
{
    struct sheet sheet = rows->start;
    struct arena scratch = {0};
    struct once once = {0};
    uint64_t unused;
    bool more = true, ok = true;

    while (ok && more) {
        struct row row;

        arena_reset(&scratch);
        ok = sheet_next(&sheet, &row, &more, &scratch, err);
        if (ok && more)
            once_add(&once, whole(&row), row_line(&row));
    }
    if (ok && !once_check(&once, &unused, &unused))
        rows->again_count = once_again(&once, &rows->again, arena);
    once_free(&once);
    arena_free(&scratch);
    return ok;
}

static bool check_once(struct check *check, const struct rows *rows, struct err *err)
{
    struct sheet sheet = rows->start;
    struct arena scratch = {0};
    struct feed_item item = {0};
    uint64_t twice, first;
    struct row row;
    bool more = true, ok = true;

    if (once_check(&check->ids, &twice, &first))
        return true;
    do {
        arena_reset(&scratch);
        ok = sheet_next(&sheet, &row, &more, &scratch, err);
    } while (ok && more && row_line(&row) < twice);
    if (ok && more) {
        bool made = check->table->read(&item, &row, 0);
        assert(made); /* of this row an id is known */
        err_set(err, ERR_MALFORMED,
                "%s: line %" PRIu64 ", column 1: %.*s stands in line %" PRIu64 " already%s%s",
                sheet.file, twice, SPAN_ARG(item.external_id), first,
                check->table->again ? ": " : "", check->table->again ? check->table->again : "");
    }
    arena_free(&scratch);
    return false;
}

/* Names stand once, but for rows that repeat another where the table allows that. */
static bool check_names(struct check *check, struct rows *rows, struct arena *arena,
                        struct err *err)
{
    uint64_t unused;

    if (!check->table->again || once_check(&check->ids, &unused, &unused))
        return check_once(check, rows, err);
    once_free(&check->ids);
    if (!find_again(rows, arena, err) || !check_rows(check, rows, err) ||
        !check_once(check, rows, err))
        return false;
    remark(check->remarks,
           "%s: %zu rows repeat another to the last character, and were passed over (first in line "
           "%" PRIu64 ")",
           rows->start.file, rows->again_count, rows->again[0]);
    return true;
}

static void rewind_rows(void *state)
{
    struct rows *rows = state;

    rows->sheet = rows->start;
    rows->next = SIZE_MAX;
}

static bool next_item(void *state, struct feed_item *out, bool *more, struct err *err)
{
    struct rows *rows = state;

    for (;;) {
        *more = true;
        if (rows->next != SIZE_MAX && rows->table->read(out, &rows->row, rows->next++))
            return row_ok(&rows->row, err);
        arena_reset(&rows->own);
        if (!sheet_next(&rows->sheet, &rows->row, more, &rows->own, err))
            return false;
        if (!*more)
            return true;
        if (!is_again(rows, &rows->row))
            rows->next = 0;
    }
}

static void close_rows(void *state)
{
    struct rows *rows = state;

    arena_free(&rows->own);
}

bool row_feed_open(struct feed *out, const struct row_feed *table, const char *file,
                   struct span text, const struct remarks *remarks, struct arena *arena,
                   struct err *err)
{
    struct rows *rows = ARENA_NEW(arena, struct rows);
    struct check check = {.table = table, .remarks = remarks};

    rows->table = table;
    bool ok =
        sheet_open(&rows->start, file, text, table->column, table->columns, NULL, remarks, err) &&
        check_rows(&check, rows, err) && check_names(&check, rows, arena, err);
    once_free(&check.ids);
    if (!ok)
        return false;
    rewind_rows(rows);
    *out = (struct feed){.source = table->source,
                         .kinds = table->kinds,
                         .state = rows,
                         .rewind = rewind_rows,
                         .next = next_item,
                         .close = close_rows};
    return true;
}
