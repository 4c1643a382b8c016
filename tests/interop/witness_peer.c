/*
 * For witness.go to talk to: src/sync as a witness, and as who asks witnesses, over HTTP on
 * loopback. The log is that of src/sync/witness_world.h: entry n is the text of n.
 *
 *     witness_peer serve DIRECTORY ENTRIES
 *
 * is a witness that can get so many entries and remembers in DIRECTORY. It prints its address,
 * the log's key file, the log's vkey and its own, a line each; and ends when its input does.
 *
 *     witness_peer gather SIZE QUORUM SECONDS [OLD VKEY URL]...
 *
 * asks these witnesses, thought to have cosigned OLD entries, and prints the note.
 */

#include <signal.h>

#include "net/http.h"
#include "sync/gather.h"
#include "sync/http_transport.h"
#include "sync/witness_world.h"

#define MOST 16

static struct arena arena;
static struct err err;

static int failed(const char *doing)
{
    fprintf(stderr, "%s: %s\n", doing, err.text);
    return 1;
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct witness_reply reply;

    if (!span_is(request->path, "/add-checkpoint") || strcmp(request->method, "POST") != 0) {
        http_error(request, response, 404, "POST /add-checkpoint");
        return;
    }
    witness_add_checkpoint(context, request->body, &reply, request->arena);
    response->status = reply.status;
    response->type = reply.type;
    response->body = reply.body;
}

static void print_vkey(const struct note_signer *signer)
{
    const struct note_key key = note_signer_key(signer);

    printf("%s\n", note_key_text(&key, &arena));
}

static int serve(struct witness_world *w, const char *directory, const char *entries)
{
    struct http_server *server;
    struct witness *witness;
    struct disk *disk;

    w->held = 0;
    w->reachable = strtoull(entries, NULL, 10);
    if (!disk_open(&disk, directory, true, &err))
        return failed("open the directory");
    struct witness_options options = witness_world_options(w, disk);
    options.clock = clock_system();
    if (!witness_open(&witness, &options, &err))
        return failed("open the witness");
    const struct http_options http = {.listen = "127.0.0.1:0",
                                      .body_limit = LIMIT_CHECKPOINT_BYTES,
                                      .threads = 2,
                                      .handler = handle,
                                      .context = witness};
    if (!http_start(&server, &http, &err))
        return failed("serve");
    printf("%s\n%s\n", http_address(server), note_signer_text(&w->log[0], &arena));
    print_vkey(&w->log[0]);
    print_vkey(&w->witness);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    http_stop(server);
    witness_close(witness);
    disk_close(disk);
    return 0;
}

static int gather(const struct witness_world *w, char **words)
{
    struct checkpoint checkpoint =
        witness_world_checkpoint(w, 1, strtoull(words[0], NULL, 10), WITNESS_WORLD_TRUE);
    struct witness_set set = {.quorum = strtoull(words[1], NULL, 10)};
    struct http_transport *http = http_transport_open(NULL, NULL);
    const struct transport transport = http_transport_of(http);
    struct gather_peer peer[MOST];
    uint64_t lies_from = WITNESS_WORLD_TRUE;
    struct gather gather = {.transport = &transport,
                            .peer = peer,
                            .set = &set,
                            .patience_ms = 1000u * (unsigned)strtoul(words[2], NULL, 10),
                            .lookup = witness_world_hash,
                            .lookup_context = &lies_from};

    for (words += 3; words[0] && words[1] && words[2] && gather.count < MOST; words += 3) {
        if (!note_key_parse(&set.at[set.count], span_of(words[1]), &err))
            return failed(words[1]);
        set.in_force[set.count++] = true;
        peer[gather.count++] = (struct gather_peer){words[2], strtoull(words[0], NULL, 10)};
    }
    struct span note =
        gather_run(&gather, witness_world_note(&checkpoint, &w->log[0], &arena), &arena);
    printf("%.*s", SPAN_ARG(note));
    http_transport_close(http);
    return 0;
}

int main(int argc, char **argv)
{
    struct witness_world w = witness_world_make();
    int status = 2;

    signal(SIGPIPE, SIG_IGN);
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        status = serve(&w, argv[2], argv[3]);
    else if (argc >= 5 && strcmp(argv[1], "gather") == 0)
        status = gather(&w, argv + 2);
    else
        fprintf(stderr, "usage: witness_peer serve|gather …\n");
    arena_free(&arena);
    return status;
}
