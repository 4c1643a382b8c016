/* Forms as they are served: made once for each version of the terms, and kept in DIR/forms for
 * good, for who wants to know what was asked; so an answer to a form that nobody was ever given is
 * known, too. */

#include "api/openrosa.h"

#include "api/form_lists.h"
#include "codec/hex.h"
#include "journal/in_force.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_BYTES 160
#define LANGUAGES 6

/* All of one version of the terms. There are few, and what somebody reads of one stays. */
struct edition {
    struct edition *next;
    int64_t version;
    struct arena arena;
    struct json terms;
    struct {
        const char *language;
        struct rosa_form *form; /* NULL: not made yet */
        size_t count;
    } in[LANGUAGES];
};

/* A form that lists what stands in the register, as it was asked for last: it is made anew when
 * that has changed, so whoever is given it gets a copy. */
struct listing {
    struct listing *next;
    const struct form *form;
    size_t language;
    int64_t version; /* of the terms */
    struct hash list;
    struct arena arena;
    struct rosa_form made;
};

struct rosa_shelf {
    pthread_mutex_t lock;
    struct edition *first;
    struct listing *listing;
};

struct rosa_shelf *rosa_shelf_open(void)
{
    struct rosa_shelf *shelf = calloc(1, sizeof *shelf);

    if (!shelf)
        abort();
    pthread_mutex_init(&shelf->lock, NULL);
    return shelf;
}

void rosa_shelf_close(struct rosa_shelf *shelf)
{
    if (!shelf)
        return;
    while (shelf->first) {
        struct edition *next = shelf->first->next;
        arena_free(&shelf->first->arena);
        free(shelf->first);
        shelf->first = next;
    }
    while (shelf->listing) {
        struct listing *next = shelf->listing->next;
        arena_free(&shelf->listing->arena);
        free(shelf->listing);
        shelf->listing = next;
    }
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

/* --- editions --- */

static bool read_terms(struct edition *edition, struct store_reader *reader, struct err *err)
{
    struct json head;
    struct span bytes;

    if (!in_force_terms(reader, edition->version, STORE_LATEST, &edition->terms, &edition->arena,
                        err) ||
        !in_force_term(reader, "agreement", STORE_LATEST, &bytes, &edition->arena, err))
        return false;
    if (!bytes.at || !json_parse_canonical(&head, bytes, &edition->arena, err))
        return err_set(err, ERR_MISSING, "no agreement is in force yet");
    json_set(&edition->terms, "agreement", head, &edition->arena);
    return true;
}

static bool add_edition(struct rosa_shelf *shelf, struct store_reader *reader, int64_t version,
                        struct err *err)
{
    static const char *const languages[LANGUAGES] = {"en", "ur", "ps", "prs", "ar", "tr"};
    struct edition *edition = calloc(1, sizeof *edition);

    if (!edition)
        abort();
    edition->version = version;
    for (size_t i = 0; i < LANGUAGES; i++)
        edition->in[i].language = languages[i];
    if (!read_terms(edition, reader, err)) {
        arena_free(&edition->arena);
        free(edition);
        return false;
    }
    edition->next = shelf->first;
    shelf->first = edition;
    return true;
}

/* With the lock held. */
static bool find_edition(struct rosa_shelf *shelf, struct store_reader *reader,
                         struct edition **out, struct err *err)
{
    struct arena arena = {0};
    int64_t version;
    bool ok = in_force_version(reader, STORE_LATEST, &version, &arena, err);
    struct edition *edition = shelf->first;

    while (ok && edition && edition->version != version)
        edition = edition->next;
    if (ok && !edition) {
        ok = add_edition(shelf, reader, version, err);
        edition = shelf->first;
    }
    *out = edition;
    arena_free(&arena);
    return ok;
}

bool rosa_terms(struct rosa *rosa, struct store_reader *reader, const struct json **out,
                struct err *err)
{
    struct edition *edition;

    pthread_mutex_lock(&rosa->shelf->lock);
    bool ok = find_edition(rosa->shelf, reader, &edition, err);
    pthread_mutex_unlock(&rosa->shelf->lock);
    if (ok)
        *out = &edition->terms;
    return ok;
}

/* --- forms --- */

static void form_path(char out[PATH_BYTES], struct span form, struct span version)
{
    snprintf(out, PATH_BYTES, "forms/%.*s-%.*s.xml", SPAN_ARG(form), SPAN_ARG(version));
}

static bool archive(struct disk *disk, const struct rosa_form *form, struct err *err)
{
    struct err missing = {0};
    char path[PATH_BYTES];
    uint64_t size;

    form_path(path, span_of(form->form->id), span_of(form->xform.version));
    return disk_size(disk, path, &size, &missing) ||
           disk_replace(disk, path, form->xform.xml, true, err);
}

static bool make_form(struct rosa_form *out, const struct form *form, const struct json *terms,
                      const char *language, struct disk *disk, struct arena *arena, struct err *err)
{
    out->form = form;
    out->xform = xform_of(form, terms, span_of(language), arena);
    md5_of_parts(out->md5, &out->xform.xml, 1);
    return archive(disk, out, err);
}

static bool make_forms(struct edition *edition, size_t n, struct disk *disk, struct err *err)
{
    const struct form *form;
    size_t all = 0, count = 0;

    while (form_at(all))
        all++;
    struct rosa_form *made = ARENA_ARRAY(&edition->arena, struct rosa_form, all ? all : 1);
    for (size_t i = 0; (form = form_at(i)) != NULL; i++)
        if (form_offered(form, &edition->terms) &&
            !make_form(&made[count++], form, &edition->terms, edition->in[n].language, disk,
                       &edition->arena, err))
            return false;
    edition->in[n].count = count;
    edition->in[n].form = made;
    return true;
}

/* --- forms that list what stands in the register --- */

static bool lists(const struct form *form)
{
    const struct kind *kind = form_kind(form);

    for (size_t i = 0; i < kind->count; i++) {
        const char *section = form_section(&kind->fields[i]);
        if (section && strcmp(section, FORM_LISTS_KIND) == 0)
            return true;
    }
    return false;
}

/* Whose requests the gateway can answer: those of its own organisation. */
static bool find_org(struct rosa *rosa, struct store_reader *reader, struct span *out,
                     struct arena *arena, struct err *err)
{
    struct span name = span_of(node_settings(rosa->node)->gateway), row;
    struct json key = json_object();

    if (!store_get(reader, "key", name, STORE_LATEST, &row, NULL, arena, err) ||
        (row.at && !json_parse_canonical(&key, row, arena, err)))
        return false;
    *out = json_get_text(&key, "org");
    return true;
}

static struct listing *find_listing(struct rosa_shelf *shelf, const struct form *form,
                                    size_t language)
{
    struct listing *listing = shelf->listing;

    while (listing && (listing->form != form || listing->language != language))
        listing = listing->next;
    if (listing)
        return listing;
    listing = calloc(1, sizeof *listing);
    if (!listing)
        abort();
    listing->form = form;
    listing->language = language;
    listing->next = shelf->listing;
    shelf->listing = listing;
    return listing;
}

static bool make_listing(struct listing *listing, const struct edition *edition,
                         const struct json *terms, const struct hash *list, struct disk *disk,
                         struct err *err)
{
    if (listing->made.form && listing->version == edition->version &&
        hash_equal(listing->list, *list))
        return true;
    arena_free(&listing->arena);
    listing->made.form = NULL;
    if (!make_form(&listing->made, listing->form, terms, edition->in[listing->language].language,
                   disk, &listing->arena, err)) {
        listing->made.form = NULL;
        return false;
    }
    listing->version = edition->version;
    listing->list = *list;
    return true;
}

/* In place of the form that asks for an id to be typed. With the lock held. */
static bool relist(struct rosa *rosa, const struct edition *edition, size_t n,
                   struct store_reader *reader, struct rosa_form *form, struct arena *arena,
                   struct err *err)
{
    struct listing *listing = find_listing(rosa->shelf, form->form, n);
    struct json terms;
    struct span org;

    if (!find_org(rosa, reader, &org, arena, err) ||
        !form_lists_add(&terms, &edition->terms, reader, STORE_LATEST, org, arena, err))
        return false;
    struct hash list = hash_of(json_bytes(json_get(&terms, FORM_LISTS_KIND), arena));
    if (!make_listing(listing, edition, &terms, &list, node_disk(rosa->node), err))
        return false;
    *form = listing->made;
    form->xform.xml = arena_copy(arena, listing->made.xform.xml);
    form->xform.title = arena_copy(arena, listing->made.xform.title);
    return true;
}

static bool give(struct rosa *rosa, const struct edition *edition, size_t n,
                 struct store_reader *reader, const struct rosa_form **out, struct arena *arena,
                 struct err *err)
{
    size_t count = edition->in[n].count;
    struct rosa_form *forms = ARENA_ARRAY(arena, struct rosa_form, count ? count : 1);

    for (size_t i = 0; i < count; i++) {
        forms[i] = edition->in[n].form[i];
        if (lists(forms[i].form) && !relist(rosa, edition, n, reader, &forms[i], arena, err))
            return false;
    }
    *out = forms;
    return true;
}

static size_t language_at(const struct edition *edition, struct span language)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (span_is(language, edition->in[i].language))
            return i;
    return 0;
}

bool rosa_forms(struct rosa *rosa, struct store_reader *reader, struct span language,
                const struct rosa_form **out, size_t *out_count, struct arena *arena,
                struct err *err)
{
    struct edition *edition;

    pthread_mutex_lock(&rosa->shelf->lock);
    bool ok = find_edition(rosa->shelf, reader, &edition, err);
    size_t n = ok ? language_at(edition, language) : 0;
    if (ok && !edition->in[n].form)
        ok = make_forms(edition, n, node_disk(rosa->node), err);
    ok = ok && give(rosa, edition, n, reader, out, arena, err);
    if (ok)
        *out_count = edition->in[n].count;
    pthread_mutex_unlock(&rosa->shelf->lock);
    return ok;
}

bool rosa_version_known(struct rosa *rosa, struct span form, struct span version, bool *out,
                        struct err *err)
{
    struct err missing = {0};
    uint8_t bytes[(XFORM_VERSION_TEXT - 1) / 2];
    char path[PATH_BYTES];
    uint64_t size;

    *out = false;
    if (!hex_parse(bytes, sizeof bytes, version))
        return true;
    form_path(path, form, version);
    *out = disk_size(node_disk(rosa->node), path, &size, &missing);
    if (!*out && missing.kind != ERR_MISSING)
        *err = missing;
    return *out || missing.kind == ERR_MISSING;
}
