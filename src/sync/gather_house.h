#pragma once

/* For the tests of gathering only: witnesses w1, w2 and on, and lines of theirs of every kind. */

#include "sync/gather.h"
#include "sync/witness_world.h"

#define NEVER WITNESS_WORLD_TRUE
#define SIZE 40u
#define TERM WITNESS_WORLD_NAME "/term/1"

static struct arena arena;

static inline struct note_signer witness_signer(unsigned number) /* from 1 */
{
    struct note_signer signer;
    char name[16];

    snprintf(name, sizeof name, "w%u", number);
    witness_world_key(&signer, name, NOTE_TYPE_COSIGNATURE, (uint8_t)(100 + number));
    return signer;
}

/* Not in the order of their names. */
static inline struct witness_set set_make(unsigned count, unsigned quorum)
{
    struct witness_set set = {.count = count, .quorum = quorum};

    for (unsigned i = 0; i < count; i++) {
        struct note_signer signer = witness_signer(i + 1);
        set.at[count - 1 - i] = note_signer_key(&signer);
        set.in_force[i] = true;
    }
    return set;
}

static inline struct span note_of(const struct witness_world *w, uint64_t size)
{
    struct checkpoint checkpoint = witness_world_checkpoint(w, 1, size, NEVER);

    return witness_world_note(&checkpoint, &w->log[0], &arena);
}

static inline struct span text_of(struct span bytes)
{
    struct note note;
    struct err err = {0};

    assert_true(note_parse(&note, bytes, &arena, &err));
    return note.text;
}

/* The names on a note, in their order, once each line has been found to hold. */
static inline const char *names_on(const struct witness_world *w, const struct witness_set *set,
                                   struct span bytes)
{
    const struct note_key log = note_signer_key(&w->log[0]);
    struct buf names = buf_in(&arena, 4096);
    struct checkpoint checkpoint;
    struct note note;
    struct err err = {0};

    if (!checkpoint_open(&checkpoint, &note, bytes, &log, &arena, &err))
        return err.text[0] ? arena_text(&arena, span_of(err.text)) : "";
    assert_true(span_is(note.line[0].name, log.name));
    for (size_t i = 1; i < note.count; i++) {
        bool holds = false;
        uint64_t seconds;
        for (size_t k = 0; k < set->count; k++)
            holds = holds || cosignature_verify(&seconds, note.text, &note.line[i], &set->at[k]);
        buf_printf(&names, "%s%.*s%s", i > 1 ? " " : "", SPAN_ARG(note.line[i].name),
                   holds ? "" : "!");
    }
    return arena_text(&arena, buf_span(&names));
}

/* Lines. */

/* A witness's line, w7 for example; and others by what is wrong with them. */
static inline void put_line(struct buf *buf, const char *word, struct span text)
{
    unsigned number = (unsigned)strtoul(word + 1, NULL, 10);
    struct note_signer signer = witness_signer(number);
    const struct note_key key = note_signer_key(&signer);
    uint32_t id = note_key_id(span_of(key.name), key.type, &key.key);
    struct span blob = cosignature_sign(text, 7, &signer, &arena);
    uint8_t *bytes = (uint8_t *)arena_text(&arena, blob);

    switch (word[0]) {
    case '?': /* no line at all */
        buf_text(buf, "?\n");
        return;
    case 'x': /* over another text */
        cosignature_put_line(buf, SPAN_LIT(TERM "\n1\n"), 7, &signer, &arena);
        return;
    case 's': /* another key of that name */
        signer = witness_signer(number + 50);
        memcpy(signer.name, key.name, sizeof signer.name);
        cosignature_put_line(buf, text, 7, &signer, &arena);
        return;
    case 'i': /* another key, that key's id */
        signer = witness_signer(number + 50);
        note_put_line(buf, span_of(key.name), id, cosignature_sign(text, 7, &signer, &arena));
        return;
    case 'p': /* a plain signature, of the other type */
        signer.type = NOTE_TYPE_ED25519;
        struct span plain = note_sign(text, &signer, &arena);
        buf_put(buf, span_from(plain, text.len + 1));
        return;
    case 't': /* another time than was signed */
        bytes[7]++;
        break;
    case 'z': /* no time */
        bytes[7] = 0;
        break;
    case 'b': /* a bit of the signature */
        bytes[20] ^= 1;
        break;
    case 'c': /* cut short */
        blob.len--;
        break;
    default:
        break;
    }
    note_put_line(buf, span_of(key.name), id, span_make(bytes, blob.len));
}

/* A line for each word of `words`. */
static inline struct span lines_of(const char *words, struct span text)
{
    struct buf buf = buf_in(&arena, 100000);
    struct span rest = span_of(words), word;

    while (span_cut(&rest, ' ', &word))
        put_line(&buf, arena_text(&arena, word), text);
    if (rest.len > 0)
        put_line(&buf, arena_text(&arena, rest), text);
    return buf_span(&buf);
}

static inline struct span with_lines(struct span note, const char *words)
{
    struct buf buf = buf_in(&arena, 100000);

    buf_put(&buf, note);
    buf_put(&buf, lines_of(words, text_of(note)));
    return buf_span(&buf);
}
