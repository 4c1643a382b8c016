#pragma once

/* The kinds, one file each; record/kind.c holds their table. */

#include "record/kind.h"

extern const struct kind kind_agreement_adopt;
extern const struct kind kind_agreement_part;
extern const struct kind kind_agreement_concur;
extern const struct kind kind_agreement_amend;
extern const struct kind kind_rules_adopt;
extern const struct kind kind_member_admit;
extern const struct kind kind_member_revoke;
extern const struct kind kind_member_rotate;
extern const struct kind kind_clock_tick;
extern const struct kind kind_term_open;
extern const struct kind kind_node_attest;
extern const struct kind kind_incident_open;
extern const struct kind kind_incident_report;
extern const struct kind kind_claim;
extern const struct kind kind_incident_link;
extern const struct kind kind_incident_unlink;
extern const struct kind kind_record_withdraw;
extern const struct kind kind_case_triage;
extern const struct kind kind_case_notify;
extern const struct kind kind_case_reply;
extern const struct kind kind_case_task;
extern const struct kind kind_case_verify;
extern const struct kind kind_case_mark;
extern const struct kind kind_case_unmark;
extern const struct kind kind_case_recuse;
extern const struct kind kind_case_summon;
extern const struct kind kind_case_publish;
extern const struct kind kind_case_close;
extern const struct kind kind_case_reopen;
extern const struct kind kind_deadline_extend;
extern const struct kind kind_deadline_pause;
extern const struct kind kind_deadline_resume;
extern const struct kind kind_incident_flash;
extern const struct kind kind_incident_observe;
extern const struct kind kind_incident_read;
extern const struct kind kind_incident_warn;
extern const struct kind kind_incident_ask;
extern const struct kind kind_incident_explain;
extern const struct kind kind_incident_suggest;
extern const struct kind kind_evidence_preserve;
extern const struct kind kind_evidence_answer;
extern const struct kind kind_evidence_assess;
extern const struct kind kind_access_request;
extern const struct kind kind_access_answer;
extern const struct kind kind_access_visit;
extern const struct kind kind_access_restriction;
extern const struct kind kind_coverage_watch;
extern const struct kind kind_coverage_outage;
extern const struct kind kind_custody_take;
extern const struct kind kind_custody_hand;
extern const struct kind kind_custody_receive;
extern const struct kind kind_custody_release;
extern const struct kind kind_state_declare;
extern const struct kind kind_state_level;
extern const struct kind kind_ledger_match;
extern const struct kind kind_ledger_unmatch;
extern const struct kind kind_member_accredit;
extern const struct kind kind_member_dismiss;
