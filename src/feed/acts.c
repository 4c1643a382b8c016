#include "feed/acts.h"

#include "feed/keys.h"
#include "journal/in_force.h"
#include "register/register.h"

#define PREFIX SPAN_LIT("act/")
#define PAGE 200u

static void add_words(struct acts *acts, struct span act, const struct json *row,
                      struct arena *arena)
{
    const struct json *words = json_get(row, "words");

    for (size_t i = 0; words && words->type == JSON_ARRAY && i < words->array.count; i++) {
        const struct json *word = &words->array.at[i];

        if (word->type != JSON_STRING)
            continue;
        acts->at = list_room(acts->at, sizeof *acts->at, acts->count, arena);
        acts->at[acts->count++] = (struct act_word){.word = word->string, .act = act};
    }
}

bool acts_load(struct acts *out, struct store_reader *reader, struct arena *arena, struct err *err)
{
    struct acts acts = {0};
    struct span after = {0}, item;
    struct store_row *row;
    int64_t version;
    size_t count;

    if (!in_force_version(reader, STORE_LATEST, &version, arena, err))
        return false;
    do {
        if (!store_scan(reader, "term", PREFIX, after, STORE_LATEST, PAGE, &row, &count, arena,
                        err))
            return false;
        for (size_t i = 0; i < count; i++) {
            struct json value;

            after = row[i].key;
            if (!register_term_item(&item, row[i].key, version))
                continue;
            if (!json_parse_canonical(&value, row[i].row, arena, err))
                return err_wrap(err, "term/%.*s", SPAN_ARG(row[i].key));
            add_words(&acts, span_from(item, PREFIX.len), &value, arena);
        }
    } while (count == PAGE);
    *out = acts;
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
