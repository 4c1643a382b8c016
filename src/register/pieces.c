#include "register/apply.h"

#include "codec/hex.h"
#include "terms/terms.h"

/* The agreement's files in pieces (format §7.2), of entry 0 or of an amendment, and the terms
 * that they make. */

const char *pieces_fault(const struct json *pieces)
{
    struct span file = {0};
    bool terms = false;
    int64_t n = 0;

    for (size_t i = 0; i < pieces->array.count; i++) {
        const struct json *piece = &pieces->array.at[i];
        int order = span_compare(json_get_text(piece, "file"), file);

        if (order < 0 || json_get_integer(piece, "n", 0) != (order > 0 ? 1 : n + 1))
            return "its pieces are not in order of file and number";
        file = json_get_text(piece, "file");
        n = json_get_integer(piece, "n", 0);
        terms |= span_is(file, "agreement.toml");
    }
    return terms ? NULL : "it lists no agreement.toml";
}

/* Those of an amendment stand under its id. */
static struct span piece_key(struct apply *a, struct span of, struct span file, int64_t n)
{
    struct span key = apply_key(a, "%.*s %04" PRId64, SPAN_ARG(file), n);

    return of.len ? apply_join(a, of, ' ', key) : key;
}

static const struct json *listed_piece(const struct json *pieces, struct span file, int64_t n)
{
    for (size_t i = 0; i < pieces->array.count; i++)
        if (span_equal(json_get_text(&pieces->array.at[i], "file"), file) &&
            json_get_integer(&pieces->array.at[i], "n", 0) == n)
            return &pieces->array.at[i];
    return NULL;
}

static bool content_is(struct span content, struct span sha256)
{
    struct hash want, got = hash_of(content);

    return hex_parse(want.bytes, sizeof want.bytes, sha256) && hash_equal(want, got);
}

bool pieces_keep(struct apply *a, const struct json *pieces, struct span of, struct err *err)
{
    struct span file = json_get_text(a->body, "file"), content = json_get_text(a->body, "content");
    int64_t n = json_get_integer(a->body, "n", 0);
    const struct json *listed = listed_piece(pieces, file, n), *there;
    struct span key = piece_key(a, of, file, n);

    if (!listed || !content_is(content, json_get_text(listed, "sha256")))
        return apply_void(a, REASON_PIECE, "piece %" PRId64 " of %.*s is not what %s lists", n,
                          SPAN_ARG(file), of.len ? "the amendment" : "entry 0");
    if (!apply_get(a, "agreement_part", key, &there, err))
        return false;
    if (there)
        return apply_void(a, REASON_PIECE, "piece %" PRId64 " of %.*s is there already", n,
                          SPAN_ARG(file));

    struct json *piece = apply_copy(a, NULL);
    json_set_string(piece, "content", content, a->arena);
    json_set_integer(piece, "index", (int64_t)a->entry->index, a->arena);
    return apply_put(a, "agreement_part", key, piece, err);
}

/* The content of one file, put together from its pieces. */
static bool whole_file(struct apply *a, const struct json *pieces, struct span of, const char *file,
                       struct span *out, struct err *err)
{
    struct buf whole = buf_in(a->arena, SIZE_MAX / 2);

    for (size_t i = 0; i < pieces->array.count; i++) {
        const struct json *piece = &pieces->array.at[i], *row;

        if (!span_is(json_get_text(piece, "file"), file))
            continue;
        if (!apply_get(a, "agreement_part",
                       piece_key(a, of, span_of(file), json_get_integer(piece, "n", 0)), &row, err))
            return false;
        buf_put(&whole, json_get_text(row, "content"));
    }
    *out = buf_span(&whole);
    return true;
}

bool pieces_terms(struct apply *a, const struct json *pieces, struct span of,
                  const struct json **out, struct err *err)
{
    struct json *terms = ARENA_NEW(a->arena, struct json);
    struct terms_head head;
    struct err fault = {0};
    struct span text;

    if (!whole_file(a, pieces, of, "agreement.toml", &text, err))
        return false;
    *out = terms;
    if (!json_parse_canonical(terms, text, a->arena, &fault) || !terms_check(&head, terms, &fault))
        return apply_void(a, REASON_TERMS, "agreement.toml: %s", fault.text);
    if (!span_equal(head.name, a->record.agreement))
        return apply_void(a, REASON_TERMS, "agreement.toml: is that of another agreement");
    return true;
}

/* Where the pieces of a version are listed: in entry 0, or in the amendment that made it. */
static bool listing_of(struct apply *a, int64_t version, const struct json **pieces,
                       struct span *of, struct err *err)
{
    const struct json *later = json_get(a->agreement, "versions"), *row = a->agreement;

    *of = (struct span){0};
    if (version > 1) {
        *of = json_get_text(&later->array.at[version - 2], "id");
        if (!apply_get(a, "amendment", *of, &row, err))
            return false;
    }
    *pieces = json_get(row, "pieces");
    return true;
}

bool pieces_section(struct apply *a, const char *section, const struct json **out, struct err *err)
{
    struct json *terms = ARENA_NEW(a->arena, struct json);
    const struct json *pieces;
    struct err unfit = {0};
    struct span of, text;
    int64_t version;

    if (!apply_version(a, &version, err) || !listing_of(a, version, &pieces, &of, err) ||
        !whole_file(a, pieces, of, "agreement.toml", &text, err))
        return false;
    bool parsed = json_parse_canonical(terms, text, a->arena, &unfit);
    assert(parsed); /* pieces_terms let no other in */
    *out = json_get(terms, section);
    return true;
}

static bool put_term(struct apply *a, struct span item, int64_t version, const struct json *row,
                     struct err *err)
{
    return apply_put(a, "term", register_term_key(item, version, a->arena), row, err);
}

bool pieces_put_terms(struct apply *a, const struct json *terms, int64_t version, struct err *err)
{
    struct terms_walk walk = {0};
    struct terms_item item;
    bool ok = put_term(a, SPAN_LIT("agreement"), version, json_get(terms, "agreement"), err);

    while (ok && terms_walk_next(&walk, terms, &item))
        ok = put_term(a, apply_join(a, item.section, '/', item.id), version, item.value, err);
    return ok;
}
