#include "register/rules_doc.h"

#include "register/casework.h"
#include "terms/members.h"
#include "terms/terms.h"

/* In cells of tables a list stands with commas, an absence as an en dash. */

static void put_words(struct buf *buf, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        buf_printf(buf, "%s`%s`", i ? ", " : "", words[i]);
}

static void put_range(struct buf *buf, const struct field *field, const char *of_what)
{
    if (field->min == field->max)
        buf_printf(buf, "%" PRId64 "%s", field->min, of_what);
    else
        buf_printf(buf, "%" PRId64 " to %" PRId64 "%s", field->min, field->max, of_what);
}

static void put_type(struct buf *buf, const struct field *field)
{
    switch (field->type) {
    case FIELD_TEXT:
        buf_text(buf, "text, ");
        put_range(buf, field, " bytes");
        break;
    case FIELD_WORD:
        buf_text(buf, "one of ");
        put_words(buf, field->words);
        break;
    case FIELD_TOKEN:
        buf_printf(buf, "1 to %" PRId64 " characters of U+0021 to U+007E", field->max);
        if (field->term)
            buf_printf(buf, ", an id of the agreement's `%s`", field->term);
        break;
    case FIELD_NAME:
        buf_text(buf, "name (format §1.1)");
        break;
    case FIELD_INTEGER:
        buf_text(buf, "integer, ");
        put_range(buf, field, "");
        break;
    case FIELD_HASH:
        buf_text(buf, "hash");
        break;
    case FIELD_RECORD:
        buf_text(buf, "id of ");
        put_words(buf, field->words);
        break;
    case FIELD_VKEY:
        buf_text(buf, "vkey");
        break;
    case FIELD_TIME:
        buf_text(buf, "stated time");
        break;
    case FIELD_OBJECT:
        buf_text(buf, "object");
        break;
    case FIELD_LIST:
        buf_text(buf, "list of ");
        put_range(buf, field, "");
        break;
    }
}

/* What an object or the items of a list are made of stands below, as "offered[].id". */
static void put_field(struct buf *buf, const char *name, const struct field *field,
                      const char *place)
{
    buf_printf(buf, "| `%s` | ", name);
    put_type(buf, field);
    buf_printf(buf, " | %s | %s | %s |\n", field->required ? "yes" : "–", place,
               field->about ? field->about : "");
    for (size_t i = 0; i < field->count; i++) {
        const struct field *below = &field->fields[i];

        put_field(buf,
                  field->type == FIELD_LIST ? arena_printf(buf->arena, "%s[]", name)
                                            : arena_printf(buf->arena, "%s.%s", name, below->name),
                  below, place);
    }
}

/* What casework.c does for the kinds of a case, of this one. */
static void put_casework(struct buf *buf, const struct casework *work)
{
    buf_text(buf, "Work of a case");
    if (work->own)
        buf_printf(buf, "; its own row is in `%s`", work->own);
    if (work->of)
        buf_printf(buf, "; moves the row of `%s` that `%s` names", work->moves, work->of);
    if (work->moves_case)
        buf_text(buf, "; moves its case");
    if (work->word)
        buf_printf(buf, "; its word is `%s`", work->word);
    buf_text(buf, work->does[0] ? ". " : ".");
}

static void put_kind(struct buf *buf, const struct kind *kind)
{
    const struct room room = room_for(kind);
    const struct casework *work = casework_for(kind);

    buf_printf(buf, "\n### %s %" PRIu64 "\n\n%s\n\nSigned by keys of job ", kind->name,
               kind->version, kind->about);
    put_words(buf, kind->jobs);
    if (kind->capability)
        buf_printf(buf, "; of an author whose role may `%s`", kind->capability);
    buf_text(buf, ".\n\n");
    if (work)
        put_casework(buf, work);
    buf_printf(buf, "%s\n\n", room.does);
    buf_text(buf, "| field | what it is | required | part | meaning |\n"
                  "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < kind->count; i++)
        put_field(buf, kind->fields[i].name, &kind->fields[i],
                  kind->fields[i].tier ? kind->fields[i].tier : "–");
}

static void put_kinds(struct buf *buf)
{
    const struct kind *kind;

    buf_text(
        buf,
        "\n## Kinds\n\n"
        "A body has the fields of its kind whose column \"part\" is a dash, and may have `parts` "
        "(format §4.1); a field of a tier stands in the part of that tier. Where a field is an id "
        "of a record, or of an item of the agreement, it is judged as `reference` or `term`, in "
        "the order of the fields here. A key with `scope` signs no other kind (`scope`) but "
        "`member.rotate`, and `member.revoke` of itself; a root needs no capability, and a role "
        "with `groups` gives none to the key of an organisation that none of them has. A kind with "
        "the field "
        "`on_behalf` is void, as `on_behalf`, unless that is there exactly where the signer's role "
        "(in "
        "force) has `gateway` 1. What stands under the signers is asked last, in that order, and "
        "then written.\n");
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++)
        put_kind(buf, kind);
}

/* casework.c and deadline.c, for who writes them again. */
static const char work_of_a_case[] =
    "\n## Work of a case\n\n"
    "Where a kind is \"work of a case\" these steps are taken, in this order; the first that does "
    "not pass ends it.\n\n"
    "1. Before references are judged: its *named row* is the row of the table in its section under "
    "the id in the field named there; its *case* is the row of `case` under the field `case`, else "
    "under the member `case` of the named row. Terms are looked up in the version `modalities` of "
    "the body, else of the case's row, else in the one in force (format §7.6); roles always in the "
    "one in force.\n"
    "2. `modalities` unless that version has begun.\n"
    "3. The agreement's item `move/KIND/WORD`, WORD being the value of the field that its section "
    "calls its word, else `move/KIND`. `no_move` where there is neither. Its `clause` is the "
    "clause "
    "of the verdict, and of whatever is void from here on and has none of its own.\n"
    "4. The move on `KIND WORD` (or `KIND`) from the state of the named row, and, where it moves "
    "its case, from that of the case: `no_move` where there is none; likewise where it has a case "
    "that has no row, unless that is the named row.\n"
    "5. For each clock in `awaits` of the item: `clock_runs` where a deadline of the case and this "
    "clock is `paused`, or is `running` and `counted_ms` is not larger than its `due_ms`.\n"
    "6. What its section asks.\n"
    "7. The named row, and the case, get their states; a row that there was not gets `by`, `index` "
    "and `org` of the signer. Its own row is the body without `parts`, with `by`, `index`, `org`, "
    "`state`, and `case` where it has one. Then what its section writes.\n"
    "8. For each clock in `ends` of the item, on the named row's id and then on the case's: the "
    "deadline is moved on `met`, or on `late` where it is `running` and `counted_ms` is larger "
    "than "
    "`due_ms`; its `ended` is this index. For each in `starts`, on its own id where it has an own "
    "row, else on the named row's, else on the case's: a deadline is moved on `start`, with "
    "`started_ms` `counted_ms` and `due_ms` that and the clock's `duration_ms` (`urgent_ms`, where "
    "it has one and `urgent` of the case is `yes`); of what the row was before nothing stays. "
    "Where there is no such move nothing happens. A "
    "clock that has `each` has a deadline for each of `accused` of the case, or of `organisations` "
    "of the item `group/EACH`; of these the signer's own is ended. `due` has a row for each that "
    "is "
    "`running`, and for no other.\n"
    "9. `case_record`, where it has a case.\n\n"
    "Nothing is written when a deadline runs out: whoever asks compares `due_ms` with "
    "`counted_ms`. What is done after it is done all the same.\n";

static void put_moves(struct buf *buf)
{
    const struct move *move;

    buf_text(buf, "\n## Moves\n\n"
                  "Rows of these tables have a `state`, and nothing else changes it. A dash is the "
                  "state before there is a row.\n\n"
                  "| table | on | from | to |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; (move = move_at(i)) != NULL; i++)
        buf_printf(buf, "| `%s` | `%s` | %s | %s |\n", move->table, move->on,
                   move->from[0] ? move->from : "–", move->to);
}

/* Whether an earlier line goes between the same two states of the same table. */
static bool drawn_before(size_t index)
{
    const struct move *move = move_at(index), *earlier;

    for (size_t i = 0; i < index; i++) {
        earlier = move_at(i);
        if (strcmp(earlier->table, move->table) == 0 && strcmp(earlier->from, move->from) == 0 &&
            strcmp(earlier->to, move->to) == 0)
            return true;
    }
    return false;
}

static const char *state_name(const char *state)
{
    return state[0] ? state : "[*]";
}

/* One arrow for all that goes between the same two states. */
static void put_arrow(struct buf *buf, size_t index)
{
    const struct move *move = move_at(index), *other;
    const char *between = ": ";

    buf_printf(buf, "    %s --> %s", state_name(move->from), move->to);
    for (size_t i = index; (other = move_at(i)) != NULL; i++)
        if (strcmp(other->table, move->table) == 0 && strcmp(other->from, move->from) == 0 &&
            strcmp(other->to, move->to) == 0) {
            buf_printf(buf, "%s%s", between, other->on);
            between = ", ";
        }
    buf_text(buf, "\n");
}

static bool has_moves(const char *table)
{
    const struct move *move;

    for (size_t i = 0; (move = move_at(i)) != NULL; i++)
        if (strcmp(move->table, table) == 0 && move->from[0] && strcmp(move->from, move->to) != 0)
            return true;
    return false;
}

static void put_diagram(struct buf *buf, const char *table)
{
    const struct move *move;

    buf_printf(buf, "\n### %s\n\n```mermaid\nstateDiagram-v2\n", table);
    for (size_t i = 0; (move = move_at(i)) != NULL; i++)
        if (strcmp(move->table, table) == 0 && strcmp(move->from, move->to) != 0 &&
            !drawn_before(i))
            put_arrow(buf, i);
    buf_text(buf, "```\n");
}

static void put_diagrams(struct buf *buf)
{
    const struct register_table *table;

    buf_text(buf, "\n## States\n\n"
                  "The same as pictures, without what leaves a row in its state.\n");
    for (size_t i = 0; (table = register_table_at(i)) != NULL; i++)
        if (has_moves(table->name))
            put_diagram(buf, table->name);
}

static void put_tables(struct buf *buf)
{
    const struct register_table *table;

    buf_text(buf, "\n## Tables\n\n"
                  "The rows that entries write. A member that has nothing to say is left out.\n\n"
                  "| table | key | members | what it holds |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; (table = register_table_at(i)) != NULL; i++) {
        buf_printf(buf, "| `%s` | %s | ", table->name, table->key);
        if (table->members)
            put_words(buf, table->members);
        else
            buf_text(buf, "as adopted");
        buf_printf(buf, " | %s |\n", table->about);
    }
}

static void put_reasons(struct buf *buf)
{
    const struct reason_text *reason;

    buf_text(buf,
             "\n## Reasons\n\n"
             "Why an entry is void: `reason` of its row in `verdict`, and the clause. Where that "
             "is \"rules\" it is `rules`, a space, the rules number, a space and the kind; that is "
             "also the clause of what holds. That of `no_move` is the agreement's own.\n\n"
             "| reason | clause | meaning |\n| --- | --- | --- |\n");
    for (size_t i = 1; (reason = reason_at(i)) != NULL; i++)
        buf_printf(buf, "| `%s` | %s | %s |\n", reason->word,
                   reason->clause ? reason->clause : "rules", reason->sentence);
}

static void put_member(struct buf *buf, const struct terms_member *m)
{
    switch (m->form) {
    case TERMS_INTEGER:
        buf_printf(buf, "integer, %" PRId64 " to %" PRId64, m->min, m->max);
        break;
    case TERMS_NAME:
        buf_printf(buf, "id of `%s`", m->section_named);
        break;
    case TERMS_NAMES:
        buf_printf(buf, "list of ids of `%s`", m->section_named);
        break;
    case TERMS_WORDS:
        buf_text(buf, "list of ");
        put_words(buf, m->words);
        break;
    case TERMS_CAPABILITIES:
        buf_text(buf, "list of capabilities");
        break;
    case TERMS_TOKENS:
        buf_text(buf, "list of ids");
        break;
    case TERMS_TOKEN:
        buf_text(buf, "an id");
        break;
    case TERMS_EACH:
        buf_text(buf, "id of `group`, or `accused`");
        break;
    case TERMS_NEEDS:
        buf_text(buf, "list of needs");
        break;
    }
    if (m->form != TERMS_INTEGER && m->min)
        buf_text(buf, ", one at least");
}

static void put_terms(struct buf *buf)
{
    const struct terms_member *m;

    buf_text(buf,
             "\n## Terms\n\n"
             "`agreement.toml` is malformed, and never in force (format §7.3), unless all that is "
             "in doc/agreement.md under its head holds, its sections are arrays of tables with "
             "names of a to z and `_`, each item has an `id` of 1 to 64 characters of U+0021 to "
             "U+007E that no other of its section has, and the members below are what this table "
             "says. A list has nothing twice. A need is an object with `group`, an id of `group`, "
             "and `count`, an integer from 1 to the number of that group's `organisations`.\n\n"
             "Besides: no capability stands in `may` and `may_not` of one role; no group is called "
             "`accused`; a clock has `extension_ms` exactly where its `extensions` are more than "
             "0; a clock that a move `starts`, or a rung names, is in the `ends` of some move; no "
             "two standards have one `order`, and no two steps.\n\n"
             "| section | member | what it is | required | meaning |\n"
             "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; (m = terms_member_at(i)) != NULL; i++) {
        buf_printf(buf, "| `%s` | `%s` | ", m->section, m->member);
        put_member(buf, m);
        buf_printf(buf, " | %s | %s |\n", m->required ? "yes" : "–", m->about);
    }
}

void rules_doc_put(struct buf *buf)
{
    buf_text(buf,
             "# The rules\n\n"
             "Rules number 1, printed by `sulh rules` from the tables that the program judges by: "
             "do not edit this page. What the words mean, and in which order an entry is judged, "
             "is in `doc/format.md`.\n\n"
             "A role of the agreement may have these capabilities: ");
    put_words(buf, terms_capabilities);
    buf_text(buf, ".\n");
    put_terms(buf);
    put_kinds(buf);
    buf_text(buf, work_of_a_case);
    put_moves(buf);
    put_diagrams(buf);
    put_tables(buf);
    put_reasons(buf);
}
