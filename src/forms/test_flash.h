#pragma once

/* An agreement made up for the tests and the fuzzer of the flash: two lands, a line between. */

#include "forms/flash.h"

#define FLASH_CASE_TERMS                                                                                                \
    "{\"act\":[{\"id\":\"K-03\",\"label\":{\"en\":\"Mortar fire\"},\"words\":[]},"                                      \
    "{\"id\":\"A-01\",\"label\":{\"en\":\"Airstrike\"},\"words\":[\"airstrike\"]}],"                                    \
    "\"crossing\":["                                                                                                    \
    "{\"id\":\"X01\",\"name\":{\"ar\":\"طورخم\",\"en\":\"Torkham\",\"prs\":\"تورخم\","                        \
    "\"ps\":\"تورخم\",\"tr\":\"Torham\",\"ur\":\"طورخم\"},\"sector\":\"SEC-3\","                              \
    "\"variants\":[\"طور خم\"]},"                                                                                  \
    "{\"id\":\"X02\",\"name\":{\"ar\":\"تشمن / سبين بولدك\",\"en\":\"Chaman / Spin Boldak\","              \
    "\"tr\":\"Çaman / Spin Boldak\",\"ur\":\"چمن / اسپن بولدک\",\"ps\":\"چمن / سپین بولدک\"}," \
    "\"sector\":\"SEC-6\",\"variants\":[]},"                                                                            \
    "{\"id\":\"X06\",\"name\":{\"en\":\"Nawa Pass\",\"tr\":\"Nava Geçidi\"},"                                          \
    "\"sector\":\"SEC-2\",\"variants\":[\"Nawapass\"]}],"                                                               \
    "\"sector\":["                                                                                                      \
    "{\"id\":\"SEC-2\",\"name\":{\"en\":\"Kunar / Dir, Bajaur and Mohmand\"}},"                                         \
    "{\"id\":\"SEC-3\",\"name\":{\"en\":\"Nangarhar / Mohmand, Khyber and Kurram\","                                    \
    "\"ur\":\"ننگرہار / مہمند، خیبر اور کرم\"}},"                                                \
    "{\"id\":\"SEC-4\",\"name\":{\"en\":\"Khost / Kurram and North Waziristan\"}},"                                     \
    "{\"id\":\"SEC-5\",\"name\":{\"en\":\"Paktika / North and South Waziristan, Zhob\"}},"                              \
    "{\"id\":\"SEC-6\",\"name\":{\"en\":\"Kandahar / Pishin and Chaman\"}}]}"
#define FLASH_CASE_HEAD "{\"offsets_min\":[270,300]}"

/* 2025-11-22T10:30Z: 15:30 in the one land, 15:00 in the other. */
#define FLASH_CASE_RECEIVED INT64_C(1763807400000)

static inline bool flash_case_book(struct flash_book *out, struct arena *arena, struct err *err)
{
    struct json *terms = ARENA_NEW(arena, struct json), *head = ARENA_NEW(arena, struct json);

    return json_parse(terms, SPAN_LIT(FLASH_CASE_TERMS), arena, err) &&
           json_parse(head, SPAN_LIT(FLASH_CASE_HEAD), arena, err) &&
           flash_book_make(out, span_make(flash_words, flash_words_len), terms, head, arena, err);
}
