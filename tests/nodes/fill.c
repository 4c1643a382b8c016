/*
 * Makes a node in a directory of its own, with as many records in its log as are asked for, and
 * prints where: of the kinds and by the keys of journal/world.h, through the journal's own door.
 *
 *   fill RECORDS
 */

#include "api/story.h"

#define IN_ONE 1000u
#define PUBLISH_EVERY 20000u /* so that the stage, like a server's, stays small */

static void fill(struct story *s, size_t records)
{
    struct submission some[IN_ONE];
    struct err err = {0};

    for (size_t done = 0; done < records; done += IN_ONE) {
        struct arena arena = {0};
        struct answer *answers = ARENA_ARRAY(&arena, struct answer, IN_ONE);

        for (size_t i = 0; i < IN_ONE; i++)
            some[i] = world_any(s->world, &arena);
        store_reader_rest(node_reader(s->node));
        story_ok(journal_append(node_journal(s->node), some, IN_ONE, answers, &arena, &err), &err);
        if (done % PUBLISH_EVERY == 0)
            story_ok(journal_publish(node_journal(s->node), &err), &err);
        arena_free(&arena);
    }
    story_ok(journal_publish(node_journal(s->node), &err), &err);
}

int main(int count, char **argument)
{
    if (count != 2) {
        fputs("usage: fill RECORDS\n", stderr);
        return 2;
    }
    struct story *s = story_start(1);
    fill(s, strtoul(argument[1], NULL, 10));
    story_close(s);
    puts(s->directory);
    arena_free(&s->arena);
    free(s->world);
    free(s);
    return 0;
}
