#include "cli/verdict.h"

#include "journal/applier.h"
#include "register/apply.h"

bool verdict_read(struct json *out, struct node *node, uint64_t index, struct arena *arena,
                  struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    struct span row;

    register_index_key(key, index);
    if (!store_get(node_reader(node), "verdict", span_of(key), STORE_LATEST, &row, NULL, arena,
                   err))
        return false;
    return row.at ? json_parse_canonical(out, row, arena, err)
                  : err_set(err, ERR_MISSING, "the store has no verdict of entry %" PRIu64, index);
}

static const char *sentence_of(struct span reason)
{
    const struct reason_text *text;

    for (size_t i = 0; (text = reason_at(i)); i++)
        if (span_is(reason, text->word))
            return text->sentence;
    return "";
}

static struct span member(const struct json *verdict, const char *name)
{
    return json_get_string(verdict, name, (struct span){0});
}

/* Roots decide only whether what the signer had seen is marked, which is asked of nobody here. */
static bool no_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    (void)context, (void)size, (void)err;
    *out = (struct hash){{0}};
    return true;
}

bool verdict_why(const char **out, struct node *node, uint64_t index, struct span entry,
                 struct arena *arena, struct err *err)
{
    struct applier_lookup rows = {
        .reader = node_reader(node), .as_of = index ? index - 1 : 0, .root = no_root};
    const struct register_lookup lookup = applier_lookup(&rows);
    const struct register_entry judged = {.index = index, .bytes = entry, .author_verified = true};
    struct effects effects;

    if (!register_apply(&effects, &lookup, &judged, arena, err))
        return false;
    *out = arena_text(arena, effects.why);
    return true;
}

bool verdict_effective(const struct json *verdict, uint64_t index, struct err *err)
{
    return !span_is(member(verdict, "verdict"), "void") ||
           err_set(err, ERR_REFUSED, "entry %" PRIu64 " (%.*s) is logged and void by %.*s: %s",
                   index, SPAN_ARG(member(verdict, "kind")), SPAN_ARG(member(verdict, "clause")),
                   sentence_of(member(verdict, "reason")));
}
