#include "forms/xform_inside.h"

/* A list that is longer is searched by typing. */
#define LONG_LIST 20u
/* A text that may be longer has more than one line. */
#define LONG_TEXT 2000

static void put_ref(struct xform_maker *m, const char *element, const char *key)
{
    xml_open(&m->out, element);
    xml_set_text(&m->out, "ref", arena_printf(m->arena, "jr:itext('%s')", xform_text(m, key)));
    xml_close(&m->out);
}

static void put_label(struct xform_maker *m, const struct ask *ask)
{
    const char *hint = form_hint_key(m->form, ask->name, &m->words, m->arena);

    put_ref(m, "label", form_label_key(m->form, ask->name, &m->words, m->arena));
    if (hint)
        put_ref(m, "hint", hint);
}

static void open_control(struct xform_maker *m, const char *element, const char *path,
                         const char *appearance)
{
    xml_open(&m->out, element);
    xml_set_text(&m->out, "ref", path);
    if (appearance)
        xml_set_text(&m->out, "appearance", appearance);
}

static void put_item(struct xform_maker *m, const char *name, const char *word)
{
    xml_open(&m->out, "item");
    put_ref(m, "label", form_choice_key(name, word, &m->words, m->arena));
    xml_leaf(&m->out, "value", span_of(word));
    xml_close(&m->out);
}

static void put_exactness(struct xform_maker *m, const char *path, const struct ask *ask)
{
    open_control(m, "select1", path, NULL);
    put_label(m, ask);
    for (size_t i = 0; form_exactness_at(ask->as, i); i++)
        put_item(m, ask->name, form_exactness_at(ask->as, i)->word);
    xml_close(&m->out);
}

static void put_itemset(struct xform_maker *m, const char *section)
{
    struct xml_writer *w = &m->out;

    xml_open(w, "itemset");
    xml_set_text(w, "nodeset", arena_printf(m->arena, "instance('%s')/root/item", section));
    xml_open(w, "value");
    xml_set_text(w, "ref", "name");
    xml_close(w);
    xml_open(w, "label");
    xml_set_text(w, "ref", "jr:itext(itextId)");
    xml_close(w);
    xml_close(w);
}

/* A choice among words or among items of the agreement or the register, of one or of several. */
static void put_choice(struct xform_maker *m, const char *path, const struct ask *ask,
                       const struct field *field)
{
    const struct json *items = form_items(field, m->terms);
    bool several = field->type == FIELD_LIST;
    const struct field *of = several ? &field->fields[0] : field;
    const char *folded =
        items && items->array.count > LONG_LIST ? "minimal autocomplete" : "minimal";

    open_control(m, several ? "select" : "select1", path, ask->minimal ? folded : NULL);
    put_label(m, ask);
    if (items)
        put_itemset(m, form_section(field));
    for (size_t i = 0; !items && of->words && of->words[i]; i++)
        put_item(m, field->name, of->words[i]);
    xml_close(&m->out);
}

static void put_input(struct xform_maker *m, const char *path, const struct ask *ask,
                      const char *appearance)
{
    open_control(m, "input", path, appearance);
    put_label(m, ask);
    xml_close(&m->out);
}

static void put_field(struct xform_maker *m, const char *path, const struct ask *ask,
                      const struct field *field)
{
    bool chosen = field->type == FIELD_WORD || field->type == FIELD_LIST || field->term ||
                  form_items(field, m->terms);
    bool long_text = field->type == FIELD_TEXT && field->max >= LONG_TEXT;

    if (chosen)
        put_choice(m, path, ask, field);
    else
        put_input(m, path, ask, long_text ? "multiline" : NULL);
}

static void put_upload(struct xform_maker *m, const char *path, const struct ask *ask,
                       const char *type)
{
    xml_open(&m->out, "upload");
    xml_set_text(&m->out, "ref", path);
    xml_set_text(&m->out, "mediatype", type);
    put_label(m, ask);
    xml_close(&m->out);
}

static void put_asks(struct xform_maker *m, const struct xform_place *place, const struct ask *asks,
                     size_t count);

/* Collect shows a group on one screen, but none that has a repeat in it. */
static bool has_repeat(const struct ask *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (group->asks[i].as == ASK_REPEAT)
            return true;
    return false;
}

static void put_group(struct xform_maker *m, const struct xform_place *within,
                      const struct ask *ask)
{
    open_control(m, "group", within->path, has_repeat(ask) ? NULL : "field-list");
    put_ref(m, "label", form_label_key(m->form, ask->name, &m->words, m->arena));
    put_asks(m, within, ask->asks, ask->count);
    xml_close(&m->out);
}

static void put_repeat(struct xform_maker *m, const struct xform_place *within,
                       const struct ask *ask)
{
    open_control(m, "group", within->path, NULL);
    put_ref(m, "label", form_label_key(m->form, ask->name, &m->words, m->arena));
    xml_open(&m->out, "repeat");
    xml_set_text(&m->out, "nodeset", within->path);
    put_asks(m, within, ask->asks, ask->count);
    xml_close(&m->out);
    xml_close(&m->out);
}

static void put_ask(struct xform_maker *m, const struct xform_place *place, const struct ask *ask)
{
    const struct xform_place within = xform_within(m, place, ask);

    switch (ask->as) {
    case ASK_FIELD:
        put_field(m, within.path, ask, form_field(m->form, place->repeat, ask));
        break;
    case ASK_TIME:
        put_input(m, within.path, ask, NULL);
        break;
    case ASK_EXACT:
    case ASK_ERROR:
        put_exactness(m, within.path, ask);
        break;
    case ASK_POSITION: /* a map, unless it is where the observer stands */
        put_input(m, within.path, ask, ask->prefix ? NULL : "placement-map");
        break;
    case ASK_LINE:
    case ASK_AREA:
        put_input(m, within.path, ask, "placement-map");
        break;
    case ASK_IMAGE:
        put_upload(m, within.path, ask, "image/*");
        break;
    case ASK_AUDIO:
        put_upload(m, within.path, ask, "audio/*");
        break;
    case ASK_VIDEO:
        put_upload(m, within.path, ask, "video/*");
        break;
    case ASK_GROUP:
        put_group(m, &within, ask);
        break;
    case ASK_REPEAT:
        put_repeat(m, &within, ask);
        break;
    }
}

static void put_asks(struct xform_maker *m, const struct xform_place *place, const struct ask *asks,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (xform_asks(m, place, &asks[i]))
            put_ask(m, place, &asks[i]);
}

void xform_body(struct xform_maker *m)
{
    const struct xform_place top = {.path = "/data"};

    xml_open(&m->out, "h:body");
    put_asks(m, &top, m->form->asks, m->form->count);
    xml_close(&m->out);
}
