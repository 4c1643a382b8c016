#include "scenario/running.h"

#include "ledger/note.h"
#include "ledger/statement.h"
#include "node/identity.h"
#include "node/keyring.h"
#include "node/node.h"
#include "register/register.h"
#include "store/store.h"

/* Records signed, handed in at the door, and what became of them. */

/* --- what became of it --- */

static bool verdict_of(struct run *run, uint64_t index, struct json *out, struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    bool there;

    register_index_key(key, index);
    if (!journal_publish(node_journal(run->node), err) || /* which commits what was applied */
        !store_reader_refresh(node_reader(run->node), err) ||
        !run_row(run, "verdict", span_of(key), out, &there, err))
        return false;
    return there || err_set(err, ERR_MISSING, "the store has no verdict of entry %" PRIu64, index);
}

static bool contains(struct span text, struct span part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (span_starts_with(span_from(text, i), part))
            return true;
    return false;
}

static bool fits(struct span wanted, struct span got)
{
    return wanted.len == 0 || span_equal(wanted, got);
}

static const char *wanted_text(const struct outcome_wanted *w, struct arena *arena)
{
    static const char *const words[] = {"hold", "be marked", "be refused", "be turned away"};
    struct buf out = buf_in(arena, 400);

    buf_text(&out, words[w->outcome]);
    if (w->reason.len)
        buf_printf(&out, " %.*s", SPAN_ARG(w->reason));
    if (w->clause.len)
        buf_printf(&out, ", clause %.*s", SPAN_ARG(w->clause));
    if (w->because.len)
        buf_printf(&out, ", because \"%.*s\"", SPAN_ARG(w->because));
    return arena_text(arena, buf_span(&out));
}

static const char *got_text(const struct json *verdict, const char *why, struct arena *arena)
{
    struct buf out = buf_in(arena, 900);
    const struct json *marks = json_get(verdict, "marks");
    struct span word = json_get_text(verdict, "verdict");

    if (!span_is(word, "void"))
        buf_printf(&out, "it %s", span_is(word, "holds") ? "holds" : "is marked");
    else
        buf_printf(&out, "it is refused %.*s, clause %.*s%s%s",
                   SPAN_ARG(json_get_text(verdict, "reason")),
                   SPAN_ARG(json_get_text(verdict, "clause")), why[0] ? ": " : "", why);
    for (size_t i = 0; marks && i < marks->array.count; i++)
        buf_printf(&out, " %.*s", SPAN_ARG(marks->array.at[i].string));
    return arena_text(arena, buf_span(&out));
}

static bool came_out(const struct outcome_wanted *w, const struct json *verdict, const char *why)
{
    struct span word = json_get_text(verdict, "verdict");

    switch (w->outcome) {
    case OUTCOME_HOLDS:
        return span_is(word, "holds");
    case OUTCOME_MARKED:
        return span_is(word, "marked") &&
               (w->reason.len == 0 || json_lists(json_get(verdict, "marks"), w->reason));
    case OUTCOME_VOID:
        return span_is(word, "void") && fits(w->reason, json_get_text(verdict, "reason")) &&
               fits(w->clause, json_get_text(verdict, "clause")) &&
               contains(span_of(why), w->because);
    case OUTCOME_AWAY:
        return false;
    }
    return false;
}

static const struct block *place_of_outcome(const struct step *step, struct block *space)
{
    *space = (struct block){.line = step->wanted.line ? step->wanted.line : step->at->line};
    return space;
}

static const char *what_is_it(const struct step *step, struct arena *arena)
{
    return arena_printf(arena, "%s%s%.*s", step->kind->name, step->as.len ? " " : "",
                        SPAN_ARG(step->as));
}

static void tell_outcome(struct run *run, const struct step *step, bool ok, const char *got)
{
    struct block space;
    const char *what = what_is_it(step, &run->working);

    if (ok)
        run_tell(run, place_of_outcome(step, &space), true, "%s: %s", what, got);
    else
        run_tell(run, place_of_outcome(step, &space), false, "%s should %s: %s", what,
                 wanted_text(&step->wanted, &run->working), got);
}

static void know_index(struct run *run, const struct step *step, uint64_t index)
{
    struct name *name = step->as.len ? names_find(&run->names, NAME_RECORD, step->as) : NULL;

    if (name)
        name->index = index;
}

static bool judge(struct run *run, const struct step *step, const struct answer *answer,
                  struct err *err)
{
    const struct outcome_wanted *w = &step->wanted;
    struct json verdict;

    run->result->records++;
    if (answer->kind == ANSWER_REFUSED) {
        const char *reason = answer->reason ? answer->reason : "";

        tell_outcome(run, step, w->outcome == OUTCOME_AWAY && contains(span_of(reason), w->because),
                     arena_printf(&run->working, "it is turned away: %s", reason));
        return true;
    }
    if (!verdict_of(run, answer->index, &verdict, err))
        return false;
    know_index(run, step, answer->index);
    const char *why = run_why(run, answer->index);
    tell_outcome(run, step, came_out(w, &verdict, why), got_text(&verdict, why, &run->working));
    return true;
}

/* --- signing --- */

static bool open_author(struct run *run, struct person *person, struct err *err)
{
    return person->author || author_open(&person->author, run->node, person->signer.name, err);
}

/* Whoever is in reach continues where the log has the key, each time anew. */
static void let_go(struct person *person)
{
    if (person->copied || person->offline)
        return;
    author_close(person->author);
    person->author = NULL;
}

/* Another signature in the place of the one that holds: of its last character but the end mark. */
static struct span forge(struct span note, struct arena *arena)
{
    struct span copy = arena_copy(arena, note);
    uint8_t *at = (uint8_t *)(uintptr_t)copy.at;
    size_t place = copy.len - 12; /* in the middle of the base64 of the signature */

    assert(copy.len > 100);
    at[place] = at[place] == 'A' ? 'B' : 'A';
    return copy;
}

static void remember(struct run *run, const struct step *step, const char *id, struct span note)
{
    struct name name = {.name = step->as,
                        .of = NAME_RECORD,
                        .line = step->at->line,
                        .kind = span_of(step->kind->name),
                        .id = id,
                        .note = note};

    if (step->as.len)
        names_add(&run->names, name, run->arena);
}

/* What is refused before it is signed, by the form that everybody signs with. */
static bool not_signed(struct run *run, const struct step *step, const struct err *why)
{
    bool wanted = step->wanted.outcome == OUTCOME_VOID && span_is(step->wanted.reason, "shape");

    run->result->records++;
    tell_outcome(run, step, wanted,
                 arena_printf(&run->working, "it cannot be signed: %s", why->text));
    remember(run, step, NULL, (struct span){0});
    return true;
}

static void wait(struct run *run, struct person *person, const struct step *step,
                 const struct submission *submission, const char *id)
{
    if (person->waiting_count == person->waiting_room) {
        struct waiting *old = person->waiting;

        person->waiting_room = person->waiting_room ? 2 * person->waiting_room : 8;
        person->waiting = ARENA_ARRAY(run->arena, struct waiting, person->waiting_room);
        if (person->waiting_count)
            memcpy(person->waiting, old, person->waiting_count * sizeof *old);
    }
    person->waiting[person->waiting_count++] =
        (struct waiting){.step = step, .submission = *submission, .id = id};
}

/* Whoever gets a key's place consents by a statement of the new key (doc/format.md §6.6). */
static void add_consent(struct run *run, const struct person *person, const struct step *step,
                        struct json *flat)
{
    struct span vkey = json_get_text(flat, "key");
    struct json members = json_object();

    if (strcmp(step->kind->name, "member.rotate") != 0 || json_get(flat, "consent"))
        return;
    json_set(&members, "from", json_text(person->signer.name), run->arena);
    json_set_string(&members, "key", vkey, run->arena);
    for (size_t i = 0; i < run->people; i++) {
        const struct note_key key = note_signer_key(&run->person[i].signer);

        if (span_is(vkey, note_key_text(&key, &run->working)))
            json_set_string(flat, "consent",
                            statement_sign(span_of(node_settings(run->node)->agreement), "rotate",
                                           &members, &run->person[i].signer, run->arena),
                            run->arena);
    }
}

/* With what goes with it: what is attached, and what it hands on. */
static bool sign_parts(struct run *run, struct person *person, const struct step *step,
                       const struct json *flat, struct submission *out, char id[65],
                       struct err *err)
{
    struct author_medium medium[SCENARIO_ATTACHED];
    struct part passed;
    struct author_ask ask = {.kind = step->kind->name,
                             .flat = flat,
                             .least = step->tier,
                             .media = medium,
                             .media_count = step->attachments};

    for (size_t i = 0; i < step->attachments; i++)
        medium[i] = (struct author_medium){.type = SPAN_LIT("text/plain"),
                                           .bytes = step->attached[i].text,
                                           .tier = step->attached[i].tier};
    if (step->passed.len) {
        if (!run_hand_on(run, person, step, flat, &passed, &ask.passed_stored, err))
            return false;
        ask.passed = &passed;
    }
    return author_sign_parts(person->author, &ask, out, id, run->arena, err);
}

static bool sign_and_submit(struct run *run, struct person *person, const struct step *step,
                            const struct json *flat, struct err *err)
{
    struct submission submission;
    struct answer answer = {0};
    struct err unfit = {0};
    char *id = arena_alloc(run->arena, 65);

    if (!open_author(run, person, err))
        return false;
    if (!sign_parts(run, person, step, flat, &submission, id, &unfit)) {
        let_go(person);
        return not_signed(run, step, &unfit);
    }
    if (step->forged)
        submission.note = forge(submission.note, run->arena);
    remember(run, step, id, submission.note);
    if (person->offline) {
        wait(run, person, step, &submission, id);
        return true;
    }
    bool ok = node_submit(run->node, &submission, 1, &answer, run->arena, err);
    let_go(person);
    return ok && judge(run, step, &answer, err);
}

/* One record, by each who signs it. */
static bool sign_once(struct run *run, const struct step *step, uint64_t number, struct err *err)
{
    const struct value_reader reader = {
        .names = &run->names, .now = &run->now, .arena = &run->working, .number = number};
    struct json flat;
    struct err unfit = {0};

    if (!value_fields(&flat, &reader, step->kind, step->fields, &unfit)) {
        run_tell(run, step->at, false, "%s", unfit.text);
        remember(run, step, NULL, (struct span){0});
        return true;
    }
    for (size_t i = 0; i < step->signers; i++) {
        struct person *person = run_person(run, step->signer[i]);

        if (!person) {
            run_tell(run, step->at, false, "%.*s cannot sign", SPAN_ARG(step->signer[i]));
            continue;
        }
        add_consent(run, person, step, &flat);
        if (!sign_and_submit(run, person, step, &flat, err))
            return false;
    }
    return true;
}

/* The step of one of several: with a name of its own. */
static const struct step *nth(struct run *run, const struct step *step, uint64_t number)
{
    struct step *one = ARENA_NEW(run->arena, struct step);

    *one = *step;
    if (step->as.len)
        one->as = span_of(arena_printf(run->arena, "%.*s.%" PRIu64, SPAN_ARG(step->as), number));
    return one;
}

bool run_record(struct run *run, const struct step *step, struct err *err)
{
    if (step->times == 0)
        return sign_once(run, step, 0, err);
    for (uint64_t i = 1; i <= step->times; i++)
        if (!sign_once(run, nth(run, step, i), i, err))
            return false;
    return true;
}

/* --- out of reach --- */

bool run_offline(struct run *run, const struct step *step, struct err *err)
{
    for (size_t i = 0; i < step->signers; i++) {
        struct person *person = run_person(run, step->signer[i]);

        if (!person)
            continue;
        person->offline = true; /* with what it has seen until now */
        if (!open_author(run, person, err))
            return false;
    }
    return true;
}

static bool hand_in(struct run *run, struct person *person, struct err *err)
{
    for (size_t i = 0; i < person->waiting_count; i++) {
        const struct waiting *one = &person->waiting[i];
        struct answer answer = {0};

        if (!node_submit(run->node, &one->submission, 1, &answer, run->arena, err) ||
            !judge(run, one->step, &answer, err))
            return false;
    }
    person->waiting_count = 0;
    return true;
}

bool run_online(struct run *run, const struct step *step, struct err *err)
{
    for (size_t i = 0; i < step->signers; i++) {
        struct person *person = run_person(run, step->signer[i]);

        if (!person)
            continue;
        person->offline = false;
        let_go(person);
        if (!hand_in(run, person, err))
            return false;
    }
    return true;
}

/* --- who takes part --- */

bool run_say(struct run *run, const struct step *step, const char *key_name, const char *kind,
             const struct json *flat, char id[65], struct err *err)
{
    struct author *author = NULL;
    struct submission submission;
    struct answer answer = {0};
    struct json verdict;
    bool ok = author_open(&author, run->node, key_name, err) &&
              author_sign(author, kind, flat, &submission, id, run->arena, err) &&
              node_submit(run->node, &submission, 1, &answer, run->arena, err);

    author_close(author);
    if (!ok)
        return false;
    if (answer.kind == ANSWER_REFUSED) {
        run_tell(run, step->at, false, "%s by %s is turned away: %s", kind, key_name,
                 answer.reason ? answer.reason : "");
        return true;
    }
    if (!verdict_of(run, answer.index, &verdict, err))
        return false;
    if (span_is(json_get_text(&verdict, "verdict"), "void"))
        run_tell(run, step->at, false, "%s by %s: %s", kind, key_name,
                 got_text(&verdict, run_why(run, answer.index), &run->working));
    return true;
}

/* The ids of a section of the agreement, for whoever looked for another. */
static const char *ids_of(struct run *run, const char *section)
{
    const struct json *list = json_get(&run->founding->terms, section);
    struct buf out = buf_in(&run->working, 600);

    for (size_t i = 0; list && i < list->array.count; i++)
        buf_printf(&out, "%s%.*s", i ? ", " : "",
                   SPAN_ARG(json_get_text(&list->array.at[i], "id")));
    return arena_text(&run->working, buf_span(&out));
}

static const struct json *item_of(const struct run *run, const char *section, struct span id)
{
    const struct json *list = json_get(&run->founding->terms, section);

    for (size_t i = 0; list && i < list->array.count; i++)
        if (span_equal(json_get_text(&list->array.at[i], "id"), id))
            return &list->array.at[i];
    return NULL;
}

/* Its own root, or for who has none the first. */
static const char *admitter(const struct run *run, const struct json *of, struct arena *arena)
{
    const struct json *list = json_get(&run->founding->terms, "organisation");

    if (json_get_integer(of, "root", 0) == 1)
        return arena_printf(arena, "%.*s/root", SPAN_ARG(json_get_text(of, "id")));
    for (size_t i = 0; i < list->array.count; i++)
        if (json_get_integer(&list->array.at[i], "root", 0) == 1)
            return arena_printf(arena, "%.*s/root",
                                SPAN_ARG(json_get_text(&list->array.at[i], "id")));
    return "";
}

/* What is not public is sealed to who is admitted, and read with what they keep. */
static struct span new_recipient(struct person *person, struct arena *arena)
{
    identity_make(&person->identity);
    person->reads = true;
    const struct age_recipient recipient = age_identity_recipient(&person->identity);
    return age_recipient_text(&recipient, arena);
}

static bool admit(struct run *run, const struct step *step, struct person *person,
                  const struct json *of, struct err *err)
{
    const struct note_key key = note_signer_key(&person->signer);
    const char *vkey = note_key_text(&key, &run->working);
    struct json body = json_object();
    char id[65];

    json_set_string(&body, "age", new_recipient(person, &run->working), &run->working);
    json_set(&body, "job", json_text("author"), &run->working);
    json_set(&body, "key", json_text(vkey), &run->working);
    json_set_string(&body, "org", step->organisation, &run->working);
    json_set_string(&body, "role", step->role, &run->working);
    return run_say(run, step, admitter(run, of, &run->working), "member.admit", &body, id, err);
}

static struct person *add_person(struct run *run, const struct step *step, struct err *err)
{
    if (run->people == RUN_PEOPLE) {
        err_set(err, ERR_LIMIT, "more than %u people", RUN_PEOPLE);
        return NULL;
    }
    struct person *person = &run->person[run->people++];
    *person = (struct person){.name = step->name};
    return person;
}

static void know(struct run *run, const struct step *step, const struct person *person)
{
    const struct note_key key = note_signer_key(&person->signer);
    const struct name name = {.name = step->name,
                              .of = NAME_PERSON,
                              .line = step->at->line,
                              .key_name = person->signer.name,
                              .vkey = note_key_text(&key, run->arena)};

    names_add(&run->names, name, run->arena);
}

/* Whoever has a copy of a key goes on from where it was copied, and so does its owner. */
static bool cast_copy(struct run *run, const struct step *step, struct err *err)
{
    const struct person *owner = run_person(run, step->copy_of);

    if (!owner) {
        run_tell(run, step->at, false, "%.*s has no key", SPAN_ARG(step->copy_of));
        return true;
    }
    struct person *person = add_person(run, step, err);
    if (!person)
        return false;
    person->signer = owner->signer;
    person->copied = true;
    know(run, step, person);
    return open_author(run, person, err);
}

static bool key_of_root(struct run *run, struct person *person, struct span org)
{
    const char *name = arena_printf(&run->working, "%.*s/root", SPAN_ARG(org));

    for (size_t i = 0; i < run->founding->signers; i++)
        if (strcmp(run->founding->signer[i].name, name) == 0) {
            person->signer = run->founding->signer[i];
            return true;
        }
    return false;
}

/* A name that a key cannot have, in another script perhaps, stands for one that it can. */
static const char *key_name(struct run *run, const struct step *step)
{
    const char *wanted =
        arena_printf(run->arena, "%.*s/%.*s", SPAN_ARG(step->organisation), SPAN_ARG(step->name));

    return note_name_valid(span_of(wanted))
               ? wanted
               : arena_printf(run->arena, "%.*s/line-%" PRIu64, SPAN_ARG(step->organisation),
                              step->at->line);
}

bool run_cast(struct run *run, const struct step *step, struct err *err)
{
    const struct json *of = item_of(run, "organisation", step->organisation);

    if (step->copy_of.len)
        return cast_copy(run, step, err);
    if (!of) {
        run_tell(run, step->at, false, "the agreement has no organisation \"%.*s\"; it has: %s",
                 SPAN_ARG(step->organisation), ids_of(run, "organisation"));
        return true;
    }
    if (!span_is(step->role, "root") && !item_of(run, "role", step->role))
        run_tell(run, step->at, false, "the agreement has no role \"%.*s\"; it has: %s",
                 SPAN_ARG(step->role), ids_of(run, "role"));
    struct person *person = add_person(run, step, err);
    if (!person)
        return false;
    if (span_is(step->role, "root")) {
        if (key_of_root(run, person, step->organisation)) {
            know(run, step, person);
            return true;
        }
        run->people--;
        run_tell(run, step->at, false, "%.*s is no root of the agreement",
                 SPAN_ARG(step->organisation));
        return true;
    }
    keyring_make(&person->signer, key_name(run, step));
    know(run, step, person);
    return step->not_admitted || admit(run, step, person, of, err);
}
