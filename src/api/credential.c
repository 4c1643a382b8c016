#include "api/credential.h"

#include <strings.h>

static struct span trim(struct span s)
{
    while (s.len && s.at[0] == ' ')
        s = span_from(s, 1);
    while (s.len && s.at[s.len - 1] == ' ')
        s.len--;
    return s;
}

struct span credential_bearer(struct span authorization)
{
    static const char scheme[] = "Bearer ";
    size_t len = strlen(scheme);

    if (authorization.len < len || strncasecmp((const char *)authorization.at, scheme, len) != 0)
        return (struct span){0};
    return trim(span_from(authorization, len));
}

struct span credential_cookie(struct span cookies, const char *name)
{
    struct span rest = cookies;

    while (rest.len) {
        struct span value, key;

        if (!span_cut(&rest, ';', &value)) {
            value = rest;
            rest = (struct span){0};
        }
        value = trim(value);
        if (span_cut(&value, '=', &key) && span_is(key, name))
            return trim(value);
    }
    return (struct span){0};
}
