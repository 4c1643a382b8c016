#include "codec/csv.h"

#include "codec/utf8.h"

#define BYTE_ORDER_MARK SPAN_LIT("\xef\xbb\xbf")

struct csv csv_over(struct span text)
{
    struct csv csv = {.in = text, .line = 1, .column = 1};

    if (span_starts_with(text, BYTE_ORDER_MARK))
        csv.at = BYTE_ORDER_MARK.len;
    return csv;
}

bool csv_more(const struct csv *csv)
{
    return csv->at < csv->in.len;
}

static bool fault(const struct csv *csv, struct err *err, const char *why)
{
    return err_set(err, ERR_MALFORMED, "line %" PRIu64 ", column %" PRIu64 ": %s", csv->line,
                   csv->column, why);
}

/* U+0000 is refused by take, so here it can stand for the end. */
static uint8_t peek(const struct csv *csv)
{
    return csv_more(csv) ? csv->in.at[csv->at] : '\0';
}

static bool at_crlf(const struct csv *csv)
{
    return span_starts_with(span_from(csv->in, csv->at), SPAN_LIT("\r\n"));
}

/* Passes over one character, which must be one that may stand in a CSV file. */
static bool take(struct csv *csv, struct err *err)
{
    struct span rest = span_from(csv->in, csv->at);
    uint32_t character;

    if (!utf8_next(&rest, &character))
        return fault(csv, err, "not UTF-8");
    if (character == 0)
        return fault(csv, err, "U+0000 is not allowed");
    if (character == '\r' && !at_crlf(csv))
        return fault(csv, err, "a carriage return must be followed by a line feed");
    csv->at = csv->in.len - rest.len;
    csv->column++;
    if (character == '\n') {
        csv->line++;
        csv->column = 1;
    }
    return true;
}

static bool cell_ends(const struct csv *csv)
{
    return !csv_more(csv) || peek(csv) == ',' || peek(csv) == '\n' || at_crlf(csv);
}

/* The most of what is read: at once what take would pass one by one. */
static void pass_ascii(struct csv *csv)
{
    size_t at = csv->at;

    while (at < csv->in.len && csv->in.at[at] >= ' ' && csv->in.at[at] < 0x80 &&
           csv->in.at[at] != ',' && csv->in.at[at] != '"')
        at++;
    csv->column += at - csv->at;
    csv->at = at;
}

static bool next_plain(struct csv *csv, struct span *out, struct err *err)
{
    size_t start = csv->at;

    for (pass_ascii(csv); !cell_ends(csv); pass_ascii(csv)) {
        if (peek(csv) == '"')
            return fault(csv, err, "a quote inside a cell: put the cell in quotes and double it");
        if (!take(csv, err))
            return false;
    }
    *out = span_slice(csv->in, start, csv->at - start);
    return true;
}

/* `text` as it stood between quotes, every quote in it doubled. */
static struct span undouble(struct span text, struct arena *arena)
{
    struct buf buf = buf_in(arena, text.len);
    struct span part;

    while (span_cut(&text, '"', &part)) {
        buf_put(&buf, part);
        buf_byte(&buf, '"');
        text = span_from(text, 1);
    }
    buf_put(&buf, text);
    return buf_span(&buf);
}

static bool next_quoted(struct csv *csv, struct span *out, struct arena *arena, struct err *err)
{
    struct csv opened = *csv;
    bool doubled = false;
    bool inside = true;

    csv->at++;
    csv->column++;
    size_t start = csv->at;
    while (inside) {
        if (!csv_more(csv))
            return fault(&opened, err, "this quote is not closed");
        bool quote = peek(csv) == '"';
        if (!take(csv, err))
            return false;
        if (!quote)
            continue;
        inside = peek(csv) == '"';
        doubled = doubled || inside;
        if (inside && !take(csv, err))
            return false;
    }
    if (!cell_ends(csv))
        return fault(csv, err,
                     "a comma or the end of the line must follow a closing quote: a quote "
                     "inside a cell is written twice");
    *out = span_slice(csv->in, start, csv->at - 1 - start);
    if (doubled)
        *out = undouble(*out, arena);
    return true;
}

static bool next_cell(struct csv *csv, struct csv_cell *out, struct arena *arena, struct err *err)
{
    out->line = csv->line;
    out->column = csv->column;
    if (peek(csv) == '"')
        return next_quoted(csv, &out->text, arena, err);
    return next_plain(csv, &out->text, err);
}

static struct csv_cell *make_room(struct csv_record *record, size_t *room, struct arena *arena)
{
    if (record->count == *room) {
        *room = *room ? *room * 2 : 16;
        struct csv_cell *cell = ARENA_ARRAY(arena, struct csv_cell, *room);
        if (record->count)
            memcpy(cell, record->cell, record->count * sizeof *cell);
        record->cell = cell;
    }
    return &record->cell[record->count];
}

static bool end_record(struct csv *csv, struct err *err)
{
    while (csv_more(csv)) {
        bool last = peek(csv) == '\n';
        if (!take(csv, err))
            return false;
        if (last)
            break;
    }
    return true;
}

bool csv_next(struct csv *csv, struct csv_record *out, size_t max_cells, struct arena *arena,
              struct err *err)
{
    struct csv at = *csv;
    struct csv_record record = {0};
    size_t room = 0;

    assert(csv_more(csv));
    for (;;) {
        if (record.count == max_cells)
            return err_set(err, ERR_LIMIT,
                           "line %" PRIu64 ", column %" PRIu64 ": more than %zu cells in a record",
                           at.line, at.column, max_cells);
        if (!next_cell(&at, make_room(&record, &room, arena), arena, err))
            return false;
        record.count++;
        if (peek(&at) != ',')
            break;
        if (!take(&at, err))
            return false;
    }
    if (!end_record(&at, err))
        return false;
    *csv = at;
    *out = record;
    return true;
}

static bool must_quote(struct span cell)
{
    for (size_t i = 0; i < cell.len; i++)
        if (cell.at[i] == '"' || cell.at[i] == ',' || cell.at[i] == '\n' || cell.at[i] == '\r')
            return true;
    return span_starts_with(cell, BYTE_ORDER_MARK); /* else lost where a file starts with it */
}

void csv_put_cell(struct buf *buf, struct span cell)
{
    struct span part;

    if (!must_quote(cell)) {
        buf_put(buf, cell);
        return;
    }
    buf_byte(buf, '"');
    while (span_cut(&cell, '"', &part)) {
        buf_put(buf, part);
        buf_text(buf, "\"\"");
    }
    buf_put(buf, cell);
    buf_byte(buf, '"');
}
