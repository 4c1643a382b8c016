#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "cli/logged.h"
#include "cli/verdict.h"
#include "codec/hex.h"
#include "crypto/sign.h"
#include "node/author.h"
#include "node/identity.h"
#include "record/kind.h"
#include "store/parts.h"
#include "sys/entropy.h"

/*
 * sulh unseal: a mediator's step in opening what is sealed to two. The outer takes off its seal
 * and passes on what is inside, which is still sealed to the inner; the inner takes off its own
 * and seals the content to both. Each step is a record, part.opened.
 */

enum seat { OUTER, INNER, NOBODY };
static const char *const seat_words[] = {[OUTER] = "outer", [INNER] = "inner"};

struct unsealing {
    struct cli *cli;
    struct node *node;
    const char *name; /* the key that signs */
    struct age_identity identity;
    struct author *author;
    struct span holder[2]; /* of the part's two seals: its recipients, or who has their place */
    struct {
        struct span commitment;
        enum seat seat;
        struct answer answer;
    } said[LIMIT_RECORD_PARTS];
    size_t count;
};

/* --- whose seals they are --- */

/* Whoever has the key's place since (format §6.6), if it was rotated. */
static bool find_holder(struct unsealing *u, struct span name, struct span *out, struct err *err)
{
    struct json row;
    bool there = true;

    for (*out = name; there && name.len; name = json_get_text(&row, "replaced_by")) {
        if (!logged_row(&row, &there, u->node, "key", name, &u->cli->arena, err))
            return false;
        *out = name;
    }
    return true;
}

static bool find_seat(struct unsealing *u, const struct part *part, enum seat *out, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(u->holder); i++)
        if (!find_holder(u, part->recipients->array.at[i].string, &u->holder[i], err))
            return false;
    *out = span_is(u->holder[OUTER], u->name)   ? OUTER
           : span_is(u->holder[INNER], u->name) ? INNER
                                                : NOBODY;
    return true;
}

/* --- taking off a seal, and sealing again --- */

static bool take_off(struct unsealing *u, struct span stored, struct span *out, struct err *err)
{
    struct arena *arena = &u->cli->arena;
    struct buf plain = buf_in(arena, LIMIT_PART_BYTES);
    struct span file;
    struct hash hash;

    if (!hex_parse(hash.bytes, sizeof hash.bytes, stored))
        return err_set(err, ERR_MALFORMED, "no hash of a part");
    if (!parts_get(node_parts(u->node), &hash, &file, arena, err) ||
        !age_decrypt(&plain, &u->identity, 1, file, err))
        return false;
    *out = buf_span(&plain);
    return true;
}

static bool seal_to_both(struct unsealing *u, struct span salted, struct span *out, struct err *err)
{
    struct buf file = buf_in(&u->cli->arena, SIZE_MAX);
    struct age_recipient to[2];
    struct age_seed seed;
    bool there;

    for (size_t i = 0; i < ARRAY_LEN(to); i++) {
        struct json row;

        if (!logged_row(&row, &there, u->node, "key", u->holder[i], &u->cli->arena, err) ||
            !age_recipient_parse(&to[i], json_get_text(&row, "age"), err))
            return err_wrap(err, "%.*s", SPAN_ARG(u->holder[i]));
    }
    entropy_fill(seed.bytes, sizeof seed.bytes);
    bool ok = age_encrypt(&file, to, ARRAY_LEN(to), salted, &seed, err);
    sign_wipe(&seed, sizeof seed);
    *out = buf_span(&file);
    return ok;
}

static bool open_inner(struct unsealing *u, const struct part *part, struct span passed_by,
                       struct span *out, struct err *err)
{
    struct part passed;
    struct span salted, bytes;

    if (!logged_passed(&passed, u->node, passed_by, part->commitment, &u->cli->arena, err) ||
        !take_off(u, passed.stored, &salted, err))
        return false;
    if (!part_open(part, salted, &bytes))
        return err_set(err, ERR_CONFLICT, "what is inside is not what its author committed to");
    return seal_to_both(u, salted, out, err);
}

/* --- the record --- */

static bool say(struct unsealing *u, enum seat seat, const struct part *part, struct span stored,
                struct submission *out, struct err *err)
{
    struct arena *arena = &u->cli->arena;
    const char *order = cli_option(u->cli, "--order"), *why = cli_option(u->cli, "--why");
    struct json flat = json_object(), names = json_array();
    char id[65];

    for (size_t i = 0; i < ARRAY_LEN(u->holder); i++)
        json_push(&names, json_string(u->holder[i]), arena);
    const struct part passed = {.tier = TIER_SEALED,
                                .media =
                                    part->media.len ? part->media : SPAN_LIT("application/json"),
                                .commitment = part->commitment,
                                .recipients = &names};
    json_set_string(&flat, "part", part->commitment, arena);
    json_set(&flat, "step", json_text(seat_words[seat]), arena);
    if (order)
        json_set(&flat, "order", json_text(order), arena);
    if (why)
        json_set(&flat, "why", json_text(why), arena);
    return author_sign_parts(
        u->author,
        &(struct author_ask){
            .kind = "part.opened", .flat = &flat, .passed = &passed, .passed_stored = stored},
        out, id, arena, err);
}

static bool submit(struct unsealing *u, enum seat seat, const struct part *part,
                   const struct submission *submission, struct err *err)
{
    struct answer *answer = &u->said[u->count].answer;

    u->said[u->count].commitment = part->commitment;
    u->said[u->count].seat = seat;
    if (!node_submit(u->node, submission, 1, answer, &u->cli->arena, err))
        return false;
    if (answer->kind != ANSWER_LOGGED)
        return err_set(err, ERR_REFUSED, "not logged: %s",
                       answer->reason ? answer->reason : answer->why.text);
    u->count++;
    return true;
}

/* Once it is settled what the register made of them. */
static bool print_said(struct unsealing *u, size_t n, struct err *err)
{
    const struct answer *answer = &u->said[n].answer;
    struct arena *arena = &u->cli->arena;
    struct json out = json_object(), verdict;

    if (!verdict_read(&verdict, u->node, answer->index, arena, err))
        return false;
    json_set_string(&out, "commitment", u->said[n].commitment, arena);
    json_set(&out, "id", json_text(answer->id), arena);
    json_set_integer(&out, "index", (int64_t)answer->index, arena);
    json_set(&out, "step", json_text(seat_words[u->said[n].seat]), arena);
    json_set_string(&out, "verdict", json_get_text(&verdict, "verdict"), arena);
    cli_print_json(&out, arena);
    return verdict_effective(&verdict, answer->index, err);
}

/* Which step is this key's now; *out NOBODY and a word of why when none is. */
static bool whose_turn(struct unsealing *u, const struct part *part, enum seat *out,
                       struct json *opening, const char **why, struct err *err)
{
    bool begun;
    enum seat seat;

    if (!find_seat(u, part, &seat, err) ||
        !logged_row(opening, &begun, u->node, "opening", part->commitment, &u->cli->arena, err))
        return false;
    *why = seat == NOBODY            ? "is sealed to others"
           : seat == OUTER && begun  ? "has lost its outer seal already"
           : seat == INNER && !begun ? "has its outer seal yet, which is another's"
           : seat == INNER && !span_is(json_get_text(opening, "state"), "half_open")
               ? "is open already"
               : NULL;
    *out = *why ? NOBODY : seat;
    return true;
}

static bool unseal_part(struct unsealing *u, const struct part *part, struct err *err)
{
    struct submission submission;
    struct json opening;
    struct span stored;
    enum seat seat;
    const char *why;

    if (!whose_turn(u, part, &seat, &opening, &why, err))
        return false;
    if (seat == NOBODY) {
        fprintf(stderr, "sulh: the part %.*s %s\n", SPAN_ARG(part->commitment), why);
        return true;
    }
    bool ok = seat == OUTER ? take_off(u, part->stored, &stored, err)
                            : open_inner(u, part, json_get_text(&opening, "outer"), &stored, err);
    ok = ok && say(u, seat, part, stored, &submission, err) &&
         submit(u, seat, part, &submission, err);
    return ok || err_wrap(err, "the part %.*s", SPAN_ARG(part->commitment));
}

/* Beside a server the key is held until all is published; see sulh record. */
static bool settle(struct unsealing *u, struct err *err)
{
    if (node_holds(u->node)) {
        author_close(u->author);
        u->author = NULL;
    }
    bool ok = u->count == 0 || node_settle(u->node, err);
    for (size_t i = 0; ok && i < u->count; i++)
        ok = print_said(u, i, err);
    return ok;
}

static bool unseal(struct unsealing *u, struct err *err)
{
    struct record record;
    struct part part;
    struct err unsettled = {0};
    uint64_t index = 0;
    bool ok = logged_record(&record, &index, u->node, span_of(u->cli->argument[1]), &u->cli->arena,
                            err) &&
              parts_check(record.body, err) && author_open(&u->author, u->node, u->name, err);

    for (size_t i = 0; ok && part_at(record.body, i, &part); i++)
        ok = part.tier != TIER_SEALED || unseal_part(u, &part, err);
    ok = ok && (u->count > 0 ||
                err_set(err, ERR_REFUSED, "nothing in it is %s's to unseal now", u->name));
    if (!settle(u, ok ? err : &unsettled)) /* what was said is said, also when the next failed */
        ok = false;
    author_close(u->author);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct unsealing *u = ARENA_NEW(&cli->arena, struct unsealing);
    struct journal_view view = views_journal();

    u->cli = cli;
    u->name = cli_option(cli, "--as");
    bool ok = identity_read(&u->identity, cli->argument[0], u->name, err) &&
              node_open(&u->node, cli->argument[0], &view, NULL, err) && unseal(u, err);
    node_close(u->node);
    sign_wipe(&u->identity, sizeof u->identity);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_unseal = {
    .name = "unseal",
    .arguments = "DIR RECORD",
    .least = 2,
    .most = 2,
    .option = {{"--as", "KEYNAME", "the mediator: its key and its identity in DIR/keys",
                CLI_NEEDED},
               {"--order", "RECORD", "what it was ordered by", CLI_MAYBE},
               {"--why", "TEXT", "why it is opened; everybody reads it", CLI_MAYBE}},
    .about = "Takes this mediator's seal off the sealed parts of a record, in its turn: the outer "
             "passes on what is still sealed to the inner, the inner gives the content to both, "
             "who read it by sulh open. Each step is a record, and one without the other is shown.",
    .run = run,
};
