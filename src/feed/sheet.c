#include "feed/sheet.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>

static bool wrap(const struct sheet *sheet, struct err *err)
{
    return err_wrap(err, "%s", sheet->file);
}

/* A cell's fault, with its place. The text is ours or checked to be UTF-8. */
static bool fault_at(const struct sheet *sheet, struct csv_cell cell, struct err *err,
                     const char *text)
{
    return err_set(err, ERR_MALFORMED, "%s: line %" PRIu64 ", column %" PRIu64 ": %s", sheet->file,
                   cell.line, cell.column, text);
}

bool sheet_fault(const struct sheet *sheet, struct csv_cell cell, size_t column, struct err *err,
                 const char *format, ...)
{
    char what[400], text[500];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    snprintf(text, sizeof text, "\"%s\" %s", sheet->column[column].name, what);
    return fault_at(sheet, cell, err, text);
}

/* --- the header --- */

static size_t column_named(const struct sheet *sheet, struct span name)
{
    for (size_t i = 0; i < sheet->columns; i++)
        if (span_is(name, sheet->column[i].name))
            return i;
    return SHEET_NONE;
}

#define NAME_SHOWN 60 /* bytes of a header that we do not know */

static bool take_header(struct sheet *sheet, const struct csv_record *header,
                        const struct remarks *remarks, struct err *err)
{
    for (size_t i = 0; i < sheet->columns; i++)
        sheet->cell_of[i] = SHEET_NONE;
    sheet->cells = header->count;
    for (size_t i = 0; i < header->count; i++) {
        struct span name = header->cell[i].text;
        size_t column = column_named(sheet, name);

        if (column == SHEET_NONE)
            remark(remarks, "%s: the column \"%.*s\" is not known and was passed over", sheet->file,
                   SPAN_ARG(utf8_prefix(name, NAME_SHOWN)));
        else if (sheet->cell_of[column] != SHEET_NONE)
            return sheet_fault(sheet, header->cell[i], column, err, "is there twice");
        else
            sheet->cell_of[column] = i;
    }
    for (size_t i = 0; i < sheet->columns; i++)
        if (sheet->column[i].use == COLUMN_NEEDED && sheet->cell_of[i] == SHEET_NONE)
            return sheet_fault(sheet, header->cell[0], i, err,
                               "is missing: there is no such column");
    return true;
}

static bool is_tag_row(const struct sheet *sheet, const struct csv_record *record)
{
    bool tag = false;

    if (record->count != sheet->cells)
        return false;
    for (size_t i = 0; i < record->count; i++) {
        struct span text = record->cell[i].text;

        if (text.len && text.at[0] != '#')
            return false;
        tag = tag || text.len;
    }
    return tag;
}

/* What is no well-formed record here is for sheet_next to refuse. */
static void pass_tag_row(struct sheet *sheet, struct arena *arena)
{
    struct csv before = sheet->csv;
    struct csv_record record;
    struct err ignored = {0};

    if (csv_more(&sheet->csv) && csv_next(&sheet->csv, &record, sheet->cells, arena, &ignored) &&
        !is_tag_row(sheet, &record))
        sheet->csv = before;
}

/* Whether a first row is one of figures already: as wide as the header that it lacks, with a number
 * for a name. Then *header is that one. */
static bool is_bare(struct csv_record *header, const char *bare, struct arena *arena)
{
    struct csv csv = csv_over(span_of(bare));
    struct err err = {0};
    struct csv_record names;
    uint64_t id;

    bool read = csv_next(&csv, &names, FEED_CELLS, arena, &err);
    assert(read);
    if (header->count != names.count || !decimal_parse(&id, header->cell[0].text, LIMIT_INTEGER))
        return false;
    *header = names;
    return true;
}

bool sheet_open(struct sheet *out, const char *file, struct span text,
                const struct sheet_column *column, size_t columns, const char *bare,
                const struct remarks *remarks, struct err *err)
{
    struct sheet sheet = {
        .file = file, .column = column, .columns = columns, .csv = csv_over(text)};
    struct arena arena = {0};
    struct csv_record header;

    assert(columns <= SHEET_COLUMNS);
    bool ok = csv_more(&sheet.csv) ||
              err_set(err, ERR_MALFORMED, "%s: line 1, column 1: the file is empty", file);
    struct csv start = sheet.csv;
    ok = ok && (csv_next(&sheet.csv, &header, FEED_CELLS, &arena, err) || wrap(&sheet, err));
    if (ok && bare && is_bare(&header, bare, &arena)) {
        remark(remarks,
               "%s: it has no header; its columns are taken in the order in which they "
               "are published",
               file);
        sheet.csv = start;
    }
    ok = ok && take_header(&sheet, &header, remarks, err);
    if (ok) {
        pass_tag_row(&sheet, &arena);
        *out = sheet;
    }
    arena_free(&arena);
    return ok;
}

/* --- rows --- */

static bool empty_line(const struct sheet *sheet, const struct csv_record *record)
{
    return sheet->cells > 1 && record->count == 1 && record->cell[0].text.len == 0;
}

bool sheet_next(struct sheet *sheet, struct row *out, bool *more, struct arena *arena,
                struct err *err)
{
    struct csv_record record;

    do {
        *more = csv_more(&sheet->csv);
        if (!*more)
            return true;
        if (!csv_next(&sheet->csv, &record, sheet->cells, arena, err))
            return wrap(sheet, err);
    } while (empty_line(sheet, &record));
    if (record.count != sheet->cells) {
        char text[100];

        snprintf(text, sizeof text, "the row ends after %zu of %zu cells", record.count,
                 sheet->cells);
        return fault_at(sheet, record.cell[record.count - 1], err, text);
    }
    *out = (struct row){.sheet = sheet, .record = record, .arena = arena};
    return true;
}

bool row_failed(const struct row *row)
{
    return row->fault.kind != ERR_NONE;
}

bool row_ok(const struct row *row, struct err *err)
{
    if (row_failed(row))
        *err = row->fault;
    return !row_failed(row);
}

void row_fail(struct row *row, size_t column, const char *format, ...)
{
    char what[400];
    va_list args;

    if (row_failed(row))
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    sheet_fault(row->sheet, row_cell(row, column), column, &row->fault, "%s", what);
}

uint64_t row_line(const struct row *row)
{
    return row->record.cell[0].line;
}

struct csv_cell row_cell(const struct row *row, size_t column)
{
    size_t cell = row->sheet->cell_of[column];

    if (cell == SHEET_NONE)
        return (struct csv_cell){.line = row_line(row), .column = 1};
    return row->record.cell[cell];
}

struct span row_text(const struct row *row, size_t column)
{
    return row_failed(row) ? (struct span){0} : row_cell(row, column).text;
}

bool row_has(const struct row *row, size_t column)
{
    return row_text(row, column).len != 0;
}

struct span row_needed(struct row *row, size_t column)
{
    struct span text = row_text(row, column);

    if (text.len == 0)
        row_fail(row, column, "is empty");
    return text;
}
