#pragma once

/*
 * Devices: phones and tablets on which forms are filled in (doc/forms.md). A device has no key of
 * its own; it shows a token, or a name and a password, and this node's gateway key signs what it
 * sends, on behalf of whoever it was given out for. So a device is known to this node alone, and
 * nothing of it but that name comes into the log.
 *
 * DIR/devices (its owner's alone) has a file for each. Of token and password it holds what is
 * needed to know them again: whoever reads it cannot show them to another node, though Digest
 * lets them pass for the device at this one. A new pair ends the old. One that was removed is
 * kept, so that its name is never another's.
 *
 * Any number may read while one writes.
 */

#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/md5.h"
#include "sys/disk.h"

#define DEVICE_NAME_BYTES 40u
#define DEVICE_TOKEN_TEXT 65 /* hex and a NUL */
#define DEVICE_PASSWORD_TEXT 20
/* What a password of Digest and Basic is for, and nothing else. */
#define DEVICE_REALM "Sulh forms"

struct device {
    char name[DEVICE_NAME_BYTES + 1]; /* a-z 0-9 -, beginning with a letter */
    char on_behalf[104];              /* a key's name, or a pseudonym of that form */
    char language[12];                /* "ps"; what the phone is set to */
    struct hash token;                /* its SHA-256 */
    char ha1[MD5_TEXT];
    int64_t since_ms;
    bool removed;
};

/* Shown once, and kept nowhere. Wipe it. */
struct device_secret {
    char token[DEVICE_TOKEN_TEXT];
    char password[DEVICE_PASSWORD_TEXT];
};

bool device_name_valid(struct span name);
/* Languages that forms and phones have: "en", "ur", "ps", "prs", "ar", "tr". */
bool device_language_valid(struct span language);

/* Name, on_behalf, language and since_ms are given. Durable on return. ERR_CONFLICT: there is, or
 * was, one of that name. */
MUST_CHECK bool device_add(struct disk *disk, struct device *device, struct device_secret *out,
                           struct err *err);
/* A new token and password. ERR_MISSING: there is none of that name, or it was removed. */
MUST_CHECK bool device_renew(struct disk *disk, const char *name, struct device *out,
                             struct device_secret *out_secret, struct err *err);
MUST_CHECK bool device_remove(struct disk *disk, const char *name, struct err *err);

/* ERR_MISSING when there is none; one that was removed is found. */
MUST_CHECK bool device_find(struct disk *disk, struct span name, struct device *out,
                            struct err *err);
/* Whose token it is; ERR_MISSING when nobody's. */
MUST_CHECK bool device_of_token(struct disk *disk, struct span token, struct device *out,
                                struct err *err);
/* Whether the password is the device's. */
bool device_password_holds(const struct device *device, struct span password);
/* Sorted by name, in the arena. */
MUST_CHECK bool device_list(struct disk *disk, struct device **out, size_t *out_count,
                            struct arena *arena, struct err *err);
