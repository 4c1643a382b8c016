#include "codec/mail.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/test.h"

#define FROM "From: clerk@site.example\n"
#define MIXED FROM "Content-Type: multipart/mixed; boundary=\"=_x\"\n\n"
#define ONE "--=_x\n\nFLASH one\n"

static const struct {
    const char *name, *file;
    const char *from, *text, *id;
} taken[] = {
    {"the least", FROM "\nFLASH\n", "clerk@site.example", "FLASH", ""},
    {"lines ending in CRLF", "From: a@b.example\r\n\r\nFLASH\r\nKHOST\r\n", "a@b.example",
     "FLASH\nKHOST", ""},
    {"a telephone", "From: <+93701234567@SMS.example>\nMessage-ID: <7.a@sms.example>\n\nx",
     "+93701234567@sms.example", "x", "7.a@sms.example"},
    {"a name", "From: A Clerk <Clerk@Site.example>\n\nx", "clerk@site.example", "x", ""},
    {"a quoted name with a comma and a bracket", "From: \"Clerk, <a>\" <c@site.example>\n\nx",
     "c@site.example", "x", ""},
    {"a comment", "From: c@site.example (a, clerk (of one))\n\nx", "c@site.example", "x", ""},
    {"a name in an encoded word", "From: =?utf-8?B?2KfYrNmF2YQ=?= <c@site.example>\n\nx",
     "c@site.example", "x", ""},
    {"folded", "From:\n A Clerk\n\t<c@site.example>\nX-Y: z\n\nx", "c@site.example", "x", ""},
    {"UTF-8 that nothing names", FROM "\nتورخم", "clerk@site.example", "تورخم", ""},
    {"8bit",
     FROM "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\nتورخم",
     "clerk@site.example", "تورخم", ""},
    {"base64",
     FROM "Content-Type: text/plain; charset=\"utf-8\"\nContent-Transfer-Encoding: BASE64\n\n"
          "2KrZiNix\n2K7ZhQ==\n",
     "clerk@site.example", "تورخم", ""},
    {"quoted-printable, folded softly",
     FROM "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
          "FLASH =D8=AA=\n=d9=88 a=3Db  \nKHOST=20\n",
     "clerk@site.example", "FLASH تو a=b\nKHOST", ""},
    {"Arabic of Windows, as Outlook writes it",
     FROM "Content-Type: text/plain;\n\tcharset=\"windows-1256\"\nContent-Transfer-Encoding: "
          "quoted-printable\n\n=DA=C7=CC=E1 =D8=E6=D1=CE=E3 =8D =ff=9f\n",
     "clerk@site.example", "عاجل طورخم چ ےں", ""},
    {"the same in base64, and a subject",
     FROM "Subject: =?windows-1256?B?2sfM4Q==?=\nContent-Type: text/plain; charset=Windows-1256\n"
          "Content-Transfer-Encoding: base64\n\nIA==\n",
     "clerk@site.example", "عاجل", ""},
    {"Turkish", FROM "Content-Type: text/plain; charset=iso-8859-9\n\nAC\xddL 14:20",
     "clerk@site.example", "ACİL 14:20", ""},
    {"the first part of plain text", MIXED ONE "--=_x\n\nFLASH two\n--=_x--\n",
     "clerk@site.example", "FLASH one", ""},
    {"what stands before the parts is none", MIXED "preamble\n" ONE "--=_x--\nepilogue",
     "clerk@site.example", "FLASH one", ""},
    {"behind a picture", MIXED "--=_x\nContent-Type: image/png\n\nPNG\n" ONE "--=_x--\n",
     "clerk@site.example", "FLASH one", ""},
    {"a file of plain text is not what was typed",
     MIXED "--=_x\nContent-Disposition: attachment; filename=a.txt\n\nfile\n" ONE "--=_x--\n",
     "clerk@site.example", "FLASH one", ""},
    {"parts in a part",
     MIXED "--=_x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n\nplain\n"
           "--y\nContent-Type: text/html\n\n<p>\n--y--\n\n--=_x--\n",
     "clerk@site.example", "plain", ""},
    {"the subject, where nothing else is written", FROM "Subject: FLASH 14:20\n\n \n",
     "clerk@site.example", "FLASH 14:20", ""},
    {"encoded words, the space between them none",
     FROM "Subject: a =?utf-8?Q?FLASH_=D8=AA?= \n =?UTF-8*ps?b?2Yg=?= b\n\n", "clerk@site.example",
     "a FLASH تو b", ""},
    {"no encoded word", FROM "Subject: =?x =?utf-8?z?a?= ?=\n\n", "clerk@site.example",
     "=?x =?utf-8?z?a?= ?=", ""},
    {"an answer above what it answers",
     FROM "\nYES 4711\n\nOn Monday, the desk wrote:\n> YES 1\n> 2", "clerk@site.example",
     "YES 4711", ""},
    {"a signature", FROM "\nYES 4711\n-- \nA clerk, +93 70", "clerk@site.example", "YES 4711", ""},
};

static void test_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct mail mail = {0};
        bool ok = mail_parse(&mail, span_of(taken[i].file), &arena, &err);

        if (!ok)
            fail_msg("case \"%s\": %s", taken[i].name, err.text);
        CHECK_CASE(taken[i].name, span_is(mail.from, taken[i].from));
        CHECK_CASE(taken[i].name, span_is(mail.text, taken[i].text));
        CHECK_CASE(taken[i].name, span_is(mail.id, taken[i].id));
        arena_free(&arena);
    }
}

static const struct {
    const char *name, *file, *fault;
    enum err_kind kind;
} refused[] = {
    {"nothing", "", "does not say who", ERR_MALFORMED},
    {"no sender", "Subject: x\n\nx", "does not say who", ERR_MALFORMED},
    {"a sender in the body", "X: y\n\nFrom: a@b\n", "does not say who", ERR_MALFORMED},
    {"two senders", FROM FROM "\nx", "from stands twice", ERR_MALFORMED},
    {"two ids", FROM "Message-Id: <a@b>\nMessage-ID: <c@d>\n\nx", "message-id stands twice",
     ERR_MALFORMED},
    {"two types", FROM "Content-Type: text/plain\ncontent-type: text/html\n\nx", "stands twice",
     ERR_MALFORMED},
    {"a mailbox file's first line", "From a@b Mon Nov\n" FROM "\nx", "no field", ERR_MALFORMED},
    {"a line that is no field", FROM "hello\n\nx", "no field", ERR_MALFORMED},
    {"a name with a space inside", FROM "X Y: z\n\nx", "no field", ERR_MALFORMED},
    {"a name that is empty", FROM ": z\n\nx", "no field", ERR_MALFORMED},
    {"it begins folded", " z: y\n\n" FROM "\nx", "does not say who", ERR_MALFORMED},
    {"an empty sender", "From:\n\nx", "no address", ERR_MALFORMED},
    {"the null sender", "From: <>\n\nx", "no address", ERR_MALFORMED},
    {"two addresses", "From: a@b.example, c@d.example\n\nx", "not one address", ERR_MALFORMED},
    {"two in brackets", "From: <a@b.example> <c@d.example>\n\nx", "not one address", ERR_MALFORMED},
    {"a group", "From: all: a@b.example;\n\nx", "not one address", ERR_MALFORMED},
    {"a route", "From: <@x.example:a@b.example>\n\nx", "no address", ERR_MALFORMED},
    {"a quoted local part", "From: <\"a\"@b.example>\n\nx", "not one address", ERR_MALFORMED},
    {"a bracket that does not end", "From: <a@b.example\n\nx", "no address", ERR_MALFORMED},
    {"a quoted name that does not end", "From: \"a <a@b.example>\n\nx", "does not end",
     ERR_MALFORMED},
    {"a comment that does not end", "From: a@b.example (x\n\nx", "does not end", ERR_MALFORMED},
    {"a backslash at the end", "From: \"a\\", "does not end", ERR_MALFORMED},
    {"no domain", "From: clerk\n\nx", "no address", ERR_MALFORMED},
    {"two @", "From: a@b@c.example\n\nx", "no address", ERR_MALFORMED},
    {"a domain in brackets", "From: a@[192.0.2.1]\n\nx", "no address", ERR_MALFORMED},
    {"a dot at the end", "From: a.@b.example\n\nx", "no address", ERR_MALFORMED},
    {"two dots", "From: a@b..example\n\nx", "no address", ERR_MALFORMED},
    {"a hyphen at the end of a label", "From: a@b-.example\n\nx", "no address", ERR_MALFORMED},
    {"letters beyond ASCII", "From: a@bü.example\n\nx", "no address", ERR_MALFORMED},
    {"an id without brackets", FROM "Message-ID: a@b\n\nx", "Message-ID", ERR_MALFORMED},
    {"an id with a space", FROM "Message-ID: <a @b>\n\nx", "Message-ID", ERR_MALFORMED},
    {"two ids in one", FROM "Message-ID: <a@b> <c@d>\n\nx", "Message-ID", ERR_MALFORMED},
    {"nothing written", FROM "\n\n", "nothing is written", ERR_REFUSED},
    {"only what it answers", FROM "\n> YES 1\n", "nothing is written", ERR_REFUSED},
    {"another charset", FROM "Content-Type: text/plain; charset=koi8-r\n\n\xca",
     "charset \"koi8-r\", which is not read here", ERR_REFUSED},
    {"another charset in the subject", FROM "Subject: =?gb2312?Q?=ca?=\n\n",
     "charset \"gb2312\", which is not read here", ERR_REFUSED},
    {"a byte that its charset does not have",
     FROM "Content-Type: text/plain; charset=iso-8859-6\n\n\xff", "other bytes", ERR_MALFORMED},
    {"one in the subject", FROM "Subject: =?windows-1252?Q?=81?=\n\n", "is damaged", ERR_MALFORMED},
    {"an encoded word that is damaged", FROM "Subject: =?utf-8?B?A?=\n\n", "is damaged",
     ERR_MALFORMED},
    {"an encoded word of half a letter", FROM "Subject: =?utf-8?Q?=d8?=\n\n", "no text of UTF-8",
     ERR_MALFORMED},
    {"bytes of no charset", FROM "\n\xca\xcb", "names none", ERR_MALFORMED},
    {"bytes of another charset", FROM "Content-Type: text/plain; charset=utf-8\n\n\xca",
     "other bytes", ERR_MALFORMED},
    {"ASCII that is none", FROM "Content-Type: text/plain; charset=us-ascii\n\nتو", "other bytes",
     ERR_MALFORMED},
    {"another encoding", FROM "Content-Transfer-Encoding: x-uuencode\n\nx", "\"x-uuencode\"",
     ERR_REFUSED},
    {"damaged base64", FROM "Content-Transfer-Encoding: base64\n\n2Kr", "base64 is damaged",
     ERR_MALFORMED},
    {"bytes that are none of base64", FROM "Content-Transfer-Encoding: base64\n\n2Kr!",
     "is damaged", ERR_MALFORMED},
    {"U+0000", FROM "Content-Transfer-Encoding: quoted-printable\n\na=00b", "names none",
     ERR_MALFORMED},
    {"damaged quoted-printable", FROM "Content-Transfer-Encoding: quoted-printable\n\na=4",
     "quoted-printable is damaged", ERR_MALFORMED},
    {"HTML alone", FROM "Content-Type: text/html\n\n<p>x", "no part of plain text", ERR_REFUSED},
    {"a picture alone", FROM "Content-Type: image/png\n\nPNG", "no part of plain text",
     ERR_REFUSED},
    {"a file alone", FROM "Content-Disposition: Attachment\n\nx", "no part of plain text",
     ERR_REFUSED},
    {"another's mail alone", FROM "Content-Type: message/rfc822\n\n" FROM "\nx", "no part of plain",
     ERR_REFUSED},
    {"no type", FROM "Content-Type: text\n\nx", "Content-Type that is none", ERR_MALFORMED},
    {"a parameter without a value", FROM "Content-Type: text/plain; charset\n\nx", "that is none",
     ERR_MALFORMED},
    {"a charset twice", FROM "Content-Type: text/plain; charset=utf-8; charset=x\n\nx",
     "that is none", ERR_MALFORMED},
    {"a quoted value that does not end", FROM "Content-Type: text/plain; charset=\"utf-8\n\nx",
     "that is none", ERR_MALFORMED},
    {"parts without a boundary", FROM "Content-Type: multipart/mixed\n\n--\n\nx\n----\n",
     "without a boundary", ERR_MALFORMED},
    {"parts cut off", MIXED ONE, "does not end", ERR_MALFORMED},
    {"parts cut off behind the first", MIXED ONE "--=_x\n\ntwo", "does not end", ERR_MALFORMED},
    {"a part's header is none", MIXED "--=_x\nhello\n\nx\n--=_x--\n", "no field", ERR_MALFORMED},
    {"an inner boundary that begins like the outer one, cut off",
     MIXED "--=_x\nContent-Type: multipart/mixed; boundary=\"=_xx\"\n\n--=_xx\n\n--=_x--\n",
     "does not end", ERR_MALFORMED},
    {"no part", MIXED "--=_x--\n", "no part of plain text", ERR_REFUSED},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct mail mail = {.date_ms = 99};

        CHECK_CASE(refused[i].name, !mail_parse(&mail, span_of(refused[i].file), &arena, &err));
        if (!strstr(err.text, refused[i].fault))
            fail_msg("%s: %s", refused[i].name, err.text);
        CHECK_CASE(refused[i].name, err.kind == refused[i].kind);
        CHECK_CASE(refused[i].name, mail.date_ms == 99); /* out is left alone */
        arena_free(&arena);
    }
}

static void test_date(void **state)
{
    static const struct {
        const char *date;
        int64_t want; /* -1: it says nothing */
    } cases[] = {
        {"Sat, 22 Nov 2025 10:30:00 +0000", INT64_C(1763807400000)},
        {"22 Nov 2025 15:00 +0430", INT64_C(1763807400000)},
        {"Sat, 22 Nov 2025 10:30:00 GMT", INT64_C(1763807400000)},
        {"Sat, 22 Nov 2025 05:30:00 -0500 (EST)", INT64_C(1763807400000)},
        {"1 Jan 1970 00:00:00 +0000", 0},
        {"", -1},
        {"yesterday", -1},
        {"31 Feb 2025 10:30:00 +0000", -1},
        {"0 Nov 2025 10:30:00 +0000", -1},
        {"22 Xyz 2025 10:30:00 +0000", -1},
        {"22 Nov 25 10:30:00 +0000", -1},
        {"22 Nov 2025 24:00:00 +0000", -1},
        {"22 Nov 2025 10:60:00 +0000", -1},
        {"22 Nov 2025 10:30", -1},
        {"22 Nov 2025 10:30:00 EST", -1},
        {"22 Nov 2025 10:30:00 +04", -1},
        {"22 Nov 2025 10:30:00 +0460", -1},
        {"22 Nov 2025 10:30:00 +00001", -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct mail mail;
        const char *file = arena_printf(&arena, FROM "Date: %s\n\nx", cases[i].date);

        CHECK_CASE(cases[i].date, mail_parse(&mail, span_of(file), &arena, &err));
        CHECK_CASE(cases[i].date, mail.dated == (cases[i].want >= 0));
        CHECK_CASE(cases[i].date, mail.date_ms == (cases[i].want < 0 ? 0 : cases[i].want));
        arena_free(&arena);
    }
}

/* Those that no answer may go to: two programs would answer each other for ever. */
static void test_automatic(void **state)
{
    static const struct {
        const char *name, *file;
        bool automatic;
    } cases[] = {
        {"a person", FROM "\nx", false},
        {"a person, said so", FROM "Auto-Submitted: no\n\nx", false},
        {"an answer", FROM "Auto-Submitted: auto-replied\n\nx", true},
        {"to many", FROM "Precedence: Bulk\n\nx", true},
        {"to a list", FROM "List-Id: <l.example>\n\nx", true},
        {"that it could not be delivered", "From: MAILER-DAEMON@site.example\n\nx", true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct mail mail;

        CHECK_CASE(cases[i].name, mail_parse(&mail, span_of(cases[i].file), &arena, &err));
        CHECK_CASE(cases[i].name, mail.automatic == cases[i].automatic);
        arena_free(&arena);
    }
}

static struct span many(struct arena *arena, const char *before, const char *again, size_t count,
                        const char *after)
{
    struct buf out = buf_in(arena, SIZE_MAX);

    buf_text(&out, before);
    for (size_t i = 0; i < count; i++)
        buf_text(&out, again);
    buf_text(&out, after);
    return buf_span(&out);
}

static void test_limits(void **state)
{
    static const struct {
        const char *name, *before, *again, *after;
        size_t fits; /* one more is refused */
    } cases[] = {
        {"fields", FROM, "X: y\n", "\nx", LIMIT_MAIL_FIELDS - 1},
        {"bytes of a header", FROM "X: ", "y", "\n\nx",
         LIMIT_MAIL_HEADER_BYTES - sizeof(FROM "X: \n") + 1},
        {"parts", MIXED, "--=_x\nContent-Type: image/png\n\nx\n", "--=_x\n\nx\n--=_x--\n",
         LIMIT_MAIL_PARTS - 1},
        {"bytes", FROM "\n", "y", "\n", LIMIT_MAIL_BYTES - sizeof(FROM "\n\n") + 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        for (size_t more = 0; more < 2; more++) {
            struct arena arena = {0};
            struct err err = {0};
            struct mail mail;
            struct span file =
                many(&arena, cases[i].before, cases[i].again, cases[i].fits + more, cases[i].after);

            CHECK_CASE(cases[i].name, mail_parse(&mail, file, &arena, &err) == (more == 0));
            CHECK_CASE(cases[i].name, more == 0 || err.kind == ERR_LIMIT);
            arena_free(&arena);
        }
}

/* An answer is a mail that is read back, and that nobody's program answers. */
static void test_write(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    struct mail mail;
    const struct mail_answer answer = {.from = "flash@site.example",
                                       .to = SPAN_LIT("a@b.example"),
                                       .key = "abc",
                                       .about = SPAN_LIT("7.a@sms.example"),
                                       .date_ms = INT64_C(1763807400000),
                                       .text = SPAN_LIT("1) تورخم\n2) KHOST, and so on, and on, "
                                                        "until it is longer than one line of it")};
    struct span file = mail_write(&answer, &arena);

    (void)state;
    assert_true(mail_parse(&mail, file, &arena, &err));
    assert_true(span_is(mail.from, "flash@site.example") && span_is(mail.id, "abc@site.example"));
    assert_true(mail.dated && mail.date_ms == answer.date_ms);
    assert_true(mail.automatic && span_equal(mail.text, answer.text));
    const char *text = arena_text(&arena, file);
    assert_non_null(strstr(text, "Date: Sat, 22 Nov 2025 10:30:00 +0000\r\n"));
    assert_non_null(strstr(text, "\r\nTo: <a@b.example>\r\n"));
    assert_non_null(strstr(text, "\r\nIn-Reply-To: <7.a@sms.example>\r\n"));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_taken),     cmocka_unit_test(test_refused), cmocka_unit_test(test_date),
    cmocka_unit_test(test_automatic), cmocka_unit_test(test_limits),  cmocka_unit_test(test_write),
};

RUN_TESTS(tests)
