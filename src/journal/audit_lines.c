#include "journal/audit_inside.h"

#include "codec/json.h"
#include "journal/log_reader.h"
#include "ledger/cosignature.h"

/*
 * The lines behind the log's own in log/checkpoint (doc/format.md §5.3): cosignatures of
 * witnesses that the register has admitted. That one was revoked since takes nothing from what
 * it said; whether its line counts is for those to say who count.
 */

static bool find_witness(const struct audit *audit, struct span name, struct note_key *out,
                         bool *out_found, struct arena *arena, struct err *err)
{
    struct span row;
    struct json key;
    struct err ignored;

    if (!rows_get(audit->rows, "key", name, &row, arena, err))
        return false;
    *out_found = row.at && json_parse(&key, row, arena, &ignored) &&
                 span_is(json_get_string(&key, "job", (struct span){0}), "witness") &&
                 note_key_parse(out, json_get_string(&key, "vkey", (struct span){0}), &ignored);
    return true;
}

static bool check_line(struct audit *audit, const struct note_line *line, struct arena *arena,
                       struct err *err)
{
    struct note_key witness;
    uint64_t seconds;
    bool found;

    if (!find_witness(audit, line->name, &witness, &found, arena, err))
        return false;
    if (!found)
        return audit_find(audit, LOG_CHECKPOINT,
                          "a signature line of a key that is not the log's nor a witness's");
    return cosignature_verify(&seconds, audit->note.text, line, &witness) ||
           audit_find(audit, LOG_CHECKPOINT, "the cosignature of %s does not hold", witness.name);
}

bool audit_lines(struct audit *audit, struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    for (size_t i = 1; ok && i < audit->note.count && !audit->found; i++) {
        arena_reset(&arena);
        ok = check_line(audit, &audit->note.line[i], &arena, err);
    }
    arena_free(&arena);
    return ok;
}
