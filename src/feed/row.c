/* What the cells of a row are read as. */

#include "feed/degrees.h"
#include "feed/sheet.h"

#include "base/reader.h"

void row_set(struct row *row, size_t column, struct json *object, const struct field *field)
{
    struct json value = json_string(row_text(row, column));
    struct err why = {0};

    if (value.string.len == 0) {
        if (field->required)
            row_fail(row, column, "is empty");
        return;
    }
    if (!field_check(field, &value, &why))
        row_fail(row, column, "does not fit: %s", why.text);
    json_set(object, field->name, value, row->arena);
}

bool row_number(struct row *row, size_t column, int64_t *out, int64_t limit)
{
    struct span text = row_text(row, column);
    uint64_t value;

    if (text.len == 0)
        return false;
    if (!decimal_parse(&value, text, (uint64_t)limit)) {
        row_fail(row, column, "must be a whole number from 0 to %" PRId64, limit);
        return false;
    }
    *out = (int64_t)value;
    return true;
}

bool row_date(struct row *row, size_t column, struct calendar_date *out)
{
    struct span text = row_text(row, column);

    if (text.len == 0)
        return false;
    if (!calendar_parse_date(out, text)) {
        row_fail(row, column, "must be a date that exists, YYYY-MM-DD");
        return false;
    }
    return true;
}

bool row_degrees(struct row *row, size_t column, int64_t *out_e7, int64_t limit_e7)
{
    struct span text = row_text(row, column);

    if (text.len == 0)
        return false;
    if (!degrees_parse(out_e7, text, limit_e7)) {
        row_fail(row, column, "must be a decimal number from -%" PRId64 " to %" PRId64,
                 limit_e7 / 10000000, limit_e7 / 10000000);
        return false;
    }
    return true;
}

static struct span trim(struct span text)
{
    while (text.len && text.at[0] == ' ')
        text = span_from(text, 1);
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

struct span *row_list(struct row *row, size_t column, size_t *out_count)
{
    struct span rest = row_text(row, column), part;
    struct span *list = NULL;
    size_t count = 0;
    bool last = rest.len == 0;

    while (!last) {
        last = !span_cut(&rest, ';', &part);
        part = trim(last ? rest : part);
        if (part.len == 0) {
            row_fail(row, column, "has an empty item between semicolons");
            break;
        }
        list = list_room(list, sizeof *list, count, row->arena);
        list[count++] = part;
    }
    *out_count = row_failed(row) ? 0 : count;
    return list;
}
