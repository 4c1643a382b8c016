#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/*
 * Every line of every room's table of moves is walked, and every state without a line is
 * refused with the agreement's clause. The tables say what there is to walk; `samples` has, of
 * each kind and word, a record that is in order but for the state that things are in.
 */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"

#define PART_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PART_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SEALED(more)                                                                               \
    "{'commitment':'" PART_A "','recipients':['east/seal','west/seal'],'stored':'" PART_B "'" more \
    "}"
#define ERASE(part) "{'clause':'7','part':'" part "'}"
#define OPENED(step)                                                                               \
    "{'part':'" PART_A                                                                             \
    "','parts':[" SEALED(",'media':'application/json','tier':'sealed'") "],"                       \
                                                                        "'step':'" step "'}"
#define LANE "'class':'cargo','crossing':'bridge','direction':'southward'"
#define TRANSIT(priority)                                                                          \
    "{" LANE ",'from':" AT ",'host':'south','priority':" priority ",'type':'convoy','until':" AT "}"
#define SEND(more) "{'priority':'routine'" more ",'to':'south'}"
#define SESSION(more) "{'session':'$session'" more "}"
#define SESSION_CALL "{'body':'commission','from':" AT ",'sitting':'joint'}"
#define ATTEND(status) SESSION(",'status':'" status "'")
#define ASSIGN "{'due':" AT ",'owner':'south','session':'$session'}"
#define TEXT_OPEN "{'body':'commission','languages':['en']}"
#define WORD(article, as) "{'article':'" article "','as':'" as "','text':'$text'}"
#define FINAL(hash) "{'text':'$text','versions':[{'language':'en','sha256':'" hash "'}]}"
#define LONG_AGO "{'at_ms':1750000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define INTEL(priority)                                                                            \
    "{'priority':'" priority                                                                       \
    "','subject':'movement','through':'east','to':'south','until':" LONG_AGO "}"
#define NOTICE "{'from':" AT ",'type':'flight','until':" AT "}"

/* What must have been said for the samples to have something to name. */
static const struct line before[] = {
    {"a case", NULL, "mission/desk", "case.triage",
     "{'accused':['north','south'],'act':'shelling','case':'$incident','grade':'grave',"
     "'modalities':1,'outcome':'open'}",
     "holds"},
    {"known to all", NULL, "mission/desk", "case.notify", "{'case':'$incident'}", "holds"},
    {"a task", "task", "mission/desk", "case.task", "{'case':'$incident'}", "holds"},
    {"another incident", "other", "mission/desk", "incident.open", "{}", "holds"},
    {"a report", "report", "north/desk", "incident.report", "{}", "holds"},
    {"a question", "question", "mission/desk", "incident.ask", "{'record':'$report','to':'north'}",
     "holds"},
    {"what is to be kept", "request", "mission/desk", "evidence.preserve",
     "{'case':'$incident','to':'south','what':['radar']}", "holds"},
    {"a wish to go there", "access", "mission/desk", "access.request",
     "{'case':'$incident','host':'south','purpose':'verify','sector':'east'}", "holds"},
    {"a fragment", "item", "mission/desk", "custody.take",
     "{'class':'object','form':'original','item':'bag-1','taken':" AT "}", "holds"},
    {"what north says", "northern", "north/desk", "incident.report", "{'act':'shelling'}", "holds"},
    {"what south says", "southern", "south/desk", "incident.report", "{'act':'shelling'}", "holds"},
    {"one seal", NULL, "north/root", "member.admit",
     "{'age':'" TEST_AGE "','job':'author','key':'@east/seal','org':'east','role':'desk'}",
     "holds"},
    {"another", NULL, "north/root", "member.admit",
     "{'age':'" TEST_AGE "','job':'author','key':'@west/seal','org':'west','role':'desk'}",
     "holds"},
    {"what is sealed, and what is not", NULL, "mission/desk", "incident.report",
     "{'parts':[" SEALED(",'tier':'sealed'") ",{'commitment':'" PART_B
                                             "','recipients':[],'stored':'" PART_B
                                             "','tier':'public'}]}",
     "holds"},
    {"to be erased", NULL, "east/desk", "part.erase", ERASE(PART_B), "holds"},
    {"so says another", NULL, "west/desk", "part.erase", ERASE(PART_B), "holds"},
    {"what wants to pass", "transit", "north/desk", "transit.request", TRANSIT("'routine'"),
     "holds"},
    {"a word to the other side", "message", "north/desk", "hotline.send", SEND(""), "holds"},
    {"by another's hand", "via", "north/desk", "hotline.send",
     "{'priority':'routine','to':'south','via':'east'}", "holds"},
    {"put into other words", "relay", "east/desk", "hotline.relay",
     "{'act':'passed','language':'ps','message':'$via'}", "holds"},
    {"a test", "check", "north/desk", "hotline.check", "{'text':'river','to':'south'}", "holds"},
    {"a call", "call", "north/desk", "hotline.call", "{'level':'principal','to':'south'}", "holds"},
    {"what is owed", "owed", "mission/desk", "obligation.open",
     "{'obligation':'hold-fire','organisation':'south'}", "holds"},
    {"a step", "step", "south/desk", "obligation.report",
     "{'at':" AT ",'owing':'$owed','status':'step'}", "holds"},
    {"three handed over", "persons", "south/desk", "person.register",
     "{'at':" AT ",'persons':3,'to':'north','what':'handed_over'}", "holds"},
    {"a demand", "demand", "north/desk", "demand.make", "{'to':'south'}", "holds"},
    {"what is asked in confidence", "intel", "north/desk", "intel.ask", INTEL("routine"), "holds"},
    {"a flight announced", "notice", "north/desk", "notice.give", NOTICE, "holds"},
    {"a session", "session", "east/desk", "session.call", SESSION_CALL, "holds"},
    {"the other is there", NULL, "south/desk", "session.attend", ATTEND("present"), "holds"},
    {"one is there", NULL, "north/desk", "session.attend", ATTEND("present"), "holds"},
    {"open", NULL, "east/desk", "session.open", SESSION(""), "holds"},
    {"a text for the other", "carried", "north/desk", "exchange.give",
     "{'to':'south','via':'east'}", "holds"},
    {"minutes", "minutes", "east/desk", "outcome.file", SESSION(",'type':'minutes'"), "holds"},
    {"to be done", "action", "east/desk", "action.assign", ASSIGN, "holds"},
    {"a text", "text", "east/desk", "text.open", TEXT_OPEN, "holds"},
    {"worded", "worded", "north/desk", "text.propose", WORD("1", "wording"), "holds"},
    {"so it is", NULL, "south/desk", "text.answer", "{'answer':'accepted','wording':'$worded'}",
     "holds"},
    {"as a whole", "whole", "east/desk", "text.final", FINAL(PART_A), "holds"},
    {"another", "text2", "east/desk", "text.open", TEXT_OPEN, "holds"},
    {"a bridge", "bridge", "east/desk", "text.propose",
     "{'article':'1','as':'bridge','text':'$text2'}", "holds"},
};

/* Of those in the rooms of findings, rulings and consequences, in addition. */
static const struct line ruled[] = {
    {"what the report is worth", NULL, "mission/desk", "evidence.assess",
     "{'class':'testimony','neutral':'no','origin':'north','record':'$report'}", "holds"},
    {"what is found", "finding", "mission/desk", "finding.draft",
     "{'allegation':'shelling','alternatives':'none','case':'$incident','contradictions':'none',"
     "'items':['$report'],'outcome':'established','standard':'told'}",
     "holds"},
    {"sent round", NULL, "mission/desk", "case.circulate", "{'case':'$incident'}", "holds"},
    {"three hours", NULL, "north/node", "clock.tick", "{'at_ms':1760010800000}", "holds"},
    {"issued", NULL, "mission/desk", "finding.issue", "{'finding':'$finding'}", "holds"},
    {"not settled", NULL, "north/desk", "ruling.fail", "{'case':'$incident','step':'agree'}",
     "holds"},
    {"not yet by them", NULL, "east/desk", "ruling.fail", "{'case':'$incident','step':'mediators'}",
     "holds"},
    {"a ruling", "ruling", "mission/desk", "ruling.propose",
     "{'case':'$incident','findings':['$finding'],'rungs':['fine','regret'],'step':'mediators'}",
     "holds"},
    {"one says so", NULL, "east/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruling'}",
     "holds"},
    {"so does the other", NULL, "west/desk", "ruling.answer",
     "{'answer':'concur','ruling':'$ruling'}", "holds"},
    {"what follows", "order", "mission/desk", "consequence.order",
     "{'due':" AT ",'finding':'$finding','owner':'south','ruling':'$ruling','rung':'regret'}",
     "holds"},
    {"an appeal", "appeal", "south/desk", "appeal.file",
     "{'case':'$incident','ground':'procedure','ruling':'$ruling'}", "holds"},
};

#define CASE(more) "{'case':'$incident'" more "}"
#define TRIAGE(more) CASE(",'modalities':1,'outcome':" more)
#define REPLY_DEADLINE CASE(",'clock':'reply','organisation':'north','subject':'$incident'")

#define DECLARE(state) "{'organisation':'north','state':'" state "'}"
#define MATCH(left, right) "{'left':'$" left "','result':'same_event','right':'$" right "'}"

#define DECLARED(status)                                                                           \
    {                                                                                              \
        "crossing.declare", status, "north/desk",                                                  \
            "{" LANE ",'since':" AT ",'status':'" status "'}", "lane",                             \
            "bridge southward cargo north"                                                         \
    }
#define TRANSIT_ANSWER(word)                                                                       \
    {                                                                                              \
        "transit.answer", word, "south/desk", "{'answer':'" word "','request':'$transit'}", NULL,  \
            NULL                                                                                   \
    }
#define TRANSIT_OUTCOME(word)                                                                      \
    {                                                                                              \
        "transit.outcome", word, "north/desk",                                                     \
            "{'at':" AT ",'outcome':'" word "','request':'$transit'}", NULL, NULL                  \
    }
#define OWED_REPORT(word)                                                                          \
    {                                                                                              \
        "obligation.report", word, "south/desk",                                                   \
            "{'at':" AT ",'ground':'not-agreed','owing':'$owed','status':'" word "'}", NULL, NULL  \
    }
#define SETTLE(word)                                                                               \
    {                                                                                              \
        "obligation.settle", word, "mission/desk", "{'owing':'$owed','result':'" word "'}", NULL,  \
            NULL                                                                                   \
    }
#define PERSONS(word, more)                                                                        \
    {                                                                                              \
        "person.register", word, "south/desk",                                                     \
            "{'at':" AT ",'persons':3" more ",'what':'" word "'}", NULL, NULL                      \
    }
#define PERSON_MOVE(word, more)                                                                    \
    {                                                                                              \
        "person.move", word, "south/desk",                                                         \
            "{'at':" AT ",'register':'$persons'" more ",'what':'" word "'}", NULL, NULL            \
    }
#define DEMAND_ANSWER(word)                                                                        \
    {                                                                                              \
        "demand.answer", word, "south/desk",                                                       \
            "{'answer':'" word "','demand':'$demand','ground':'not-agreed'}", NULL, NULL           \
    }
#define INTEL_OUTCOME(word)                                                                        \
    {                                                                                              \
        "intel.outcome", word, "north/desk", "{'ask':'$intel','outcome':'" word "'}", NULL, NULL   \
    }
#define NOTICE_REPORT(word)                                                                        \
    {                                                                                              \
        "notice.report", word, "north/desk",                                                       \
            "{'at':" AT ",'notice':'$notice','state':'" word "'}", NULL, NULL                      \
    }

#define ACK(step)                                                                                  \
    {                                                                                              \
        "hotline.ack", step, "south/desk", "{'message':'$message','step':'" step "'}", NULL, NULL  \
    }
#define RELAY(act)                                                                                 \
    {                                                                                              \
        "hotline.relay", act, "east/desk", "{'act':'" act "','message':'$via'}", NULL, NULL        \
    }
#define LINE(status)                                                                               \
    {                                                                                              \
        "hotline.line", status, "north/desk",                                                      \
            "{'checked':'yes','since':" AT ",'status':'" status "','to':'south'}", "line",         \
            "north south"                                                                          \
    }
#define CALL_ANSWER(word)                                                                          \
    {                                                                                              \
        "hotline.call_answer", word, "south/desk",                                                 \
            "{'answer':'" word "','at':" AT ",'call':'$call','ground':'nothing-new'}", NULL, NULL  \
    }

#define ATTENDED(status)                                                                           \
    {                                                                                              \
        "session.attend", status, "north/desk", ATTEND(status), NULL, NULL                         \
    }
#define CLOSED(how)                                                                                \
    {                                                                                              \
        "session.close", how, "east/desk", SESSION(",'how':'" how "','next':" AT), NULL, NULL      \
    }
#define CARRIED(act)                                                                               \
    {                                                                                              \
        "exchange.pass", act, "east/desk", "{'act':'" act "','exchange':'$carried'}", NULL, NULL   \
    }
#define OUTCOME(type)                                                                              \
    {                                                                                              \
        "outcome.file", type, "east/desk", SESSION(",'type':'" type "'"), NULL, NULL               \
    }
#define AGREED(word)                                                                               \
    {                                                                                              \
        "outcome.answer", word, "north/desk", "{'answer':'" word "','outcome':'$minutes'}", NULL,  \
            NULL                                                                                   \
    }
#define OF_ACTION(kind, by, result)                                                                \
    {                                                                                              \
        kind, result, by, "{'action':'$action','result':'" result "'}", NULL, NULL                 \
    }

static const struct sample {
    const char *kind, *word;
    const char *by, *body;
    const char *table, *key; /* the row that it moves where the tables of kinds do not say */
} samples[] = {
    {"case.triage", "open", "mission/desk", TRIAGE("'open'"), NULL, NULL},
    {"case.triage", "out_of_mandate", "mission/desk", TRIAGE("'out_of_mandate'"), NULL, NULL},
    {"case.triage", "linked", "mission/desk", TRIAGE("'linked','same_as':'$other'"), NULL, NULL},
    {"case.notify", NULL, "mission/desk", CASE(""), NULL, NULL},
    {"case.task", NULL, "mission/desk", CASE(""), NULL, NULL},
    {"case.verify", NULL, "mission/desk", "{'result':'seen','task':'$task'}", NULL, NULL},
    {"case.reply", "admits", "north/desk", CASE(",'answer':'admits'"), NULL, NULL},
    {"case.reply", "justifies", "north/desk", CASE(",'answer':'justifies'"), NULL, NULL},
    {"case.reply", "denies", "north/desk", CASE(",'answer':'denies'"), NULL, NULL},
    {"case.reply", "counter_claims", "north/desk", CASE(",'answer':'counter_claims'"), NULL, NULL},
    {"case.reply", "no_knowledge", "north/desk", CASE(",'answer':'no_knowledge'"), NULL, NULL},
    {"case.reply", "asks_time", "north/desk", CASE(",'answer':'asks_time'"), NULL, NULL},
    {"case.mark", NULL, "mission/desk", CASE(",'side':'unsafe'"), "side_state", "$incident unsafe"},
    {"case.unmark", NULL, "mission/desk", CASE(",'side':'unsafe'"), "side_state",
     "$incident unsafe"},
    {"case.recuse", NULL, "east/desk", CASE(",'organisation':'east'"), NULL, NULL},
    {"case.summon", NULL, "mission/desk", CASE(",'organisation':'north'"), NULL, NULL},
    {"case.publish", NULL, "mission/desk", CASE(",'tier':'public'"), NULL, NULL},
    {"case.close", NULL, "mission/desk", CASE(",'reason':'not_pursued'"), NULL, NULL},
    {"case.reopen", NULL, "mission/desk", CASE(",'reason':'error'"), NULL, NULL},
    {"deadline.extend", NULL, "mission/desk",
     CASE(",'clock':'reply','for_ms':1000,'organisation':'north','subject':'$incident'"),
     "deadline", "$incident reply north"},
    {"deadline.pause", NULL, "mission/desk", REPLY_DEADLINE, "deadline", "$incident reply north"},
    {"deadline.resume", NULL, "mission/desk", REPLY_DEADLINE, "deadline", "$incident reply north"},
    {"incident.flash", NULL, "north/desk", "{'needs':['medevac']}", NULL, NULL},
    {"incident.observe", NULL, "mission/desk", "{'at':" AT ",'means':'saw','verb':'saw'}", NULL,
     NULL},
    {"incident.read", NULL, "mission/desk", "{'means':'radar','sensor':'r1'}", NULL, NULL},
    {"incident.warn", NULL, "north/desk", "{'to':'south'}", NULL, NULL},
    {"incident.ask", NULL, "mission/desk", "{'record':'$report','to':'north'}", NULL, NULL},
    {"incident.explain", "given", "north/desk", "{'answer':'given','clarification':'$question'}",
     NULL, NULL},
    {"incident.explain", "refused", "north/desk",
     "{'answer':'refused','clarification':'$question'}", NULL, NULL},
    {"incident.explain", "unknown", "north/desk",
     "{'answer':'unknown','clarification':'$question'}", NULL, NULL},
    {"incident.suggest", NULL, "mission/desk", "{'incident':'$incident','record':'$report'}", NULL,
     NULL},
    {"evidence.preserve", NULL, "mission/desk", CASE(",'to':'south','what':['radar']"), NULL, NULL},
    {"evidence.answer", "given", "south/desk", "{'answer':'given','request':'$request'}", NULL,
     NULL},
    {"evidence.answer", "in_part", "south/desk", "{'answer':'in_part','request':'$request'}", NULL,
     NULL},
    {"evidence.answer", "refused", "south/desk", "{'answer':'refused','request':'$request'}", NULL,
     NULL},
    {"evidence.answer", "none_held", "south/desk", "{'answer':'none_held','request':'$request'}",
     NULL, NULL},
    {"evidence.answer", "later", "south/desk", "{'answer':'later','request':'$request'}", NULL,
     NULL},
    {"evidence.answer", "committed", "south/desk",
     "{'answer':'committed','commitments':['" PART_A "'],'request':'$request'}", NULL, NULL},
    {"evidence.assess", NULL, "mission/desk",
     "{'class':'physical','neutral':'no','origin':'north','record':'$report'}", NULL, NULL},
    {"access.request", NULL, "mission/desk",
     CASE(",'host':'south','purpose':'verify','sector':'east'"), NULL, NULL},
    {"access.answer", "granted", "south/desk", "{'answer':'granted','request':'$access'}", NULL,
     NULL},
    {"access.answer", "denied", "south/desk", "{'answer':'denied','request':'$access'}", NULL,
     NULL},
    {"access.answer", "delayed", "south/desk", "{'answer':'delayed','request':'$access'}", NULL,
     NULL},
    {"access.answer", "conditional", "south/desk", "{'answer':'conditional','request':'$access'}",
     NULL, NULL},
    {"access.visit", NULL, "mission/desk", "{'arrived':" AT ",'request':'$access','seen':'no'}",
     NULL, NULL},
    {"access.restriction", NULL, "mission/desk", "{'at':" AT ",'sector':'east','type':'denial'}",
     NULL, NULL},
    {"coverage.watch", NULL, "mission/desk", "{'from':" AT ",'sector':'east','until':" AT "}", NULL,
     NULL},
    {"coverage.outage", NULL, "mission/desk", "{'cause':'jammed','from':" AT ",'sector':'east'}",
     NULL, NULL},
    {"custody.take", NULL, "mission/desk",
     CASE(",'class':'object','form':'original','item':'bag-2','taken':" AT), NULL, NULL},
    {"custody.hand", NULL, "mission/desk", "{'item':'$item','to':'east'}", NULL, NULL},
    {"custody.receive", "intact", "mission/desk", "{'condition':'intact','item':'$item'}", NULL,
     NULL},
    {"custody.receive", "damaged", "mission/desk", "{'condition':'damaged','item':'$item'}", NULL,
     NULL},
    {"custody.receive", "seal_broken", "mission/desk", "{'condition':'seal_broken','item':'$item'}",
     NULL, NULL},
    {"custody.receive", "missing", "mission/desk", "{'condition':'missing','item':'$item'}", NULL,
     NULL},
    {"custody.release", NULL, "mission/desk",
     "{'record':'$report','removed':['face'],'tier':'parties'}", NULL, NULL},
    {"state.declare", "in_force", "north/desk", DECLARE("in_force"), "ceasefire", "north"},
    {"state.declare", "suspended", "north/desk", DECLARE("suspended"), "ceasefire", "north"},
    {"state.declare", "withdrawn", "north/desk", DECLARE("withdrawn"), "ceasefire", "north"},
    {"state.declare", "ended", "north/desk", DECLARE("ended"), "ceasefire", "north"},
    {"state.declare", "disputed", "north/desk", DECLARE("disputed"), "ceasefire", "north"},
    {"state.level", NULL, "north/desk", "{'level':'high','sector':'east'}", "level", "north east"},
    {"ledger.match", NULL, "mission/desk", MATCH("northern", "southern"), "match", "$low $high"},
    {"ledger.unmatch", NULL, "mission/desk", "{'left':'$southern','right':'$northern'}", "match",
     "$low $high"},
    {"member.accredit", NULL, "north/desk",
     "{'host':'north','name':'mission/desk','sectors':['east']}", "accreditation",
     "mission/desk north"},
    {"member.dismiss", NULL, "north/desk", "{'host':'north','name':'mission/desk'}",
     "accreditation", "mission/desk north"},
    {"finding.draft", NULL, "mission/desk",
     CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"
          "'disproved','standard':'told'"),
     NULL, NULL},
    {"case.circulate", NULL, "mission/desk", CASE(""), NULL, NULL},
    {"finding.comment", NULL, "north/desk", CASE(",'finding':'$finding'"), NULL, NULL},
    {"finding.issue", NULL, "mission/desk", "{'finding':'$finding'}", NULL, NULL},
    {"ruling.propose", NULL, "mission/desk", CASE(",'findings':['$finding'],'step':'agree'"), NULL,
     NULL},
    {"ruling.interpret", NULL, "mission/desk", "{'clause':'7','step':'agree'}", NULL, NULL},
    {"ruling.review", NULL, "mission/desk",
     "{'appeal':'$appeal','result':'upheld','step':'mediators'}", NULL, NULL},
    {"ruling.answer", NULL, "east/desk", "{'answer':'refuse','ruling':'$ruling'}", NULL, NULL},
    {"ruling.fail", NULL, "north/desk", CASE(",'step':'agree'"), NULL, NULL},
    {"ruling.none", NULL, "mission/desk", CASE(""), NULL, NULL},
    {"ruling.dissent", NULL, "north/desk", "{'ruling':'$ruling'}", NULL, NULL},
    {"ruling.reserve", NULL, "north/desk", "{'ruling':'$ruling'}", NULL, NULL},
    {"consequence.order", NULL, "mission/desk",
     "{'due':" AT ",'finding':'$finding','owner':'south','ruling':'$ruling','rung':'regret'}", NULL,
     NULL},
    {"consequence.perform", NULL, "south/desk", "{'consequence':'$order'}", NULL, NULL},
    {"consequence.check", "done", "mission/desk", "{'consequence':'$order','result':'done'}", NULL,
     NULL},
    {"consequence.check", "in_part", "mission/desk", "{'consequence':'$order','result':'in_part'}",
     NULL, NULL},
    {"consequence.check", "not_done", "mission/desk",
     "{'consequence':'$order','result':'not_done'}", NULL, NULL},
    DECLARED("open"),
    DECLARED("limited"),
    DECLARED("suspended"),
    DECLARED("closed"),
    DECLARED("unknown"),
    {"crossing.observe", NULL, "mission/desk", "{" LANE ",'at':" AT ",'status':'open'}",
     "lane_seen", "bridge southward cargo mission"},
    {"crossing.count", NULL, "north/desk",
     "{" LANE ",'from':" AT ",'measure':'persons','min':3,'source':'own','until':" AT "}", NULL,
     NULL},
    {"crossing.return", NULL, "north/desk",
     "{'class':'patient','crossing':'bridge','from':" AT ",'persons':3,'source':'own','until':" AT
     "}",
     NULL, NULL},
    {"transit.request", "routine", "north/desk", TRANSIT("'routine'"), NULL, NULL},
    {"transit.request", "urgent", "north/desk", TRANSIT("'urgent'"), NULL, NULL},
    {"transit.request", "medical", "north/desk", TRANSIT("'medical'"), NULL, NULL},
    TRANSIT_ANSWER("granted"),
    TRANSIT_ANSWER("denied"),
    TRANSIT_ANSWER("delayed"),
    TRANSIT_ANSWER("conditional"),
    TRANSIT_OUTCOME("passed"),
    TRANSIT_OUTCOME("turned_back"),
    TRANSIT_OUTCOME("expired"),
    TRANSIT_OUTCOME("cancelled"),
    {"notice.give", NULL, "north/desk", NOTICE, NULL, NULL},
    {"notice.answer", NULL, "south/desk", "{'answer':'objected','notice':'$notice'}", NULL, NULL},
    NOTICE_REPORT("begun"),
    NOTICE_REPORT("ended"),
    NOTICE_REPORT("cancelled"),
    {"notice.match", NULL, "mission/desk",
     "{'notice':'$notice','record':'$report','result':'other'}", "notice_match", "$notice $report"},
    {"hotline.send", NULL, "north/desk", SEND(",'thread':'$message'"), NULL, NULL},
    {"hotline.deliver", NULL, "south/node", "{'message':'$message'}", NULL, NULL},
    ACK("delivered"),
    ACK("opened"),
    ACK("understood"),
    RELAY("held"),
    RELAY("asked_back"),
    RELAY("passed"),
    RELAY("refused"),
    RELAY("corrected"),
    {"hotline.contest", NULL, "south/desk", "{'relay':'$relay'}", NULL, NULL},
    {"hotline.escalate", NULL, "south/desk", "{'level':'deputy','message':'$message'}", NULL, NULL},
    {"hotline.file", NULL, "south/desk", "{'incident':'$incident','message':'$message'}",
     "hotline_file", "$message $incident"},
    {"hotline.check", NULL, "north/desk", "{'text':'river','to':'south'}", NULL, NULL},
    {"hotline.echo", NULL, "south/desk", "{'check':'$check','text':'river'}", NULL, NULL},
    LINE("up"),
    LINE("down"),
    LINE("unanswered"),
    {"hotline.duty", NULL, "north/desk", "{'from':" AT ",'officer':'north/desk','until':" AT "}",
     "duty", "north"},
    {"hotline.call", NULL, "north/desk", "{'level':'principal','to':'south'}", NULL, NULL},
    CALL_ANSWER("accepted"),
    CALL_ANSWER("other_time"),
    CALL_ANSWER("declined"),
    {"obligation.open", NULL, "mission/desk", "{'obligation':'detain','organisation':'south'}",
     "owed", "detain south"},
    OWED_REPORT("begun"),
    OWED_REPORT("step"),
    OWED_REPORT("done"),
    OWED_REPORT("cannot"),
    OWED_REPORT("refused"),
    {"obligation.judge", NULL, "mission/desk",
     "{'clear':'yes','irreversible':'no','report':'$step','verifiable':'unknown'}", NULL, NULL},
    SETTLE("kept"),
    SETTLE("partly"),
    SETTLE("not_kept"),
    SETTLE("lapsed"),
    PERSONS("detained", ""),
    PERSONS("expelled", ""),
    PERSONS("handed_over", ",'to':'north'"),
    PERSON_MOVE("freed", ""),
    PERSON_MOVE("expelled", ""),
    PERSON_MOVE("handed_over", ",'to':'north'"),
    PERSON_MOVE("escaped", ""),
    PERSON_MOVE("died", ""),
    {"person.receive", "received", "north/desk",
     "{'answer':'received','at':" AT ",'counted':2,'register':'$persons'}", NULL, NULL},
    {"person.receive", "not_received", "north/desk",
     "{'answer':'not_received','at':" AT ",'counted':0,'register':'$persons'}", NULL, NULL},
    {"demand.make", NULL, "north/desk", "{'to':'south'}", NULL, NULL},
    DEMAND_ANSWER("accepted"),
    DEMAND_ANSWER("in_part"),
    DEMAND_ANSWER("considered"),
    DEMAND_ANSWER("refused"),
    {"demand.close", "fulfilled", "north/desk", "{'demand':'$demand','outcome':'fulfilled'}", NULL,
     NULL},
    {"demand.close", "dropped", "north/desk", "{'demand':'$demand','outcome':'dropped'}", NULL,
     NULL},
    {"guarantee.give", NULL, "north/desk", "{'type':'capacity'}", NULL, NULL},
    {"session.call", NULL, "east/desk", SESSION_CALL, NULL, NULL},
    ATTENDED("accepted"),
    ATTENDED("declined"),
    ATTENDED("present"),
    ATTENDED("left"),
    {"session.open", NULL, "east/desk", SESSION(""), NULL, NULL},
    CLOSED("ended"),
    CLOSED("adjourned"),
    CLOSED("collapsed"),
    CLOSED("not_held"),
    {"agenda.add", NULL, "north/desk", SESSION(",'incident':'$incident'"), NULL, NULL},
    {"paper.table", NULL, "north/desk", SESSION(",'type':'position'"), NULL, NULL},
    {"exchange.give", NULL, "north/desk", "{'to':'south','via':'east'}", NULL, NULL},
    CARRIED("held"),
    CARRIED("asked_back"),
    CARRIED("passed"),
    CARRIED("refused"),
    CARRIED("corrected"),
    {"exchange.answer", NULL, "south/desk", "{'answer':'rejected','exchange':'$carried'}", NULL,
     NULL},
    OUTCOME("minutes"),
    OUTCOME("decision"),
    OUTCOME("statement"),
    AGREED("agreed"),
    AGREED("corrected"),
    AGREED("refused"),
    {"action.assign", NULL, "east/desk", ASSIGN, NULL, NULL},
    OF_ACTION("action.report", "south/desk", "done"),
    OF_ACTION("action.report", "south/desk", "partly"),
    OF_ACTION("action.report", "south/desk", "not_done"),
    OF_ACTION("action.check", "north/desk", "done"),
    OF_ACTION("action.check", "north/desk", "not_done"),
    {"text.open", NULL, "east/desk", TEXT_OPEN, NULL, NULL},
    {"text.propose", "wording", "north/desk", WORD("1", "wording"), NULL, NULL},
    {"text.propose", "deletion", "north/desk", WORD("1", "deletion"), NULL, NULL},
    {"text.propose", "bridge", "east/desk", WORD("1", "bridge"), NULL, NULL},
    {"text.answer", "accepted", "south/desk", "{'answer':'accepted','wording':'$bridge'}", NULL,
     NULL},
    {"text.answer", "rejected", "south/desk", "{'answer':'rejected','wording':'$bridge'}", NULL,
     NULL},
    {"text.final", NULL, "east/desk", FINAL(PART_B), NULL, NULL},
    {"text.concur", NULL, "north/desk", "{'final':'$whole','language':'en','sha256':'" PART_A "'}",
     NULL, NULL},
    {"text.contest", NULL, "north/desk", "{'final':'$whole','language':'en'}", NULL, NULL},
    {"intel.ask", "routine", "north/desk", INTEL("routine"), NULL, NULL},
    {"intel.ask", "urgent", "north/desk", INTEL("urgent"), NULL, NULL},
    {"intel.answer", "given", "south/desk", "{'answer':'given','as_of':" AT ",'ask':'$intel'}",
     NULL, NULL},
    {"intel.answer", "nothing", "south/desk", "{'answer':'nothing','ask':'$intel'}", NULL, NULL},
    {"intel.answer", "declined", "south/desk",
     "{'answer':'declined','ask':'$intel','ground':'not-agreed'}", NULL, NULL},
    {"intel.summary", NULL, "east/desk", "{'ask':'$intel'}", NULL, NULL},
    INTEL_OUTCOME("acted"),
    INTEL_OUTCOME("confirmed"),
    INTEL_OUTCOME("not_borne_out"),
    INTEL_OUTCOME("not_used"),
    INTEL_OUTCOME("aged_out"),
    {"statement.log", NULL, "mission/desk", "{'at':" AT ",'channel':'press'}", NULL, NULL},
    {"appeal.file", NULL, "north/desk", CASE(",'ground':'procedure','ruling':'$ruling'"), NULL,
     NULL},
    {"part.opened", "outer", "east/seal", OPENED("outer"), NULL, NULL},
    {"part.opened", "inner", "west/seal", OPENED("inner"), NULL, NULL},
    {"part.erase", NULL, "east/desk", ERASE(PART_A), NULL, NULL},
    {"part.erased", "destroyed", "north/node", "{'found':'destroyed','part':'" PART_B "'}", NULL,
     NULL},
    {"part.erased", "none_held", "north/node", "{'found':'none_held','part':'" PART_B "'}", NULL,
     NULL},
    {"grade.source", NULL, "mission/desk", "{'organisation':'north'}", NULL, NULL},
    {"grade.item", NULL, "mission/desk", "{'record':'$report'}", NULL, NULL},
    {"intake.refuse", NULL, "mission/desk",
     "{'device':'d','hash':'" PART_A "','reason':'stale','via':'sms'}", NULL, NULL},
};

static const struct casework *work_of(const char *kind)
{
    const struct kind *known = kind_find(span_of(kind), 1);

    return known ? casework_for(known) : NULL;
}

static const char *on_of(const struct sample *sample, struct test_log *log)
{
    return sample->word ? arena_printf(&log->arena, "%s %s", sample->kind, sample->word)
                        : sample->kind;
}

/* A key of a row in the spelling of test_log.h. */
static const char *table_of(const struct sample *sample)
{
    return sample->table ? sample->table : work_of(sample->kind)->moves;
}

static const char *key_of(struct test_log *log, const struct sample *sample)
{
    if (sample->key)
        return spelled(log, sample->key);
    struct json body = test_body(log, sample->body);
    return arena_text(&log->arena, json_get_text(&body, work_of(sample->kind)->of));
}

/* The n-th state that rows of a table have, "" first; NULL past the last. */
static const char *state_at(const char *table, size_t n)
{
    const struct move *move, *earlier;

    if (n == 0)
        return "";
    for (size_t i = 0; (move = move_at(i)) != NULL; i++) {
        bool seen = strcmp(move->table, table) != 0;

        for (size_t k = 0; k < i && !seen; k++) {
            earlier = move_at(k);
            seen = strcmp(earlier->table, table) == 0 && strcmp(earlier->to, move->to) == 0;
        }
        if (!seen && --n == 0)
            return move->to;
    }
    return NULL;
}

static void set_state(struct test_log *log, const char *table, const char *key, const char *state)
{
    const struct json *row = test_row(log, table, key);
    struct json made = json_object();

    for (size_t i = 0; row && i < row->object.count; i++)
        if (!span_is(row->object.at[i].key, "state"))
            json_set(&made, arena_text(&log->arena, row->object.at[i].key), row->object.at[i].value,
                     &log->arena);
    json_set(&made, "state", json_text(state), &log->arena);
    test_put(log, table, span_of(key), state[0] ? &made : NULL);
}

static void name_id(struct test_log *log, const char *spelling, const char *name)
{
    log->id = span_of(spelled(log, spelling));
    test_name_it(log, name);
}

/* What the cases begin with, played once: `before`, and `ruled` behind it. */
static struct {
    struct test_log before, ruled;
} opening;

static int play_opening(void **state)
{
    struct test_log *log = &opening.before;

    (void)state;
    test_begin_case(log);
    log->trusted = true;
    play(log, before, ARRAY_LEN(before));
    bool north_first = strcmp(spelled(log, "$northern"), spelled(log, "$southern")) < 0;
    name_id(log, north_first ? "$northern" : "$southern", "low");
    name_id(log, north_first ? "$southern" : "$northern", "high");
    test_log_fork(&opening.ruled, log);
    play(&opening.ruled, ruled, ARRAY_LEN(ruled));
    return 0;
}

static int close_opening(void **state)
{
    (void)state;
    test_log_close(&opening.ruled);
    test_log_close(&opening.before);
    return 0;
}

static void begin(struct test_log *log)
{
    test_log_fork(log, &opening.before);
}

static bool is_ruled(const char *kind)
{
    static const struct case_room *const later[] = {&case_room_finding, &case_room_step,
                                                    &case_room_ruling, &case_room_appeal,
                                                    &case_room_consequence};

    for (size_t i = 0; i < ARRAY_LEN(later); i++)
        for (const struct casework *work = later[i]->work; work->kind; work++)
            if (strcmp(work->kind, kind) == 0)
                return true;
    return false;
}

static void begin_for(struct test_log *log, const struct sample *sample)
{
    test_log_fork(log, is_ruled(sample->kind) ? &opening.ruled : &opening.before);
}

/* A state from which the kind of this sample moves rows of this table; "": it needs none. */
static const char *some_state(const char *table, const char *on)
{
    const struct move *move;

    for (size_t n = 0; (move = move_at(n)) != NULL; n++)
        if (strcmp(move->on, on) == 0 && strcmp(move->table, table) == 0)
            return move->from;
    return "";
}

/* One row in this state, and the other that the kind moves, if it moves two, in a fitting one. */
static void walk_one(const struct sample *sample, bool of_case, const char *state)
{
    struct test_log log;

    begin_for(&log, sample);
    const char *tables[] = {table_of(sample), "case"};
    const char *keys[] = {key_of(&log, sample), spelled(&log, "$incident")};
    const char *table = tables[of_case], *key = keys[of_case], *on = on_of(sample, &log);
    const char *to = move_to(table, on, span_of(state));
    const char *name = arena_printf(&log.arena, "%s: %s is \"%s\"", on, table, state);

    if (work_of(sample->kind)->moves_case)
        set_state(&log, tables[!of_case], keys[!of_case], some_state(tables[!of_case], on));
    set_state(&log, table, key, state);
    test_say(&log, sample->by, sample->kind, sample->body);
    const char *want = to ? "holds" : "void no_move 14.2";
    if (strcmp(test_verdict(&log), want) != 0)
        fail_msg("%s: %s, not %s (%.*s)", name, test_verdict(&log), want,
                 SPAN_ARG(log.effects.why));
    const struct json *row = test_row(&log, table, key);
    CHECK_CASE(name, span_is(json_get_text(row, "state"), to ? to : state));
    test_log_close(&log);
}

static void test_every_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        const char *table = table_of(&samples[i]), *from;

        for (size_t n = 0; table && (from = state_at(table, n)) != NULL; n++)
            walk_one(&samples[i], false, from);
        for (size_t n = 0;
             work_of(samples[i].kind)->moves_case && (from = state_at("case", n)) != NULL; n++)
            walk_one(&samples[i], true, from);
    }
}

static bool is_sampled(const char *on)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        char text[100];

        snprintf(text, sizeof text, "%s%s%s", samples[i].kind, samples[i].word ? " " : "",
                 samples[i].word ? samples[i].word : "");
        if (strcmp(text, on) == 0)
            return true;
    }
    return false;
}

/* So that the test above cannot forget one: every word of a kind that chooses a move, every kind
 * that moves something. */
static void test_every_line_has_a_sample(void **state)
{
    const struct case_room *room;

    (void)state;
    for (size_t r = 0; (room = case_room_at(r)) != NULL; r++) {
        for (const struct move *move = room->moves; move->table; move++)
            if (strchr(move->on, '.') && !is_sampled(move->on))
                fail_msg("no sample of \"%s\"", move->on);
        for (const struct casework *work = room->work; work->kind; work++)
            CHECK_CASE(work->kind, work->word || is_sampled(work->kind));
    }
}

/* Each sample, where nothing stands against it, writes its own row as its kind says. */
static void test_own_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        const struct sample *sample = &samples[i];
        const struct casework *work = work_of(sample->kind);
        struct test_log log;

        if (!work->own)
            continue;
        begin_for(&log, sample);
        const char *on = on_of(sample, &log);
        if (work->moves)
            set_state(&log, work->moves, key_of(&log, sample), some_state(work->moves, on));
        if (work->moves_case)
            set_state(&log, "case", spelled(&log, "$incident"), some_state("case", on));
        test_say(&log, sample->by, sample->kind, sample->body);
        const struct json *row = test_row(&log, work->own, arena_text(&log.arena, log.id));
        CHECK_CASE(on, row != NULL);
        CHECK_CASE(on, span_is(json_get_text(row, "state"), move_to(work->own, on, SPAN_LIT(""))));
        CHECK_CASE(on, span_equal(json_get_text(row, "by"), span_of(sample->by)));
        test_log_close(&log);
    }
}

/* An agreement that gives a kind no clause does not have it. */
static void test_no_clause_no_move(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct test_log log;

        begin_for(&log, &samples[i]);
        const char *key = arena_printf(&log.arena, "move/%s", samples[i].kind);
        test_put(&log, "term", span_of(key), NULL);
        if (samples[i].word)
            test_put(&log, "term", span_of(arena_printf(&log.arena, "%s/%s", key, samples[i].word)),
                     NULL);
        test_say(&log, samples[i].by, samples[i].kind, samples[i].body);
        CHECK_CASE(samples[i].kind, strcmp(test_verdict(&log), "void no_move 14.2") == 0);
        test_log_close(&log);
    }
}

/* Nothing is done in a case that was not taken up: all that can be said is triage. */
static void test_no_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct test_log log;

        if (strcmp(samples[i].kind, "case.triage") == 0 || !strstr(samples[i].body, "'case':"))
            continue;
        begin_for(&log, &samples[i]);
        test_put(&log, "case", span_of(spelled(&log, "$incident")), NULL);
        test_say(&log, samples[i].by, samples[i].kind, samples[i].body);
        CHECK_CASE(samples[i].kind, strcmp(test_verdict(&log), "void no_move 14.2") == 0);
        test_log_close(&log);
    }
}

/* What the rooms ask: each of these is said where the samples hold. */
static const struct line refused[] = {
    {"a version that there is not", NULL, "mission/desk", "case.triage",
     CASE(",'modalities':2,'outcome':'open'"), "void modalities rules 1 case.triage"},
    {"linked to nothing", NULL, "mission/desk", "case.triage", TRIAGE("'linked'"), "void linked 7"},
    {"linked to itself", NULL, "mission/desk", "case.triage",
     TRIAGE("'linked','same_as':'$incident'"), "void linked 7"},
    {"open, and the same as another", NULL, "mission/desk", "case.triage",
     TRIAGE("'open','same_as':'$other'"), "void linked 7"},
    {"a stranger accused", NULL, "mission/desk", "case.triage",
     TRIAGE("'open','accused':['north','nobody']"), "void term rules 1 case.triage"},
    {"an act that the agreement lacks", NULL, "mission/desk", "case.triage",
     TRIAGE("'open','act':'gossip'"), "void term rules 1 case.triage"},
    {"by who may not", NULL, "reader", "case.triage", TRIAGE("'open'"),
     "void capability rules 1 case.triage"},
    {"the reply of who is not accused", NULL, "east/desk", "case.reply", CASE(",'answer':'denies'"),
     "void not_accused 7"},
    {"another's recusal", NULL, "east/desk", "case.recuse", CASE(",'organisation':'west'"),
     "void not_yours 7"},
    {"more time than there is", NULL, "mission/desk", "deadline.extend",
     CASE(",'clock':'reply','for_ms':3600001,'organisation':'north','subject':'$incident'"),
     "void extension 7"},
    {"more time where there is none", NULL, "mission/desk", "deadline.extend",
     CASE(",'clock':'look','for_ms':1,'subject':'$incident'"), "void no_move 14.2"},
    {"another's state", NULL, "south/desk", "state.declare", DECLARE("suspended"),
     "void not_yours 7"},
    {"a state by who may not", NULL, "reader", "state.declare", DECLARE("suspended"),
     "void capability rules 1 state.declare"},
    {"a state that rests on no clause", NULL, "north/desk", "state.declare",
     "{'clause':'9','organisation':'north','state':'ended'}", "void term rules 1 state.declare"},
    {"a level that there is not", NULL, "north/desk", "state.level",
     "{'level':'hot','sector':'east'}", "void term rules 1 state.level"},
    {"a level of no sector", NULL, "north/desk", "state.level", "{'level':'high','sector':'west'}",
     "void term rules 1 state.level"},
    {"an item matched with itself", NULL, "mission/desk", "ledger.match",
     MATCH("northern", "northern"), "void one_ledger 7"},
    {"with what is no item", NULL, "mission/desk", "ledger.match", MATCH("northern", "incident"),
     "void reference format §9.2"},
    {"a match undone that there is not", NULL, "mission/desk", "ledger.unmatch",
     "{'left':'$northern','right':'$southern'}", "void no_move 14.2"},
    {"somebody let onto another's side", NULL, "south/desk", "member.accredit",
     "{'host':'north','name':'mission/desk'}", "void not_yours 7"},
    {"a name that is no key", NULL, "north/desk", "member.accredit",
     "{'host':'north','name':'nobody'}", "void not_admitted 7"},
    {"a key that is no author's", NULL, "north/desk", "member.accredit",
     "{'host':'north','name':'north/node'}", "void not_admitted 7"},
    {"to a sector that there is not", NULL, "north/desk", "member.accredit",
     "{'host':'north','name':'mission/desk','sectors':['east','west']}",
     "void term rules 1 member.accredit"},
    {"dismissed by another host", NULL, "south/desk", "member.dismiss",
     "{'host':'north','name':'mission/desk'}", "void not_yours 7"},
    {"dismissed who was never let in", NULL, "north/desk", "member.dismiss",
     "{'host':'north','name':'mission/desk'}", "void no_move 14.2"},
    {"a deadline that nobody has", NULL, "mission/desk", "deadline.extend",
     CASE(",'clock':'remark','for_ms':1,'organisation':'north','subject':'$incident'"),
     "void no_move 14.2"},
    {"the deadline of a case, named as of none", NULL, "mission/desk", "deadline.pause",
     "{'clock':'reply','organisation':'north','subject':'$incident'}",
     "void reference format §9.2"},
};

static void test_refused(void **state)
{
    static const struct line open[] = {
        {"an open one", NULL, "mission/desk", "case.triage", TRIAGE("'open'"), "holds"},
        {"which is nobody's", NULL, "mission/desk", "case.publish", CASE(",'tier':'parties'"),
         "holds"},
        {"in public before anybody was told", NULL, "mission/desk", "case.publish",
         CASE(",'tier':'public'"), "void not_notified 7"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct test_log log;

        begin(&log);
        if (strcmp(refused[i].kind, "case.triage") == 0)
            set_state(&log, "case", spelled(&log, "$incident"), "open");
        say_and_check(&log, &refused[i]);
        test_log_close(&log);
    }
    struct test_log log;
    test_begin_case(&log);
    play(&log, open, ARRAY_LEN(open));
    test_log_close(&log);
}

/* Time passes by ticks, deadlines are each one's own, and what is late is done all the same. */
#define TICK(ms) "{'at_ms':" ms "}"
static const struct timed {
    struct line line;
    const char *key, *state; /* of a deadline after it; NULL: none to look at */
} timed[] = {
    {{"taken up", NULL, "mission/desk", "case.triage", TRIAGE("'open','accused':['north','south']"),
      "holds"},
     "$incident look",
     "running"},
    {{"half an hour", NULL, "north/node", "clock.tick", TICK("1760001800000"), "holds"},
     "$incident look",
     "running"},
    {{"told in time", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
     "$incident look",
     "met"},
    {{"and told again", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
     "$incident reply south",
     "running"},
    {{"time is asked for", NULL, "north/desk", "case.reply", CASE(",'answer':'asks_time'"),
      "holds"},
     "$incident reply north",
     "running"},
    {{"and given", NULL, "mission/desk", "deadline.extend",
      CASE(",'clock':'reply','for_ms':3600000,'organisation':'north','subject':'$incident'"),
      "holds"},
     "$incident reply north",
     "running"},
    {{"but once", NULL, "mission/desk", "deadline.extend",
      CASE(",'clock':'reply','for_ms':1,'organisation':'north','subject':'$incident'"),
      "void extension 7"},
     NULL,
     NULL},
    {{"two hours and a half", NULL, "north/node", "clock.tick", TICK("1760010800000"), "holds"},
     NULL,
     NULL},
    {{"north is in time", NULL, "north/desk", "case.reply", CASE(",'answer':'denies'"), "holds"},
     "$incident reply north",
     "met"},
    {{"south is late", NULL, "south/desk", "case.reply", CASE(",'answer':'denies'"), "holds"},
     "$incident reply south",
     "late"},
    {{"which stays so when it says more", NULL, "south/desk", "case.reply",
      CASE(",'answer':'admits'"), "holds"},
     "$incident reply south",
     "late"},
    {{"unless the clock is set back", NULL, "mission/desk", "deadline.extend",
      CASE(",'clock':'reply','for_ms':1,'organisation':'south','subject':'$incident'"), "holds"},
     "$incident reply south",
     "met"},
    {{"what is over cannot be stopped", NULL, "mission/desk", "deadline.pause", REPLY_DEADLINE,
      "void no_move 14.2"},
     "$incident reply north",
     "met"},
};

static void test_time(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    for (size_t i = 0; i < ARRAY_LEN(timed); i++) {
        say_and_check(&log, &timed[i].line);
        const struct json *row =
            timed[i].key ? test_row(&log, "deadline", spelled(&log, timed[i].key)) : NULL;
        CHECK_CASE(timed[i].line.name,
                   !timed[i].key || span_is(json_get_text(row, "state"), timed[i].state));
    }
    test_log_close(&log);
}

/* What is stopped has what it had left when it runs again, and `due` knows when. */
static void test_pause(void **state)
{
    static const struct line lines[] = {
        {"stopped", NULL, "mission/desk", "deadline.pause", REPLY_DEADLINE, "holds"},
        {"a day", NULL, "north/node", "clock.tick", TICK("1760086400000"), "holds"},
        {"on again", NULL, "mission/desk", "deadline.resume", REPLY_DEADLINE, "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    const char *key = spelled(&log, "$incident reply north");
    const struct json *row = test_row(&log, "deadline", key);
    assert_int_equal(json_get_integer(row, "due_ms", 0), 86400000 + 7200000);
    assert_null(json_get(row, "left_ms"));
    assert_non_null(test_row(&log, "due", arena_printf(&log.arena, "0000000093600000 %s", key)));
    assert_null(test_row(&log, "due", arena_printf(&log.arena, "0000000007200000 %s", key)));
    test_log_close(&log);
}

/* The whole file of a case, in order. */
static void test_file(void **state)
{
    static const struct line lines[] = {
        {"seen", NULL, "mission/desk", "case.verify", "{'result':'seen','task':'$task'}", "holds"},
        {"closed", NULL, "mission/desk", "case.close", CASE(",'reason':'not_pursued'"), "holds"},
        {"and open again", NULL, "mission/desk", "case.reopen", CASE(",'reason':'new_evidence'"),
         "holds"},
    };
    struct test_log log;
    char index[REGISTER_INDEX_TEXT];

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        register_index_key(index, log.size - ARRAY_LEN(lines) + i);
        const struct json *row =
            test_row(&log, "case_record",
                     arena_printf(&log.arena, "%s %s", spelled(&log, "$incident"), index));
        CHECK_CASE(lines[i].name, span_is(json_get_text(row, "kind"), lines[i].kind));
    }
    test_log_close(&log);
}

/* Rows that are kept under what the record names: what each says, and who says it. */
static void test_kept_rows(void **state)
{
    static const struct line lines[] = {
        {"in force", NULL, "north/desk", "state.declare",
         "{'clause':'7','organisation':'north','state':'in_force'}", "holds"},
        {"suspended, on no clause", NULL, "north/desk", "state.declare", DECLARE("suspended"),
         "holds"},
        {"the other side's", NULL, "south/desk", "state.declare",
         "{'organisation':'south','state':'in_force'}", "holds"},
        {"calm", NULL, "north/desk", "state.level", "{'level':'calm','sector':'east'}", "holds"},
        {"high, says another", NULL, "south/desk", "state.level",
         "{'level':'high','sector':'east'}", "holds"},
        {"matched", NULL, "mission/desk", "ledger.match", MATCH("northern", "southern"), "holds"},
        {"and again, the other way round", NULL, "mission/desk", "ledger.match",
         MATCH("southern", "northern"), "void no_move 14.2"},
        {"undone", NULL, "east/desk", "ledger.unmatch", "{'left':'$southern','right':'$northern'}",
         "holds"},
        {"let in", NULL, "north/desk", "member.accredit",
         "{'host':'north','name':'mission/desk','sectors':['east']}", "holds"},
        {"everywhere now", NULL, "north/desk", "member.accredit",
         "{'host':'north','name':'mission/desk'}", "holds"},
        {"dismissed", NULL, "north/desk", "member.dismiss",
         "{'host':'north','name':'mission/desk'}", "holds"},
    };
    static const struct {
        const char *table, *key, *want; /* but `index` */
    } rows[] = {
        {"ceasefire", "north",
         "{'by':'north/desk','org':'north','organisation':'north','state':'suspended'}"},
        {"ceasefire", "south",
         "{'by':'south/desk','org':'south','organisation':'south','state':'in_force'}"},
        {"level", "north east",
         "{'by':'north/desk','level':'calm','org':'north','sector':'east','state':'set'}"},
        {"level", "south east",
         "{'by':'south/desk','level':'high','org':'south','sector':'east','state':'set'}"},
        {"match", "$low $high",
         "{'by':'east/desk','left':'$northern','org':'east','result':'same_event',"
         "'right':'$southern','state':'unmatched'}"},
        {"accreditation", "mission/desk north",
         "{'by':'north/desk','host':'north','name':'mission/desk','org':'north',"
         "'state':'ended'}"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct json *row = test_row(&log, rows[i].table, spelled(&log, rows[i].key));
        struct json want = test_body(&log, rows[i].want);

        json_set_integer(&want, "index", json_get_integer(row, "index", -1), &log.arena);
        if (!json_equal(row, &want))
            fail_msg("%s %s: %.*s", rows[i].table, rows[i].key,
                     SPAN_ARG(json_bytes(row, &log.arena)));
    }
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_kept_rows),
    cmocka_unit_test(test_every_state),
    cmocka_unit_test(test_every_line_has_a_sample),
    cmocka_unit_test(test_own_rows),
    cmocka_unit_test(test_no_clause_no_move),
    cmocka_unit_test(test_no_case),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_time),
    cmocka_unit_test(test_pause),
    cmocka_unit_test(test_file),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, play_opening, close_opening);
}
