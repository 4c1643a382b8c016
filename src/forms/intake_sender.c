#include "forms/intake_inside.h"

#include "codec/hex.h"
#include "codec/mail.h"
#include "crypto/hash.h"
#include "ledger/note.h"

#include <stdio.h>
#include <stdlib.h>

#define LEAST_DIGITS 4u

bool intake_phone(char out[INTAKE_PHONE_BYTES + 1], struct span text, struct err *err)
{
    struct arena arena = {0};
    struct span digits = flash_fold(text, &arena);
    bool plus = memchr(text.at ? (const void *)text.at : "", '+', text.len) != NULL;
    bool ok = digits.len >= LEAST_DIGITS && digits.len < INTAKE_PHONE_BYTES;

    for (size_t i = 0; ok && i < digits.len; i++)
        ok = digits.at[i] >= '0' && digits.at[i] <= '9';
    if (ok && !plus && span_starts_with(digits, SPAN_LIT("00"))) {
        plus = true;
        digits = span_from(digits, 2);
    }
    if (ok)
        snprintf(out, INTAKE_PHONE_BYTES + 1, "%s%.*s", plus ? "+" : "", SPAN_ARG(digits));
    arena_free(&arena);
    return ok || err_set(err, ERR_USAGE, "no telephone number");
}

bool intake_from(char out[INTAKE_FROM_BYTES + 1], struct span text, struct err *err)
{
    struct arena arena = {0};
    struct span address;
    char phone[INTAKE_PHONE_BYTES + 1];
    bool ok;

    if (text.len && memchr(text.at, '@', text.len)) {
        ok = mail_address(&address, text, &arena) || err_set(err, ERR_USAGE, "no address of mail");
        if (ok)
            snprintf(out, INTAKE_FROM_BYTES + 1, "%.*s", SPAN_ARG(address));
    } else {
        ok = intake_phone(phone, text, err);
        if (ok)
            snprintf(out, INTAKE_FROM_BYTES + 1, "%s", phone);
    }
    arena_free(&arena);
    return ok;
}

void intake_number(char out[INTAKE_KEY_TEXT], const char *from)
{
    struct hash hash = hash_of(span_of(from));

    hex_text(out, hash_span(&hash));
}

static void take_text(char *out, size_t room, struct span text)
{
    snprintf(out, room, "%.*s", SPAN_ARG(text));
}

static struct intake_sender sender_of(const struct json *file)
{
    struct intake_sender out = {.offset_min =
                                    (int)json_get_integer(file, "offset_min", FLASH_NO_OFFSET),
                                .since_ms = json_get_integer(file, "since_ms", 0)};

    take_text(out.name, sizeof out.name, json_get_text(file, "name"));
    take_text(out.from, sizeof out.from, json_get_text(file, "from"));
    take_text(out.language, sizeof out.language, json_get_text(file, "language"));
    return out;
}

bool intake_sender_find(struct disk *disk, const char *number, struct intake_sender *out,
                        bool *out_known, struct arena *arena, struct err *err)
{
    struct json file;

    if (!intake_read(disk, "sender", number, &file, arena, err))
        return false;
    *out = sender_of(&file);
    *out_known = file.object.count > 0;
    return true;
}

bool intake_sender_of(struct disk *disk, struct span from, struct intake_sender *out,
                      bool *out_known, struct arena *arena, struct err *err)
{
    char written[INTAKE_FROM_BYTES + 1], number[INTAKE_KEY_TEXT];
    struct err none = {0};

    *out_known = false;
    if (!intake_from(written, from, &none))
        return true;
    intake_number(number, written);
    return intake_sender_find(disk, number, out, out_known, arena, err);
}

static int by_name(const void *a, const void *b)
{
    const struct intake_sender *left = a, *right = b;

    return strcmp(left->name, right->name);
}

bool intake_sender_list(struct disk *disk, struct intake_sender **out, size_t *out_count,
                        struct arena *arena, struct err *err)
{
    struct disk_entry *entry;
    size_t count;
    bool known;

    *out_count = 0;
    if (!disk_list(disk, "intake/sender", &entry, &count, arena, err))
        return false;
    *out = ARENA_ARRAY(arena, struct intake_sender, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *number = strrchr(entry[i].path, '/') + 1;

        if (strlen(number) == INTAKE_KEY_TEXT - 1 &&
            !intake_sender_find(disk, number, &(*out)[(*out_count)++], &known, arena, err))
            return false;
    }
    qsort(*out, *out_count, sizeof **out, by_name);
    return true;
}

static bool check(const struct intake_sender *sender, struct disk *disk, struct arena *arena,
                  struct err *err)
{
    struct intake_sender *list;
    size_t count;

    if (!note_name_valid(span_of(sender->name)))
        return err_set(err, ERR_USAGE, "a pseudonym is of the form of a key's name, not \"%s\"",
                       sender->name);
    if (!intake_sender_list(disk, &list, &count, arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, sender->name) == 0)
            return err_set(err, ERR_CONFLICT, "%s is registered already", sender->name);
        if (strcmp(list[i].from, sender->from) == 0)
            return err_set(err, ERR_CONFLICT, "this sender is registered, as %s", list[i].name);
    }
    return true;
}

bool intake_sender_add(struct disk *disk, const struct intake_sender *sender, struct err *err)
{
    struct arena arena = {0};
    struct json file = json_object();
    char number[INTAKE_KEY_TEXT];
    bool ok = check(sender, disk, &arena, err);

    intake_number(number, sender->from);
    json_set(&file, "name", json_text(sender->name), &arena);
    json_set(&file, "from", json_text(sender->from), &arena);
    json_set(&file, "language", json_text(sender->language), &arena);
    json_set_integer(&file, "offset_min", sender->offset_min, &arena);
    json_set_integer(&file, "since_ms", sender->since_ms, &arena);
    ok = ok && intake_write(disk, "sender", number, &file, &arena, err);
    arena_free(&arena);
    return ok;
}

bool intake_sender_remove(struct disk *disk, const char *name, struct err *err)
{
    struct arena arena = {0};
    struct intake_sender *list;
    char path[INTAKE_PATH_BYTES] = "", number[INTAKE_KEY_TEXT];
    size_t count;
    bool ok = intake_sender_list(disk, &list, &count, &arena, err);

    for (size_t i = 0; ok && i < count; i++)
        if (strcmp(list[i].name, name) == 0) {
            intake_number(number, list[i].from);
            intake_path(path, "sender", number);
        }
    if (ok && !path[0])
        ok = err_set(err, ERR_MISSING, "there is no sender %s", name);
    ok = ok && disk_remove(disk, path, err) && disk_sync_directory(disk, "intake/sender", err);
    arena_free(&arena);
    return ok;
}
