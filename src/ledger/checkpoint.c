#include "ledger/checkpoint.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/base64.h"

static void read_origin(struct reader *r, struct checkpoint *c)
{
    struct span line = reader_line(r, LIMIT_NAME_BYTES);

    if (reader_failed(r))
        return;
    if (note_name_valid(line))
        memcpy(c->origin, line.at, line.len);
    else
        reader_fail(r, "not an origin");
}

static void read_root(struct reader *r, struct checkpoint *c)
{
    struct span line = reader_line(r, 44);

    if (!reader_failed(r) && !note_bytes_parse(c->root.bytes, HASH_BYTES, line))
        reader_fail(r, "the root is not 32 bytes in canonical base64");
}

bool checkpoint_parse(struct checkpoint *out, struct span text, struct err *err)
{
    struct reader r = reader_over(text);
    struct checkpoint c = {0};

    read_origin(&r, &c);
    c.size = reader_decimal_line(&r, LIMIT_TREE_SIZE);
    read_root(&r, &c);

    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "checkpoint: %s, at byte %zu", r.why, reader_offset(&r));
    *out = c;
    return true;
}

void checkpoint_put(struct buf *buf, const struct checkpoint *checkpoint)
{
    assert(checkpoint->size <= LIMIT_TREE_SIZE);
    buf_printf(buf, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
    base64_put(buf, hash_span(&checkpoint->root));
    buf_byte(buf, '\n');
}

/* Two lines under the log's name and key id are refused although one may hold: readers
 * that pick one of them would not all pick the same. */
static bool verify_log_line(const struct note *note, const struct note_key *log_key,
                            struct err *err)
{
    const struct note_line *line = note_find(note, log_key);

    if (!line)
        return err_set(err, ERR_REFUSED, "checkpoint: not signed by the log's key");
    size_t behind = (size_t)(line - note->line) + 1;
    const struct note rest = {note->text, note->line + behind, note->count - behind};
    if (note_find(&rest, log_key))
        return err_set(err, ERR_REFUSED, "checkpoint: signed twice by the log's key");
    if (!note_line_verify(note, line, log_key))
        return err_set(err, ERR_REFUSED, "checkpoint: the log's signature does not hold");
    return true;
}

bool checkpoint_open(struct checkpoint *out, struct note *out_note, struct span bytes,
                     const struct note_key *log_key, struct arena *arena, struct err *err)
{
    struct note note;
    struct checkpoint c;

    if (bytes.len > LIMIT_CHECKPOINT_BYTES)
        return err_set(err, ERR_LIMIT, "checkpoint: %zu bytes, more than %u", bytes.len,
                       LIMIT_CHECKPOINT_BYTES);
    if (!note_parse(&note, bytes, arena, err) || !checkpoint_parse(&c, note.text, err))
        return false;
    if (strcmp(c.origin, log_key->name) != 0)
        return err_set(err, ERR_CONFLICT, "checkpoint: the origin is another log's");
    if (!verify_log_line(&note, log_key, err))
        return false;
    *out = c;
    *out_note = note;
    return true;
}
