#include "node/settings.h"

#include "codec/toml.h"
#include "ledger/note.h"

#define SETTINGS_PATH "sulh.toml"
#define SETTINGS_BYTES 65536u

static const struct {
    const char *key;
    size_t at;
    const char *about;
} names[] = {
    {"agreement", offsetof(struct settings, agreement), "the agreement's name"},
    {"origin", offsetof(struct settings, origin), "the log's origin, and its key's name"},
    {"promise", offsetof(struct settings, promise), "the key that signs promises"},
    {"operator", offsetof(struct settings, operator), "the node key that signs ticks and refusals"},
};

static bool take_name(struct settings *settings, size_t n, const struct json *toml, struct err *err)
{
    struct span name = json_get_string(json_get(toml, "node"), names[n].key, (struct span){0});

    if (!note_name_valid(name))
        return err_set(err, ERR_MALFORMED, SETTINGS_PATH ": [node] %s must be a name (%s)",
                       names[n].key, names[n].about);
    memcpy((char *)settings + names[n].at, name.at, name.len);
    return true;
}

bool settings_read(struct settings *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct settings settings = {0};
    struct span text;
    struct json toml;
    bool ok = disk_read(disk, SETTINGS_PATH, SETTINGS_BYTES, &text, &arena, err);

    if (!ok && err->kind == ERR_MISSING)
        err_set(err, ERR_MISSING,
                "no node's directory: it has no " SETTINGS_PATH ", which sulh init makes");
    ok = ok && (toml_parse(&toml, text, &arena, err) || err_wrap(err, SETTINGS_PATH));
    for (size_t i = 0; ok && i < ARRAY_LEN(names); i++)
        ok = take_name(&settings, i, &toml, err);
    if (ok)
        *out = settings;
    arena_free(&arena);
    return ok;
}

bool settings_write(const struct settings *settings, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct buf text = buf_in(&arena, SETTINGS_BYTES);

    buf_text(&text, "# This node's settings. The keys named here are in keys/.\n[node]\n");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        buf_printf(&text, "%s = \"%s\" # %s\n", names[i].key, (const char *)settings + names[i].at,
                   names[i].about);
    bool ok = disk_replace(disk, SETTINGS_PATH, buf_span(&text), true, err);
    arena_free(&arena);
    return ok;
}
