/*
 * Scenarios: an error begins with the number of a line of the text; what reads has steps of lines
 * in their order, and reads the same between comments.
 */

#include "scenario/scenario.h"

#include "base/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t count_lines(struct span text)
{
    uint64_t lines = 1;

    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

static void check_error(struct span text, const struct err *err)
{
    struct span rest = span_of(err->text), number;
    uint64_t line;

    assert(err->kind != ERR_NONE && span_cut(&rest, ':', &number));
    assert(decimal_parse(&line, number, count_lines(text)) && line > 0 && rest.len > 1);
}

static void check_order(const struct scenario *scenario, uint64_t lines)
{
    uint64_t last = 0;

    assert(scenario->title.len > 0 && scenario->steps > 0);
    for (size_t i = 0; i < scenario->steps; i++) {
        assert(scenario->step[i].at->line > last && scenario->step[i].at->line <= lines);
        last = scenario->step[i].at->line;
    }
}

static void check_commented(const struct scenario *scenario, struct span text, struct arena *arena)
{
    struct buf buf = buf_in(arena, 2 * SCENARIO_BYTES);
    struct scenario again;
    struct err err = {0};

    if (text.len + 100 > SCENARIO_BYTES || span_starts_with(text, SPAN_LIT("\xef\xbb\xbf")))
        return;
    buf_text(&buf, "# first: a word\n\n");
    buf_put(&buf, text);
    buf_text(&buf, "\n    # and the last");
    assert(scenario_parse(&again, buf_span(&buf), arena, &err));
    assert(again.steps == scenario->steps && again.start.ms == scenario->start.ms);
    assert(span_equal(again.title, scenario->title));
    for (size_t i = 0; i < again.steps; i++)
        assert(again.step[i].type == scenario->step[i].type &&
               again.step[i].at->line == scenario->step[i].at->line + 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct scenario scenario;
    struct err err = {0};

    if (scenario_parse(&scenario, text, &arena, &err)) {
        check_order(&scenario, count_lines(text));
        check_commented(&scenario, text, &arena);
    } else {
        check_error(text, &err);
    }
    arena_free(&arena);
    return 0;
}
