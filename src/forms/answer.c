#include "forms/answer.h"

#include "forms/answer_value.h"
#include "forms/xml.h"
#include "register/verb.h"

#define INSTANCE_ID_BYTES 249u /* the longest id that OpenRosa has */
#define MOST_UNKNOWN 200u
#define LONGEST_PATH 1000u
/* What a record has room for beside its parts of fields. */

struct answering {
    const struct form *form;
    struct arena *arena;
    struct json flat;
    struct answer_medium *media;
    size_t media_count, media_room;
    struct answer_unknown *unknown;
    size_t unknown_count, unknown_room;
};

/* Around what is read: its place, and where its fields go. */
struct level {
    const char *path; /* "" or "when/" */
    const struct ask *asks;
    size_t count;
    const struct ask *repeat; /* the one it is in, or NULL */
    const struct xml *element;
    struct json *fields;
};

static bool read_level(struct answering *a, const struct level *level, struct err *err);

static const struct ask *ask_named(const struct level *level, struct span name)
{
    for (size_t i = 0; i < level->count; i++)
        if (span_is(name, level->asks[i].name))
            return &level->asks[i];
    return NULL;
}

static const char *path_of(const struct answering *a, const struct level *level,
                           const struct xml *element)
{
    return arena_printf(a->arena, "%s%.*s", level->path, SPAN_ARG(element->name));
}

/* Room for one more in an array of the arena. */
static void *grown(struct arena *arena, void *at, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return at;
    *room = *room ? *room * 2 : 4;
    void *more = arena_array(arena, size, *room);
    if (count > 0)
        memcpy(more, at, count * size);
    return more;
}

/* With all that is in it. What a client adds of its own is little; a wrong form is another thing.
 */
static bool note_unknown(struct answering *a, const char *path, const struct xml *element,
                         struct err *err)
{
    struct span text = xml_trimmed(element->text);

    if (a->unknown_count == MOST_UNKNOWN || strlen(path) > LONGEST_PATH)
        return err_set(err, ERR_LIMIT, "more that the form does not have than is taken along");
    a->unknown =
        grown(a->arena, a->unknown, sizeof *a->unknown, a->unknown_count, &a->unknown_room);
    a->unknown[a->unknown_count++] = (struct answer_unknown){span_of(path), text};
    for (const struct xml *child = element->first; child; child = child->next) {
        const char *within = arena_printf(a->arena, "%s/%.*s", path, SPAN_ARG(child->name));
        if (!note_unknown(a, within, child, err))
            return false;
    }
    return true;
}

static bool set(struct answering *a, const struct level *level, const struct field *field,
                struct json value, struct err *err)
{
    if (!field_check(field, &value, err))
        return false;
    json_set(level->fields, field->name, value, a->arena);
    return true;
}

static bool read_field(struct answering *a, const struct level *level, const struct field *field,
                       struct span text, struct err *err)
{
    struct json value = json_string(text);

    if (field->type == FIELD_LIST)
        value = value_list(text, a->arena);
    if (field->type == FIELD_INTEGER && !value_integer(&value, text, err))
        return false;
    return set(a, level, field, value, err);
}

/* What the choice beside it says; *out is NULL where it is empty or not there. */
static bool read_exactness(const struct form_exactness **out, const struct level *level,
                           enum ask_as as, const char *name, struct err *err)
{
    const struct xml *chosen = name ? xml_child(level->element, name) : NULL;
    struct span word = chosen ? xml_trimmed(chosen->text) : (struct span){0};

    *out = NULL;
    if (word.len == 0)
        return true;
    for (size_t i = 0; form_exactness_at(as, i); i++)
        if (span_is(word, form_exactness_at(as, i)->word)) {
            *out = form_exactness_at(as, i);
            return true;
        }
    return err_set(err, ERR_MALFORMED, "\"%s\" is none of its words", name);
}

static bool read_time(struct answering *a, const struct level *level, const struct ask *ask,
                      const struct field *field, struct span text, struct err *err)
{
    const struct form_exactness *exact;
    struct json time;

    return read_exactness(&exact, level, ASK_EXACT, ask->exact, err) &&
           value_time(&time, text, exact, a->arena, err) && set(a, level, field, time, err);
}

static int64_t uncertainty_of(const struct value_point *point, const struct form_exactness *said)
{
    int64_t vaguest = 0;

    for (size_t i = 0; form_exactness_at(ASK_ERROR, i); i++)
        vaguest = form_exactness_at(ASK_ERROR, i)->within;
    if (!said && point->accuracy_m == 0)
        return vaguest;
    return said && said->within > point->accuracy_m ? said->within : point->accuracy_m;
}

/* The field of a position, by its name without the prefix; NULL: this position has none such. */
static const struct field *position_field(const struct answering *a, const struct ask *ask,
                                          const char *name)
{
    const char *prefix = ask->prefix ? ask->prefix : "";

    return kind_field(form_kind(a->form), arena_printf(a->arena, "%s%s", prefix, name));
}

static bool read_position(struct answering *a, const struct level *level, const struct ask *ask,
                          struct span text, struct err *err)
{
    const struct form_exactness *said;
    struct value_point point;

    if (!read_exactness(&said, level, ASK_ERROR, ask->exact, err) ||
        !value_point(&point, text, err))
        return false;
    const struct {
        const char *name;
        struct json value;
    } fields[] = {
        {"lat_e7", json_integer(point.lat_e7)},
        {"lon_e7", json_integer(point.lon_e7)},
        {"uncertainty_m", json_integer(uncertainty_of(&point, said))},
        {"position_basis", json_text(arena_printf(a->arena, "geopoint %.*s", SPAN_ARG(text)))},
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const struct field *field = position_field(a, ask, fields[i].name);
        if (field && !set(a, level, field, fields[i].value, err))
            return false;
    }
    return true;
}

/* Of a line or an area; whichever comes second has no place any more. */
static bool read_shape(struct answering *a, const struct level *level, const struct ask *ask,
                       struct span text, struct err *err)
{
    const struct kind *kind = form_kind(a->form);
    bool area = ask->as == ASK_AREA;
    struct json points;

    if (json_get(level->fields, "shape"))
        return err_set(err, ERR_MALFORMED, "there is a line already, or an area");
    return value_shape(&points, text, area, a->arena, err) &&
           set(a, level, kind_field(kind, "shape"), points, err) &&
           set(a, level, kind_field(kind, "shape_form"), json_text(area ? "area" : "line"), err);
}

static bool read_medium(struct answering *a, const char *path, const struct ask *ask,
                        struct span text, struct err *err)
{
    if (!value_file(text, err))
        return false;
    if (a->media_count == LIMIT_FORM_FILES)
        return err_set(err, ERR_LIMIT, "more than %u files", LIMIT_FORM_FILES);
    for (size_t i = 0; i < a->media_count; i++)
        if (span_equal(a->media[i].name, text))
            return err_set(err, ERR_MALFORMED, "the file is named by \"%.*s\" already",
                           SPAN_ARG(a->media[i].path));
    a->media = grown(a->arena, a->media, sizeof *a->media, a->media_count, &a->media_room);
    a->media[a->media_count++] = (struct answer_medium){span_of(path), text, ask->as};
    return true;
}

/* One item of a repeat. Of media alone it adds nothing to the list of objects. */
static bool read_item(struct answering *a, const struct level *level, const struct ask *ask,
                      const struct xml *element, struct err *err)
{
    const struct field *list = form_field(a->form, NULL, ask);
    struct json item = json_object();
    const struct level within = {.path = arena_printf(a->arena, "%s%s/", level->path, ask->name),
                                 .asks = ask->asks,
                                 .count = ask->count,
                                 .repeat = ask,
                                 .element = element,
                                 .fields = &item};

    if (!read_level(a, &within, err))
        return false;
    if (!list || item.object.count == 0)
        return true;
    const struct json *before = json_get(level->fields, list->name);
    struct json items = before ? *before : json_array();
    json_push(&items, item, a->arena);
    json_set(level->fields, list->name, items, a->arena);
    return true;
}

/* Which would make a record that is void. */
static bool check_fits(const struct answering *a, const struct level *level, struct err *err)
{
    for (size_t i = 0; i < level->count; i++) {
        const struct ask *ask = &level->asks[i];

        if (ask->fits &&
            !verb_fits(json_get_text(&a->flat, ask->fits), json_get_text(&a->flat, ask->name)))
            return err_set(err, ERR_MALFORMED, "%s%s: \"%.*s\" does not go with it", level->path,
                           ask->name, SPAN_ARG(json_get_text(&a->flat, ask->fits)));
    }
    return true;
}

static bool read_group(struct answering *a, const struct level *level, const struct ask *ask,
                       const struct xml *element, struct err *err)
{
    const struct level within = {.path = arena_printf(a->arena, "%s%s/", level->path, ask->name),
                                 .asks = ask->asks,
                                 .count = ask->count,
                                 .repeat = level->repeat,
                                 .element = element,
                                 .fields = level->fields};

    return read_level(a, &within, err) && check_fits(a, &within, err);
}

/* A single value, not empty. The choices of how exact are read with what they are of. */
static bool read_value(struct answering *a, const struct level *level, const struct ask *ask,
                       const char *path, struct span text, struct err *err)
{
    const struct field *field = form_field(a->form, level->repeat, ask);
    bool ok = true;

    if (ask->as == ASK_FIELD)
        ok = read_field(a, level, field, text, err);
    else if (ask->as == ASK_TIME)
        ok = read_time(a, level, ask, field, text, err);
    else if (ask->as == ASK_POSITION)
        ok = read_position(a, level, ask, text, err);
    else if (ask->as == ASK_LINE || ask->as == ASK_AREA)
        ok = read_shape(a, level, ask, text, err);
    else if (ask->as != ASK_EXACT && ask->as != ASK_ERROR)
        ok = read_medium(a, path, ask, text, err);
    return ok || err_wrap(err, "%s", path);
}

static bool read_ask(struct answering *a, const struct level *level, const struct ask *ask,
                     const struct xml *element, struct err *err)
{
    const char *path = path_of(a, level, element);
    struct span text = xml_trimmed(element->text);

    if (ask->as == ASK_REPEAT)
        return read_item(a, level, ask, element, err);
    if (ask->as == ASK_GROUP)
        return read_group(a, level, ask, element, err);
    if (element->first)
        return err_set(err, ERR_MALFORMED, "%s: has elements in it", path);
    return text.len == 0 || read_value(a, level, ask, path, text, err);
}

/* Of what is asked once, the second is no answer that anybody gave. */
static bool is_second(const struct level *level, const struct xml *element)
{
    for (const struct xml *e = level->element->first; e != element; e = e->next)
        if (span_equal(e->name, element->name))
            return true;
    return false;
}

static bool read_level(struct answering *a, const struct level *level, struct err *err)
{
    for (const struct xml *e = level->element->first; e; e = e->next) {
        const struct ask *ask = ask_named(level, e->name);

        if (xml_has_attribute(e, "template"))
            continue; /* the pattern of a repeat, which some clients send along */
        if (!ask && !level->path[0] && span_is(e->name, "meta"))
            continue;
        if (!ask && !note_unknown(a, path_of(a, level, e), e, err))
            return false;
        if (!ask)
            continue;
        if (ask->as != ASK_REPEAT && is_second(level, e))
            return err_set(err, ERR_MALFORMED, "%s: stands there twice", path_of(a, level, e));
        if (!read_ask(a, level, ask, e, err))
            return false;
    }
    return true;
}

/* Lists of objects, which grew item by item. */
static bool check_lists(const struct answering *a, struct err *err)
{
    const struct kind *kind = form_kind(a->form);

    for (size_t i = 0; i < kind->count; i++) {
        const struct json *value = json_get(&a->flat, kind->fields[i].name);
        if (value && !field_check(&kind->fields[i], value, err))
            return false;
        if (!value && kind->fields[i].required)
            return err_set(err, ERR_MALFORMED, "\"%s\" is missing", kind->fields[i].name);
    }
    return true;
}

static bool is_token(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text.len > 0 && text.len <= INSTANCE_ID_BYTES;
}

static struct span meta_of(const struct xml *meta, const char *name)
{
    const struct xml *element = xml_child(meta, name);

    return element ? xml_trimmed(element->text) : (struct span){0};
}

static bool read_meta(struct form_answer *out, const struct xml *root, struct err *err)
{
    const struct xml *meta = xml_child(root, "meta");

    out->instance_id = meta_of(meta, "instanceID");
    if (out->instance_id.len == 0)
        out->instance_id = xml_attribute(root, "instanceID"); /* as old clients have it */
    out->deprecated_id = meta_of(meta, "deprecatedID");
    out->instance_name = meta_of(meta, "instanceName");
    out->audit = meta_of(meta, "audit");
    if (!is_token(out->instance_id))
        return err_set(err, ERR_MALFORMED, "meta/instanceID: no id");
    if (out->deprecated_id.len > 0 && !is_token(out->deprecated_id))
        return err_set(err, ERR_MALFORMED, "meta/deprecatedID: no id");
    if (out->audit.len > 0 && !value_file(out->audit, err))
        return err_wrap(err, "meta/audit");
    return true;
}

static bool find_form(const struct form **out, const struct xml *root, struct err *err)
{
    struct span id = xml_trimmed(xml_attribute(root, "id"));

    if (span_is(xml_attribute(root, "encrypted"), "yes"))
        return err_set(err, ERR_REFUSED, "encrypted answers are not read");
    *out = form_find(id);
    if (!*out && !is_token(id))
        return err_set(err, ERR_MISSING, "it names no form");
    return *out || err_set(err, ERR_MISSING, "there is no form \"%.*s\"", SPAN_ARG(id));
}

static void set_external_id(struct answering *a, struct span instance_id)
{
    const struct field *field = kind_field(form_kind(a->form), "external_id");
    struct json value = json_string(instance_id);
    struct err ignored = {0};

    if (field && field_check(field, &value, &ignored))
        json_set(&a->flat, field->name, value, a->arena);
}

bool answer_parse(struct form_answer *out, struct span xml, struct arena *arena, struct err *err)
{
    struct answering a = {.arena = arena, .flat = json_object()};
    struct form_answer answer = {0};
    const struct xml *root;

    if (!xml_parse(&root, xml, arena, err) || !find_form(&answer.form, root, err) ||
        !read_meta(&answer, root, err))
        return false;
    a.form = answer.form;
    const struct level top = {.path = "",
                              .asks = a.form->asks,
                              .count = a.form->count,
                              .element = root,
                              .fields = &a.flat};
    if (!read_level(&a, &top, err) || !check_lists(&a, err))
        return false;
    set_external_id(&a, answer.instance_id);
    answer.version = xml_trimmed(xml_attribute(root, "version"));
    answer.flat = a.flat;
    answer.media = a.media;
    answer.media_count = a.media_count;
    answer.unknown = a.unknown;
    answer.unknown_count = a.unknown_count;
    *out = answer;
    return true;
}
