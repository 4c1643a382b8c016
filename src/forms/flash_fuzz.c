/* A flash: whatever is read, its fields are such that the kind takes them, what is asked about
 * stands in the text, what is sent back fits two messages, and every answer can be read on. */

#include "forms/test_flash.h"

#include "codec/utf8.h"
#include "record/kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct flash_book book;

static bool open_book(void)
{
    static struct arena arena; /* as long as the program */
    struct err err = {0};

    return book.count || flash_case_book(&book, &arena, &err);
}

static void check_fields(const struct flash *flash, struct arena *arena)
{
    const struct kind *kind = kind_find(SPAN_LIT("incident.flash"), 1);
    struct err err = {0};

    for (uint32_t i = 0; i < flash->fields.object.count; i++) {
        const struct json_member *member = &flash->fields.object.at[i];
        const struct field *field = kind_field(kind, arena_text(arena, member->key));

        assert(field && field_check(field, &member->value, &err));
    }
}

static void check_questions(const struct flash *flash, const struct flash_ask *ask)
{
    assert(flash->questions <= FLASH_QUESTIONS);
    for (size_t i = 0; i < flash->questions; i++) {
        const struct flash_question *q = &flash->question[i];

        assert(q->from <= q->to && q->to <= ask->text.len);
        assert(utf8_valid(span_slice(ask->text, q->from, q->to - q->from)));
        assert(flash_book_say(&book, flash->language, q->say).len > 0);
    }
    if (flash->questions == 0)
        assert(json_get(&flash->fields, "at") &&
               (json_get(&flash->fields, "what") || json_get(&flash->fields, "act")));
}

static struct span answer(const struct flash_ask *ask, struct arena *arena)
{
    struct flash flash;
    struct err err = {0};

    if (!flash_read(&flash, &book, ask, arena, &err)) {
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
        return (struct span){0};
    }
    check_fields(&flash, arena);
    check_questions(&flash, ask);
    struct span reply = flash_reply(&flash, &book, ask, arena);
    assert(reply.len && utf8_valid(reply) && flash_messages(reply) <= 2);
    return flash.questions ? flash_answered(&flash, ask->text, SPAN_LIT("1"), arena)
                           : (struct span){0};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct flash_ask ask = {.text = span_make(data, size), .received_ms = FLASH_CASE_RECEIVED};

    assert(open_book());
    ask.offset_min = size % 3 == 0 ? FLASH_NO_OFFSET : 300;
    for (int turn = 0; turn < 3 && ask.text.len; turn++)
        ask.text = answer(&ask, &arena);
    arena_free(&arena);
    return 0;
}
