#include "web/web.h"

#include "web/web_files.h"

static const char vary[] = "Vary: Accept-Encoding";
static const char is_gzip[] = "Content-Encoding: gzip";
static const char for_ever[] = "public, max-age=31536000, immutable";

static const struct web_file *file_find(struct span path)
{
    size_t low = 0;
    size_t high = web_files_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(span_of(web_files[middle].path), path);

        if (order == 0)
            return &web_files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The page that draws a form: ODK Web Forms reads its formulas with WebAssembly, and shows what was
 * photographed from memory (doc/decisions/0015-odk-web-forms.md). Nothing inline, here either. */
static const char form_path[] = "/form";
static const char form_policy[] =
    "Content-Security-Policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' blob:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'";

/* "/nodes" and "/due", and "/incident/ID": one more piece, whatever it is; whether there is such an
 * ID, the page asks the api. */
static bool is_page(struct span path)
{
    static const char *const before[] = {"/incident/", "/record/"};

    static const char *const whole[] = {"/",        "/nodes",   "/due",         "/crossings",
                                        "/notices", "/hotline", "/obligations", "/intelligence",
                                        "/forms",   "/part",    "/dialogue",    form_path};

    for (size_t i = 0; i < ARRAY_LEN(whole); i++)
        if (span_is(path, whole[i]))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(before); i++) {
        struct span prefix = span_of(before[i]);
        if (span_starts_with(path, prefix)) {
            struct span id = span_from(path, prefix.len);
            return id.len > 0 && memchr(id.at, '/', id.len) == NULL;
        }
    }
    return false;
}

/* "static/VERSION/main.js" is "static/main.js" for as long as VERSION is ours; another
 * one's file is not shown as if it were that. */
static struct span versioned(struct span path, struct arena *arena)
{
    struct span rest = path;
    struct span piece;

    if (!span_cut(&rest, '/', &piece) || !span_is(piece, "static") ||
        !span_cut(&rest, '/', &piece) || !span_is(piece, web_version))
        return (struct span){0};
    return span_of(arena_printf(arena, "static/%.*s", SPAN_ARG(rest)));
}

static struct span trim(struct span s)
{
    while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
        s = span_from(s, 1);
    while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* RFC 9110 §12.5.3; a weight of nothing but zeros is a refusal. */
static bool refused(struct span weight)
{
    weight = trim(weight);
    if (!span_starts_with(weight, SPAN_LIT("q=0")))
        return false;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.at[i] != '0' && weight.at[i] != '.')
            return false;
    return true;
}

bool web_accepts_gzip(struct span accept_encoding)
{
    struct span rest = accept_encoding;
    struct span one;

    for (bool more = rest.len > 0; more;) {
        more = span_cut(&rest, ',', &one);
        struct span weight = more ? one : rest;
        struct span coding = weight;

        if (!span_cut(&weight, ';', &coding))
            weight = (struct span){0};
        if (span_is(trim(coding), "gzip"))
            return !refused(weight);
    }
    return false;
}

static void add_header(struct http_response *response, const char *line)
{
    size_t n = 0;

    while (response->headers[n])
        n++;
    assert(n + 1 < HTTP_HEADERS);
    response->headers[n] = line;
}

static void answer(const struct http_request *request, struct http_response *response,
                   const struct web_file *file, const char *cache)
{
    bool gzip = file->gzip.len > 0 && web_accepts_gzip(http_header(request, "Accept-Encoding"));

    response->type = file->type;
    response->body = gzip ? file->gzip : file->bytes;
    response->etag = span_of(gzip ? arena_printf(request->arena, "%s-gz", file->etag) : file->etag);
    response->cache = cache;
    add_header(response, vary);
    if (gzip)
        add_header(response, is_gzip);
}

bool web_handle(const struct http_request *request, struct http_response *response)
{
    struct span path = request->path;
    const struct web_file *file = NULL;
    const char *cache = NULL;

    if (is_page(path)) {
        file = file_find(SPAN_LIT("page.html"));
        assert(file != NULL);
        if (span_is(path, form_path))
            add_header(response, form_policy);
    } else if (span_is(path, "/form-worker.js")) {
        /* By a name of its own, for a worker has a say over what lies beside it. */
        file = file_find(SPAN_LIT("static/form-worker.js"));
        assert(file != NULL);
    } else if (path.len > 1) {
        struct span inside = versioned(span_from(path, 1), request->arena);
        bool named = inside.len > 0 || span_is(http_query(request, "v"), web_version);

        file = file_find(inside.len > 0 ? inside : span_from(path, 1));
        cache = named ? for_ever : NULL;
    }
    if (file == NULL)
        return false;
    if (strcmp(request->method, "GET") != 0)
        http_error(request, response, 405, "a page is read with GET, not %s", request->method);
    else
        answer(request, response, file, cache);
    return true;
}
