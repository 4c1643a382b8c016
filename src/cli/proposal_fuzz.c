/* A proposal comes on a stick from somebody who may want us to sign something else: whatever is
 * accepted is byte for byte what we would have made, and signed by whom it says. Texts are
 * separated by 0x00 here; a 0x01 in one begins its note. */

#include "cli/proposal_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void split(struct proposal_found *found, struct span input)
{
    while (input.len && found->texts < PROPOSAL_MOST_RECORDS) {
        struct span text;

        if (!span_cut(&input, 0, &text)) {
            text = input;
            input = (struct span){0};
        }
        found->note[found->texts] = text;
        if (span_cut(&found->note[found->texts], 1, &found->text[found->texts]))
            found->texts++;
        else {
            found->note[found->texts] = (struct span){0};
            found->text[found->texts++] = text;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept;
    static struct folder folder;
    struct arena arena = {0};
    struct proposal *p = ARENA_NEW(&arena, struct proposal);
    struct proposal_found *found = ARENA_NEW(&arena, struct proposal_found);
    struct err err = {0};

    if (folder.piece_count == 0)
        proposal_case_folder(&folder, &kept);
    p->arena = &arena;
    p->folder = folder;
    split(found, span_make(data, size));
    if (found->texts && proposal_take(p, found, &err)) {
        assert(p->record_count == found->texts);
        for (size_t i = 0; i < found->texts; i++)
            assert(span_equal(p->record[i].text, found->text[i]));
    }
    arena_free(&arena);
    return 0;
}
