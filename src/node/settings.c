#include "node/settings.h"

#include "codec/mail.h"
#include "codec/toml.h"
#include "codec/utf8.h"
#include "ledger/note.h"

#define SETTINGS_PATH "sulh.toml"
#define SETTINGS_BYTES 65536u

/* Names, and the tables they stand in. */
static const struct {
    const char *table, *key;
    size_t at;
    bool optional; /* empty without */
    const char *about;
} names[] = {
    {"node", "agreement", offsetof(struct settings, agreement), false, "the agreement's name"},
    {"node", "name", offsetof(struct settings, name), false, "this node's own key"},
    {"node", "witness", offsetof(struct settings, witness), true, "the key it cosigns with"},
    {"log", "origin", offsetof(struct settings, origin), true, "the origin, and its key's name"},
    {"log", "promise", offsetof(struct settings, promise), true, "the key that signs promises"},
    {"forms", "gateway", offsetof(struct settings, gateway), true,
     "the key that signs what comes by forms and messages"},
    {"forms", "messages", offsetof(struct settings, messages), true,
     "the SHA-256 of the token that gateways of messages show"},
};

/* Lists of other nodes. */
static const struct {
    const char *table;
    size_t at, count;
    const char *about;
} lists[] = {
    {"peer", offsetof(struct settings, peer), offsetof(struct settings, peer_count),
     "another participant's node"},
    {"witness", offsetof(struct settings, witnesses), offsetof(struct settings, witness_count),
     "a witness that follows no log (c2sp.org/tlog-witness)"},
};

static char *name_at(struct settings *settings, size_t n)
{
    return (char *)settings + names[n].at;
}

static struct settings_peer *list_at(struct settings *settings, size_t n)
{
    void *at = (char *)settings + lists[n].at;

    return at;
}

static size_t *count_at(struct settings *settings, size_t n)
{
    void *at = (char *)settings + lists[n].count;

    return at;
}

static bool take_name(struct settings *settings, size_t n, const struct json *toml, struct err *err)
{
    const struct json *value = json_get(json_get(toml, names[n].table), names[n].key);
    bool is_text = value && value->type == JSON_STRING;

    if (!value && names[n].optional)
        return true;
    if (!is_text || !note_name_valid(value->string))
        return err_set(err, ERR_MALFORMED, SETTINGS_PATH ": [%s] %s must be a name (%s)",
                       names[n].table, names[n].key, names[n].about);
    memcpy(name_at(settings, n), value->string.at, value->string.len);
    return true;
}

static bool is_url(struct span url)
{
    bool known =
        span_starts_with(url, SPAN_LIT("http://")) || span_starts_with(url, SPAN_LIT("https://"));

    for (size_t i = 0; i < url.len; i++)
        known = known && url.at[i] > ' ' && url.at[i] < 0x7f;
    return known && url.len < SETTINGS_URL && url.at[url.len - 1] != '/';
}

static bool take_peer(struct settings_peer *out, const struct json *item, const char *table,
                      struct err *err)
{
    struct span name = json_get_string(item, "name", (struct span){0});
    struct span url = json_get_string(item, "url", (struct span){0});

    if (!note_name_valid(name))
        return err_set(err, ERR_MALFORMED, SETTINGS_PATH ": [[%s]] name must be that of its key",
                       table);
    if (!is_url(url))
        return err_set(err, ERR_MALFORMED,
                       SETTINGS_PATH ": [[%s]] %.*s: url must be http:// or https:// and an "
                                     "address, without a slash at the end",
                       table, SPAN_ARG(name));
    *out = (struct settings_peer){0};
    memcpy(out->name, name.at, name.len);
    memcpy(out->url, url.at, url.len);
    return true;
}

static bool take_list(struct settings *settings, size_t n, const struct json *toml, struct err *err)
{
    const struct json *list = json_get(toml, lists[n].table);
    size_t *count = count_at(settings, n);

    if (!list)
        return true;
    if (list->type != JSON_ARRAY)
        return err_set(err, ERR_MALFORMED, SETTINGS_PATH ": write [[%s]], not [%s]", lists[n].table,
                       lists[n].table);
    if (list->array.count > SETTINGS_PEERS)
        return err_set(err, ERR_LIMIT, SETTINGS_PATH ": more than %u [[%s]]", SETTINGS_PEERS,
                       lists[n].table);
    for (; *count < list->array.count; ++*count)
        if (!take_peer(&list_at(settings, n)[*count], &list->array.at[*count], lists[n].table, err))
            return false;
    return true;
}

/* --- what is no name, all of [forms] --- */

static bool is_path(struct span path)
{
    bool plain = span_starts_with(path, SPAN_LIT("/")) && utf8_valid(path);

    for (size_t i = 0; i < path.len; i++)
        plain = plain && path.at[i] >= ' ' && path.at[i] != '"' && path.at[i] != '\\' &&
                path.at[i] != 0x7f;
    return plain && path.len < SETTINGS_URL;
}

/* In small letters, as addresses are compared. */
static bool is_address(struct span text)
{
    struct arena arena = {0};
    struct span address;
    bool ok = mail_address(&address, text, &arena) && span_equal(address, text);

    arena_free(&arena);
    return ok && text.len < SETTINGS_URL;
}

static bool is_domain(struct span text)
{
    struct arena arena = {0};
    bool ok = text.len < SETTINGS_URL - 2 &&
              is_address(span_of(arena_printf(&arena, "x@%.*s", SPAN_ARG(text))));

    arena_free(&arena);
    return ok;
}

static const struct {
    const char *key;
    size_t at;
    bool (*fits)(struct span text);
    const char *what, *about;
} texts[] = {
    {"url", offsetof(struct settings, url), is_url,
     "http:// or https:// and an address, without a slash at the end",
     "where devices reach this node"},
    {"maildir", offsetof(struct settings, maildir), is_path,
     "an absolute path, without quotes and backslashes", "where mails come in"},
    {"mail", offsetof(struct settings, mail), is_address, "an address of mail, in small letters",
     "the address that mails come to, and answers come from"},
    {"phones", offsetof(struct settings, phones), is_domain, "a domain, in small letters",
     "whose addresses begin with telephone numbers"},
};

static char *text_at(struct settings *settings, size_t n)
{
    return (char *)settings + texts[n].at;
}

static bool take_texts(struct settings *settings, const struct json *toml, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        const struct json *value = json_get(json_get(toml, "forms"), texts[i].key);

        if (!value)
            continue;
        if (value->type != JSON_STRING || !texts[i].fits(value->string))
            return err_set(err, ERR_MALFORMED, SETTINGS_PATH ": [forms] %s must be %s",
                           texts[i].key, texts[i].what);
        memcpy(text_at(settings, i), value->string.at, value->string.len);
    }
    return !settings->maildir[0] || settings->mail[0] ||
           err_set(err, ERR_MALFORMED,
                   SETTINGS_PATH
                   ": [forms] maildir needs mail, the address that answers come from");
}

static bool take_all(struct settings *settings, const struct json *toml, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!take_name(settings, i, toml, err))
            return false;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (!take_list(settings, i, toml, err))
            return false;
    if (!take_texts(settings, toml, err))
        return false;
    return !settings->origin[0] == !settings->promise[0] ||
           err_set(err, ERR_MALFORMED,
                   SETTINGS_PATH ": [log] must have origin and promise, or neither");
}

bool settings_read(struct settings *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct settings *settings = ARENA_NEW(&arena, struct settings);
    struct span text;
    struct json toml;
    bool ok = disk_read(disk, SETTINGS_PATH, SETTINGS_BYTES, &text, &arena, err);

    if (!ok && err->kind == ERR_MISSING)
        err_set(err, ERR_MISSING,
                "no node's directory: it has no " SETTINGS_PATH ", which sulh init and sulh join "
                "make");
    ok = ok && (toml_parse(&toml, text, &arena, err) || err_wrap(err, SETTINGS_PATH)) &&
         take_all(settings, &toml, err);
    if (ok)
        *out = *settings;
    arena_free(&arena);
    return ok;
}

static void put_names(struct buf *text, struct settings *settings)
{
    const char *table = "";

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!name_at(settings, i)[0])
            continue;
        if (strcmp(table, names[i].table) != 0)
            buf_printf(text, "[%s]\n", names[i].table);
        table = names[i].table;
        buf_printf(text, "%s = \"%s\" # %s\n", names[i].key, name_at(settings, i), names[i].about);
    }
}

/* Behind the names, the last of which are of [forms]. */
static void put_texts(struct buf *text, struct settings *settings)
{
    bool begun = settings->gateway[0] || settings->messages[0];

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (!text_at(settings, i)[0])
            continue;
        if (!begun)
            buf_text(text, "[forms]\n");
        begun = true;
        buf_printf(text, "%s = \"%s\" # %s\n", texts[i].key, text_at(settings, i), texts[i].about);
    }
}

static void put_lists(struct buf *text, struct settings *settings)
{
    for (size_t n = 0; n < ARRAY_LEN(lists); n++)
        for (size_t i = 0; i < *count_at(settings, n); i++)
            buf_printf(text, "\n[[%s]] # %s\nname = \"%s\"\nurl = \"%s\"\n", lists[n].table,
                       lists[n].about, list_at(settings, n)[i].name, list_at(settings, n)[i].url);
}

bool settings_write(const struct settings *settings, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct settings *copy = ARENA_NEW(&arena, struct settings);
    struct buf text = buf_in(&arena, SETTINGS_BYTES);

    *copy = *settings;
    buf_text(&text, "# This node's settings. The keys named here are in keys/.\n");
    put_names(&text, copy);
    put_texts(&text, copy);
    put_lists(&text, copy);
    assert(!text.full);
    bool ok = disk_replace(disk, SETTINGS_PATH, buf_span(&text), true, err);
    arena_free(&arena);
    return ok;
}
