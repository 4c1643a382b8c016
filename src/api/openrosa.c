/* What OpenRosa's clients ask for: the list of forms, a form, and where to send answers
 * (docs.getodk.org/openrosa). */

#include "api/openrosa.h"

#include "codec/utf8.h"
#include "forms/xml.h"
#include "sys/entropy.h"

#include <stdlib.h>

#define XML_TYPE "text/xml; charset=utf-8"
#define OPENROSA "X-OpenRosa-Version: 1.0"
/* What one request should bring at the most, so that a bad line loses little: what Collect takes
 * where nobody says. A larger one is taken, too. */
#define ACCEPTS "X-OpenRosa-Accept-Content-Length: 10000000"
#define MESSAGE_BYTES 2048u
#define LIST_BYTES (1u << 20)

/* --- answers --- */

static bool answer(struct api_call *call, int status, struct span xml)
{
    *call->response = (struct http_response){.status = status,
                                             .type = XML_TYPE,
                                             .body = xml,
                                             .cache = "no-store",
                                             .headers = {OPENROSA, ACCEPTS}};
    return true;
}

/* What it cites was checked to be text, or is cut out when it is written. */
static struct span message_in(struct api_call *call, struct span language, const char *key,
                              const char *detail)
{
    const struct words *words = &call->door->rosa->words;
    const struct words_language *in = words_language(words, language);
    struct buf out = buf_in(call->arena, MESSAGE_BYTES);
    struct span before, rest;

    in = in ? in : words_language(words, SPAN_LIT("en"));
    assert(in);
    rest = words_get(words, in, key);
    if (detail && span_cut(&rest, '{', &before)) {
        buf_put(&out, before);
        buf_put(&out, utf8_prefix(span_of(detail), MESSAGE_BYTES / 2));
        if (!span_cut(&rest, '}', &before))
            rest = (struct span){0};
    }
    buf_put(&out, rest);
    return buf_span(&out);
}

const char *rosa_said(struct api_call *call, const char *key, const char *detail)
{
    return arena_text(call->arena, message_in(call, SPAN_LIT("en"), key, detail));
}

static bool answer_message(struct api_call *call, int status, struct span message)
{
    struct buf out = buf_in(call->arena, 8 * MESSAGE_BYTES);
    struct xml_writer w = xml_writer_over(&out);

    xml_open(&w, "OpenRosaResponse");
    xml_set_text(&w, "xmlns", "http://openrosa.org/http/response");
    xml_leaf(&w, "message", message);
    xml_close(&w);
    assert(!out.full);
    return answer(call, status, buf_span(&out));
}

bool rosa_say(struct api_call *call, const struct rosa_asker *asker, int status, const char *key,
              const char *detail)
{
    return answer_message(call, status, message_in(call, asker->said_in, key, detail));
}

/* --- the list --- */

static void put_form(struct xml_writer *w, const struct rosa_asker *asker,
                     const struct rosa_form *form, bool verbose, struct arena *arena)
{
    const char *id = form->form->id;
    struct span url = span_of(arena_printf(arena, "%s/forms/%s?language=%.*s", asker->base, id,
                                           SPAN_ARG(asker->language)));

    xml_open(w, "xform");
    xml_leaf(w, "formID", span_of(id));
    xml_leaf(w, "name", form->xform.title);
    xml_leaf(w, "version", span_of(form->xform.version));
    xml_leaf(w, "hash", span_of(arena_printf(arena, "md5:%s", form->md5)));
    if (verbose)
        xml_leaf(w, "descriptionText", span_of(form_kind(form->form)->about));
    xml_leaf(w, "downloadUrl", url);
    xml_close(w);
}

static bool list(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                 struct err *err)
{
    struct span only = http_query(call->request, "formID");
    bool verbose = span_is(http_query(call->request, "verbose"), "true");
    struct buf out = buf_in(call->arena, LIST_BYTES);
    struct xml_writer w = xml_writer_over(&out);
    const struct rosa_form *form;
    size_t count;

    (void)rest;
    if (!rosa_forms(call->door->rosa, call->reader, asker->language, &form, &count, call->arena,
                    err))
        return false;
    xml_open(&w, "xforms");
    xml_set_text(&w, "xmlns", "http://openrosa.org/xforms/xformsList");
    for (size_t i = 0; i < count; i++)
        if (!only.at || span_is(only, form[i].form->id))
            put_form(&w, asker, &form[i], verbose, call->arena);
    xml_close(&w);
    assert(!out.full);
    return answer(call, 200, buf_span(&out));
}

/* --- a form --- */

/* *out NULL: there is no such form; the call was answered. */
static bool find_form(struct api_call *call, const struct rosa_asker *asker, struct span id,
                      const struct rosa_form **out, struct err *err)
{
    const struct rosa_form *form;
    size_t count;

    *out = NULL;
    if (!rosa_forms(call->door->rosa, call->reader, asker->language, &form, &count, call->arena,
                    err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (span_is(id, form[i].form->id))
            *out = &form[i];
    if (!*out)
        rosa_say(call, asker, 404, "phone.no_such", NULL);
    return true;
}

static bool give_form(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                      struct err *err)
{
    const struct rosa_form *form;

    return find_form(call, asker, rest, &form, err) &&
           (!form || answer(call, 200, form->xform.xml));
}

/* What a form needs besides itself: nothing, for all that there is to choose from is in it. */
static bool give_manifest(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                          struct err *err)
{
    struct buf out = buf_in(call->arena, MESSAGE_BYTES);
    struct xml_writer w = xml_writer_over(&out);
    const struct rosa_form *form;

    if (!find_form(call, asker, rest, &form, err))
        return false;
    if (!form)
        return true;
    xml_open(&w, "manifest");
    xml_set_text(&w, "xmlns", "http://openrosa.org/xforms/xformsManifest");
    xml_close(&w);
    return answer(call, 200, buf_span(&out));
}

/* HEAD: here forms are taken. */
static bool greet(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                  struct err *err)
{
    (void)asker, (void)rest, (void)err;
    answer(call, 204, (struct span){0});
    call->response->type = NULL;
    return true;
}

static bool submit(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                   struct err *err)
{
    (void)rest;
    return rosa_submit(call, asker, err);
}

/* --- where --- */

static const struct {
    const char *method, *path; /* one that ends in a slash: and something behind it */
    bool devices;              /* for them alone; else for whoever may read the agreement, too */
    bool (*answer)(struct api_call *call, const struct rosa_asker *asker, struct span rest,
                   struct err *err);
} places[] = {
    {"GET", "formList", false, list},           {"GET", "forms/", false, give_form},
    {"GET", "manifest/", false, give_manifest}, {"GET", "submission", true, greet},
    {"POST", "submission", true, submit},
};

static bool is_place(struct span path, const char *place, struct span *out_rest)
{
    struct span prefix = span_of(place);

    *out_rest = (struct span){0};
    if (!span_ends_with(prefix, SPAN_LIT("/")))
        return span_equal(path, prefix);
    if (!span_starts_with(path, prefix) || path.len == prefix.len)
        return false;
    *out_rest = span_from(path, prefix.len);
    return true;
}

static bool dispatch(struct api_call *call, const struct rosa_asker *asker, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct span rest;

        if (strcmp(places[i].method, call->request->method) != 0 ||
            !is_place(asker->rest, places[i].path, &rest))
            continue;
        if (!asker->known && (places[i].devices || !access_reads(call)))
            return rosa_ask(call, asker, "phone.devices", false);
        return places[i].answer(call, asker, rest, err);
    }
    return rosa_say(call, asker, 404, "phone.nothing", NULL);
}

/* Whatever goes wrong is said in the clients' own form. */
bool openrosa_answer(struct api_call *call, struct err *err)
{
    struct rosa_asker asker;
    struct err fault = {0};
    bool answered = false;

    (void)err;
    if (!call->door->rosa)
        return answer_message(call, 404, SPAN_LIT("this node takes no forms"));
    bool ok =
        rosa_who(call, &asker, &answered, &fault) && (answered || dispatch(call, &asker, &fault));
    if (!ok)
        rosa_say(call, &asker, fault.kind == ERR_MISSING ? 404 : 503, "phone.later", fault.text);
    return true;
}

/* --- opening --- */

bool rosa_open(struct rosa **out, struct node *node, struct err *err)
{
    struct rosa *rosa = calloc(1, sizeof *rosa);

    if (!rosa)
        abort();
    rosa->node = node;
    rosa->gateway = gateway_open(node);
    rosa->shelf = rosa_shelf_open();
    rosa->words = words_all(&rosa->arena);
    entropy_fill(rosa->secret, sizeof rosa->secret);
    bool ok = inbox_open(&rosa->inbox, node_disk(node), err);
    if (ok)
        *out = rosa;
    else
        rosa_close(rosa);
    return ok;
}

void rosa_close(struct rosa *rosa)
{
    if (!rosa)
        return;
    gateway_close(rosa->gateway);
    rosa_shelf_close(rosa->shelf);
    inbox_close(rosa->inbox);
    arena_free(&rosa->arena);
    sign_wipe(rosa->secret, sizeof rosa->secret);
    free(rosa);
}
