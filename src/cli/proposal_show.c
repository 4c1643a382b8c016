#include "cli/proposal.h"

#include "base/calendar.h"
#include "cli/cli.h"

/* What a proposal says, so that people can compare it with what they have agreed. */

static const char *const job_words[] = {
    [PROPOSAL_ROOT] = "root",     [PROPOSAL_NODE] = "node",       [PROPOSAL_WITNESS] = "witness",
    [PROPOSAL_AUTHOR] = "author", [PROPOSAL_PROMISE] = "promise", [PROPOSAL_LOG] = "log",
};

static void show_key(const struct proposal *p, const struct proposal_key *key)
{
    printf("    %-8s %s\n", job_words[key->job], note_key_text(&key->key, p->arena));
    if (key->age[0])
        printf("      reads by %s\n", key->age);
}

static void show_head(const struct proposal *p)
{
    const struct json *head = json_get(&p->folder.terms, "agreement");
    char when[CALENDAR_TEXT];

    calendar_format(when, p->said_at_ms, 0);
    printf("agreement  %.*s\n", SPAN_ARG(p->folder.head.name));
    fputs("title      ", stdout);
    cli_put_text(stdout, folder_text(json_get(head, "title"), "en"), 0);
    printf("\nentry 0    %s\n", p->record[0].id);
    printf("proposed   %s\n", when);
    printf("rules      %" PRId64 "\n", p->folder.head.rules);
}

static void show_quorum(const struct proposal *p)
{
    size_t witnesses = 0;

    for (size_t i = 0; i < p->key_count; i++)
        witnesses += p->key[i].job == PROPOSAL_WITNESS;
    if (p->quorum)
        printf("quorum     %" PRId64 " of %zu witnesses\n", p->quorum, witnesses);
    else
        printf("quorum     0: time is the operator's clock, and nobody else vouches for the log\n");
    printf("operator   %s\n", p->operator_org);
}

static void show_organisation(const struct proposal *p, const struct json *organisation)
{
    fputs("  ", stdout);
    cli_put_text(stdout, folder_text(organisation, "id"), 0);
    fputs(proposal_is_root(organisation) ? ", a root: " : ": ", stdout);
    cli_put_text(stdout, folder_text(json_get(organisation, "name"), "en"), 0);
    fputc('\n', stdout);
    for (size_t i = 0; i < p->key_count; i++)
        if (p->key[i].organisation == organisation)
            show_key(p, &p->key[i]);
}

static void show_organisations(const struct proposal *p)
{
    const struct json *list = folder_organisations(&p->folder);

    printf("organisations and their keys:\n");
    for (size_t i = 0; i < list->array.count; i++)
        show_organisation(p, &list->array.at[i]);
    printf("  the log\n");
    show_key(p, proposal_log_key(p));
}

static void show_pieces(const struct proposal *p)
{
    struct json pieces = folder_pieces(&p->folder, p->arena);

    printf("files, in pieces, with the SHA-256 of each:\n");
    for (size_t i = 0; i < pieces.array.count; i++)
        printf("  %.*s  %s %" PRId64 "\n", SPAN_ARG(folder_text(&pieces.array.at[i], "sha256")),
               p->folder.piece[i].file, p->folder.piece[i].n);
}

void proposal_show(const struct proposal *p)
{
    show_head(p);
    show_quorum(p);
    show_organisations(p);
    show_pieces(p);
}

/* --- who signs what --- */

static const struct {
    const char *kind, *says;
} sayings[] = {
    {"agreement.adopt", "adopts the agreement, with everything above: this is entry 0"},
    {"agreement.part", "brings the text of its files into the record"},
    {"agreement.concur", "agrees to entry 0, and so to all that it names"},
    {"member.admit", "admits"},
};

static void show_record(const struct proposal *p, size_t from, size_t to)
{
    const struct proposal_record *record = &p->record[from];

    printf("  %04zu", from);
    if (to > from)
        printf("-%04zu", to);
    for (size_t i = 0; i < ARRAY_LEN(sayings); i++)
        if (span_is(record->kind, sayings[i].kind))
            printf("  %s: %s", sayings[i].kind, sayings[i].says);
    if (record->admits)
        printf(" %s as author, in the role %.*s", record->admits->key.name,
               SPAN_ARG(folder_text(record->admits->organisation, "role")));
    fputc('\n', stdout);
}

/* The last of those that stand together, of one key and kind, and admit nobody. */
static size_t last_of_run(const struct proposal *p, size_t from)
{
    size_t to = from;

    while (to + 1 < p->record_count && !p->record[to + 1].admits &&
           span_equal(p->record[to + 1].by, p->record[from].by) &&
           span_equal(p->record[to + 1].kind, p->record[from].kind))
        to++;
    return to;
}

void proposal_show_records(const struct proposal *p, const char *by)
{
    printf("%s signs:\n", by);
    for (size_t i = 0, to; i < p->record_count; i = to + 1) {
        to = last_of_run(p, i);
        if (span_is(p->record[i].by, by))
            show_record(p, i, to);
    }
}

static size_t count_unsigned(const struct proposal *p, struct span by)
{
    size_t count = 0;

    for (size_t i = 0; i < p->record_count; i++)
        count += span_equal(p->record[i].by, by) && p->record[i].note.len == 0;
    return count;
}

bool proposal_lacks(const struct proposal *p, struct buf *out)
{
    const size_t before = out->len;

    for (size_t i = 0; i < p->key_count; i++) {
        size_t count =
            p->key[i].job == PROPOSAL_ROOT ? count_unsigned(p, span_of(p->key[i].key.name)) : 0;

        if (count)
            buf_printf(out, "%s%s (%zu record%s)", out->len > before ? ", " : "",
                       p->key[i].key.name, count, count > 1 ? "s" : "");
    }
    return out->len > before;
}
