/*
 * For the tests beside it:
 *
 *     forms_tool write AGREEMENT.TOML DIR   every form of the agreement, as DIR/ID.xml
 *     forms_tool read FILE                  an answer: its fields as JSON, a line a file, a line an
 *                                           element that the form does not have
 */

#include "codec/toml.h"
#include "forms/answer.h"
#include "forms/xform.h"

#include <stdio.h>
#include <stdlib.h>

static _Noreturn void stop(const char *what)
{
    fprintf(stderr, "forms_tool: %s\n", what);
    exit(1);
}

static struct span read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = arena_alloc(arena, LIMIT_TOML_BYTES);

    if (!file)
        stop(path);
    size_t len = fread(bytes, 1, LIMIT_TOML_BYTES, file);
    fclose(file);
    return span_make(bytes, len);
}

static void write_form(const char *directory, const struct form *form, const struct json *terms,
                       struct arena *arena)
{
    struct xform xform = xform_of(form, terms, SPAN_LIT("en"), arena);
    const char *path = arena_printf(arena, "%s/%s.xml", directory, form->id);
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(xform.xml.at, 1, xform.xml.len, file) != xform.xml.len || fclose(file) != 0)
        stop(path);
}

static void write_forms(const char *agreement, const char *directory, struct arena *arena)
{
    struct json terms;
    struct err err = {0};

    if (!toml_parse(&terms, read_file(agreement, arena), arena, &err))
        stop(err.text);
    for (size_t i = 0; form_at(i); i++)
        if (form_offered(form_at(i), &terms))
            write_form(directory, form_at(i), &terms, arena);
}

static void read_answer(const char *path, struct arena *arena)
{
    struct form_answer answer;
    struct err err = {0};

    if (!answer_parse(&answer, read_file(path, arena), arena, &err))
        stop(err.text);
    struct span flat = json_bytes(&answer.flat, arena);
    printf("%.*s\n", SPAN_ARG(flat));
    for (size_t i = 0; i < answer.media_count; i++)
        printf("file %.*s %.*s\n", SPAN_ARG(answer.media[i].path), SPAN_ARG(answer.media[i].name));
    for (size_t i = 0; i < answer.unknown_count; i++)
        printf("unknown %.*s\n", SPAN_ARG(answer.unknown[i].path));
}

int main(int argc, char **argv)
{
    struct arena arena = {0};

    if (argc == 4 && strcmp(argv[1], "write") == 0)
        write_forms(argv[2], argv[3], &arena);
    else if (argc == 3 && strcmp(argv[1], "read") == 0)
        read_answer(argv[2], &arena);
    else
        stop("usage: forms_tool write AGREEMENT.TOML DIR | read FILE");
    arena_free(&arena);
    return 0;
}
