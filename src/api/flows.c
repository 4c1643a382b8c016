#include "api/flows.h"

#include "base/reader.h"
#include "codec/csv.h"

enum { PERIOD, PLACE, CLASS, DIRECTION, MEASURE, LEAST, MOST, UNIT, NOTE, URL, COLUMNS };

static const char *const column_names[COLUMNS] = {
    [PERIOD] = "period",   [PLACE] = "place", [CLASS] = "class", [DIRECTION] = "direction",
    [MEASURE] = "measure", [LEAST] = "least", [MOST] = "most",   [UNIT] = "unit",
    [NOTE] = "note",       [URL] = "url",
};

struct sum {
    const struct csv_record *flow;
    const struct json *crossing, *directions;
    const struct lane_days_list *lanes;
    const struct lane_period *period;
    struct arena *arena;
};

static struct span cell(const struct csv_record *flow, size_t column)
{
    return flow->cell[column].text;
}

static bool names(const struct json *crossing, struct span place)
{
    return span_equal(json_get_text(json_get(crossing, "name"), "en"), place) ||
           json_lists(json_get(crossing, "variants"), place);
}

/* "1.6" in tenths; what has no such form is no figure that can be multiplied. */
static bool tenths(struct span text, int64_t *out)
{
    struct span rest = text, whole;
    uint64_t units, rest_tenths = 0;
    bool cut = span_cut(&rest, '.', &whole);

    if (!decimal_parse(&units, cut ? whole : text, 1000000000) ||
        (cut && !decimal_parse(&rest_tenths, rest, 9)))
        return false;
    *out = (int64_t)(units * 10 + rest_tenths);
    return true;
}

static void put_times(struct json *out, const char *member, struct span figure, int64_t days,
                      struct arena *arena)
{
    int64_t value;

    if (!tenths(figure, &value))
        return;
    value *= days;
    const char *text = value % 10
                           ? arena_printf(arena, "%" PRId64 ".%d", value / 10, (int)(value % 10))
                           : arena_printf(arena, "%" PRId64, value / 10);
    json_set(out, member, json_text(text), arena);
}

/* Whether this organisation declared the flow's class shut all of that day, whichever way the
 * source may mean. */
static bool is_shut(const struct sum *sum, struct span org, size_t day)
{
    struct span only = cell(sum->flow, DIRECTION);
    bool any = false;

    for (uint32_t i = 0; i < sum->directions->array.count; i++) {
        struct span direction = json_get_text(&sum->directions->array.at[i], "id");

        if (only.len && !span_equal(only, direction))
            continue;
        const struct lane_days *lane = lane_days_of(sum->lanes, json_get_text(sum->crossing, "id"),
                                                    direction, cell(sum->flow, CLASS), org);
        if (!lane || lane->day[day] != LANE_SHUT)
            return false;
        any = true;
    }
    return any;
}

static bool is_listed(const struct json *list, struct span org)
{
    for (uint32_t i = 0; i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "organisation"), org))
            return true;
    return false;
}

static struct json closed_days(const struct sum *sum)
{
    struct json list = json_array();

    for (size_t i = 0; i < sum->lanes->count; i++) {
        struct span org = sum->lanes->at[i].org;
        struct json one = json_object();
        int64_t days = 0;

        if (is_listed(&list, org))
            continue;
        for (size_t day = 0; day < sum->period->days; day++)
            days += is_shut(sum, org, day);
        if (days == 0)
            continue;
        json_set_string(&one, "organisation", org, sum->arena);
        json_set_integer(&one, "days", days, sum->arena);
        put_times(&one, "least", cell(sum->flow, LEAST), days, sum->arena);
        put_times(&one, "most", cell(sum->flow, MOST), days, sum->arena);
        json_push(&list, one, sum->arena);
    }
    return list;
}

static struct json flow_json(const struct sum *sum)
{
    struct json out = json_object();
    static const char per_day[] = "_per_day";
    struct span measure = cell(sum->flow, MEASURE);
    size_t tail = sizeof per_day - 1;

    for (size_t i = 0; i < COLUMNS; i++)
        if (i != PLACE && cell(sum->flow, i).len)
            json_set_string(&out, column_names[i], cell(sum->flow, i), sum->arena);
    if (cell(sum->flow, CLASS).len && measure.len > tail &&
        span_is(span_from(measure, measure.len - tail), per_day))
        json_set(&out, "closed", closed_days(sum), sum->arena);
    return out;
}

static bool check_head(const struct csv_record *head, struct err *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (head->count != COLUMNS || !span_is(cell(head, i), column_names[i]))
            return err_set(err, ERR_MALFORMED, "flows: the columns are not those of the file");
    return true;
}

bool flows_json(struct json *out, struct span csv_text, const struct json *crossing,
                const struct json *directions, const struct lane_days_list *lanes,
                const struct lane_period *period, struct arena *arena, struct err *err)
{
    struct csv csv = csv_over(csv_text);
    struct csv_record record;
    struct json list = json_array();

    if (!csv_next(&csv, &record, COLUMNS, arena, err) || !check_head(&record, err))
        return false;
    while (csv_more(&csv)) {
        if (!csv_next(&csv, &record, COLUMNS, arena, err))
            return false;
        if (record.count != COLUMNS)
            return err_set(err, ERR_MALFORMED, "flows: a line of %zu cells, not %d", record.count,
                           COLUMNS);
        struct sum sum = {&record, crossing, directions, lanes, period, arena};
        if (names(crossing, cell(&record, PLACE)))
            json_push(&list, flow_json(&sum), arena);
    }
    *out = list;
    return true;
}
