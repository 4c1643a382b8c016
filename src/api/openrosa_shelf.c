/* Forms as they are served: made once for each version of the terms, and kept in DIR/forms for
 * good, for who wants to know what was asked; so an answer to a form that nobody was ever given is
 * known, too. */

#include "api/openrosa.h"

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

struct rosa_shelf {
    pthread_mutex_t lock;
    struct edition *first;
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

static bool make_forms(struct edition *edition, size_t n, struct disk *disk, struct err *err)
{
    const struct form *form;
    size_t all = 0, count = 0;

    while (form_at(all))
        all++;
    struct rosa_form *made = ARENA_ARRAY(&edition->arena, struct rosa_form, all ? all : 1);
    for (size_t i = 0; (form = form_at(i)) != NULL; i++) {
        if (!form_offered(form, &edition->terms))
            continue;
        struct rosa_form *one = &made[count++];
        one->form = form;
        one->xform =
            xform_of(form, &edition->terms, span_of(edition->in[n].language), &edition->arena);
        md5_of_parts(one->md5, &one->xform.xml, 1);
        if (!archive(disk, one, err))
            return false;
    }
    edition->in[n].count = count;
    edition->in[n].form = made;
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
                const struct rosa_form **out, size_t *out_count, struct err *err)
{
    struct edition *edition;

    pthread_mutex_lock(&rosa->shelf->lock);
    bool ok = find_edition(rosa->shelf, reader, &edition, err);
    size_t n = ok ? language_at(edition, language) : 0;
    if (ok && !edition->in[n].form)
        ok = make_forms(edition, n, node_disk(rosa->node), err);
    if (ok) {
        *out = edition->in[n].form;
        *out_count = edition->in[n].count;
    }
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
