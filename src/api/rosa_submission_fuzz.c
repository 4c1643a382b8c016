/* Whole posts of phones: multipart, the XML in it and the answer in that. What is taken can be
 * kept: its fields are of its kind, its files stand in the body, each name is a bare one; what is
 * refused says so, and only an answer that was understood has a form. The content type is the first
 * line. */

#include "api/rosa_submission.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct span body, struct span bytes)
{
    assert(bytes.len == 0 || (bytes.at >= body.at && bytes.at + bytes.len <= body.at + body.len));
}

static void check_name(struct span name)
{
    assert(name.len > 0 && !memchr(name.at, '/', name.len) && !memchr(name.at, 0, name.len));
}

static void check(const struct rosa_submission *post, struct span body, struct arena *arena)
{
    struct kind_fields fields;
    struct err err = {0};

    assert(kind_split(form_kind(post->answer.form), &post->answer.flat, TIER_PUBLIC, &fields, arena,
                      &err));
    assert(post->answer.instance_id.len > 0 && post->answer.instance_id.len <= ROSA_ID_BYTES);
    assert(post->answer.deprecated_id.len <= ROSA_ID_BYTES);
    assert(post->named_count <= INBOX_FILES && post->file_count <= LIMIT_FORM_PARTS);
    check_within(body, post->xml);
    for (size_t i = 0; i < post->named_count; i++)
        check_name(post->named[i]);
    for (size_t i = 0; i < post->file_count; i++)
        check_within(body, post->file[i].bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span body = span_make(data, size), type;
    struct arena arena = {0};
    struct rosa_submission post;
    struct err err = {0};

    if (!span_cut(&body, '\n', &type))
        return 0;
    if (rosa_submission_parse(&post, type, body, &arena, &err))
        check(&post, body, &arena);
    else
        assert(err.kind != ERR_NONE && err.text[0]);
    arena_free(&arena);
    return 0;
}
