#include "codec/place.h"

struct place place_of(struct span text, size_t offset)
{
    struct place place = {.line = 1, .column = 1};

    assert(offset <= text.len);
    for (size_t i = 0; i < offset; i++) {
        if (text.at[i] == '\n')
            place = (struct place){.line = place.line + 1, .column = 1};
        else
            place.column += (text.at[i] & 0xc0) != 0x80; /* one for each character */
    }
    return place;
}
