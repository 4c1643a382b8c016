#include "register/casework.h"
#include "register/test_log.h"

#include "terms/terms.h"

/*
 * Two parties, two mediators, one mission, and an agreement that gives everything a clause.
 * Clocks: `look` (of a case), `reply` (each of the accused), `remark` (each party), `answer`
 * (of a request). Levels of proof: `told`, `likely`, `clear`. Whoever has the role `desk` reads
 * all tiers that are for its organisation, `monitor` that of the mission, `reader` none.
 */
static const char sections[] =
    "'act':[{'clause':'7','id':'shelling'},"
    "{'clause':'8','id':'harbouring','modes':['tolerated']},{'clause':'8','id':'false-report'},"
    "{'id':'closure'}],"
    "'agreement':{'entries':'public','max_gap_ms':604800000,'name':'north-south',"
    "'no_move':'14.2','quorum':0,'rules':1},"
    "'author':[{'id':'south-forces'},{'id':'band'},{'id':'unknown'}],"
    "'body':[{'action':'answer','answer':'word','calendar':'hand','chairs':'mediator','concur':'"
    "party',"
    "'dormant':'remark','id':'commission','quorum':2,'sits':'party'},"
    "{'chairs':'mediator','concur':'party','id':'liaison','quorum':1,'replaces':'mediator','sits':'"
    "party'}],"
    "'call_ground':[{'id':'nothing-new'}],"
    "'clause':[{'id':'14.2'},{'id':'7'},{'id':'8'}],"
    "'clock':[{'duration_ms':3600000,'id':'look','urgent_ms':600000},"
    "{'duration_ms':7200000,'each':'accused','extension_ms':3600000,'extensions':1,'id':'reply'},"
    "{'duration_ms':7200000,'each':'party','id':'remark'},"
    "{'duration_ms':3600000,'id':'answer'},{'duration_ms':600000,'id':'hand'},"
    "{'duration_ms':60000,'id':'arrive'},{'duration_ms':300000,'id':'look-up'},"
    "{'duration_ms':900000,'id':'word'}],"
    "'closure_reason':[{'id':'weather'}],"
    "'crossing':[{'id':'bridge'}],"
    "'direction':[{'id':'northward'},{'id':'southward'}],"
    "'factor':[{'id':'repeat'},{'id':'own-report'}],"
    "'grade':[{'id':'minor','order':1},{'id':'grave','order':2}],"
    "'ground':[{'id':'procedure'}],"
    "'group':[{'id':'party','organisations':['north','south']},"
    "{'id':'mediator','organisations':['east','west']}],"
    "'hotline_priority':[{'answered':'word','delivered':'arrive','id':'flash','opened':'look-up',"
    "'passed':'hand','understood':'look-up'},{'id':'routine'}],"
    "'hotline_template':[{'id':'fire-from-here'}],"
    "'hotline_text':[{'id':'river'},{'id':'orchard'}],"
    "'intelligence_subject':[{'id':'movement'}],"
    "'level':[{'id':'calm'},{'id':'high'}],"
    "'mode':[{'id':'own','standard':'likely'},"
    "{'id':'tolerated','questions':['knew','could'],'standard':'clear'}],"
    "'notice_type':[{'id':'flight'}],"
    "'obligation':[{'clause':'7','clock':'answer','due_ms':1760007200000,'id':'hold-fire',"
    "'owes':['north','south']},{'clause':'8','clock':'answer','id':'detain','owes':['south']},"
    "{'clause':'8','id':'open-gate','owes':['north'],'waits_for':['detain']}],"
    "'organisation':[{'id':'north'},{'id':'south'},{'id':'east'},{'id':'west'},"
    "{'id':'mission'},{'id':'mediators'}],"
    "'origin':[{'id':'north'},{'id':'south'},{'id':'mission'},{'id':'village'},{'id':'radar'}],"
    "'refusal_ground':[{'id':'not-agreed'}],"
    "'paper_type':[{'id':'position'}],"
    "'rung':[{'id':'regret','order':1,'standard':'told'},"
    "{'id':'notice','order':3,'standard':'told'},"
    "{'clock':'look','id':'fine','order':2,'standard':'clear'}],"
    "'sector':[{'id':'east'}],"
    "'standard':[{'id':'told','items':1,'order':0},"
    "{'contradictions':1,'id':'likely','neutral':1,'order':1,'origins':2,'reply':1},"
    "{'alternatives':1,'contradictions':1,'id':'clear','neutral':1,'order':2,'origins':3,"
    "'physical':1,'reply':1}],"
    "'step':[{'for':['ruling'],'id':'settle','needs':[{'count':2,'group':'party'}],"
    "'not_for_grades':['grave'],'order':1,'summonses':2},"
    "{'for':['ruling','interpretation'],'id':'agree','needs':[{'count':2,'group':'party'},"
    "{'count':2,'group':'mediator'}],'not_for_grades':[],'order':2},"
    "{'for':['ruling','interpretation','review'],'id':'mediators',"
    "'needs':[{'count':2,'group':'mediator'}],'not_for_grades':[],'order':3,'roles':['desk']}],"
    "'traffic':[{'id':'cargo'},{'id':'patient'}],'transit_type':[{'id':'convoy'}],"
    "'tier':[{'after_notice':1,'id':'public','order':1},{'id':'parties','order':0},"
    "{'id':'mechanism','of':['north','south','east','west'],'whole':1},"
    "{'id':'mission','of':['mission']},{'id':'sealed','of':['east','west']}]";

/* The clocks that moves end, start and wait for. */
static const struct {
    const char *kind, *clocks;
} timed[] = {
    {"case.triage", "'starts':['look']"},
    {"case.notify", "'ends':['look'],'starts':['reply']"},
    {"case.reply", "'ends':['reply']"},
    {"case.reply/asks_time", ""},
    {"evidence.preserve", "'starts':['answer']"},
    {"evidence.answer", "'ends':['answer']"},
    {"access.request", "'starts':['answer']"},
    {"access.answer", "'ends':['answer']"},
    {"case.circulate", "'starts':['remark']"},
    {"finding.comment", "'ends':['remark']"},
    {"finding.issue", "'awaits':['remark']"},
};

static const char *clocks_of(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(timed); i++)
        if (strcmp(timed[i].kind, kind) == 0)
            return timed[i].clocks;
    return "";
}

static void put_moves(struct buf *text)
{
    const struct case_room *room;
    const char *between = "";

    for (size_t r = 0; (room = case_room_at(r)) != NULL; r++)
        for (const struct casework *work = room->work; work->kind; work++, between = ",") {
            const char *clocks = clocks_of(work->kind);

            buf_printf(text, "%s{'clause':'7','id':'%s'%s%s}", between, work->kind,
                       clocks[0] ? "," : "", clocks);
        }
    buf_text(text, ",{'clause':'8','id':'case.reply/asks_time'}");
}

static void put_role(struct buf *text, const char *id, bool all, const char *reads)
{
    buf_printf(text, "{'id':'%s','may':[", id);
    for (size_t i = 0; all && terms_capabilities[i]; i++)
        buf_printf(text, "%s'%s'", i ? "," : "", terms_capabilities[i]);
    buf_printf(text, "],'reads':[%s]}", reads);
}

/* The spelling of test_log.h, which lives as long as the arena. */
static const char *whole_terms(struct arena *arena)
{
    struct buf text = buf_in(arena, 1 << 20);

    buf_text(&text, "{");
    buf_text(&text, sections);
    buf_text(&text, ",'move':[");
    put_moves(&text);
    buf_text(&text, "],'role':[");
    put_role(&text, "desk", true, "'mechanism','mission','sealed'");
    buf_text(&text, ",");
    put_role(&text, "monitor", true, "'mission'");
    buf_text(&text, ",");
    put_role(&text, "reader", false, "");
    buf_text(&text,
             ",{'blur':1,'gateway':1,'id':'gateway','may':['claim','flash','observe','report',"
             "'sense','watch','withdraw']}");
    buf_text(&text, "]}");
    buf_byte(&text, '\0');
    return (const char *)text.at;
}

void test_begin_case(struct test_log *log)
{
    static const struct {
        const char *by, *kind, *body;
    } lines[] = {
        {"north/root", "member.admit",
         "{'job':'author','key':'@east/desk','org':'east','role':'desk'}"},
        {"north/root", "member.admit",
         "{'job':'author','key':'@west/desk','org':'west','role':'desk'}"},
        {"north/root", "member.admit",
         "{'job':'author','key':'@mission/desk','org':'mission','role':'desk'}"},
        {"mission/desk", "incident.open", "{}"},
    };
    struct arena arena = {0};

    test_log_open(log, whole_terms(&arena));
    arena_free(&arena);
    test_begin(log);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        test_say(log, lines[i].by, lines[i].kind, lines[i].body);
        assert(log->effects.verdict == VERDICT_HOLDS);
    }
    test_name_it(log, "incident");
}
