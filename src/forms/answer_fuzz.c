/* Answers of clients. What is read is of its kind's shape, so that a record can be made of it;
 * files are bare names, none twice; what is refused says so, and nothing was written. */

#include "forms/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_media(const struct form_answer *answer)
{
    assert(answer->media_count <= LIMIT_FORM_FILES);
    for (size_t i = 0; i < answer->media_count; i++) {
        struct span name = answer->media[i].name;
        assert(name.len > 0 && !memchr(name.at, '/', name.len) && !memchr(name.at, 0, name.len));
        for (size_t j = 0; j < i; j++)
            assert(!span_equal(name, answer->media[j].name));
    }
}

static void check_answer(const struct form_answer *answer, struct arena *arena)
{
    struct kind_fields fields;
    struct err err = {0};

    assert(kind_split(form_kind(answer->form), &answer->flat, TIER_PUBLIC, &fields, arena, &err));
    assert(answer->instance_id.len > 0);
    bool place = json_get(&answer->flat, "lat_e7");
    assert(place == !!json_get(&answer->flat, "lon_e7"));
    assert(place == !!json_get(&answer->flat, "uncertainty_m"));
    assert(json_get_integer(&answer->flat, "uncertainty_m", 1) > 0);
    check_media(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct form_answer answer = {.media_count = 99};
    struct err err = {0};

    if (answer_parse(&answer, span_make(data, size), &arena, &err))
        check_answer(&answer, &arena);
    else
        assert(err.kind != ERR_NONE && err.text[0] && answer.media_count == 99);
    arena_free(&arena);
    return 0;
}
