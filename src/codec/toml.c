#include "codec/toml.h"

#include "base/limits.h"
#include "codec/toml_scan.h"
#include "codec/toml_table.h"

struct parser {
    struct toml_scan scan;
    unsigned values;
    struct toml_table *root;
    struct toml_table *table; /* that the lines being read belong to */
    struct arena *arena;
};

static bool fault(struct parser *p, size_t at, const char *why)
{
    return toml_scan_fault(&p->scan, ERR_MALFORMED, at, "%s", why);
}

/* Every value and every table is asked for here, before it is made. */
static bool allow(struct parser *p, size_t at, unsigned depth)
{
    if (depth > LIMIT_JSON_DEPTH)
        return toml_scan_fault(&p->scan, ERR_LIMIT, at, "nested more than %u deep",
                               LIMIT_JSON_DEPTH);
    if (p->values == LIMIT_JSON_VALUES)
        return toml_scan_fault(&p->scan, ERR_LIMIT, at, "more than %u values", LIMIT_JSON_VALUES);
    p->values++;
    return true;
}

/* -- Keys ---------------------------------------------------------------------- */

struct key {
    size_t at; /* where it stands */
    struct span part[LIMIT_JSON_DEPTH];
    size_t count;
};

static bool parse_key(struct parser *p, struct key *out)
{
    out->at = p->scan.at;
    out->count = 0;
    do {
        if (out->count == ARRAY_LEN(out->part))
            return toml_scan_fault(&p->scan, ERR_LIMIT, out->at, "nested more than %u deep",
                                   LIMIT_JSON_DEPTH);
        toml_scan_blank(&p->scan);
        if (!toml_scan_key(&p->scan, &out->part[out->count++]))
            return false;
        toml_scan_blank(&p->scan);
    } while (toml_scan_take(&p->scan, "."));
    return true;
}

static bool taken(struct parser *p, const struct key *key, const struct toml_item *item)
{
    static const char *const what[] = {
        [TOML_BY_VALUE] = "has its value already",
        [TOML_BY_DOTS] = "is a table that dotted keys made: add to it by dotted keys there",
        [TOML_BY_PATH] = "is a table that a header made: add to it below a header of its own",
        [TOML_BY_HEADER] = "is a table that stands elsewhere: add to it there",
        [TOML_BY_ARRAY] = "is an array of tables: add to it by [[ ]]",
    };

    return toml_scan_fault(&p->scan, ERR_MALFORMED, key->at, "\"%.*s\" %s", SPAN_ARG(item->key),
                           what[item->made]);
}

/* The table of the item, made now if there was none. */
static struct toml_table *add_table(struct parser *p, const struct key *key,
                                    struct toml_table *parent, struct span name,
                                    enum toml_made made)
{
    if (!allow(p, key->at, parent->depth + 1))
        return NULL;
    struct toml_item *item = toml_table_add(parent, name, made, p->arena);
    item->table = toml_table_new(parent->depth + 1, p->arena);
    return item->table;
}

/* One step of a dotted key: only through tables that such keys made. As no header can
 * reach those, all that is in one stands together. */
static struct toml_table *step_by_dots(struct parser *p, const struct key *key,
                                       struct toml_table *table, struct span name)
{
    struct toml_item *item = toml_table_find(table, name);

    if (!item)
        return add_table(p, key, table, name, TOML_BY_DOTS);
    if (item->made == TOML_BY_DOTS)
        return item->table;
    taken(p, key, item);
    return NULL;
}

/* One step of a header: through tables of headers, and the last of an array of them. */
static struct toml_table *step_by_path(struct parser *p, const struct key *key,
                                       struct toml_table *table, struct span name)
{
    struct toml_item *item = toml_table_find(table, name);

    if (!item)
        return add_table(p, key, table, name, TOML_BY_PATH);
    if (item->made == TOML_BY_PATH || item->made == TOML_BY_HEADER)
        return item->table;
    if (item->made == TOML_BY_ARRAY)
        return item->latest;
    taken(p, key, item);
    return NULL;
}

/* -- Values -------------------------------------------------------------------- */

static bool parse_value(struct parser *p, unsigned depth, struct json *out);

static bool parse_array(struct parser *p, unsigned depth, struct json *out)
{
    struct json array = json_array();
    struct json value;

    p->scan.at++;
    toml_scan_lines(&p->scan);
    while (!toml_scan_take(&p->scan, "]")) {
        if (!parse_value(p, depth + 1, &value))
            return false;
        json_push(&array, value, p->arena);
        toml_scan_lines(&p->scan);
        if (!toml_scan_take(&p->scan, ",") && toml_scan_peek(&p->scan) != ']')
            return fault(p, p->scan.at, "a comma or ] must stand here");
        toml_scan_lines(&p->scan);
    }
    *out = array;
    return true;
}

/* key = value */
static bool parse_pair(struct parser *p, struct toml_table *table)
{
    struct key key;
    struct json value;

    if (!parse_key(p, &key))
        return false;
    if (!toml_scan_take(&p->scan, "="))
        return fault(p, p->scan.at, "an equals sign must stand here");
    toml_scan_blank(&p->scan);

    for (size_t i = 0; table && i + 1 < key.count; i++)
        table = step_by_dots(p, &key, table, key.part[i]);
    if (!table)
        return false;
    struct span last = key.part[key.count - 1];
    struct toml_item *before = toml_table_find(table, last);
    if (before)
        return taken(p, &key, before);
    if (!parse_value(p, table->depth + 1, &value))
        return false;
    toml_table_add(table, last, TOML_BY_VALUE, p->arena)->value = value;
    return true;
}

static bool parse_inline_table(struct parser *p, unsigned depth, struct json *out)
{
    struct toml_table *table = toml_table_new(depth, p->arena);

    p->scan.at++;
    toml_scan_blank(&p->scan);
    bool more = !toml_scan_take(&p->scan, "}");
    while (more) {
        if (!parse_pair(p, table))
            return false;
        toml_scan_blank(&p->scan);
        more = toml_scan_take(&p->scan, ",");
        if (!more && !toml_scan_take(&p->scan, "}"))
            return fault(p, p->scan.at, "a comma or } must stand here, on the same line");
    }
    *out = toml_table_json(table, p->arena);
    return true;
}

static bool parse_value(struct parser *p, unsigned depth, struct json *out)
{
    uint8_t first = toml_scan_peek(&p->scan);
    bool container = first == '[' || first == '{';

    if (!allow(p, p->scan.at, container ? depth : 1))
        return false;
    if (container)
        return first == '[' ? parse_array(p, depth, out) : parse_inline_table(p, depth, out);
    if (first == '"' || first == '\'') {
        out->type = JSON_STRING;
        return toml_scan_string(&p->scan, &out->string);
    }
    out->type = JSON_INTEGER;
    return toml_scan_integer(&p->scan, &out->integer);
}

/* -- Headers ------------------------------------------------------------------- */

/* [key]: a new table, or one that headers of deeper tables have made on their way. */
static bool open_table(struct parser *p, const struct key *key, struct toml_table *parent)
{
    struct span name = key->part[key->count - 1];
    struct toml_item *item = toml_table_find(parent, name);

    if (!item) {
        p->table = add_table(p, key, parent, name, TOML_BY_HEADER);
        return p->table != NULL;
    }
    if (item->made != TOML_BY_PATH)
        return taken(p, key, item);
    item->made = TOML_BY_HEADER;
    p->table = item->table;
    return true;
}

/* [[key]]: one more table of an array. */
static bool open_element(struct parser *p, const struct key *key, struct toml_table *parent)
{
    struct span name = key->part[key->count - 1];
    struct toml_item *item = toml_table_find(parent, name);

    if (item && item->made != TOML_BY_ARRAY)
        return taken(p, key, item);
    if (!item && !allow(p, key->at, parent->depth + 1))
        return false;
    if (!allow(p, key->at, parent->depth + 2))
        return false;

    p->table = toml_table_new(parent->depth + 2, p->arena);
    if (item) {
        item->latest->next = p->table;
    } else {
        item = toml_table_add(parent, name, TOML_BY_ARRAY, p->arena);
        item->table = p->table;
    }
    item->latest = p->table;
    return true;
}

static bool parse_header(struct parser *p)
{
    bool element = toml_scan_take(&p->scan, "[[");
    struct toml_table *parent = p->root;
    struct key key;

    if (!element)
        p->scan.at++;
    if (!parse_key(p, &key))
        return false;
    if (!toml_scan_take(&p->scan, element ? "]]" : "]"))
        return fault(p, p->scan.at, element ? "]] must stand here" : "] must stand here");
    for (size_t i = 0; parent && i + 1 < key.count; i++)
        parent = step_by_path(p, &key, parent, key.part[i]);
    if (!parent)
        return false;
    return element ? open_element(p, &key, parent) : open_table(p, &key, parent);
}

static bool parse_document(struct parser *p)
{
    p->root = p->table = toml_table_new(1, p->arena);
    p->values = 1;
    for (;;) {
        toml_scan_lines(&p->scan);
        if (toml_scan_ended(&p->scan))
            return true;
        bool ok = toml_scan_peek(&p->scan) == '[' ? parse_header(p) : parse_pair(p, p->table);
        if (!ok || !toml_scan_line_end(&p->scan))
            return false;
    }
}

bool toml_parse(struct json *out, struct span text, struct arena *arena, struct err *err)
{
    struct parser p = {.arena = arena};

    if (text.len > LIMIT_TOML_BYTES)
        return err_set(err, ERR_LIMIT, "longer than %u bytes", LIMIT_TOML_BYTES);
    if (!toml_scan_over(&p.scan, text, arena, err) || !parse_document(&p))
        return false;
    *out = toml_table_json(p.root, arena);
    return true;
}
