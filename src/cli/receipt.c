#include "cli/cli.h"

#include "api/views.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "ledger/proof.h"
#include "node/node.h"

static bool receipt(struct cli *cli, struct node *node, uint64_t index, struct err *err)
{
    struct arena *arena = &cli->arena;
    struct buf out = buf_in(arena, LIMIT_CHECKPOINT_BYTES);
    struct log_reader *reader = NULL;
    struct proof proof = {.index = index};
    struct checkpoint checkpoint;

    if (!node_checkpoint(node, &checkpoint, &proof.checkpoint_note, arena, err))
        return false;
    if (index >= checkpoint.size)
        return err_set(err, ERR_MISSING, "there is no entry %" PRIu64 ": the log has %" PRIu64,
                       index, checkpoint.size);
    bool ok = log_reader_open(&reader, node_disk(node), checkpoint.size, err);
    ok = ok && log_reader_entry(reader, index, &proof.extra, err);
    if (ok)
        proof.extra = arena_copy(arena, proof.extra);
    ok = ok && merkle_prove_inclusion(&proof.inclusion, index, checkpoint.size, log_reader_hash,
                                      reader, err);
    if (ok) {
        proof_put(&out, &proof);
        assert(!out.full);
        fwrite(out.at, 1, out.len, stdout);
    }
    log_reader_close(reader);
    return ok;
}

static enum cli_exit run(struct cli *cli, struct err *err)
{
    struct journal_view view = views_journal();
    struct node *node = NULL;
    uint64_t index;

    if (!cli_number(&index, cli->argument[1], "N", err))
        return CLI_USAGE;
    bool ok =
        node_open(&node, cli->argument[0], &view, NULL, err) && receipt(cli, node, index, err);
    node_close(node);
    return ok ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_receipt = {
    .name = "receipt",
    .arguments = "DIR N",
    .least = 2,
    .most = 2,
    .about = "Prints a receipt (c2sp.org/tlog-proof) that entry N is in the log.",
    .run = run,
};

/* The entry is in the receipt itself; --entry checks one's own copy instead. */
static bool find_entry(struct cli *cli, struct span receipt, struct span *out, struct err *err)
{
    const char *path = cli_option(cli, "--entry");
    struct proof proof;

    if (path)
        return cli_read_file(out, path, LIMIT_ENTRY_BYTES, &cli->arena, err);
    if (!proof_parse(&proof, receipt, &cli->arena, err))
        return false;
    *out = proof.extra;
    return out->len != 0 ||
           err_set(err, ERR_MISSING, "the receipt does not hold its entry: give it with --entry");
}

static bool check(struct cli *cli, const struct note_key *key, struct err *err)
{
    struct arena *arena = &cli->arena;
    struct span bytes, entry;
    struct proof proof;
    struct checkpoint checkpoint;
    struct hash id;
    char hex[2 * HASH_BYTES + 1];

    if (!cli_read_file(&bytes, cli->argument[0], LIMIT_CHECKPOINT_BYTES, arena, err) ||
        !find_entry(cli, bytes, &entry, err) ||
        !proof_verify(&proof, &checkpoint, bytes, merkle_leaf(entry), key, arena, err))
        return false;
    id = merkle_leaf(entry);
    hex_text(hex, hash_span(&id));
    printf("entry %" PRIu64 " of %s at size %" PRIu64 ", leaf %s\n", proof.index, checkpoint.origin,
           checkpoint.size, hex);
    return true;
}

static enum cli_exit run_check(struct cli *cli, struct err *err)
{
    struct note_key key;

    if (!note_key_parse(&key, span_of(cli_option(cli, "--vkey")), err))
        return CLI_USAGE;
    return check(cli, &key, err) ? CLI_DONE : CLI_FAILED;
}

const struct cli_command command_check_receipt = {
    .name = "check-receipt",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .option = {{"--vkey", "KEY", "the log's key, as in DIR/log.vkey", CLI_NEEDED},
               {"--entry", "ENTRYFILE", "one's own copy of the entry, instead of the receipt's",
                CLI_MAYBE}},
    .about =
        "Checks a receipt without the log: that the log's key signed a tree which has this entry "
        "at this place.",
    .run = run_check,
};
