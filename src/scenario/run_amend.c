#include "scenario/running.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "crypto/hash.h"

/* Amendments: the terms as they are, with what the scenario changes, as agreement.amend and its
 * pieces; and the roots' consents (doc/format.md §7.6). */

#define TERMS_FILE "agreement.toml"

struct piece {
    const char *file;
    int64_t n;
    struct span content;
};

/* --- what changes --- */

/* The value as the member has it now: a number where that is one, or where its name says so. */
static struct json value_for(struct run *run, const struct json *now, struct span member,
                             struct span text)
{
    bool quoted;
    uint64_t number;
    int64_t ms;
    struct span plain = words_unquote(text, &quoted);
    bool numeric = now ? now->type == JSON_INTEGER : span_ends_with(member, SPAN_LIT("_ms"));

    if (numeric && decimal_parse(&number, plain, LIMIT_INTEGER))
        return json_integer((int64_t)number);
    if (numeric && moment_duration(&ms, plain))
        return json_integer(ms);
    if (!now || now->type != JSON_ARRAY)
        return json_string(plain);
    struct json list = json_array();
    for (struct span one; text.len;) {
        if (!words_cut(&text, ",", &one)) {
            one = text;
            text = (struct span){0};
        }
        json_push(&list, json_string(words_unquote(one, &quoted)), run->arena);
    }
    return list;
}

/* A copy of the object in which that member, "text.en" perhaps, has the value. */
static struct json with_member(struct run *run, const struct json *object, struct span path,
                               struct span text)
{
    struct json copy = json_object();
    struct span first = path, rest = path;
    bool deeper = span_cut(&rest, '.', &first);
    const char *member = arena_text(run->arena, first);
    const struct json *now = json_get(object, member);

    for (size_t i = 0; object && object->type == JSON_OBJECT && i < object->object.count; i++)
        json_set(&copy, arena_text(run->arena, object->object.at[i].key),
                 object->object.at[i].value, run->arena);
    json_set(&copy, member,
             deeper ? with_member(run, now, rest, text) : value_for(run, now, first, text),
             run->arena);
    return copy;
}

static bool change_item(struct run *run, struct json *section, struct span id, struct span member,
                        struct span value)
{
    struct json list = json_array();
    bool found = false;

    for (size_t i = 0; i < section->array.count; i++) {
        const struct json *item = &section->array.at[i];
        bool it = span_equal(json_get_string(item, "id", (struct span){0}), id);

        json_push(&list, it ? with_member(run, item, member, value) : *item, run->arena);
        found = found || it;
    }
    *section = list;
    return found;
}

static void add_item(struct run *run, struct json *section, struct span id)
{
    struct json list = json_array(), item = json_object();

    for (size_t i = 0; i < section->array.count; i++)
        json_push(&list, section->array.at[i], run->arena);
    json_set_string(&item, "id", id, run->arena);
    json_push(&list, item, run->arena);
    *section = list;
}

/* "clock reply: duration_ms = 48 hours", "new clause P-patients: text.en = …" */
static bool change(struct run *run, struct json *terms, const struct block *at, struct err *err)
{
    struct span rest = at->text, head, member;

    if (!words_cut(&rest, ":", &head) || !words_cut(&rest, "=", &member) || rest.len == 0)
        return block_fault(at, err, "a change is written \"clock reply: duration_ms = 48 hours\"");
    bool fresh = words_take(&head, "new");
    const char *name = arena_text(run->arena, words_next(&head));
    const struct json *section = json_get(terms, name);
    if (!section)
        return block_fault(at, err, "the agreement has no section \"%s\"", name);
    struct json changed = *section;
    if (fresh && section->type == JSON_ARRAY)
        add_item(run, &changed, head);
    if (section->type == JSON_OBJECT)
        changed = with_member(run, section, member, rest);
    else if (!change_item(run, &changed, head, member, rest))
        return block_fault(at, err, "the agreement has no %s \"%.*s\"", name, SPAN_ARG(head));
    json_set(terms, name, changed, run->arena);
    return true;
}

static bool change_all(struct run *run, const struct step *step, struct json *out, struct err *err)
{
    *out = json_object();
    for (size_t i = 0; i < run->terms.object.count; i++)
        json_set(out, arena_text(run->arena, run->terms.object.at[i].key),
                 run->terms.object.at[i].value, run->arena);
    for (size_t i = 0; i < step->at->children; i++)
        if (!change(run, out, &step->at->child[i], err))
            return false;
    return true;
}

/* --- what is signed --- */

/* Where the next piece may be cut; the file's other pieces are as they were. */
static size_t cut_pieces(struct run *run, const struct json *terms, struct piece *out)
{
    const struct scenario_founding *f = run->founding;
    struct span text = json_bytes(terms, run->arena);
    size_t count = 0;
    int64_t n = 1;

    while (text.len) {
        struct span content = utf8_prefix(text, LIMIT_AGREEMENT_PART_BYTES);

        out[count++] = (struct piece){TERMS_FILE, n++, content};
        text = span_from(text, content.len);
    }
    for (size_t i = 0; i < f->pieces; i++)
        if (strcmp(f->piece[i].file, TERMS_FILE) != 0)
            out[count++] = (struct piece){f->piece[i].file, f->piece[i].n, f->piece[i].content};
    return count;
}

static struct json list_pieces(struct run *run, const struct piece *piece, size_t count)
{
    struct json list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct hash hash = hash_of(piece[i].content);
        struct json item = json_object();
        char hex[2 * HASH_BYTES + 1];

        hex_text(hex, hash_span(&hash));
        json_set(&item, "file", json_text(piece[i].file), run->arena);
        json_set_integer(&item, "n", piece[i].n, run->arena);
        json_set_string(&item, "sha256", arena_copy(run->arena, span_of(hex)), run->arena);
        json_push(&list, item, run->arena);
    }
    return list;
}

static bool say_pieces(struct run *run, const struct step *step, const char *by, const char *id,
                       const struct piece *piece, size_t count, struct err *err)
{
    char unused[65];

    for (size_t i = 0; i < count; i++) {
        struct json body = json_object();

        json_set(&body, "amendment", json_text(id), run->arena);
        json_set_string(&body, "content", piece[i].content, run->arena);
        json_set(&body, "file", json_text(piece[i].file), run->arena);
        json_set_integer(&body, "n", piece[i].n, run->arena);
        if (!run_say(run, step, by, "agreement.part", &body, unused, err))
            return false;
    }
    return true;
}

static bool is_root(const struct note_signer *signer)
{
    return span_ends_with(span_of(signer->name), SPAN_LIT("/root"));
}

static const char *first_root(const struct run *run)
{
    for (size_t i = 0; i < run->founding->signers; i++)
        if (is_root(&run->founding->signer[i]))
            return run->founding->signer[i].name;
    return "";
}

static bool say_consents(struct run *run, const struct step *step, const char *by, const char *id,
                         struct err *err)
{
    struct json body = json_object();
    char unused[65];

    json_set(&body, "agreement", json_text(id), run->arena);
    for (size_t i = 0; i < run->founding->signers; i++) {
        const struct note_signer *root = &run->founding->signer[i];

        if (is_root(root) && strcmp(root->name, by) != 0 &&
            !run_say(run, step, root->name, "agreement.concur", &body, unused, err))
            return false;
    }
    return true;
}

static void name_it(struct run *run, const struct step *step, const char *id)
{
    const struct name name = {.name = step->as,
                              .of = NAME_RECORD,
                              .line = step->at->line,
                              .kind = SPAN_LIT("agreement.amend"),
                              .id = id};

    if (step->as.len)
        names_add(&run->names, name, run->arena);
}

bool run_amend(struct run *run, const struct step *step, struct err *err)
{
    const struct person *proposer = step->signers ? run_person(run, step->signer[0]) : NULL;
    const char *by = proposer ? proposer->signer.name : first_root(run);
    char *id = arena_alloc(run->arena, 65);
    struct piece *piece = ARENA_ARRAY(run->arena, struct piece, 600);
    struct json terms, body = json_object();
    struct err wrong = {0};

    if (!change_all(run, step, &terms, &wrong)) {
        run_tell(run, step->at, false, "%s", wrong.text);
        return true;
    }
    size_t count = cut_pieces(run, &terms, piece);
    json_set_integer(&body, "from_ms", step->ms, run->arena);
    json_set(&body, "pieces", list_pieces(run, piece, count), run->arena);
    json_set_integer(&body, "version", run->version + 1, run->arena);
    if (!run_say(run, step, by, "agreement.amend", &body, id, err) ||
        !say_pieces(run, step, by, id, piece, count, err))
        return false;
    name_it(run, step, id);
    if (proposer)
        return true;
    run->terms = terms;
    run->version++;
    return say_consents(run, step, by, id, err);
}
