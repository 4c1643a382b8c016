#pragma once

/*
 * What a node shows to those who reach it from other machines: its certificate, and the pin
 * that its key signs for that, which is renewed while it serves. One thread.
 */

#include "net/pin.h"
#include "node/node.h"

struct pinned;

/* The certificate of DIR/tls (node/tls_file.h). The node holds its directory, and outlives it. */
MUST_CHECK bool pinned_open(struct pinned **out, const struct node *node, struct err *err);
void pinned_close(struct pinned *pinned); /* NULL is fine */

const char *pinned_pem(const struct pinned *pinned); /* for http_options.tls_pem */
struct hash pinned_hash(const struct pinned *pinned);
/* Whether it is time for a new pin: at first, and then once a day; then it is *out, in the
 * arena. */
MUST_CHECK bool pinned_renew(struct pinned *pinned, int64_t now_ms, struct span *out,
                             struct arena *arena);
