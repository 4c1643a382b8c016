/* CSV: what was read and is written again reads the same; and every place that the
 * reader names is where one finds oneself by counting. */

#include "codec/csv.h"

#include "codec/place.h"
#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_CELLS 8

static void check_place(const struct csv *csv)
{
    size_t mark = span_starts_with(csv->in, SPAN_LIT("\xef\xbb\xbf")) ? 3 : 0;
    struct place place = place_of(span_from(csv->in, mark), csv->at - mark);

    assert(csv->line == place.line && csv->column == place.column);
}

static void check_written(const struct csv_record *record, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);
    struct csv_record again;
    struct err err = {0};

    for (size_t i = 0; i < record->count; i++) {
        if (i > 0)
            buf_byte(&buf, ',');
        csv_put_cell(&buf, record->cell[i].text);
    }
    buf_byte(&buf, '\n');

    struct csv csv = csv_over(buf_span(&buf));
    assert(csv_next(&csv, &again, record->count, arena, &err));
    assert(!csv_more(&csv) && again.count == record->count);
    for (size_t i = 0; i < record->count; i++)
        assert(span_equal(again.cell[i].text, record->cell[i].text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv csv = csv_over(span_make(data, size));
    struct arena arena = {0};
    struct csv_record record;
    struct err err = {0};

    while (csv_more(&csv)) {
        struct csv before = csv;
        if (!csv_next(&csv, &record, MAX_CELLS, &arena, &err)) {
            assert(err.kind != ERR_NONE && csv.at == before.at);
            break;
        }
        assert(csv.at > before.at && record.count >= 1 && record.count <= MAX_CELLS);
        assert(record.cell[0].line == before.line && record.cell[0].column == before.column);
        for (size_t i = 0; i < record.count; i++)
            assert(utf8_valid(record.cell[i].text));
        check_place(&csv);
        check_written(&record, &arena);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return 0;
}
