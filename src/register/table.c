#include "register/register.h"

#include "base/limits.h"

#define MEMBERS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct register_table tables[] = {
    {"access", "the record's id",
     MEMBERS("answer", "answered", "at", "by", "case", "host", "index", "org", "purpose", "sector",
             "seen", "state", "visited"),
     "Access asked for: `asked`, as the host answered, or `visited`. `answered` and `visited` are "
     "the records that said so."},
    {"agreement", "`1`",
     MEMBERS("concurred", "id", "in_force_at", "log_key", "missing", "name", "operator", "origin",
             "pieces", "promise_key", "quorum", "roots", "rules", "state", "term_from", "versions"),
     "The agreement: what entry 0 says of it, who has concurred, how many pieces are missing; "
     "rules number, keys and operator as they are now. `term_from`: the entry that opened this "
     "term, absent in the first. `versions`: of the terms, those behind the first in their order, "
     "each `{\"from_ms\":…,\"id\":…,\"index\":…}`: when it begins, of which amendment, agreed "
     "with which entry (format §7.6)."},
    {"agreement_part",
     "file, space, piece number in 4 digits; of an amendment its id and a space before it",
     MEMBERS("content", "index"), "The pieces of the agreement's files."},
    {"amendment", "the proposal's id",
     MEMBERS("concurred", "from_ms", "index", "kind", "missing", "number", "pieces", "state",
             "version"),
     "Amendments, `proposed`, then `in_force` or, of the terms, `agreed`, and the roots that have "
     "concurred: of the rules, "
     "`number`; or of the terms, `version`, and how many of its `pieces` are missing."},
    {"assessment", "the record's id",
     MEMBERS("by", "case", "class", "id", "index", "neutral", "org", "origin"),
     "Of what origin and class a record is, by the last word on it, which is the record `id`."},
    {"attest", "a node key's name", MEMBERS("digest", "index", "offered", "size"),
     "The last thing each node said of what it computed."},
    {"case", "the incident's id",
     MEMBERS("accused", "act", "by", "consequences", "grade", "in_area", "in_time", "index",
             "modalities", "notified", "org", "outcome", "same_as", "state", "urgent"),
     "Cases: what triage said of them, and how far they have come. `consequences`: how many have "
     "not been checked as done."},
    {"case_record", "the case's id, space, the entry's index in 16 digits",
     MEMBERS("by", "id", "kind"), "The file of each case: every record of it, in order."},
    {"chain", "key name, space, `seq` in 16 digits", MEMBERS("id", "index", "prev"),
     "Each key's records in their own order."},
    {"claim", "the claim's id",
     MEMBERS("best", "by", "channel", "claimant", "external_id", "incident", "index", "made",
             "matter", "max", "min", "qualifier", "side", "sources_count", "state", "subject",
             "superseded_by", "supersedes"),
     "Claims: `live`, `superseded` or `withdrawn`."},
    {"clarification", "the record's id",
     MEMBERS("answer", "answered", "by", "case", "index", "org", "record", "state", "to"),
     "Questions: `asked` or `explained`, by the record `answered`."},
    {"clock", "`clock`", MEMBERS("counted_ms", "index", "now_ms", "size"),
     "The two clocks, the tick that moved them last, and how many entries it covers."},
    {"deadline", "subject's id, space, clock, and where each has its own: space, organisation",
     MEMBERS("case", "clock", "due_ms", "ended", "extended", "index", "left_ms", "org",
             "started_ms", "state", "subject"),
     "Deadlines: `running`, `met`, `late` or `paused`. Times are of `counted_ms`; `ended` is the "
     "index of what ended it."},
    {"due", "`due_ms` in 16 digits, space, the key of a deadline", MEMBERS("deadline"),
     "The deadlines that run, in the order in which they run out."},
    {"external", "kind, space, key name, space, external id", MEMBERS("id"),
     "The last record of each external id, live or not."},
    {"flash", "the record's id",
     MEMBERS("act", "at", "by", "casualties_max", "casualties_min", "crossing", "external_id",
             "incident", "index", "needs", "ongoing", "org", "sector", "state", "superseded_by",
             "supersedes"),
     "First words: `live`, `superseded` or `withdrawn`."},
    {"hand_over", "the index of `term.open` in 16 digits",
     MEMBERS("from", "log_key", "operator", "origin", "previous", "promise_key"),
     "The terms after the first: checkpoints up to size `from` are of the origin `previous`, or "
     "older."},
    {"incident", "the incident's id", MEMBERS("by", "external_id", "index", "start", "state"),
     "Incidents: `open` or `withdrawn`."},
    {"item", "the record's id",
     MEMBERS("by", "case", "class", "condition", "form", "hashes", "holder", "index", "item", "org",
             "record", "state", "taken", "to"),
     "What is kept: `held` by `holder`, `in_transit` from there to `to`, or `missing` since."},
    {"key", "the key's name",
     MEMBERS("age", "doubt_from", "first", "from", "job", "org", "reason", "replaced_by",
             "revoked_at", "role", "scope", "state", "vkey"),
     "Keys: `active`, `ended` with their term, or `revoked`, and why. `first` is the name of the "
     "first key that had this "
     "one's place, `replaced_by` that of the key which has it next (format §6.6)."},
    {"link", "incident's id, space, record's id",
     MEMBERS("basis", "by", "index", "record_kind", "state"),
     "What is `linked` to an incident, or was (`unlinked`); basis `filed`: the record itself names "
     "it."},
    {"observation", "the record's id",
     MEMBERS("act", "at", "by", "count_max", "count_min", "crossing", "external_id", "hedge",
             "incident", "index", "means", "org", "sector", "state", "superseded_by", "supersedes",
             "task", "verb"),
     "Observations: `live`, `superseded` or `withdrawn`."},
    {"outage", "the record's id",
     MEMBERS("by", "cause", "external_id", "from", "index", "org", "sector", "sensor", "state",
             "superseded_by", "supersedes", "until"),
     "When sectors and sensors were blind: `live`, `superseded` or `withdrawn`."},
    {"public_key", "the public key in hex", MEMBERS("name"), "To whom each key is bound."},
    {"publication", "the record's id",
     MEMBERS("by", "case", "index", "languages", "org", "state", "supersedes", "tier"),
     "What was published."},
    {"quorum", "`quorum`", MEMBERS("orgs", "pending", "quorum", "witnesses"),
     "Whose places the witnesses have; the witnesses in force; and changes that wait for the tick "
     "that covers them, each `{\"change\":…,\"index\":…,\"name\":…}` with `admit` or `revoke`."},
    {"reading", "the record's id",
     MEMBERS("act", "at", "by", "calibrated", "crossing", "external_id", "incident", "index",
             "means", "org", "sector", "sensor", "state", "superseded_by", "supersedes", "until"),
     "Readings of sensors: `live`, `superseded` or `withdrawn`."},
    {"record", "the record's id", MEMBERS("by", "index", "kind", "verdict"),
     "Every record of this agreement that a known key signed."},
    {"recusal", "case's id, space, organisation", MEMBERS("by", "index"),
     "Who has stepped back from a case."},
    {"release", "the record's id",
     MEMBERS("by", "case", "index", "org", "record", "removed", "state", "tier"),
     "What was moved outward to a tier, and what was taken out."},
    {"reply", "the record's id", MEMBERS("answer", "by", "case", "index", "org", "state"),
     "Replies of the accused."},
    {"report", "the report's id",
     MEMBERS("act", "by", "crossing", "disputed", "end", "external_id", "incident", "index",
             "means", "sector", "start", "state", "superseded_by", "supersedes", "territory",
             "type"),
     "Reports: `live`, `superseded` or `withdrawn`."},
    {"request", "the record's id",
     MEMBERS("answer", "answered", "by", "case", "index", "org", "state", "to", "what"),
     "What was asked for as evidence: `asked` or `answered`, by the record `answered`."},
    {"restriction", "the record's id",
     MEMBERS("act", "at", "by", "crossing", "external_id", "host", "incident", "index", "org",
             "request", "sector", "state", "superseded_by", "supersedes", "type", "until"),
     "What hindered monitors: `live`, `superseded` or `withdrawn`."},
    {"side_state", "case's id, space, what stands in the way", MEMBERS("by", "index", "state"),
     "What stands in the way of a case: `on`, or `off` again."},
    {"suggestion", "the record's id",
     MEMBERS("basis", "by", "incident", "index", "org", "reasons", "record", "score", "state"),
     "What may belong to what. The table `link` says what does."},
    {"summons", "case's id, space, organisation", MEMBERS("by", "count", "index"),
     "How often an organisation was called."},
    {"task", "the record's id",
     MEMBERS("by", "case", "due", "index", "means", "org", "sector", "state", "team"),
     "Tasks: `given` or `reported`."},
    {"term",
     "`agreement`, or section, `/`, id; of a later version a space and its number behind it", NULL,
     "The agreement's head and items, as adopted."},
    {"verdict", "the entry's index in 16 digits",
     MEMBERS("clause", "id", "kind", "marks", "reason", "verdict"),
     "The verdict of every entry: `holds`, `marked` or `void`."},
    {"verification", "the record's id",
     MEMBERS("at", "by", "case", "index", "org", "result", "state", "task", "until"),
     "What teams reported."},
    {"warning", "the record's id",
     MEMBERS("by", "crossing", "expected", "external_id", "from", "group", "incident", "index",
             "org", "sector", "state", "superseded_by", "supersedes", "to", "until"),
     "Warnings: `live`, `superseded` or `withdrawn`."},
    {"watch", "the record's id",
     MEMBERS("by", "external_id", "from", "index", "means", "org", "sector", "sensor", "state",
             "superseded_by", "supersedes", "until"),
     "When sectors were watched: `live`, `superseded` or `withdrawn`."},
};

const struct register_table *register_table_at(size_t index)
{
    return index < ARRAY_LEN(tables) ? &tables[index] : NULL;
}

void register_index_key(char out[REGISTER_INDEX_TEXT], uint64_t index)
{
    assert(index <= (uint64_t)LIMIT_INTEGER + 1);
    for (size_t i = REGISTER_INDEX_TEXT - 1; i-- > 0; index /= 10)
        out[i] = (char)('0' + index % 10);
    out[REGISTER_INDEX_TEXT - 1] = '\0';
}
