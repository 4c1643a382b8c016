#pragma once

/*
 * XML: what came from outside, read into a tree, and what we write. The one file that
 * includes Expat.
 *
 * A strict part of XML 1.0 is read: UTF-8 alone, no DOCTYPE and so no entities but the five,
 * no processing instructions, and the limits of base/limits.h on size, depth and number of
 * elements and attributes. Namespaces are resolved; a name is matched by its local part
 * (`name`), for clients write one and the same element under different ones. Comments are
 * left out, CDATA is text.
 */

#include "base/buf.h"
#include "base/err.h"

struct xml_attribute {
    struct span name;  /* without its prefix */
    struct span space; /* the namespace; empty: none */
    struct span value;
    const struct xml_attribute *next;
};

struct xml {
    struct span name;
    struct span space;
    struct span text; /* the characters directly in it, put together */
    const struct xml_attribute *attributes;
    const struct xml *first, *next; /* its first child; its next sibling */
    uint64_t line;                  /* where it begins, from 1 */
};

/* The root element. All lives in the arena; the text may go. Errors say the line. */
MUST_CHECK bool xml_parse(const struct xml **out, struct span text, struct arena *arena,
                          struct err *err);

/* The first child of that local name, or NULL when there is none or `parent` is NULL. */
const struct xml *xml_child(const struct xml *parent, const char *name);
/* The value of the attribute of that local name; empty when there is none. */
struct span xml_attribute(const struct xml *element, const char *name);
bool xml_has_attribute(const struct xml *element, const char *name);
/* Without white space at both ends. */
struct span xml_trimmed(struct span text);

/*
 * Writing: elements opened and closed in order, what they hold escaped where it is written.
 * A character that XML 1.0 cannot hold becomes U+FFFD. Names are our own and asserted to be
 * names; a start tag takes attributes until something is written behind it.
 */
#define XML_WRITER_DEPTH 32
struct xml_writer {
    struct buf *buf;
    const char *open[XML_WRITER_DEPTH];
    size_t depth;
    bool in_tag;
};

struct xml_writer xml_writer_over(struct buf *buf); /* writes the XML declaration */
void xml_open(struct xml_writer *w, const char *name);
void xml_set(struct xml_writer *w, const char *name, struct span value);
void xml_set_text(struct xml_writer *w, const char *name, const char *value);
void xml_text(struct xml_writer *w, struct span text);
void xml_close(struct xml_writer *w);
/* An element with nothing in it but text; empty text: <name/>. */
void xml_leaf(struct xml_writer *w, const char *name, struct span text);
