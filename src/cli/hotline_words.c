#include "cli/hotline_words.h"

#include "codec/utf8.h"

#include <stdlib.h>

#define RIGHT_TO_LEFT "\xe2\x81\xa7"
#define FIRST_STRONG "\xe2\x81\xa8"
#define END "\xe2\x81\xa9"

/* Of the six only those in which the console has words turn its lines. */
static bool is_spoken(const struct words_language *language)
{
    return words_have(language, "hotline.title");
}

void hotline_words_open(struct hotline *h)
{
    struct words known = words_all(&h->cli->arena);
    const struct json *list = json_get(&h->terms, "language");
    const struct words_language *language = words_language(&known, h->language);

    h->words = known;
    h->speaks = ARENA_NEW(&h->cli->arena, struct words_language);
    *h->speaks =
        language ? *language : (struct words_language){.id = h->language, .words = known.english};
    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), h->language))
            h->speaks->rtl =
                is_spoken(h->speaks) && span_is(json_get_text(&list->array.at[i], "dir"), "rtl");
}

struct span hotline_word(const struct hotline *h, const char *key)
{
    return words_get(&h->words, h->speaks, key);
}

struct span hotline_state_word(const struct hotline *h, struct span state)
{
    char own[80], key[80];

    snprintf(own, sizeof own, "hotline.state.%.*s", SPAN_ARG(state));
    snprintf(key, sizeof key, "word.%.*s", SPAN_ARG(state));
    struct span word = hotline_word(h, own);
    if (span_is(word, own))
        word = hotline_word(h, key);
    return span_is(word, key) ? state : word;
}

struct span hotline_label(const struct hotline *h, const char *section, struct span id)
{
    const struct json *item = hotline_term(h, section, id);

    return item ? words_of_item(item, h->speaks) : id;
}

/* --- lines ---------------------------------------------------------------- */

void hotline_begin(const struct hotline *h, FILE *out)
{
    if (h->speaks->rtl)
        fputs(RIGHT_TO_LEFT, out);
}

void hotline_end(const struct hotline *h, FILE *out)
{
    fputs(h->speaks->rtl ? END "\n" : "\n", out);
}

static void put_foreign(FILE *out, struct span text, bool apart)
{
    if (apart)
        fputs(FIRST_STRONG, out);
    cli_put_text(out, text, 2);
    if (apart)
        fputs(END, out);
}

void hotline_put_foreign(const struct hotline *h, FILE *out, struct span text)
{
    put_foreign(out, text, h->speaks->rtl);
}

static void put_raw(FILE *out, struct span text)
{
    fwrite(text.at, 1, text.len, out);
}

static void put_blank(FILE *out, struct span name, const struct hotline_blank *blank, bool apart)
{
    while (blank && blank->name && !span_is(name, blank->name))
        blank++;
    assert(blank && blank->name); /* lang/ and the program go together */
    if (blank->ready)
        put_raw(out, blank->value);
    else
        put_foreign(out, blank->value, apart);
}

static void fill(FILE *out, struct span words, const struct hotline_blank *blanks, bool apart)
{
    struct span rest = words, before, name;

    while (span_cut(&rest, '{', &before)) {
        bool closed = span_cut(&rest, '}', &name);

        assert(closed);
        put_raw(out, before);
        put_blank(out, name, blanks, apart);
    }
    put_raw(out, rest);
}

void hotline_put(const struct hotline *h, FILE *out, const char *key,
                 const struct hotline_blank *blanks)
{
    fill(out, hotline_word(h, key), blanks, h->speaks->rtl);
}

static struct span fill_room(char *room, size_t bytes, struct span words,
                             const struct hotline_blank *blanks, bool apart)
{
    FILE *out = fmemopen(room, bytes, "w");

    if (!out)
        abort();
    fill(out, words, blanks, apart);
    long len = ftell(out);
    fclose(out);
    return utf8_prefix(span_make(room, (size_t)len), bytes - 1);
}

struct span hotline_ready(const struct hotline *h, char *room, size_t bytes, const char *key,
                          const struct hotline_blank *blanks)
{
    return fill_room(room, bytes, hotline_word(h, key), blanks, h->speaks->rtl);
}

/* Without isolates: whoever prints a fault sets it apart as a whole. */
bool hotline_wrong(const struct hotline *h, struct err *err, enum err_kind kind, const char *key,
                   const struct hotline_blank *blanks)
{
    char text[sizeof err->text];
    struct span said = fill_room(text, sizeof text, hotline_word(h, key), blanks, false);

    return err_set(err, kind, "%.*s", SPAN_ARG(said));
}
