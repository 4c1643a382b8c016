#include "forms/xml.h"

#include "base/limits.h"
#include "codec/utf8.h"

#include <expat.h>

/* Stands between namespace and local name, and can be in neither: Expat's advice is a
 * character that no URI holds. */
#define SEPARATOR '\n'

struct growing {
    struct xml element;
    struct xml *last; /* of its children */
    struct xml_attribute *last_attribute;
    struct buf text;
};

struct reading {
    XML_Parser parser;
    struct arena *arena;
    struct growing *stack; /* LIMIT_XML_DEPTH of them */
    size_t depth;
    size_t nodes;
    const struct xml *root;
    const char *why;
    enum err_kind kind;
};

static void stop(struct reading *r, enum err_kind kind, const char *why)
{
    if (r->why)
        return;
    r->why = why;
    r->kind = kind;
    XML_StopParser(r->parser, XML_FALSE);
}

/* Expat's name, "SPACE\nLOCAL" or "LOCAL". */
static void name_of(const char *given, struct span *space, struct span *name, struct arena *arena)
{
    struct span rest = arena_copy(arena, span_of(given));

    *space = (struct span){0};
    (void)span_cut(&rest, SEPARATOR, space);
    *name = rest;
}

static bool count_node(struct reading *r)
{
    if (r->nodes == LIMIT_XML_NODES) {
        stop(r, ERR_LIMIT, "more elements and attributes than are read");
        return false;
    }
    r->nodes++;
    return true;
}

static void add_attribute(struct reading *r, struct growing *g, const char *name, const char *value)
{
    if (!count_node(r))
        return;
    struct xml_attribute *a = ARENA_NEW(r->arena, struct xml_attribute);
    name_of(name, &a->space, &a->name, r->arena);
    a->value = arena_copy(r->arena, span_of(value));
    if (g->last_attribute)
        g->last_attribute->next = a;
    else
        g->element.attributes = a;
    g->last_attribute = a;
}

static void XMLCALL on_start(void *user, const char *name, const char **attributes)
{
    struct reading *r = user;

    if (r->why || !count_node(r))
        return;
    if (r->depth == LIMIT_XML_DEPTH) {
        stop(r, ERR_LIMIT, "elements nested deeper than are read");
        return;
    }
    struct growing *g = &r->stack[r->depth++];
    *g = (struct growing){.text = buf_in(r->arena, LIMIT_XML_BYTES)};
    g->element.line = XML_GetCurrentLineNumber(r->parser);
    name_of(name, &g->element.space, &g->element.name, r->arena);
    for (size_t i = 0; attributes[i]; i += 2)
        add_attribute(r, g, attributes[i], attributes[i + 1]);
}

static void XMLCALL on_end(void *user, const char *name)
{
    struct reading *r = user;

    (void)name; /* Expat has seen to it that it is that of the start */
    if (r->why)
        return;
    struct growing *g = &r->stack[--r->depth];
    struct xml *element = ARENA_NEW(r->arena, struct xml);
    *element = g->element;
    element->text = buf_span(&g->text);
    if (r->depth == 0) {
        r->root = element;
        return;
    }
    struct growing *parent = &r->stack[r->depth - 1];
    if (parent->last)
        parent->last->next = element;
    else
        parent->element.first = element;
    parent->last = element;
}

static void XMLCALL on_text(void *user, const char *text, int len)
{
    struct reading *r = user;

    if (!r->why)
        buf_put(&r->stack[r->depth - 1].text, span_make(text, (size_t)len));
}

static void XMLCALL on_declaration(void *user, const char *version, const char *encoding,
                                   int standalone)
{
    (void)standalone;
    if (version && strcmp(version, "1.0") != 0)
        stop(user, ERR_MALFORMED, "another version than 1.0");
    if (encoding && strcasecmp(encoding, "UTF-8") != 0)
        stop(user, ERR_MALFORMED, "another encoding than UTF-8");
}

static void XMLCALL on_doctype(void *user, const char *name, const char *system, const char *public,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(user, ERR_MALFORMED, "a DOCTYPE, which is not read");
}

static void XMLCALL on_instruction(void *user, const char *target, const char *data)
{
    (void)target;
    (void)data;
    stop(user, ERR_MALFORMED, "a processing instruction, which is not read");
}

static bool run(struct reading *r, struct span text, struct err *err)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetXmlDeclHandler(r->parser, on_declaration);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    XML_SetProcessingInstructionHandler(r->parser, on_instruction);

    bool ok = XML_Parse(r->parser, (const char *)text.at, (int)text.len, XML_TRUE) == XML_STATUS_OK;
    if (ok && !r->why)
        return true;
    return err_set(err, r->why ? r->kind : ERR_MALFORMED, "XML: line %" PRIu64 ": %s",
                   (uint64_t)XML_GetCurrentLineNumber(r->parser),
                   r->why ? r->why : XML_ErrorString(XML_GetErrorCode(r->parser)));
}

bool xml_parse(const struct xml **out, struct span text, struct arena *arena, struct err *err)
{
    struct reading r = {.arena = arena};

    if (text.len > LIMIT_XML_BYTES)
        return err_set(err, ERR_LIMIT, "XML: more than %u bytes", LIMIT_XML_BYTES);
    if (!utf8_valid(text) || (text.len > 0 && memchr(text.at, 0, text.len)))
        return err_set(err, ERR_MALFORMED, "XML: not UTF-8");

    r.stack = ARENA_ARRAY(arena, struct growing, LIMIT_XML_DEPTH);
    r.parser = XML_ParserCreateNS("UTF-8", SEPARATOR);
    assert(r.parser); /* as with an arena: no memory, no program */
    bool ok = run(&r, text, err);
    XML_ParserFree(r.parser);
    if (ok)
        *out = r.root;
    return ok;
}

const struct xml *xml_child(const struct xml *parent, const char *name)
{
    for (const struct xml *child = parent ? parent->first : NULL; child; child = child->next)
        if (span_is(child->name, name))
            return child;
    return NULL;
}

static const struct xml_attribute *find_attribute(const struct xml *element, const char *name)
{
    for (const struct xml_attribute *a = element->attributes; a; a = a->next)
        if (span_is(a->name, name))
            return a;
    return NULL;
}

struct span xml_attribute(const struct xml *element, const char *name)
{
    const struct xml_attribute *found = find_attribute(element, name);

    return found ? found->value : (struct span){0};
}

bool xml_has_attribute(const struct xml *element, const char *name)
{
    return find_attribute(element, name) != NULL;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct span xml_trimmed(struct span text)
{
    while (text.len > 0 && is_space(text.at[0]))
        text = span_from(text, 1);
    while (text.len > 0 && is_space(text.at[text.len - 1]))
        text.len--;
    return text;
}
