#include "record/kind.h"

#include "base/test.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "ledger/note.h"

/* What each kind accepts. In bodies ' stands for ", and these for what is long: */
#define H "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define KEY "tester+a1f06ef0+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
#define TIME "{'at_ms':1760000000000,'basis':'watch','offset_min':270,'uncertainty_ms':60000}"
#define PARTS                                                                                      \
    "[{'commitment':'" H "','media':'image/jpeg','recipients':['a/b','c'],'stored':'" H            \
    "','tier':'mission'}]"

/* A body with every field that stands in the entry, and one with every field of its parts, in
 * the most closed of them (NULL: it has none). A kind that is added needs a row. */
static const struct {
    const char *kind, *entry, *part;
} whole[] = {
    {"agreement.adopt",
     "{'log_key':'" KEY "','name':'a','nodes':[{'key':'" KEY
     "','org':'n'}],'operator':'n','origin':'a/term/1','pieces':[{'file':'f','n':1,'sha256':'" H
     "'}],'promise_key':'" KEY "','quorum':0,'roots':[{'key':'" KEY
     "','org':'n'}],'rules':1,'witnesses':[]}",
     NULL},
    {"agreement.part", "{'amendment':'" H "','content':'x','file':'f','n':1}", NULL},
    {"agreement.concur", "{'agreement':'" H "'}", NULL},
    {"agreement.amend",
     "{'from_ms':1760000000000,'pieces':[{'file':'f','n':1,'sha256':'" H "'}],'version':2}", NULL},
    {"rules.adopt", "{'number':1}", NULL},
    {"member.admit",
     "{'age':'age1x','job':'author','key':'" KEY "','org':'n','revoker':'" KEY
     "','role':'r','scope':['claim']}",
     NULL},
    {"member.revoke", "{'doubt_from':0,'name':'a','reason':'lost'}", NULL},
    {"member.rotate", "{'age':'age1x','consent':'x','key':'" KEY "'}", NULL},
    {"clock.tick", "{'at_ms':1,'checkpoint':'x'}", NULL},
    {"term.open", "{'freezes':['x'],'log_key':'" KEY "','operator':'n','promise_key':'" KEY "'}",
     NULL},
    {"node.attest", "{'digest':'" H "','offered':[{'id':'" H "','since_ms':1}],'size':1}", NULL},
    {"incident.open", "{'external_id':'7','start':" TIME "}", "{'title':'x'}"},
    {"incident.report",
     "{'act':'a','crossing':'c','disputed':['place'],'end':" TIME
     ",'external_id':'7','incident':'" H
     "','licence':'l','origin':'o','on_behalf':'p-1','means':'saw','sector':'s','start':" TIME
     ",'supersedes':'" H "','territory':'t','type':'x'}",
     "{'admin':'x','as_received':'x','casualties':[{'class':'killed','group':'girl','max':2,'min':"
     "1,'status':'civil'}"
     "],'observer_lat_e7':1,'observer_lon_e7':1,'observer_uncertainty_m':1,'shape':[{'lat_e7':1,'"
     "lon_e7':2},{'lat_e7':3,'lon_e7':4}],'shape_form':'line','teller':'x','device':'x','"
     "identities':'x','language':'ur','lat_e7':340000000,'lon_e7':-710000000,'phase':'x','place_"
     "name':'x',"
     "'position_basis':'x','sources':[{'headline':'x','id':'1','language':'en','published':"
     "'2025-10-12','publisher':'x','url':'x'}],'summary':'x','third_party':'x','time_text':'x',"
     "'uncertainty_m':100}"},
    {"claim",
     "{'best':5,'channel':'press','claimant':'x','external_id':'7','incident':'" H "','made':" TIME
     ",'licence':'l','origin':'o','on_behalf':'p-1','matter':'killed','max':9,'min':1,'qualifier':'"
     "about','side':'x',"
     "'sources_count':3,'subject':'x','supersedes':'" H "'}",
     "{'sources':[{}],'statement':'x'}"},
    {"incident.link", "{'basis':'related','incident':'" H "','record':'" H "'}", "{'reason':'x'}"},
    {"incident.unlink", "{'incident':'" H "','record':'" H "'}", "{'reason':'x'}"},
    {"record.withdraw", "{'reason':'error','record':'" H "'}", "{'explanation':'x'}"},
    {"case.triage",
     "{'accused':['a'],'act':'a','case':'" H "','grade':'g','in_area':'yes','in_time':'unknown',"
     "'modalities':1,'outcome':'linked','same_as':'" H "','urgent':'no'}",
     "{'reason':'x'}"},
    {"case.notify", "{'case':'" H "'}", "{'notice':'x'}"},
    {"case.reply", "{'answer':'denies','case':'" H "'}", "{'statement':'x'}"},
    {"case.task", "{'case':'" H "','due':" TIME ",'means':['saw'],'sector':'s','team':'t'}",
     "{'what':'x'}"},
    {"case.verify", "{'at':" TIME ",'result':'seen','task':'" H "','until':" TIME "}",
     "{'report':'x'}"},
    {"case.mark", "{'case':'" H "','side':'unsafe'}", "{'reason':'x'}"},
    {"case.unmark", "{'case':'" H "','side':'unsafe'}", "{'reason':'x'}"},
    {"case.recuse", "{'case':'" H "','organisation':'a'}", "{'reason':'x'}"},
    {"case.summon", "{'case':'" H "','organisation':'a','to':" TIME "}", "{'notice':'x'}"},
    {"case.publish", "{'case':'" H "','languages':['ur'],'supersedes':'" H "','tier':'public'}",
     "{'text':'x','title':'x'}"},
    {"case.close", "{'case':'" H "','reason':'settled'}", "{'note':'x'}"},
    {"case.reopen", "{'case':'" H "','reason':'appeal'}", "{'note':'x'}"},
    {"deadline.extend",
     "{'case':'" H "','clock':'c','for_ms':1,'organisation':'a','subject':'" H "'}",
     "{'reason':'x'}"},
    {"deadline.pause", "{'case':'" H "','clock':'c','organisation':'a','subject':'" H "'}",
     "{'reason':'x'}"},
    {"deadline.resume", "{'case':'" H "','clock':'c','organisation':'a','subject':'" H "'}",
     "{'reason':'x'}"},
    {"incident.flash",
     "{'act':'a','at':" TIME
     ",'casualties_max':9,'casualties_min':1,'crossing':'c','external_id':'7','incident':'" H
     "','on_behalf':'p-1','needs':['medevac','cease'],'ongoing':'yes','sector':'s','supersedes':'" H
     "'}",
     "{'lat_e7':340000000,'lon_e7':-710000000,'place_name':'x','position_basis':'x','uncertainty_m'"
     ":100,'what':'x'}"},
    {"incident.observe",
     "{'act':'a','at':" TIME
     ",'count_max':9,'count_min':1,'crossing':'c','external_id':'7','hedge':'about','incident':'" H
     "','licence':'l','origin':'o','on_behalf':'p-1','means':'saw','sector':'s','supersedes':'" H
     "','task':'" H "','verb':'saw'}",
     "{'direction':'x','casualties':[{'class':'killed','group':'girl','max':2,'min':1,'status':'"
     "civil'}],'observer_lat_e7':1,'observer_lon_e7':1,'observer_uncertainty_m':1,'shape':[{'lat_"
     "e7':1,'lon_e7':2},{'lat_e7':3,'lon_e7':4}],'shape_form':'line','teller':'x','device':'x','"
     "identities':'x','language':'ur','lat_e7':340000000,'lon_e7':-710000000,'observer_place':'x','"
     "place_name':'x'"
     ",'position_basis':'x','summary':'x','uncertainty_m':100,'weapon':'x'}"},
    {"incident.read",
     "{'act':'a','at':" TIME ",'calibrated':'yes','crossing':'c','external_id':'7','incident':'" H
     "','licence':'l','origin':'o','on_behalf':'p-1','means':'acoustic','sector':'s','sensor':'x','"
     "supersedes':'" H "','until':" TIME "}",
     "{'lat_e7':340000000,'lon_e7':-710000000,'place_name':'x','position_basis':'x','summary':'x','"
     "supplier':'x','uncertainty_m':100}"},
    {"incident.warn",
     "{'crossing':'c','expected':'a','external_id':'7','from':" TIME ",'group':'g','incident':'" H
     "','sector':'s','supersedes':'" H "','to':'o','until':" TIME "}",
     "{'lat_e7':340000000,'lon_e7':-710000000,'place_name':'x','position_basis':'x','summary':'x','"
     "uncertainty_m':100}"},
    {"incident.ask", "{'case':'" H "','record':'" H "','to':'o'}", "{'question':'x'}"},
    {"incident.explain", "{'answer':'given','clarification':'" H "'}", "{'text':'x'}"},
    {"incident.suggest",
     "{'basis':'same_event','incident':'" H "','reasons':['time'],'record':'" H "','score':1000}",
     "{'text':'x'}"},
    {"evidence.preserve", "{'case':'" H "','to':'o','what':['radar']}", "{'description':'x'}"},
    {"evidence.answer", "{'answer':'later','commitments':['" H "'],'request':'" H "'}",
     "{'reason':'x'}"},
    {"evidence.assess",
     "{'case':'" H "','class':'physical','neutral':'yes','origin':'o','record':'" H "'}",
     "{'reason':'x'}"},
    {"access.request", "{'at':" TIME ",'case':'" H "','host':'o','purpose':'verify','sector':'s'}",
     "{'site':'x'}"},
    {"access.answer", "{'answer':'granted','request':'" H "'}", "{'conditions':'x','words':'x'}"},
    {"access.visit",
     "{'arrived':" TIME ",'left':" TIME ",'on_behalf':'p-1','request':'" H "','seen':'no'}",
     "{'report':'x'}"},
    {"access.restriction",
     "{'act':'a','at':" TIME ",'crossing':'c','external_id':'7','host':'o','incident':'" H
     "','on_behalf':'p-1','request':'" H "','sector':'s','supersedes':'" H
     "','type':'denial','until':" TIME "}",
     "{'effect':'x','lat_e7':340000000,'lon_e7':-710000000,'persons':'x','place_name':'x','"
     "position_basis':'x','uncertainty_m':100,'words':'x'}"},
    {"coverage.watch",
     "{'external_id':'7','from':" TIME
     ",'on_behalf':'p-1','seen':'nothing','means':'saw','sector':'s','sensor':'x','supersedes':'" H
     "','until':" TIME "}",
     "{'note':'x'}"},
    {"coverage.outage",
     "{'cause':'jammed','external_id':'7','from':" TIME
     ",'sector':'s','sensor':'x','supersedes':'" H "','until':" TIME "}",
     "{'note':'x'}"},
    {"custody.take",
     "{'case':'" H "','class':'object','form':'original','hashes':['" H "'],'item':'x','record':'" H
     "','taken':" TIME "}",
     "{'description':'x'}"},
    {"custody.hand", "{'item':'" H "','to':'o'}", "{'note':'x'}"},
    {"custody.receive", "{'condition':'intact','item':'" H "'}", "{'note':'x'}"},
    {"custody.release", "{'case':'" H "','record':'" H "','removed':['face'],'tier':'t'}",
     "{'why':'x'}"},
    {"state.declare", "{'clause':'x','from':" TIME ",'organisation':'x','state':'suspended'}",
     "{'statement':'x'}"},
    {"state.level", "{'level':'x','sector':'x'}", "{'reason':'x'}"},
    {"ledger.match", "{'left':'" H "','result':'same_event','right':'" H "'}", "{'reason':'x'}"},
    {"ledger.unmatch", "{'left':'" H "','right':'" H "'}", "{'reason':'x'}"},
    {"member.accredit", "{'from':" TIME ",'host':'x','name':'x','sectors':['x'],'until':" TIME "}",
     "{'reason':'x'}"},
    {"member.dismiss", "{'host':'x','name':'x'}", "{'reason':'x'}"},
    {"finding.draft",
     "{'against':'s','allegation':'a','alternatives':'considered','answers':[{'answer':'yes',"
     "'items':['" H "'],'question':'q'}],'author':'a','case':'" H "','contradictions':'none',"
     "'control':'s','grade':'g','items':['" H "'],'mode':'m','nationality':'s','outcome':"
     "'established','standard':'l','supersedes':'" H "','territory':'s','unresolved':'no_trace'}",
     "{'coverage':'x','others':'x','summary':'x','unknowns':'x'}"},
    {"case.circulate", "{'case':'" H "'}", "{'notice':'x'}"},
    {"finding.comment", "{'case':'" H "','finding':'" H "'}", "{'text':'x'}"},
    {"finding.issue", "{'finding':'" H "'}", "{'note':'x'}"},
    {"ruling.propose", "{'case':'" H "','findings':['" H "'],'rungs':['r'],'step':'s'}",
     "{'text':'x'}"},
    {"ruling.interpret", "{'clause':'c','step':'s'}", "{'text':'x'}"},
    {"ruling.review", "{'appeal':'" H "','result':'varied','step':'s'}", "{'text':'x'}"},
    {"ruling.answer", "{'answer':'concur','ruling':'" H "'}", "{'reason':'x'}"},
    {"ruling.fail", "{'case':'" H "','step':'s'}", "{'reason':'x'}"},
    {"ruling.none", "{'case':'" H "'}", "{'positions':'x'}"},
    {"ruling.dissent", "{'ruling':'" H "'}", "{'text':'x'}"},
    {"ruling.reserve", "{'ruling':'" H "'}", "{'text':'x'}"},
    {"consequence.order",
     "{'due':" TIME ",'factors':['f'],'finding':'" H "','owner':'s','ruling':'" H "','rung':'r'}",
     "{'test':'x','text':'x'}"},
    {"consequence.perform", "{'consequence':'" H "'}", "{'text':'x'}"},
    {"consequence.check", "{'consequence':'" H "','result':'done'}", "{'text':'x'}"},
    {"appeal.file", "{'case':'" H "','ground':'procedure','ruling':'" H "'}", "{'text':'x'}"},
    {"part.opened", "{'order':'" H "','part':'" H "','step':'outer'}", "{'why':'x'}"},
    {"part.erase", "{'clause':'c','part':'" H "'}", "{'why':'x'}"},
    {"part.erased", "{'found':'destroyed','part':'" H "'}", NULL},
    {"grade.source", "{'organisation':'o','record':'" H "'}", "{'reliability':'B','why':'x'}"},
    {"grade.item", "{'record':'" H "'}", "{'credibility':2,'why':'x'}"},
    {"crossing.declare",
     "{'announced':'no','class':'c','crossing':'x','direction':'d','reason':'r','since':" TIME
     ",'status':'closed','until':" TIME "}",
     "{'authority':'x','conditions':'x','hours':'x'}"},
    {"crossing.observe",
     "{'at':" TIME ",'class':'c','crossing':'x','direction':'d','means':'saw','status':'open'}",
     "{'note':'x'}"},
    {"crossing.count",
     "{'class':'c','crossing':'x','direction':'d','from':" TIME
     ",'max':9,'measure':'persons','min':1,'source':'own','until':" TIME "}",
     "{'note':'x'}"},
    {"crossing.return",
     "{'children':3,'class':'c','crossing':'x','from':" TIME
     ",'persons':9,'refused':0,'source':'own','unaccompanied':1,'until':" TIME "}",
     "{'note':'x'}"},
    {"transit.request",
     "{'case':'" H "','class':'c','crossing':'x','direction':'d','from':" TIME
     ",'host':'o','persons':2,'priority':'medical','type':'t','until':" TIME ",'vehicles':1}",
     "{'goods':'x','identities':'x'}"},
    {"transit.answer", "{'answer':'granted','request':'" H "','until':" TIME "}",
     "{'conditions':'x','reason':'x'}"},
    {"transit.outcome", "{'at':" TIME ",'outcome':'passed','request':'" H "'}", "{'note':'x'}"},
    {"notice.give",
     "{'crossing':'x','external_id':'7','from':" TIME
     ",'jointly':['o'],'sector':'s','supersedes':'" H "','type':'t','units':2,'until':" TIME "}",
     "{'what':'x','lat_e7':340000000,'lon_e7':-710000000,'position_basis':'x','uncertainty_m':"
     "100}"},
    {"notice.answer", "{'answer':'objected','notice':'" H "'}", "{'reason':'x'}"},
    {"notice.report", "{'at':" TIME ",'notice':'" H "','state':'begun'}", "{'report':'x'}"},
    {"notice.match", "{'notice':'" H "','record':'" H "','result':'exceeded'}", "{'reason':'x'}"},
    {"intake.refuse",
     "{'count':2,'device':'d','hash':'" H "','note':'" H "','reason':'stale','via':'form'}", NULL},
    {"hotline.send",
     "{'case':'" H "','exercise':'yes','language':'ur','priority':'p','reply_to':'" H
     "','template':'t','thread':'" H "','to':'o','via':'v'}",
     "{'text':'x'}"},
    {"hotline.deliver", "{'message':'" H "'}", NULL},
    {"hotline.ack", "{'message':'" H "','step':'understood'}", "{'read_back':'x'}"},
    {"hotline.relay", "{'act':'passed','language':'ps','message':'" H "'}",
     "{'note':'x','translation':'x'}"},
    {"hotline.contest", "{'language':'ps','relay':'" H "'}", "{'reading':'x'}"},
    {"hotline.check", "{'number':0,'text':'t','to':'o'}", NULL},
    {"hotline.echo", "{'check':'" H "','text':'t'}", NULL},
    {"hotline.line", "{'checked':'yes','hop':'o','since':" TIME ",'status':'unanswered','to':'o'}",
     "{'cause':'x'}"},
    {"hotline.duty",
     "{'deputy':'a/b','from':" TIME ",'officer':'a/c','principal':'a/d','until':" TIME "}",
     "{'note':'x'}"},
    {"hotline.escalate", "{'level':'deputy','message':'" H "'}", NULL},
    {"hotline.call", "{'at':" TIME ",'exercise':'yes','level':'principal','to':'o'}",
     "{'reason':'x'}"},
    {"hotline.call_answer", "{'answer':'declined','at':" TIME ",'call':'" H "','ground':'g'}",
     "{'reason':'x'}"},
    {"hotline.file", "{'incident':'" H "','message':'" H "'}", NULL},
    {"obligation.open", "{'due':" TIME ",'obligation':'b','organisation':'o'}", NULL},
    {"obligation.report",
     "{'at':" TIME ",'evidence':['" H "'],'ground':'g','owing':'" H "','status':'step'}",
     "{'report':'x','details':'x'}"},
    {"obligation.judge",
     "{'clear':'yes','irreversible':'no','report':'" H "','verifiable':'unknown'}",
     "{'reason':'x'}"},
    {"obligation.settle", "{'owing':'" H "','result':'kept'}", "{'reason':'x'}"},
    {"person.register",
     "{'at':" TIME ",'crossing':'x','owing':'" H
     "','persons':3,'sector':'s','to':'o','what':'handed_over'}",
     "{'ground':'x','details':'x','identities':'x'}"},
    {"person.move", "{'at':" TIME ",'register':'" H "','to':'o','what':'handed_over'}",
     "{'ground':'x'}"},
    {"person.receive", "{'answer':'received','at':" TIME ",'counted':2,'register':'" H "'}",
     "{'reason':'x'}"},
    {"demand.make", "{'obligation':'b','to':'o'}", "{'text':'x'}"},
    {"demand.answer", "{'answer':'refused','demand':'" H "','ground':'g'}", "{'reason':'x'}"},
    {"demand.close", "{'demand':'" H "','outcome':'dropped'}", "{'reason':'x'}"},
    {"guarantee.give",
     "{'external_id':'7','from':" TIME ",'obligation':'b','supersedes':'" H
     "','to':'o','type':'capacity','until':" TIME "}",
     "{'text':'x'}"},
    {"session.call",
     "{'after':'" H "','body':'b','from':" TIME ",'language':'ur','sitting':'proximity'}",
     "{'place_name':'x','title':'x'}"},
    {"session.attend", "{'at':" TIME ",'session':'" H "','status':'left'}",
     "{'delegation':'x','reason':'x'}"},
    {"session.open", "{'at':" TIME ",'session':'" H "'}", NULL},
    {"session.close", "{'at':" TIME ",'how':'collapsed','next':" TIME ",'session':'" H "'}",
     "{'reason':'x'}"},
    {"agenda.add", "{'action':'" H "','crossing':'c','incident':'" H "','session':'" H "'}",
     "{'topic':'x'}"},
    {"paper.table",
     "{'external_id':'7','language':'ps','session':'" H "','supersedes':'" H "','type':'t'}",
     "{'text':'x','title':'x'}"},
    {"exchange.give", "{'language':'ps','session':'" H "','to':'o','via':'v'}", "{'text':'x'}"},
    {"exchange.pass", "{'act':'asked_back','exchange':'" H "','language':'ur'}",
     "{'note':'x','text':'x'}"},
    {"exchange.answer", "{'answer':'considered','exchange':'" H "','language':'ur'}",
     "{'text':'x'}"},
    {"outcome.file",
     "{'item':'" H "','language':'en','session':'" H "','supersedes':'" H "','type':'decision'}",
     "{'published':'x','text':'x'}"},
    {"outcome.answer", "{'answer':'corrected','outcome':'" H "'}", "{'correction':'x'}"},
    {"action.assign",
     "{'due':" TIME ",'incident':'" H "','outcome':'" H "','owner':'o','session':'" H "'}",
     "{'test':'x','what':'x'}"},
    {"action.report", "{'action':'" H "','result':'partly'}", "{'text':'x'}"},
    {"action.check", "{'action':'" H "','result':'not_done'}", "{'text':'x'}"},
    {"text.open", "{'body':'b','languages':['en','ps'],'session':'" H "'}", "{'title':'x'}"},
    {"text.propose", "{'article':'1','as':'bridge','bridges':'" H "','text':'" H "'}",
     "{'note':'x','texts':[{'language':'en','text':'x'}]}"},
    {"text.answer", "{'answer':'rejected','wording':'" H "'}", "{'reason':'x'}"},
    {"text.final", "{'text':'" H "','versions':[{'language':'en','sha256':'" H "'}]}",
     "{'texts':[{'language':'en','text':'x'}]}"},
    {"text.concur", "{'final':'" H "','language':'en','sha256':'" H "'}", NULL},
    {"text.contest", "{'final':'" H "','language':'ps'}", "{'reading':'x'}"},
    {"intel.ask",
     "{'priority':'urgent','sector':'s','subject':'b','through':'o','to':'o','until':" TIME "}",
     "{'text':'x'}"},
    {"intel.answer", "{'answer':'given','as_of':" TIME ",'ask':'" H "','ground':'g'}",
     "{'text':'x'}"},
    {"intel.summary", "{'ask':'" H "'}", "{'text':'x'}"},
    {"intel.outcome", "{'ask':'" H "','outcome':'aged_out'}", "{'note':'x'}"},
    {"statement.log",
     "{'at':" TIME ",'channel':'press','external_id':'7','language':'ur','organisation':'o',"
     "'supersedes':'" H "'}",
     "{'place':'x','quote':'x','sources':[{'id':'s1'}],'speaker':'x'}"},
};

static struct json body_of(const char *text, struct arena *arena)
{
    char *copy = arena_text(arena, span_of(text));
    struct json body;
    struct err err = {0};

    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    bool parsed = json_parse(&body, span_of(copy), arena, &err);
    if (!parsed)
        fail_msg("%s: %s", text, err.text);
    return body;
}

static const struct kind *kind_named(const char *name)
{
    const struct kind *kind = kind_find(span_of(name), 1);

    CHECK_CASE(name, kind != NULL);
    return kind;
}

/* Where all of the kind's fields may stand together. */
static enum tier most_closed(const struct kind *kind)
{
    enum tier most = TIER_PUBLIC, tier;

    for (size_t f = 0; f < kind->count; f++)
        if (kind->fields[f].tier && tier_find(&tier, span_of(kind->fields[f].tier)) && tier > most)
            most = tier;
    return most;
}

static bool check_part(const struct kind *kind, const struct json *part, struct arena *arena,
                       struct err *err)
{
    return kind_check_part(kind, most_closed(kind), json_bytes(part, arena), arena, err);
}

/* Every kind is there, and its row names each of its fields. */
static void test_whole(void **state)
{
    const struct kind *kind;
    size_t count = 0;

    (void)state;
    for (; (kind = kind_at(count)) != NULL; count++) {
        struct arena arena = {0};
        struct err err = {0};

        assert_true(count < ARRAY_LEN(whole));
        assert_string_equal(whole[count].kind, kind->name);
        struct json entry = body_of(whole[count].entry, &arena);
        struct json part = body_of(whole[count].part ? whole[count].part : "{}", &arena);
        if (!kind_check_body(kind, &entry, &err) || !check_part(kind, &part, &arena, &err))
            fail_msg("%s: %s", kind->name, err.text);
        for (size_t f = 0; f < kind->count; f++)
            CHECK_CASE(kind->fields[f].name,
                       json_get(kind->fields[f].tier ? &part : &entry, kind->fields[f].name));
        arena_free(&arena);
    }
    assert_int_equal(count, ARRAY_LEN(whole));
}

/* The object with one member replaced, added or (value NULL) left out. */
static struct json with(const struct json *object, const char *member, const struct json *value,
                        struct arena *arena)
{
    struct json out = json_object();

    for (size_t i = 0; i < object->object.count; i++)
        if (!span_is(object->object.at[i].key, member))
            json_set(&out, arena_text(arena, object->object.at[i].key), object->object.at[i].value,
                     arena);
    if (value)
        json_set(&out, member, *value, arena);
    return out;
}

static bool accepts(const struct kind *kind, const struct json *object, bool in_entry,
                    struct arena *arena)
{
    struct err err = {0};
    bool ok =
        in_entry ? kind_check_body(kind, object, &err) : check_part(kind, object, arena, &err);

    assert(ok == (err.kind == ERR_NONE));
    return ok;
}

/* Each member of each whole body: of each wrong type, left out, in the wrong place. */
static void test_each_member(void **state)
{
    const struct json wrong[] = {json_integer(INT64_C(-9007199254740991)), json_text(""),
                                 json_array(), json_object()};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        const struct kind *kind = kind_named(whole[i].kind);
        struct arena arena = {0};
        struct json bodies[2] = {body_of(whole[i].entry, &arena),
                                 body_of(whole[i].part ? whole[i].part : "{}", &arena)};

        for (size_t f = 0; f < kind->count; f++) {
            const struct field *field = &kind->fields[f];
            bool in_entry = !field->tier;
            const struct json *home = &bodies[!in_entry], *away = &bodies[in_entry];
            const struct json *value = json_get(home, field->name);

            for (size_t w = 0; w < ARRAY_LEN(wrong); w++) {
                struct json changed = with(home, field->name, &wrong[w], &arena);
                bool may =
                    (field->type == FIELD_LIST && field->min == 0 && wrong[w].type == JSON_ARRAY);
                CHECK_CASE(field->name, accepts(kind, &changed, in_entry, &arena) == may);
            }
            struct json without = with(home, field->name, NULL, &arena);
            CHECK_CASE(field->name, accepts(kind, &without, in_entry, &arena) != field->required);
            struct json misplaced = with(away, field->name, value, &arena);
            CHECK_CASE(field->name, !accepts(kind, &misplaced, !in_entry, &arena));
        }
        for (int in_entry = 0; in_entry < 2; in_entry++) {
            struct json more = with(&bodies[!in_entry], "colour", &wrong[1], &arena);
            CHECK_CASE(kind->name, !accepts(kind, &more, in_entry, &arena));
        }
        arena_free(&arena);
    }
}

/* One member each of an otherwise whole body. */
static const struct {
    const char *name, *kind, *member, *value;
    const char *fault; /* "": is accepted */
} members[] = {
    {"a text of one byte", "claim", "matter", "'x'", ""},
    {"a text of the most bytes", "claim", "matter",
     "'0123456789012345678901234567890123456789012345678901234567890123'", ""},
    {"a text of more", "claim", "matter",
     "'01234567890123456789012345678901234567890123456789012345678901234'", "1 to 64 bytes"},
    {"no text", "claim", "matter", "''", "1 to 64 bytes"},
    {"a word", "claim", "channel", "'dataset'", ""},
    {"another word", "claim", "channel", "'rumour'", "none of its words: filed, press, dataset"},
    {"the start of a word", "claim", "channel", "'data'", "none of its words"},
    {"a token with a space", "claim", "external_id", "'a b'", "without spaces"},
    {"a token beyond ASCII", "claim", "external_id", "'é'", "without spaces"},
    {"an empty token", "claim", "external_id", "''", "1 to 100 characters"},
    {"the least integer", "claim", "min", "0", ""},
    {"less", "claim", "min", "-1", "must be 0 to"},
    {"the most", "agreement.adopt", "quorum", "64", ""},
    {"more", "agreement.adopt", "quorum", "65", "0 to 64"},
    {"a name in capitals", "member.revoke", "name", "'North'", "format §1.1"},
    {"a hash cut short", "node.attest", "digest", "'e3b0'", "64 lower-case hex digits"},
    {"a record named by its index", "incident.link", "incident", "5", "must be a record id"},
    {"a vkey with a wrong key id", "member.admit", "key",
     "'tester+a1f06ef1+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs'", "another key"},
    {"a vkey of small order", "member.admit", "key",
     "'tester+589f6e14+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'", "prime-order group"},

    {"for whom a gateway signs", "incident.flash", "on_behalf", "'p-1'", ""},
    {"for whom, with a space", "incident.flash", "on_behalf", "'Anna K'", "without spaces"},
    {"a time", "claim", "made", TIME, ""},
    {"the earliest time", "claim", "made",
     "{'at_ms':-62104060800000,'basis':'watch','offset_min':-840,'uncertainty_ms':0}", ""},
    {"an earlier one", "claim", "made",
     "{'at_ms':-62104060800001,'basis':'watch','offset_min':0,'uncertainty_ms':0}", "at_ms"},
    {"a later one than can be", "claim", "made",
     "{'at_ms':253370764800000,'basis':'watch','offset_min':0,'uncertainty_ms':0}", "at_ms"},
    {"a time without a basis", "claim", "made", "{'at_ms':1,'offset_min':0,'uncertainty_ms':0}",
     "lacks \"basis\""},
    {"a time of another basis", "claim", "made",
     "{'at_ms':1,'basis':'hope','offset_min':0,'uncertainty_ms':0}", "basis"},
    {"an offset of 15 hours", "claim", "made",
     "{'at_ms':1,'basis':'watch','offset_min':900,'uncertainty_ms':0}", "offset_min"},
    {"an error less than nothing", "claim", "made",
     "{'at_ms':1,'basis':'watch','offset_min':0,'uncertainty_ms':-1}", "uncertainty_ms"},
    {"a time with more", "claim", "made",
     "{'at_ms':1,'basis':'watch','offset_min':0,'uncertainty_ms':0,'zone':'x'}", "no field"},
    {"a time as text", "claim", "made", "'2025-10-12'", "stated time"},

    {"a list with one wrong item", "member.admit", "scope", "['claim','']", "number 2"},
    {"a list of another type", "member.admit", "scope", "[1]", "number 1"},
    {"a list too short", "member.admit", "scope", "[]", "1 to 32 items"},
    {"a list too long", "node.attest", "offered",
     "[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},"
     "{},{},{}]",
     "1 to 32 items"},
    {"an object that lacks a member", "node.attest", "offered", "[{'id':'" H "'}]",
     "lacks \"since_ms\""},
    {"a verb", "incident.observe", "verb", "'could_not_confirm'", ""},
    {"no verb of an observer", "incident.observe", "verb", "'believes'", "none of its words"},
    {"a means of nobody", "incident.observe", "means", "'guess'", "none of its words"},
    {"fewer dead than none", "incident.flash", "casualties_min", "-1", "must be 0 to"},
    {"a need that nobody can meet", "incident.flash", "needs", "['medevac','peace']", "number 2"},
    {"no need in the list", "incident.flash", "needs", "[]", "1 to 8 items"},
    {"a score of all", "incident.suggest", "score", "1000", ""},
    {"a score of more than all", "incident.suggest", "score", "1001", "0 to 1000"},
    {"a reason that is none", "incident.suggest", "reasons", "['hunch']", "none of its words"},
    {"an answer to a question that is no answer", "incident.explain", "answer", "'perhaps'",
     "none of its words"},
    {"nothing asked for", "evidence.preserve", "what", "[]", "1 to 10 items"},
    {"what no request names", "evidence.preserve", "what", "['radar','rumours']", "number 2"},
    {"silence is no answer", "evidence.answer", "answer", "'silent'", "none of its words"},
    {"half neutral", "evidence.assess", "neutral", "'half'", "none of its words"},
    {"a class of no evidence", "evidence.assess", "class", "'opinion'", "none of its words"},
    {"an origin with a space", "evidence.assess", "origin", "'a b'", "without spaces"},
    {"access for no purpose", "access.request", "purpose", "'look'", "none of its words"},
    {"an answer by halves", "access.answer", "answer", "'maybe'", "none of its words"},
    {"seen in part", "access.visit", "seen", "'in_part'", ""},
    {"seen unknown", "access.visit", "seen", "'unknown'", "none of its words"},
    {"a hindrance of no type", "access.restriction", "type", "'refusal'", "none of its words"},
    {"a watch that began on a day", "coverage.watch", "from", "'2025-11-06'", "stated time"},
    {"a watch of no sensor's name", "coverage.watch", "sensor", "''", "1 to 64 characters"},
    {"an outage for no cause there is", "coverage.outage", "cause", "'silence'",
     "none of its words"},
    {"a hash of one byte", "custody.take", "hashes", "['00']", "64 lower-case hex digits"},
    {"neither original nor copy", "custody.take", "form", "'draft'", "none of its words"},
    {"as good as new", "custody.receive", "condition", "'good'", "none of its words"},
    {"what cannot be taken out", "custody.release", "removed", "['truth']", "none of its words"},
    {"a position is no business of the entry", "incident.report", "lat_e7", "1", "no field"},

    {"parts", "claim", "parts", PARTS, ""},
    {"no parts", "claim", "parts", "[]", "1 to 64 items"},
    {"parts that are no list", "claim", "parts", "{}", "array"},
    {"a part of no tier", "claim", "parts",
     "[{'commitment':'" H "','recipients':[],'stored':'" H "'}]", "lacks \"tier\""},
    {"a part of another tier", "claim", "parts",
     "[{'commitment':'" H "','recipients':[],'stored':'" H "','tier':'secret'}]", "tier"},
    {"a part without recipients", "claim", "parts",
     "[{'commitment':'" H "','stored':'" H "','tier':'public'}]", "lacks \"recipients\""},
    {"a public part with recipients", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a'],'stored':'" H "','tier':'public'}]",
     "a public part has 0 to 0 recipients"},
    {"a part for nobody", "claim", "parts",
     "[{'commitment':'" H "','recipients':[],'stored':'" H "','tier':'mission'}]",
     "a mission part has 1 to 64 recipients"},
    {"a sealed part for one alone", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a'],'stored':'" H "','tier':'sealed'}]",
     "a sealed part has 2 to 2 recipients"},
    {"a sealed part for three", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a','b','c'],'stored':'" H "','tier':'sealed'}]",
     "a sealed part has 2 to 2 recipients"},
    {"a sealed part for an outer and an inner mediator", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a','b'],'stored':'" H "','tier':'sealed'}]", ""},
    {"the outer one first, whatever its name", "claim", "parts",
     "[{'commitment':'" H "','recipients':['b','a'],'stored':'" H "','tier':'sealed'}]", ""},
    {"a sealed part of one recipient twice", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a','a'],'stored':'" H "','tier':'sealed'}]",
     "named twice"},
    {"recipients out of order", "claim", "parts",
     "[{'commitment':'" H "','recipients':['b','a'],'stored':'" H "','tier':'mission'}]",
     "not in order"},
    {"a recipient named twice", "claim", "parts",
     "[{'commitment':'" H "','recipients':['a','b','b'],'stored':'" H "','tier':'mechanism'}]",
     "named twice"},
    {"a recipient of no name", "claim", "parts",
     "[{'commitment':'" H "','recipients':['A'],'stored':'" H "','tier':'mission'}]", "recipients"},
    {"a part with its salt", "claim", "parts",
     "[{'commitment':'" H "','recipients':[],'salt':'" H "','stored':'" H "','tier':'public'}]",
     "no field"},
    {"a commitment of 33 bytes", "claim", "parts",
     "[{'commitment':'00" H "','media':'a/b','recipients':[],'stored':'" H "','tier':'public'}]",
     "commitment"},
};

static void test_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct kind *kind = kind_named(members[i].kind);
        struct arena arena = {0};
        struct err err = {0};
        size_t row = 0;

        while (strcmp(whole[row].kind, members[i].kind) != 0)
            row++;
        struct json body = body_of(whole[row].entry, &arena);
        struct json value = body_of(members[i].value, &arena);
        body = with(&body, members[i].member, &value, &arena);
        bool ok = kind_check_body(kind, &body, &err);
        if (ok != (members[i].fault[0] == '\0') || !strstr(err.text, members[i].fault))
            fail_msg("case \"%s\": %s", members[i].name, err.text);
        arena_free(&arena);
    }
}

/* Likewise of the parts of reports. */
static void test_members_of_parts(void **state)
{
    static const struct {
        const char *name, *member, *value;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"casualties of any kind", "casualties", "[{'class':'missing','min':3}]", ""},
        {"an area", "shape",
         "[{'lat_e7':1,'lon_e7':1},{'lat_e7':2,'lon_e7':1},{'lat_e7':2,'lon_e7':2}]", ""},
        {"a line of casualties that says nothing of what", "casualties", "[{'max':1}]",
         "\"class\""},
        {"one of nobody that there is", "casualties", "[{'class':'killed','group':'elder'}]",
         "none of its words"},
        {"fewer than none", "casualties", "[{'class':'killed','min':-1}]", "must be 0"},
        {"a shape of one point", "shape", "[{'lat_e7':1,'lon_e7':1}]", "2 to 200"},
        {"a point without its longitude", "shape", "[{'lat_e7':1,'lon_e7':1},{'lat_e7':1}]",
         "lon_e7"},
        {"a point beyond the pole", "shape",
         "[{'lat_e7':900000001,'lon_e7':1},{'lat_e7':1,'lon_e7':1}]", "lat_e7"},
        {"a shape that is a ring", "shape_form", "'ring'", "none of its words"},
        {"a language of two words", "language", "'ur pk'", "without spaces"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct kind *kind = kind_named("incident.report");
        struct arena arena = {0};
        struct err err = {0};
        struct json part = json_object(), value = body_of(cases[i].value, &arena);

        json_set(&part, cases[i].member, value, &arena);
        bool ok = check_part(kind, &part, &arena, &err);
        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

#define ZERO(digit) "000000000000000000000000000000000000000000000000000000000000000" digit
#define PART_FOR(digit, tier, recipients)                                                          \
    "{'commitment':'" ZERO(digit) "','recipients':[" recipients "],'stored':'" H "','tier':'" tier \
                                  "'}"
#define PART(digit) PART_FOR(digit, "public", "")
#define MISSION(digit) PART_FOR(digit, "mission", "'a'")
#define MEDIUM(digit, tier, recipients)                                                            \
    "{'commitment':'" ZERO(digit) "','media':'image/jpeg','recipients':[" recipients               \
                                  "],'stored':'" H "','tier':'" tier "'}"

static void test_order_of_parts(void **state)
{
    static const struct {
        const char *name, *parts, *fault;
    } cases[] = {
        {"in order", "[" PART("1") "," MISSION("2") "]", ""},
        {"a part and media of one tier",
         "[" PART("1") "," MEDIUM("2", "public", "") "," MEDIUM("3", "public", "") "]", ""},
        {"media before the part", "[" MEDIUM("1", "public", "") "," PART("2") "]", ""},
        {"out of order", "[" PART("2") "," MISSION("1") "]", "order"},
        {"out of order further on",
         "[" PART("1") "," MISSION("3") "," PART_FOR("2", "sealed", "'a','b'") "]", "order"},
        {"one twice", "[" MEDIUM("1", "public", "") "," MEDIUM("1", "public", "") "]", "order"},
        {"two of one tier", "[" PART("1") "," PART("2") "]", "two of one tier"},
        {"two of one tier with others between",
         "[" MISSION("1") "," MEDIUM("2", "mission", "'a'") "," MISSION("3") "]",
         "two of one tier"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json body = json_object(), parts = body_of(cases[i].parts, &arena);
        struct err err = {0};

        json_set(&body, "parts", parts, &arena);
        bool ok = parts_check(&body, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        arena_free(&arena);
    }
}

/* Made, found in order, opened; and opened by nothing else (format §4.2). */
static void test_part_make(void **state)
{
    struct arena arena = {0};
    struct json body = json_object();
    struct err err = {0};
    struct span stored[3];

    (void)state;
    for (uint8_t i = 0; i < 3; i++) {
        uint8_t salt[PART_SALT_BYTES] = {i};
        struct json before = json_object();

        stored[i] = part_make(&body, salt, SPAN_LIT("{\"title\":\"x\"}"), &arena);
        part_make(&before, salt, SPAN_LIT("{\"title\":\"x\"}"), &arena);
        assert_true(parts_check(&before, &err));

        /* By hand: SHA-256("sulh/part/v1\n" ‖ salt ‖ bytes), and of what is stored. */
        struct part part;
        struct hash commitment = hash_of_parts((const struct span[]){SPAN_LIT("sulh/part/v1\n"),
                                                                     span_make(salt, sizeof salt),
                                                                     SPAN_LIT("{\"title\":\"x\"}")},
                                               3);
        struct hash of_stored = hash_of(stored[i]);
        char hex[65];
        assert_true(part_at(&before, 0, &part));
        assert_false(part_at(&before, 1, &part));
        hex_text(hex, hash_span(&commitment));
        assert_true(span_is(part.commitment, hex));
        hex_text(hex, hash_span(&of_stored));
        assert_true(span_is(part.stored, hex));
    }
    for (size_t n = 0; n < 3; n++) {
        struct part part, next;
        struct span bytes = {0};
        size_t opened = 0;

        assert_true(part_at(&body, n, &part));
        assert_true(!part_at(&body, n + 1, &next) ||
                    span_compare(part.commitment, next.commitment) < 0);
        for (size_t i = 0; i < 3; i++)
            opened += part_open(&part, stored[i], &bytes);
        assert_int_equal(opened, 1);
        assert_true(span_is(bytes, "{\"title\":\"x\"}"));
        assert_false(part_open(&part, span_slice(stored[0], 0, PART_SALT_BYTES - 1), &bytes));
        assert_false(part_open(&part, span_slice(stored[0], 0, stored[0].len - 1), &bytes));
    }
    assert_false(parts_check(&body, &err)); /* three of one tier, without media */
    arena_free(&arena);
}

/* What is not canonical, or not of the tier, is no part. */
static void test_part_bytes(void **state)
{
    static const struct {
        const char *name, *kind;
        enum tier tier;
        const char *bytes;
        bool ok;
    } cases[] = {
        {"as it should be", "incident.open", TIER_PUBLIC, "{\"title\":\"x\"}", true},
        {"nothing in it", "incident.open", TIER_PUBLIC, "{}", true},
        {"white space", "incident.open", TIER_PUBLIC, "{ \"title\":\"x\"}", false},
        {"cut short", "incident.open", TIER_PUBLIC, "{\"title\":\"x\"", false},
        {"no object", "incident.open", TIER_PUBLIC, "[]", false},
        {"a field of the entry", "incident.open", TIER_PUBLIC, "{\"external_id\":\"7\"}", false},
        {"parts", "incident.open", TIER_PUBLIC, "{\"parts\":[]}", false},
        {"a more closed tier", "incident.open", TIER_MISSION, "{\"title\":\"x\"}", true},
        {"the most closed", "incident.open", TIER_SEALED, "{\"title\":\"x\"}", true},
        {"a field of the entry, closed", "incident.open", TIER_SEALED, "{\"external_id\":\"7\"}",
         false},
        {"no field", "incident.open", TIER_SEALED, "{\"colour\":\"red\"}", false},
        {"a title too long", "incident.open", TIER_PUBLIC, "{\"title\":\"\"}", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};

        CHECK_CASE(cases[i].name,
                   kind_check_part(kind_named(cases[i].kind), cases[i].tier,
                                   span_of(cases[i].bytes), &arena, &err) == cases[i].ok);
        arena_free(&arena);
    }
}

static void test_split(void **state)
{
    static const struct {
        const char *name, *kind;
        enum tier least;
        const char *flat, *entry, *part;
        const char *fault; /* NULL: is accepted */
    } cases[] = {
        {"both", "incident.open", TIER_PUBLIC, "{'external_id':'7','title':'x'}",
         "{'external_id':'7'}", "{'title':'x'}", NULL},
        {"the entry alone", "incident.open", TIER_PUBLIC, "{'external_id':'7'}",
         "{'external_id':'7'}", "{}", NULL},
        {"the part alone", "incident.open", TIER_PUBLIC, "{'title':'x'}", "{}", "{'title':'x'}",
         NULL},
        {"closed by its author", "incident.open", TIER_MECHANISM, "{'external_id':'7','title':'x'}",
         "{'external_id':'7'}", "{'title':'x'}", NULL},
        {"as closed as can be", "incident.open", TIER_SEALED, "{'title':'x'}", "{}",
         "{'title':'x'}", NULL},
        {"nothing", "incident.open", TIER_PUBLIC, "{}", "{}", "{}", NULL},
        {"no object", "incident.open", TIER_PUBLIC, "[]", "", "", "must be an object"},
        {"no field", "incident.open", TIER_PUBLIC, "{'colour':'red'}", "", "",
         "no field \"colour\""},
        {"parts are made, not given", "incident.open", TIER_PUBLIC, "{'parts':" PARTS "}", "", "",
         "no field \"parts\""},
        {"a fault in the entry", "incident.open", TIER_PUBLIC, "{'external_id':''}", "", "",
         "external_id"},
        {"a fault in the part", "incident.open", TIER_PUBLIC, "{'title':''}", "", "", "title"},
        {"something of the part missing", "consequence.order", TIER_MISSION,
         "{'finding':'" H "','owner':'s','ruling':'" H "','rung':'r'}", "", "",
         "\"test\" is missing"},
        {"something missing", "incident.link", TIER_PUBLIC, "{'reason':'x'}", "", "", "is missing"},
        {"no field, however closed", "incident.open", TIER_SEALED, "{'colour':'red'}", "", "",
         "no field \"colour\""},
        {"a fault in a closed part", "incident.open", TIER_MISSION, "{'title':''}", "", "",
         "title"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json flat = body_of(cases[i].flat, &arena);
        struct kind_fields fields = {0};
        struct err err = {0};
        bool ok =
            kind_split(kind_named(cases[i].kind), &flat, cases[i].least, &fields, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault == NULL));
        CHECK_CASE(cases[i].name, ok || strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, ok || fields.entry.type == JSON_INTEGER);
        if (ok) {
            struct json want_entry = body_of(cases[i].entry, &arena);
            struct json want_part = body_of(cases[i].part, &arena);
            CHECK_CASE(cases[i].name, json_equal(&fields.entry, &want_entry));
            CHECK_CASE(cases[i].name, json_equal(&fields.part[cases[i].least], &want_part));
            for (enum tier tier = 0; tier < TIERS; tier++)
                CHECK_CASE(cases[i].name,
                           tier == cases[i].least || fields.part[tier].object.count == 0);
        }
        arena_free(&arena);
    }
}

static void test_find(void **state)
{
    static const struct {
        const char *name;
        uint64_t version;
        bool there;
    } cases[] = {
        {"claim", 1, true},     {"incident.report", 1, true},
        {"claim", 2, false},    {"claim", 0, false},
        {"Claim", 1, false},    {"claims", 1, false},
        {"clai", 1, false},     {"", 1, false},
        {"incident", 1, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   (kind_find(span_of(cases[i].name), cases[i].version) != NULL) == cases[i].there);
}

static void check_table(const struct field *fields, size_t count)
{
    static const enum field_type lengths[] = {FIELD_TEXT, FIELD_TOKEN, FIELD_LIST};

    for (size_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];

        CHECK_CASE(field->name, json_key_valid(span_of(field->name)));
        CHECK_CASE(field->name, field->about && field->about[0]);
        CHECK_CASE(field->name, !field->term || field->type == FIELD_TOKEN);
        CHECK_CASE(field->name, (field->type == FIELD_WORD || field->type == FIELD_RECORD) ==
                                    (field->words != NULL));
        CHECK_CASE(field->name, (field->type == FIELD_OBJECT || field->type == FIELD_LIST) ==
                                    (field->fields != NULL));
        for (size_t t = 0; t < ARRAY_LEN(lengths); t++)
            CHECK_CASE(field->name, field->type != lengths[t] || field->max > 0);
        for (size_t j = 0; j < i; j++)
            CHECK_CASE(field->name, strcmp(fields[j].name, field->name) != 0);
        check_table(field->fields, field->count);
    }
}

/* What the manual is printed from is all there, and what refers to a kind finds it. */
static void test_tables(void **state)
{
    const struct kind *kind;

    (void)state;
    for (size_t k = 0; (kind = kind_at(k)) != NULL; k++) {
        CHECK_CASE(kind->name, kind->jobs[0] && kind->about[0] && kind->version == 1);
        CHECK_CASE(kind->name, kind_find(span_of(kind->name), 1) == kind);
        check_table(kind->fields, kind->count);
        for (size_t f = 0; f < kind->count; f++)
            for (size_t w = 0; kind->fields[f].type == FIELD_RECORD && kind->fields[f].words[w];
                 w++)
                kind_named(kind->fields[f].words[w]);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_whole),          cmocka_unit_test(test_each_member),
    cmocka_unit_test(test_members),        cmocka_unit_test(test_members_of_parts),
    cmocka_unit_test(test_order_of_parts), cmocka_unit_test(test_part_make),
    cmocka_unit_test(test_part_bytes),     cmocka_unit_test(test_split),
    cmocka_unit_test(test_find),           cmocka_unit_test(test_tables),
};

RUN_TESTS(tests)
