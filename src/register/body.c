#include "register/casework.h"

/* The agreement's bodies: who has which place in one, and the time that it has to agree. */

bool body_of(struct apply *a, const struct json *session, const struct json **out, struct err *err)
{
    return apply_term(a, "body", json_get_text(session, "body"), out, err);
}

static bool in_group(struct apply *a, struct span group, struct span org, bool *out,
                     struct err *err)
{
    const struct json *term;

    *out = false;
    if (group.len == 0)
        return true;
    if (!apply_term(a, "group", group, &term, err))
        return false;
    *out = json_lists(json_get(term, "organisations"), org);
    return true;
}

/* In a body that an amendment has done away with, nobody has a place; nor where it names none. */
bool body_has(struct apply *a, const struct json *body, const char *member, struct span org,
              bool *out, struct err *err)
{
    *out = false;
    if (!body)
        return true;
    if (member)
        return in_group(a, json_get_text(body, member), org, out, err);
    return in_group(a, json_get_text(body, "sits"), org, out, err) &&
           (*out || in_group(a, json_get_text(body, "chairs"), org, out, err));
}

bool body_ask(struct apply *a, const struct json *body, const char *member, struct err *err)
{
    bool has;

    if (!body_has(a, body, member, apply_org(a), &has, err))
        return false;
    return has || apply_void(a, REASON_NOT_YOURS, "%.*s has no such place in the body",
                             SPAN_ARG(apply_org(a)));
}

bool body_ask_of(struct apply *a, const struct json *row, const char *member, struct err *err)
{
    const struct json *body;

    return body_of(a, row, &body, err) && body_ask(a, body, member, err);
}

bool body_concur(struct apply *a, const struct json *row, const struct json **out, struct err *err)
{
    const struct json *body, *group;

    if (!body_of(a, row, &body, err) ||
        !apply_term(a, "group", json_get_text(body, "concur"), &group, err))
        return false;
    *out = json_get(group, "organisations");
    return true;
}

/* The one that is called is not there yet: it is of the body that it names itself. */
bool body_ask_session(struct apply *a, const char *member, struct err *err)
{
    const struct json *session = a->body;
    struct span id = json_get_text(a->body, "session");

    if (id.len && !apply_get(a, "session", id, &session, err))
        return false;
    return body_ask_of(a, session, member, err);
}

/* The time until all who must have agreed: of the whole, for one that waits keeps all waiting. */
bool body_turn_answer(struct apply *a, struct span id, const struct json *session, body_turn *how,
                      struct err *err)
{
    const struct json *body;

    if (apply_is_void(a))
        return true;
    if (!body_of(a, session, &body, err))
        return false;
    struct span clock = json_get_text(body, "answer");
    return clock.len == 0 || how(a, id, clock, err);
}
