#include "register/casework.h"

/* What its signer may replace or take back, once. */
#define ITEM(table, kind)                                                                          \
    {table, kind, "", "live"}, {table, "superseded", "live", "superseded"},                        \
    {                                                                                              \
        table, "record.withdraw", "live", "withdrawn"                                              \
    }

/*
 * Every state that rows of the register have, and what moves them: from a state, on a
 * word, to a state. "" is the state before there is a row. A word with a dot is the kind
 * of the record that moves the row, with the word in it that chooses; the others say what
 * else does. No line, no move. Those of a case stand in its rooms.
 */
static const struct move moves[] = {
    {"agreement", "agreement.adopt", "", "adopting"},
    {"agreement", "complete", "adopting", "in_force"}, /* all pieces, all concurrences */

    {"amendment", "rules.adopt", "", "proposed"},
    {"amendment", "agreement.amend", "", "proposed"},
    {"amendment", "complete", "proposed", "in_force"}, /* of the rules: all concurrences */
    {"amendment", "agreed", "proposed", "agreed"},     /* of the terms: all pieces, too */

    {"key", "agreement.adopt", "", "active"},
    {"key", "term.open", "", "active"},
    {"key", "term.open", "active", "ended"}, /* log key and promise key of the term before */
    {"key", "member.admit", "", "active"},
    {"key", "member.revoke", "active", "revoked"},
    {"key", "member.rotate", "", "active"},        /* the new key */
    {"key", "member.rotate", "active", "revoked"}, /* the one whose place it takes */

    {"part", "named", "", "held"}, /* by any record's `parts` */

    {"incident", "incident.open", "", "open"},
    {"incident", "record.withdraw", "open", "withdrawn"},

    ITEM("report", "incident.report"),
    ITEM("claim", "claim"),
    ITEM("flash", "incident.flash"),
    ITEM("observation", "incident.observe"),
    ITEM("reading", "incident.read"),
    ITEM("warning", "incident.warn"),
    ITEM("restriction", "access.restriction"),
    ITEM("watch", "coverage.watch"),
    ITEM("outage", "coverage.outage"),
    ITEM("notice", "notice.give"),
    ITEM("guarantee", "guarantee.give"),
    ITEM("statement", "statement.log"),
    ITEM("paper", "paper.table"),

    {"link", "filed", "", "linked"}, /* by the record's own field `incident` */
    {"link", "incident.link", "", "linked"},
    {"link", "incident.link", "unlinked", "linked"},
    {"link", "incident.unlink", "linked", "unlinked"},
    {0},
};

/* The tables of moves, this one first. */
static const struct move *table_at(size_t n)
{
    const struct case_room *room = n == 0 ? NULL : case_room_at(n - 1);

    if (n == 0)
        return moves;
    return room ? room->moves : NULL;
}

const struct move *move_at(size_t index)
{
    const struct move *move;

    for (size_t n = 0; (move = table_at(n)) != NULL; n++)
        for (; move->table; move++)
            if (index-- == 0)
                return move;
    return NULL;
}

const char *move_to(const char *table, const char *on, struct span from)
{
    const struct move *move;

    for (size_t n = 0; (move = table_at(n)) != NULL; n++)
        for (; move->table; move++)
            if (strcmp(move->table, table) == 0 && strcmp(move->on, on) == 0 &&
                span_is(from, move->from))
                return move->to;
    return NULL;
}

bool register_knows_move(struct span id)
{
    const uint8_t *slash = memchr(id.at, '/', id.len);
    struct span kind = span_make(id.at, slash ? (size_t)(slash - id.at) : id.len);
    struct span word = span_from(id, slash ? kind.len + 1 : kind.len);
    const struct move *move;

    if (!kind_find(kind, 1))
        return false;
    if (!slash)
        return true;
    for (size_t i = 0; (move = move_at(i)) != NULL; i++) {
        struct span on = span_of(move->on);

        if (span_equal(on, word) || (span_starts_with(on, kind) && span_ends_with(on, word) &&
                                     on.len == kind.len + 1 + word.len))
            return true;
    }
    return false;
}
