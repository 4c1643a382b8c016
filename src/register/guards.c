#include "register/apply.h"

#include "terms/terms.h"

/* The guards that stand before every room (format §9.2), in their order there. */

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* §7.4: what keys and time need, and what would mend them. */
static bool needs_no_time(const struct kind *kind)
{
    return starts_with(kind->name, "member.") || strcmp(kind->name, "clock.tick") == 0 ||
           strcmp(kind->name, "term.open") == 0;
}

/* §7.3: what brings the agreement into force. Entry 0 is its own start. */
static bool needs_no_force(const struct kind *kind)
{
    return starts_with(kind->name, "agreement.") && strcmp(kind->name, "agreement.amend") != 0;
}

/* §7.3, §7.4. */
bool guard_phase(struct apply *a, struct err *err)
{
    bool in_force = span_is(json_get_text(a->agreement, "state"), "in_force");
    const struct json *clock;

    if (needs_no_force(a->kind))
        return true;
    if (!in_force)
        return apply_void(a, REASON_NOT_IN_FORCE, "%s before the agreement is in force",
                          a->kind->name);
    if (needs_no_time(a->kind))
        return true;
    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    return clock || apply_void(a, REASON_NO_TICK, "%s before the first tick", a->kind->name);
}

static bool one_of(struct span word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (span_is(word, words[i]))
            return true;
    return false;
}

static bool check_reference(struct apply *a, const struct field *field, struct span id,
                            struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "record", id, &row, err))
        return false;
    if (!row)
        return apply_void(a, REASON_REFERENCE, "\"%s\": no record %.*s is logged", field->name,
                          SPAN_ARG(id));
    if (span_is(json_get_text(row, "verdict"), "void"))
        return apply_void(a, REASON_REFERENCE, "\"%s\": record %.*s is void", field->name,
                          SPAN_ARG(id));
    struct span kind = json_get_text(row, "kind");
    if (!one_of(kind, field->words))
        return apply_void(a, REASON_REFERENCE, "\"%s\": record %.*s is a %.*s, not a %s",
                          field->name, SPAN_ARG(id), SPAN_ARG(kind), field->words[0]);
    return true;
}

static bool check_term(struct apply *a, const struct field *field, struct span id, struct err *err)
{
    const struct json *row;

    if (!apply_term(a, field->term, id, &row, err))
        return false;
    return row || apply_void(a, REASON_TERM, "\"%s\": the agreement has no %s \"%.*s\"",
                             field->name, field->term, SPAN_ARG(id));
}

static bool check_one(struct apply *a, const struct field *field, const struct json *value,
                      struct err *err)
{
    if (field->term)
        return check_term(a, field, value->string, err);
    return field->type != FIELD_RECORD || check_reference(a, field, value->string, err);
}

/* Fields at the top of a body refer, and the items of a list there: what is nested deeper is
 * data. */
bool guard_references(struct apply *a, struct err *err)
{
    for (size_t i = 0; i < a->kind->count; i++) {
        const struct field *field = &a->kind->fields[i];
        const struct json *value = json_get(a->body, field->name);
        bool is_list = field->type == FIELD_LIST;

        for (size_t n = 0; value && n < (is_list ? value->array.count : 1); n++) {
            if (!check_one(a, is_list ? &field->fields[0] : field,
                           is_list ? &value->array.at[n] : value, err))
                return false;
            if (apply_is_void(a))
                return true;
        }
    }
    return true;
}

bool guard_holds(struct apply *a, const struct json *role, struct span org, bool *out,
                 struct err *err)
{
    const struct json *groups = json_get(role, "groups"), *group;

    *out = !groups;
    for (size_t i = 0; groups && i < groups->array.count && !*out; i++) {
        if (!apply_in_force(a, "group", groups->array.at[i].string, &group, err))
            return false;
        *out = json_lists(json_get(group, "organisations"), org);
    }
    return true;
}

bool guard_may(struct apply *a, const char *capability, bool *out, struct err *err)
{
    struct span role = json_get_text(a->signer, "role");
    const struct json *row = NULL;

    *out = false;
    if (role.len && !apply_in_force(a, "role", role, &row, err))
        return false;
    return !terms_role_may(row, capability) || guard_holds(a, row, apply_org(a), out, err);
}

bool guard_behalf(struct apply *a, struct err *err)
{
    struct span role = json_get_text(a->signer, "role");
    const struct json *row = NULL;

    if (!kind_field(a->kind, "on_behalf"))
        return true;
    if (role.len && !apply_in_force(a, "role", role, &row, err))
        return false;
    bool gateway = json_get_integer(row, "gateway", 0) == 1, says = json_get(a->body, "on_behalf");
    return gateway == says ||
           apply_void(a, REASON_ON_BEHALF, "the key %.*s %s", SPAN_ARG(a->record.by),
                      gateway ? "does not say for whom it signs"
                              : "signs for nobody but its owner");
}

static bool in_scope(const struct apply *a)
{
    const struct json *scope = json_get(a->signer, "scope");

    for (size_t i = 0; scope && i < scope->array.count; i++)
        if (span_is(scope->array.at[i].string, a->kind->name))
            return true;
    return !scope;
}

/* No scope keeps a key from its own end: whoever limits a key wants it gone all the sooner. */
static bool ends_itself(const struct apply *a)
{
    return strcmp(a->kind->name, "member.rotate") == 0 ||
           (strcmp(a->kind->name, "member.revoke") == 0 &&
            span_equal(json_get_text(a->body, "name"), a->record.by));
}

/* A root needs no role: §1.4 says what it signs. */
bool guard_capability(struct apply *a, struct err *err)
{
    bool may;

    if (!in_scope(a) && !ends_itself(a))
        return apply_void(a, REASON_SCOPE, "this key was not admitted for %s", a->kind->name);
    if (!a->kind->capability || span_is(json_get_text(a->signer, "job"), "root"))
        return true;
    if (!guard_may(a, a->kind->capability, &may, err))
        return false;
    return may || apply_void(a, REASON_CAPABILITY, "the signer's role does not allow \"%s\"",
                             a->kind->capability);
}
