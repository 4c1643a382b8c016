#include "api/sms.h"

#include "base/buf.h"
#include "base/test.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json; charset=utf-8"
#define PLAIN "text/plain"

/* from|text|id|received|token|answer */
static const char *show(const struct sms *sms, struct arena *arena)
{
    static const char *const answers[] = {
        [SMS_JSON] = "json", [SMS_TWIML] = "twiml", [SMS_SYNC] = "sync", [SMS_PLAIN] = "plain"};
    struct buf buf = buf_in(arena, SIZE_MAX);

    for (size_t i = 0; i < SMS_FIELDS; i++) {
        buf_put(&buf, sms->field[i]);
        buf_byte(&buf, '|');
    }
    buf_text(&buf, answers[sms->answer]);
    return arena_text(arena, buf_span(&buf));
}

/* As each gateway's documents or source have it. */
static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type, *query, *body, *want;
    } cases[] = {
        {"our own names", FORM, "", "from=%2B9370&text=a+b&id=1&received=7&token=t",
         "+9370|a b|1|7|t|json"},
        {"without a type", "", "", "from=1&text=x", "1|x||||json"},
        {"Twilio", FORM "; charset=UTF-8", "token=t",
         "ToCountry=US&SmsMessageSid=SM1&NumMedia=0&SmsSid=SM1&SmsStatus=received&Body=%D8%B7%D9%88"
         "&FromCountry=AF&To=%2B15005550006&MessageSid=SM1&AccountSid=AC1&From=%2B93701234567"
         "&ApiVersion=2010-04-01",
         "+93701234567|\xd8\xb7\xd9\x88|SM1||t|twiml"},
        {"SMSSync", FORM, "",
         "device_id=1&from=%2B9370&message=x&message_id=ab-1&secret=t&sent_timestamp=1760184000000"
         "&sent_to=%2B4479",
         "+9370|x|ab-1|1760184000000|t|sync"},
        {"Africa's Talking", FORM, "token=t",
         "date=2025-10-11+12%3A00%3A00&from=%2B254711&id=9f&linkId=Sample&text=x&to=2020"
         "&networkCode=63902",
         "+254711|x|9f||t|json"},
        {"Vonage, as JSON", JSON, "token=t",
         "{\"msisdn\":\"447700900001\",\"to\":\"447700900000\",\"messageId\":\"0A\",\"text\":\"x\","
         "\"type\":\"text\",\"keyword\":\"X\",\"message-timestamp\":\"2025-10-11 12:00:00\"}",
         "447700900001|x|0A||t|json"},
        {"Infobip", JSON, "token=t",
         "{\"results\":[{\"messageId\":\"817790313235066447\",\"from\":\"385916242493\",\"to\":"
         "\"385921004026\",\"text\":\"x\",\"cleanText\":\"y\",\"keyword\":\"\",\"receivedAt\":"
         "\"2025-10-11T12:00:00.000+0000\",\"smsCount\":1,\"price\":{\"pricePerMessage\":0}}],"
         "\"messageCount\":1,\"pendingMessageCount\":0}",
         "385916242493|x|817790313235066447|2025-10-11T12:00:00.000+0000|t|json"},
        {"SMS Gateway for Android: the event's id, for the message's is made of its words", JSON,
         "",
         "{\"deviceId\":\"d\",\"event\":\"sms:received\",\"id\":\"Ey6ECgOkVVFjz3CL48B8C\","
         "\"payload\":"
         "{\"messageId\":\"abc123\",\"message\":\"x\",\"phoneNumber\":\"6505551212\",\"simNumber\":"
         "1,"
         "\"receivedAt\":\"2025-10-11T12:00:00.000+07:00\"},\"webhookId\":\"w\"}",
         "6505551212|x|Ey6ECgOkVVFjz3CL48B8C|2025-10-11T12:00:00.000+07:00||json"},
        {"httpSMS", JSON, "token=t",
         "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/v1/messages/receive\",\"type\":"
         "\"message.phone.received\",\"datacontenttype\":\"application/json\",\"time\":"
         "\"2025-10-11T12:00:00.52+03:00\",\"data\":{\"contact\":\"+18005550100\",\"content\":"
         "\"x\","
         "\"encrypted\":false,\"message_id\":\"m1\",\"owner\":\"+18005550199\",\"sim\":\"SIM1\","
         "\"timestamp\":\"2025-10-11T12:00:00.52+03:00\"}}",
         "+18005550100|x|e1|2025-10-11T12:00:00.52+03:00|t|json"},
        {"SMS to URL Forwarder: when it came in, before when it was sent", JSON, "",
         "{\"from\":\"+9370\",\"text\":\"x\",\"sentStamp\":1760183000000,\"receivedStamp\":"
         "1760184000000,\"sim\":\"SIM1\"}",
         "+9370|x||1760184000000||json"},
        {"Kannel's post-url: fields in the address, the words as body", PLAIN "; charset=UTF-8",
         "token=t&from=%2B9370&id=7c&received=1760184000", "FLASH 14:20 from=1&text=y",
         "+9370|FLASH 14:20 from=1&text=y|7c|1760184000|t|plain"},
        {"plain text without a charset", "text/plain", "from=1", "\xd8\xb7", "1|\xd8\xb7||||plain"},
        {"Kannel, of what GSM's alphabet has", "text/plain; charset=ISO-8859-1", "from=1",
         "caf\xe9", "1|café||||plain"},
        {"Kannel, of what it has not", "text/plain; charset=\"UTF-16BE\"", "from=1",
         "\x06\x37\x06\x48", "1|طو||||plain"},
        {"a multipart form", "multipart/form-data; boundary=b", "",
         "--b\r\nContent-Disposition: form-data; "
         "name=\"from\"\r\n\r\n1\r\n--b\r\nContent-Disposition: "
         "form-data; name=\"message\"\r\n\r\nx\r\n--b--\r\n",
         "1|x||||json"},
        {"a file of a multipart form is no field", "multipart/form-data; boundary=b", "",
         "--b\r\nContent-Disposition: form-data; name=\"from\"; "
         "filename=\"f\"\r\n\r\n1\r\n--b--\r\n",
         "|||||json"},
        {"the address goes before the body", FORM, "from=1", "from=2&sender=3&text=x",
         "1|x||||json"},
        {"an empty field is none", FORM, "from=", "from=&sender=3&text=x", "3|x||||json"},
        {"the first name of the table, wherever it stands", FORM, "", "number=2&from=1&text=x",
         "1|x||||json"},
        {"the first of two", FORM, "", "text=x&from=1&text=y", "1|x||||json"},
        {"a number as JSON has it", JSON, "", "{\"from\":9370,\"text\":5}", "9370|5||||json"},
        {"true, null and lists are passed over", JSON, "",
         "{\"from\":[1],\"text\":true,\"id\":null,\"payload\":\"x\"}", "|||||json"},
        {"nothing", FORM, "", "", "|||||json"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct sms sms;

        if (!sms_parse(&sms, span_of(cases[i].type), span_of(cases[i].query),
                       span_of(cases[i].body), &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        if (strcmp(show(&sms, &arena), cases[i].want) != 0)
            fail_msg("case \"%s\": %s", cases[i].name, show(&sms, &arena));
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type, *query, *body, *fault;
    } cases[] = {
        {"a form that is not UTF-8", FORM, "", "from=1&text=%FF", "no UTF-8 text"},
        {"an address that is not", FORM, "text=%D8%", "", "no UTF-8 text"},
        {"half a character of UTF-16", PLAIN "; charset=UTF-16BE", "from=1", "x", "is not of the"},
        {"another charset", PLAIN "; Charset=koi8-r; x=y", "from=1", "x", "charset \"koi8-r\""},
        {"bytes as plain text", PLAIN, "from=1", "\xff", "or names none"},
        {"bytes as UTF-8", PLAIN ";charset=utf-8", "from=1", "\xff", "is not of the charset"},
        {"XML", "text/xml", "", "<sms/>", "a form, JSON or plain text, not \"text/xml\""},
        {"bytes of any kind", "application/octet-stream", "", "x",
         "not \"application/octet-stream\""},
        {"nearly JSON's type", "application/jsonx", "", "{}", "not \"application/jsonx\""},
        {"no JSON", JSON, "", "{", "line 1, column"},
        {"a member twice", JSON, "", "{\"text\":\"a\",\"text\":\"b\"}", "already"},
        {"some messages at once", JSON, "", "{\"results\":[{},{}]}", "2 messages in one post"},
        {"none", JSON, "", "{\"results\":[]}", "0 messages in one post"},
        {"an event of what was sent", JSON, "",
         "{\"event\":\"sms:sent\",\"id\":\"1\",\"payload\":{\"phoneNumber\":\"1\",\"message\":"
         "\"x\"}}",
         "an event \"sms:sent\" is no message received"},
        {"the same of another gateway", JSON, "",
         "{\"type\":\"message.phone.delivered\",\"data\":{\"contact\":\"1\",\"content\":\"x\"}}",
         "is no message received"},
        {"a multipart form cut off", "multipart/form-data; boundary=b", "", "--b\r\n",
         "the form: "},
        {"a multipart field that is not UTF-8", "multipart/form-data; boundary=b", "",
         "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\xff\r\n--b--\r\n",
         "no UTF-8 text"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct sms sms = {.answer = SMS_SYNC};

        CHECK_CASE(cases[i].name, !sms_parse(&sms, span_of(cases[i].type), span_of(cases[i].query),
                                             span_of(cases[i].body), &arena, &err));
        CHECK_CASE(cases[i].name, err.kind == ERR_USAGE && sms.answer == SMS_SYNC);
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_read),
                                          cmocka_unit_test(test_refuse)};

RUN_TESTS(tests)
