#pragma once

/*
 * For test programs only: the other end of the wire, which sends whatever bytes it is
 * told to and reads what comes back. No HTTP library would misbehave enough.
 */

#include "net/http.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define WIRE_WAIT_MS 10000

static inline int wire_open(const struct http_server *server)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    at.sin_port = htons((uint16_t)atoi(strrchr(http_address(server), ':') + 1));
    assert(fd >= 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        abort();
    return fd;
}

static inline bool wire_put(int fd, const void *bytes, size_t len)
{
    for (const uint8_t *at = bytes; len;) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* Waits for bytes, or the end (0), or nothing in time (-1). */
static inline ssize_t wire_some(int fd, char *out, size_t room)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};

    if (poll(&waiting, 1, WIRE_WAIT_MS) != 1)
        return -1;
    ssize_t got = recv(fd, out, room, 0);
    return got < 0 ? 0 : got; /* reset is an end too */
}

/* One answer: its head, and as much body as the head announces, or to the end. Empty when
 * none came. `head_only` for the answer to HEAD. */
static inline size_t wire_answer(int fd, char *out, size_t room, bool head_only)
{
    size_t len = 0, need = 0;

    out[0] = '\0';
    while (len + 1 < room && (need == 0 || len < need)) {
        ssize_t got = wire_some(fd, out + len, need ? need - len : 1);
        if (got <= 0)
            break;
        len += (size_t)got;
        out[len] = '\0';
        if (need == 0 && len >= 4 && strcmp(out + len - 4, "\r\n\r\n") == 0) {
            const char *said = strcasestr(out, "\r\ncontent-length:");
            bool interim = strncmp(out, "HTTP/1.1 1", 10) == 0;
            size_t body = said ? strtoul(said + 17, NULL, 10) : 0;
            if (interim)
                len = 0;
            else
                need = len + (head_only ? 0 : body);
            assert(need < room);
        }
    }
    return len;
}
