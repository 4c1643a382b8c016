#include "forms/answer.h"

#include "base/limits.h"
#include "base/test.h"

#define META "<meta><instanceID>uuid:1</instanceID></meta>"
#define OF(id, content) "<data id='" id "' version='7'>" content META "</data>"

/* The flat object, then each medium as " @PATH=FILE", then each unknown as " ?PATH=TEXT". */
static char *shown(const struct form_answer *answer, struct arena *arena)
{
    struct buf buf = buf_in(arena, 1u << 20);

    json_encode(&buf, &answer->flat);
    for (size_t i = 0; i < answer->media_count; i++)
        buf_printf(&buf, " @%.*s=%.*s", SPAN_ARG(answer->media[i].path),
                   SPAN_ARG(answer->media[i].name));
    for (size_t i = 0; i < answer->unknown_count; i++)
        buf_printf(&buf, " ?%.*s=%.*s", SPAN_ARG(answer->unknown[i].path),
                   SPAN_ARG(answer->unknown[i].text));
    return arena_text(arena, buf_span(&buf));
}

static void test_accepted(void **state)
{
    static const struct {
        const char *name, *xml, *shown;
    } cases[] = {
        {"nothing answered", OF("flash", ""), "{\"external_id\":\"uuid:1\"}"},
        {"words",
         OF("flash", "<happens><what> Mortars\nnear here </what><ongoing>yes</ongoing></happens>"),
         "{\"external_id\":\"uuid:1\",\"ongoing\":\"yes\",\"what\":\"Mortars\\nnear here\"}"},
        {"numbers",
         OF("flash", "<happens><casualties_min>0</casualties_min>"
                     "<casualties_max>12</casualties_max></happens>"),
         "{\"casualties_max\":12,\"casualties_min\":0,\"external_id\":\"uuid:1\"}"},
        {"several of a list", OF("flash", "<happens><needs>medevac  cease</needs></happens>"),
         "{\"external_id\":\"uuid:1\",\"needs\":[\"medevac\",\"cease\"]}"},
        {"a time by the watch",
         OF("flash", "<when><at>2026-03-01T17:20:00.000+05:00</at><exact>minute</exact></when>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"watch\",\"offset_min\":300,"
         "\"uncertainty_ms\":60000},\"external_id\":\"uuid:1\"}"},
        {"an offset in hours, as Collect writes it",
         OF("flash", "<when><at>2026-03-01T12:20:00.000Z</at><exact>hour</exact></when>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"estimate\",\"offset_min\":0,"
         "\"uncertainty_ms\":3600000},\"external_id\":\"uuid:1\"}"},
        {"an offset of hours alone",
         OF("flash", "<when><at>2026-03-01T09:20:00.123456-03</at><exact>quarter</exact></when>"),
         "{\"at\":{\"at_ms\":1772367600123,\"basis\":\"estimate\",\"offset_min\":-180,"
         "\"uncertainty_ms\":900000},\"external_id\":\"uuid:1\"}"},
        {"no offset: 14 hours of doubt",
         OF("flash", "<when><at>2026-03-01T12:20</at><exact>minute</exact></when>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"watch\",\"offset_min\":0,"
         "\"uncertainty_ms\":50460000},\"external_id\":\"uuid:1\"}"},
        {"only the day: its middle, there",
         OF("flash", "<when><at>2026-03-01T01:20:00+04:30</at><exact>day</exact></when>"),
         "{\"at\":{\"at_ms\":1772350200000,\"basis\":\"estimate\",\"offset_min\":270,"
         "\"uncertainty_ms\":43200000},\"external_id\":\"uuid:1\"}"},
        {"nobody said how exact: the vaguest",
         OF("flash", "<when><at>2026-03-01T12:20:00Z</at><exact/></when>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"estimate\",\"offset_min\":0,"
         "\"uncertainty_ms\":43200000},\"external_id\":\"uuid:1\"}"},
        {"how exact, said before the time",
         OF("flash", "<when><exact>minute</exact><at>2026-03-01T12:20:00Z</at></when>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"watch\",\"offset_min\":0,"
         "\"uncertainty_ms\":60000},\"external_id\":\"uuid:1\"}"},
        {"a position by the device",
         OF("flash", "<where><position>34.1235678 71.1 1203.1 4.2</position></where>"),
         "{\"external_id\":\"uuid:1\",\"lat_e7\":341235678,\"lon_e7\":711000000,\"position_basis\":"
         "\"geopoint 34.1235678 71.1 1203.1 4.2\",\"uncertainty_m\":5}"},
        {"a position rounded, south and west",
         OF("flash", "<where><position>-0.00000005 -71.12345674 0.0 0.0</position>"
                     "<error>m200</error></where>"),
         "{\"external_id\":\"uuid:1\",\"lat_e7\":-1,\"lon_e7\":-711234567,\"position_basis\":"
         "\"geopoint -0.00000005 -71.12345674 0.0 0.0\",\"uncertainty_m\":200}"},
        {"the device is vaguer than what was said",
         OF("flash", "<where><position>34 71 0 350.5</position><error>m200</error></where>"),
         "{\"external_id\":\"uuid:1\",\"lat_e7\":340000000,\"lon_e7\":710000000,\"position_basis\":"
         "\"geopoint 34 71 0 350.5\",\"uncertainty_m\":351}"},
        {"a pin on a map, and nobody said how far off",
         OF("flash", "<where><position>34 71</position><error></error></where>"),
         "{\"external_id\":\"uuid:1\",\"lat_e7\":340000000,\"lon_e7\":710000000,\"position_basis\":"
         "\"geopoint 34 71\",\"uncertainty_m\":20000}"},
        {"files",
         OF("flash", "<more><audio>a.m4a</audio><photos><photo>1.jpg</photo></photos>"
                     "<photos><photo>\xd8\xb9\xda\xa9\xd8\xb3.jpg</photo></photos></more>"),
         "{\"external_id\":\"uuid:1\"} @more/audio=a.m4a @more/photos/photo=1.jpg "
         "@more/photos/photo=\xd8\xb9\xda\xa9\xd8\xb3.jpg"},
        {"an empty repeat is none, as Enketo and Web Forms send it",
         OF("flash", "<more><photos><photo/></photos><photos/></more>"),
         "{\"external_id\":\"uuid:1\"}"},
        {"the pattern of a repeat",
         OF("flash", "<more><photos xmlns:jr='http://openrosa.org/javarosa' jr:template=''>"
                     "<photo>no.jpg</photo></photos></more>"),
         "{\"external_id\":\"uuid:1\"}"},
        {"other namespaces",
         "<d:data xmlns:d='urn:d' xmlns:o='urn:o' id='flash'><d:happens><o:what>W</o:what>"
         "</d:happens><o:meta><d:instanceID>uuid:1</d:instanceID></o:meta></d:data>",
         "{\"external_id\":\"uuid:1\",\"what\":\"W\"}"},
        {"what the form does not have",
         OF("flash", "<start>2026</start><happens><more><x>1</x><y/></more></happens>"),
         "{\"external_id\":\"uuid:1\"} ?start=2026 ?happens/more= ?happens/more/x=1 "
         "?happens/more/y="},
        {"who was harmed, line by line, and an empty line",
         OF("report", "<harmed><casualties><class>killed</class><group>girl</group><min>1</min>"
                      "<max/></casualties><casualties><class/><min/></casualties>"
                      "<casualties><max>0</max><class>missing</class></casualties></harmed>"),
         "{\"casualties\":[{\"class\":\"killed\",\"group\":\"girl\",\"min\":1},"
         "{\"class\":\"missing\",\"max\":0}],\"external_id\":\"uuid:1\"}"},
        {"a line",
         OF("report", "<where><line>34.5 71.25 0 0; 34.5 71.5 10 3.0;35 71 0 0;</line></where>"),
         "{\"external_id\":\"uuid:1\",\"shape\":[{\"lat_e7\":345000000,\"lon_e7\":712500000},"
         "{\"lat_e7\":345000000,\"lon_e7\":715000000},{\"lat_e7\":350000000,\"lon_e7\":710000000}],"
         "\"shape_form\":\"line\"}"},
        {"an area, its first point once",
         OF("report", "<where><line/><area>34 71;34 72;35 72;34 71</area></where>"),
         "{\"external_id\":\"uuid:1\",\"shape\":[{\"lat_e7\":340000000,\"lon_e7\":710000000},"
         "{\"lat_e7\":340000000,\"lon_e7\":720000000},{\"lat_e7\":350000000,\"lon_e7\":720000000}],"
         "\"shape_form\":\"area\"}"},
        {"where the observer stood, beside where it happened",
         OF("observation", "<observed><verb>saw</verb><means>saw</means></observed><when><at>"
                           "2026-03-01T12:20:00Z</at><exact>minute</exact></when><where><position>"
                           "34 71 0 7</position></where><standpoint><observer>34.5 71.5 0 4.1"
                           "</observer></standpoint>"),
         "{\"at\":{\"at_ms\":1772367600000,\"basis\":\"watch\",\"offset_min\":0,"
         "\"uncertainty_ms\":60000},\"external_id\":\"uuid:1\",\"lat_e7\":340000000,\"lon_e7\":"
         "710000000,\"means\":\"saw\",\"observer_lat_e7\":345000000,\"observer_lon_e7\":715000000,"
         "\"observer_uncertainty_m\":5,\"position_basis\":\"geopoint 34 71 0 "
         "7\",\"uncertainty_m\":7,"
         "\"verb\":\"saw\"}"},
        {"a kind without an external id",
         OF("visit", "<request><request>"
                     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
                     "</request></request><when><arrived>2026-03-01T12:20:00Z</arrived>"
                     "<exact>minute</exact></when><observed><seen>in_part</seen></observed>"),
         "{\"arrived\":{\"at_ms\":1772367600000,\"basis\":\"watch\",\"offset_min\":0,"
         "\"uncertainty_ms\":60000},\"request\":"
         "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","
         "\"seen\":\"in_part\"}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct form_answer answer;

        if (!answer_parse(&answer, span_of(cases[i].xml), &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        if (strcmp(shown(&answer, &arena), cases[i].shown) != 0)
            fail_msg("case \"%s\": %s", cases[i].name, shown(&answer, &arena));
        arena_free(&arena);
    }
}

static char *many_photos(size_t count, struct arena *arena)
{
    struct buf buf = buf_in(arena, 1u << 20);

    buf_text(&buf, "<data id='flash'><more>");
    for (size_t i = 0; i < count; i++)
        buf_printf(&buf, "<photos><photo>%zu.jpg</photo></photos>", i);
    buf_text(&buf, "</more>" META "</data>");
    return arena_text(arena, buf_span(&buf));
}

static char *many_unknown(size_t count, struct arena *arena)
{
    struct buf buf = buf_in(arena, 1u << 20);

    buf_text(&buf, "<data id='flash'>");
    for (size_t i = 0; i < count; i++)
        buf_text(&buf, "<unknown/>");
    buf_text(&buf, META "</data>");
    return arena_text(arena, buf_span(&buf));
}

static void test_refused(void **state)
{
    struct arena arena = {0};
    const struct {
        const char *name, *xml;
        enum err_kind kind;
        const char *fault;
    } cases[] = {
        {"no XML", "id=flash", ERR_MALFORMED, "XML: line 1"},
        {"a DOCTYPE", "<!DOCTYPE data>" OF("flash", ""), ERR_MALFORMED, "a DOCTYPE"},
        {"no form", "<data>" META "</data>", ERR_MISSING, "it names no form"},
        {"another form", OF("poll", ""), ERR_MISSING, "there is no form \"poll\""},
        {"the name of a kind", OF("incident.flash", ""), ERR_MISSING, "there is no form"},
        {"encrypted", "<data id='flash' encrypted='yes'>" META "</data>", ERR_REFUSED, "encrypted"},
        {"no instanceID", "<data id='flash'/>", ERR_MALFORMED, "meta/instanceID: no id"},
        {"an empty one", "<data id='flash'><meta><instanceID/></meta></data>", ERR_MALFORMED,
         "meta/instanceID: no id"},
        {"one with spaces", "<data id='flash'><meta><instanceID>a b</instanceID></meta></data>",
         ERR_MALFORMED, "meta/instanceID: no id"},
        {"a deprecatedID with spaces",
         "<data id='flash'><meta><instanceID>a</instanceID><deprecatedID>b c</deprecatedID></meta>"
         "</data>",
         ERR_MALFORMED, "meta/deprecatedID: no id"},
        {"an audit somewhere else",
         "<data "
         "id='flash'><meta><instanceID>a</instanceID><audit>../audit.csv</audit></meta></data>",
         ERR_MALFORMED, "meta/audit: no bare name"},
        {"a word that is none", OF("flash", "<happens><ongoing>maybe</ongoing></happens>"),
         ERR_MALFORMED, "happens/ongoing: \"ongoing\" is none of its words: yes, no, unknown"},
        {"a word in a list that is none",
         OF("flash", "<happens><needs>medevac war</needs></happens>"), ERR_MALFORMED,
         "happens/needs: \"needs\" number 2: \"need\" is none of its words"},
        {"no number", OF("flash", "<happens><casualties_min>two</casualties_min></happens>"),
         ERR_MALFORMED, "happens/casualties_min: no whole number"},
        {"a fraction", OF("flash", "<happens><casualties_min>1.5</casualties_min></happens>"),
         ERR_MALFORMED, "happens/casualties_min: no whole number"},
        {"below its limit", OF("flash", "<happens><casualties_min>-1</casualties_min></happens>"),
         ERR_MALFORMED, "happens/casualties_min: \"casualties_min\" must be 0"},
        {"no time", OF("flash", "<when><at>yesterday</at></when>"), ERR_MALFORMED,
         "when/at: no date and time"},
        {"a date alone", OF("flash", "<when><at>2026-03-01</at></when>"), ERR_MALFORMED,
         "when/at: no date and time"},
        {"a day that is none", OF("flash", "<when><at>2026-02-30T12:00:00Z</at></when>"),
         ERR_MALFORMED, "when/at: no date and time"},
        {"an offset that is none", OF("flash", "<when><at>2026-03-01T12:00:00+25:00</at></when>"),
         ERR_MALFORMED, "when/at: no date and time"},
        {"exact by another word",
         OF("flash", "<when><at>2026-03-01T12:00:00Z</at><exact>very</exact></when>"),
         ERR_MALFORMED, "when/at: \"exact\" is none of its words"},
        {"heard with the eyes",
         OF("observation", "<observed><verb>heard</verb><means>saw</means></observed>"),
         ERR_MALFORMED, "observed/means: \"heard\" does not go with it"},
        {"half a position", OF("flash", "<where><position>34.1</position></where>"), ERR_MALFORMED,
         "where/position: no position"},
        {"five numbers", OF("flash", "<where><position>34 71 0 1 1</position></where>"),
         ERR_MALFORMED, "where/position: no position"},
        {"beyond the pole", OF("flash", "<where><position>90.0000001 71</position></where>"),
         ERR_MALFORMED, "where/position: \"lat_e7\" must be"},
        {"an exponent", OF("flash", "<where><position>3.4e1 71</position></where>"), ERR_MALFORMED,
         "where/position: no position"},
        {"an accuracy below nothing", OF("flash", "<where><position>34 71 0 -1</position></where>"),
         ERR_MALFORMED, "where/position: no position"},
        {"off by another word",
         OF("flash", "<where><position>34 71</position><error>far</error></where>"), ERR_MALFORMED,
         "where/position: \"error\" is none of its words"},
        {"a line of casualties that says nothing of what",
         OF("report", "<harmed><casualties><min>1</min></casualties></harmed>"), ERR_MALFORMED,
         "\"casualties\" number 1: \"line\" lacks \"class\""},
        {"a word in it that is none",
         OF("report", "<harmed><casualties><class>gone</class></casualties></harmed>"),
         ERR_MALFORMED, "harmed/casualties/class: \"class\" is none of its words"},
        {"a line of one point", OF("report", "<where><line>34 71 0 0</line></where>"),
         ERR_MALFORMED, "where/line: \"shape\" must have 2 to 200 items"},
        {"a line with half a point", OF("report", "<where><line>34 71;35;36 71</line></where>"),
         ERR_MALFORMED, "where/line: point 2: no position"},
        {"an area that is open", OF("report", "<where><area>34 71;34 72;35 72</area></where>"),
         ERR_MALFORMED, "where/area: its last point is not its first"},
        {"an area of one point", OF("report", "<where><area>34 71</area></where>"), ERR_MALFORMED,
         "where/area: its last point is not its first"},
        {"an area of nothing inside", OF("report", "<where><area>34 71;34 71</area></where>"),
         ERR_MALFORMED, "where/area: \"shape\" must have 2 to 200 items"},
        {"a line and an area",
         OF("report",
            "<where><line>34 71;35 72</line><area>34 71;34 72;35 72;34 71</area></where>"),
         ERR_MALFORMED, "where/area: there is a line already"},
        {"a file somewhere else", OF("flash", "<more><audio>../keys/a</audio></more>"),
         ERR_MALFORMED, "more/audio: no bare name"},
        {"a file by a path of Windows", OF("flash", "<more><audio>a\\b</audio></more>"),
         ERR_MALFORMED, "more/audio: no bare name"},
        {"the directory", OF("flash", "<more><audio>..</audio></more>"), ERR_MALFORMED,
         "more/audio: no bare name"},
        {"one file twice",
         OF("flash", "<more><photos><photo>1</photo></photos><audio>1</audio></more>"),
         ERR_MALFORMED, "more/audio: the file is named by \"more/photos/photo\" already"},
        {"more files than a form may name", many_photos(LIMIT_FORM_FILES + 1, &arena), ERR_LIMIT,
         "more/photos/photo: more than 300 files"},
        {"more that is unknown than can be meant", many_unknown(201, &arena), ERR_LIMIT,
         "more that the form does not have"},
        {"an answer twice", OF("flash", "<happens><what>a</what><what>b</what></happens>"),
         ERR_MALFORMED, "happens/what: stands there twice"},
        {"a group twice", OF("flash", "<happens/><happens/>"), ERR_MALFORMED,
         "happens: stands there twice"},
        {"elements in an answer", OF("flash", "<happens><what><b>a</b></what></happens>"),
         ERR_MALFORMED, "happens/what: has elements in it"},
        {"what the kind cannot do without", OF("patrol", "<where><sector>SEC-1</sector></where>"),
         ERR_MALFORMED, "\"from\" is missing"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct form_answer answer = {.media_count = 99};

        CHECK_CASE(cases[i].name, !answer_parse(&answer, span_of(cases[i].xml), &arena, &err));
        if (err.kind != cases[i].kind || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, answer.media_count == 99);
    }
    arena_free(&arena);
}

static void test_limits(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    struct form_answer answer;

    (void)state;
    assert_true(
        answer_parse(&answer, span_of(many_photos(LIMIT_FORM_FILES, &arena)), &arena, &err));
    assert_int_equal(answer.media_count, LIMIT_FORM_FILES);
    assert_true(answer_parse(&answer, span_of(many_unknown(200, &arena)), &arena, &err));
    assert_int_equal(answer.unknown_count, 200);
    arena_free(&arena);
}

static void test_meta(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    struct form_answer answer;

    (void)state;
    assert_true(answer_parse(
        &answer,
        SPAN_LIT("<data id='report' version=' 2a '><o:meta xmlns:o='http://openrosa.org/xforms'>"
                 "<o:audit>audit.csv</o:audit><o:instanceID>uuid:2</o:instanceID>"
                 "<o:deprecatedID>uuid:1</o:deprecatedID><o:instanceName>n</o:instanceName>"
                 "</o:meta></data>"),
        &arena, &err));
    assert_string_equal(answer.form->id, "report");
    assert_true(span_is(answer.version, "2a"));
    assert_true(span_is(answer.instance_id, "uuid:2"));
    assert_true(span_is(answer.deprecated_id, "uuid:1"));
    assert_true(span_is(answer.instance_name, "n"));
    assert_true(span_is(answer.audit, "audit.csv"));
    assert_true(
        answer_parse(&answer, SPAN_LIT("<data id='flash' instanceID='uuid:3'/>"), &arena, &err));
    assert_true(span_is(answer.instance_id, "uuid:3"));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accepted),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_meta),
};

RUN_TESTS(tests)
