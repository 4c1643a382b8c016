#include "forms/words.h"

#include "forms/words_files.h"

static const struct json *read_file(const struct words_file *file, struct arena *arena)
{
    struct json *words = ARENA_NEW(arena, struct json);
    struct err err = {0};
    bool ok = json_parse(words, file->bytes, arena, &err);

    assert(ok); /* it is a part of the program, which a test reads whole */
    return words;
}

static struct span language_of(const struct words_file *file)
{
    struct span name = span_of(file->path);

    assert(span_ends_with(name, SPAN_LIT(".json")));
    return span_slice(name, 0, name.len - strlen(".json"));
}

static const struct json *words_in(struct span language, struct arena *arena)
{
    for (size_t i = 0; i < words_files_count; i++)
        if (span_equal(language_of(&words_files[i]), language))
            return read_file(&words_files[i], arena);
    return NULL;
}

static void add(struct words *words, struct words_language language)
{
    if (words->count < WORDS_LANGUAGES)
        words->language[words->count++] = language;
}

struct words words_of_agreement(const struct json *terms, struct arena *arena)
{
    struct words words = {.english = words_in(SPAN_LIT("en"), arena)};
    const struct json *listed = json_get(terms, "language");

    for (size_t i = 0; listed && i < listed->array.count; i++) {
        const struct json *item = &listed->array.at[i];
        struct span id = json_get_text(item, "id");
        const struct json *found = words_in(id, arena);

        if (found)
            add(&words, (struct words_language){.id = id,
                                                .name = json_get_string(item, "name", id),
                                                .rtl = span_is(json_get_text(item, "dir"), "rtl"),
                                                .words = found});
    }
    if (words.count == 0)
        add(&words, (struct words_language){
                        .id = SPAN_LIT("en"), .name = SPAN_LIT("English"), .words = words.english});
    return words;
}

struct words words_all(struct arena *arena)
{
    struct words words = {.english = words_in(SPAN_LIT("en"), arena)};

    for (size_t i = 0; i < words_files_count; i++) {
        struct span id = language_of(&words_files[i]);
        add(&words, (struct words_language){
                        .id = id, .name = id, .words = read_file(&words_files[i], arena)});
    }
    return words;
}

const struct words_language *words_language(const struct words *words, struct span id)
{
    for (size_t i = 0; i < words->count; i++)
        if (span_equal(words->language[i].id, id))
            return &words->language[i];
    return NULL;
}

bool words_have(const struct words_language *language, const char *key)
{
    return json_get(language->words, key) != NULL;
}

struct span words_get(const struct words *words, const struct words_language *language,
                      const char *key)
{
    struct span english = json_get_string(words->english, key, span_of(key));

    return json_get_string(language->words, key, english);
}

struct span words_of_item(const struct json *item, const struct words_language *language)
{
    const struct json *label = json_get(item, "label");
    const struct json *texts = label ? label : json_get(item, "name");
    struct span english = json_get_string(texts, "en", json_get_text(item, "id"));

    if (!texts || texts->type != JSON_OBJECT)
        return english;
    for (size_t i = 0; i < texts->object.count; i++) {
        const struct json_member *text = &texts->object.at[i];
        if (span_equal(text->key, language->id) && text->value.type == JSON_STRING)
            return text->value.string;
    }
    return english;
}
