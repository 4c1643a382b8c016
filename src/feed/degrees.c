#include "feed/degrees.h"

#define DECIMALS 7

static bool is_digit(struct span text, size_t at)
{
    return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

bool degrees_parse(int64_t *out_e7, struct span text, int64_t limit_e7)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    size_t at = negative || (text.len > 0 && text.at[0] == '+');
    size_t start = at;
    int64_t value = 0;
    unsigned decimals = 0;
    bool up = false;

    for (; is_digit(text, at) && value <= limit_e7; at++)
        value = value * 10 + (text.at[at] - '0');
    if (at == start)
        return false;
    if (at < text.len && text.at[at] == '.') {
        if (!is_digit(text, ++at))
            return false;
        for (; is_digit(text, at); at++) {
            if (decimals < DECIMALS && value <= limit_e7)
                value = value * 10 + (text.at[at] - '0');
            else if (decimals == DECIMALS)
                up = text.at[at] >= '5';
            decimals += decimals <= DECIMALS;
        }
    }
    for (; decimals < DECIMALS && value <= limit_e7; decimals++)
        value *= 10;
    value += up;
    if (at != text.len || value > limit_e7)
        return false;
    *out_e7 = negative ? -value : value;
    return true;
}
