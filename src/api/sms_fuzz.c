/* Messages of gateways: what is read is UTF-8, so that it can be kept and answered; what is refused
 * says so and leaves nothing. The content type is the first line, the query the second. */

#include "api/sms.h"

#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = span_make(data, size), type, query;
    struct arena arena = {0};
    struct err err = {0};
    struct sms sms;

    if (!span_cut(&body, '\n', &type) || !span_cut(&body, '\n', &query))
        return 0;
    if (sms_parse(&sms, type, query, body, &arena, &err))
        for (size_t i = 0; i < SMS_FIELDS; i++)
            assert(utf8_valid(sms.field[i]));
    else
        assert(err.kind == ERR_USAGE && err.text[0]);
    arena_free(&arena);
    return 0;
}
