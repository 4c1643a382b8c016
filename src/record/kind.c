#include "record/kind.h"

#include "record/kinds.h"

static const struct kind *const kinds[] = {
    &kind_agreement_adopt,   &kind_agreement_part,
    &kind_agreement_concur,  &kind_agreement_amend,
    &kind_rules_adopt,       &kind_member_admit,
    &kind_member_revoke,     &kind_member_rotate,
    &kind_clock_tick,        &kind_term_open,
    &kind_node_attest,       &kind_incident_open,
    &kind_incident_report,   &kind_claim,
    &kind_incident_link,     &kind_incident_unlink,
    &kind_record_withdraw,   &kind_case_triage,
    &kind_case_notify,       &kind_case_reply,
    &kind_case_task,         &kind_case_verify,
    &kind_case_mark,         &kind_case_unmark,
    &kind_case_recuse,       &kind_case_summon,
    &kind_case_publish,      &kind_case_close,
    &kind_case_reopen,       &kind_deadline_extend,
    &kind_deadline_pause,    &kind_deadline_resume,
    &kind_incident_flash,    &kind_incident_observe,
    &kind_incident_read,     &kind_incident_warn,
    &kind_incident_ask,      &kind_incident_explain,
    &kind_incident_suggest,  &kind_evidence_preserve,
    &kind_evidence_answer,   &kind_evidence_assess,
    &kind_access_request,    &kind_access_answer,
    &kind_access_visit,      &kind_access_restriction,
    &kind_coverage_watch,    &kind_coverage_outage,
    &kind_custody_take,      &kind_custody_hand,
    &kind_custody_receive,   &kind_custody_release,
    &kind_state_declare,     &kind_state_level,
    &kind_ledger_match,      &kind_ledger_unmatch,
    &kind_member_accredit,   &kind_member_dismiss,
    &kind_finding_draft,     &kind_case_circulate,
    &kind_finding_comment,   &kind_finding_issue,
    &kind_ruling_propose,    &kind_ruling_interpret,
    &kind_ruling_review,     &kind_ruling_answer,
    &kind_ruling_fail,       &kind_ruling_none,
    &kind_ruling_dissent,    &kind_ruling_reserve,
    &kind_consequence_order, &kind_consequence_perform,
    &kind_consequence_check, &kind_appeal_file,
};

const struct kind *kind_at(size_t index)
{
    return index < ARRAY_LEN(kinds) ? kinds[index] : NULL;
}

const struct kind *kind_find(struct span name, uint64_t version)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (span_is(name, kinds[i]->name) && kinds[i]->version == version)
            return kinds[i];
    return NULL;
}

static const struct field *field_named(const struct field *fields, size_t count, struct span name)
{
    for (size_t i = 0; i < count; i++)
        if (span_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

const struct field *kind_field(const struct kind *kind, const char *name)
{
    return field_named(kind->fields, kind->count, span_of(name));
}

static bool same_tier(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* In the entry `parts` stands beside the kind's own fields; parts.c checks it. */
static bool stands_here(const struct field *field, struct span key, const char *tier)
{
    return field ? same_tier(field->tier, tier) : !tier && span_is(key, "parts");
}

static bool check_members(const struct kind *kind, const char *tier, const struct json *object,
                          struct err *err)
{
    if (object->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "not an object");
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.at[i];
        const struct field *field = field_named(kind->fields, kind->count, member->key);

        if (!stands_here(field, member->key, tier))
            return err_set(err, ERR_MALFORMED, "\"%.*s\" is no field of %s here",
                           SPAN_ARG(member->key), kind->name);
        if (field && !field_check(field, &member->value, err))
            return false;
    }
    for (size_t i = 0; i < kind->count; i++)
        if (kind->fields[i].required && same_tier(kind->fields[i].tier, tier) &&
            !json_get(object, kind->fields[i].name))
            return err_set(err, ERR_MALFORMED, "\"%s\" is missing", kind->fields[i].name);
    return true;
}

bool kind_check_body(const struct kind *kind, const struct json *body, struct err *err)
{
    return check_members(kind, NULL, body, err) && parts_check(body, err);
}

bool kind_check_part(const struct kind *kind, const char *tier, struct span bytes,
                     struct arena *arena, struct err *err)
{
    struct json object;

    return json_parse_canonical(&object, bytes, arena, err) &&
           check_members(kind, tier, &object, err);
}

bool kind_split(const struct kind *kind, const struct json *flat, struct json *entry,
                struct json *public_part, struct arena *arena, struct err *err)
{
    struct json in_entry = json_object(), in_public = json_object();

    if (flat->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "%s: must be an object of the kind's fields",
                       kind->name);
    for (size_t i = 0; i < flat->object.count; i++) {
        const struct json_member *member = &flat->object.at[i];
        const struct field *field = field_named(kind->fields, kind->count, member->key);

        if (!field)
            return err_set(err, ERR_MALFORMED, "%s has no field \"%.*s\"", kind->name,
                           SPAN_ARG(member->key));
        json_set(field->tier ? &in_public : &in_entry, field->name, member->value, arena);
    }
    if (!check_members(kind, NULL, &in_entry, err) ||
        !check_members(kind, "public", &in_public, err))
        return err_wrap(err, "%s", kind->name);
    *entry = in_entry;
    *public_part = in_public;
    return true;
}
