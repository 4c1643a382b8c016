#include "node/log_message.h"

#include "base/reader.h"

#define HELLO_LINE 200u /* a vkey is less */

_Static_assert(sizeof((struct err){0}.text) <= LOG_REPLY_TEXT, "a reason fits");

static void put_field(struct buf *buf, struct span bytes, size_t room)
{
    assert(bytes.len <= room);
    buf_u16be(buf, (uint16_t)bytes.len);
    buf_put(buf, bytes);
    for (size_t i = bytes.len; i < room; i++)
        buf_byte(buf, 0);
}

static struct span take_field(struct reader *r, size_t room)
{
    size_t len = reader_u16be(r);
    struct span all = reader_take(r, room);

    if (len > room)
        reader_fail(r, "longer than its room");
    for (size_t i = len; !reader_failed(r) && i < room; i++)
        if (all.at[i] != 0)
            reader_fail(r, "not filled up with zeros");
    return reader_failed(r) ? (struct span){0} : span_slice(all, 0, len);
}

static bool refuse(const struct reader *r, struct err *err)
{
    return err_set(err, ERR_MALFORMED, "message: %s, at byte %zu", r->why, reader_offset(r));
}

void log_request_put(struct buf *buf, const struct log_request *request)
{
    struct buf text = buf_in(buf->arena, LOG_REQUEST_TEXT);

    checkpoint_put(&text, &request->checkpoint);
    assert(!text.full);
    put_field(buf, buf_span(&text), LOG_REQUEST_TEXT);
    put_field(buf, span_make(request->extends.hash, request->extends.count * HASH_BYTES),
              LIMIT_PROOF_HASHES * HASH_BYTES);
}

bool log_request_parse(struct log_request *out, struct span bytes, struct err *err)
{
    struct reader r = reader_over(bytes);
    struct log_request request = {0};
    struct span text = take_field(&r, LOG_REQUEST_TEXT);
    struct span hashes = take_field(&r, LIMIT_PROOF_HASHES * HASH_BYTES);

    if (hashes.len % HASH_BYTES != 0)
        reader_fail(&r, "not whole hashes");
    if (!reader_done(&r))
        return refuse(&r, err);
    if (!checkpoint_parse(&request.checkpoint, text, err))
        return false;
    request.extends.count = hashes.len / HASH_BYTES;
    if (hashes.len > 0)
        memcpy(request.extends.hash, hashes.at, hashes.len);
    *out = request;
    return true;
}

void log_reply_put(struct buf *buf, const struct log_reply *reply)
{
    buf_byte(buf, (uint8_t)reply->kind);
    put_field(buf, reply->text, LOG_REPLY_TEXT);
}

bool log_reply_parse(struct log_reply *out, struct span bytes, struct err *err)
{
    struct reader r = reader_over(bytes);
    uint8_t kind = reader_u8(&r);
    struct span text = take_field(&r, LOG_REPLY_TEXT);

    if (kind > ERR_IO)
        reader_fail(&r, "no kind of fault");
    if (!reader_done(&r))
        return refuse(&r, err);
    *out = (struct log_reply){.kind = (enum err_kind)kind, .text = text};
    return true;
}

void log_hello_put(struct buf *buf, const struct log_hello *hello)
{
    note_key_put(buf, &hello->key);
    buf_byte(buf, '\n');
    if (hello->last.origin[0])
        checkpoint_put(buf, &hello->last);
}

bool log_hello_parse(struct log_hello *out, struct span text, struct err *err)
{
    struct reader r = reader_over(text);
    struct log_hello hello = {0};
    struct span vkey = reader_line(&r, HELLO_LINE);

    if (reader_failed(&r))
        return refuse(&r, err);
    struct span rest = span_from(text, reader_offset(&r));
    if (!note_key_parse(&hello.key, vkey, err) ||
        (rest.len > 0 && !checkpoint_parse(&hello.last, rest, err)))
        return false;
    *out = hello;
    return true;
}
