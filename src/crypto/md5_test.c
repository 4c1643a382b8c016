#include "crypto/md5.h"

#include "base/test.h"

/* RFC 1321, A.5 */
static void test_md5(void **state)
{
    static const struct {
        const char *text, *md5;
    } cases[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span whole = span_of(cases[i].text);
        size_t half = whole.len / 2;
        struct span parts[] = {span_slice(whole, 0, half), span_from(whole, half)};
        char got[MD5_TEXT];

        md5_of_parts(got, &whole, 1);
        CHECK_CASE(cases[i].text, strcmp(got, cases[i].md5) == 0);
        md5_of_parts(got, parts, 2);
        CHECK_CASE(cases[i].text, strcmp(got, cases[i].md5) == 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_md5),
};
RUN_TESTS(tests)
