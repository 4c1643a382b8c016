#include "register/apply.h"
#include "register/test_log.h"

/*
 * Totality: whatever is logged, in whatever state, gets a verdict, and a void entry changes
 * nothing but what format §9.4 says.
 *
 * An input is up to eight entries, a line each. Its first byte says on which log: `0` one
 * without an entry, `1` one that is adopted and not in force, `3` one with a quorum of
 * witnesses, `4` one in the middle of a case, `5` one where it has been ruled on, else one in
 * force. A line is a letter for the signer, one for the kind, one for what is odd about it (bits,
 * below), and the body; in it the string "$3" stands for the id of the third record logged before,
 * "@3" and "%3" for the vkeys of the third signer, "&3" for one of the texts that the log with
 * witnesses could next be handed over with, and
 * "^3" for the third signer's consent to take the place of the line's own. Any other line is an
 * entry as it is, and so are all bytes behind a line that begins with `!`, newlines among them.
 */

static const char *const signers[] = {
    "north/root",    "south/root", "north/node",   "south/node", "north/desk",
    "south/desk",    "reader",     "phone",        "gone",       "w1",
    "phone/revoker", "stranger",   "mission/desk", "east/desk",  "west/desk",
};

/* "&0" to "&3": their freeze notes. "&4", "&5": the next log key and promise key. "&6": a
 * checkpoint of the term before, cosigned by a quorum. */
static const char *const freezers[] = {"north/node", "south/node", "mediators/node", "stranger"};
static struct span hand_over[7];

/* By their letters: these first, so that the corpus keeps its meaning, then all others in the
 * order of the table of kinds. */
static const char *kinds[200] = {
    "agreement.adopt", "agreement.part",  "agreement.concur", "member.admit",    "member.revoke",
    "clock.tick",      "node.attest",     "incident.open",    "incident.report", "claim",
    "incident.link",   "incident.unlink", "record.withdraw",  "rules.adopt",     "term.open",
    "member.rotate",   "agreement.amend",
};
static size_t kind_count;

enum odd {
    ODD_GAP = 1,
    ODD_OLD_SEQ = 2,
    ODD_PREV = 4,
    ODD_SEEN = 8,
    ODD_AHEAD = 16,
    ODD_VERSION = 32,
};

static struct test_log bases[6];
static struct span ids[64];
static size_t id_count;

static void say(struct test_log *log, const char *by, const char *kind, const char *body)
{
    test_say(log, by, kind, body);
    ids[id_count++] = log->id;
}

static void fill(struct test_log *log)
{
    static const struct {
        const char *by, *kind, *body;
    } lines[] = {
        {"north/root", "member.admit",
         "{'job':'author','key':'@phone','org':'north','revoker':'@phone/revoker','role':'desk',"
         "'scope':['claim']}"},
        {"north/root", "member.admit",
         "{'job':'author','key':'@gone','org':'north','role':'desk'}"},
        {"south/root", "member.revoke", "{'name':'w0','reason':'left'}"},
        {"north/root", "member.revoke", "{'name':'gone','reason':'lost'}"},
        {"north/desk", "incident.open", "{'external_id':'1'}"},
        {"north/desk", "claim",
         "{'channel':'filed','claimant':'C','external_id':'7','matter':'killed','side':'north',"
         "'subject':'south'}"},
        {"south/desk", "incident.report", "{}"},
        {"reader", "claim", "{}"},
        {"north/root", "rules.adopt", "{'number':2}"},
        {"north/root", "agreement.amend",
         "{'from_ms':1760000000000,'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}],"
         "'version':2}"},
    };

    test_begin_with(log, "[{'key':'%w0','org':'south'}]");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        say(log, lines[i].by, lines[i].kind, lines[i].body);
}

static void prepare_hand_over(struct test_log *log)
{
    static const char *const witnesses[] = {"w1", "w2", "w3", NULL};
    const uint64_t seconds[] = {1000, 1000, 1000};
    size_t n = ARRAY_LEN(freezers);

    test_begin_witnessed(log, 3);
    struct json freeze = test_freeze(log, 2);
    for (size_t i = 0; i < n; i++)
        hand_over[i] = test_freeze_note(log, freezers[i], &freeze);
    hand_over[n] = json_get(&freeze, "next_log_key")->string;
    hand_over[n + 1] = json_get(&freeze, "next_promise_key")->string;
    hand_over[n + 2] = test_checkpoint(log, log->size, witnesses, seconds);
}

struct said {
    const char *as, *by, *kind, *body;
};

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define CASE(more) "{'case':'$incident'" more "}"

static const struct said taken_up[] = {
    {NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','grade':'grave','modalities':1,'outcome':'open'")},
    {NULL, "mission/desk", "case.notify", CASE("")},
    {NULL, "mission/desk", "case.task", CASE("")},
    {"report", "north/desk", "incident.report", "{'incident':'$incident'}"},
    {NULL, "mission/desk", "incident.observe", "{'at':" AT ",'means':'saw','verb':'saw'}"},
    {NULL, "mission/desk", "evidence.preserve", CASE(",'to':'south','what':['radar']")},
    {NULL, "mission/desk", "access.request",
     CASE(",'host':'south','purpose':'verify','sector':'east'")},
    {NULL, "mission/desk", "custody.take",
     "{'class':'object','form':'original','item':'bag','taken':" AT "}"},
};
static const struct said ruled_on[] = {
    {NULL, "mission/desk", "evidence.assess",
     "{'class':'testimony','neutral':'no','origin':'north','record':'$report'}"},
    {"finding", "mission/desk", "finding.draft",
     CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','items':["
          "'$report'],'outcome':'established','standard':'told'")},
    {NULL, "mission/desk", "case.circulate", CASE("")},
    {NULL, "north/node", "clock.tick", "{'at_ms':1760010800000}"},
    {NULL, "mission/desk", "finding.issue", "{'finding':'$finding'}"},
    {NULL, "north/desk", "ruling.fail", CASE(",'step':'agree'")},
    {"ruling", "mission/desk", "ruling.propose",
     CASE(",'findings':['$finding'],'rungs':['fine','regret'],'step':'mediators'")},
    {NULL, "east/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruling'}"},
    {NULL, "west/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruling'}"},
    {NULL, "mission/desk", "consequence.order",
     "{'due':" AT ",'finding':'$finding','owner':'south','ruling':'$ruling','rung':'regret'}"},
    {NULL, "south/desk", "appeal.file", CASE(",'ground':'procedure','ruling':'$ruling'")},
};

static void say_all(struct test_log *log, const struct said *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        say(log, lines[i].by, lines[i].kind, lines[i].body);
        assert(log->effects.verdict == VERDICT_HOLDS);
        if (lines[i].as)
            test_name_it(log, lines[i].as);
    }
}

/* A case with something to name for every kind: "$;" is its incident, and what is said here comes
 * behind that, "$<" and so on. */
static void prepare_case(struct test_log *log)
{
    test_begin_case(log);
    ids[id_count++] = log->id;
    say_all(log, taken_up, ARRAY_LEN(taken_up));
}

/* The same case when it has been ruled on: its first records are the other's, byte for byte. */
static void prepare_ruling(struct test_log *log)
{
    size_t known = id_count;

    test_begin_case(log);
    say_all(log, taken_up, ARRAY_LEN(taken_up));
    id_count = known;
    say_all(log, ruled_on, ARRAY_LEN(ruled_on));
}

static bool has_letter(const struct kind *kind)
{
    for (size_t i = 0; i < kind_count; i++)
        if (strcmp(kinds[i], kind->name) == 0)
            return true;
    return false;
}

static void give_letters(void)
{
    const struct kind *kind;

    for (; kinds[kind_count]; kind_count++)
        assert(kind_find(span_of(kinds[kind_count]), 1));
    for (size_t i = 0; (kind = kind_at(i)) != NULL; i++)
        if (!has_letter(kind)) {
            assert(kind_count < ARRAY_LEN(kinds) - 1);
            kinds[kind_count++] = kind->name;
        }
}

/* Once: the logs that inputs start from, with the keys that they may name. */
static void make_bases(void)
{
    if (id_count)
        return;
    give_letters();
    for (size_t i = 0; i < 3; i++)
        test_log_open(&bases[i], NULL);
    say(&bases[1], "north/root", "agreement.adopt", test_adopt);
    fill(&bases[2]);
    prepare_hand_over(&bases[3]);
    assert(id_count == ';' - '0');
    prepare_case(&bases[4]);
    prepare_ruling(&bases[5]);
    assert(id_count <= ARRAY_LEN(ids));
    for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
        bases[i].trusted = true;
        for (size_t k = 0; k < ARRAY_LEN(signers); k++)
            (void)test_key(&bases[i], signers[k]);
    }
}

static struct json replaced(struct test_log *log, const char *by, const struct json *value)
{
    struct json out = *value;

    if (value->type == JSON_ARRAY) {
        out = json_array();
        for (size_t i = 0; i < value->array.count; i++)
            json_push(&out, replaced(log, by, &value->array.at[i]), &log->arena);
    } else if (value->type == JSON_OBJECT) {
        out = json_object();
        for (size_t i = 0; i < value->object.count; i++)
            json_set(&out, arena_text(&log->arena, value->object.at[i].key),
                     replaced(log, by, &value->object.at[i].value), &log->arena);
    } else if (value->type == JSON_STRING && value->string.len == 2) {
        uint8_t sign = value->string.at[0];
        size_t n = (size_t)(value->string.at[1] - '0');
        if (sign == '$' && n < id_count)
            out = json_string(ids[n]);
        else if (sign == '&' && n < ARRAY_LEN(hand_over))
            out = json_string(hand_over[n]);
        else if ((sign == '@' || sign == '%') && n < ARRAY_LEN(signers))
            out = json_string(test_vkey(log, signers[n], sign == '@' ? 1 : 4));
        else if (sign == '^' && n < ARRAY_LEN(signers))
            out = json_string(test_consent(log, span_of(by), signers[n]));
    }
    return out;
}

static void make_odd(struct test_log *log, struct record_draft *draft, unsigned odd)
{
    if (odd & ODD_GAP)
        draft->seq += 2;
    if (odd & ODD_OLD_SEQ)
        draft->seq = draft->seq > 1 ? draft->seq - 1 : 1;
    if (odd & ODD_PREV)
        draft->prev = ids[0];
    if (odd & ODD_SEEN)
        draft->seen_size = log->size;
    if (odd & ODD_AHEAD)
        draft->seen_size = log->size + 1;
    if (odd & ODD_VERSION)
        draft->version = 2;
}

/* Empty: the line is no such record. */
static struct span entry_of(struct test_log *log, struct span line)
{
    size_t signer = line.len > 3 ? (size_t)(line.at[0] - 'a') : SIZE_MAX;
    size_t kind = line.len > 3 ? (size_t)(line.at[1] - 'a') : SIZE_MAX;
    struct json body;
    struct err err = {0};
    struct span text;

    if (signer >= ARRAY_LEN(signers) || kind >= kind_count ||
        !json_parse(&body, span_from(line, 3), &log->arena, &err))
        return (struct span){0};
    struct record_draft draft = test_draft(log, signers[signer], kinds[kind], "{}");
    draft.body = replaced(log, signers[signer], &body);
    make_odd(log, &draft, line.at[2]);
    if (!record_text(&text, &draft, &log->arena, &err))
        return (struct span){0};
    if (log->size == 0) /* entry 0 brings its key with it, and is always verified */
        return test_sign(log, &draft);

    static const uint8_t signature[SIGN_SIGNATURE_BYTES];
    struct buf note = buf_in(&log->arena, LIMIT_ENTRY_BYTES);
    buf_put(&note, text);
    buf_byte(&note, '\n');
    note_put_line(&note, draft.by, 0, span_make(signature, sizeof signature));
    test_key(log, signers[signer])->seq = draft.seq;
    return buf_span(&note);
}

static bool one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static void check_effects(struct test_log *log, uint64_t index)
{
    static const char *const of_void[] = {"chain", "record", "verdict", NULL};
    const struct effects *effects = &log->effects;
    char key[REGISTER_INDEX_TEXT];
    bool verdict = false;
    struct json parsed;
    struct err err = {0};

    register_index_key(key, index);
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *now = &effects->at[i], *before = now - 1;

        verdict |= strcmp(now->table, "verdict") == 0 && span_is(now->key, key);
        assert(effects->verdict != VERDICT_VOID || (one_of(now->table, of_void) && now->row));
        if (i == 0)
            continue;
        int order = strcmp(before->table, now->table);
        assert(order < 0 || (order == 0 && span_compare(before->key, now->key) < 0));
    }
    assert(verdict);
    assert(effects->verdict != VERDICT_VOID || effects->count <= 5);
    assert((effects->verdict == VERDICT_VOID) == (effects->why.len > 0));
    assert(effects->clause.len > 0);
    bool canonical = json_parse_canonical(&parsed, log->effects_bytes, &log->work, &err);
    assert(canonical);
}

/* A second time, from another arena, it comes out the same. */
static void check_again(struct test_log *log, struct span bytes, uint64_t index,
                        struct span effects_bytes, struct register_lookup lookup)
{
    const struct register_entry entry = {
        .index = index, .bytes = bytes, .author_verified = log->trusted};
    struct arena arena = {0};
    struct effects effects;
    struct err err = {0};

    memset(arena_alloc(&arena, 4099), 0xa5, 4099);
    bool applied = register_apply(&effects, &lookup, &entry, &arena, &err);
    assert(applied);
    assert(span_equal(register_effects_bytes(&effects, &arena), effects_bytes));
    arena_free(&arena);
}

static bool apply_line(struct test_log *log, struct span line)
{
    struct span made = entry_of(log, line);
    struct span bytes = made.len ? made : line;
    uint64_t index = log->size;
    struct register_lookup lookup = test_lookup(log);
    const struct register_entry entry = {
        .index = index, .bytes = bytes, .author_verified = log->trusted};
    struct effects first;
    struct arena arena = {0};
    struct err err = {0};

    bool ok = register_apply(&first, &lookup, &entry, &arena, &err);
    if (ok && first.lacks_rules) { /* §10.6: rules 1 is left for good */
        assert(first.count == 0 && !register_knows(first.lacks_rules));
        ok = false;
    } else if (ok) {
        check_again(log, bytes, index, register_effects_bytes(&first, &arena), lookup);
        ok = test_append(log, bytes, &err);
        assert(ok);
        check_effects(log, index);
    } else {
        assert(err.kind == ERR_REFUSED); /* §10.6: other rules; no look-up here can fail */
    }
    arena_free(&arena);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span rest = span_make(data, size), line;
    struct test_log log;

    make_bases();
    if (size == 0)
        return 0;
    test_log_fork(&log, &bases[strchr("01345", data[0]) && data[0] ? data[0] - '0' : 2]);
    rest = span_from(rest, 1);
    for (size_t n = 0; n < 8 && rest.len > 0; n++) {
        if (rest.at[0] == '!' || !span_cut(&rest, '\n', &line)) {
            line = span_from(rest, rest.at[0] == '!');
            rest = (struct span){0};
        }
        if (!apply_line(&log, line))
            break;
    }
    test_log_close(&log);
    return 0;
}
