/* The forms: which there are under the agreement in force, what each asks and how an answer is to
 * be read, for a page that makes the record itself; and each as an XForm. */

#include "api/call.h"

#include "api/form_lists.h"
#include "forms/xform.h"
#include "journal/in_force.h"

static const char *const ask_words[] = {
    [ASK_FIELD] = "field",       [ASK_TIME] = "time",   [ASK_EXACT] = "exact",
    [ASK_POSITION] = "position", [ASK_ERROR] = "error", [ASK_LINE] = "line",
    [ASK_AREA] = "area",         [ASK_IMAGE] = "image", [ASK_AUDIO] = "audio",
    [ASK_VIDEO] = "video",       [ASK_GROUP] = "group", [ASK_REPEAT] = "repeat",
};

static struct json asks_of(const struct ask *asks, size_t count, struct arena *arena)
{
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct json out = json_object();

        assert(asks[i].as < ARRAY_LEN(ask_words) && ask_words[asks[i].as]);
        json_set(&out, "as", json_text(ask_words[asks[i].as]), arena);
        json_set(&out, "name", json_text(asks[i].name), arena);
        if (asks[i].exact)
            json_set(&out, "exact", json_text(asks[i].exact), arena);
        if (asks[i].prefix)
            json_set(&out, "prefix", json_text(asks[i].prefix), arena);
        if (asks[i].count)
            json_set(&out, "asks", asks_of(asks[i].asks, asks[i].count, arena), arena);
        json_push(&list, out, arena);
    }
    return list;
}

static struct json exactness_of(enum ask_as as, struct arena *arena)
{
    struct json list = json_array();
    const struct form_exactness *one;

    for (size_t i = 0; (one = form_exactness_at(as, i)) != NULL; i++) {
        struct json out = json_object();

        json_set(&out, "word", json_text(one->word), arena);
        if (one->basis)
            json_set(&out, "basis", json_text(one->basis), arena);
        json_set_integer(&out, "within", one->within, arena);
        json_push(&list, out, arena);
    }
    return list;
}

static struct json form_json(const struct form *form, const struct json *terms, struct arena *arena)
{
    const struct kind *kind = form_kind(form);
    struct json out = json_object();

    json_set(&out, "id", json_text(form->id), arena);
    json_set(&out, "kind", json_text(kind->name), arena);
    json_set_integer(&out, "version", (int64_t)kind->version, arena);
    json_set(&out, "tier", json_text(tier_word(form_tier(form, terms))), arena);
    json_set(&out, "asks", asks_of(form->asks, form->count, arena), arena);
    return out;
}

static bool read_terms(struct api_call *call, struct json *terms, struct err *err)
{
    int64_t version;

    return in_force_version(call->reader, call->as_of, &version, call->arena, err) &&
           in_force_terms(call->reader, version, call->as_of, terms, call->arena, err);
}

bool forms_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), list = json_array(), exact = json_object(), terms;
    const struct form *form;

    if (!read_terms(call, &terms, err))
        return false;
    for (size_t i = 0; (form = form_at(i)) != NULL; i++)
        if (form_offered(form, &terms))
            json_push(&list, form_json(form, &terms, call->arena), call->arena);
    json_set(&exact, "time", exactness_of(ASK_EXACT, call->arena), call->arena);
    json_set(&exact, "position", exactness_of(ASK_ERROR, call->arena), call->arena);
    json_set(&out, "exact", exact, call->arena);
    json_set(&out, "forms", list, call->arena);
    return api_answer_json(call, &out);
}

bool form_answer(struct api_call *call, struct err *err)
{
    const struct api_value *language = api_value(call, "language");
    const struct form *form = form_find(call->in_path.text);
    struct json terms, with;

    if (!read_terms(call, &terms, err))
        return false;
    if (!form || !form_offered(form, &terms))
        return err_set(err, ERR_MISSING, "this agreement offers no form \"%.*s\"",
                       SPAN_ARG(call->in_path.text));
    if (!form_lists_add(&with, &terms, call->reader, call->as_of, call->who_org, call->arena, err))
        return false;
    call->response->body =
        xform_of(form, &with, language->given ? language->text : SPAN_LIT("en"), call->arena).xml;
    return true;
}
