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

static bool names(const struct rosa_submission *post, struct span name)
{
    for (size_t i = 0; i < post->named_count; i++)
        if (span_equal(post->named[i], name))
            return true;
    return false;
}

/* Behind the last slash of either sort: some clients send the path that it has on their disk. */
static struct span base_name(struct span path)
{
    size_t at = path.len;

    while (at > 0 && path.at[at - 1] != '/' && path.at[at - 1] != '\\')
        at--;
    return span_from(path, at);
}

/* Part and file have the same name with most clients; of those that differ, that is meant which the
 * answer names. */
static struct span name_of(const struct rosa_submission *post, const struct multipart_part *part)
{
    const struct span said[] = {part->filename, base_name(part->filename), part->name};

    for (size_t i = 0; i < ARRAY_LEN(said); i++)
        if (names(post, said[i]))
            return said[i];
    return part->filename.len ? part->filename : part->name;
}

static void take_files(struct rosa_submission *out, const struct multipart_part *part, size_t count,
                       const struct multipart_part *xml, struct arena *arena)
{
    struct inbox_file *file = ARENA_ARRAY(arena, struct inbox_file, count ? count : 1);

    for (size_t i = 0; i < count; i++) {
        struct span name = name_of(out, &part[i]);

        if (&part[i] != xml && (part[i].has_filename || names(out, name)))
            file[out->file_count++] = (struct inbox_file){name, part[i].type, part[i].bytes};
    }
    out->file = file;
}

/* "text/xml; charset=utf-8", or as application: the answer alone, as CommCare sends it. */
static bool is_xml(struct span content_type)
{
    static const char *const types[] = {"text/xml", "application/xml"};
    struct span rest = content_type, type;

    if (!span_cut(&rest, ';', &type))
        type = content_type;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (span_is(type, types[i]))
            return true;
    return false;
}

static bool check_ids(const struct form_answer *answer, struct err *err)
{
    return (answer->instance_id.len <= ROSA_ID_BYTES &&
            answer->deprecated_id.len <= ROSA_ID_BYTES) ||
           err_set(err, ERR_LIMIT, "an id is longer than %u bytes", ROSA_ID_BYTES);
}

static bool read_answer(struct rosa_submission *out, struct span xml, struct arena *arena,
                        struct err *err)
{
    out->xml = xml;
    if (!answer_parse(&out->answer, xml, arena, err))
        return false;
    name_files(out, arena);
    return check_ids(&out->answer, err);
}

bool rosa_submission_parse(struct rosa_submission *out, struct span content_type, struct span body,
                           struct arena *arena, struct err *err)
{
    struct multipart_part *part;
    size_t count;

    *out = (struct rosa_submission){.last = true};
    if (is_xml(content_type))
        return read_answer(out, body, arena, err);
    if (!multipart_parse(&part, &count, content_type, body, arena, err))
        return false;
    const struct multipart_part *xml = multipart_find(part, count, XML_PART);
    const struct multipart_part *incomplete = multipart_find(part, count, INCOMPLETE_PART);
    out->last = !incomplete || !span_is(incomplete->bytes, "yes");
    if (!xml)
        return err_set(err, ERR_MALFORMED, "there is no part " XML_PART);
    if (!read_answer(out, xml->bytes, arena, err))
        return false;
    take_files(out, part, count, xml, arena);
    return true;
}
