#include "web/web.h"

#include "base/test.h"
#include "web/web_files.h"

/* Asks as a browser does. V in the path or the query stands for our version. */
static bool ask(struct http_response *response, const char *method, const char *path,
                const char *query, struct arena *arena)
{
    char *with_version[2];
    const char *given[2] = {path, query};

    for (size_t i = 0; i < 2; i++) {
        const char *mark = strstr(given[i], "(V)");
        with_version[i] = mark ? arena_printf(arena, "%.*s%s%s", (int)(mark - given[i]), given[i],
                                              web_version, mark + 3)
                               : arena_printf(arena, "%s", given[i]);
    }
    struct http_request request = {.method = method,
                                   .path = span_of(with_version[0]),
                                   .query = span_of(with_version[1]),
                                   .arena = arena};
    *response = (struct http_response){.status = 200};
    return web_handle(&request, response);
}

static void test_web_handle(void **state)
{
    static const struct {
        const char *name, *path, *query;
        const char *type; /* "": is not ours */
        bool for_ever;
    } cases[] = {
        {"first page", "/", "", "text/html; charset=utf-8", false},
        {"first page in Urdu", "/", "lang=ur", "text/html; charset=utf-8", false},
        {"an incident", "/incident/0f3a", "", "text/html; charset=utf-8", false},
        {"the nodes", "/nodes", "", "text/html; charset=utf-8", false},
        {"what is due", "/due", "", "text/html; charset=utf-8", false},
        {"a part", "/part", "id=0f3a", "text/html; charset=utf-8", false},
        {"the forms", "/forms", "lang=ps", "text/html; charset=utf-8", false},
        {"a form", "/form", "id=flash", "text/html; charset=utf-8", false},
        {"what opens the forms without a network", "/form-worker.js", "",
         "text/javascript; charset=utf-8", false},
        {"what draws a form", "/static/(V)/webforms/form.js", "", "text/javascript; charset=utf-8",
         true},
        {"a record", "/record/0f3a", "as_of=7", "text/html; charset=utf-8", false},
        {"a script", "/static/(V)/main.js", "", "text/javascript; charset=utf-8", true},
        {"a style in a folder", "/static/(V)/css/base.css", "", "text/css; charset=utf-8", true},
        {"words", "/static/(V)/lang/ur.json", "", "application/json", true},
        {"the map's program", "/static/(V)/leaflet/leaflet.js", "",
         "text/javascript; charset=utf-8", true},
        {"a face", "/static/(V)/font/NotoNastaliqUrdu-Regular.ttf", "", "font/ttf", true},
        {"map data", "/data/basemap/boundaries.geojson", "", "application/geo+json", false},
        {"map data of our version", "/data/basemap/boundaries.geojson", "v=(V)",
         "application/geo+json", true},
        {"map data of another version", "/data/basemap/boundaries.geojson", "v=0",
         "application/geo+json", false},
        {"a script without a version", "/static/main.js", "", "text/javascript; charset=utf-8",
         false},

        {"the api", "/api/status", "", "", false},
        {"the log", "/checkpoint", "", "", false},
        {"no path", "", "", "", false},
        {"no slash", "page.html", "", "", false},
        {"no such file", "/static/(V)/none.js", "", "", false},
        {"another version", "/static/000000000000/main.js", "", "", false},
        {"a version and nothing", "/static/(V)/", "", "", false},
        {"a version without a slash", "/static/(V)", "", "", false},
        {"up and down", "/static/(V)/css/../main.js", "", "", false},
        {"twice a slash", "/static/(V)//main.js", "", "", false},
        {"letters that stand for others", "/static/(V)/m%61in.js", "", "", false},
        {"a folder", "/data/basemap/", "", "", false},
        {"a form in the path", "/form/flash", "", "", false},
        {"an incident without an id", "/incident/", "", "", false},
        {"more than an id", "/incident/0f3a/claims", "", "", false},
        {"a page that is none", "/incidents", "", "", false},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_response got;
        bool ours = ask(&got, "GET", cases[i].path, cases[i].query, &arena);

        CHECK_CASE(cases[i].name, ours == (cases[i].type[0] != '\0'));
        CHECK_CASE(cases[i].name, ours || (got.type == NULL && got.body.len == 0));
        if (!ours)
            continue;
        CHECK_CASE(cases[i].name, got.status == 200 && strcmp(got.type, cases[i].type) == 0);
        CHECK_CASE(cases[i].name, got.body.len > 0 && got.etag.len > 0);
        CHECK_CASE(cases[i].name, (got.cache != NULL) == cases[i].for_ever);
    }
    arena_free(&arena);
}

/* Only the page that draws forms allows more, and no more than it needs. */
static void test_policy(void **state)
{
    static const struct {
        const char *path;
        bool own;
    } cases[] = {{"/form", true}, {"/forms", false}, {"/", false}, {"/form-worker.js", false}};
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_response got;
        const char *policy = NULL;

        assert_true(ask(&got, "GET", cases[i].path, "", &arena));
        for (size_t n = 0; n < HTTP_HEADERS && got.headers[n]; n++)
            if (strstr(got.headers[n], "Content-Security-Policy: ") == got.headers[n])
                policy = got.headers[n];
        CHECK_CASE(cases[i].path, (policy != NULL) == cases[i].own);
        CHECK_CASE(cases[i].path, !policy || strstr(policy, "default-src 'self'; "));
        CHECK_CASE(cases[i].path, !policy || !strstr(policy, "'unsafe-"));
    }
    arena_free(&arena);
}

/* The worker keeps what there is, and itself not: it would never learn of another version. */
static void test_worker_names_files(void **state)
{
    struct arena arena = {0};
    struct http_response got;

    (void)state;
    assert_true(ask(&got, "GET", "/form-worker.js", "", &arena));
    char *text = arena_text(&arena, got.body);
    assert_null(strstr(text, "@FILES@"));
    assert_null(strstr(text, "@VERSION@"));
    assert_non_null(strstr(text, web_version));
    assert_non_null(strstr(text, "\"webforms/form.js\""));
    assert_non_null(strstr(text, "\"lang/ps.json\""));
    assert_null(strstr(text, "\"form-worker.js\""));
    arena_free(&arena);
}

static void test_other_methods(void **state)
{
    struct arena arena = {0};
    struct http_response got;

    (void)state;
    assert_true(ask(&got, "POST", "/", "", &arena));
    assert_int_equal(got.status, 405);
    assert_false(ask(&got, "POST", "/submit", "", &arena));
    arena_free(&arena);
}

/* What the page names is there, under the version that it was written with. */
static void test_page_names_files(void **state)
{
    static const char mark[] = "=\"/static/";
    struct arena arena = {0};
    struct http_response page;
    size_t named = 0;

    (void)state;
    assert_true(ask(&page, "GET", "/", "", &arena));
    char *text = arena_text(&arena, page.body);
    assert_null(strstr(text, "@VERSION@"));
    for (char *at = text; (at = strstr(at, mark)) != NULL; named++) {
        struct http_response got;
        char *path = at + 2;
        char *end = strchr(path, '"');

        *end = '\0';
        at = end + 1;
        CHECK_CASE(path, ask(&got, "GET", path, "", &arena) && got.cache != NULL);
    }
    assert_true(named >= 5);
    arena_free(&arena);
}

static void test_accepts_gzip(void **state)
{
    static const struct {
        const char *accept;
        bool gzip;
    } cases[] = {
        {"gzip", true},
        {"gzip, deflate, br", true},
        {"br , gzip;q=0.5", true},
        {"deflate,\tgzip", true},
        {"gzip;q=1.000", true},
        {"gzip; q=0.001", true},
        {"", false},
        {"identity", false},
        {"br", false},
        {"gzip;q=0", false},
        {"br, gzip; q=0.000", false},
        {"x-gzip", false},
        {"gzipped", false},
        {",,", false},
        {"*", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].accept, web_accepts_gzip(span_of(cases[i].accept)) == cases[i].gzip);
}

/* Found by halving: so the order must hold. And gzip is there only where it helps. */
static void test_files(void **state)
{
    (void)state;
    assert_true(web_files_count > 30);
    for (size_t i = 0; i < web_files_count; i++) {
        const struct web_file *file = &web_files[i];

        CHECK_CASE(file->path, i == 0 || strcmp(web_files[i - 1].path, file->path) < 0);
        CHECK_CASE(file->path, file->bytes.len > 0 && strlen(file->etag) == 16);
        CHECK_CASE(file->path, file->gzip.len < file->bytes.len);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_web_handle),
    cmocka_unit_test(test_policy),
    cmocka_unit_test(test_worker_names_files),
    cmocka_unit_test(test_other_methods),
    cmocka_unit_test(test_page_names_files),
    cmocka_unit_test(test_accepts_gzip),
    cmocka_unit_test(test_files),
};
RUN_TESTS(tests)
