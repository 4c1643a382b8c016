/* Whoever took the server over writes to the process that keeps the log's key: what is accepted
 * is the one spelling of what it means. The first byte says as what the rest is read. */

#include "node/log_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_request(struct buf *buf, struct span bytes, struct err *err)
{
    struct log_request request;

    if (!log_request_parse(&request, bytes, err))
        return false;
    assert(request.extends.count <= LIMIT_PROOF_HASHES);
    log_request_put(buf, &request);
    return true;
}

static bool read_reply(struct buf *buf, struct span bytes, struct err *err)
{
    struct log_reply reply;

    if (!log_reply_parse(&reply, bytes, err))
        return false;
    log_reply_put(buf, &reply);
    return true;
}

static bool read_hello(struct buf *buf, struct span bytes, struct err *err)
{
    struct log_hello hello;

    if (!log_hello_parse(&hello, bytes, err))
        return false;
    log_hello_put(buf, &hello);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool (*const as[])(struct buf *, struct span, struct err *) = {read_request, read_reply,
                                                                          read_hello};
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, LOG_REQUEST_BYTES);
    struct err err = {0};

    bool started = sign_start();
    assert(started);
    if (size == 0)
        return 0;
    struct span bytes = span_make(data + 1, size - 1);
    if (as[data[0] % ARRAY_LEN(as)](&buf, bytes, &err))
        assert(!buf.full && span_equal(buf_span(&buf), bytes));
    else
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT || err.kind == ERR_REFUSED);
    arena_free(&arena);
    return 0;
}
