#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

#include <stdlib.h>

/*
 * Two records commute if neither's look-ups meet the other's effects: so whoever follows several
 * cases, or several hands in one, need not ask who was first. Pairs of records in one case, made
 * from a seed out of the tables of kinds, are swapped wherever that holds, and the rows that
 * they leave must be the same, but for the two entries' own indexes. SEED=n runs one more.
 */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LANE "'class':'cargo','crossing':'bridge','direction':'southward'"
#define CASE(more) "{'case':'$incident'" more "}"
#define ASSESS(record, class, neutral, origin)                                                     \
    "{'class':'" class "','neutral':'" neutral "','origin':'" origin "','record':'$" record "'}"
#define OWN                                                                                        \
    CASE(",'against':'south','allegation':'shelling','alternatives':'considered','contradictions'" \
         ":'none','grade':'minor','items':['$report','$seen','$track'],'mode':'own','outcome':"    \
         "'established','standard':'clear'")
#define ANSWER(ruling, word) "{'answer':'" word "','ruling':'$" ruling "'}"
#define PROPOSE(step) CASE(",'findings':['$finding'],'rungs':['fine','regret'],'step':'" step "'")
#define OTHER "{'case':'$other','modalities':1,'outcome':'open'}"

#define PART "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SEALED(more)                                                                               \
    "{'commitment':'" PART "'," more "'recipients':['east/seal','west/seal'],'stored':'" PART      \
    "','tier':'sealed'}"
#define OPENED(step)                                                                               \
    "{'part':'" PART "','parts':[" SEALED("'media':'application/json',") "],'step':'" step "'}"
#define READER(org)                                                                                \
    "{'age':'" TEST_AGE "','job':'author','key':'@" org "/seal','org':'" org "','role':'desk'}"

/* A case from beginning to end: the states that pairs are taken from are those on its way. */
static const struct line way[] = {
    {"", "report", "north/desk", "incident.report", "{'incident':'$incident'}", "holds"},
    {"", "answer", "south/desk", "incident.report", "{}", "holds"},
    {"", "other", "mission/desk", "incident.open", "{}", "holds"},
    {"", NULL, "mission/desk", "case.triage", OTHER, "holds"},
    {"", NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','grade':'minor','modalities':1,'outcome':'open'"),
     "holds"},
    {"", NULL, "west/desk", "case.mark", CASE(",'side':'unsafe'"), "holds"},
    {"", "question", "west/desk", "incident.ask", "{'record':'$report','to':'north'}", "holds"},
    {"", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
    {"", NULL, "north/desk", "incident.explain", "{'answer':'given','clarification':'$question'}",
     "holds"},
    {"", "task", "mission/desk", "case.task", CASE(""), "holds"},
    {"", "request", "mission/desk", "evidence.preserve", CASE(",'to':'south','what':['radar']"),
     "holds"},
    {"", "access", "mission/desk", "access.request",
     CASE(",'host':'south','purpose':'verify','sector':'east'"), "holds"},
    {"", "seen", "mission/desk", "incident.observe",
     "{'at':" AT ",'incident':'$incident','means':'saw','task':'$task','verb':'saw'}", "holds"},
    {"", NULL, "south/desk", "access.answer", "{'answer':'granted','request':'$access'}", "holds"},
    {"", "track", "east/desk", "incident.read", "{'at':" AT ",'means':'radar','sensor':'r1'}",
     "holds"},
    {"", NULL, "south/desk", "evidence.answer", "{'answer':'later','request':'$request'}", "holds"},
    {"", NULL, "mission/desk", "access.visit",
     "{'arrived':" AT ",'request':'$access','seen':'in_part'}", "holds"},
    {"", NULL, "west/desk", "case.unmark", CASE(",'side':'unsafe'"), "holds"},
    {"", NULL, "mission/desk", "case.verify", "{'result':'in_part','task':'$task'}", "holds"},
    {"", "item", "mission/desk", "custody.take",
     CASE(",'class':'object','form':'original','item':'bag-1','taken':" AT), "holds"},
    {"", NULL, "south/desk", "case.reply", CASE(",'answer':'asks_time'"), "holds"},
    {"", NULL, "mission/desk", "custody.hand", "{'item':'$item','to':'east'}", "holds"},
    {"", NULL, "west/desk", "deadline.extend",
     CASE(",'clock':'reply','for_ms':1000,'organisation':'south','subject':'$incident'"), "holds"},
    {"", NULL, "east/desk", "custody.receive", "{'condition':'intact','item':'$item'}", "holds"},
    {"", NULL, "west/desk", "deadline.pause",
     CASE(",'clock':'reply','organisation':'south','subject':'$incident'"), "holds"},
    {"", NULL, "east/desk", "ledger.match",
     "{'left':'$report','result':'same_event','right':'$answer'}", "holds"},
    {"", NULL, "west/desk", "deadline.resume",
     CASE(",'clock':'reply','organisation':'south','subject':'$incident'"), "holds"},
    {"", NULL, "south/desk", "case.reply", CASE(",'answer':'denies'"), "holds"},
    {"", NULL, "mission/desk", "evidence.assess", ASSESS("report", "testimony", "no", "north"),
     "holds"},
    {"", NULL, "mission/desk", "evidence.assess", ASSESS("seen", "observation", "yes", "mission"),
     "holds"},
    {"", NULL, "mission/desk", "evidence.assess", ASSESS("track", "technical", "yes", "radar"),
     "holds"},
    {"", "finding", "mission/desk", "finding.draft", OWN, "holds"},
    {"", "second", "east/desk", "finding.draft", OWN, "holds"},
    {"", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
    {"", NULL, "north/desk", "finding.comment", CASE(""), "holds"},
    {"", NULL, "south/desk", "finding.comment", CASE(",'finding':'$finding'"), "holds"},
    {"", NULL, "mission/desk", "finding.issue", "{'finding':'$finding'}", "holds"},
    {"", NULL, "west/desk", "case.summon", CASE(",'organisation':'north'"), "holds"},
    {"", NULL, "north/desk", "ruling.fail", CASE(",'step':'settle'"), "holds"},
    {"", NULL, "east/desk", "ruling.fail", CASE(",'step':'agree'"), "holds"},
    {"", NULL, "west/desk", "ruling.fail", CASE(",'step':'mediators'"), "holds"},
    {"", "first", "north/desk", "ruling.propose", PROPOSE("settle"), "holds"},
    {"", "ruling", "mission/desk", "ruling.propose", PROPOSE("mediators"), "holds"},
    {"", NULL, "south/desk", "ruling.answer", ANSWER("first", "refuse"), "holds"},
    {"", NULL, "north/desk", "ruling.dissent", "{'ruling':'$ruling'}", "holds"},
    {"", NULL, "west/desk", "ruling.answer", ANSWER("ruling", "concur"), "holds"},
    {"", NULL, "east/desk", "ruling.answer", ANSWER("ruling", "concur"), "holds"},
    {"", NULL, "south/desk", "ruling.reserve", "{'ruling':'$ruling'}", "holds"},
    {"", "order", "mission/desk", "consequence.order",
     "{'due':" AT ",'finding':'$finding','owner':'south','ruling':'$ruling','rung':'regret'}",
     "holds"},
    {"", "reading", "east/desk", "ruling.interpret", "{'clause':'7','step':'agree'}", "holds"},
    {"", "appeal", "north/desk", "appeal.file", CASE(",'ground':'procedure','ruling':'$ruling'"),
     "holds"},
    {"", NULL, "south/desk", "consequence.perform", "{'consequence':'$order'}", "holds"},
    {"", "review", "west/desk", "ruling.review",
     "{'appeal':'$appeal','result':'dismissed','step':'mediators'}", "holds"},
    {"", NULL, "east/desk", "ruling.answer", ANSWER("review", "concur"), "holds"},
    {"", NULL, "mission/desk", "consequence.check", "{'consequence':'$order','result':'done'}",
     "holds"},
    {"", NULL, "north/desk", "member.accredit",
     "{'host':'north','name':'mission/desk','sectors':['east']}", "holds"},
    {"", NULL, "north/desk", "member.dismiss", "{'host':'north','name':'mission/desk'}", "holds"},
    {"", NULL, "north/desk", "crossing.declare", "{" LANE ",'since':" AT ",'status':'closed'}",
     "holds"},
    {"", NULL, "mission/desk", "crossing.observe", "{" LANE ",'at':" AT ",'status':'open'}",
     "holds"},
    {"", "convoy", "north/desk", "transit.request",
     "{" LANE ",'from':" AT ",'host':'south','priority':'urgent','type':'convoy','until':" AT "}",
     "holds"},
    {"", NULL, "south/desk", "transit.answer", "{'answer':'granted','request':'$convoy'}", "holds"},
    {"", "flight", "south/desk", "notice.give", "{'from':" AT ",'type':'flight','until':" AT "}",
     "holds"},
    {"", NULL, "north/desk", "notice.answer", "{'answer':'objected','notice':'$flight'}", "holds"},
    {"", NULL, "north/desk", "transit.outcome",
     "{'at':" AT ",'outcome':'passed','request':'$convoy'}", "holds"},
    {"", NULL, "south/desk", "notice.report", "{'at':" AT ",'notice':'$flight','state':'begun'}",
     "holds"},
    {"", NULL, "mission/desk", "notice.match",
     "{'notice':'$flight','record':'$report','result':'exceeded'}", "holds"},
    {"", "message", "north/desk", "hotline.send", "{'priority':'flash','to':'south','via':'east'}",
     "holds"},
    {"", "relay", "east/desk", "hotline.relay", "{'act':'passed','message':'$message'}", "holds"},
    {"", NULL, "south/node", "hotline.deliver", "{'message':'$message'}", "holds"},
    {"", NULL, "south/desk", "hotline.ack", "{'message':'$message','step':'opened'}", "holds"},
    {"", "line", "north/desk", "hotline.check", "{'text':'river','to':'south'}", "holds"},
    {"", "call", "south/desk", "hotline.call", "{'level':'deputy','to':'north'}", "holds"},
    {"", NULL, "north/desk", "hotline.call_answer", "{'answer':'accepted','call':'$call'}",
     "holds"},
    {"", NULL, "south/desk", "hotline.contest", "{'relay':'$relay'}", "holds"},
    {"", "owed", "mission/desk", "obligation.open",
     "{'due':" AT ",'obligation':'detain','organisation':'south'}", "holds"},
    {"", "step", "south/desk", "obligation.report", "{'at':" AT ",'owing':'$owed','status':'step'}",
     "holds"},
    {"", NULL, "mission/desk", "obligation.judge",
     "{'clear':'yes','irreversible':'no','report':'$step','verifiable':'yes'}", "holds"},
    {"", NULL, "east/desk", "obligation.settle", "{'owing':'$owed','result':'kept'}", "holds"},
    {"", "persons", "south/desk", "person.register", "{'at':" AT ",'persons':2,'what':'detained'}",
     "holds"},
    {"", "demand", "north/desk", "demand.make", "{'to':'south'}", "holds"},
    {"", NULL, "south/desk", "person.move",
     "{'at':" AT ",'register':'$persons','to':'north','what':'handed_over'}", "holds"},
    {"", NULL, "north/desk", "person.receive",
     "{'answer':'received','at':" AT ",'counted':2,'register':'$persons'}", "holds"},
    {"", NULL, "south/desk", "demand.answer",
     "{'answer':'refused','demand':'$demand','ground':'not-agreed'}", "holds"},
    {"", NULL, "south/desk", "guarantee.give", "{'type':'capacity'}", "holds"},
    {"", NULL, "north/root", "member.admit", READER("east"), "holds"},
    {"", NULL, "north/root", "member.admit", READER("west"), "holds"},
    {"", "intel", "north/desk", "intel.ask",
     "{'priority':'urgent','subject':'movement','through':'east','to':'south','until':" AT "}",
     "holds"},
    {"", NULL, "south/desk", "intel.answer", "{'answer':'given','as_of':" AT ",'ask':'$intel'}",
     "holds"},
    {"", NULL, "east/desk", "intel.summary", "{'ask':'$intel'}", "holds"},
    {"", NULL, "north/desk", "intel.outcome", "{'ask':'$intel','outcome':'confirmed'}", "holds"},
    {"", NULL, "mission/desk", "statement.log", "{'at':" AT ",'channel':'press'}", "holds"},
    {"", NULL, "north/desk", "demand.close", "{'demand':'$demand','outcome':'dropped'}", "holds"},
    {"", NULL, "south/desk", "hotline.echo", "{'check':'$line','text':'orchard'}", "holds"},
    {"", "session", "east/desk", "session.call",
     "{'body':'commission','from':" AT ",'sitting':'proximity'}", "holds"},
    {"", NULL, "north/desk", "session.attend", "{'session':'$session','status':'present'}",
     "holds"},
    {"", NULL, "west/desk", "session.open", "{'session':'$session'}", "holds"},
    {"", "carried", "north/desk", "exchange.give", "{'to':'south','via':'east'}", "holds"},
    {"", NULL, "east/desk", "exchange.pass", "{'act':'passed','exchange':'$carried'}", "holds"},
    {"", "minutes", "west/desk", "outcome.file", "{'session':'$session','type':'minutes'}",
     "holds"},
    {"", NULL, "north/desk", "outcome.answer", "{'answer':'agreed','outcome':'$minutes'}", "holds"},
    {"", "action", "east/desk", "action.assign",
     "{'due':" AT ",'owner':'south','session':'$session'}", "holds"},
    {"", NULL, "south/desk", "action.report", "{'action':'$action','result':'done'}", "holds"},
    {"", "text", "east/desk", "text.open", "{'body':'commission','languages':['en']}", "holds"},
    {"", "worded", "north/desk", "text.propose", "{'article':'1','as':'wording','text':'$text'}",
     "holds"},
    {"", NULL, "south/desk", "text.answer", "{'answer':'accepted','wording':'$worded'}", "holds"},
    {"", "whole", "west/desk", "text.final",
     "{'text':'$text','versions':[{'language':'en','sha256':'" PART "'}]}", "holds"},
    {"", NULL, "north/desk", "text.concur",
     "{'final':'$whole','language':'en','sha256':'" PART "'}", "holds"},
    {"", NULL, "south/desk", "text.contest", "{'final':'$whole','language':'en'}", "holds"},
    {"", NULL, "west/desk", "case.publish", CASE(",'tier':'public'"), "holds"},
    {"", NULL, "mission/desk", "case.close", CASE(",'reason':'decided'"), "holds"},
    {"", NULL, "mission/desk", "case.reopen", CASE(",'reason':'error'"), "holds"},
    {"", NULL, "mission/desk", "grade.source", "{'organisation':'north'}", "holds"},
    {"", NULL, "mission/desk", "grade.item", "{'record':'$report'}", "holds"},
    {"", NULL, "north/desk", "incident.report", "{'parts':[" SEALED("") "]}", "holds"},
    {"", NULL, "east/seal", "part.opened", OPENED("outer"), "holds"},
    {"", NULL, "west/seal", "part.opened", OPENED("inner"), "holds"},
    {"", NULL, "east/desk", "part.erase", "{'clause':'7','part':'" PART "'}", "holds"},
    {"", NULL, "west/desk", "part.erase", "{'clause':'7','part':'" PART "'}", "holds"},
    {"", NULL, "north/node", "part.erased", "{'found':'destroyed','part':'" PART "'}", "holds"},
};

static const char *const signers[] = {"north/desk", "south/desk", "east/desk", "west/desk",
                                      "mission/desk"};

/* --- records out of nothing but the tables of kinds --- */

struct maker {
    struct test_log *log;
    struct json terms; /* what the agreement says, by section */
    uint64_t seed;
    struct span id[256]; /* of the records logged so far */
    size_t id_count;
};

static uint64_t chance(struct maker *m, uint64_t below)
{
    m->seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = m->seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;

    while (words[count])
        count++;
    return count;
}

static bool is_of(struct maker *m, struct span id, const char *const *kinds)
{
    const struct json *row = test_row(m->log, "record", arena_text(&m->log->arena, id));

    for (size_t i = 0; kinds[i]; i++)
        if (span_is(json_get_text(row, "kind"), kinds[i]))
            return true;
    return false;
}

static bool make_record(struct maker *m, const struct field *field, struct json *out)
{
    for (size_t tries = 0; m->id_count && tries < 2 * m->id_count; tries++) {
        struct span id = m->id[chance(m, m->id_count)];

        if (is_of(m, id, field->words)) {
            *out = json_string(id);
            return true;
        }
    }
    return false;
}

static bool make_token(struct maker *m, const struct field *field, struct json *out)
{
    const struct json *section = field->term ? json_get(&m->terms, field->term) : NULL;

    if (field->term && !section)
        return false;
    *out = section ? *json_get(&section->array.at[chance(m, section->array.count)], "id")
                   : json_text("x");
    return true;
}

static bool make_object(struct maker *m, const struct field *fields, size_t count,
                        struct json *out);

static bool make_list(struct maker *m, const struct field *field, struct json *out)
{
    size_t count = (size_t)field->min + chance(m, 2);

    *out = json_array();
    for (size_t i = 0; i < count && (int64_t)i < field->max; i++) {
        struct json one = json_object();
        const struct field *item = &field->fields[0];

        if (!make_object(m, item, 1, &one))
            return false;
        if (one.object.count)
            json_push(out, one.object.at[0].value, &m->log->arena);
    }
    return (int64_t)out->array.count >= field->min;
}

static bool make_value(struct maker *m, const struct field *field, struct json *out)
{
    switch (field->type) {
    case FIELD_TEXT:
        *out = json_text("words");
        return true;
    case FIELD_WORD:
        *out = json_text(field->words[chance(m, count_words(field->words))]);
        return true;
    case FIELD_TOKEN:
        return make_token(m, field, out);
    case FIELD_NAME:
        *out = json_text(signers[chance(m, ARRAY_LEN(signers))]);
        return true;
    case FIELD_INTEGER:
        *out = json_integer(field->min + (int64_t)chance(m, 3));
        return true;
    case FIELD_HASH:
        *out = json_string(m->id[chance(m, m->id_count)]);
        return true;
    case FIELD_RECORD:
        return make_record(m, field, out);
    case FIELD_TIME:
        *out = test_body(m->log, AT);
        return true;
    case FIELD_OBJECT:
        return make_object(m, field->fields, field->count, out);
    case FIELD_LIST:
        return make_list(m, field, out);
    default:
        return false;
    }
}

/* What stands in the entry: all that must, and some of the rest. */
static bool make_object(struct maker *m, const struct field *fields, size_t count, struct json *out)
{
    *out = json_object();
    for (size_t i = 0; i < count; i++) {
        struct json value = {0};
        bool optional = !fields[i].required && count > 1;

        if (fields[i].tier || (optional && chance(m, 2)))
            continue;
        if (make_value(m, &fields[i], &value))
            json_set(out, fields[i].name, value, &m->log->arena);
        else if (fields[i].required || count == 1)
            return false;
    }
    return true;
}

static size_t count_kinds(void)
{
    size_t count = 0;

    while (kind_at(count))
        count++;
    return count;
}

/* --- what an entry looks at, and what it writes --- */

struct touch {
    const char *table;
    struct span key;
};

/* Lengths of keys differ more than names of tables, and millions are compared. */
static bool same_touch(const struct touch *a, const struct touch *b)
{
    return a->key.len == b->key.len && span_equal(a->key, b->key) &&
           strcmp(a->table, b->table) == 0;
}

#define MOST_TOUCHED 400
struct told {
    struct test_log *log;
    struct touch at[MOST_TOUCHED];
    size_t count;
};

struct candidate {
    const char *by, *kind;
    struct span bytes, id;
    struct told looked, wrote;
};

static void note(struct told *told, const char *table, struct span key)
{
    const struct touch touch = {table, key};

    for (size_t i = 0; i < told->count; i++)
        if (same_touch(&told->at[i], &touch))
            return;
    assert(told->count < MOST_TOUCHED);
    told->at[told->count++] = (struct touch){table, arena_copy(&told->log->arena, key)};
}

static bool watched_get(void *context, const char *table, struct span key, const struct json **out,
                        struct arena *arena, struct err *err)
{
    struct told *told = context;
    struct register_lookup lookup = test_lookup(told->log);

    note(told, table, key);
    return lookup.get(lookup.context, table, key, out, arena, err);
}

static bool unwatched_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct told *told = context;
    struct register_lookup lookup = test_lookup(told->log);

    return lookup.root(lookup.context, size, out, err);
}

/* Judges it as the next entry, and leaves the log as it is. */
static bool judge(struct test_log *log, struct candidate *c)
{
    struct effects effects;
    struct err err = {0};
    struct arena arena = {0};
    struct register_entry entry = {.index = log->size, .bytes = c->bytes, .author_verified = true};

    c->looked = c->wrote = (struct told){.log = log};
    struct register_lookup lookup = {
        .context = &c->looked, .get = watched_get, .root = unwatched_root};
    bool ok = register_apply(&effects, &lookup, &entry, &arena, &err);
    assert(ok);
    for (size_t i = 0; i < effects.count; i++)
        note(&c->wrote, effects.at[i].table, effects.at[i].key);
    bool holds = effects.verdict != VERDICT_VOID;
    arena_free(&arena);
    return holds;
}

/* Its own row of the verdicts, or its own line in a case's file. */
static bool is_of_index(const struct touch *touch, uint64_t index)
{
    char text[REGISTER_INDEX_TEXT];
    size_t len = sizeof text - 1;

    register_index_key(text, index);
    return (strcmp(touch->table, "verdict") == 0 || strcmp(touch->table, "case_record") == 0) &&
           span_is(span_slice(touch->key, touch->key.len - len, len), text);
}

static bool meet(const struct told *a, const struct told *b, uint64_t size)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (same_touch(&a->at[i], &b->at[k]) && !is_of_index(&a->at[i], size))
                return true;
    return false;
}

static bool are_apart(const struct candidate *a, const struct candidate *b, uint64_t size)
{
    return !meet(&a->looked, &b->wrote, size) && !meet(&b->looked, &a->wrote, size);
}

/* --- rows modulo two indexes --- */

struct swap {
    uint64_t a, b; /* each for the other; both 0: none */
};

static uint64_t swapped(struct swap s, uint64_t n)
{
    return n == s.a ? s.b : n == s.b ? s.a : n;
}

static struct json swap_value(const struct json *value, struct swap s, struct arena *arena)
{
    struct json out = *value;

    switch (value->type) {
    case JSON_INTEGER:
        if (value->integer >= 0)
            out.integer = (int64_t)swapped(s, (uint64_t)value->integer);
        break;
    case JSON_STRING:
        break;
    case JSON_ARRAY:
        out = json_array();
        for (size_t i = 0; i < value->array.count; i++)
            json_push(&out, swap_value(&value->array.at[i], s, arena), arena);
        break;
    case JSON_OBJECT:
        out = json_object();
        for (size_t i = 0; i < value->object.count; i++)
            json_set(&out, arena_text(arena, value->object.at[i].key),
                     swap_value(&value->object.at[i].value, s, arena), arena);
        break;
    }
    return out;
}

static struct span swap_key(const struct touch *touch, struct swap s, struct arena *arena)
{
    char text[REGISTER_INDEX_TEXT];
    size_t len = sizeof text - 1;
    bool is_a = is_of_index(touch, s.a);

    if (!is_a && !is_of_index(touch, s.b))
        return touch->key;
    register_index_key(text, is_a ? s.b : s.a);
    return span_of(arena_printf(arena, "%.*s%s", (int)(touch->key.len - len),
                                (const char *)touch->key.at, text));
}

/* The rows that two entries touched, as they are after both. */
struct outcome {
    struct told touched;
    const struct json *row[2 * MOST_TOUCHED];
};

static void append(struct test_log *log, struct outcome *out, const struct candidate *c)
{
    struct err err = {0};
    bool ok = test_append(log, c->bytes, &err);

    assert(ok);
    for (size_t i = 0; i < log->effects.count; i++)
        note(&out->touched, log->effects.at[i].table, log->effects.at[i].key);
}

static void play_pair(struct test_log *log, struct outcome *out, const struct candidate *first,
                      const struct candidate *second, struct swap s)
{
    *out = (struct outcome){.touched.log = log};
    append(log, out, first);
    append(log, out, second);
    for (size_t i = 0; i < out->touched.count; i++) {
        struct touch *touch = &out->touched.at[i];
        const struct json *row = test_row(log, touch->table, arena_text(&log->arena, touch->key));
        struct json *kept = ARENA_NEW(&log->arena, struct json);

        touch->key = swap_key(touch, s, &log->arena);
        out->row[i] = NULL;
        if (!row)
            continue;
        *kept = swap_value(row, s, &log->arena);
        out->row[i] = kept;
    }
}

static const struct json *find(const struct outcome *out, const struct touch *touch, bool *there)
{
    *there = false;
    for (size_t i = 0; i < out->touched.count; i++)
        if (same_touch(&out->touched.at[i], touch)) {
            *there = true;
            return out->row[i];
        }
    return NULL;
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    if (a->touched.count != b->touched.count)
        return false;
    for (size_t i = 0; i < a->touched.count; i++) {
        bool there;
        const struct json *row = find(b, &a->touched.at[i], &there);

        if (!there || (a->row[i] == NULL) != (row == NULL) ||
            (row && !json_equal(a->row[i], row))) {
            print_error("%s %.*s\n", a->touched.at[i].table, SPAN_ARG(a->touched.at[i].key));
            return false;
        }
    }
    return true;
}

static bool swaps(const struct test_log *log, const struct candidate *a, const struct candidate *b)
{
    static struct outcome forth, back;
    struct test_log one, other;

    test_log_fork(&one, log);
    test_log_fork(&other, log);
    play_pair(&one, &forth, a, b, (struct swap){0, 0});
    play_pair(&other, &back, b, a, (struct swap){log->size, log->size + 1});
    bool same = same_outcome(&forth, &back);
    test_log_close(&one);
    test_log_close(&other);
    return same;
}

/* --- the runs --- */

#define CANDIDATES 24
#define TRIES 800
#define PAIRS 60

/* Of all runs: so that a test of nothing does not pass. */
static struct {
    size_t swapped, met;
    size_t inside;  /* swapped, and both in the file of one case */
    bool kind[256]; /* by its place in the table: swapped with something */
} seen;

/* Signed as the next record of this key, whose chain is left as it was. */
static void sign(struct maker *m, struct candidate *c, const char *by, const struct kind *kind,
                 const struct json *body)
{
    struct test_key *key = test_key(m->log, by), before = *key;
    struct record_draft draft = test_draft(m->log, by, kind->name, "{}");

    draft.body = *body;
    *c = (struct candidate){.by = by, .kind = kind->name, .bytes = test_sign(m->log, &draft)};
    c->id = m->log->id;
    key->seq = before.seq;
    key->prev = before.prev;
}

static bool is_work(const struct kind *kind)
{
    return strcmp(kind->jobs[0], "author") == 0 && kind->jobs[1] == NULL;
}

static bool try_one(struct maker *m, struct candidate *c, size_t kinds)
{
    const struct kind *kind = kind_at(chance(m, kinds));
    if (!casework_for(kind)) /* the less of these, for they are in no case */
        kind = kind_at(chance(m, kinds));
    const char *by = signers[chance(m, ARRAY_LEN(signers))];
    struct json body;

    if (!is_work(kind) || !make_object(m, kind->fields, kind->count, &body))
        return false;
    sign(m, c, by, kind, &body);
    return judge(m->log, c);
}

/* The next on its way, and what else holds now. */
static size_t gather(struct maker *m, struct candidate *list, size_t at)
{
    size_t count = 0, kinds = count_kinds();

    if (at < ARRAY_LEN(way)) {
        struct json body = test_body(m->log, way[at].body);

        sign(m, &list[count++], way[at].by, kind_find(span_of(way[at].kind), 1), &body);
        CHECK_CASE(way[at].kind, judge(m->log, &list[0]));
    }
    for (size_t tries = 0; tries < TRIES && count < CANDIDATES; tries++)
        count += try_one(m, &list[count], kinds);
    return count;
}

static void mark(const char *kind)
{
    for (size_t i = 0; kind_at(i); i++)
        if (strcmp(kind_at(i)->name, kind) == 0)
            seen.kind[i] = true;
}

/* The case that it is filed under; empty: none. */
static struct span case_of(const struct candidate *c)
{
    for (size_t i = 0; i < c->wrote.count; i++)
        if (strcmp(c->wrote.at[i].table, "case_record") == 0)
            return span_slice(c->wrote.at[i].key, 0, 64);
    return (struct span){0};
}

static void try_pair(struct maker *m, uint64_t seed, const struct candidate *a,
                     const struct candidate *b)
{
    if (strcmp(a->by, b->by) == 0)
        return;
    if (!are_apart(a, b, m->log->size)) {
        seen.met++;
        return;
    }
    if (!swaps(m->log, a, b))
        fail_msg("seed %" PRIu64 ": %s by %s and %s by %s do not commute", seed, a->kind, a->by,
                 b->kind, b->by);
    seen.swapped++;
    seen.inside += case_of(a).len > 0 && span_equal(case_of(a), case_of(b));
    mark(a->kind);
    mark(b->kind);
}

static void go_on(struct maker *m, size_t at)
{
    say_and_check(m->log, &way[at]);
    m->id[m->id_count++] = m->log->id;
}

static void begin(struct maker *m, struct test_log *log)
{
    struct err err = {0};

    test_begin_case(log);
    log->trusted = true;
    *m = (struct maker){.log = log};
    m->id[m->id_count++] = log->id;
    bool parsed = json_parse(&m->terms, log->terms, &log->arena, &err);
    assert(parsed);
}

/* From where so many steps of the way have led. */
static void run(const struct maker *before, size_t steps, uint64_t seed)
{
    static struct candidate list[CANDIDATES];
    struct test_log log;
    struct maker m = *before;

    test_log_fork(&log, before->log);
    m.log = &log;
    m.seed = seed;
    size_t count = gather(&m, list, steps);
    for (size_t b = 1; b < count; b++) /* the next on its way with every other */
        try_pair(&m, seed, &list[0], &list[b]);
    for (size_t n = 0; count > 1 && n < PAIRS; n++)
        try_pair(&m, seed, &list[chance(&m, count)], &list[chance(&m, count)]);
    test_log_close(&log);
}

static void test_pairs(void **state)
{
    const char *text = getenv("SEED");
    uint64_t seed = text ? strtoull(text, NULL, 10) : 0, runs = ARRAY_LEN(way) + 1;
    struct test_log log;
    struct maker m;

    (void)state;
    begin(&m, &log);
    for (size_t steps = 0; steps < runs; steps++) {
        if (steps > 0)
            go_on(&m, steps - 1);
        for (uint64_t n = steps; n < 4 * runs; n += runs)
            run(&m, steps, n);
        if (text && seed % runs == steps)
            run(&m, steps, seed);
    }
    test_log_close(&log);
    print_message("# %zu pairs swapped, %zu of them in one case; %zu met\n", seen.swapped,
                  seen.inside, seen.met);
    assert_true(seen.inside > 500);
    assert_true(seen.met > 100);
}

/* Every kind of the case was swapped with something (this runs after test_pairs). */
static void test_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i); i++) {
        assert_true(i < ARRAY_LEN(seen.kind));
        if (casework_for(kind_at(i)))
            CHECK_CASE(kind_at(i)->name, seen.kind[i]);
    }
}

/* That the comparison can fail: two that meet, swapped all the same. */
static void test_what_meets(void **state)
{
    static struct candidate a, b;
    struct test_log log;
    struct maker m;

    (void)state;
    begin(&m, &log);
    for (size_t i = 0; i < 5; i++)
        go_on(&m, i);
    struct json notify = test_body(&log, CASE(""));
    struct json reply = test_body(&log, CASE(",'answer':'denies'"));
    sign(&m, &a, "mission/desk", kind_find(SPAN_LIT("case.notify"), 1), &notify);
    assert_true(judge(&log, &a));
    sign(&m, &b, "south/desk", kind_find(SPAN_LIT("case.reply"), 1), &reply);
    assert_false(judge(&log, &b)); /* nobody has told it yet */
    assert_false(are_apart(&a, &b, log.size));
    assert_false(swaps(&log, &a, &b));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pairs),
    cmocka_unit_test(test_every_kind),
    cmocka_unit_test(test_what_meets),
};

RUN_TESTS(tests)
