#pragma once

/* What a request shows of who sent it: a token, behind "Bearer" or in a cookie. Whether it is
 * anybody's, api/sessions.h knows. */

#include "base/span.h"

/* Of an Authorization header (RFC 6750 §2.1). Empty when it is of another kind. */
struct span credential_bearer(struct span authorization);
/* The first cookie of this name of a Cookie header (RFC 6265 §4.2.1); empty when there is
 * none. */
struct span credential_cookie(struct span cookies, const char *name);
