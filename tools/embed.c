/*
 * Writes files into a C source, each as it is and compressed:
 *
 *     embed OUT.c LAYER/NAME PATH=FILE...
 *
 * src/LAYER/NAME_files.h (see src/web/web_files.h) declares the table, NAME_files. PATH is what the
 * program will know a file by. In files that end in .html or -worker.js the word @VERSION@ becomes
 * the version of the set: the beginning of the SHA-256 of all paths and contents; in the latter
 * @FILES@ becomes a list of all others below static/.
 * The same files give the same source.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <zlib.h>

#define HASH_DIGITS 16
#define VERSION_DIGITS 12

struct bytes {
    uint8_t *at;
    size_t len;
};

struct file {
    const char *path;
    const char *source;
    struct bytes content;
};

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "embed: %s: %s\n", what, why);
    exit(1);
}

static struct bytes room(size_t len)
{
    struct bytes b = {.at = malloc(len + 1), .len = len};
    if (b.at == NULL)
        fail("memory", strerror(errno));
    return b;
}

static struct bytes read_file(const char *name)
{
    FILE *f = fopen(name, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        fail(name, strerror(errno));
    long size = ftell(f);
    if (size < 0 || fseek(f, 0, SEEK_SET) != 0)
        fail(name, strerror(errno));

    struct bytes b = room((size_t)size);
    if (fread(b.at, 1, b.len, f) != b.len)
        fail(name, "cannot be read whole");
    fclose(f);
    return b;
}

static void hex_hash(char *out, size_t digits, struct bytes b)
{
    uint8_t md[EVP_MAX_MD_SIZE];
    size_t md_len;

    if (EVP_Q_digest(NULL, "SHA256", NULL, b.at, b.len, md, &md_len) != 1)
        fail("SHA-256", "not to be had");
    for (size_t i = 0; i < digits / 2; i++)
        sprintf(out + 2 * i, "%02x", md[i]);
}

static struct bytes compressed(struct bytes b)
{
    z_stream z = {0};

    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        fail("zlib", "does not start");
    struct bytes out = room(deflateBound(&z, b.len));
    z.next_in = b.at;
    z.avail_in = (uInt)b.len;
    z.next_out = out.at;
    z.avail_out = (uInt)out.len;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        fail("zlib", "does not end");
    out.len = z.total_out;
    deflateEnd(&z);
    return out;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".geojson", "application/geo+json"},
        {".svg", "image/svg+xml"},
        {".ttf", "font/ttf"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (ends_with(path, types[i].end))
            return types[i].type;
    fail(path, "no media type is known for its name");
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* Over path, NUL, length as text, NUL, content of each. */
static void version_of(char *out, const struct file *files, size_t count)
{
    char *text = NULL;
    size_t len = 0;
    FILE *all = open_memstream(&text, &len);

    for (size_t i = 0; i < count; i++) {
        fprintf(all, "%s%c%zu%c", files[i].path, 0, files[i].content.len, 0);
        fwrite(files[i].content.at, 1, files[i].content.len, all);
    }
    if (fclose(all) != 0)
        fail("memory", strerror(errno));
    hex_hash(out, VERSION_DIGITS, (struct bytes){.at = (uint8_t *)text, .len = len});
    free(text);
}

/* Every `mark` in it becomes `text`. */
static void put_in(struct bytes *content, const char *mark, const char *value)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    const char *at = (const char *)content->at;

    content->at[content->len] = 0; /* room() left a byte for it */
    for (const char *found; (found = strstr(at, mark)) != NULL; at = found + strlen(mark))
        fprintf(out, "%.*s%s", (int)(found - at), at, value);
    fputs(at, out);
    if (fclose(out) != 0)
        fail("memory", strerror(errno));
    free(content->at);
    *content = (struct bytes){.at = (uint8_t *)text, .len = len};
}

static bool is_worker(const char *path)
{
    return ends_with(path, "-worker.js");
}

/* What a worker keeps: the files below static/, without that, as a list of JSON. The caller's. */
static char *list_of(const struct file *files, size_t count)
{
    static const char below[] = "static/";
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    const char *before = "[";

    for (size_t i = 0; i < count; i++) {
        if (strncmp(files[i].path, below, strlen(below)) != 0 || is_worker(files[i].path))
            continue;
        fprintf(out, "%s\"%s\"", before, files[i].path + strlen(below));
        before = ",";
    }
    fputs("]", out);
    if (fclose(out) != 0)
        fail("memory", strerror(errno));
    return text;
}

static void put_marks(struct file *files, size_t count, const char *version)
{
    char *list = list_of(files, count);

    for (size_t i = 0; i < count; i++) {
        if (ends_with(files[i].path, ".html") || is_worker(files[i].path))
            put_in(&files[i].content, "@VERSION@", version);
        if (is_worker(files[i].path))
            put_in(&files[i].content, "@FILES@", list);
    }
    free(list);
}

static void write_bytes(FILE *out, const char *name, size_t n, struct bytes b)
{
    fprintf(out, "static const uint8_t %s%zu[] = {", name, n);
    for (size_t i = 0; i < b.len; i++)
        fprintf(out, "%s%u,", i % 32 == 0 ? "\n" : "", b.at[i]);
    fputs("\n};\n", out);
}

/* Returns whether it was worth it: a tenth less, at least. */
static bool write_file(FILE *out, size_t n, const struct file *file)
{
    struct bytes gzip = compressed(file->content);
    bool smaller = gzip.len < file->content.len - file->content.len / 10;

    write_bytes(out, "plain_", n, file->content);
    if (smaller)
        write_bytes(out, "gzip_", n, gzip);
    free(gzip.at);
    return smaller;
}

static void write_source(FILE *out, const char *table, const struct file *files, size_t count,
                         const char *version)
{
    const char *name = strrchr(table, '/') + 1;
    bool *smaller = calloc(count, sizeof(*smaller));
    if (smaller == NULL)
        fail("memory", strerror(errno));

    fprintf(out, "/* Written by tools/embed. */\n\n#include \"%s_files.h\"\n\n", table);
    for (size_t i = 0; i < count; i++)
        smaller[i] = write_file(out, i, &files[i]);

    fprintf(out, "\nconst char %s_version[] = \"%s\";\n", name, version);
    fprintf(out, "const size_t %s_files_count = %zu;\nconst struct %s_file %s_files[] = {\n", name,
            count, name, name);
    for (size_t i = 0; i < count; i++) {
        char etag[HASH_DIGITS + 1];
        hex_hash(etag, HASH_DIGITS, files[i].content);
        fprintf(out, "    {\"%s\", \"%s\", \"%s\", {plain_%zu, sizeof(plain_%zu)}, ", files[i].path,
                type_of(files[i].path), etag, i, i);
        if (smaller[i])
            fprintf(out, "{gzip_%zu, sizeof(gzip_%zu)}},\n", i, i);
        else
            fputs("{NULL, 0}},\n", out);
    }
    fputs("};\n", out);
    free(smaller);
}

int main(int argc, char **argv)
{
    if (argc < 4 || !strchr(argv[2], '/')) {
        fputs("usage: embed OUT.c LAYER/NAME PATH=FILE...\n", stderr);
        return 2;
    }

    const char *table = argv[2];
    size_t count = (size_t)argc - 3;
    struct file *files = calloc(count, sizeof(*files));
    if (files == NULL)
        fail("memory", strerror(errno));
    for (size_t i = 0; i < count; i++) {
        char *equals = strchr(argv[i + 3], '=');
        if (equals == NULL)
            fail(argv[i + 3], "is not PATH=FILE");
        *equals = 0;
        files[i] = (struct file){.path = argv[i + 3], .source = equals + 1};
        files[i].content = read_file(files[i].source);
    }
    qsort(files, count, sizeof(*files), by_path);

    char version[VERSION_DIGITS + 1];
    version_of(version, files, count);
    put_marks(files, count, version);

    FILE *out = fopen(argv[1], "w");
    if (out == NULL)
        fail(argv[1], strerror(errno));
    write_source(out, table, files, count, version);
    if (fclose(out) != 0)
        fail(argv[1], strerror(errno));
    for (size_t i = 0; i < count; i++)
        free(files[i].content.at);
    free(files);
    return 0;
}
