#include "forms/flash_book.h"

#include "base/reader.h"
#include "forms/flash_near.h"

#include <stdlib.h>

const char *const flash_languages[FLASH_LANGUAGES] = {"en", "ur", "ps", "prs", "ar", "tr"};

/* --- meanings --- */

static const struct {
    const char *id; /* one that ends in a dot has a word behind it */
    enum flash_meaning meaning;
    int64_t value;
} meanings[] = {
    {"flash", FLASH_BEGINS, 0},
    {"key.time", FLASH_KEY_TIME, 0},
    {"key.place", FLASH_KEY_PLACE, 0},
    {"key.what", FLASH_KEY_WHAT, 0},
    {"key.need", FLASH_KEY_NEED, 0},
    {"dead", FLASH_COUNTED, FLASH_DEAD},
    {"injured", FLASH_COUNTED, FLASH_INJURED},
    {"casualties", FLASH_COUNTED, FLASH_CASUALTIES},
    {"missing", FLASH_COUNTED, FLASH_MISSING},
    {"ongoing", FLASH_ONGOING, 0},
    {"over", FLASH_OVER, 0},
    {"yes", FLASH_YES, 0},
    {"no", FLASH_NO, 0},
    {"unknown", FLASH_UNKNOWN, 0},
    {"need.", FLASH_NEED, 0},
    {"km", FLASH_UNIT, 1000},
    {"m", FLASH_UNIT, 1},
    {"mile", FLASH_UNIT, 1609},
    {"deg", FLASH_DEGREES, 0},
    {"dir.", FLASH_DIRECTION, 0},
    {"am", FLASH_DAY_PART, FLASH_AM},
    {"pm", FLASH_DAY_PART, FLASH_PM},
    {"night", FLASH_DAY_PART, FLASH_NIGHT},
    {"noon", FLASH_DAY_PART, FLASH_NOON},
    {"hours", FLASH_HOURS, 0},
    {"oclock", FLASH_O_CLOCK, 0},
    {"utc", FLASH_UTC, 0},
    {"local", FLASH_LOCAL, 0},
    {"now", FLASH_NOW, 0},
    {"today", FLASH_TODAY, 0},
    {"yesterday", FLASH_YESTERDAY, 0},
    {"about", FLASH_ABOUT, 0},
    {"atleast", FLASH_AT_LEAST, 0},
    {"fill", FLASH_FILL, 0},
    {"num.", FLASH_NUMERAL, 0},
    {"what.", FLASH_WHAT, 0},
};

#define ENTRIES 8192u

struct making {
    struct flash_book *book;
    struct arena *arena;
    struct err *err;
    size_t vocabulary; /* of the entries, those that are words and no names */
};

static bool meaning_of(struct span id, struct flash_entry *entry)
{
    for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
        struct span known = span_of(meanings[i].id);

        if (!span_equal(id, known) &&
            !(span_ends_with(known, SPAN_LIT(".")) && span_starts_with(id, known)))
            continue;
        entry->meaning = meanings[i].meaning;
        entry->value = meanings[i].value;
        entry->id = span_equal(id, known) ? id : span_from(id, known.len);
        uint64_t number = 0;
        if (entry->meaning == FLASH_NUMERAL && decimal_parse(&number, entry->id, 1000))
            entry->value = (int64_t)number;
        return true;
    }
    return false;
}

/* --- entries --- */

static int compare(const void *a, const void *b)
{
    const struct flash_entry *left = a, *right = b;
    int order = span_compare(left->key, right->key);

    order = order ? order : (int)left->meaning - (int)right->meaning;
    return order ? order : span_compare(left->id, right->id);
}

/* The same word in several languages is one entry. */
static void settle(struct flash_book *book)
{
    size_t kept = 0;

    qsort(book->entry, book->count, sizeof *book->entry, compare);
    for (size_t i = 0; i < book->count; i++) {
        struct flash_entry *last = kept ? &book->entry[kept - 1] : NULL;

        if (last && compare(last, &book->entry[i]) == 0)
            last->languages |= book->entry[i].languages;
        else
            book->entry[kept++] = book->entry[i];
    }
    book->count = kept;
}

static bool add(struct making *m, struct span phrase, struct flash_entry entry)
{
    struct flash_text text;

    if (m->book->count == ENTRIES)
        return err_set(m->err, ERR_LIMIT, "more than %u words of a flash", ENTRIES);
    if (!flash_text_read(&text, phrase, m->arena, m->err))
        return false;
    entry.key = flash_fold(phrase, m->arena);
    entry.name = phrase;
    entry.letters = flash_letters(entry.key);
    for (size_t i = 0; i < text.count; i++)
        entry.words += text.token[i].type == FLASH_WORD || text.token[i].type == FLASH_NUMBER;
    entry.latin = text.count > 0 && text.token[0].latin;
    if (entry.key.len)
        m->book->entry[m->book->count++] = entry;
    return true;
}

static bool add_language(struct making *m, const struct json *words, unsigned language)
{
    for (uint32_t i = 0; words && i < words->object.count; i++) {
        const struct json_member *member = &words->object.at[i];
        struct flash_entry entry = {.languages = 1u << language};

        if (!meaning_of(member->key, &entry) || member->value.type != JSON_ARRAY)
            return err_set(m->err, ERR_MALFORMED, "words of a flash: no meaning \"%.*s\"",
                           SPAN_ARG(member->key));
        for (uint32_t n = 0; n < member->value.array.count; n++)
            if (member->value.array.at[n].type != JSON_STRING ||
                !add(m, member->value.array.at[n].string, entry))
                return err_wrap(m->err, "words of a flash: %.*s", SPAN_ARG(member->key));
    }
    return true;
}

/* --- names of the agreement --- */

/* A name that is a word as well would be taken for one wherever that stands; but the word for
 * what happened may be that of an act. */
static bool is_word_of_ours(const struct making *m, struct span key, enum flash_meaning meaning)
{
    struct flash_book words = {.entry = m->book->entry, .count = m->vocabulary};
    const struct flash_entry *found;

    return flash_book_find(&words, key, &found) > 0 &&
           !(meaning == FLASH_ACT && found->meaning == FLASH_WHAT);
}

static bool add_name(struct making *m, struct span name, struct flash_entry entry)
{
    struct span key = flash_fold(name, m->arena);

    return key.len < 3 || is_word_of_ours(m, key, entry.meaning) || add(m, name, entry);
}

#define PIECES 16u
struct pieces {
    struct span at[PIECES];
    size_t count;
};

static struct span trimmed(struct span text)
{
    while (text.len && text.at[0] == ' ')
        text = span_from(text, 1);
    while (text.len && text.at[text.len - 1] == ' ')
        text.len--;
    return text;
}

static void put_piece(struct pieces *pieces, struct span piece)
{
    piece = trimmed(piece);
    if (piece.len && pieces->count < PIECES)
        pieces->at[pieces->count++] = piece;
}

/* "Chaman / Spin Boldak (Friendship Gate)": at strokes, commas and brackets. */
static struct pieces cut_at_marks(struct span name)
{
    static const char *const marks[] = {"/", ",", "(", ")", "\xd8\x8c"};
    struct pieces pieces = {0};
    size_t from = 0;

    for (size_t at = 0; at < name.len;) {
        size_t len = 0;

        for (size_t i = 0; i < ARRAY_LEN(marks); i++)
            if (span_starts_with(span_from(name, at), span_of(marks[i])))
                len = strlen(marks[i]);
        if (len) {
            put_piece(&pieces, span_slice(name, from, at - from));
            from = at + len;
        }
        at += len ? len : 1;
    }
    put_piece(&pieces, span_from(name, from));
    return pieces;
}

/* "Paktia and Khost": at the words for "and". */
static struct pieces cut_at_and(struct span name, const struct json *conjunctions)
{
    struct pieces pieces = {0};
    struct span rest = name, word;
    size_t from = 0;

    while (span_cut(&rest, ' ', &word)) {
        size_t at = (size_t)(word.at - name.at);

        if (!json_lists(conjunctions, word))
            continue;
        put_piece(&pieces, span_slice(name, from, at - from));
        from = at + word.len;
    }
    put_piece(&pieces, span_from(name, from));
    return pieces;
}

static bool is_direction(const struct making *m, struct span word)
{
    struct flash_book words = {.entry = m->book->entry, .count = m->vocabulary};
    const struct flash_entry *found;

    return flash_book_find(&words, flash_fold(word, m->arena), &found) > 0 &&
           found->meaning == FLASH_DIRECTION;
}

/* "North and South Waziristan" names North Waziristan, too. */
static bool add_shared(struct making *m, const struct pieces *p, struct flash_entry entry)
{
    for (size_t i = 0; i + 1 < p->count; i++) {
        struct span rest = p->at[i + 1], first;

        if (is_direction(m, p->at[i]) && span_cut(&rest, ' ', &first) &&
            !add_name(
                m, span_of(arena_printf(m->arena, "%.*s %.*s", SPAN_ARG(p->at[i]), SPAN_ARG(rest))),
                entry))
            return false;
        rest = p->at[i];
        if (is_direction(m, p->at[i + 1]) && span_cut(&rest, ' ', &first) &&
            !add_name(m,
                      span_of(arena_printf(m->arena, "%.*s %.*s", SPAN_ARG(first),
                                           SPAN_ARG(p->at[i + 1]))),
                      entry))
            return false;
    }
    return true;
}

static bool add_pieces(struct making *m, struct span name, struct flash_entry entry,
                       const struct json *conjunctions)
{
    struct pieces parts = cut_at_marks(name);

    for (size_t i = 0; i < parts.count; i++) {
        if (!add_name(m, parts.at[i], entry))
            return false;
        if (entry.meaning != FLASH_SECTOR)
            continue;
        struct pieces joined = cut_at_and(parts.at[i], conjunctions);
        for (size_t n = 0; joined.count > 1 && n < joined.count; n++)
            if (!add_name(m, joined.at[n], entry))
                return false;
        if (!add_shared(m, &joined, entry))
            return false;
    }
    return true;
}

static bool add_names(struct making *m, const struct json *names, struct flash_entry entry,
                      const struct json *conjunctions)
{
    for (uint32_t i = 0; names && names->type == JSON_OBJECT && i < names->object.count; i++)
        if (names->object.at[i].value.type == JSON_STRING &&
            !add_pieces(m, names->object.at[i].value.string, entry, conjunctions))
            return false;
    for (uint32_t i = 0; names && names->type == JSON_ARRAY && i < names->array.count; i++)
        if (names->array.at[i].type == JSON_STRING &&
            !add_pieces(m, names->array.at[i].string, entry, conjunctions))
            return false;
    return true;
}

static const struct {
    const char *section;
    enum flash_meaning meaning;
    const char *names[3];
} sections[] = {
    {"crossing", FLASH_CROSSING, {"name", "variants"}},
    {"sector", FLASH_SECTOR, {"name", "variants"}},
    {"act", FLASH_ACT, {"label", "words"}},
};

static bool add_item(struct making *m, const struct json *item, size_t section,
                     const struct json *conjunctions)
{
    struct flash_entry entry = {
        .meaning = sections[section].meaning, .id = json_get_text(item, "id"), .languages = 0};

    entry.sector = entry.meaning == FLASH_SECTOR ? entry.id : json_get_text(item, "sector");
    if (!add(m, entry.id, entry))
        return false;
    for (size_t i = 0; i < 3 && sections[section].names[i]; i++)
        if (!add_names(m, json_get(item, sections[section].names[i]), entry, conjunctions))
            return false;
    return true;
}

static bool add_agreement(struct making *m, const struct json *terms,
                          const struct json *conjunctions)
{
    for (size_t i = 0; i < ARRAY_LEN(sections); i++) {
        const struct json *items = json_get(terms, sections[i].section);

        for (uint32_t n = 0; items && items->type == JSON_ARRAY && n < items->array.count; n++)
            if (!add_item(m, &items->array.at[n], i, conjunctions))
                return false;
    }
    return true;
}

bool flash_book_make(struct flash_book *out, struct span words, const struct json *terms,
                     const struct json *head, struct arena *arena, struct err *err)
{
    struct flash_book book = {.entry = ARENA_ARRAY(arena, struct flash_entry, ENTRIES),
                              .offsets = json_get(head, "offsets_min"),
                              .terms = terms};
    struct json *data = ARENA_NEW(arena, struct json);
    struct making m = {.book = &book, .arena = arena, .err = err};

    if (!json_parse(data, words, arena, err))
        return err_wrap(err, "words of a flash");
    book.say = json_get(data, "say");
    for (unsigned i = 0; i < FLASH_LANGUAGES; i++)
        if (!add_language(&m, json_get(json_get(data, "words"), flash_languages[i]), i))
            return false;
    settle(&book);
    m.vocabulary = book.count;
    if (!add_agreement(&m, terms, json_get(data, "and")))
        return false;
    settle(&book);
    flash_near_index(&book, arena);
    *out = book;
    return true;
}

size_t flash_book_at(const struct flash_book *book, struct span key)
{
    size_t low = 0, high = book->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (span_compare(book->entry[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t flash_book_find(const struct flash_book *book, struct span key,
                       const struct flash_entry **out)
{
    size_t low = flash_book_at(book, key), count = 0;

    *out = &book->entry[low];
    while (low + count < book->count && span_equal(book->entry[low + count].key, key))
        count++;
    return count;
}

struct span flash_book_say(const struct flash_book *book, struct span language, const char *what)
{
    for (uint32_t i = 0; book->say && i < book->say->object.count; i++)
        if (span_equal(book->say->object.at[i].key, language) &&
            json_get(&book->say->object.at[i].value, what))
            return json_get_text(&book->say->object.at[i].value, what);
    return json_get_text(json_get(book->say, "en"), what);
}
