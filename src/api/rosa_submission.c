#include "api/rosa_submission.h"

#include "codec/multipart.h"

#define XML_PART "xml_submission_file"
#define INCOMPLETE_PART "*isIncomplete*"

/* Photographs and sounds, and the client's own account of how it was filled in. */
static void name_files(struct rosa_submission *out, struct arena *arena)
{
    const struct form_answer *answer = &out->answer;
    struct span *named = ARENA_ARRAY(arena, struct span, answer->media_count + 1);

    for (size_t i = 0; i < answer->media_count; i++)
        named[out->named_count++] = answer->media[i].name;
    if (answer->audit.len > 0)
        named[out->named_count++] = answer->audit;
    out->named = named;
}

static void take_files(struct rosa_submission *out, const struct multipart_part *part, size_t count,
                       const struct multipart_part *xml, struct arena *arena)
{
    struct inbox_file *file = ARENA_ARRAY(arena, struct inbox_file, count ? count : 1);

    for (size_t i = 0; i < count; i++) {
        struct span name = part[i].filename.len ? part[i].filename : part[i].name;

        if (&part[i] != xml && part[i].has_filename)
            file[out->file_count++] = (struct inbox_file){name, part[i].type, part[i].bytes};
    }
    out->file = file;
}

static bool check_ids(const struct form_answer *answer, struct err *err)
{
    return (answer->instance_id.len <= ROSA_ID_BYTES &&
            answer->deprecated_id.len <= ROSA_ID_BYTES) ||
           err_set(err, ERR_LIMIT, "an id is longer than %u bytes", ROSA_ID_BYTES);
}

bool rosa_submission_parse(struct rosa_submission *out, struct span content_type, struct span body,
                           struct arena *arena, struct err *err)
{
    struct multipart_part *part;
    size_t count;

    *out = (struct rosa_submission){.last = true};
    if (!multipart_parse(&part, &count, content_type, body, arena, err))
        return false;
    const struct multipart_part *xml = multipart_find(part, count, XML_PART);
    const struct multipart_part *incomplete = multipart_find(part, count, INCOMPLETE_PART);
    out->last = !incomplete || !span_is(incomplete->bytes, "yes");
    if (!xml)
        return err_set(err, ERR_MALFORMED, "there is no part " XML_PART);
    out->xml = xml->bytes;
    take_files(out, part, count, xml, arena);
    if (!answer_parse(&out->answer, out->xml, arena, err))
        return false;
    name_files(out, arena);
    return check_ids(&out->answer, err);
}
