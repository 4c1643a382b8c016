#include "node/device.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/sign.h"
#include "ledger/note.h"
#include "sys/entropy.h"

#include <stdio.h>

#define FILE_BYTES 2048u
#define BY_NAME "devices/name/"
#define BY_TOKEN "devices/token/"
#define PATH_BYTES 128

/* --- names --- */

bool device_name_valid(struct span name)
{
    bool valid =
        name.len > 0 && name.len <= DEVICE_NAME_BYTES && name.at[0] >= 'a' && name.at[0] <= 'z';

    for (size_t i = 0; valid && i < name.len; i++)
        valid = (name.at[i] >= 'a' && name.at[i] <= 'z') ||
                (name.at[i] >= '0' && name.at[i] <= '9') || name.at[i] == '-';
    return valid;
}

bool device_language_valid(struct span language)
{
    static const char *const known[] = {"en", "ur", "ps", "prs", "ar", "tr"};

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (span_is(language, known[i]))
            return true;
    return false;
}

static void name_path(char out[PATH_BYTES], const char *name)
{
    snprintf(out, PATH_BYTES, BY_NAME "%s", name);
}

/* The same token has one file, whoever had it. */
static void token_path(char out[PATH_BYTES], struct hash token)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&token));
    snprintf(out, PATH_BYTES, BY_TOKEN "%s", text);
}

/* --- files --- */

static void copy_text(char *out, size_t room, struct span text)
{
    snprintf(out, room, "%.*s", SPAN_ARG(text));
}

static bool parse(struct device *out, struct span bytes, struct arena *arena, struct err *err)
{
    struct device device = {0};
    struct json value;

    if (!json_parse(&value, bytes, arena, err))
        return false;
    struct span name = json_get_text(&value, "name"), ha1 = json_get_text(&value, "ha1");
    struct span on_behalf = json_get_text(&value, "on_behalf");
    struct span language = json_get_text(&value, "language");
    if (!device_name_valid(name) || !note_name_valid(on_behalf) ||
        !device_language_valid(language) || ha1.len != MD5_TEXT - 1 ||
        !hex_parse(device.token.bytes, HASH_BYTES, json_get_text(&value, "token")))
        return err_set(err, ERR_MALFORMED, "it is no device's file");
    copy_text(device.name, sizeof device.name, name);
    copy_text(device.on_behalf, sizeof device.on_behalf, on_behalf);
    copy_text(device.language, sizeof device.language, language);
    copy_text(device.ha1, sizeof device.ha1, ha1);
    device.since_ms = json_get_integer(&value, "since_ms", 0);
    device.removed = json_get_integer(&value, "removed", 0) != 0;
    *out = device;
    return true;
}

static bool write_file(struct disk *disk, const struct device *device, struct err *err)
{
    struct arena arena = {0};
    struct json value = json_object();
    char path[PATH_BYTES], token[2 * HASH_BYTES + 1];

    hex_text(token, hash_span(&device->token));
    json_set_string(&value, "name", span_of(device->name), &arena);
    json_set_string(&value, "on_behalf", span_of(device->on_behalf), &arena);
    json_set_string(&value, "language", span_of(device->language), &arena);
    json_set_string(&value, "token", span_of(token), &arena);
    json_set_string(&value, "ha1", span_of(device->ha1), &arena);
    json_set_integer(&value, "since_ms", device->since_ms, &arena);
    json_set_integer(&value, "removed", device->removed, &arena);
    name_path(path, device->name);
    bool ok = disk_replace(disk, path, json_bytes(&value, &arena), true, err);
    arena_free(&arena);
    return ok;
}

static bool read_file(struct disk *disk, const char *path, struct device *out, struct err *err)
{
    struct arena arena = {0};
    struct span bytes;
    bool ok = disk_read(disk, path, FILE_BYTES, &bytes, &arena, err) &&
              (parse(out, bytes, &arena, err) || err_wrap(err, "%s", path));

    arena_free(&arena);
    return ok;
}

/* --- tokens and passwords --- */

/* Typed on a phone: no letter that looks like another, in groups of four. 80 bits. */
static void make_password(char out[DEVICE_PASSWORD_TEXT])
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint8_t chance[16];
    size_t at = 0;

    entropy_fill(chance, sizeof chance);
    for (size_t i = 0; i < sizeof chance; i++) {
        if (i > 0 && i % 4 == 0)
            out[at++] = '-';
        out[at++] = letters[chance[i] % (sizeof letters - 1)];
    }
    out[at] = '\0';
    assert(at == DEVICE_PASSWORD_TEXT - 1);
    sign_wipe(chance, sizeof chance);
}

static void make_ha1(char out[MD5_TEXT], const struct device *device, struct span password)
{
    const struct span of[] = {span_of(device->name), SPAN_LIT(":" DEVICE_REALM ":"), password};

    md5_of_parts(out, of, ARRAY_LEN(of));
}

static void make_secret(struct device *device, struct device_secret *out)
{
    uint8_t token[32];

    entropy_fill(token, sizeof token);
    hex_text(out->token, span_make(token, sizeof token));
    make_password(out->password);
    device->token = hash_of(span_of(out->token));
    make_ha1(device->ha1, device, span_of(out->password));
    sign_wipe(token, sizeof token);
}

/* The token's file first: it counts only once the device names that token. */
static bool write_device(struct disk *disk, const struct device *device, struct err *err)
{
    char path[PATH_BYTES];

    token_path(path, device->token);
    return disk_replace(disk, path, span_of(device->name), true, err) &&
           write_file(disk, device, err);
}

/* --- the calls --- */

bool device_find(struct disk *disk, struct span name, struct device *out, struct err *err)
{
    char path[PATH_BYTES], text[DEVICE_NAME_BYTES + 1];

    if (!device_name_valid(name))
        return err_set(err, ERR_MISSING, "there is no device of that name");
    copy_text(text, sizeof text, name);
    name_path(path, text);
    return read_file(disk, path, out, err);
}

bool device_of_token(struct disk *disk, struct span token, struct device *out, struct err *err)
{
    struct hash hash = hash_of(token);
    struct arena arena = {0};
    struct device device;
    struct span name;
    char path[PATH_BYTES];

    token_path(path, hash);
    bool ok = disk_read(disk, path, DEVICE_NAME_BYTES, &name, &arena, err) &&
              device_find(disk, name, &device, err);
    if (ok && !hash_equal(device.token, hash))
        ok = err_set(err, ERR_MISSING, "the token was replaced by another");
    if (ok)
        *out = device;
    arena_free(&arena);
    return ok;
}

bool device_password_holds(const struct device *device, struct span password)
{
    char ha1[MD5_TEXT];
    unsigned differ = 0;

    make_ha1(ha1, device, password);
    for (size_t i = 0; i < sizeof ha1; i++)
        differ |= (unsigned char)(ha1[i] ^ device->ha1[i]);
    return differ == 0;
}

bool device_add(struct disk *disk, struct device *device, struct device_secret *out,
                struct err *err)
{
    struct device there;
    struct err missing = {0};

    assert(device_name_valid(span_of(device->name)) &&
           device_language_valid(span_of(device->language)));
    if (device_find(disk, span_of(device->name), &there, &missing))
        return err_set(err, ERR_CONFLICT, "there %s a device %s", there.removed ? "was" : "is",
                       device->name);
    if (missing.kind != ERR_MISSING) {
        *err = missing;
        return false;
    }
    make_secret(device, out);
    return write_device(disk, device, err);
}

static bool find_active(struct disk *disk, const char *name, struct device *out, struct err *err)
{
    if (!device_find(disk, span_of(name), out, err))
        return err->kind != ERR_MISSING ? false
                                        : err_set(err, ERR_MISSING, "there is no device %s", name);
    return !out->removed || err_set(err, ERR_MISSING, "the device %s was removed", name);
}

bool device_renew(struct disk *disk, const char *name, struct device *out,
                  struct device_secret *out_secret, struct err *err)
{
    char before[PATH_BYTES];

    if (!find_active(disk, name, out, err))
        return false;
    token_path(before, out->token);
    make_secret(out, out_secret);
    return write_device(disk, out, err) && disk_remove(disk, before, err);
}

bool device_remove(struct disk *disk, const char *name, struct err *err)
{
    struct device device;

    if (!find_active(disk, name, &device, err))
        return false;
    device.removed = true;
    return write_file(disk, &device, err);
}

bool device_list(struct disk *disk, struct device **out, size_t *out_count, struct arena *arena,
                 struct err *err)
{
    struct disk_entry *entry;
    size_t count, kept = 0;

    if (!disk_list(disk, "devices/name", &entry, &count, arena, err))
        return false;
    struct device *list = ARENA_ARRAY(arena, struct device, count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        if (!entry[i].regular || span_ends_with(span_of(entry[i].path), SPAN_LIT(DISK_UNFINISHED)))
            continue;
        if (!read_file(disk, entry[i].path, &list[kept], err))
            return false;
        kept++;
    }
    *out = list;
    *out_count = kept;
    return true;
}
