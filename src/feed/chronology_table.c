#include "feed/chronology_table.h"

#include "base/limits.h"
#include "feed/shape.h"
#include "feed/when.h"

#include <stdarg.h>
#include <stdio.h>

enum source_column { SOURCE_ID, PUBLISHER, PUBLISHED, LANGUAGE, URL };
static const struct sheet_column source_columns[] = {
    [SOURCE_ID] = {"source_id", COLUMN_NEEDED},
    [PUBLISHER] = {"publisher", COLUMN_NEEDED},
    [PUBLISHED] = {"published", COLUMN_NEEDED},
    [LANGUAGE] = {"language", COLUMN_NEEDED},
    [URL] = {"url", COLUMN_NEEDED},
};

enum claim_column {
    CLAIM_ID,
    CLAIM_EVENT,
    CLAIMANT,
    CLAIMANT_SIDE,
    ABOUT,
    SUBJECT,
    VALUE_MIN,
    VALUE_MAX,
    QUALIFIER,
    DATE_MADE,
    PARAPHRASE,
    SUPERSEDES,
    CLAIM_SOURCES,
};
static const struct sheet_column claim_columns[] = {
    [CLAIM_ID] = {"claim_id", COLUMN_NEEDED},
    [CLAIM_EVENT] = {"event_id", COLUMN_NEEDED},
    [CLAIMANT] = {"claimant", COLUMN_NEEDED},
    [CLAIMANT_SIDE] = {"claimant_side", COLUMN_NEEDED},
    [ABOUT] = {"about", COLUMN_NEEDED},
    [SUBJECT] = {"subject", COLUMN_NEEDED},
    [VALUE_MIN] = {"value_min", COLUMN_NEEDED},
    [VALUE_MAX] = {"value_max", COLUMN_NEEDED},
    [QUALIFIER] = {"qualifier", COLUMN_NEEDED},
    [DATE_MADE] = {"date_made", COLUMN_NEEDED},
    [PARAPHRASE] = {"paraphrase", COLUMN_NEEDED},
    [SUPERSEDES] = {"supersedes", COLUMN_NEEDED},
    [CLAIM_SOURCES] = {"source_ids", COLUMN_NEEDED},
};

static const struct shape_taken source_taken[] = {
    {SOURCE_ID, "id"}, {PUBLISHER, "publisher"}, {PUBLISHED, "published"}, {LANGUAGE, "language"},
    {URL, "url"},
};
static const struct shape_taken claim_taken[] = {
    {CLAIMANT, "claimant"}, {CLAIMANT_SIDE, "side"},  {ABOUT, "matter"},
    {SUBJECT, "subject"},   {QUALIFIER, "qualifier"}, {PARAPHRASE, "statement"},
};

/* --- sources.csv --- */

static void read_published(struct row *row)
{
    struct span text = row_text(row, PUBLISHED);
    struct calendar_date date;
    int64_t ms;
    int offset;

    if (text.len && !calendar_parse_date(&date, text) && !calendar_parse_time(&ms, &offset, text))
        row_fail(row, PUBLISHED, "must be a date or a time that exists, as ISO 8601 writes it");
}

static bool read_source(struct chronology_tables *t, struct row *row, struct err *err)
{
    struct json source = json_object();

    row_needed(row, SOURCE_ID);
    read_published(row);
    for (size_t i = 0; i < ARRAY_LEN(source_taken); i++)
        row_set(row, source_taken[i].column, &source, shape_source_field(source_taken[i].field));
    if (!row_ok(row, err))
        return false;
    t->source = list_room(t->source, sizeof *t->source, t->sources.count, t->arena);
    t->source[t->sources.count] = source;
    keys_add(&t->sources, row_cell(row, SOURCE_ID), t->sources.count, t->arena);
    return true;
}

void chronology_set_sources(struct chronology_tables *t, struct row *row, size_t column,
                            struct json *flat)
{
    size_t count;
    struct span *id = row_list(row, column, &count);
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct key *key = keys_find(&t->sources, id[i]);

        if (key)
            json_push(&list, t->source[key->row], t->arena);
        else
            row_fail(row, column, "names source number %zu, which is not in sources.csv", i + 1);
    }
    shape_set(row, column, flat, FIELD_OF("claim", "sources"), list);
}

/* --- claims.csv --- */

static void set_figures(struct row *row, struct json *claim)
{
    int64_t min, max;
    bool has_min = row_number(row, VALUE_MIN, &min, LIMIT_INTEGER);
    bool has_max = row_number(row, VALUE_MAX, &max, LIMIT_INTEGER);

    if (has_min && has_max && min > max)
        row_fail(row, VALUE_MAX, "is smaller than \"value_min\"");
    if (has_min)
        json_set_integer(claim, "min", min, row->arena);
    if (has_max)
        json_set_integer(claim, "max", max, row->arena);
}

/* A day in no zone: kept as the day in UTC. */
static int64_t set_made(struct row *row, struct json *claim, int64_t otherwise)
{
    struct calendar_date day;

    if (!row_date(row, DATE_MADE, &day))
        return otherwise;
    int64_t ms = calendar_ms(day);
    shape_set(row, DATE_MADE, claim, FIELD_OF("claim", "made"),
              when_between(ms, ms + MS_PER_DAY, (struct zone){0}, "press", row->arena));
    return ms;
}

static const struct key *find_event(struct chronology_tables *t, struct row *row)
{
    const struct key *key = keys_find(&t->events, row_needed(row, CLAIM_EVENT));

    if (!key)
        row_fail(row, CLAIM_EVENT, "is in no row of events.csv");
    return key;
}

static bool read_claim(struct chronology_tables *t, struct row *row, struct err *err)
{
    struct span external_id = shape_external_id(row, CLAIM_ID, CHRONOLOGY);
    const struct key *event = find_event(t, row);
    struct json flat = json_object();

    shape_take(row, &flat, "claim", claim_taken, ARRAY_LEN(claim_taken));
    set_figures(row, &flat);
    int64_t day_ms = set_made(row, &flat, event ? t->event[event->row].day_ms : 0);
    json_set(&flat, "channel", json_text("press"), row->arena);
    chronology_set_sources(t, row, CLAIM_SOURCES, &flat);
    if (!row_ok(row, err))
        return false;

    struct chronology_claim claim = {
        .item = shape_item(row, "claim", external_id, flat),
        .id = row_cell(row, CLAIM_ID),
        .supersedes = row_cell(row, SUPERSEDES),
        .event = event->row,
        .day_ms = day_ms,
    };
    claim.item.incident = t->event[event->row].open.external_id;
    t->claim = list_room(t->claim, sizeof *t->claim, t->claims.count, t->arena);
    t->claim[t->claims.count] = claim;
    keys_add(&t->claims, claim.id, t->claims.count, t->arena);
    return true;
}

/* --- the tables --- */

static bool read_table(struct chronology_tables *t, const struct chronology_table *table,
                       struct span text, struct keys *keys, const struct remarks *remarks,
                       struct err *err)
{
    struct csv_cell twice, first;
    struct sheet sheet;
    bool more = true;

    if (!sheet_open(&sheet, table->file, text, table->column, table->columns, NULL, remarks, err))
        return false;
    while (more) {
        struct row row;

        if (!sheet_next(&sheet, &row, &more, t->arena, err) || (more && !table->read(t, &row, err)))
            return false;
    }
    return keys_sort(keys, &twice, &first) ||
           sheet_fault(&sheet, twice, table->id, err, "stands in line %" PRIu64 " already",
                       first.line);
}

static const struct chronology_table sources_table = {
    "sources.csv", source_columns, ARRAY_LEN(source_columns), SOURCE_ID, read_source};
static const struct chronology_table claims_table = {
    "claims.csv", claim_columns, ARRAY_LEN(claim_columns), CLAIM_ID, read_claim};

bool chronology_read(struct chronology_tables *out, const struct chronology_text *text,
                     const struct remarks *remarks, struct arena *arena, struct err *err)
{
    struct chronology_tables t = {.arena = arena};

    bool ok = read_table(&t, &sources_table, text->sources, &t.sources, remarks, err);
    ok = ok && read_table(&t, &chronology_events, text->events, &t.events, remarks, err);
    ok = ok && read_table(&t, &claims_table, text->claims, &t.claims, remarks, err);
    if (ok)
        *out = t;
    return ok;
}

bool chronology_supersedes_fault(const struct chronology_claim *claim, struct err *err,
                                 const char *format, ...)
{
    const struct sheet sheet = {.file = claims_table.file, .column = claim_columns};
    char what[400];
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sheet_fault(&sheet, claim->supersedes, SUPERSEDES, err, "%s", what);
}
