/*
 * Records acknowledged over HTTP, held against bare Ed25519 verify of records like them by one
 * core: a node in this process on one core, who submits in another process on another. What is
 * submitted is signed before. Acknowledged is what got a promise, so what is on the disk. The
 * ratio by processor time is of the node alone and says the same on a machine that others use.
 */

#include "api/story.h"
#include "journal/bench.h"
#include "journal/submission.h"
#include "net/sign_in.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

#define RECORDS 8000u /* of each round */
#define SINGLES 2000u
#define CONNECTIONS 64u
#define PATIENCE_S 60u
#define THREADS 8u /* that answer, as sulh serve has them */

/* --- what is submitted --- */

struct load {
    struct span *body; /* of each request */
    size_t bodies, records;
};

static struct load make_load(struct story *s, size_t records, size_t in_one)
{
    struct load load = {.bodies = records / in_one, .records = records};
    struct submission *some = ARENA_ARRAY(&s->arena, struct submission, in_one);
    struct err err = {0};

    load.body = ARENA_ARRAY(&s->arena, struct span, load.bodies);
    for (size_t i = 0; i < load.bodies; i++) {
        for (size_t k = 0; k < in_one; k++)
            some[k] = world_any(s->world, &s->arena);
        must(submission_encode(&load.body[i], some, in_one, &s->arena, &err), &err);
    }
    return load;
}

/* --- who submits: another process --- */

struct sender {
    const struct load *load;
    const char *url, *authorization;
    atomic_size_t *next; /* the body that nobody has sent yet */
    size_t logged;
    pthread_t thread;
};

static size_t send_one(struct sender *sender, struct http_client *client, struct span body,
                       struct arena *arena)
{
    const struct http_call call = {
        .client = client,
        .url = arena_printf(arena, "%s/submit", sender->url),
        .method = "POST",
        .type = SUBMISSION_TYPE,
        .body = body,
        .headers = {sender->authorization},
        .limit = SUBMISSION_ANSWER_BYTES,
        .timeout_s = PATIENCE_S,
    };
    static const char word[] = "\"promise\":";
    struct http_reply reply;
    struct err err = {0};
    size_t count = 0;

    must(http_do(&call, &reply, arena, &err), &err);
    must(reply.status == 200 || err_set(&err, ERR_IO, "%.*s", SPAN_ARG(reply.body)), &err);
    for (struct span rest = reply.body;; count++) {
        const uint8_t *found = memmem(rest.at, rest.len, word, sizeof word - 1);
        if (!found)
            return count;
        rest = span_from(rest, (size_t)(found - rest.at) + 1);
    }
}

static void *send_all(void *context)
{
    struct sender *sender = context;
    struct http_client *client = http_client_open();
    struct arena arena = {0};
    size_t n;

    while ((n = atomic_fetch_add(sender->next, 1)) < sender->load->bodies) {
        arena_reset(&arena);
        sender->logged += send_one(sender, client, sender->load->body[n], &arena);
    }
    arena_free(&arena);
    http_client_close(client);
    return NULL;
}

static void pin_to(int core)
{
    cpu_set_t cores;

    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    (void)sched_setaffinity(0, sizeof cores, &cores); /* a machine of one core: as it is */
}

/* What the node says first: where it is, and the header of a session there. */
static void hear(int from_node, char line[400], char **authorization)
{
    if (read(from_node, line, 399) <= 0 || !(*authorization = strchr(line, '\n')))
        _exit(1);
    *(*authorization)++ = '\0';
}

/* Whatever is answered must be a promise for each. */
_Noreturn static void submit_all(const struct load *load, size_t connections, int from_node)
{
    char line[400] = "", *authorization;
    struct sender sender[CONNECTIONS];
    atomic_size_t next = 0;
    size_t logged = 0;

    pin_to(1);
    hear(from_node, line, &authorization);
    for (size_t i = 0; i < connections; i++) {
        sender[i] = (struct sender){load, line, authorization, &next, 0, 0};
        if (pthread_create(&sender[i].thread, NULL, send_all, &sender[i]))
            abort();
    }
    for (size_t i = 0; i < connections; i++) {
        pthread_join(sender[i].thread, NULL);
        logged += sender[i].logged;
    }
    _exit(logged == load->records ? 0 : 1);
}

/* --- the node --- */

/* Whether the pipe, of which the submitter alone has the other end, is closed: it is done, or
 * dead. Waits as long as a server does between two turns. */
static bool is_over(int from_submitter)
{
    struct pollfd over = {.fd = from_submitter, .events = POLLIN};

    return poll(&over, 1, 100) > 0;
}

static void sign_in_author(struct story *s, const char *url, char out[400])
{
    const struct sign_in how = {
        .url = url,
        .agreement = SPAN_LIT(WORLD_NAME),
        .node = "obs/node",
        .signer = &s->world->author[0].signer,
        .now_ms = clock_now_ms(clock_system()),
        .timeout_s = PATIENCE_S,
    };
    struct err err = {0};
    char token[65];

    must(sign_in(&how, token, &err), &err);
    snprintf(out, 400, "%s\nAuthorization: Bearer %s", url, token);
}

struct submitter {
    pid_t process;
    int tell, over; /* the pipes to it and from it */
};

/* Before there is any other thread. */
static struct submitter submitter_start(const struct load *load, size_t connections)
{
    int there[2], back[2];

    if (pipe(there) || pipe(back))
        abort();
    struct submitter out = {.process = fork(), .tell = there[1], .over = back[0]};
    if (out.process < 0)
        abort();
    (void)close(out.process == 0 ? there[1] : there[0]);
    (void)close(out.process == 0 ? back[0] : back[1]);
    if (out.process == 0)
        submit_all(load, connections, there[0]);
    return out;
}

static void submitter_end(const struct submitter *submitter)
{
    struct err err = {0};
    int status;
    bool all = waitpid(submitter->process, &status, 0) == submitter->process && status == 0;

    (void)(close(submitter->tell) | close(submitter->over));
    must(all || err_set(&err, ERR_IO, "not every record was promised a place"), &err);
}

static void serve(struct rate *best, struct story *s, const struct load *load, size_t connections,
                  unsigned threads)
{
    char line[400];
    struct err err = {0};
    struct http_server *server = NULL;
    const struct http_options options = {.listen = "127.0.0.1:0",
                                         .body_limit = SUBMISSION_BYTES,
                                         .threads = threads,
                                         .handler = api_handle,
                                         .context = s->api};
    struct submitter submitter = submitter_start(load, connections);

    must(http_start(&server, &options, &err), &err);
    sign_in_author(s, http_address(server), line);
    struct stopwatch start = stopwatch_start();
    if (write(submitter.tell, line, strlen(line) + 1) <= 0)
        abort();
    while (!is_over(submitter.over))
        must(journal_publish(node_journal(s->node), &err), &err);
    stopwatch_best(best, start, (double)load->records);
    http_stop(server);
    submitter_end(&submitter);
}

static void bench_serve(struct story *s, const char *name, size_t records, size_t in_one,
                        size_t connections, unsigned threads, struct rate bare)
{
    struct rate best = {0};

    for (unsigned round = 0; round < ROUNDS; round++) {
        struct load load = make_load(s, records, in_one);
        serve(&best, s, &load, connections, threads);
    }
    line_ratio(name, best, "records/s", bare, "bare Ed25519");
}

/* --- what it is held against, and where the time goes --- */

/* An author's, or the node's, which signs the ticks. */
static struct note_key key_of(const struct world *w, struct span name)
{
    size_t i = 0;

    while (i < WORLD_AUTHORS && !span_is(name, w->author[i].signer.name))
        i++;
    return note_signer_key(i < WORLD_AUTHORS ? &w->author[i].signer : &w->node.signer);
}

static struct rate verify_all(struct story *s, const struct load *load)
{
    struct rate rate = {0};
    struct record *record = ARENA_ARRAY(&s->arena, struct record, load->records);
    struct note_key *key = ARENA_ARRAY(&s->arena, struct note_key, load->records);
    size_t count = 0;
    struct err err = {0};

    for (size_t i = 0; i < load->bodies; i++) {
        struct submission *some;
        size_t in_one;
        must(submission_parse(&some, &in_one, load->body[i], &s->arena, &err), &err);
        for (size_t k = 0; k < in_one; k++, count++) {
            must(record_parse(&record[count], some[k].note, &s->arena, &err), &err);
            key[count] = key_of(s->world, record[count].by);
        }
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct stopwatch start = stopwatch_start();
        for (size_t i = 0; i < count; i++)
            must(record_verify(&record[i], &key[i]) ||
                     err_set(&err, ERR_REFUSED, "a signature does not hold"),
                 &err);
        stopwatch_best(&rate, start, (double)count);
    }
    line("bare Ed25519 verify, one core", rate.wall, "signatures/s");
    return rate;
}

static void line_stage(const char *name, uint64_t from_cpu_ns, size_t records)
{
    line(name, (double)(cpu_ns() - from_cpu_ns) / 1e3 / (double)records, "us of a processor");
}

/* Without a wire: the same bytes, through the same steps. */
static void bench_stages(struct story *s, const struct load *load)
{
    struct err err = {0};
    uint64_t parsing = 0, appending = 0, encoding = 0;
    struct arena arena = {0};

    for (size_t i = 0; i < load->bodies; i++) {
        struct submission *some;
        size_t count;
        arena_reset(&arena);
        uint64_t start = cpu_ns();
        must(submission_parse(&some, &count, load->body[i], &arena, &err), &err);
        struct answer *answers = ARENA_ARRAY(&arena, struct answer, count);
        uint64_t parsed = cpu_ns();
        must(journal_append(node_journal(s->node), some, count, answers, &arena, &err), &err);
        uint64_t appended = cpu_ns();
        assert(submission_answers_encode(answers, count, &arena).len > 0);
        parsing += parsed - start;
        appending += appended - parsed;
        encoding += cpu_ns() - appended;
    }
    arena_free(&arena);
    uint64_t now = cpu_ns();
    line_stage("a record: parse the submission", now - parsing, load->records);
    line_stage("a record: append (journal_bench has more)", now - appending, load->records);
    line_stage("a record: encode the answer", now - encoding, load->records);
    now = cpu_ns();
    must(journal_publish(node_journal(s->node), &err), &err);
    line_stage("a record: publish", now, load->records);
}

int main(void)
{
    struct story *s = story_start(1);

    store_reader_rest(node_reader(s->node)); /* as a server's turn leaves it */
    pin_to(0);
    struct load some = make_load(s, RECORDS, 200);
    struct rate bare = verify_all(s, &some);

    bench_stages(s, &some);
    bench_serve(s, "acknowledged over HTTP, 200 a request", RECORDS, 200, 4, THREADS, bare);
    bench_serve(s, "acknowledged, one a request, 16 at once", SINGLES, 1, 16, THREADS, bare);
    bench_serve(s, "acknowledged, one a request, 64 at once", SINGLES, 1, 64, THREADS, bare);
    bench_serve(s, "the same, by two threads", SINGLES, 1, 64, 2, bare);
    story_end(s);
    return 0;
}
