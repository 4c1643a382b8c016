/*
 * Sends messages of the hotline from a node, each through DIR/socket, and says of each when: a line
 * "ID MS" on standard output, of before it was handed in. What is not taken is an end.
 *
 *   talk DIR KEYFILE TO COUNT PAUSE_MS
 */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "journal/submission.h"
#include "net/http_client.h"
#include "node/author.h"

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "talk: %s\n", err->text);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static struct json message(const char *to, unsigned number, struct arena *arena)
{
    struct json flat = json_object();

    json_set(&flat, "to", json_text(to), arena);
    json_set(&flat, "priority", json_text("flash"), arena);
    json_set(&flat, "language", json_text("en"), arena);
    json_set_string(&flat, "text",
                    span_of(arena_printf(arena, "Message %u of a test, of no meaning.", number)),
                    arena);
    return flat;
}

static void hand_in(const char *socket, const struct submission *submission, struct arena *arena)
{
    struct http_call call = {.url = "http://localhost/hotline",
                             .socket_path = socket,
                             .method = "POST",
                             .type = SUBMISSION_TYPE,
                             .limit = SUBMISSION_ANSWER_BYTES,
                             .timeout_s = 100};
    struct http_reply reply;
    struct answer answer;
    struct err err = {0};

    must(submission_encode(&call.body, submission, 1, arena, &err) &&
             http_do(&call, &reply, arena, &err),
         &err);
    must(reply.status == 200 || err_set(&err, ERR_IO, "status %d", reply.status), &err);
    must(submission_answers_parse(&answer, 1, reply.body, arena, &err), &err);
    must(answer.kind != ANSWER_REFUSED && answer.why.kind == ERR_NONE, &answer.why);
}

int main(int argc, char **argv)
{
    struct node *node;
    struct author *author;
    struct err err = {0};
    char socket[300];

    if (argc != 6)
        return 2;
    snprintf(socket, sizeof socket, "%s/socket", argv[1]);
    must(sign_start(), &err);
    must(node_open(&node, argv[1], NULL, NULL, &err), &err);
    must(author_open_file(&author, node, argv[2], &err), &err);
    for (unsigned i = 1; i <= (unsigned)atoi(argv[4]); i++) {
        struct arena arena = {0};
        struct submission one;
        struct json flat = message(argv[3], i, &arena);
        char id[65];

        must(author_sign(author, "hotline.send", &flat, &one, id, &arena, &err), &err);
        double begun = now_ms();
        hand_in(socket, &one, &arena);
        printf("%s %.1f\n", id, begun);
        fflush(stdout);
        poll(NULL, 0, atoi(argv[5]));
        arena_free(&arena);
    }
    author_close(author);
    node_close(node);
    return 0;
}
