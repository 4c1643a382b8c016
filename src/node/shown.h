#pragma once

/*
 * What a node shows to those who reach it from other machines: its certificate, and the pin
 * that its key signs for that, which is renewed while it serves. One thread.
 */

#include "net/pin.h"
#include "node/node.h"

struct shown;

/* The certificate of DIR/tls (node/tls_file.h). The node holds its directory, and outlives it. */
MUST_CHECK bool shown_open(struct shown **out, const struct node *node, struct err *err);
void shown_close(struct shown *shown); /* NULL is fine */

const char *shown_pem(const struct shown *shown); /* for http_options.tls_pem */
struct hash shown_hash(const struct shown *shown);
/* Whether it is time for a new pin: at first, and then once a day; then it is *out, in the
 * arena. */
MUST_CHECK bool shown_renew(struct shown *shown, struct span *out, struct arena *arena);
