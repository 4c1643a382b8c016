#include "register/casework.h"

/*
 * Persons detained, expelled and handed over. Who they are is sealed and no rule reads it; how
 * many is everybody's to count. A record is of persons who stay together, and a hand-over is one
 * only when who receives them has counted them.
 */

/* Who hands over says to whom, and it is not itself; nobody else is named. */
static bool ask_receiver(struct apply *a, struct err *err)
{
    struct span to = json_get_text(a->body, "to");

    (void)err;
    if (span_is(json_get_text(a->body, "what"), "handed_over") != (to.len > 0))
        return apply_void(a, REASON_SHAPE, "`to` is who receives those that are handed over");
    return to.len == 0 || !span_equal(to, apply_org(a)) ||
           apply_void(a, REASON_NOT_YOURS, "nobody hands over to itself");
}

static bool put_holder(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, a->at.own);

    json_set_string(row, "holder", apply_org(a), a->arena);
    return apply_put(a, "persons", span_of(a->record.id_text), row, err);
}

static bool ask_holder(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "holder");
}

static bool put_to(struct apply *a, struct err *err)
{
    const struct json *to = json_get(a->body, "to");

    return !to || case_set_named(a, "to", *to, err);
}

static bool ask_named(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

/* Whoever takes none has counted none. */
static bool ask_count(struct apply *a, struct err *err)
{
    bool taken = span_is(json_get_text(a->body, "answer"), "received");

    (void)err;
    return taken == (json_get_integer(a->body, "counted", 0) > 0) ||
           apply_void(a, REASON_RANGE, "whoever receives some counts them, and who none, none");
}

static bool put_received(struct apply *a, struct err *err)
{
    if (!span_is(json_get_text(a->body, "answer"), "received"))
        return true;
    return case_set_named(a, "counted", *json_get(a->body, "counted"), err) &&
           case_set_named(a, "holder", *json_get(a->signer, "org"), err);
}

static const struct casework work[] = {
    {.kind = "person.register",
     .own = "persons",
     .word = "what",
     .asks = {ask_receiver},
     .then = {put_holder},
     .does = "`shape` unless `to` is there where `what` is `handed_over`, and only there; "
             "`not_yours` if it is the signer's own organisation. `holder` of its row is the "
             "signer's organisation."},
    {.kind = "person.move",
     .own = "person_move",
     .of = "register",
     .moves = "persons",
     .word = "what",
     .asks = {ask_holder, ask_receiver},
     .then = {put_to},
     .does = "`not_yours` unless the signer acts for `holder` of that row; `to` as with "
             "`person.register`, and it becomes that row's."},
    {.kind = "person.receive",
     .own = "person_receipt",
     .of = "register",
     .moves = "persons",
     .word = "answer",
     .asks = {ask_named, ask_count},
     .then = {put_received},
     .does = "`not_yours` unless the signer acts for `to` of that row; `range` unless `counted` is "
             "1 at least where `answer` is `received`, and 0 where not. Of who was received, "
             "`counted` becomes this one's, `holder` the signer's organisation."},
    {0},
};

#define MADE(table, on)                                                                            \
    {                                                                                              \
        table, on, "", "made"                                                                      \
    }
#define MOVE(from)                                                                                 \
    {"persons", "person.move freed", from, "freed"},                                               \
        {"persons", "person.move expelled", from, "expelled"},                                     \
        {"persons", "person.move handed_over", from, "handed_over"},                               \
        {"persons", "person.move escaped", from, "escaped"},                                       \
    {                                                                                              \
        "persons", "person.move died", from, "died"                                                \
    }

static const struct move moves[] = {
    {"persons", "person.register detained", "", "held"},
    {"persons", "person.register expelled", "", "expelled"},
    {"persons", "person.register handed_over", "", "handed_over"},
    MOVE("held"),
    MOVE("received"),
    /* Whom nobody took is still with who brought them. */
    {"persons", "person.receive received", "handed_over", "received"},
    {"persons", "person.receive not_received", "handed_over", "held"},
    MADE("person_move", "person.move freed"),
    MADE("person_move", "person.move expelled"),
    MADE("person_move", "person.move handed_over"),
    MADE("person_move", "person.move escaped"),
    MADE("person_move", "person.move died"),
    MADE("person_receipt", "person.receive received"),
    MADE("person_receipt", "person.receive not_received"),
    {0},
};

const struct case_room case_room_person = {work, moves};
