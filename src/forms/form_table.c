#include "forms/form.h"

/* What is asked, form by form. Short forms come first in each: whoever fills one may be under fire,
 * or have no light to type by. */

#define ASKS(...)                                                                                  \
    .asks = (const struct ask[]){__VA_ARGS__},                                                     \
    .count = sizeof((const struct ask[]){__VA_ARGS__}) / sizeof(struct ask)
#define GROUP(group_name, ...)                                                                     \
    {                                                                                              \
        .as = ASK_GROUP, .name = group_name, ASKS(__VA_ARGS__)                                     \
    }

#define FIELD(field_name)                                                                          \
    {                                                                                              \
        .as = ASK_FIELD, .name = field_name                                                        \
    }
#define FIELD_MUST(field_name)                                                                     \
    {                                                                                              \
        .as = ASK_FIELD, .name = field_name, .must = true                                          \
    }
#define FIELD_SHORT(field_name)                                                                    \
    {                                                                                              \
        .as = ASK_FIELD, .name = field_name, .minimal = true                                       \
    }
#define FIELD_FROM(field_name, least)                                                              \
    {                                                                                              \
        .as = ASK_FIELD, .name = field_name, .not_before = least                                   \
    }
#define TIME(field_name)                                                                           \
    {                                                                                              \
        .as = ASK_TIME, .name = field_name, .exact = "exact"                                       \
    }
#define TIME_FROM(field_name, least)                                                               \
    {                                                                                              \
        .as = ASK_TIME, .name = field_name, .exact = "exact", .not_before = least                  \
    }
#define EXACT                                                                                      \
    {                                                                                              \
        .as = ASK_EXACT, .name = "exact"                                                           \
    }
#define POSITION                                                                                   \
    {.as = ASK_POSITION, .name = "position", .exact = "error"},                                    \
    {                                                                                              \
        .as = ASK_ERROR, .name = "error"                                                           \
    }
#define SHAPE                                                                                      \
    {.as = ASK_LINE, .name = "line"},                                                              \
    {                                                                                              \
        .as = ASK_AREA, .name = "area", .unless = "line"                                           \
    }
/* Where the observer stands, not what happened: for the mission alone. */
#define STANDPOINT                                                                                 \
    {                                                                                              \
        .as = ASK_POSITION, .name = "observer", .prefix = "observer_"                              \
    }
#define CASUALTIES                                                                                 \
    {                                                                                              \
        .as = ASK_REPEAT, .name = "casualties",                                                    \
        ASKS(FIELD("class"), FIELD("group"), FIELD("status"), FIELD("min"),                        \
             FIELD_FROM("max", "min"))                                                             \
    }
#define PHOTOS                                                                                     \
    {                                                                                              \
        .as = ASK_REPEAT, .name = "photos", ASKS({.as = ASK_IMAGE, .name = "photo"})               \
    }
#define AUDIO                                                                                      \
    {                                                                                              \
        .as = ASK_AUDIO, .name = "audio"                                                           \
    }
#define VIDEO                                                                                      \
    {                                                                                              \
        .as = ASK_VIDEO, .name = "video"                                                           \
    }
#define EVIDENCE GROUP("evidence", PHOTOS, AUDIO, VIDEO)
#define WHERE                                                                                      \
    GROUP("where", FIELD_MUST("place_name"), FIELD_SHORT("sector"), FIELD_SHORT("crossing"),       \
          POSITION)

static const struct ask flash[] = {
    GROUP("happens", FIELD_MUST("what"), FIELD("ongoing"), FIELD("casualties_min"),
          FIELD_FROM("casualties_max", "casualties_min"), FIELD("needs")),
    WHERE,
    GROUP("when", TIME("at"), EXACT),
    GROUP("more", FIELD_SHORT("act"), AUDIO, PHOTOS),
};

static const struct ask report[] = {
    GROUP("happened", FIELD_MUST("summary"), FIELD_SHORT("act"),
          {.as = ASK_FIELD, .name = "means", .must = true, .minimal = true}),
    GROUP("when", TIME("start"), TIME_FROM("end", "start"), EXACT),
    GROUP("where", FIELD_MUST("place_name"), FIELD("admin"), FIELD_SHORT("sector"),
          FIELD_SHORT("crossing"), POSITION, SHAPE),
    GROUP("harmed", CASUALTIES),
    GROUP("more", FIELD("third_party"), FIELD("identities"), FIELD("teller")),
    EVIDENCE,
};

/* The same kind, asked of somebody who lives there: no codes, no sectors, no line. */
static const struct ask community[] = {
    GROUP("happened", FIELD_MUST("summary"),
          {.as = ASK_FIELD, .name = "means", .must = true, .minimal = true}),
    GROUP("when", TIME("start"), EXACT),
    GROUP("where", FIELD_MUST("place_name"), FIELD("admin"), POSITION),
    GROUP("harmed", CASUALTIES),
    GROUP("more", FIELD("identities"), FIELD("teller")),
    EVIDENCE,
};

static const struct ask observation[] = {
    GROUP("observed", FIELD("verb"),
          {.as = ASK_FIELD, .name = "means", .minimal = true, .fits = "verb"},
          FIELD_MUST("summary")),
    GROUP("when", TIME("at"), EXACT),
    GROUP("where", FIELD_MUST("place_name"), FIELD("direction"), FIELD_SHORT("sector"),
          FIELD_SHORT("crossing"), POSITION, SHAPE),
    GROUP("how_many", FIELD("count_min"), FIELD_FROM("count_max", "count_min"), FIELD("hedge"),
          FIELD("weapon"), FIELD_SHORT("act")),
    GROUP("harmed", CASUALTIES),
    GROUP("standpoint", STANDPOINT),
    GROUP("more", FIELD("identities"), FIELD("teller")),
    EVIDENCE,
};

static const struct ask reading[] = {
    GROUP("observed", FIELD("sensor"), FIELD_SHORT("means"), FIELD_MUST("summary"),
          FIELD("calibrated"), FIELD("supplier")),
    GROUP("when", TIME("at"), TIME_FROM("until", "at"), EXACT),
    WHERE,
    GROUP("more", FIELD_SHORT("act")),
    EVIDENCE,
};

/* Also the report that nothing was seen: what nobody watched is never counted as quiet. */
static const struct ask patrol[] = {
    GROUP("where", FIELD_SHORT("sector")),
    GROUP("when", TIME("from"), TIME_FROM("until", "from"), EXACT),
    GROUP("observed", FIELD_MUST("seen"), FIELD_SHORT("means"), FIELD_MUST("note")),
    GROUP("evidence", PHOTOS),
};

static const struct ask outage[] = {
    GROUP("where", FIELD_SHORT("sector"), FIELD("sensor")),
    GROUP("when", TIME("from"), TIME_FROM("until", "from"), EXACT),
    GROUP("happened", FIELD("cause"), FIELD("note")),
    GROUP("evidence", PHOTOS),
};

static const struct ask restriction[] = {
    GROUP("happened", FIELD("type"), FIELD_SHORT("host"), FIELD("words"), FIELD("persons"),
          FIELD("effect")),
    GROUP("when", TIME("at"), TIME_FROM("until", "at"), EXACT),
    WHERE,
    EVIDENCE,
};

static const struct ask visit[] = {
    GROUP("request", FIELD_SHORT("request")),
    GROUP("when", TIME("arrived"), TIME_FROM("left", "arrived"), EXACT),
    GROUP("observed", FIELD("seen"), FIELD_MUST("report")),
    EVIDENCE,
};

#define FORM(form_id, kind_name, least, table)                                                     \
    {                                                                                              \
        .id = form_id, .kind = kind_name, .tier = least, .asks = table, .count = ARRAY_LEN(table)  \
    }

/* What monitors and people who live there say is for the mission, until it releases it: a place or
 * a turn of phrase can tell who it was. A report is the word of whoever signs it. */
static const struct form forms[] = {
    FORM("flash", "incident.flash", TIER_MISSION, flash),
    FORM("report", "incident.report", TIER_PUBLIC, report),
    FORM("community", "incident.report", TIER_MISSION, community),
    FORM("observation", "incident.observe", TIER_MISSION, observation),
    FORM("reading", "incident.read", TIER_MISSION, reading),
    FORM("patrol", "coverage.watch", TIER_MISSION, patrol),
    FORM("outage", "coverage.outage", TIER_MISSION, outage),
    FORM("restriction", "access.restriction", TIER_MISSION, restriction),
    FORM("visit", "access.visit", TIER_MISSION, visit),
};

const struct form *form_at(size_t index)
{
    return index < ARRAY_LEN(forms) ? &forms[index] : NULL;
}
