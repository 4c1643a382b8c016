#include "feed/import_plan.h"

#include "journal/in_force.h"
#include "record/kind.h"
#include "terms/terms.h"

#include <stdlib.h>

/* Where no incident is open yet: for looking at an item's fields, never signed. */
#define NO_INCIDENT "0000000000000000000000000000000000000000000000000000000000000000"

const struct import_kind import_kinds[IMPORT_KINDS] = {
    {"incident.open", "incidents"},       {"incident.report", "reports"}, {"claim", "claims"},
    {"incident.observe", "observations"}, {"incident.read", "readings"},
};

struct planner {
    struct import_plan *plan;
    const struct import_options *options;
    struct arena scratch;                 /* of one item */
    uint64_t reports_held, reports_moved; /* whose place and time are both others */
};

bool import_wrap(const struct feed_item *item, struct err *err)
{
    return err_wrap(err, "%s: line %" PRIu64, item->file, item->line);
}

static void tell(struct planner *p, const struct feed_item *item, const char *what)
{
    remark(&p->options->remarks, "%s: line %" PRIu64 ": %s %.*s %s", item->file, item->line,
           item->kind, SPAN_ARG(item->external_id), what);
}

/* --- may the key sign at all? --- */

static bool get(struct planner *p, const char *table, const char *key, struct json *out,
                bool *out_there, struct err *err)
{
    struct span bytes;

    if (!store_get(node_reader(p->options->node), table, span_of(key), STORE_LATEST, &bytes, NULL,
                   &p->plan->arena, err))
        return false;
    *out_there = bytes.at != NULL;
    return !*out_there || json_parse_canonical(out, bytes, &p->plan->arena, err);
}

/* Else each of its records would be logged, and void. */
static bool check_signer(struct planner *p, const struct feed *feed, struct err *err)
{
    const char *name = p->options->key_name;
    struct json key, role;
    bool there;

    if (!get(p, "key", name, &key, &there, err))
        return false;
    if (!there || !span_is(json_get_string(&key, "state", (struct span){0}), "active"))
        return err_set(err, ERR_REFUSED, "the key %s is not admitted here, or was revoked", name);
    struct span role_id = json_get_string(&key, "role", SPAN_LIT("none"));
    p->plan->organisation = json_get_string(&key, "org", (struct span){0});
    p->plan->role = role_id;
    const char *item = arena_printf(&p->plan->arena, "role/%.*s", SPAN_ARG(role_id));
    struct span bytes;
    if (!in_force_term(node_reader(p->options->node), item, STORE_LATEST, &bytes, &p->plan->arena,
                       err))
        return false;
    there = bytes.at != NULL;
    if (there && !json_parse_canonical(&role, bytes, &p->plan->arena, err))
        return false;
    for (const char *const *kind = feed->kinds; *kind; kind++) {
        const char *capability = kind_find(span_of(*kind), 1)->capability;

        if (!there || !terms_role_may(&role, capability))
            return err_set(err, ERR_REFUSED, "the role of %s (%.*s) may not %s", name,
                           SPAN_ARG(role_id), capability);
    }
    return true;
}

/* --- one item --- */

/* Of the kinds that say whose they are; an incident is nobody's. */
static void put_origin(const struct import_plan *plan, const struct feed_item *item,
                       struct json *fields, struct arena *arena)
{
    const struct origin_of *of = origins_find(&plan->origins, item->external_id);

    if (!of || !kind_field(kind_find(span_of(item->kind), 1), "origin") ||
        !origin_brought_by(of, plan->organisation, plan->role))
        return;
    json_set_string(fields, "licence", of->licence, arena);
    json_set_string(fields, "origin", of->origin, arena);
}

struct json import_fields(const struct import_plan *plan, const struct feed_item *item,
                          const char *incident, const char *supersedes, struct arena *arena)
{
    struct span act = acts_find(&plan->acts, json_get_string(&item->flat, "type", SPAN_LIT("")));
    struct json fields = json_object(); /* the item's own may be read again */

    for (size_t i = 0; i < item->flat.object.count; i++) {
        const struct json_member *member = &item->flat.object.at[i];

        json_set(&fields, arena_text(arena, member->key), member->value, arena);
    }
    if (act.len)
        json_set_string(&fields, "act", act, arena);
    put_origin(plan, item, &fields, arena);
    if (incident[0])
        json_set(&fields, "incident", json_text(incident), arena);
    if (supersedes[0])
        json_set(&fields, "supersedes", json_text(supersedes), arena);
    return fields;
}

static bool incident_of(struct planner *p, const struct feed_item *item, const struct held *held,
                        const char **out, struct err *err)
{
    struct held *incident = ARENA_NEW(&p->scratch, struct held);

    *out = item->incident.len ? NO_INCIDENT : "";
    if (item->incident.len == 0 || held->state == HELD_NOT)
        return true;
    if (!held_find(incident, &p->plan->holdings, "incident.open", item->incident, &p->scratch, err))
        return false;
    if (incident->state != HELD_NOT)
        *out = incident->id;
    return true;
}

static bool differs(const struct json *a, const struct json *b, const char *member)
{
    return !json_equal(json_get(a, member), json_get(b, member));
}

/* Another chronology may have numbered other events alike. */
static void count_moved(struct planner *p, const struct held *held, const struct json *entry,
                        const struct json *public_part)
{
    p->reports_held++;
    p->reports_moved += differs(&held->row, entry, "start") && held->part_here &&
                        differs(&held->public_part, public_part, "place_name");
}

static enum fate fate_of(struct planner *p, const struct feed_item *item, const struct held *held,
                         bool same)
{
    if (held->state == HELD_WITHDRAWN) {
        tell(p, item, "was withdrawn, and is left so");
        return FATE_LEFT;
    }
    if (same)
        return FATE_SAME;
    if (held->state == HELD_SUPERSEDED) {
        tell(p, item, "has changed, but another record has superseded it; it is left as it is");
        return FATE_LEFT;
    }
    if (strcmp(item->kind, "incident.open") == 0) {
        tell(p, item,
             "stands for another place or time now; an incident keeps the title it was "
             "opened with");
        return FATE_LEFT;
    }
    return FATE_CHANGED;
}

/* One record supersedes one other; and a new version must name its own earlier one. */
static bool weigh_superseded(struct planner *p, const struct feed_item *item,
                             const struct held *held, enum fate *fate, struct err *err)
{
    struct span before;

    if (!held_superseded(&before, &p->plan->holdings, held, item->kind, &p->scratch, err))
        return false;
    if (span_equal(before, item->supersedes))
        return true;
    tell(p, item, "names another claim that it supersedes than it did; that cannot be changed");
    if (*fate == FATE_SAME)
        *fate = FATE_LEFT;
    return true;
}

static bool weigh(struct planner *p, const struct feed_item *item, struct held *held,
                  enum fate *out, struct err *err)
{
    const char *incident;
    struct kind_fields split;
    struct json fields;

    if (!incident_of(p, item, held, &incident, err))
        return false;
    fields = import_fields(p->plan, item, incident, "", &p->scratch);
    if (!kind_split(kind_find(span_of(item->kind), 1), &fields, TIER_PUBLIC, &split, &p->scratch,
                    err))
        return false;
    *out = FATE_NEW;
    if (held->state == HELD_NOT)
        return true;
    if (!held_read_public(held, &p->plan->holdings, &p->scratch, err))
        return false;
    if (strcmp(item->kind, "incident.report") == 0)
        count_moved(p, held, &split.entry, &split.part[TIER_PUBLIC]);
    *out =
        fate_of(p, item, held, held_says(held, item->kind, &split.entry, &split.part[TIER_PUBLIC]));
    return weigh_superseded(p, item, held, out, err);
}

static void count(struct import_summary *summary, const struct feed_item *item, enum fate fate)
{
    for (size_t i = 0; i < IMPORT_KINDS; i++)
        summary->of_kind[i] += strcmp(item->kind, import_kinds[i].kind) == 0;
    summary->same += fate == FATE_SAME;
    summary->left += fate == FATE_LEFT;
}

#define FIRST_ROOM 4096u

static void keep_fate(struct import_plan *plan, enum fate fate)
{
    if (plan->count == plan->room) {
        plan->room = plan->room ? 2 * plan->room : FIRST_ROOM;
        plan->fate = realloc(plan->fate, plan->room);
        if (!plan->fate)
            abort(); /* as an arena does */
    }
    plan->fate[plan->count++] = (uint8_t)fate;
}

static bool plan_item(struct planner *p, const struct feed_item *item, struct err *err)
{
    enum fate fate;
    struct held held;

    if (!held_find(&held, &p->plan->holdings, item->kind, item->external_id, &p->scratch, err) ||
        !weigh(p, item, &held, &fate, err))
        return import_wrap(item, err);
    keep_fate(p->plan, fate);
    count(&p->plan->summary, item, fate);
    return true;
}

static bool check_moved(const struct planner *p, const struct feed *feed, struct err *err)
{
    if (p->reports_moved <= p->reports_held / 2)
        return true;
    return err_set(err, ERR_CONFLICT,
                   "%" PRIu64 " of %" PRIu64 " events that %s signed as %s/… are elsewhere and at "
                   "another time here: another source must be signed by a key of its own (--as)",
                   p->reports_moved, p->reports_held, p->options->key_name, feed->source);
}

/* A feed that another is to bring is imported all the same, without the agreement's word for it. */
static void tell_brought(const struct planner *p, const struct feed *feed)
{
    for (size_t i = 0; i < p->plan->origins.count; i++) {
        const struct origin_of *of = &p->plan->origins.at[i];
        struct span word = of->feed, rest = of->feed;

        span_cut(&rest, '/', &word);
        if (span_is(word, feed->source) &&
            !origin_brought_by(of, p->plan->organisation, p->plan->role))
            remark(&p->options->remarks,
                   "the agreement has the feed %.*s from other keys than %s: its records name no "
                   "origin and no licence",
                   SPAN_ARG(of->feed), p->options->key_name);
    }
}

static bool plan_items(struct planner *p, struct feed *feed, struct err *err)
{
    struct feed_item item;
    bool more = true;

    while (more) {
        arena_reset(&p->scratch);
        if (!feed_next(feed, &item, &more, err) || (more && !plan_item(p, &item, err)))
            return false;
    }
    return check_moved(p, feed, err);
}

bool import_plan(struct import_plan *out, struct feed *feed, const struct import_options *options,
                 struct err *err)
{
    struct planner planner = {.plan = out, .options = options};

    *out = (struct import_plan){.holdings = {.node = options->node, .signer = options->key_name}};
    bool ok = check_signer(&planner, feed, err) &&
              acts_load(&out->acts, node_reader(options->node), &out->arena, err) &&
              origins_load(&out->origins, node_reader(options->node), &out->arena, err);
    if (ok)
        tell_brought(&planner, feed);
    ok = ok && plan_items(&planner, feed, err);
    arena_free(&planner.scratch);
    if (!ok)
        import_plan_free(out);
    return ok;
}

void import_plan_free(struct import_plan *plan)
{
    holdings_close(&plan->holdings);
    free(plan->fate);
    plan->fate = NULL;
    arena_free(&plan->arena);
}
