/* GET /api/readers: to whom a part of a tier is sealed. */

#include "api/call.h"

#include "node/readers.h"

bool readers_answer(struct api_call *call, struct err *err)
{
    const struct api_value *word = api_value(call, "tier");
    struct json out = json_object(), list = json_array();
    struct reader_key *key;
    enum tier tier;
    size_t count;

    if (!word->given || !tier_find(&tier, word->text) || tier == TIER_PUBLIC)
        return err_set(err, ERR_USAGE, "tier: must be mechanism, mission or sealed");
    if (!readers_of(call->reader, tier, &key, &count, call->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct json one = json_object();

        json_set_string(&one, "age", age_recipient_text(&key[i].to, call->arena), call->arena);
        json_set_string(&one, "name", key[i].name, call->arena);
        json_set_string(&one, "org", key[i].org, call->arena);
        json_push(&list, one, call->arena);
    }
    json_set(&out, "recipients", list, call->arena);
    json_set_string(&out, "tier", word->text, call->arena);
    return api_answer_json(call, &out);
}
