#include "cli/cli.h"

#include "record/kind.h"
#include "register/rules_doc.h"

#define DOCUMENT_BYTES (4u << 20)

/* What the document says of one kind: from its heading to the next. */
static struct span section_of(struct span document, const struct kind *kind, struct arena *arena)
{
    const char *heading = arena_printf(arena, "### %s %" PRIu64, kind->name, kind->version);
    struct span line, rest = document, from = {0};

    while (span_cut(&rest, '\n', &line)) {
        if (span_is(line, heading))
            from = line;
        else if (from.at && span_starts_with(line, SPAN_LIT("##")))
            return span_make(from.at, (size_t)(line.at - from.at));
    }
    return from.at ? span_make(from.at, (size_t)(rest.at - from.at)) : document;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    const char *name = cli->argument[0]; /* NULL: all of them */
    const struct kind *kind = name ? kind_find(span_of(name), 1) : NULL;
    struct buf out = buf_in(&cli->arena, DOCUMENT_BYTES);

    if (name && !kind)
        return cli_usage(err, "there is no kind \"%s\": sulh rules prints them all", name);
    rules_doc_put(&out);
    assert(!out.full);
    struct span text = kind ? section_of(buf_span(&out), kind, &cli->arena) : buf_span(&out);
    fwrite(text.at, 1, text.len, stdout);
    return CLI_DONE;
}

const struct cli_command command_rules = {
    .name = "rules",
    .arguments = "[KIND]",
    .least = 0,
    .most = 1,
    .about =
        "Prints the rules that records are judged by: kinds, states and moves, tables, reasons "
        "(doc/rules.md); or of one kind its fields and what is asked of it.",
    .run = run,
};
