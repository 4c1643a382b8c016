#include "render/atom.h"

#include "base/calendar.h"
#include "forms/xml.h"

static void put_time(struct xml_writer *w, int64_t ms)
{
    char text[CALENDAR_TEXT];

    calendar_format(text, ms, 0);
    xml_leaf(w, "updated", span_of(text));
}

static void put_link(struct xml_writer *w, const char *rel, struct span href)
{
    xml_open(w, "link");
    xml_set_text(w, "rel", rel);
    xml_set(w, "href", href);
    xml_close(w);
}

static void put_entry(struct xml_writer *w, const struct atom_entry *entry)
{
    xml_open(w, "entry");
    xml_leaf(w, "id", entry->id);
    xml_leaf(w, "title", entry->title);
    put_time(w, entry->updated_ms);
    xml_open(w, "author");
    xml_leaf(w, "name", entry->author);
    xml_close(w);
    put_link(w, "alternate", entry->link);
    xml_leaf(w, "content", entry->content);
    xml_close(w);
}

struct span atom_render(const struct atom_feed *feed, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX / 2);
    struct xml_writer w = xml_writer_over(&buf);

    xml_open(&w, "feed");
    xml_set_text(&w, "xmlns", "http://www.w3.org/2005/Atom");
    xml_set(&w, "xml:lang", feed->language);
    xml_leaf(&w, "id", feed->id);
    xml_leaf(&w, "title", feed->title);
    put_time(&w, feed->updated_ms);
    put_link(&w, "self", feed->self);
    for (size_t i = 0; i < feed->count; i++)
        put_entry(&w, &feed->entry[i]);
    xml_close(&w);
    return buf_span(&buf);
}
