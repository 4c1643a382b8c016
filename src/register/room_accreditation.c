#include "register/casework.h"

/* Whom an organisation lets work on its side: by key, for sectors and a time. */

static struct span place(struct apply *a)
{
    return apply_join(a, json_get_text(a->body, "name"), ' ', json_get_text(a->body, "host"));
}

static bool ask_own_host(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_org(a, json_get_text(a->body, "host"));
}

static bool ask_admitted(struct apply *a, struct err *err)
{
    struct span name = json_get_text(a->body, "name");
    const struct json *key;

    if (!apply_get(a, "key", name, &key, err))
        return false;
    bool author = span_is(json_get_text(key, "job"), "author");
    return (author && span_is(json_get_text(key, "state"), "active")) ||
           apply_void(a, REASON_NOT_ADMITTED, "%.*s is no author's active key", SPAN_ARG(name));
}

static bool put_accreditation(struct apply *a, struct err *err)
{
    return case_move(a, "accreditation", place(a), true, err);
}

static bool put_dismissal(struct apply *a, struct err *err)
{
    return case_move(a, "accreditation", place(a), false, err);
}

static const struct casework work[] = {
    {.kind = "member.accredit",
     .asks = {ask_own_host, ask_admitted},
     .then = {put_accreditation},
     .does = "`not_yours` unless `host` is the signer's own; `not_admitted` unless `name` is an "
             "author's active key. Moves the row of "
             "`accreditation` under `name` and `host`, which is this record's from now on."},
    {.kind = "member.dismiss",
     .asks = {ask_own_host},
     .then = {put_dismissal},
     .does = "`not_yours` unless `host` is the signer's own. Moves the row of `accreditation`, "
             "with `by`, "
             "`index` and `org`."},
    {0},
};

static const struct move moves[] = {
    {"accreditation", "member.accredit", "", "accredited"},
    {"accreditation", "member.accredit", "accredited", "accredited"}, /* other sectors, a new end */
    {"accreditation", "member.accredit", "ended", "accredited"},
    {"accreditation", "member.dismiss", "accredited", "ended"},
    {0},
};

const struct case_room case_room_accreditation = {work, moves};
