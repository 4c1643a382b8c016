#pragma once

/* A log that is served somewhere, as a disk to read (sync/shown.h), over as many connections as
 * it can be asked on. */

#include "sync/http_transport.h"
#include "sys/disk.h"

struct log_at;

/* Nothing is asked yet. `url` and the context outlive it; `access` is
 * that of http_transport_open, and called on several threads at once. */
struct log_at *log_at_open(const char *url, http_get_access *access, void *context);
void log_at_close(struct log_at *log); /* NULL is fine */
struct disk *log_at_disk(const struct log_at *log);

/* Whether it is a URL, and no directory. */
bool log_at_is_url(const char *text);
