#include "ledger/statement.h"

/* What is read as a statement has one spelling, and is no record: its second line has no
 * space. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct statement statement = {0};
    struct err err = {0};

    if (statement_parse(&statement, span_make(data, size), &arena, &err)) {
        struct buf text = buf_in(&arena, size);

        assert(statement_signer(statement.word) && statement.note.count == 1);
        assert(!memchr(statement.word.at, ' ', statement.word.len));
        buf_put(&text, statement.agreement);
        buf_byte(&text, '\n');
        buf_put(&text, statement.word);
        buf_byte(&text, '\n');
        json_encode(&text, &statement.members);
        buf_byte(&text, '\n');
        assert(span_equal(buf_span(&text), statement.note.text));
    } else {
        assert(err.text[0] != '\0' && statement.word.len == 0);
    }
    arena_free(&arena);
    return 0;
}
