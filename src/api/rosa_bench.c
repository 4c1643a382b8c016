/*
 * Forms taken in, held against bare Ed25519 verify by one core: a node of the demonstration in this
 * process on one core, with the turns that a server takes, and phones in another process on
 * another. Acknowledged is what is on the disk; signed, what is a record in the log. Of a
 * photograph of 200 kB the disk takes twice its bytes: in the inbox, and sealed. The ratio by
 * processor time is of the node alone and says the same on a machine that others use.
 */

#include "api/api.h"
#include "api/views.h"
#include "journal/bench.h"
#include "net/http_client.h"
#include "node/inbox.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>

#define VERIFIED 4000u
#define PHONES 16u
#define PHOTO_BYTES 200000u
#define PATIENCE_S 120u
#define THREADS 8u /* that answer, as sulh serve has them */
#define BOUNDARY "b-5f2a"

struct bench_node {
    char directory[200], token[80];
    struct node *node;
    struct api *api;
    struct arena arena;
};

/* --- the phones: another process --- */

struct phones {
    const char *url; /* ends in /openrosa/key/TOKEN */
    const char *version;
    const char *name; /* of what is measured: part of each instance */
    size_t count, photo_bytes;
    atomic_size_t next, taken;
};

static struct span body_of(const struct phones *phones, size_t n, struct arena *arena)
{
    struct buf out = buf_in(arena, SIZE_MAX);
    const char *photo = phones->photo_bytes
                            ? arena_printf(arena, "<photos><photo>%zu.jpg</photo></photos>", n)
                            : "";
    struct span bytes = span_make(arena_alloc(arena, phones->photo_bytes + 1), phones->photo_bytes);

    buf_printf(&out,
               "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; "
               "filename=\"a.xml\"\r\nContent-Type: text/xml\r\n\r\n"
               "<data id=\"flash\" version=\"%s\"><happens><what>shelling at the gate</what>"
               "</happens><where><place_name>Torkham</place_name></where><more>%s</more><meta>"
               "<instanceID>uuid:%s-%zu</instanceID></meta></data>\r\n--" BOUNDARY,
               phones->version, photo, phones->name, n);
    if (phones->photo_bytes) {
        buf_printf(&out,
                   "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%zu.jpg\"\r\n"
                   "Content-Type: image/jpeg\r\n\r\n%s%016zu",
                   n, phones->name, n);
        buf_put(&out, bytes);
        buf_text(&out, "\r\n--" BOUNDARY);
    }
    buf_text(&out, "--\r\n");
    return buf_span(&out);
}

static int status_of(const struct phones *phones, struct http_client *client, const char *path,
                     struct span body, struct http_reply *reply, struct arena *arena)
{
    const struct http_call call = {
        .client = client,
        .url = arena_printf(arena, "%s%s", phones->url, path),
        .method = body.len ? "POST" : "GET",
        .type = body.len ? "multipart/form-data; boundary=" BOUNDARY : NULL,
        .body = body,
        .limit = 1u << 20,
        .timeout_s = PATIENCE_S,
    };
    struct err err = {0};

    must(http_do(&call, reply, arena, &err), &err);
    return (int)reply->status;
}

static void *phone(void *context)
{
    struct phones *phones = context;
    struct http_client *client = http_client_open();
    struct arena arena = {0};
    struct http_reply reply;
    size_t n;

    while ((n = atomic_fetch_add(&phones->next, 1)) < phones->count) {
        arena_reset(&arena);
        struct span body = body_of(phones, n, &arena);
        phones->taken += status_of(phones, client, "/submission", body, &reply, &arena) == 201;
    }
    arena_free(&arena);
    http_client_close(client);
    return NULL;
}

static const char *find_version(const struct phones *phones, struct arena *arena)
{
    struct http_reply reply;
    struct span rest, version;

    if (status_of(phones, NULL, "/formList?formID=flash", (struct span){0}, &reply, arena) != 200)
        _exit(1);
    const char *found = strstr(arena_text(arena, reply.body), "<version>");
    if (!found)
        _exit(1);
    rest = span_from(span_of(found), strlen("<version>"));
    if (!span_cut(&rest, '<', &version))
        _exit(1);
    return arena_text(arena, version);
}

static void pin_to(int core)
{
    cpu_set_t cores;

    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    (void)sched_setaffinity(0, sizeof cores, &cores); /* a machine of one core: as it is */
}

/* All must be acknowledged. */
_Noreturn static void send_all(struct phones *phones, int from_node)
{
    char url[400] = "";
    struct arena arena = {0};
    pthread_t thread[PHONES];

    pin_to(1);
    if (read(from_node, url, sizeof url - 1) <= 0)
        _exit(1);
    phones->url = url;
    phones->version = find_version(phones, &arena);
    for (size_t i = 0; i < PHONES; i++)
        if (pthread_create(&thread[i], NULL, phone, phones))
            abort();
    for (size_t i = 0; i < PHONES; i++)
        pthread_join(thread[i], NULL);
    _exit(phones->taken == phones->count ? 0 : 1);
}

struct sender {
    pid_t process;
    int tell, over; /* the pipes to it and from it */
};

/* Before there is any other thread. */
static struct sender sender_start(struct phones *phones)
{
    int there[2], back[2];

    if (pipe(there) || pipe(back))
        abort();
    struct sender out = {.process = fork(), .tell = there[1], .over = back[0]};
    if (out.process < 0)
        abort();
    (void)close(out.process == 0 ? there[1] : there[0]);
    (void)close(out.process == 0 ? back[0] : back[1]);
    if (out.process == 0)
        send_all(phones, there[0]);
    return out;
}

static void sender_end(const struct sender *sender)
{
    struct err err = {0};
    int status;
    bool all = waitpid(sender->process, &status, 0) == sender->process && status == 0;

    (void)(close(sender->tell) | close(sender->over));
    must(all || err_set(&err, ERR_IO, "not every form was acknowledged"), &err);
}

/* --- the node --- */

/* What a command of the program prints. */
static void run(struct arena *arena, const char *arguments, char *out, size_t room)
{
    const char *build = getenv("SULH_BUILD");
    FILE *said = popen(arena_printf(arena, "%s/sulh %s", build ? build : "build", arguments), "r");
    size_t len = said ? fread(out, 1, room - 1, said) : 0;
    struct err err = {0};

    out[len] = '\0';
    must((said && pclose(said) == 0) || err_set(&err, ERR_IO, "sulh %s", arguments), &err);
}

static void node_make(struct bench_node *b)
{
    const char *above = getenv("TMPDIR");
    struct journal_view view = views_journal();
    struct err err = {0};
    char said[8192];

    snprintf(b->directory, sizeof b->directory, "%s/sulh-bench-XXXXXX", above ? above : "/var/tmp");
    if (!mkdtemp(b->directory))
        abort();
    run(&b->arena,
        arena_printf(&b->arena, "init %s --demo --agreement agreements/doha-istanbul-2025",
                     b->directory),
        said, sizeof said);
    run(&b->arena,
        arena_printf(&b->arena, "device add %s bench --for people/bench --url http://x --json",
                     b->directory),
        said, sizeof said);
    const char *token = strstr(said, "\"token\":\"");
    assert(token);
    snprintf(b->token, sizeof b->token, "%.64s", token + strlen("\"token\":\""));
    must(node_open(&b->node, b->directory, &view, NULL, &err), &err);
    b->api = api_open(b->node);
    must(api_take_forms(b->api, &err), &err);
}

static void node_end(struct bench_node *b)
{
    api_close(b->api);
    node_close(b->node);
    if (system(arena_printf(&b->arena, "rm -r '%s'", b->directory)) != 0)
        perror(b->directory);
    arena_free(&b->arena);
}

static void turn(struct bench_node *b)
{
    struct err err = {0};

    must(journal_publish(node_journal(b->node), &err) && api_turn(b->api, &err), &err);
}

/* Whether the pipe, of which the phones alone have the other end, is closed: they are done, or
 * dead. Waits as long as a server does between two turns. */
static bool is_over(int from_phones)
{
    struct pollfd over = {.fd = from_phones, .events = POLLIN};

    return poll(&over, 1, 100) > 0;
}

static bool is_signed(struct bench_node *b)
{
    struct arena arena = {0};
    struct inbox_form *form;
    struct err err = {0};
    size_t count;

    must(inbox_list(node_disk(b->node), &form, &count, &arena, &err), &err);
    arena_free(&arena);
    return count == 0;
}

static void take(struct bench_node *b, struct phones *phones, struct rate *taken,
                 struct rate *signed_too)
{
    const struct http_options options = {.listen = "127.0.0.1:0",
                                         .body_limit = 64u << 20,
                                         .spool_directory = b->directory,
                                         .threads = THREADS,
                                         .handler = api_handle,
                                         .context = b->api};
    struct sender sender = sender_start(phones);
    struct http_server *server = NULL;
    struct err err = {0};

    must(http_start(&server, &options, &err), &err);
    const char *url = arena_printf(&b->arena, "%s/openrosa/key/%s", http_address(server), b->token);
    struct stopwatch start = stopwatch_start();
    if (write(sender.tell, url, strlen(url) + 1) <= 0)
        abort();
    while (!is_over(sender.over))
        turn(b);
    stopwatch_best(taken, start, (double)phones->count);
    while (!is_signed(b))
        turn(b);
    stopwatch_best(signed_too, start, (double)phones->count);
    http_stop(server);
    sender_end(&sender);
}

static struct rate verify(void)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1};
    struct sign_secret secret;
    struct rate rate = {0};
    struct err err = {0};

    sign_secret_from_seed(&secret, seed);
    struct sign_key key = sign_public(&secret);
    struct span message = SPAN_LIT("a report of shelling at the gate, as long as a short one is");
    struct sign_signature signature = sign_message(&secret, message);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct stopwatch start = stopwatch_start();
        for (unsigned i = 0; i < VERIFIED; i++)
            must(sign_verify(&key, message, &signature) ||
                     err_set(&err, ERR_REFUSED, "a signature does not hold"),
                 &err);
        stopwatch_best(&rate, start, VERIFIED);
    }
    line("bare Ed25519 verify, one core", rate.wall, "signatures/s");
    return rate;
}

static void bench_forms(struct bench_node *b, const char *name, size_t count, size_t photo_bytes,
                        struct rate bare)
{
    struct rate taken = {0}, signed_too = {0};

    for (unsigned round = 0; round < ROUNDS; round++) {
        struct phones phones = {
            .name = arena_printf(&b->arena, "%s-%u", photo_bytes ? "p" : "f", round),
            .count = count,
            .photo_bytes = photo_bytes};
        take(b, &phones, &taken, &signed_too);
    }
    line_ratio(arena_printf(&b->arena, "%s, acknowledged", name), taken, "forms/s", bare,
               "bare Ed25519");
    line_ratio(arena_printf(&b->arena, "%s, signed as well", name), signed_too, "forms/s", bare,
               "bare Ed25519");
}

int main(void)
{
    struct bench_node b = {.node = NULL};

    if (!sign_start())
        return 1;
    pin_to(0);
    struct rate bare = verify();
    node_make(&b);
    bench_forms(&b, "a form, of 16 phones", 800, 0, bare);
    bench_forms(&b, "with a photo of 200 kB", 160, PHOTO_BYTES, bare);
    node_end(&b);
    return 0;
}
