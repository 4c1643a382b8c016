#include "feed/acts.h"

#include "feed/keys.h"
#include "journal/in_force.h"

struct loading {
    struct acts acts;
    struct arena *arena;
};

static bool add_words(void *context, struct span act, const struct json *row, struct err *err)
{
    struct loading *loading = context;
    struct acts *acts = &loading->acts;
    const struct json *words = json_get(row, "words");

    (void)err;
    for (size_t i = 0; words && words->type == JSON_ARRAY && i < words->array.count; i++) {
        const struct json *word = &words->array.at[i];

        if (word->type != JSON_STRING)
            continue;
        acts->at = list_room(acts->at, sizeof *acts->at, acts->count, loading->arena);
        acts->at[acts->count++] = (struct act_word){.word = word->string, .act = act};
    }
    return true;
}

bool acts_load(struct acts *out, struct store_reader *reader, struct arena *arena, struct err *err)
{
    struct loading loading = {.arena = arena};

    if (!in_force_section(reader, "act", add_words, &loading, arena, err))
        return false;
    *out = loading.acts;
    return true;
}

struct span acts_find(const struct acts *acts, struct span word)
{
    struct span found = {0};

    for (size_t i = 0; i < acts->count; i++) {
        if (!span_equal(acts->at[i].word, word))
            continue;
        if (found.len)
            return (struct span){0};
        found = acts->at[i].act;
    }
    return found;
}
