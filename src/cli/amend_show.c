#include "cli/amend.h"

#include "api/each_row.h"
#include "base/calendar.h"
#include "register/register.h"

/* What an amendment changes, item by item, so that a root sees what it signs. */

static struct arena *memory(struct amend *amend)
{
    return &amend->cli->arena;
}

static const char *last_key(struct amend *amend, const char *item)
{
    struct span key =
        register_term_key(span_of(item), register_versions(&amend->agreement), memory(amend));

    return arena_text(memory(amend), key);
}

/* --- items --- */

static void put_member(const char *name, size_t count)
{
    printf("%s %s", count ? "," : ":", name);
}

/* The members in which two items differ. */
static void put_members(struct amend *amend, const struct json *before, const struct json *after)
{
    size_t count = 0;

    for (size_t i = 0; i < after->object.count; i++) {
        const char *name = arena_text(memory(amend), after->object.at[i].key);

        if (!json_equal(json_get(before, name), &after->object.at[i].value))
            put_member(name, count++);
    }
    for (size_t i = 0; i < before->object.count; i++) {
        const char *name = arena_text(memory(amend), before->object.at[i].key);

        if (!json_get(after, name))
            put_member(name, count++);
    }
}

static void put_change(struct amend *amend, const char *item, const struct json *before,
                       const struct json *after)
{
    bool anew = before->object.count == 0;

    printf("  %-8s %s", anew ? "new" : "changed", item);
    if (!anew)
        put_members(amend, before, after);
    putchar('\n');
}

static bool compare(struct amend *amend, const char *item, const struct json *after,
                    size_t *changes, struct err *err)
{
    struct json before;

    if (!amend_row(amend, "term", last_key(amend, item), &before, err))
        return false;
    if (json_equal(&before, after))
        return true;
    put_change(amend, item, &before, after);
    ++*changes;
    return true;
}

static bool show_items(struct amend *amend, size_t *changes, struct err *err)
{
    const struct json *terms = &amend->folder.terms;
    struct terms_walk walk = {0};
    struct terms_item item;
    bool ok = compare(amend, "agreement", json_get(terms, "agreement"), changes, err);

    while (ok && terms_walk_next(&walk, terms, &item))
        ok = compare(
            amend,
            arena_printf(memory(amend), "%.*s/%.*s", SPAN_ARG(item.section), SPAN_ARG(item.id)),
            item.value, changes, err);
    return ok;
}

/* Whether the folder's terms have it. */
static bool is_there(const struct amend *amend, struct span item)
{
    struct terms_walk walk = {0};
    struct terms_item there;
    struct span id = item, section;

    if (!span_cut(&id, '/', &section))
        return true; /* the head */
    while (terms_walk_next(&walk, &amend->folder.terms, &there))
        if (span_equal(there.section, section) && span_equal(there.id, id))
            return true;
    return false;
}

struct going {
    struct amend *amend;
    int64_t last; /* the version agreed last */
    size_t *changes;
};

static bool show_one_gone(void *context, struct span key, const struct json *row, struct err *err)
{
    struct going *going = context;
    struct span item;

    (void)row, (void)err;
    if (register_term_item(&item, key, going->last) && !is_there(going->amend, item)) {
        printf("  %-8s %.*s\n", "gone", SPAN_ARG(item));
        ++*going->changes;
    }
    return true;
}

static bool show_gone(struct amend *amend, size_t *changes, struct err *err)
{
    struct going going = {amend, register_versions(&amend->agreement), changes};

    return each_row(node_reader(amend->node), "term", (struct span){0}, STORE_LATEST, show_one_gone,
                    &going, memory(amend), err);
}

/* --- files --- */

/* The pieces of the version agreed last. */
static bool last_pieces(struct amend *amend, struct json *out, struct err *err)
{
    const struct json *versions = json_get(&amend->agreement, "versions");
    struct json row = amend->agreement;

    if (versions && versions->array.count) {
        const struct json *last = &versions->array.at[versions->array.count - 1];
        const char *id = arena_text(memory(amend), folder_text(last, "id"));

        if (!amend_row(amend, "amendment", id, &row, err))
            return false;
    }
    const struct json *pieces = json_get(&row, "pieces");
    *out = pieces ? *pieces : json_array();
    return true;
}

static bool holds(const struct json *pieces, const struct json *piece)
{
    for (size_t i = 0; i < pieces->array.count; i++)
        if (json_equal(&pieces->array.at[i], piece))
            return true;
    return false;
}

static bool show_pieces(struct amend *amend, struct err *err)
{
    struct json last;

    if (!last_pieces(amend, &last, err))
        return false;
    puts("files, in pieces, with the SHA-256 of each:");
    for (size_t i = 0; i < amend->pieces.array.count; i++) {
        const struct json *piece = &amend->pieces.array.at[i];

        printf("  %.*s  %.*s %" PRId64 "%s\n", SPAN_ARG(folder_text(piece, "sha256")),
               SPAN_ARG(folder_text(piece, "file")), json_get_integer(piece, "n", 0),
               holds(&last, piece) ? "" : ", changed");
    }
    return true;
}

bool amend_show(struct amend *amend, struct err *err)
{
    char when[CALENDAR_TEXT];
    size_t changes = 0;

    calendar_format(when, amend->from_ms, 0);
    printf("agreement  %.*s\n", SPAN_ARG(amend->folder.head.name));
    printf("version    %" PRId64 " of its terms\n", amend->version);
    printf("from       %s, or from when it is agreed, if that is later\n", when);
    if (amend->id)
        printf("amendment  %s\n", amend->id);
    if (!show_pieces(amend, err))
        return false;
    printf("what it changes of version %" PRId64 ":\n", register_versions(&amend->agreement));
    if (!show_items(amend, &changes, err) || !show_gone(amend, &changes, err))
        return false;
    if (changes == 0)
        puts("  no word of the terms");
    return true;
}
