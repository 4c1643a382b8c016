#include "scenario/part_lines.h"

#include "scenario/value.h"

static bool take_tier(struct parse *p, enum tier *out, struct span word, const struct block *at,
                      struct err *err)
{
    struct buf out_words = buf_in(p->arena, 100);

    for (enum tier tier = 0; tier < TIERS; tier++)
        buf_printf(&out_words, "%s%s", tier ? ", " : "", tier_word(tier));
    return tier_find(out, word) || block_fault(at, err, "\"%.*s\" is no tier; there are: %.*s",
                                               SPAN_ARG(word), SPAN_ARG(buf_span(&out_words)));
}

bool part_tier_take(struct parse *p, struct step *step, struct span *rest, struct err *err)
{
    if (!words_take(rest, "tier"))
        return true;
    struct span word = words_next(rest);
    if (word.len && word.at[word.len - 1] == ',')
        word.len--;
    return take_tier(p, &step->tier, word, step->at, err);
}

/* --- what goes with a record --- */

/* "attached: TEXT", "attached for mission: TEXT" */
static bool take_attached(struct parse *p, struct step *step, struct span head, struct span text,
                          const struct block *at, struct err *err)
{
    if (step->attachments == SCENARIO_ATTACHED)
        return block_fault(at, err, "more than 4 attached to one record");
    struct attached *one = &step->attached[step->attachments++];
    one->tier = step->tier;
    if (words_take(&head, "for") && !take_tier(p, &one->tier, head, at, err))
        return false;
    one->text = value_text(text, at, p->arena);
    return one->text.len > 0 || block_fault(at, err, "what is attached? Its text is missing");
}

static bool know_part(struct parse *p, struct span name, const struct block *at, struct err *err)
{
    return names_find(&p->names, NAME_PART, name) ||
           block_fault(at, err, "\"%.*s\" is no part and no document; there are: %s",
                       SPAN_ARG(name), names_text(&p->names, NAME_PART, p->arena));
}

/* "hands on: NAME", "hands on: NAME, with the text of NAME" */
static bool take_passed(struct parse *p, struct step *step, struct span text,
                        const struct block *at, struct err *err)
{
    struct span name = text;

    if (step->passed.len)
        return block_fault(at, err, "one record hands on one part");
    if (at->children)
        return block_fault(&at->child[0], err, "nothing can be indented below this line");
    if (words_cut(&text, ",", &name)) {
        if (!words_take(&text, "with the text of"))
            return block_fault(at, err, "\"%.*s\": only \"with the text of NAME\" may stand here",
                               SPAN_ARG(text));
        step->instead = text;
        if (!know_part(p, text, at, err))
            return false;
    }
    step->passed = name;
    return know_part(p, name, at, err);
}

/* *out_is false: it is a field. */
static bool take_line(struct parse *p, struct step *step, const struct block *at, bool *out_is,
                      struct err *err)
{
    struct span rest = at->text, head;

    *out_is = words_cut(&rest, ":", &head);
    if (*out_is && span_is(head, "hands on"))
        return take_passed(p, step, rest, at, err);
    *out_is = *out_is && words_take(&head, "attached");
    return !*out_is || take_attached(p, step, head, rest, at, err);
}

bool part_lines_take(struct parse *p, struct step *step, struct err *err)
{
    struct block *fields = ARENA_NEW(p->arena, struct block);
    bool is;

    *fields = (struct block){.line = step->at->line, .text = step->at->text};
    fields->child = ARENA_ARRAY(p->arena, struct block, step->at->children + 1);
    for (size_t i = 0; i < step->at->children; i++) {
        if (!take_line(p, step, &step->at->child[i], &is, err))
            return false;
        if (!is)
            fields->child[fields->children++] = step->at->child[i];
    }
    step->fields = fields;
    return true;
}

/* --- names for parts --- */

bool part_like(struct span text)
{
    struct span before;

    return words_take(&text, "document of") || words_take(&text, "the attachment of") ||
           (words_take(&text, "the") && words_cut(&text, " part of ", &before));
}

static bool parse_document(struct parse *p, struct step *step, struct span keeper, struct err *err)
{
    step->signer[step->signers++] = keeper;
    if (!names_find(&p->names, NAME_PERSON, keeper))
        return block_fault(step->at, err, "nobody called \"%.*s\" takes part; there are: %s",
                           SPAN_ARG(keeper), names_text(&p->names, NAME_PERSON, p->arena));
    step->document = value_text((struct span){0}, step->at, p->arena);
    return step->document.len > 0 ||
           block_fault(step->at, err, "what does it say? Below it, indented");
}

bool part_parse(struct parse *p, struct step *step, struct span text, struct err *err)
{
    struct span tier = {0};

    if (words_take(&text, "document of"))
        return parse_document(p, step, text, err);
    if (step->at->children)
        return block_fault(&step->at->child[0], err, "nothing can be indented below this line");
    step->is_attachment = words_take(&text, "the attachment of");
    if (!step->is_attachment) {
        (void)(words_take(&text, "the") && words_cut(&text, " part of ", &tier));
        if (!take_tier(p, &step->tier, tier, step->at, err))
            return false;
    }
    step->part_of = text;
    return names_find(&p->names, NAME_RECORD, text) ||
           block_fault(step->at, err, "\"%.*s\" is no record; there are: %s", SPAN_ARG(text),
                       names_text(&p->names, NAME_RECORD, p->arena));
}
