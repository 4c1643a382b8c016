/*
 * Signs reports and hands them in through DIR/socket, for as long as it is let, whatever
 * happens to the server. What was not answered is handed in again until it is. A line
 * "ID INDEX" on standard output for every record that the server said it has.
 *
 *   load DIR KEY
 */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/submission.h"
#include "net/http_client.h"
#include "node/author.h"

#define MOST 8u

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "load: %s\n", err->text);
    exit(1);
}

static void pause_ms(int ms)
{
    poll(NULL, 0, ms);
}

static struct json report(unsigned number, struct arena *arena)
{
    struct json flat = json_object();

    json_set(&flat, "type", json_text("shelling"), arena);
    json_set_string(&flat, "summary",
                    span_of(arena_printf(arena, "report number %u of a test", number)), arena);
    return flat;
}

static bool hand_in(const char *socket, const struct submission *submission, size_t count,
                    struct arena *arena, struct err *err)
{
    struct http_call call = {.url = "http://localhost/submit",
                             .socket_path = socket,
                             .method = "POST",
                             .type = SUBMISSION_TYPE,
                             .limit = SUBMISSION_ANSWER_BYTES,
                             .timeout_s = 100};
    struct http_reply reply;
    struct answer answers[MOST];

    if (!submission_encode(&call.body, submission, count, arena, err) ||
        !http_do(&call, &reply, arena, err))
        return false;
    if (reply.status != 200) /* it is starting, or stopping */
        return err_set(err, ERR_IO, "status %d", reply.status);
    must(submission_answers_parse(answers, count, reply.body, arena, err), err);
    for (size_t i = 0; i < count; i++) {
        must(answers[i].kind != ANSWER_REFUSED ||
                 err_set(err, ERR_REFUSED, "%s", answers[i].reason),
             err);
        printf("%s %" PRIu64 "\n", answers[i].id, answers[i].index);
    }
    fflush(stdout);
    return true;
}

int main(int argc, char **argv)
{
    struct node *node;
    struct author *author;
    struct err err = {0};
    char socket[200];

    if (argc != 3)
        return 2;
    snprintf(socket, sizeof socket, "%s/socket", argv[1]);
    must(sign_start(), &err);
    must(node_open(&node, argv[1], NULL, NULL, &err), &err);
    must(!node_holds(node) || err_set(&err, ERR_USAGE, "no server holds %s", argv[1]), &err);
    must(author_open(&author, node, argv[2], &err), &err);
    for (unsigned number = 0;;) {
        struct arena arena = {0};
        struct submission group[MOST];
        size_t count = 1 + number % MOST;
        char id[65];

        for (size_t i = 0; i < count; i++) {
            struct json flat = report(++number, &arena);
            must(author_sign(author, "incident.report", &flat, &group[i], id, &arena, &err), &err);
        }
        while (!hand_in(socket, group, count, &arena, &err))
            pause_ms(5);
        arena_free(&arena);
    }
}
