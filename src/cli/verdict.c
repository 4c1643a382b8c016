#include "cli/verdict.h"

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

bool verdict_effective(const struct json *verdict, uint64_t index, struct err *err)
{
    return !span_is(member(verdict, "verdict"), "void") ||
           err_set(err, ERR_REFUSED, "entry %" PRIu64 " (%.*s) is logged and void by %.*s: %s",
                   index, SPAN_ARG(member(verdict, "kind")), SPAN_ARG(member(verdict, "clause")),
                   sentence_of(member(verdict, "reason")));
}
