#include "forms/xform_inside.h"

#include "register/verb.h"

/* What every client can hold; Collect takes no more than nine digits. */
#define LARGEST_INT INT64_C(999999999)

static const char *type_of(const struct ask *ask, const struct field *field)
{
    switch (ask->as) {
    case ASK_TIME:
        return "dateTime";
    case ASK_POSITION:
        return "geopoint";
    case ASK_LINE:
        return "geotrace";
    case ASK_AREA:
        return "geoshape";
    case ASK_IMAGE:
    case ASK_AUDIO:
    case ASK_VIDEO:
        return "binary";
    default:
        return field && field->type == FIELD_INTEGER ? "int" : "string";
    }
}

struct constraint {
    const char *expression; /* NULL: none */
    const char *message;    /* a key of lang/ */
};

static struct constraint of_not_before(const struct ask *ask, struct arena *arena)
{
    const char *than = ask->not_before;

    if (ask->as != ASK_TIME)
        return (struct constraint){
            arena_printf(arena, "../%s = '' or number(.) >= number(../%s)", than, than),
            "constraint.below"};
    /* ODK Web Forms takes no node there, but a text. */
    return (struct constraint){arena_printf(arena,
                                            "../%s = '' or decimal-date-time(string(.)) >= "
                                            "decimal-date-time(string(../%s))",
                                            than, than),
                               "constraint.before"};
}

/* For each verb that does not fit them all, the means that it fits. */
static struct constraint of_fits(const struct ask *ask, const struct field *means,
                                 const struct field *verb, struct arena *arena)
{
    const char *out = "true()";

    for (size_t v = 0; verb->words[v]; v++) {
        const char *fit = "";
        bool all = true;

        for (size_t i = 0; means->words[i]; i++)
            if (verb_fits(span_of(verb->words[v]), span_of(means->words[i])))
                fit = arena_printf(arena, "%s or . = '%s'", fit, means->words[i]);
            else
                all = false;
        if (!all)
            out = arena_printf(arena, "%s and (../%s != '%s'%s)", out, ask->fits, verb->words[v],
                               fit);
    }
    return (struct constraint){out, "constraint.verb"};
}

static struct constraint of_field(const struct field *field, struct arena *arena)
{
    switch (field->type) {
    case FIELD_TEXT: /* counted in bytes there; no letter of our languages has more than three */
        return (struct constraint){
            arena_printf(arena, "string-length(.) <= %" PRId64, field->max / 3), "constraint.long"};
    case FIELD_TOKEN:
        if (field->term)
            return (struct constraint){0};
        return (struct constraint){
            arena_printf(arena, "regex(., '^[!-~]{1,%" PRId64 "}$')", field->max),
            "constraint.token"};
    case FIELD_HASH:
    case FIELD_RECORD:
        return (struct constraint){"regex(., '^[0-9a-f]{64}$')", "constraint.record"};
    case FIELD_INTEGER:
        return (struct constraint){
            arena_printf(arena, ". >= %" PRId64 " and . <= %" PRId64, field->min,
                         field->max < LARGEST_INT ? field->max : LARGEST_INT),
            "constraint.number"};
    default:
        return (struct constraint){0};
    }
}

static struct constraint constraint_of(const struct form *form, const struct ask *ask,
                                       const struct field *field, struct arena *arena)
{
    if (ask->fits)
        return of_fits(ask, field, kind_field(form_kind(form), ask->fits), arena);
    if (ask->not_before)
        return of_not_before(ask, arena);
    return field ? of_field(field, arena) : (struct constraint){0};
}

/* "../at != ''" for whatever it is that this says the exactness of; NULL: it says none. */
static const char *relevant_to(const struct ask *around, const struct ask *ask, struct arena *arena)
{
    const char *out = NULL;

    for (size_t i = 0; around && i < around->count; i++) {
        const struct ask *other = &around->asks[i];
        if (other->exact && strcmp(other->exact, ask->name) == 0)
            out = arena_printf(arena, "%s%s../%s != ''", out ? out : "", out ? " or " : "",
                               other->name);
    }
    return out;
}

/* An exactness is asked for, once there is something of which; what stands for something else is
 * not, once that is answered. */
static const char *relevance_of(const struct ask *around, const struct ask *ask,
                                struct arena *arena)
{
    return ask->unless ? arena_printf(arena, "../%s = ''", ask->unless)
                       : relevant_to(around, ask, arena);
}

static void put_text(struct xform_maker *m, const char *attribute, const char *key)
{
    xml_set_text(&m->out, attribute, arena_printf(m->arena, "jr:itext('%s')", xform_text(m, key)));
}

static void put_bind(struct xform_maker *m, const struct xform_place *place, const struct ask *ask)
{
    const struct field *field = form_field(m->form, place->repeat, ask);
    struct constraint constraint = constraint_of(m->form, ask, field, m->arena);
    const char *relevant = relevance_of(place->around, ask, m->arena);
    struct xml_writer *w = &m->out;

    xml_open(w, "bind");
    xml_set_text(w, "nodeset", xform_path(m, place, ask));
    xml_set_text(w, "type", type_of(ask, field));
    if (form_must(m->form, place->repeat, ask) || (relevant && !ask->unless)) {
        xml_set_text(w, "required", "true()");
        put_text(m, "jr:requiredMsg", "constraint.required");
    }
    if (relevant)
        xml_set_text(w, "relevant", relevant);
    if (constraint.expression) {
        xml_set_text(w, "constraint", constraint.expression);
        put_text(m, "jr:constraintMsg", constraint.message);
    }
    xml_close(w);
}

static void put_binds(struct xform_maker *m, const struct xform_place *place,
                      const struct ask *asks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct xform_place within = xform_within(m, place, &asks[i]);

        if (asks[i].count > 0)
            put_binds(m, &within, asks[i].asks, asks[i].count);
        else if (xform_asks(m, place, &asks[i]))
            put_bind(m, place, &asks[i]);
    }
}

/* The first time that is asked: by it a person finds the form again among those on the device. */
static const char *first_time(const struct xform_maker *m, const struct xform_place *place,
                              const struct ask *asks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct xform_place within = xform_within(m, place, &asks[i]);
        const char *found = asks[i].as == ASK_TIME
                                ? within.path
                                : first_time(m, &within, asks[i].asks, asks[i].count);
        if (found)
            return found;
    }
    return NULL;
}

static void put_meta_bind(struct xform_maker *m, const char *name, const char *type,
                          const char *attribute, const char *value)
{
    struct xml_writer *w = &m->out;

    xml_open(w, "bind");
    xml_set_text(w, "nodeset", arena_printf(m->arena, "/data/orx:meta/orx:%s", name));
    xml_set_text(w, "type", type);
    if (attribute)
        xml_set_text(w, attribute, value);
    xml_close(w);
}

void xform_binds(struct xform_maker *m)
{
    const struct xform_place top = {.path = "/data"};
    const char *time = first_time(m, &top, m->form->asks, m->form->count);

    put_binds(m, &top, m->form->asks, m->form->count);
    /* The audit keeps what was filled in when, and no location: where an observer stood is not
     * followed. */
    put_meta_bind(m, "audit", "binary", NULL, NULL);
    put_meta_bind(m, "instanceID", "string", "jr:preload", "uid");
    assert(time);
    put_meta_bind(m, "instanceName", "string", "calculate",
                  arena_printf(m->arena, "format-date-time(%s, '%%Y-%%m-%%d %%H:%%M')", time));
}
