#include "forms/xform.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "forms/xform_inside.h"

/* A form of 110 acts in six languages has 100 kB. */
#define XFORM_BYTES (4u << 20)

const char *xform_text(struct xform_maker *m, const char *key)
{
    json_set_integer(&m->texts, key, 1, m->arena);
    return key;
}

static void put_language(struct xform_maker *m, const struct words_language *language)
{
    struct xml_writer *w = &m->out;

    xml_open(w, "translation");
    /* Collect and Web Forms tell the language, and the direction, by the tag in brackets. */
    xml_set_text(
        w, "lang",
        arena_printf(m->arena, "%.*s (%.*s)", SPAN_ARG(language->name), SPAN_ARG(language->id)));
    if (language == m->first)
        xml_set_text(w, "default", "true()");
    for (size_t i = 0; i < m->texts.object.count; i++) {
        const struct json_member *text = &m->texts.object.at[i];
        const char *key = arena_text(m->arena, text->key);

        xml_open(w, "text");
        xml_set(w, "id", text->key);
        xml_leaf(w, "value",
                 text->value.type == JSON_OBJECT ? words_of_item(&text->value, language)
                                                 : words_get(&m->words, language, key));
        xml_close(w);
    }
    xml_close(w);
}

static void put_itext(struct xform_maker *m)
{
    xml_open(&m->out, "itext");
    for (size_t i = 0; i < m->words.count; i++)
        put_language(m, &m->words.language[i]);
    xml_close(&m->out);
}

static void put_elements(struct xform_maker *m, const struct xform_place *place,
                         const struct ask *asks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct xform_place within = xform_within(m, place, &asks[i]);

        if (!xform_asks(m, place, &asks[i]))
            continue;
        xml_open(&m->out, asks[i].name);
        if (asks[i].as == ASK_REPEAT)
            xml_set_text(&m->out, "jr:template", "");
        put_elements(m, &within, asks[i].asks, asks[i].count);
        xml_close(&m->out);
    }
}

static void put_instance(struct xform_maker *m, const char *version)
{
    const struct xform_place top = {.path = "/data"};
    struct xml_writer *w = &m->out;

    xml_open(w, "instance");
    xml_open(w, "data");
    xml_set_text(w, "id", m->form->id);
    xml_set_text(w, "version", version);
    put_elements(m, &top, m->form->asks, m->form->count);
    xml_open(w, "orx:meta");
    xml_leaf(w, "orx:audit", (struct span){0});
    xml_leaf(w, "orx:instanceID", (struct span){0});
    xml_leaf(w, "orx:instanceName", (struct span){0});
    xml_close(w);
    xml_close(w);
    xml_close(w);
}

/* By its number and not its id, which may hold what no id of a text can. */
static const char *item_text(const char *section, size_t index, struct arena *arena)
{
    return arena_printf(arena, "%s-%zu", section, index);
}

/* Where the terms are chosen from: pyxform's shape, which every client knows. */
static void put_section(struct xform_maker *m, const char *section, const struct json *items)
{
    struct xml_writer *w = &m->out;

    xml_open(w, "instance");
    xml_set_text(w, "id", section);
    xml_open(w, "root");
    for (size_t i = 0; i < items->array.count; i++) {
        xml_open(w, "item");
        xml_leaf(w, "itextId", span_of(item_text(section, i, m->arena)));
        xml_leaf(w, "name", json_get_text(&items->array.at[i], "id"));
        xml_close(w);
    }
    xml_close(w);
    xml_close(w);
}

static void put_sections(struct xform_maker *m)
{
    for (size_t i = 0; i < m->sections.object.count; i++) {
        const char *section = arena_text(m->arena, m->sections.object.at[i].key);
        put_section(m, section, json_get(m->terms, section));
    }
}

/* What the agreement lets choose from; the words of lang/ are noted as they are written. */
static void note_items(struct xform_maker *m, const struct field *field)
{
    const struct json *items = form_items(field, m->terms);

    if (!items)
        return;
    const char *section = form_section(field);
    json_set_integer(&m->sections, section, 1, m->arena);
    for (size_t i = 0; i < items->array.count; i++)
        json_set(&m->texts, item_text(section, i, m->arena), items->array.at[i], m->arena);
}

static void note_sections(struct xform_maker *m, const struct ask *repeat, const struct ask *asks,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct ask *within = asks[i].as == ASK_REPEAT ? &asks[i] : repeat;
        note_items(m, form_field(m->form, repeat, &asks[i]));
        note_sections(m, within, asks[i].asks, asks[i].count);
    }
}

static void put_head(struct xform_maker *m, struct span title, const char *version)
{
    xml_open(&m->out, "h:head");
    xml_leaf(&m->out, "h:title", title);
    xml_open(&m->out, "model");
    xml_set_text(&m->out, "odk:xforms-version", "1.0.0");
    put_itext(m);
    put_instance(m, version);
    put_sections(m);
    xform_binds(m);
    xml_close(&m->out);
    xml_close(&m->out);
}

static struct span put_document(struct xform_maker *m, struct span title, const char *version)
{
    static const char *const spaces[][2] = {
        {"xmlns", "http://www.w3.org/2002/xforms"},
        {"xmlns:h", "http://www.w3.org/1999/xhtml"},
        {"xmlns:jr", "http://openrosa.org/javarosa"},
        {"xmlns:odk", "http://www.opendatakit.org/xforms"},
        {"xmlns:orx", "http://openrosa.org/xforms"},
        {"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
    };
    struct buf buf = buf_in(m->arena, XFORM_BYTES);

    m->out = xml_writer_over(&buf);
    xml_open(&m->out, "h:html");
    for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
        xml_set_text(&m->out, spaces[i][0], spaces[i][1]);
    put_head(m, title, version);
    xform_body(m);
    xml_close(&m->out);
    assert(!buf.full);
    return buf_span(&buf);
}

static struct span title_of(const struct xform_maker *m)
{
    return words_get(&m->words, m->first, arena_printf(m->arena, "form.%s", m->form->id));
}

/* Of the content as it is for who reads the agreement's first language. Written twice: what is
 * written first is not complete, for it notes the texts that it uses. */
static void find_version(struct xform_maker *m, char out[XFORM_VERSION_TEXT])
{
    char digits[2 * sizeof(struct hash) + 1];

    m->first = &m->words.language[0];
    (void)put_document(m, title_of(m), "");
    struct hash hash = hash_of(put_document(m, title_of(m), ""));
    hex_text(digits, hash_span(&hash));
    memcpy(out, digits, XFORM_VERSION_TEXT - 1);
    out[XFORM_VERSION_TEXT - 1] = '\0';
}

struct xform xform_of(const struct form *form, const struct json *terms, struct span language,
                      struct arena *arena)
{
    struct xform_maker m = {.form = form,
                            .terms = terms,
                            .words = words_of_agreement(terms, arena),
                            .texts = json_object(),
                            .sections = json_object(),
                            .arena = arena};
    struct xform out;

    note_sections(&m, NULL, form->asks, form->count);
    find_version(&m, out.version);
    const struct words_language *asked = words_language(&m.words, language);
    m.first = asked ? asked : &m.words.language[0];
    out.title = title_of(&m);
    out.xml = put_document(&m, out.title, out.version);
    return out;
}
