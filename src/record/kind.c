#include "record/kind.h"

#include "record/kinds.h"

static const struct kind *const kinds[] = {
    &kind_agreement_adopt,     &kind_agreement_part,
    &kind_agreement_concur,    &kind_agreement_amend,
    &kind_rules_adopt,         &kind_member_admit,
    &kind_member_revoke,       &kind_member_rotate,
    &kind_clock_tick,          &kind_term_open,
    &kind_node_attest,         &kind_incident_open,
    &kind_incident_report,     &kind_claim,
    &kind_incident_link,       &kind_incident_unlink,
    &kind_record_withdraw,     &kind_case_triage,
    &kind_case_notify,         &kind_case_reply,
    &kind_case_task,           &kind_case_verify,
    &kind_case_mark,           &kind_case_unmark,
    &kind_case_recuse,         &kind_case_summon,
    &kind_case_publish,        &kind_case_close,
    &kind_case_reopen,         &kind_deadline_extend,
    &kind_deadline_pause,      &kind_deadline_resume,
    &kind_incident_flash,      &kind_incident_observe,
    &kind_incident_read,       &kind_incident_warn,
    &kind_incident_ask,        &kind_incident_explain,
    &kind_incident_suggest,    &kind_evidence_preserve,
    &kind_evidence_answer,     &kind_evidence_assess,
    &kind_access_request,      &kind_access_answer,
    &kind_access_visit,        &kind_access_restriction,
    &kind_coverage_watch,      &kind_coverage_outage,
    &kind_custody_take,        &kind_custody_hand,
    &kind_custody_receive,     &kind_custody_release,
    &kind_state_declare,       &kind_state_level,
    &kind_ledger_match,        &kind_ledger_unmatch,
    &kind_member_accredit,     &kind_member_dismiss,
    &kind_finding_draft,       &kind_case_circulate,
    &kind_finding_comment,     &kind_finding_issue,
    &kind_ruling_propose,      &kind_ruling_interpret,
    &kind_ruling_review,       &kind_ruling_answer,
    &kind_ruling_fail,         &kind_ruling_none,
    &kind_ruling_dissent,      &kind_ruling_reserve,
    &kind_consequence_order,   &kind_consequence_perform,
    &kind_consequence_check,   &kind_appeal_file,
    &kind_part_opened,         &kind_part_erase,
    &kind_part_erased,         &kind_grade_source,
    &kind_grade_item,          &kind_crossing_declare,
    &kind_crossing_observe,    &kind_crossing_count,
    &kind_crossing_return,     &kind_transit_request,
    &kind_transit_answer,      &kind_transit_outcome,
    &kind_notice_give,         &kind_notice_answer,
    &kind_notice_report,       &kind_notice_match,
    &kind_intake_refuse,       &kind_hotline_send,
    &kind_hotline_deliver,     &kind_hotline_ack,
    &kind_hotline_relay,       &kind_hotline_contest,
    &kind_hotline_check,       &kind_hotline_echo,
    &kind_hotline_line,        &kind_hotline_duty,
    &kind_hotline_escalate,    &kind_hotline_call,
    &kind_hotline_call_answer, &kind_hotline_file,
    &kind_obligation_open,     &kind_obligation_report,
    &kind_obligation_judge,    &kind_obligation_settle,
    &kind_person_register,     &kind_person_move,
    &kind_person_receive,      &kind_demand_make,
    &kind_demand_answer,       &kind_demand_close,
    &kind_guarantee_give,      &kind_session_call,
    &kind_session_attend,      &kind_session_open,
    &kind_session_close,       &kind_agenda_add,
    &kind_paper_table,         &kind_exchange_give,
    &kind_exchange_pass,       &kind_exchange_answer,
    &kind_outcome_file,        &kind_outcome_answer,
    &kind_action_assign,       &kind_action_report,
    &kind_action_check,        &kind_text_open,
    &kind_text_propose,        &kind_text_answer,
    &kind_text_final,          &kind_text_concur,
    &kind_text_contest,        &kind_intel_ask,
    &kind_intel_answer,        &kind_intel_summary,
    &kind_intel_outcome,       &kind_statement_log,
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

static enum tier own_tier(const struct field *field)
{
    enum tier tier;
    bool known = tier_find(&tier, span_of(field->tier));

    assert(known);
    return tier;
}

/* Of what stands in the entry (NULL), or by its own tier in the part of this one. */
static bool check_required(const struct kind *kind, const char *tier, const struct json *object,
                           struct err *err)
{
    for (size_t i = 0; i < kind->count; i++)
        if (kind->fields[i].required && same_tier(kind->fields[i].tier, tier) &&
            !json_get(object, kind->fields[i].name))
            return err_set(err, ERR_MALFORMED, "\"%s\" is missing", kind->fields[i].name);
    return true;
}

/* In the entry `parts` stands beside the kind's own fields; part.c checks it. */
static bool in_entry(const struct field *field, struct span key)
{
    return field ? !field->tier : span_is(key, "parts");
}

static bool check_entry(const struct kind *kind, const struct json *object, struct err *err)
{
    if (object->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "not an object");
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.at[i];
        const struct field *field = field_named(kind->fields, kind->count, member->key);

        if (!in_entry(field, member->key))
            return err_set(err, ERR_MALFORMED, "\"%.*s\" is no field of %s here",
                           SPAN_ARG(member->key), kind->name);
        if (field && !field_check(field, &member->value, err))
            return false;
    }
    return check_required(kind, NULL, object, err);
}

static bool check_in_part(const struct kind *kind, enum tier tier, const struct json *object,
                          struct err *err)
{
    if (object->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "not an object");
    for (size_t i = 0; i < object->object.count; i++) {
        const struct json_member *member = &object->object.at[i];
        const struct field *field = field_named(kind->fields, kind->count, member->key);

        if (!field || !field->tier || own_tier(field) > tier)
            return err_set(err, ERR_MALFORMED, "\"%.*s\" is no field of a %s part of %s",
                           SPAN_ARG(member->key), tier_word(tier), kind->name);
        if (!field_check(field, &member->value, err))
            return false;
    }
    return true;
}

bool kind_check_body(const struct kind *kind, const struct json *body, struct err *err)
{
    return check_entry(kind, body, err) && parts_check(body, err);
}

bool kind_check_part(const struct kind *kind, enum tier tier, struct span bytes,
                     struct arena *arena, struct err *err)
{
    struct json object;

    return json_parse_canonical(&object, bytes, arena, err) &&
           check_in_part(kind, tier, &object, err) &&
           check_required(kind, tier_word(tier), &object, err);
}

static bool take_apart(const struct kind *kind, const struct json *flat, enum tier least,
                       struct kind_fields *out, struct arena *arena, struct err *err)
{
    if (flat->type != JSON_OBJECT)
        return err_set(err, ERR_MALFORMED, "must be an object of the kind's fields");
    for (size_t i = 0; i < flat->object.count; i++) {
        const struct json_member *member = &flat->object.at[i];
        const struct field *field = field_named(kind->fields, kind->count, member->key);

        if (!field)
            return err_set(err, ERR_MALFORMED, "no field \"%.*s\"", SPAN_ARG(member->key));
        enum tier tier = field->tier && own_tier(field) > least ? own_tier(field) : least;
        json_set(field->tier ? &out->part[tier] : &out->entry, field->name, member->value, arena);
    }
    return true;
}

bool kind_split(const struct kind *kind, const struct json *flat, enum tier least,
                struct kind_fields *out, struct arena *arena, struct err *err)
{
    struct kind_fields fields = {.entry = json_object()};
    bool ok;

    for (enum tier tier = 0; tier < TIERS; tier++)
        fields.part[tier] = json_object();
    ok =
        take_apart(kind, flat, least, &fields, arena, err) && check_entry(kind, &fields.entry, err);
    for (enum tier tier = 0; ok && tier < TIERS; tier++)
        ok = check_required(kind, tier_word(tier), flat, err) &&
             check_in_part(kind, tier, &fields.part[tier], err);
    if (!ok)
        return err_wrap(err, "%s", kind->name);
    *out = fields;
    return true;
}
