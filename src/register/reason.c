#include "register/apply.h"

static const struct reason_text texts[] = {
    [REASON_NONE] = {"", NULL, "It takes effect."},
    [REASON_NOT_A_RECORD] = {"not_a_record", "format §3", "The bytes are no record."},
    [REASON_OTHER_AGREEMENT] = {"other_agreement", "format §3.2", "A record of another agreement."},
    [REASON_REPEATED] = {"repeated", "format §9.2", "The same record was logged before."},
    [REASON_UNKNOWN_KEY] = {"unknown_key", "format §9.2", "No key of this name was ever admitted."},
    [REASON_REVOKED_KEY] = {"revoked_key", "format §9.2", "The key was revoked before this entry."},
    [REASON_WRONG_JOB] = {"wrong_job", "format §1.4", "A key of this job does not sign this kind."},
    [REASON_BAD_SIGNATURE] = {"bad_signature", "format §1.2", "The signature does not hold."},
    [REASON_FORK] = {"fork", "format §9.2",
                     "Another record of this key with this number was logged before."},
    [REASON_PREV] = {"prev", "format §9.2",
                     "It does not continue the record that this key signed before it."},
    [REASON_FIRST_PREV] = {"first_prev", "format §3.4",
                           "A key's first record must name entry 0 as the one before."},
    [REASON_UNKNOWN_KIND] = {"unknown_kind", "format §9.2",
                             "The rules in force know no such kind."},
    [REASON_SHAPE] = {"shape", "format §9.2", "The body is not of the kind's shape."},
    [REASON_NOT_IN_FORCE] = {"not_in_force", "format §7.3", "The agreement is not in force yet."},
    [REASON_NO_TICK] = {"no_tick", "format §7.4", "There is no time yet: no tick has been logged."},
    [REASON_REFERENCE] = {"reference", "format §9.2",
                          "It names a record that is not logged, void, or of another kind."},
    [REASON_TERM] = {"term", NULL, "It names what the agreement does not know."},
    [REASON_CAPABILITY] = {"capability", NULL, "The signer's role does not allow it."},
    [REASON_SCOPE] = {"scope", NULL, "The key was admitted for other kinds only."},
    [REASON_NO_MOVE] = {"no_move", NULL, "In the state that things are in, this cannot be done."},
    [REASON_ADOPT] = {"adopt", "format §7.1", "The agreement's first entry contradicts itself."},
    [REASON_PIECE] = {"piece", "format §7.2",
                      "Not a piece that entry 0 or the amendment lists, or not its content."},
    [REASON_TERMS] = {"terms", "format §7.2", "The agreement's own terms are not well formed."},
    [REASON_KEY_TAKEN] = {"key_taken", "format §1.4", "The name or the key is bound already."},
    [REASON_KEY_UNFIT] = {"key_unfit", "format §1.4",
                          "The key's type or name is not what its job asks for."},
    [REASON_NOT_YOURS] = {"not_yours", NULL,
                          "Only who signed it, or may by the agreement, can do this."},
    [REASON_WITNESS] = {"witness", "format §1.5",
                        "The organisation has no witness's place, or its key has not left it."},
    [REASON_CONSENT] = {"consent", "format §6.6", "The new key did not consent to this."},
    [REASON_EXTERNAL_ID] =
        {"external_id", NULL,
         "A live record of this signer and kind has this external id: supersede it."},
    [REASON_TICK] = {"tick", "format §8", "The tick does not move the time as it must."},
    [REASON_RULES_NUMBER] = {"rules_number", "format §10.5",
                             "The rules number is not larger than the one in force."},
    [REASON_HAND_OVER] = {"hand_over", "format §7.5",
                          "What it says of the hand-over is not what a quorum signed of this log."},
    [REASON_AMENDMENT] = {"amendment", "format §7.6",
                          "It does not make the next version of the terms, would do so before now, "
                          "or changes what entry 0 fixes."},
    [REASON_CLOCK_RUNS] = {"clock_runs", NULL, "Others may still act in time before this."},
    [REASON_EXTENSION] = {"extension", NULL,
                          "The agreement allows no more time, or not so much at once."},
    [REASON_MODALITIES] = {"modalities", NULL,
                           "The agreement has no such version of its terms, or not yet."},
    [REASON_LINKED] = {"linked", NULL, "What is linked names the incident that it is linked to."},
    [REASON_NOT_ACCUSED] = {"not_accused", NULL,
                            "The signer's organisation is not among the accused of this case."},
    [REASON_NOT_NOTIFIED] = {"not_notified", NULL,
                             "Nobody may read of it before those whom it concerns were told."},
    [REASON_CONSEQUENCE_OPEN] = {"consequence_open", NULL,
                                 "A consequence of the case has not been checked as done."},
    [REASON_VERB] = {"verb", NULL, "The verb does not fit the means by which it was perceived."},
    [REASON_INTERVAL] = {"interval", NULL, "It ends before it begins."},
    [REASON_ONE_LEDGER] = {"one_ledger", NULL,
                           "Both are of one organisation, and a match is of two accounts."},
    [REASON_NOT_ADMITTED] = {"not_admitted", NULL,
                             "It names a key that is no author's, or was revoked."},
    [REASON_STANDARD] = {"standard", NULL, "The finding does not reach the standard it names."},
    [REASON_STEP] = {"step", NULL,
                     "The step does not decide this, or one before it has not been tried."},
    [REASON_RECUSED] = {"recused", NULL,
                        "The signer's organisation has stepped back from the case."},
    [REASON_RUNG] = {"rung", NULL, "The finding does not carry so heavy a consequence."},
};

const struct reason_text *reason_at(size_t index)
{
    return index < ARRAY_LEN(texts) ? &texts[index] : NULL;
}

const struct reason_text *reason_text(enum reason reason)
{
    assert((size_t)reason < ARRAY_LEN(texts) && texts[reason].word);
    return &texts[reason];
}
