#include "forms/form.h"

const struct form *form_find(struct span id)
{
    for (size_t i = 0; form_at(i); i++)
        if (span_is(id, form_at(i)->id))
            return form_at(i);
    return NULL;
}

const struct kind *form_kind(const struct form *form)
{
    const struct kind *kind = kind_find(span_of(form->kind), 1);

    assert(kind);
    return kind;
}

static const struct field *member_of(const struct field *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->fields[i].name, name) == 0)
            return &object->fields[i];
    return NULL;
}

const struct field *form_field(const struct form *form, const struct ask *repeat,
                               const struct ask *ask)
{
    const struct kind *kind = form_kind(form);
    const struct field *list = repeat ? kind_field(kind, repeat->name) : NULL;

    if (ask->as != ASK_FIELD && ask->as != ASK_TIME && ask->as != ASK_REPEAT)
        return NULL;
    if (!repeat)
        return kind_field(kind, ask->name);
    return list ? member_of(&list->fields[0], ask->name) : NULL;
}

bool form_must(const struct form *form, const struct ask *repeat, const struct ask *ask)
{
    const struct field *field = form_field(form, repeat, ask);

    return ask->must || (field && field->required);
}

/* Of a list, what one of it is. */
static const struct field *one_of(const struct field *field)
{
    return field && field->type == FIELD_LIST ? &field->fields[0] : field;
}

const char *form_section(const struct field *field)
{
    const struct field *one = one_of(field);

    if (one && one->type == FIELD_RECORD && one->words)
        return one->words[0];
    return one ? one->term : NULL;
}

const struct json *form_items(const struct field *field, const struct json *terms)
{
    const char *section = form_section(field);
    const struct json *items = section ? json_get(terms, section) : NULL;

    return items && items->type == JSON_ARRAY && items->array.count > 0 ? items : NULL;
}

bool form_asks(const struct field *field, const struct json *terms)
{
    const struct field *one = one_of(field);

    return !one || !one->term || form_items(field, terms);
}

bool form_offered(const struct form *form, const struct json *terms)
{
    const struct kind *kind = form_kind(form);

    for (size_t i = 0; i < kind->count; i++)
        if (kind->fields[i].required && !form_asks(&kind->fields[i], terms))
            return false;
    return true;
}

static const struct form_exactness of_times[] = {
    {"minute", "watch", 60000},        {"quarter", "estimate", 900000},
    {"hour", "estimate", 3600000},     {"part", "estimate", 3 * 3600000},
    {"day", "estimate", 12 * 3600000},
};

static const struct form_exactness of_points[] = {
    {"m20", NULL, 20},   {"m200", NULL, 200},   {"km1", NULL, 1000},
    {"km5", NULL, 5000}, {"km20", NULL, 20000},
};

const struct form_exactness *form_exactness_at(enum ask_as as, size_t index)
{
    assert(as == ASK_EXACT || as == ASK_ERROR);
    if (as == ASK_EXACT)
        return index < ARRAY_LEN(of_times) ? &of_times[index] : NULL;
    return index < ARRAY_LEN(of_points) ? &of_points[index] : NULL;
}

enum tier form_tier(const struct form *form, const struct json *terms)
{
    const struct json *items = json_get(terms, "form");
    enum tier tier = form->tier;

    for (size_t i = 0; items && items->type == JSON_ARRAY && i < items->array.count; i++) {
        const struct json *item = &items->array.at[i];
        if (span_is(json_get_text(item, "id"), form->id) &&
            !tier_find(&tier, json_get_text(item, "tier")))
            tier = TIER_MISSION; /* a word that we do not know was not meant to open anything */
    }
    return tier;
}

enum tier form_tier_of_answer(const struct form *form, const struct json *flat,
                              const struct json *terms)
{
    const struct kind *kind = form_kind(form);
    enum tier most = form_tier(form, terms), tier;

    for (size_t i = 0; i < kind->count; i++) {
        const struct field *field = &kind->fields[i];
        if (field->tier && json_get(flat, field->name) && tier_find(&tier, span_of(field->tier)) &&
            tier > most)
            most = tier;
    }
    return most;
}

static const char *key_of(const char *what, const struct form *form, const char *name,
                          const struct words *words, struct arena *arena)
{
    const char *own = arena_printf(arena, "%s.%s.%s", what, form->id, name);

    return json_get(words->english, own) ? own : arena_printf(arena, "%s.%s", what, name);
}

const char *form_label_key(const struct form *form, const char *name, const struct words *words,
                           struct arena *arena)
{
    return key_of("ask", form, name, words, arena);
}

const char *form_hint_key(const struct form *form, const char *name, const struct words *words,
                          struct arena *arena)
{
    const char *key = key_of("hint", form, name, words, arena);

    return json_get(words->english, key) ? key : NULL;
}

const char *form_choice_key(const char *name, const char *word, const struct words *words,
                            struct arena *arena)
{
    const char *own = arena_printf(arena, "choice.%s.%s", name, word);

    return json_get(words->english, own) ? own : arena_printf(arena, "choice.%s", word);
}
