#pragma once

/*
 * What the press and offices published, an item a piece of JSON: lines, a list, or JSON Feed
 * (`items`). Each makes a report that is filed under no incident, of what the item states and
 * nothing else, with its source; and a claim only where the item itself says who claims what of
 * whom. Texts that arrive damaged are mended, and what arrived is kept beside (feed/mend.h).
 */

#include "feed/feed.h"

#define NEWS_BYTES ((size_t)512 << 20)

/* `text` and `mapping` must outlive the feed; the rest is the arena's. */
MUST_CHECK bool news_open(struct feed *out, const char *file, struct span text,
                          const char *mapping_file, struct span mapping,
                          const struct remarks *remarks, struct arena *arena, struct err *err);
