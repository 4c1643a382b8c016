/*
 * A submission, and the same bytes as the answers to one. A submission that is taken is
 * written again as the very bytes; its pieces lie within them. Answers that are taken are
 * the same when written and read again.
 */

#include "journal/submission.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool within(struct span piece, struct span whole)
{
    return piece.len == 0 || (piece.at >= whole.at && piece.len <= whole.len &&
                              (size_t)(piece.at - whole.at) <= whole.len - piece.len);
}

static void submit(struct span bytes, struct arena *arena)
{
    struct submission *submission;
    struct span again;
    struct err err = {0};
    size_t count;

    if (!submission_parse(&submission, &count, bytes, arena, &err)) {
        assert(err.kind != ERR_NONE && err.text[0]);
        return;
    }
    assert(count >= 1 && count <= LIMIT_BATCH_RECORDS);
    for (size_t i = 0; i < count; i++) {
        assert(within(submission[i].note, bytes));
        assert(submission[i].part_count <= LIMIT_RECORD_PARTS);
        for (size_t j = 0; j < submission[i].part_count; j++)
            assert(within(submission[i].part[j], bytes));
    }
    assert(submission_encode(&again, submission, count, arena, &err));
    assert(span_equal(again, bytes));
}

static void answers(struct span bytes, struct arena *arena)
{
    struct answer one[2], two[2];
    struct err err = {0};

    for (size_t count = 1; count <= 2; count++) {
        if (!submission_answers_parse(one, count, bytes, arena, &err))
            continue;
        struct span first = submission_answers_encode(one, count, arena);
        assert(submission_answers_parse(two, count, first, arena, &err));
        assert(span_equal(first, submission_answers_encode(two, count, arena)));
        for (size_t i = 0; i < count; i++)
            assert(one[i].kind == two[i].kind && one[i].index == two[i].index);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};

    submit(span_make(data, size), &arena);
    answers(span_make(data, size), &arena);
    arena_free(&arena);
    return 0;
}
