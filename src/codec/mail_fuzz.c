/* Mails: what is read is text from one address that is written so again, and a mail made anew of it
 * reads the same. */

#include "codec/mail.h"

#include "base/buf.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span write_mail(const struct mail *mail, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);

    buf_text(&out, "From: \"a, (b\" (c) <");
    buf_put(&out, mail->from);
    buf_text(&out, ">\r\nContent-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: base64\r\n");
    if (mail->id.len) {
        buf_text(&out, "Message-ID:\r\n <");
        buf_put(&out, mail->id);
        buf_text(&out, ">\r\n");
    }
    buf_text(&out, "\r\n");
    base64_put(&out, mail->text);
    return buf_span(&out);
}

static void check(const struct mail *mail, struct arena *arena)
{
    struct mail again;
    struct span address;
    struct err err = {0};

    assert(mail->text.len && utf8_valid(mail->text) && !memchr(mail->text.at, 0, mail->text.len));
    assert(mail->id.len <= LIMIT_MAIL_ID_BYTES);
    assert(mail_address(&address, mail->from, arena) && span_equal(address, mail->from));
    assert(mail_parse(&again, write_mail(mail, arena), arena, &err));
    assert(span_equal(again.from, mail->from) && span_equal(again.id, mail->id));
    assert(span_equal(again.text, mail->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct mail mail;
    struct err err = {0};

    if (mail_parse(&mail, span_make(data, size), &arena, &err))
        check(&mail, &arena);
    else
        assert(err.kind == ERR_MALFORMED || err.kind == ERR_REFUSED || err.kind == ERR_LIMIT);
    arena_free(&arena);
    return 0;
}
