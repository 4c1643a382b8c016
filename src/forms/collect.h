#pragma once

/*
 * What a phone with ODK Collect is set up by: its settings as JSON, packed and in base64, which it
 * reads from a QR code. With them come the server, token and all, the language, what it is called
 * and looks like; what a holder could break is locked.
 *
 * What was sent is deleted from the phone: whoever takes it finds no report on it.
 */

#include "base/arena.h"

struct collect_settings {
    const char *server_url;            /* without a slash at the end */
    const char *language;              /* as device_language_valid has it */
    const char *title, *icon, *colour; /* of the project: a text, a character, "#rrggbb" */
};

struct span collect_settings_json(const struct collect_settings *settings, struct arena *arena);
/* What stands in the QR code. */
struct span collect_settings_code(const struct collect_settings *settings, struct arena *arena);
