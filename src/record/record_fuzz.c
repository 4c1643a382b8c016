#include "record/record.h"

/* What is read as a record is, member by member, what would be written: so that nobody has
 * two texts for one record. */

static bool same_text(const struct record *record, struct arena *arena)
{
    struct record_draft draft = {
        .agreement = record->agreement,
        .kind = arena_text(arena, record->kind),
        .version = record->version,
        .by = record->by,
        .seq = record->seq,
        .prev = record->prev,
        .seen_size = record->seen_size,
        .seen_root = record->seen_root,
        .said_at_ms = record->said_at_ms,
        .body = *record->body,
    };
    struct span text;
    struct err err = {0};

    /* Too large to be signed with a name of the greatest length, but not with this one. */
    if (!record_text(&text, &draft, arena, &err))
        return err.kind == ERR_LIMIT;
    return span_equal(text, record->note.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct record record, again;
    struct err err = {0};

    if (record_parse(&record, span_make(data, size), &arena, &err)) {
        struct hash id = hash_of(record.note.text);
        struct buf note = buf_in(&arena, size);

        assert(err.kind == ERR_NONE);
        assert(hash_equal(id, record.id));
        assert(record.note.count == 1 && span_equal(record.note.line[0].name, record.by));
        assert(same_text(&record, &arena));

        buf_put(&note, record.note.text);
        buf_byte(&note, '\n');
        note_put_line(&note, record.by, record.note.line[0].key_id, record.note.line[0].signature);
        assert(span_equal(buf_span(&note), span_make(data, size)));
        bool parsed = record_parse(&again, buf_span(&note), &arena, &err);
        assert(parsed && hash_equal(again.id, record.id));
        parsed = record_parse_text(&again, record.note.text, &arena, &err);
        assert(parsed ? hash_equal(again.id, record.id) : err.kind == ERR_LIMIT);
    } else {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        assert(err.text[0] != '\0');
    }
    arena_free(&arena);
    return 0;
}
