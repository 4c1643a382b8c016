#include "store/store_sqlite.h"

#define BAND_E7 1000000 /* a tenth of a degree: about eleven kilometres */

/* Incidents that are looked at in order before the indexes are asked for all that match: a
 * page of a query that most incidents match is full long before. */
#define WALK_INCIDENTS 2000

static int64_t band_of(int32_t lat_e7)
{
    return lat_e7 / BAND_E7 - (lat_e7 % BAND_E7 < 0);
}

static struct sqlite *database(struct store_reader *reader)
{
    return ((struct sqlite_reader *)reader)->link->db;
}

/* Writing. */

struct incident {
    int64_t number; /* 0: not there */
    int64_t first_ms;
};

static bool get_incident(struct sqlite *db, struct span id, struct incident *out, struct err *err)
{
    static const char sql[] = "SELECT number, first_ms FROM incident WHERE id = ?1";
    struct sqlite_statement *ask;
    bool row;

    if (!sqlite_prepare(db, sql, &ask, err))
        return false;
    sqlite_bind_span(ask, 1, id);
    if (!sqlite_step(ask, &row, err))
        return false;
    *out = row ? (struct incident){sqlite_integer(ask, 0), sqlite_integer(ask, 1)}
               : (struct incident){0, INT64_MAX};
    sqlite_reset(ask);
    return true;
}

static bool add_incident(struct sqlite *db, struct span id, int64_t first_ms, struct incident *out,
                         struct err *err)
{
    static const char sql[] = "INSERT INTO incident (id, first_ms) VALUES (?1, ?2)"
                              " RETURNING number";
    struct sqlite_statement *add;
    bool row;

    if (!sqlite_prepare(db, sql, &add, err))
        return false;
    sqlite_bind_span(add, 1, id);
    sqlite_bind_integer(add, 2, first_ms);
    if (!sqlite_step(add, &row, err))
        return false;
    *out = (struct incident){row ? sqlite_integer(add, 0) : 0, first_ms};
    sqlite_reset(add);
    return true;
}

static bool set_first(struct sqlite *db, const struct incident *incident, int64_t first_ms,
                      struct err *err)
{
    static const char sql[] = "UPDATE incident SET first_ms = ?2 WHERE number = ?1";
    struct sqlite_statement *set;

    if (first_ms == incident->first_ms)
        return true;
    if (!sqlite_prepare(db, sql, &set, err))
        return false;
    sqlite_bind_integer(set, 1, incident->number);
    sqlite_bind_integer(set, 2, first_ms);
    return sqlite_finish(set, err);
}

/* After a row has gone: what is the earliest now, or the incident goes as well. */
static bool settle_incident(struct sqlite *db, const struct incident *incident, struct err *err)
{
    static const char ask_sql[] = "SELECT count(*), min(from_ms) FROM find WHERE incident = ?1";
    static const char drop_sql[] = "DELETE FROM incident WHERE number = ?1";
    struct sqlite_statement *ask, *drop;
    bool row;

    if (!sqlite_prepare(db, ask_sql, &ask, err) || !sqlite_prepare(db, drop_sql, &drop, err))
        return false;
    sqlite_bind_integer(ask, 1, incident->number);
    if (!sqlite_step(ask, &row, err))
        return false;
    bool empty = sqlite_integer(ask, 0) == 0;
    int64_t first_ms = sqlite_is_null(ask, 1) ? INT64_MAX : sqlite_integer(ask, 1);
    sqlite_reset(ask);
    if (!empty)
        return set_first(db, incident, first_ms, err);
    sqlite_bind_integer(drop, 1, incident->number);
    return sqlite_finish(drop, err);
}

static void bind_optional(struct sqlite_statement *statement, int at, bool has, int64_t value)
{
    if (has)
        sqlite_bind_integer(statement, at, value);
    else
        sqlite_bind_null(statement, at);
}

static bool insert_row(struct sqlite *db, int64_t incident, const struct store_find_row *row,
                       struct err *err)
{
    static const char sql[] =
        "INSERT INTO find (incident, at, record, band, lat_e7, lon_e7, from_ms, to_ms, act, side)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    struct sqlite_statement *insert;

    if (!sqlite_prepare(db, sql, &insert, err))
        return false;
    sqlite_bind_integer(insert, 1, incident);
    sqlite_bind_integer(insert, 2, (int64_t)row->index);
    sqlite_bind_span(insert, 3, row->record);
    bind_optional(insert, 4, row->has_position, band_of(row->lat_e7));
    bind_optional(insert, 5, row->has_position, row->lat_e7);
    bind_optional(insert, 6, row->has_position, row->lon_e7);
    bind_optional(insert, 7, row->has_time, row->from_ms);
    bind_optional(insert, 8, row->has_time, row->to_ms);
    sqlite_bind_span(insert, 9, row->act);
    sqlite_bind_span(insert, 10, row->side);
    return sqlite_finish(insert, err);
}

static bool delete_row(struct sqlite *db, const struct incident *incident, uint64_t index,
                       bool *out_deleted, struct err *err)
{
    static const char sql[] = "DELETE FROM find WHERE incident = ?1 AND at = ?2 RETURNING at";
    struct sqlite_statement *drop;
    bool row;

    *out_deleted = false;
    if (!sqlite_prepare(db, sql, &drop, err))
        return false;
    sqlite_bind_integer(drop, 1, incident->number);
    sqlite_bind_integer(drop, 2, (int64_t)index);
    if (!sqlite_step(drop, &row, err))
        return false;
    *out_deleted = row;
    sqlite_reset(drop);
    return true;
}

bool sqlite_find_put(struct store_tx *tx, const struct store_find_row *row, struct err *err)
{
    struct sqlite *db = database(tx->reader);
    int64_t first_ms = row->has_time ? row->from_ms : INT64_MAX;
    struct incident incident;
    bool replaced = false;

    if (!get_incident(db, row->incident, &incident, err))
        return false;
    bool ok = incident.number == 0 ? add_incident(db, row->incident, first_ms, &incident, err)
                                   : delete_row(db, &incident, row->index, &replaced, err);
    ok = ok && insert_row(db, incident.number, row, err);
    if (!ok || replaced)
        return ok && settle_incident(db, &incident, err);
    return first_ms >= incident.first_ms || set_first(db, &incident, first_ms, err);
}

bool sqlite_find_remove(struct store_tx *tx, struct span record, struct span id, struct err *err)
{
    static const char sql[] = "DELETE FROM find WHERE incident = ?1 AND record = ?2";
    struct sqlite *db = database(tx->reader);
    struct sqlite_statement *drop;
    struct incident incident;

    if (!get_incident(db, id, &incident, err) || !sqlite_prepare(db, sql, &drop, err))
        return false;
    if (incident.number == 0)
        return true;
    sqlite_bind_integer(drop, 1, incident.number);
    sqlite_bind_span(drop, 2, record);
    return sqlite_finish(drop, err) && settle_incident(db, &incident, err);
}

/* Asking. The parameters are the same in every statement. */

enum parameter {
    SOUTH = 1, /* NULL: anywhere */
    NORTH,
    WEST, /* to EAST, and from WEST_2 to EAST_2, which is empty unless 180° is crossed */
    EAST,
    WEST_2,
    EAST_2,
    FROM, /* NULL: any time */
    TO,
    ACT,  /* NULL: any */
    SIDE, /* NULL: any */
    AFTER_MS,
    AFTER_ID,
    LIMIT,
    /* Of a walk */
    END_MS,
    END_ID,
    /* Of a box, gathered */
    FIRST_BAND = END_MS,
    LAST_BAND,
};

#define BOX_MATCHES                                                                                \
    " (?1 IS NULL OR (f.lat_e7 BETWEEN ?1 AND ?2"                                                  \
    " AND (f.lon_e7 BETWEEN ?3 AND ?4 OR f.lon_e7 BETWEEN ?5 AND ?6))) "
#define TIME_MATCHES " (?7 IS NULL OR (f.to_ms >= ?7 AND f.from_ms <= ?8)) "
#define ACT_MATCHES " (?9 IS NULL OR f.act = ?9) "
#define SIDE_MATCHES                                                                               \
    " (?10 IS NULL OR EXISTS"                                                                      \
    " (SELECT 1 FROM find s WHERE s.incident = i.number AND s.side = ?10)) "
#define IN_ORDER " ORDER BY i.first_ms, i.id LIMIT ?13"

/* Incidents in order, each looked at. */
#define WALK(TO_WHERE)                                                                             \
    "SELECT i.first_ms, i.id FROM incident i INDEXED BY incident_order"                            \
    " WHERE (i.first_ms, i.id) > (?11, ?12)" TO_WHERE                                              \
    " AND EXISTS (SELECT 1 FROM find f WHERE f.incident = i.number AND" BOX_MATCHES                \
    "AND" TIME_MATCHES "AND" ACT_MATCHES ") AND" SIDE_MATCHES IN_ORDER

static const char walk_all_sql[] = WALK("");
static const char walk_part_sql[] = WALK(" AND (i.first_ms, i.id) <= (?14, ?15)");

/* All that match, put in order. */
#define GATHER(MATCHING)                                                                           \
    "SELECT i.first_ms, i.id FROM (SELECT DISTINCT incident FROM (" MATCHING ")) m"                \
    " CROSS JOIN incident i ON i.number = m.incident"                                              \
    " WHERE (i.first_ms, i.id) > (?11, ?12) AND" SIDE_MATCHES IN_ORDER
#define FROM_PLACE                                                                                 \
    "SELECT f.incident FROM bands b CROSS JOIN find f INDEXED BY find_place ON f.band = b.band"

/* Each from the one index that it needs, and nothing but that. */
static const char gather_place_sql[] =
    "WITH RECURSIVE bands (band) AS"
    " (SELECT ?14 UNION ALL SELECT band + 1 FROM bands WHERE band < ?15) " GATHER(
        FROM_PLACE " AND f.lon_e7 BETWEEN ?3 AND ?4 WHERE f.lat_e7 BETWEEN ?1 AND ?2"
                   " AND" TIME_MATCHES "AND" ACT_MATCHES " UNION ALL " FROM_PLACE
                   " AND f.lon_e7 BETWEEN ?5 AND ?6 WHERE f.lat_e7 BETWEEN ?1 AND ?2"
                   " AND" TIME_MATCHES "AND" ACT_MATCHES);
static const char gather_time_sql[] =
    GATHER("SELECT f.incident FROM find f INDEXED BY find_time"
           " WHERE f.to_ms >= ?7 AND f.from_ms <= ?8 AND" ACT_MATCHES);
/* With no act either, the rows of that side are all that there is to look at. */
static const char gather_any_sql[] =
    GATHER("SELECT f.incident FROM find f NOT INDEXED WHERE" ACT_MATCHES
           "AND (?9 IS NOT NULL OR ?10 IS NULL OR f.side = ?10)");

/* Where a walk ends. */
static const char end_sql[] = "SELECT first_ms, id FROM incident INDEXED BY incident_order"
                              " WHERE (first_ms, id) > (?11, ?12)"
                              " ORDER BY first_ms, id LIMIT 1 OFFSET ?13";

static void bind_text_optional(struct sqlite_statement *ask, int at, struct span text)
{
    if (text.len > 0)
        sqlite_bind_span(ask, at, text);
    else
        sqlite_bind_null(ask, at);
}

static void bind_box(struct sqlite_statement *ask, const struct store_query *query)
{
    bool crosses = query->west_e7 > query->east_e7;

    if (!query->has_box)
        return;
    sqlite_bind_integer(ask, SOUTH, query->south_e7);
    sqlite_bind_integer(ask, NORTH, query->north_e7);
    sqlite_bind_integer(ask, WEST, query->west_e7);
    sqlite_bind_integer(ask, EAST, crosses ? INT32_MAX : query->east_e7);
    sqlite_bind_integer(ask, WEST_2, crosses ? INT32_MIN : 1);
    sqlite_bind_integer(ask, EAST_2, crosses ? query->east_e7 : 0);
}

/* A place among the incidents in order. */
struct place {
    int64_t first_ms;
    struct span id;
};

static void bind_query(struct sqlite_statement *ask, const struct store_query *query,
                       struct place after, size_t limit)
{
    bind_box(ask, query);
    bind_optional(ask, FROM, query->has_time, query->from_ms);
    bind_optional(ask, TO, query->has_time, query->to_ms);
    bind_text_optional(ask, ACT, query->act);
    bind_text_optional(ask, SIDE, query->side);
    sqlite_bind_integer(ask, AFTER_MS, after.first_ms);
    sqlite_bind_span(ask, AFTER_ID, after.id);
    sqlite_bind_integer(ask, LIMIT, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
}

static bool collect(struct sqlite_statement *ask, struct store_list *found, struct err *err)
{
    bool more;

    do {
        if (!sqlite_step(ask, &more, err))
            return false;
        if (more) {
            struct store_found *next = store_list_push(found);
            next->first_ms = sqlite_integer(ask, 0);
            next->incident = arena_copy(found->arena, sqlite_span(ask, 1));
        }
    } while (more);
    sqlite_reset(ask);
    return true;
}

static bool walk_end(struct sqlite *db, struct place after, struct place *out, bool *out_there,
                     struct arena *arena, struct err *err)
{
    struct sqlite_statement *ask;

    if (!sqlite_prepare(db, end_sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, AFTER_MS, after.first_ms);
    sqlite_bind_span(ask, AFTER_ID, after.id);
    sqlite_bind_integer(ask, LIMIT, WALK_INCIDENTS - 1);
    if (!sqlite_step(ask, out_there, err))
        return false;
    if (*out_there)
        *out = (struct place){sqlite_integer(ask, 0), arena_copy(arena, sqlite_span(ask, 1))};
    sqlite_reset(ask);
    return true;
}

static bool walk(struct sqlite *db, const struct store_query *query, struct place after,
                 const struct place *end, struct store_list *found, struct err *err)
{
    struct sqlite_statement *ask;

    if (!sqlite_prepare(db, end ? walk_part_sql : walk_all_sql, &ask, err))
        return false;
    bind_query(ask, query, after, query->limit);
    if (end) {
        sqlite_bind_integer(ask, END_MS, end->first_ms);
        sqlite_bind_span(ask, END_ID, end->id);
    }
    return collect(ask, found, err);
}

static bool gather(struct sqlite *db, const struct store_query *query, struct place after,
                   struct store_list *found, struct err *err)
{
    const char *sql = query->has_box    ? gather_place_sql
                      : query->has_time ? gather_time_sql
                                        : gather_any_sql;
    struct sqlite_statement *ask;

    if (!sqlite_prepare(db, sql, &ask, err))
        return false;
    bind_query(ask, query, after, query->limit - found->count);
    if (query->has_box) {
        sqlite_bind_integer(ask, FIRST_BAND, band_of(query->south_e7));
        sqlite_bind_integer(ask, LAST_BAND, band_of(query->north_e7));
    }
    return collect(ask, found, err);
}

bool sqlite_find(struct store_reader *reader, const struct store_query *query,
                 struct store_found **out, size_t *out_count, struct arena *arena, struct err *err)
{
    struct sqlite *db = database(reader);
    struct store_list found = {.arena = arena, .item_bytes = sizeof **out};
    struct place after = {INT64_MIN, {0}};
    struct place end;
    bool more;

    if (query->has_after)
        after = (struct place){query->after_ms, query->after_incident};
    if (!walk_end(db, after, &end, &more, arena, err) ||
        !walk(db, query, after, more ? &end : NULL, &found, err))
        return false;
    if (more && found.count < query->limit && !gather(db, query, end, &found, err))
        return false;
    *out = found.at;
    *out_count = found.count;
    return true;
}

static struct store_find_row read_row(struct sqlite_statement *ask, struct span incident,
                                      struct arena *arena)
{
    return (struct store_find_row){
        .record = arena_copy(arena, sqlite_span(ask, 0)),
        .incident = incident,
        .index = (uint64_t)sqlite_integer(ask, 1),
        .has_position = !sqlite_is_null(ask, 2),
        .lat_e7 = (int32_t)sqlite_integer(ask, 2),
        .lon_e7 = (int32_t)sqlite_integer(ask, 3),
        .has_time = !sqlite_is_null(ask, 4),
        .from_ms = sqlite_integer(ask, 4),
        .to_ms = sqlite_integer(ask, 5),
        .act = arena_copy(arena, sqlite_span(ask, 6)),
        .side = arena_copy(arena, sqlite_span(ask, 7)),
    };
}

bool sqlite_find_rows(struct store_reader *reader, struct span id, struct store_find_row **out,
                      size_t *out_count, struct arena *arena, struct err *err)
{
    static const char sql[] = "SELECT record, at, lat_e7, lon_e7, from_ms, to_ms, act, side"
                              " FROM find WHERE incident = ?1 ORDER BY at";
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};
    struct span own_id = arena_copy(arena, id);
    struct sqlite *db = database(reader);
    struct sqlite_statement *ask;
    struct incident incident;
    bool more;

    if (!get_incident(db, id, &incident, err) || !sqlite_prepare(db, sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, 1, incident.number);
    do {
        if (!sqlite_step(ask, &more, err))
            return false;
        if (more)
            *(struct store_find_row *)store_list_push(&rows) = read_row(ask, own_id, arena);
    } while (more);
    sqlite_reset(ask);
    *out = rows.at;
    *out_count = rows.count;
    return true;
}
