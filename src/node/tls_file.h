#pragma once

/*
 * DIR/tls/server.pem: what this node shows to who reaches it from other machines. Its key
 * signs nothing but connections, and is held to the node by the statement `pin` (net/pin.h),
 * so it may change whenever it likes.
 *
 * Where there is none it is made, signed by itself, and made anew when it is about to end.
 * Another can be put there instead (its certificates and its key), for a name that browsers
 * are to know; it is shown as it is.
 */

#include "net/tls.h"

/* ERR_REFUSED when others can read the file, ERR_CONFLICT when the certificate that was put
 * there has ended. tls_identity_wipe it. */
MUST_CHECK bool tls_file_open(struct tls_identity *out, const char *directory, int64_t now_ms,
                              struct arena *arena, struct err *err);
