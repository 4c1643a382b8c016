#include "cli/amend.h"

#include "api/views.h"
#include "base/calendar.h"
#include "cli/verdict.h"
#include "node/author.h"
#include "register/register.h"

/*
 * sulh amend: other terms, by agreement of all roots (doc/format.md §7.6). One root proposes a
 * folder and brings its pieces; each other one has the same folder, sees that the amendment
 * lists it byte for byte, and concurs.
 */

bool amend_row(struct amend *amend, const char *table, const char *key, struct json *out,
               struct err *err)
{
    struct arena *arena = &amend->cli->arena;
    struct span bytes;

    *out = json_object();
    return store_get(node_reader(amend->node), table, span_of(key), STORE_LATEST, &bytes, NULL,
                     arena, err) &&
           (!bytes.at || json_parse_canonical(out, bytes, arena, err));
}

/* --- what is there, and what is wanted --- */

static bool read_log(struct amend *amend, struct err *err)
{
    struct json clock;

    if (!store_reader_refresh(node_reader(amend->node), err) ||
        !amend_row(amend, "agreement", "1", &amend->agreement, err) ||
        !amend_row(amend, "clock", "clock", &clock, err))
        return false;
    amend->now_ms = json_get_integer(&clock, "now_ms", 0);
    amend->version = register_versions(&amend->agreement) + 1;
    return json_get(&clock, "now_ms") ||
           err_set(err, ERR_REFUSED,
                   "there is no time yet: terms are amended from the first tick on");
}

/* What entry 0 fixes no amendment changes; a demonstration's name says that it is one. */
static bool read_folder(struct amend *amend, struct err *err)
{
    static const char *const fixed[] = {"quorum", "rules"};
    const char *before = node_is_demo(amend->node) ? "demo.invalid/" : "";
    struct json first;

    if (!folder_read(&amend->folder, amend->cli->argument[1], before, &amend->cli->arena, err) ||
        !amend_row(amend, "term", "agreement", &first, err))
        return false;
    if (!span_equal(amend->folder.head.name, folder_text(&amend->agreement, "name")))
        return err_set(err, ERR_REFUSED, "%s is of the agreement %.*s, and this log of %.*s",
                       amend->cli->argument[1], SPAN_ARG(amend->folder.head.name),
                       SPAN_ARG(folder_text(&amend->agreement, "name")));
    const struct json *head = json_get(&amend->folder.terms, "agreement");
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (!json_equal(json_get(&first, fixed[i]), json_get(head, fixed[i])))
            return err_set(err, ERR_REFUSED,
                           "[agreement]: \"%s\" is fixed by entry 0, and not "
                           "as in version 1",
                           fixed[i]);
    amend->pieces = folder_pieces(&amend->folder, &amend->cli->arena);
    return true;
}

/* A date is its midnight, UTC. */
static bool read_date(struct amend *amend, const char *text, struct err *err)
{
    struct calendar_date date;
    int64_t wall_ms = clock_now_ms(node_clock(amend->node));
    int offset_min;

    if (strcmp(text, "now") == 0)
        amend->from_ms = wall_ms > amend->now_ms ? wall_ms : amend->now_ms;
    else if (calendar_parse_date(&date, span_of(text)))
        amend->from_ms = calendar_ms(date);
    else if (!calendar_parse_time(&amend->from_ms, &offset_min, span_of(text)))
        return err_set(err, ERR_USAGE,
                       "--from: \"%s\" is no date: 2026-01-31, 2026-01-31T08:00+05:00, or now",
                       text);
    return amend->from_ms >= amend->now_ms ||
           err_set(err, ERR_REFUSED, "--from %s is past: nothing is amended before now", text);
}

static bool read_amendment(struct amend *amend, const char *id, struct err *err)
{
    amend->id = id;
    if (!amend_row(amend, "amendment", id, &amend->amendment, err))
        return false;
    const struct json *pieces = json_get(&amend->amendment, "pieces");
    if (!pieces)
        return err_set(err, ERR_MISSING, "no amendment of the terms %s is logged", id);
    amend->from_ms = json_get_integer(&amend->amendment, "from_ms", 0);
    amend->version = json_get_integer(&amend->amendment, "version", 0);
    return json_equal(pieces, &amend->pieces) ||
           err_set(err, ERR_REFUSED,
                   "%s is not what the amendment lists: ask who proposed it for "
                   "its folder, and compare the two",
                   amend->cli->argument[1]);
}

static bool read_all(struct amend *amend, struct err *err)
{
    const char *id = cli_option(amend->cli, "--concur");

    return read_log(amend, err) && read_folder(amend, err) &&
           (id ? read_amendment(amend, id, err)
               : read_date(amend, cli_option(amend->cli, "--from"), err));
}

/* --- signing --- */

#define MOST_RECORDS (1u + FOLDER_MOST_PIECES)

struct signing {
    struct author *author;
    struct submission submission[MOST_RECORDS];
    size_t count;
};

static bool sign(struct amend *amend, struct signing *s, const char *kind, const struct json *flat,
                 char id[65], struct err *err)
{
    assert(s->count < MOST_RECORDS);
    return author_sign(s->author, kind, flat, &s->submission[s->count++], id, &amend->cli->arena,
                       err);
}

static bool sign_proposal(struct amend *amend, struct signing *s, struct err *err)
{
    struct arena *arena = &amend->cli->arena;
    struct json proposal = json_object();
    char *id = arena_alloc(arena, 65), unused[65];

    json_set_integer(&proposal, "from_ms", amend->from_ms, arena);
    json_set(&proposal, "pieces", amend->pieces, arena);
    json_set_integer(&proposal, "version", amend->version, arena);
    bool ok = sign(amend, s, "agreement.amend", &proposal, id, err);
    for (size_t i = 0; ok && i < amend->folder.piece_count; i++) {
        struct json part = folder_part(&amend->folder, i, arena);

        json_set(&part, "amendment", json_text(id), arena);
        ok = sign(amend, s, "agreement.part", &part, unused, err);
    }
    amend->id = id;
    return ok;
}

static bool sign_concurrence(struct amend *amend, struct signing *s, struct err *err)
{
    struct json body = json_object();
    char unused[65];

    json_set(&body, "agreement", json_text(amend->id), &amend->cli->arena);
    return sign(amend, s, "agreement.concur", &body, unused, err);
}

static bool open_author(struct amend *amend, struct author **out, struct err *err)
{
    const char *name = cli_option(amend->cli, "--as");

    return name ? author_open(out, amend->node, name, err)
                : author_open_file(out, amend->node, cli_option(amend->cli, "--key-file"), err);
}

static bool submit(struct amend *amend, const struct signing *s, struct answer *answer,
                   struct err *err)
{
    if (!node_submit(amend->node, s->submission, s->count, answer, &amend->cli->arena, err))
        return false;
    for (size_t i = 0; i < s->count; i++)
        if (answer[i].kind == ANSWER_REFUSED)
            return err_set(err, ERR_REFUSED, "refused: %s (%s)", answer[i].reason,
                           answer[i].why.text);
    return true;
}

/* False, with the clause, where a record was logged and is void. What waits in the outbox has no
 * verdict yet. */
static bool all_effective(struct amend *amend, const struct answer *answer, size_t count,
                          struct err *err)
{
    struct arena *arena = &amend->cli->arena;
    struct json verdict;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = answer[i].kind == ANSWER_LATER ||
             (verdict_read(&verdict, amend->node, answer[i].index, arena, err) &&
              verdict_effective(&verdict, answer[i].index, err));
    return ok;
}

static bool sign_and_submit(struct amend *amend, struct err *err)
{
    struct signing *s = ARENA_NEW(&amend->cli->arena, struct signing);
    struct answer *answer = ARENA_ARRAY(&amend->cli->arena, struct answer, MOST_RECORDS);
    bool proposes = amend->id == NULL;
    bool ok = open_author(amend, &s->author, err) &&
              (proposes ? sign_proposal(amend, s, err) : sign_concurrence(amend, s, err)) &&
              submit(amend, s, answer, err);

    if (node_holds(amend->node)) { /* as in record.c: its tick may want this very key */
        author_close(s->author);
        s->author = NULL;
    }
    ok = ok && node_settle(amend->node, err);
    author_close(s->author);
    amend->waits = s->count > 0 && answer[0].kind == ANSWER_LATER;
    return ok && all_effective(amend, answer, s->count, err);
}

/* --- what became of it --- */

/* The roots that have not concurred, by the keys that have their places now. */
static struct json waits_for(struct amend *amend)
{
    const struct json *roots = json_get(&amend->agreement, "roots");
    const struct json *concurred = json_get(&amend->amendment, "concurred");
    struct json out = json_array();

    for (size_t i = 0; i < roots->array.count; i++) {
        bool has = false;

        for (size_t k = 0; concurred && k < concurred->array.count; k++)
            has |= json_equal(&concurred->array.at[k], &roots->array.at[i]);
        if (!has)
            json_push(&out, roots->array.at[i], &amend->cli->arena);
    }
    return out;
}

static bool print_result(struct amend *amend, struct err *err)
{
    struct arena *arena = &amend->cli->arena;
    struct json out = json_object();

    if (!store_reader_refresh(node_reader(amend->node), err) ||
        !amend_row(amend, "amendment", amend->id, &amend->amendment, err) ||
        !amend_row(amend, "agreement", "1", &amend->agreement, err))
        return false;
    struct span state = json_get_string(&amend->amendment, "state", SPAN_LIT("proposed"));
    int64_t from_ms = amend->from_ms;
    if (span_is(state, "agreed")) {
        const struct json *versions = json_get(&amend->agreement, "versions");
        from_ms = json_get_integer(&versions->array.at[amend->version - 2], "from_ms", from_ms);
    } else {
        json_set(&out, "waits_for", waits_for(amend), arena);
    }
    json_set_integer(&out, "from_ms", from_ms, arena);
    json_set(&out, "id", json_text(amend->id), arena);
    json_set_string(&out, "state", state, arena);
    json_set_integer(&out, "version", amend->version, arena);
    if (amend->waits)
        json_set_integer(&out, "waiting", 1, arena);
    cli_print_json(&out, arena);
    return true;
}

/* --- the command --- */

/* A line of its own, so that a passphrase typed too early is no consent. */
static bool ask(struct amend *amend, struct err *err)
{
    char line[16] = "";

    if (cli_option(amend->cli, "--yes"))
        return true;
    fprintf(stderr, "%s? Type yes: ", amend->id ? "Concur" : "Propose this");
    bool yes = fgets(line, sizeof line, stdin) && strcmp(line, "yes\n") == 0;
    return yes || err_set(err, ERR_REFUSED, "nothing was signed");
}

static bool signs(const struct cli *cli)
{
    return cli_option(cli, "--as") || cli_option(cli, "--key-file");
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct amend *amend = ARENA_NEW(&cli->arena, struct amend);

    if (!cli_option(cli, "--from") == !cli_option(cli, "--concur"))
        return cli_usage(err, "either --from DATE, to propose, or --concur ID, to agree");
    if (cli_option(cli, "--as") && cli_option(cli, "--key-file"))
        return cli_usage(err, "who signs? Either --as KEYNAME or --key-file FILE");
    amend->cli = cli;
    bool ok = node_open(&amend->node, cli->argument[0], &view, NULL, err) && read_all(amend, err) &&
              amend_show(amend, err);
    fflush(stdout);
    if (signs(cli))
        ok = ok && ask(amend, err) && sign_and_submit(amend, err) && print_result(amend, err);
    node_close(amend->node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_amend = {
    .name = "amend",
    .arguments = "DIR FOLDER",
    .least = 2,
    .most = 2,
    .option = {{"--from", "DATE",
                "proposes: when it is to begin, 2026-01-31 (UTC), "
                "2026-01-31T08:00+05:00, or now",
                CLI_MAYBE},
               {"--concur", "ID", "agrees to this amendment, if FOLDER is what it lists",
                CLI_MAYBE},
               {"--as", "KEYNAME", "the root's key, in DIR/keys", CLI_MAYBE},
               {"--key-file", "FILE", "the root's key, from elsewhere; it is not kept", CLI_MAYBE},
               {"--yes", NULL, "do not ask", CLI_MAYBE}},
    .about =
        "Amends the agreement's terms to what FOLDER says (doc/agreement.md): prints what that "
        "changes, and with a root's key asks, signs, and appends; without one changes "
        "nothing. The last line is for a program.",
    .run = run,
};
