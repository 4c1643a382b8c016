#pragma once

/* Gathering from inside: the lines of witnesses on one checkpoint. Nobody else includes this. */

#include "sync/gather.h"

struct gather_lines {
    struct span text;     /* the checkpoint's */
    struct note_line log; /* the log's own line */
    /* Each witness's, in the order of the set; no name: it has none. */
    struct note_line of[WITNESSES_MOST];
};

/* Those that stand on a note. False when it is no checkpoint with its log's line. They point
 * into the note and the arena. */
MUST_CHECK bool gather_lines_open(struct gather_lines *out, const struct witness_set *set,
                                  struct span note, struct arena *arena);
/* Those that hold of bare lines, or of another note of the same text, where there was none. */
void gather_lines_add(struct gather_lines *lines, const struct witness_set *set, struct span bytes,
                      struct arena *arena);
/* Of witnesses in force. */
size_t gather_lines_count(const struct gather_lines *lines, const struct witness_set *set);
/* The note: text, log's line, lines of witnesses by name. */
struct span gather_lines_note(const struct gather_lines *lines, const struct witness_set *set,
                              struct arena *arena);
