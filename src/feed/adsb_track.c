#include "feed/adsb_track.h"

#include <math.h>

enum state { CLEAR, UNSURE, WITHIN };

static enum state state_of(const struct adsb_zone *zone, const struct adsb_fix *fix)
{
    struct geo_range d = geo_distance(&zone->shape, fix->at);
    double margin = (double)(fix->uncertainty_m + zone->uncertainty_m);
    double buffer = (double)zone->buffer_m;

    if (zone->line)
        return d.least_m > margin ? CLEAR : UNSURE;
    if (geo_inside(&zone->shape, fix->at))
        return d.least_m + buffer > margin ? WITHIN : UNSURE;
    if (d.least_m > buffer + margin)
        return CLEAR;
    return d.most_m + margin < buffer ? WITHIN : UNSURE;
}

/* How far off the straight way between two positions it can have been: half the smaller axis of
 * the ellipse of all ways that it could fly in that time. */
static double reach_m(const struct adsb_zone *zone, const struct adsb_fix *a,
                      const struct adsb_fix *b)
{
    double way = (double)zone->speed_ms * (double)(b->at_ms - a->at_ms) / 1000 / 2;
    double half = geo_between(a->at, b->at).least_m / 2;

    return way > half ? sqrt(way * way - half * half) : 0;
}

static double margin_of(const struct adsb_zone *zone, const struct adsb_fix *a,
                        const struct adsb_fix *b)
{
    int64_t larger = a->uncertainty_m > b->uncertainty_m ? a->uncertainty_m : b->uncertainty_m;

    return (double)(larger + zone->uncertainty_m) + reach_m(zone, a, b);
}

static void start_over(struct adsb_walk *w, size_t clear)
{
    w->clear = clear;
    w->meets = w->certain_first = w->certain_last = ADSB_NONE;
    w->crossings = 0;
    w->ends_m = INFINITY;
    w->near = w->leg_near = w->gap = false;
}

void adsb_walk_begin(struct adsb_walk *walk, const struct adsb_zone *zone,
                     const struct adsb_fix *fix, size_t count)
{
    *walk = (struct adsb_walk){.zone = zone, .fix = fix, .count = count};
    start_over(walk, ADSB_NONE);
}

/* What the way from one position to the next tells. */
static void take_leg(struct adsb_walk *w, size_t to, bool gap)
{
    const struct adsb_fix *a = &w->fix[to - 1], *b = &w->fix[to];
    double margin = margin_of(w->zone, a, b);

    w->gap = w->gap || gap;
    if (w->zone->line) {
        w->crossings += geo_crossings(&w->zone->shape, a->at, b->at);
        w->ends_m =
            fmin(w->ends_m, geo_distance_of_leg(&w->zone->ends, a->at, b->at).least_m - margin);
    }
    w->leg_near = !gap && geo_distance_of_leg(&w->zone->shape, a->at, b->at).least_m <=
                              margin + (double)w->zone->buffer_m;
    w->near = w->near || w->leg_near;
}

/* Whether what was seen between the last clear position and `after` is a meeting. */
static bool meeting(const struct adsb_walk *w, size_t after, struct adsb_meeting *out)
{
    bool crossed =
        w->zone->line && w->crossings % 2 == 1 && w->clear != ADSB_NONE && after != ADSB_NONE;
    bool within = w->certain_first != ADSB_NONE;
    size_t first = w->meets != ADSB_NONE ? w->meets : w->clear;

    if (!crossed && !within && !w->near && w->meets == ADSB_NONE)
        return false;
    *out = (struct adsb_meeting){.certain = within || (crossed && w->ends_m > 0),
                                 .in_gap = w->gap,
                                 .before = w->clear,
                                 .after = after,
                                 .first = within ? w->certain_first : first};
    out->last = within ? w->certain_last : after != ADSB_NONE ? after : w->at - 1;
    return true;
}

/* At a position; true when a meeting ended there. */
static bool take_fix(struct adsb_walk *w, size_t i, struct adsb_meeting *out)
{
    enum state state = state_of(w->zone, &w->fix[i]);

    /* A way that came near is not over at a position that is clear: the next may come as near. */
    if (state == CLEAR && !w->leg_near) {
        bool met = w->clear != ADSB_NONE || w->meets != ADSB_NONE ? meeting(w, i, out) : false;
        start_over(w, i);
        return met;
    }
    if (w->meets == ADSB_NONE)
        w->meets = i;
    if (state == WITHIN) {
        w->certain_first = w->certain_first == ADSB_NONE ? i : w->certain_first;
        w->certain_last = i;
    }
    return false;
}

/* Before the position: true when a meeting ended with the one before it. */
static bool take_break(struct adsb_walk *w, size_t i, struct adsb_meeting *out)
{
    int64_t silent_ms = w->fix[i].at_ms - w->fix[i - 1].at_ms;
    bool gap = silent_ms > w->zone->gap_ms;
    bool lost = silent_ms > ADSB_LOST_MS || (gap && !w->zone->line);
    bool met = false;

    if (lost) {
        met = w->meets != ADSB_NONE && meeting(w, ADSB_NONE, out);
        start_over(w, ADSB_NONE);
    } else if (w->clear != ADSB_NONE || w->meets != ADSB_NONE) {
        take_leg(w, i, gap);
    }
    return met;
}

bool adsb_walk_next(struct adsb_walk *w, struct adsb_meeting *out)
{
    while (w->at < w->count) {
        size_t i = w->at;

        /* After a meeting that a break ended, the same position is taken anew, with none open. */
        if (i > 0 && take_break(w, i, out) && w->meets == ADSB_NONE && w->clear == ADSB_NONE) {
            struct adsb_meeting unused;
            (void)take_fix(w, i, &unused);
            w->at++;
            return true;
        }
        bool met = take_fix(w, i, out);
        w->at++;
        if (met)
            return true;
    }
    bool open = w->meets != ADSB_NONE && meeting(w, ADSB_NONE, out);
    start_over(w, ADSB_NONE);
    return open;
}
