#include "register/verb.h"

static const struct {
    const char *verb;
    const char *means[8];
} verbs[] = {
    {"saw", {"saw", "camera", "thermal", "uav", "satellite"}},
    {"heard", {"heard", "acoustic"}},
    {"recorded", {"recorded", "camera", "thermal", "uav", "acoustic", "radar", "satellite"}},
    {"was_told", {"told"}},
};

static bool is_among(const char *const *all, struct span means)
{
    for (; *all; all++)
        if (span_is(means, *all))
            return true;
    return false;
}

bool verb_fits(struct span verb, struct span means)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (span_is(verb, verbs[i].verb))
            return is_among(verbs[i].means, means);
    return true;
}
