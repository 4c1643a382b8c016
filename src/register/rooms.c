#include "register/casework.h"

/* `does` is for doc/rules.md: what is asked, in the order in which it is judged, and what
 * is written. */
static const struct room rooms[] = {
    {"agreement.adopt", room_agreement_adopt,
     "`adopt` unless it is entry 0, `name` is the agreement of the first line, `origin` is the "
     "name "
     "and `/term/1`, the name of `log_key` is `origin`, `operator` is the name of one of `nodes`, "
     "`seq` is 1, `quorum` is at most the number of `witnesses`, no two of these have one `org`, "
     "and `pieces` stand in bytewise order of file, then of number, each file's numbers from 1 "
     "without a gap, `agreement.toml` among the files. Binds roots, nodes, witnesses, promise key "
     "and log key, in this order: `key_unfit` where the type does not fit the job, or the name "
     "begins with the agreement's and `/term/` and the job is not `log`; `key_taken` where name or "
     "key is bound. Writes `key` and `public_key` of each, `quorum` with the names of `witnesses` "
     "and, as `orgs`, their organisations in the same order, and `agreement`: the fields but for "
     "`nodes` and `witnesses`, `roots` as names, `concurred` empty, `missing` the number of "
     "pieces."},
    {"agreement.part", room_agreement_part,
     "Of entry 0, or of the amendment named: `piece` unless that lists this file and number with "
     "the SHA-256 of `content`, and the piece is not there yet. Writes `agreement_part`, and "
     "`agreement` or `amendment` with `missing` one less; where nothing is missing then, as "
     "`agreement.concur` does."},
    {"agreement.concur", room_agreement_concur,
     "A root has concurred where its name is in `concurred`, or that of a key whose place it has: "
     "one of the same `first`, or named so. With entry 0: `no_move`, with the clause `rules 1 "
     "agreement.concur`, if this root has concurred. Adds its name to `concurred` of `agreement`. "
     "Where all roots have concurred and "
     "no piece is missing: `terms` if the pieces of `agreement.toml`, one after another, are no "
     "well formed terms of an agreement of this `name`; else the move `complete`, `in_force_at`, "
     "and a row of `term` for the head and for each item. With an amendment: `no_move` if this "
     "root has concurred; adds its name to `concurred` of `amendment`, and then as "
     "`agreement.amend` or `rules.adopt` does, `amendment` or `rules_number` among it."},
    {"agreement.amend", room_agreement_amend,
     "`piece` unless `pieces` stand in order as entry 0's do, `agreement.toml` among the files; "
     "`amendment` if `from_ms` is before `now_ms` of `clock`, or `version` is not one more than "
     "there are: the first and those in `versions` of `agreement`. Writes `amendment`, the signer "
     "alone in `concurred`, `missing` the number of pieces. Where every one of `roots` has "
     "concurred and no piece is missing: `terms` as for entry 0; `amendment` if `quorum` or "
     "`rules` of the head are not as in version 1; else the move `agreed`, a row of `term` for the "
     "head and for each item, and in `agreement` one more of `versions`, from the larger of "
     "`from_ms` and `now_ms` on."},
    {"rules.adopt", room_rules_adopt,
     "`rules_number` unless `number` is larger than `rules` of `agreement`. Writes `amendment` by "
     "the move `rules.adopt`, the signer alone in `concurred`. Where every one of `roots` has "
     "concurred, the move `complete`, and `rules` of `agreement` becomes `number`: from the next "
     "entry on."},
    {"member.admit", room_member_admit,
     "`not_yours` unless the signer is a root of `org`, or `job` is `author` or `external` and the "
     "signer acts for `org` or none of the agreement's `roots`, revoked or not, does. `shape` "
     "unless authors have a `role` and others none. `role` where the role has `groups` and none of "
     "them `org` (of the terms in force). For a witness `witness` unless `org` is one of "
     "`orgs` of `quorum` and no active key of `org` is named in `witnesses` or `pending`. Binds "
     "the key (`key_unfit`, `key_taken`, as `agreement.adopt` does, and `key_unfit` too unless "
     "`age` "
     "is an age recipient, format §1.6), then its revoker: `key_unfit` "
     "unless that is named as this key and `/revoker`. Writes `key` and `public_key` of each; a "
     "witness joins `pending` of `quorum`, as `admit`. The name of an author with `age` joins "
     "`keys` of `reader` of `org`, behind the others."},
    {"member.revoke", room_member_revoke,
     "`not_yours` unless `name` is a key's, and that key is the signer itself, if this is no "
     "revoker; or the signer is the revoker named as the first key of that key's place (its "
     "`first`, else itself), and a revoker may nothing else; or the signer is a root of its "
     "organisation; or it is an author's or an external's, the signer is a root or an author whose "
     "role may `revoke`, and the signer acts for that key's organisation or none of the "
     "agreement's `roots`, revoked or not, does. So log and promise keys, which act for none, are "
     "revoked by nobody. Then `no_move` unless it is active. Moves `key`, with `revoked_at`, "
     "`reason` and `doubt_from`; a witness joins `pending` of `quorum`, as `revoke`. "
     "An author's name with an `age` leaves `keys` of `reader` of its organisation."},
    {"member.rotate", room_member_rotate,
     "Binds the new key (`key_unfit`, `key_taken`, as `member.admit` does), with `age` as here "
     "or else as the signer's, `job`, "
     "`org`, `role` and `scope` as the signer's, and `first` too, or the signer's name where it "
     "has none. `consent` unless that is the statement "
     "of format §6.6 of this agreement, `from` the signer's name, `key` as here, and its signature "
     "holds for that key. Writes `key` and `public_key` of the new key; moves `key` of the signer, "
     "with `revoked_at`, `reason` `replaced`, and `replaced_by` the new key's name; and in "
     "`agreement` the new name takes the old one's place in `operator` and `roots`. Who has "
     "concurred stays named as it signed. An author's name leaves `keys` of `reader` of its "
     "organisation and the new one joins them, where either has an `age`."},
    {"clock.tick", room_clock_tick,
     "`tick` unless all of format §8 holds. Writes `clock`, and `quorum`: the changes in `pending` "
     "whose index is smaller than what the tick covers are made to `witnesses`, in their order (a "
     "name that is admitted goes to the end), and leave it."},
    {"term.open", room_term_open,
     "`hand_over` unless the signer is `operator`, the quorum is 1 or more, and all of format §7.5 "
     "holds. Binds log key and promise key, in this order (`key_unfit`, `key_taken`), and moves "
     "those of the term before, where they are active. Writes `agreement` with `log_key`, "
     "`operator`, `origin`, `promise_key` and `term_from`, its index; `hand_over`; and `quorum`: "
     "all changes in `pending` are made, as by a tick that covers them."},
    {"node.attest", room_node_attest,
     "`shape` if `size` is larger than this entry's index. Writes `attest`."},
    {"incident.open", room_incident_item,
     "`external_id` if the incident that `external` has under it is open. Writes `incident` and "
     "`external`."},
    {"incident.report", room_incident_item,
     "`external_id` if the report that `external` has under it is live and is not the one that "
     "`supersedes` names. Then of that one: `not_yours` if another signed it, `no_move` if it is "
     "not live; it is moved, `superseded_by` this. Writes `report` and `external`; with "
     "`incident`, `link` by the move `filed`, basis `filed`."},
    {"claim", room_incident_item, "As `incident.report`, with `claim` for `report`."},
    {"incident.link", room_incident_link, "`no_move`, or moves `link`; `basis` is this one's."},
    {"incident.unlink", room_incident_link, "`no_move`, or moves `link`; `basis` stays."},
    {"record.withdraw", room_record_withdraw,
     "`not_yours` if another signed the record, `no_move` if it is not live or open. Moves its "
     "row."},
};

struct room room_for(const struct kind *kind)
{
    const struct casework *work = casework_for(kind);

    for (size_t i = 0; i < ARRAY_LEN(rooms); i++)
        if (strcmp(rooms[i].kind, kind->name) == 0)
            return rooms[i];
    assert(work); /* a kind has a room */
    return (struct room){work->kind, room_casework, work->does};
}

const char *register_own_table(struct span name)
{
    const struct kind *kind = kind_find(name, 1);
    const struct casework *work = kind ? casework_for(kind) : NULL;

    return work ? work->own : NULL;
}
