/*
 * XML beside libxml2, a reader by other people: what we accept, it accepts, and it sees the same
 * elements, namespaces and text. And what we read, written by our writer, reads the same.
 *
 * libxml2 is opened by name: it is no part of the program, and its headers are none of ours.
 */

#include "forms/xml.h"

#include "base/limits.h"

#include <dlfcn.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PARSE_NOERROR 32 /* as in libxml/parser.h */
#define PARSE_NOWARNING 64
#define PARSE_NONET 2048
#define NODE_ELEMENT 1 /* as in libxml/xmlreader.h */
#define NODE_TEXT 3
#define NODE_CDATA 4
#define NODE_WHITE_SPACE 13
#define NODE_SIGNIFICANT_SPACE 14
#define NODE_END 15

struct libxml_reader;

static struct {
    struct libxml_reader *(*open)(const char *bytes, int len, const char *url, const char *encoding,
                                  int options);
    void (*free)(struct libxml_reader *reader);
    int (*read)(struct libxml_reader *reader);
    int (*type)(struct libxml_reader *reader);
    int (*is_empty)(struct libxml_reader *reader);
    const char *(*name)(struct libxml_reader *reader);
    const char *(*space)(struct libxml_reader *reader);
    const char *(*value)(struct libxml_reader *reader);
} libxml;

static void *symbol(void *library, const char *name)
{
    void *found = library ? dlsym(library, name) : NULL;

    if (!found)
        abort(); /* without its oracle this program would find nothing */
    return found;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    void *library = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);

    (void)argc;
    (void)argv;
    /* POSIX promises that a function fits into what dlsym returns; ISO C does not. */
    *(void **)&libxml.open = symbol(library, "xmlReaderForMemory");
    *(void **)&libxml.free = symbol(library, "xmlFreeTextReader");
    *(void **)&libxml.read = symbol(library, "xmlTextReaderRead");
    *(void **)&libxml.type = symbol(library, "xmlTextReaderNodeType");
    *(void **)&libxml.is_empty = symbol(library, "xmlTextReaderIsEmptyElement");
    *(void **)&libxml.name = symbol(library, "xmlTextReaderConstLocalName");
    *(void **)&libxml.space = symbol(library, "xmlTextReaderConstNamespaceUri");
    *(void **)&libxml.value = symbol(library, "xmlTextReaderConstValue");
    return 0;
}

/* How far libxml2's walk has come in our tree. */
struct walk {
    struct {
        const struct xml *element;
        const struct xml *next_child;
        struct span text; /* what is to come */
    } stack[LIMIT_XML_DEPTH];
    size_t depth;
};

static void enter(struct walk *walk, const struct xml *root, struct libxml_reader *reader)
{
    const struct xml *element = root;

    if (walk->depth > 0) {
        element = walk->stack[walk->depth - 1].next_child;
        assert(element);
        walk->stack[walk->depth - 1].next_child = element->next;
    }
    assert(span_is(element->name, libxml.name(reader)));
    assert(span_equal(element->space, span_of(libxml.space(reader))));
    walk->stack[walk->depth].element = element;
    walk->stack[walk->depth].next_child = element->first;
    walk->stack[walk->depth++].text = element->text;
}

static void leave(struct walk *walk)
{
    assert(walk->depth > 0);
    walk->depth--;
    assert(!walk->stack[walk->depth].next_child && walk->stack[walk->depth].text.len == 0);
}

static void take_text(struct walk *walk, struct span text)
{
    if (walk->depth == 0)
        return; /* white space around the root */
    struct span *rest = &walk->stack[walk->depth - 1].text;
    assert(span_starts_with(*rest, text));
    *rest = span_from(*rest, text.len);
}

/* libxml2's push parser forgets in CDATA that a line ends in a newline alone (XML 1.0 §2.11). */
static struct span with_newlines(struct span text, struct arena *arena)
{
    struct buf buf = buf_in(arena, LIMIT_XML_BYTES);

    for (size_t i = 0; i < text.len; i++) {
        bool is_return = text.at[i] == '\r';
        buf_byte(&buf, is_return ? '\n' : text.at[i]);
        if (is_return && i + 1 < text.len && text.at[i + 1] == '\n')
            i++;
    }
    return buf_span(&buf);
}

static void check_walk(const struct xml *root, struct span text, struct arena *arena)
{
    struct libxml_reader *reader = libxml.open((const char *)text.at, (int)text.len, NULL, NULL,
                                               PARSE_NOERROR | PARSE_NOWARNING | PARSE_NONET);
    struct walk walk = {.depth = 0};
    int more;

    assert(reader);
    while ((more = libxml.read(reader)) == 1) {
        int type = libxml.type(reader);
        if (type == NODE_ELEMENT) {
            enter(&walk, root, reader);
            if (libxml.is_empty(reader))
                leave(&walk);
        } else if (type == NODE_END) {
            leave(&walk);
        } else if (type == NODE_CDATA) {
            take_text(&walk, with_newlines(span_of(libxml.value(reader)), arena));
        } else if (type == NODE_TEXT || type == NODE_WHITE_SPACE ||
                   type == NODE_SIGNIFICANT_SPACE) {
            take_text(&walk, span_of(libxml.value(reader)));
        }
    }
    assert(more == 0 && walk.depth == 0);
    libxml.free(reader);
}

static bool equal(const struct xml *a, const struct xml *b)
{
    const struct xml_attribute *x = a->attributes, *y = b->attributes;
    const struct xml *p = a->first, *q = b->first;

    if (!span_equal(a->name, b->name) || !span_equal(a->text, b->text))
        return false;
    for (; x && y; x = x->next, y = y->next)
        if (!span_equal(x->name, y->name) || !span_equal(x->value, y->value))
            return false;
    for (; p && q; p = p->next, q = q->next)
        if (!equal(p, q))
            return false;
    return !x && !y && !p && !q;
}

/* The writer takes our own names alone: a tree with others is not written. */
static bool write_tree(struct xml_writer *w, const struct xml *element, struct arena *arena)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    const char *name = arena_text(arena, element->name);

    if (strspn(name, letters) != element->name.len || w->depth == XML_WRITER_DEPTH)
        return false;
    xml_open(w, name);
    for (const struct xml_attribute *a = element->attributes; a; a = a->next) {
        const char *key = arena_text(arena, a->name);
        if (strspn(key, letters) != a->name.len || a->space.len)
            return false;
        xml_set(w, key, a->value);
    }
    xml_text(w, element->text);
    for (const struct xml *child = element->first; child; child = child->next)
        if (!write_tree(w, child, arena))
            return false;
    xml_close(w);
    return true;
}

static void check_written(const struct xml *root, struct arena *arena)
{
    struct buf buf = buf_in(arena, LIMIT_XML_BYTES);
    struct xml_writer w = xml_writer_over(&buf);
    struct err err = {0};
    const struct xml *again;

    if (!write_tree(&w, root, arena) || buf.full)
        return;
    assert(xml_parse(&again, buf_span(&buf), arena, &err));
    assert(equal(root, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct err err = {0};
    const struct xml *root;

    if (xml_parse(&root, text, &arena, &err)) {
        check_walk(root, text, &arena);
        check_written(root, &arena);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(strncmp(err.text, "XML: ", 5) == 0);
    }
    arena_free(&arena);
    return 0;
}
