#include "api/intake.h"

#include "forms/flash_sign.h"
#include "forms/intake.h"

#include <stdio.h>

#define EXTERNAL_DIGITS 32

/* One that the door would not take now is tried again at a later turn. */
static bool hand_in(struct node *node, struct author *author, struct intake *intake,
                    const struct intake_confirmed *confirmed, bool *out_safe, struct arena *arena,
                    struct err *err)
{
    char external[64], id[65];
    struct submission submission = {0};
    struct answer answer = {0};

    snprintf(external, sizeof external, "message-%.*s", EXTERNAL_DIGITS, confirmed->key);
    const struct flash_record record = {.fields = &confirmed->fields,
                                        .said = confirmed->said,
                                        .on_behalf = confirmed->on_behalf,
                                        .external_id = span_of(external)};
    if (!flash_sign(author, &record, &submission, id, arena, err) ||
        !node_submit(node, &submission, 1, &answer, arena, err))
        return false;
    *out_safe = answer.kind == ANSWER_LOGGED || answer.kind == ANSWER_REPEATED ||
                (answer.kind == ANSWER_LATER && answer.why.kind == ERR_NONE);
    return !*out_safe || intake_done(intake, confirmed->key, id, err);
}

static bool sign_all(struct node *node, struct author *author, struct intake *intake,
                     struct intake_confirmed *confirmed, struct arena *arena, struct err *err)
{
    bool safe = true, any = true;

    while (any && safe)
        if (!hand_in(node, author, intake, confirmed, &safe, arena, err) ||
            !intake_next(intake, confirmed, &any, arena, err))
            return false;
    return true;
}

bool intake_turn(struct node *node, struct intake *intake, struct err *err)
{
    const char *gateway = node_settings(node)->gateway;
    struct intake_confirmed confirmed;
    struct author *author = NULL;
    struct arena arena = {0};
    struct err fault = {0};
    bool any = false, ok = true;

    if (gateway[0])
        ok = intake_next(intake, &confirmed, &any, &arena, err);
    if (ok && any && author_open(&author, node, gateway, &fault))
        ok = sign_all(node, author, intake, &confirmed, &arena, &fault);
    author_close(author);
    arena_free(&arena);
    if (ok || fault.kind != ERR_IO)
        return ok || fault.kind != ERR_NONE;
    *err = fault;
    return false;
}
