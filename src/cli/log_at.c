#include "cli/log_at.h"

#include "sync/shown.h"

#include <stdlib.h>

#define PATIENCE_MS 10000u

struct lane {
    struct http_transport *http;
    struct transport transport;
    struct source_peer peer;
    struct source source;
};

struct log_at {
    struct lane lane[SHOWN_LANES];
    struct disk *disk;
};

struct log_at *log_at_open(const char *url, http_get_access *access, void *context)
{
    struct log_at *log = calloc(1, sizeof *log);
    const struct source *source[SHOWN_LANES];

    if (!log)
        abort();
    for (size_t i = 0; i < SHOWN_LANES; i++) {
        struct lane *lane = &log->lane[i];

        lane->http = http_transport_open(access, context);
        lane->transport = http_transport_of(lane->http);
        lane->peer = (struct source_peer){&lane->transport, url, PATIENCE_MS};
        lane->source = source_of_peer(&lane->peer);
        source[i] = &lane->source;
    }
    log->disk = shown_open(source, SHOWN_LANES);
    return log;
}

void log_at_close(struct log_at *log)
{
    if (!log)
        return;
    disk_close(log->disk);
    for (size_t i = 0; i < SHOWN_LANES; i++)
        http_transport_close(log->lane[i].http);
    free(log);
}

struct disk *log_at_disk(const struct log_at *log)
{
    return log->disk;
}

bool log_at_is_url(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}
