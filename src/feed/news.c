#include "feed/news.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "feed/json_feed.h"
#include "feed/mapping.h"
#include "feed/mend.h"
#include "feed/shape.h"
#include "feed/when.h"

#define NEWS "news"

struct layout {
    const char *prefix;
    const char *lists[2]; /* the name of the list, and NULL */
    struct origin origin;
    struct span id, text, headline, publisher, published, language, url;
    struct span claimant, side, matter, subject;
};

/* --- the mapping --- */

static const char *const tops[] = {"name", "list", "origin", "property", NULL};
static const char *const properties[] = {"id",        "text",     "headline", "publisher",
                                         "published", "language", "url",      "claimant",
                                         "side",      "matter",   "subject",  NULL};

static bool read_layout(struct layout *out, const char *file, struct span text, struct arena *arena,
                        struct err *err)
{
    struct layout layout = {0};
    struct mapping m;

    if (!mapping_open(&m, file, text, tops, arena, err))
        return false;
    const struct {
        const char *name;
        struct span *to;
        bool needed;
    } members[] = {
        {"id", &layout.id, true},
        {"text", &layout.text, true},
        {"headline", &layout.headline, false},
        {"publisher", &layout.publisher, false},
        {"published", &layout.published, false},
        {"language", &layout.language, false},
        {"url", &layout.url, false},
        {"claimant", &layout.claimant, false},
        {"side", &layout.side, false},
        {"matter", &layout.matter, false},
        {"subject", &layout.subject, false},
    };
    struct span name = mapping_text(&m, "", "name", true);
    layout.prefix = arena_printf(arena, NEWS "/%.*s", SPAN_ARG(name));
    struct json prefix = json_text(layout.prefix);
    struct err why = {0};
    if (name.len > 40 || !field_check(FIELD_OF("claim", "external_id"), &prefix, &why))
        mapping_fail(&m, "name must be a word of at most 40 bytes, for it begins every id");
    struct span list = mapping_text(&m, "", "list", false);
    layout.lists[0] = list.len ? arena_text(arena, list) : "items";
    layout.origin = mapping_origin(&m);
    mapping_table(&m, "property", properties);
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        *members[i].to = mapping_text(&m, "property", members[i].name, members[i].needed);
    if (!mapping_ok(&m, err))
        return false;
    *out = layout;
    return true;
}

/* --- an item --- */

struct make {
    struct piece *piece;
    const struct layout *layout;
    struct mended text, headline;
    struct span raw_text, raw_headline;
};

/* A member, or an element of a list by its number from 0. */
static const struct foreign *step(const struct foreign *value, struct span name)
{
    uint64_t n;

    if (!value || value->type != FOREIGN_ARRAY)
        return foreign_get_span(value, name);
    return decimal_parse(&n, name, UINT32_MAX) && n < value->array.count ? &value->array.at[n]
                                                                         : NULL;
}

/* The member of that name; else what lies within members, "fields.source.0.name". */
static const struct foreign *property(const struct make *m, struct span name)
{
    const struct foreign *value = m->piece->value;
    const struct foreign *whole = name.len ? foreign_get_span(value, name) : NULL;
    struct span part;

    if (whole || !name.len)
        return whole;
    while (span_cut(&name, '.', &part))
        value = step(value, part);
    return step(value, name);
}

static struct span text_of(struct make *m, struct span name)
{
    return piece_text(m->piece, property(m, name));
}

/* How much of a text that came damaged is kept beside it. The hash is of all of it. */
#define RAW_BYTES 18000u
#define RAW_HEADLINE_BYTES 600u

static void put_mending(struct buf *out, const char *label, const struct mended *mended,
                        struct span raw, size_t kept)
{
    char hex[2 * sizeof(struct hash) + 1];
    struct hash hash = hash_of(raw);

    buf_printf(out, "\n\n[%s mended:%s%s%s", label, mended->html ? " HTML taken out;" : "",
               mended->mojibake ? " UTF-8 that was read as Windows-1252 undone;" : "",
               mended->other ? " spaces and characters that are not seen;" : "");
    if (mended->lost)
        buf_printf(out, " %zu characters were lost before it came;", mended->lost);
    hex_text(hex, hash_span(&hash));
    if (raw.len > kept)
        buf_printf(out,
                   " as received it has %zu bytes with SHA-256 %s, of which the first are kept;",
                   raw.len, hex);
    out->len--; /* the last semicolon */
    buf_byte(out, ']');
}

static size_t most_of(const char *field)
{
    return (size_t)shape_field("incident.report", field)->max;
}

#define NOTE_BYTES 1000u /* for what was done to text and headline */

static struct span summary_of(struct make *m)
{
    struct arena *arena = m->piece->arena;
    struct buf out = buf_in(arena, SIZE_MAX);

    if (!mend_changed(&m->text) && !mend_changed(&m->headline))
        return piece_fit(m->text.text, most_of("summary"), arena);
    buf_put(&out, piece_fit(m->text.text, most_of("summary") - NOTE_BYTES, arena));
    if (mend_changed(&m->text))
        put_mending(&out, "text", &m->text, m->raw_text, RAW_BYTES);
    if (mend_changed(&m->headline))
        put_mending(&out, "headline", &m->headline, m->raw_headline, RAW_HEADLINE_BYTES);
    return piece_fit(buf_span(&out), most_of("summary"), arena);
}

/* What came damaged, as it came: the headline, then the text. Empty where nothing did. */
static struct span received_of(struct make *m)
{
    struct arena *arena = m->piece->arena;
    struct buf out = buf_in(arena, SIZE_MAX);

    if (mend_changed(&m->headline))
        buf_put(&out, piece_fit(m->raw_headline, RAW_HEADLINE_BYTES, arena));
    if (mend_changed(&m->headline) && mend_changed(&m->text))
        buf_text(&out, "\n\n");
    if (mend_changed(&m->text))
        buf_put(&out, piece_fit(m->raw_text, RAW_BYTES, arena));
    return buf_span(&out);
}

static void set_token(struct make *m, struct json *source, const char *field, struct span name)
{
    struct span text = text_of(m, name);

    if (text.len && !piece_failed(m->piece))
        piece_set(m->piece, property(m, name), source, shape_source_field(field),
                  json_string(text));
}

/* Whose word it is, and then who compiled it. */
static struct json sources_of(struct make *m)
{
    struct arena *arena = m->piece->arena;
    struct json sources = json_array(), source = json_object(), compiled = json_object();
    const struct field *publisher = shape_source_field("publisher");

    piece_set_text(m->piece, property(m, m->layout->publisher), &source, publisher,
                   text_of(m, m->layout->publisher));
    set_token(m, &source, "published", m->layout->published);
    set_token(m, &source, "language", m->layout->language);
    piece_set_text(m->piece, NULL, &source, shape_source_field("headline"), m->headline.text);
    piece_set_text(m->piece, property(m, m->layout->url), &source, shape_source_field("url"),
                   text_of(m, m->layout->url));
    if (source.object.count)
        json_push(&sources, source, arena);
    json_set_string(&compiled, "publisher",
                    origin_text(&m->layout->origin, (size_t)publisher->max, arena), arena);
    if (m->layout->origin.url.len)
        piece_set_text(m->piece, NULL, &compiled, shape_source_field("url"), m->layout->origin.url);
    json_push(&sources, compiled, arena);
    return sources;
}

static void mend(struct make *m)
{
    struct arena *arena = m->piece->arena;

    m->raw_text = text_of(m, m->layout->text);
    m->raw_headline = text_of(m, m->layout->headline);
    if (!json_text_valid(m->raw_text) || !json_text_valid(m->raw_headline))
        piece_fail(m->piece, NULL, "is no text");
    m->text = mend_text(m->raw_text, arena);
    m->headline = mend_text(m->raw_headline, arena);
    if (m->text.text.len == 0 && m->headline.text.len == 0)
        piece_fail(m->piece, property(m, m->layout->text), "has neither a text nor a headline");
}

static size_t add_report(struct make *m, struct span id, struct feed_item *out)
{
    struct json report = json_object();
    struct arena *arena = m->piece->arena;
    struct span summary = m->text.text.len ? summary_of(m) : m->headline.text;

    json_set(&report, "means", json_text("press"), arena);
    piece_set_text(m->piece, property(m, m->layout->text), &report,
                   FIELD_OF("incident.report", "summary"), summary);
    if (mend_changed(&m->text) || mend_changed(&m->headline))
        piece_set_text(m->piece, property(m, m->layout->text), &report,
                       FIELD_OF("incident.report", "as_received"), received_of(m));
    json_set(&report, "sources", sources_of(m), arena);
    *out = piece_item(m->piece, "incident.report", id, report);
    return 1;
}

/* The day that is printed, in whatever zone. */
static void set_made(struct make *m, struct json *claim)
{
    const struct foreign *value = property(m, m->layout->published);
    const struct zone unknown = zone_of((struct span){0});
    struct calendar_date day;

    if (calendar_parse_date(&day, foreign_text(value)))
        piece_set(m->piece, value, claim, FIELD_OF("claim", "made"),
                  when_between(calendar_ms(day), calendar_ms(day) + MS_PER_DAY, unknown, "document",
                               m->piece->arena));
}

/* Only where the item says all of it: who, of which side, claims what matter, of whom. */
static size_t add_claim(struct make *m, struct span id, struct feed_item *out)
{
    const struct {
        const char *field;
        struct span name;
    } stated[] = {
        {"claimant", m->layout->claimant},
        {"side", m->layout->side},
        {"matter", m->layout->matter},
        {"subject", m->layout->subject},
    };
    struct json claim = json_object();
    struct arena *arena = m->piece->arena;

    for (size_t i = 0; i < ARRAY_LEN(stated); i++) {
        struct span text = text_of(m, stated[i].name);

        if (text.len == 0)
            return 0;
        piece_set(m->piece, property(m, stated[i].name), &claim,
                  shape_field("claim", stated[i].field), json_string(text));
    }
    json_set(&claim, "channel", json_text("press"), arena);
    set_made(m, &claim);
    if (m->text.text.len)
        piece_set_text(m->piece, NULL, &claim, FIELD_OF("claim", "statement"), m->text.text);
    json_set(&claim, "sources", sources_of(m), arena);
    *out = piece_item(m->piece, "claim", id, claim);
    return 1;
}

static size_t read_item(struct feed_item *out, struct piece *piece, void *context)
{
    const struct layout *layout = context;
    struct make m = {.piece = piece, .layout = layout};

    if (piece->value->type != FOREIGN_OBJECT)
        piece_fail(piece, NULL, "an item must be an object");
    struct span id = piece_external_id(piece, property(&m, layout->id), layout->prefix);
    mend(&m);
    if (piece_failed(piece))
        return 0;
    size_t count = add_report(&m, id, out);
    return count + add_claim(&m, id, &out[count]);
}

bool news_open(struct feed *out, const char *file, struct span text, const char *mapping_file,
               struct span mapping, const struct remarks *remarks, struct arena *arena,
               struct err *err)
{
    static const char *const kinds[] = {"incident.report", "claim", NULL};
    struct layout *layout = ARENA_NEW(arena, struct layout);
    struct json_feed *table = ARENA_NEW(arena, struct json_feed);

    if (!read_layout(layout, mapping_file, mapping, arena, err))
        return false;
    *table = (struct json_feed){.source = NEWS,
                                .kinds = kinds,
                                .list_names = layout->lists,
                                .context = layout,
                                .read = read_item};
    return json_feed_open(out, table, file, text, remarks, arena, err);
}
