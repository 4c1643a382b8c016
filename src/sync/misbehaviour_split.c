#include "sync/misbehaviour_inside.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "ledger/merkle.h"

/* Two checkpoints of one origin that one key cannot both have signed. */

struct pair {
    struct tree_head first, second;
};

static bool read_pair(struct trial *t, struct pair *out, struct err *err)
{
    if (!trial_tree_head(t, &out->first, trial_note(t, "checkpoints", 0), err) ||
        !trial_tree_head(t, &out->second, trial_note(t, "checkpoints", 1), err))
        return false;
    if (strcmp(out->first.checkpoint.origin, out->second.checkpoint.origin) != 0)
        return err_set(err, ERR_REFUSED, "the checkpoints are of two origins, %s and %s",
                       out->first.checkpoint.origin, out->second.checkpoint.origin);
    if (out->first.checkpoint.size > out->second.checkpoint.size)
        return err_set(err, ERR_MALFORMED, "the larger checkpoint stands first");
    return true;
}

/* --- split --- */

static struct merkle_proof read_path(const struct trial *t)
{
    const struct json *list = json_get(t->evidence, "consistency");
    struct merkle_proof path = {.count = list->array.count};

    for (size_t i = 0; i < path.count; i++) {
        bool ok = hex_parse(path.hash[i].bytes, HASH_BYTES, list->array.at[i].string);
        assert(ok); /* its form was checked */
    }
    return path;
}

/* `root` is that of the second tree's first entries, as many as the first tree has: of one
 * size that is the second root itself, and the path is empty. */
static bool trees_part(struct trial *t, const struct pair *pair, struct err *err)
{
    const struct checkpoint *first = &pair->first.checkpoint, *second = &pair->second.checkpoint;
    struct merkle_proof path = read_path(t);
    struct hash root = trial_hash(t, "root");

    if (!merkle_verify_consistency(&path, first->size, second->size, root, second->root))
        return err_set(err, ERR_REFUSED, "`consistency` does not lead from `root` to the second");
    return !hash_equal(root, first->root) ||
           err_set(err, ERR_REFUSED, "the second checkpoint continues the first");
}

static const char *split_sentence(const struct trial *t, const struct pair *pair)
{
    uint64_t first = pair->first.checkpoint.size, second = pair->second.checkpoint.size;

    if (first == second)
        return arena_printf(t->arena, "%s signed two different logs of %" PRIu64 " entries.",
                            trial_names(t), first);
    return arena_printf(t->arena,
                        "%s signed a log of %" PRIu64 " entries, and one of %" PRIu64
                        " that does not begin with it.",
                        trial_names(t), first, second);
}

bool misbehaviour_split(struct trial *t, struct err *err)
{
    uint64_t unused;
    struct pair pair;

    if (!read_pair(t, &pair, err) || !trees_part(t, &pair, err))
        return false;
    for (size_t i = 0; i < t->keys->count; i++)
        if (tree_head_signed(&pair.first, t->keys->at[i], &unused) &&
            tree_head_signed(&pair.second, t->keys->at[i], &unused))
            trial_accuse(t, t->keys->at[i]);
    if (t->out->count == 0)
        return err_set(err, ERR_REFUSED, "no key known here signed both checkpoints");
    trial_say(t, split_sentence(t, &pair));
    return true;
}

/* --- clock --- */

/* A witness may have signed a second that is of no calendar. */
static void put_time(struct buf *buf, uint64_t seconds)
{
    char text[CALENDAR_TEXT];

    if (seconds > (uint64_t)LIMIT_TIME_MAX_MS / 1000) {
        buf_printf(buf, "second %" PRIu64, seconds);
        return;
    }
    calendar_format(text, (int64_t)seconds * 1000, 0);
    buf_text(buf, text);
}

/* Accuses it, in a clause of the sentence, if it cosigned the larger tree first. */
static void judge_clock(struct trial *t, const struct pair *pair, const struct known_key *key,
                        struct buf *said)
{
    uint64_t smaller_at, larger_at;

    if (!tree_head_signed(&pair->first, key, &smaller_at) ||
        !tree_head_signed(&pair->second, key, &larger_at) || smaller_at <= larger_at)
        return;
    trial_accuse(t, key);
    buf_text(said, said->len ? "; " : "");
    buf_printf(said, "%s cosigned %" PRIu64 " entries at ", trial_name(t, key),
               pair->second.checkpoint.size);
    put_time(said, larger_at);
    buf_printf(said, " and %" PRIu64 ", fewer, after that, at ", pair->first.checkpoint.size);
    put_time(said, smaller_at);
}

/* c2sp.org/tlog-cosignature: at that time this was the largest tree that the witness had seen. */
bool misbehaviour_clock(struct trial *t, struct err *err)
{
    struct buf said = buf_in(t->arena, SIZE_MAX / 2);
    struct pair pair;

    if (!read_pair(t, &pair, err))
        return false;
    if (pair.first.checkpoint.size == pair.second.checkpoint.size)
        return err_set(err, ERR_REFUSED, "the checkpoints are of one size");
    for (size_t i = 0; i < t->keys->count; i++)
        judge_clock(t, &pair, t->keys->at[i], &said);
    if (t->out->count == 0)
        return err_set(err, ERR_REFUSED,
                       "no witness known here cosigned the larger at an earlier time");
    buf_byte(&said, '.');
    trial_say(t, arena_text(t->arena, buf_span(&said)));
    return true;
}
