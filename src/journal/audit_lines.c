#include "journal/audit_inside.h"

#include "codec/json.h"
#include "journal/log_reader.h"
#include "ledger/cosignature.h"

/*
 * The lines behind the log's own in log/checkpoint (doc/format.md §5.3): cosignatures of
 * witnesses that the register has admitted. That one was revoked since takes nothing from what
 * it said; whether its line counts is for those to say who count.
 */

/* False where the register knows no witness of that name. */
static bool find_witness(const struct audit *audit, struct span name, struct note_key *out,
                         struct arena *arena)
{
    struct span row = rows_get(audit->rows, "key", name);
    struct json key;
    struct err ignored;

    return row.at && json_parse(&key, row, arena, &ignored) &&
           span_is(json_get_string(&key, "job", (struct span){0}), "witness") &&
           note_key_parse(out, json_get_string(&key, "vkey", (struct span){0}), &ignored);
}

static bool check_line(struct audit *audit, const struct note_line *line, struct arena *arena)
{
    struct note_key witness;
    uint64_t seconds;

    if (!find_witness(audit, line->name, &witness, arena))
        return audit_find(audit, LOG_CHECKPOINT,
                          "a signature line of a key that is not the log's nor a witness's");
    return cosignature_verify(&seconds, audit->note.text, line, &witness) ||
           audit_find(audit, LOG_CHECKPOINT, "the cosignature of %s does not hold", witness.name);
}

bool audit_lines(struct audit *audit, struct err *err)
{
    struct arena arena = {0};

    (void)err;
    for (size_t i = 1; i < audit->note.count && !audit->found; i++) {
        arena_reset(&arena);
        check_line(audit, &audit->note.line[i], &arena);
    }
    arena_free(&arena);
    return true;
}
