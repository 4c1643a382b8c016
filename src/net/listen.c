#include "net/listen.h"

#include "base/limits.h"
#include "base/reader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 512 /* whoever comes while all threads are at work waits here */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
};

static socklen_t address_len(const union address *address)
{
    return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

/* "HOST:PORT", the host of version 6 in brackets. */
static bool split(const char *text, char host[INET6_ADDRSTRLEN], bool *v6, uint64_t *port)
{
    const char *colon = strrchr(text, ':');

    if (!colon || !decimal_parse(port, span_of(colon + 1), UINT16_MAX))
        return false;
    *v6 = text[0] == '[';
    if (*v6 && (colon - text < 2 || colon[-1] != ']'))
        return false;

    const char *from = *v6 ? text + 1 : text;
    size_t len = (size_t)(colon - from) - (*v6 ? 1 : 0);
    if (len >= INET6_ADDRSTRLEN)
        return false;
    memcpy(host, from, len);
    host[len] = '\0';
    return true;
}

static bool parse(union address *out, const char *text, struct err *err)
{
    char host[INET6_ADDRSTRLEN];
    uint64_t port;
    bool v6;

    *out = (union address){0};
    if (split(text, host, &v6, &port)) {
        if (v6) {
            out->v6.sin6_family = AF_INET6;
            out->v6.sin6_port = htons((uint16_t)port);
        } else {
            out->v4.sin_family = AF_INET;
            out->v4.sin_port = htons((uint16_t)port);
        }
        void *at = v6 ? (void *)&out->v6.sin6_addr : (void *)&out->v4.sin_addr;
        if (inet_pton(v6 ? AF_INET6 : AF_INET, host, at) == 1)
            return true;
    }
    return err_set(err, ERR_USAGE,
                   "\"%s\" is no address to listen on: write ADDRESS:PORT in numbers, as in "
                   "127.0.0.1:8117 or [::1]:8117",
                   text);
}

static void format(char out[LISTEN_ADDRESS_TEXT], const union address *address)
{
    char host[INET6_ADDRSTRLEN];
    bool v6 = address->any.sa_family == AF_INET6;
    const void *at =
        v6 ? (const void *)&address->v6.sin6_addr : (const void *)&address->v4.sin_addr;

    inet_ntop(address->any.sa_family, at, host, sizeof host);
    snprintf(out, LISTEN_ADDRESS_TEXT, v6 ? "[%s]:%u" : "%s:%u", host,
             (unsigned)ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port));
}

static bool switch_on(int fd, int level, int option)
{
    return setsockopt(fd, level, option, &(int){1}, sizeof(int)) == 0;
}

bool listen_tcp(int *out_fd, char address[LISTEN_ADDRESS_TEXT], const char *text, struct err *err)
{
    union address at;

    if (!parse(&at, text, err))
        return false;

    /* SO_REUSEADDR lets a restart have the port at once; SO_REUSEPORT, with which a second
     * server would quietly take half of the requests, is left off. */
    socklen_t len = address_len(&at);
    int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && switch_on(fd, SOL_SOCKET, SO_REUSEADDR);
    ok = ok && (at.any.sa_family == AF_INET || switch_on(fd, IPPROTO_IPV6, IPV6_V6ONLY));
    ok = ok && bind(fd, &at.any, len) == 0 && listen(fd, BACKLOG) == 0;
    ok = ok && getsockname(fd, &at.any, &len) == 0;
    if (!ok) {
        err_errno(err, "listen on %s", text);
        if (fd >= 0)
            close(fd);
        return false;
    }
    format(address, &at);
    *out_fd = fd;
    return true;
}

bool listen_is_loopback(bool *out, const char *text, struct err *err)
{
    union address at;

    if (!parse(&at, text, err))
        return false;
    *out = at.any.sa_family == AF_INET ? ntohl(at.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET
                                       : IN6_IS_ADDR_LOOPBACK(&at.v6.sin6_addr);
    return true;
}

/* Somebody listens at the other end of this socket file. */
static bool answers(const union address *at)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = fd >= 0 && connect(fd, &at->any, sizeof at->local) == 0;

    if (fd >= 0)
        close(fd);
    return connected;
}

static bool clear_the_way(const union address *at, const char *path, struct err *err)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return errno == ENOENT || err_errno(err, "%s", path);
    if (!S_ISSOCK(st.st_mode))
        return err_set(err, ERR_CONFLICT, "%s is there and is no socket: move it away", path);
    if (answers(at))
        return err_set(err, ERR_CONFLICT, "%s: another process listens there", path);
    return unlink(path) == 0 || err_errno(err, "remove the old %s", path);
}

bool listen_unix(int *out_fd, const char *path, struct err *err)
{
    union address at = {.local.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof at.local.sun_path)
        return err_set(err, ERR_LIMIT, "%s: the path of a socket has at most %zu bytes", path,
                       sizeof at.local.sun_path - 1);
    memcpy(at.local.sun_path, path, strlen(path));
    if (!clear_the_way(&at, path, err))
        return false;

    /* The mode of the file comes from that of the socket, so there is no moment at which
     * others could connect, and the process's umask is left alone. */
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && fchmod(fd, 0600) == 0;
    ok = ok && bind(fd, &at.any, sizeof at.local) == 0 && listen(fd, BACKLOG) == 0;
    if (!ok) {
        err_errno(err, "listen on %s", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    *out_fd = fd;
    return true;
}
