#include "register/casework.h"

/*
 * What is announced before it is done, so that nobody takes it for an attack; who has read it or
 * objected, each for itself; what became of it; and whether what was then reported is that.
 */

static bool put_answer(struct apply *a, struct err *err)
{
    return case_move(a, "notice_answer", apply_join(a, a->at.of, ' ', apply_org(a)), true, err);
}

/* Nobody answers its own notice. */
static bool ask_another(struct apply *a, struct err *err)
{
    (void)err;
    return !span_equal(json_get_text(a->at.named, "org"), apply_org(a)) ||
           apply_void(a, REASON_NOT_YOURS, "the notice is the signer's own");
}

static bool put_match(struct apply *a, struct err *err)
{
    return case_move(
        a, "notice_match",
        apply_join(a, json_get_text(a->body, "notice"), ' ', json_get_text(a->body, "record")),
        true, err);
}

static const struct casework work[] = {
    {.kind = "notice.give",
     .own = "notice",
     .asks = {case_ask_interval, item_replaces},
     .does =
         "`interval` if `until` is before `from`. `external_id`, and of the one that `supersedes` "
         "names `not_yours` and `no_move`, as with `incident.report`. Writes `notice` and "
         "`external`."},
    {.kind = "notice.answer",
     .of = "notice",
     .moves = "notice",
     .asks = {ask_another},
     .then = {put_answer},
     .does = "`not_yours` if the notice is of the signer's own organisation. Writes "
             "`notice_answer` under the notice and the signer's organisation."},
    {.kind = "notice.report",
     .of = "notice",
     .moves = "notice",
     .word = "state",
     .asks = {case_ask_opener},
     .does = "`not_yours` unless the signer acts for `org` of that row, which gave it."},
    {.kind = "notice.match",
     .then = {put_match},
     .does = "Writes `notice_match` under the notice and the record, which is this record's from "
             "now on."},
    {0},
};

static const struct move moves[] = {
    {"notice", "notice.answer", "live", "live"},
    {"notice", "notice.answer", "begun", "begun"},
    {"notice", "notice.report begun", "live", "begun"},
    {"notice", "notice.report ended", "live", "ended"},
    {"notice", "notice.report ended", "begun", "ended"},
    {"notice", "notice.report cancelled", "live", "cancelled"},
    {"notice", "notice.report cancelled", "begun", "cancelled"},
    {"notice_answer", "notice.answer", "", "given"},
    {"notice_answer", "notice.answer", "given", "given"},
    {"notice_match", "notice.match", "", "matched"},
    {"notice_match", "notice.match", "matched", "matched"},
    {0},
};

const struct case_room case_room_notice = {work, moves};
