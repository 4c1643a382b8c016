#pragma once

/*
 * Sockets to listen on. Addresses are numbers, never names: what a server is open to
 * must not hang on what a resolver says that day.
 */

#include "base/err.h"

#define LISTEN_ADDRESS_TEXT 80

/* Listens on "127.0.0.1:8117" or "[::1]:8117". `address` is it with the port really given. */
MUST_CHECK bool listen_tcp(int *out_fd, char address[LISTEN_ADDRESS_TEXT], const char *text,
                           struct err *err);
/* A socket file of mode 0600. One that a dead process left is replaced; where somebody
 * answers, ERR_CONFLICT. */
MUST_CHECK bool listen_unix(int *out_fd, const char *path, struct err *err);
/* Whether only this machine can reach the address. */
MUST_CHECK bool listen_is_loopback(bool *out, const char *text, struct err *err);
