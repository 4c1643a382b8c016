#include "feed/json_feed.h"

#include "codec/utf8.h"
#include "feed/once.h"
#include "feed/shape.h"

#include <stdarg.h>
#include <stdio.h>

#define DAMAGE_TOLD 20u /* pieces by their place; a file of another sort has nothing else */

/* --- a piece --- */

bool piece_failed(const struct piece *piece)
{
    return piece->fault.kind != ERR_NONE;
}

void piece_fail(struct piece *piece, const struct foreign *at, const char *format, ...)
{
    char what[400];
    va_list args;

    if (piece_failed(piece))
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    foreign_fault(piece->text, (at ? at : piece->value)->offset, &piece->fault, "%s", what);
    err_wrap(&piece->fault, "%s", piece->file);
}

void piece_set(struct piece *piece, const struct foreign *at, struct json *flat,
               const struct field *field, struct json value)
{
    struct err why = {0};

    if (!field_check(field, &value, &why))
        piece_fail(piece, at, "\"%s\" does not fit: %s", field->name, why.text);
    json_set(flat, field->name, value, piece->arena);
}

#define CUT_MARK " …"

struct span piece_fit(struct span text, size_t limit, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    if (text.len <= limit)
        return text;
    buf_put(&buf, utf8_prefix(text, limit - (sizeof CUT_MARK - 1)));
    buf_text(&buf, CUT_MARK);
    return buf_span(&buf);
}

struct span piece_text(struct piece *piece, const struct foreign *at)
{
    if (!at || at->type == FOREIGN_NULL)
        return (struct span){0};
    if (at->type != FOREIGN_STRING && at->type != FOREIGN_NUMBER) {
        piece_fail(piece, at, "must be a text or a number");
        return (struct span){0};
    }
    return at->text;
}

void piece_set_text(struct piece *piece, const struct foreign *at, struct json *flat,
                    const struct field *field, struct span text)
{
    if (text.len && !piece_failed(piece))
        piece_set(piece, at, flat, field,
                  json_string(piece_fit(text, (size_t)field->max, piece->arena)));
}

struct span piece_external_id(struct piece *piece, const struct foreign *at, const char *prefix)
{
    struct span id = piece_text(piece, at);
    struct buf buf = buf_in(piece->arena, SIZE_MAX);
    struct err why = {0};

    if (id.len == 0)
        piece_fail(piece, at, "has no id");
    buf_printf(&buf, "%s/", prefix);
    buf_put(&buf, id);
    struct json value = json_string(buf_span(&buf));
    if (id.len && !field_check(FIELD_OF("claim", "external_id"), &value, &why))
        piece_fail(piece, at, "is no id: %s", why.text);
    return value.string;
}

struct feed_item piece_item(const struct piece *piece, const char *kind, struct span external_id,
                            struct json flat)
{
    json_set_string(&flat, "external_id", external_id, piece->arena);
    return (struct feed_item){.kind = kind,
                              .external_id = external_id,
                              .flat = flat,
                              .file = piece->file,
                              .line = piece->line};
}

/* --- a walk --- */

/* RFC 8259 §8.1 lets who reads pass over a mark that nobody should write. */
static size_t start_of(struct span text)
{
    const struct span mark = SPAN_LIT("\xef\xbb\xbf");

    return span_starts_with(text, mark) ? mark.len : 0;
}

/* Text sequences (RFC 7464, RFC 8142) begin each value with a separator. */
#define RECORD_SEPARATOR 0x1e

static uint8_t peek_value(struct pieces *pieces)
{
    while (foreign_peek(&pieces->r) == RECORD_SEPARATOR)
        pieces->r.at++;
    return foreign_peek(&pieces->r);
}

bool pieces_open(struct pieces *out, const char *file, struct span text,
                 const char *const *list_names, struct err *err)
{
    struct pieces pieces = {.file = file, .text = text, .list_names = list_names};

    if (!foreign_open(&pieces.r, text, err))
        return err_wrap(err, "%s", file);
    pieces.r.at = start_of(text);
    if (peek_value(&pieces) == 0 && pieces.r.at == text.len)
        return err_set(err, ERR_MALFORMED, "%s: line 1, column 1: the file is empty", file);
    *out = pieces;
    pieces_rewind(out);
    return true;
}

void pieces_rewind(struct pieces *pieces)
{
    pieces->r.at = start_of(pieces->text);
    pieces->list = (struct foreign_list){0};
    pieces->counted.at = 0;
    pieces->counted.line = 1;
}

void pieces_close(struct pieces *pieces)
{
    arena_free(&pieces->head_arena);
}

static uint64_t line_of(struct pieces *pieces, size_t offset)
{
    for (; pieces->counted.at < offset; pieces->counted.at++)
        pieces->counted.line += pieces->text.at[pieces->counted.at] == '\n';
    return pieces->counted.line;
}

/* Into the next value of the text: a list to walk through, or with *alone one piece. */
static bool step_in(struct pieces *pieces, struct foreign *value, bool *alone, struct err *err)
{
    uint8_t first = peek_value(pieces);
    size_t offset = pieces->r.at;

    arena_reset(&pieces->head_arena);
    pieces->head = (struct foreign){0};
    *alone = false;
    if (first == '[')
        return foreign_list(&pieces->list, &pieces->r, err);
    if (first != '{') {
        *alone = true;
        return foreign_value(&pieces->r, value, &pieces->head_arena, err);
    }
    if (!foreign_outline(&pieces->head, &pieces->list, pieces->list_names, &pieces->r,
                         &pieces->head_arena, err))
        return false;
    pieces->head.offset = offset;
    *alone = !pieces->list.r.text.at;
    if (*alone)
        *value = pieces->head;
    return true;
}

static bool next_value(struct pieces *pieces, struct foreign *value, bool *more,
                       struct arena *arena, struct err *err)
{
    for (;;) {
        bool alone;

        if (pieces->list.r.text.at) {
            if (!foreign_element(&pieces->list, value, more, arena, err))
                return false;
            if (*more)
                return true;
            pieces->list = (struct foreign_list){0};
        }
        *more = peek_value(pieces) != 0 || pieces->r.at < pieces->text.len;
        if (!*more)
            return true;
        if (!step_in(pieces, value, &alone, err))
            return false;
        if (alone)
            return true;
    }
}

bool pieces_next(struct pieces *pieces, struct piece *out, bool *more, struct arena *arena,
                 struct err *err)
{
    struct foreign *value = ARENA_NEW(arena, struct foreign);

    if (!next_value(pieces, value, more, arena, err))
        return err_wrap(err, "%s", pieces->file);
    if (!*more)
        return true;
    *out = (struct piece){.file = pieces->file,
                          .text = pieces->text,
                          .value = value,
                          .line = line_of(pieces, value->offset),
                          .arena = arena};
    if (pieces->list.r.text.at && pieces->head.type == FOREIGN_OBJECT)
        out->head = &pieces->head;
    return true;
}

/* --- the feed --- */

struct state {
    const struct json_feed *table;
    struct pieces pieces;
    struct arena own; /* of the piece whose items are given */
    struct feed_item item[JSON_FEED_ITEMS];
    size_t count, given;
};

struct check {
    const struct json_feed *table;
    const struct remarks *remarks;
    struct once once;
    size_t damaged;
    struct err first;
};

static void check_piece(struct check *check, struct piece *piece)
{
    struct feed_item item[JSON_FEED_ITEMS];
    size_t count = check->table->read(item, piece, check->table->context);

    assert(count <= JSON_FEED_ITEMS);
    if (!piece_failed(piece)) {
        for (size_t i = 0; i < count; i++)
            once_add(&check->once,
                     span_of(arena_printf(piece->arena, "%s %.*s", item[i].kind,
                                          SPAN_ARG(item[i].external_id))),
                     piece->value->offset);
        return;
    }
    if (check->damaged++ == 0)
        check->first = piece->fault;
    if (check->damaged <= DAMAGE_TOLD)
        remark(check->remarks, "%s", piece->fault.text);
}

static bool check_pieces(struct check *check, struct pieces *pieces, struct err *err)
{
    struct arena scratch = {0};
    bool more = true, ok = true;

    while (ok && more) {
        struct piece piece;

        arena_reset(&scratch);
        ok = pieces_next(pieces, &piece, &more, &scratch, err);
        if (ok && more)
            check_piece(check, &piece);
    }
    arena_free(&scratch);
    if (!ok && check->damaged)
        return err_wrap(err, "%zu items are damaged, and what follows cannot be read",
                        check->damaged);
    if (ok && check->damaged) {
        *err = check->first;
        if (check->damaged > 1)
            err_wrap(err, "%zu items are damaged; the first", check->damaged);
        return false;
    }
    return ok;
}

static bool check_once(struct check *check, struct pieces *pieces, struct err *err)
{
    uint64_t twice, first;

    if (once_check(&check->once, &twice, &first))
        return true;
    pieces_rewind(pieces);
    uint64_t line = line_of(pieces, first);
    foreign_fault(pieces->text, twice, err, "its id stands in line %" PRIu64 " already", line);
    return err_wrap(err, "%s", pieces->file);
}

static void rewind_pieces(void *context)
{
    struct state *state = context;

    pieces_rewind(&state->pieces);
    state->count = state->given = 0;
}

static bool next_item(void *context, struct feed_item *out, bool *more, struct err *err)
{
    struct state *state = context;
    struct piece piece;

    while (state->given == state->count) {
        arena_reset(&state->own);
        if (!pieces_next(&state->pieces, &piece, more, &state->own, err))
            return false;
        if (!*more)
            return true;
        state->count = state->table->read(state->item, &piece, state->table->context);
        state->given = 0;
        if (piece_failed(&piece)) {
            *err = piece.fault;
            return false;
        }
    }
    *more = true;
    *out = state->item[state->given++];
    return true;
}

static void close_pieces(void *context)
{
    struct state *state = context;

    pieces_close(&state->pieces);
    arena_free(&state->own);
}

bool json_feed_open(struct feed *out, const struct json_feed *table, const char *file,
                    struct span text, const struct remarks *remarks, struct arena *arena,
                    struct err *err)
{
    struct state *state = ARENA_NEW(arena, struct state);
    struct check check = {.table = table, .remarks = remarks};

    state->table = table;
    if (!pieces_open(&state->pieces, file, text, table->list_names, err))
        return false;
    bool ok = check_pieces(&check, &state->pieces, err) && check_once(&check, &state->pieces, err);
    once_free(&check.once);
    if (!ok) {
        pieces_close(&state->pieces);
        return false;
    }
    rewind_pieces(state);
    *out = (struct feed){.source = table->source,
                         .kinds = table->kinds,
                         .state = state,
                         .rewind = rewind_pieces,
                         .next = next_item,
                         .close = close_pieces};
    return true;
}
