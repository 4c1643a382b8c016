#include "forms/collect.h"

#include "codec/base64.h"
#include "codec/json.h"
#include "feed/gunzip.h"

#define SETTINGS_BYTES 8192u

/* Collect has no Dari: Persian, which is written the same. */
static const char *app_language(const char *language)
{
    return strcmp(language, "prs") == 0 ? "fa" : language;
}

static void put_member(struct buf *out, const char *name, const char *value)
{
    struct json text = json_text(value);

    buf_printf(out, "\"%s\":", name);
    json_encode(out, &text);
}

/* Members of docs.getodk.org/collect-import-export. `false` in admin: it is shown to nobody. */
struct span collect_settings_json(const struct collect_settings *settings, struct arena *arena)
{
    static const char general[] =
        ",\"protocol\":\"odk_default\",\"form_update_mode\":\"match_exactly\","
        "\"autosend\":\"wifi_and_cellular\",\"delete_send\":true,\"analytics\":false,";
    static const char admin[] =
        "},\"admin\":{\"change_server\":false,\"form_update_mode\":false,"
        "\"change_autosend\":false,\"delete_after_send\":false,\"instance_form_sync\":false,"
        "\"change_form_metadata\":false,\"analytics\":false},\"project\":{";
    struct buf out = buf_in(arena, SETTINGS_BYTES);

    buf_text(&out, "{\"general\":{");
    put_member(&out, "server_url", settings->server_url);
    buf_text(&out, general);
    put_member(&out, "app_language", app_language(settings->language));
    buf_text(&out, admin);
    put_member(&out, "name", settings->title);
    buf_byte(&out, ',');
    put_member(&out, "icon", settings->icon);
    buf_byte(&out, ',');
    put_member(&out, "color", settings->colour);
    buf_text(&out, "}}");
    assert(!out.full);
    return buf_span(&out);
}

struct span collect_settings_code(const struct collect_settings *settings, struct arena *arena)
{
    struct buf out = buf_in(arena, 2 * SETTINGS_BYTES);

    base64_put(&out, zlib_pack(collect_settings_json(settings, arena), arena));
    assert(!out.full);
    return buf_span(&out);
}
