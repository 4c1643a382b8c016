// What the kinds of the work of a case ask last, and write besides their rows and clocks (doc/rules.md).

import { DIALOGUE_ACTS } from './dialogue.mjs';
import { reads } from './parts.mjs';
import { nextState } from './rules.mjs';
import { firstOf, mayAct } from './rights.mjs';
import { itemsOf, termOf } from './versions.mjs';
import { refuseIf } from './void.mjs';
import { deadlineOf, durationOf, eachOf, endDeadline, move, only, putDeadline, startDeadline } from './work.mjs';

const notYoursUnless = (is) => refuseIf(!is, 'not_yours');

function triage(work) {
    const { body } = work;
    const isLinked = body.outcome === 'linked';
    refuseIf(isLinked !== (body.same_as !== undefined) || body.same_as === body.case, 'linked');
    const { case: _, parts, ...fields } = body;
    return () => work.setCase(fields);
}

const notify = (work) => () => work.setCase({ notified: work.caseRow.notified ?? work.record.index });

const reply = (work) => refuseIf(!work.caseRow.accused?.includes(work.org), 'not_accused');

const mark = ({ rows, kind, body, signed, caseId }) => () => move(rows, 'side_state', `${caseId} ${body.side}`, kind.name, signed);

function recuse(work) {
    const { rows, body, org, caseId, record } = work;
    const key = `${caseId} ${body.organisation}`;
    work.noMoveIf(rows.get('recusal', key));
    notYoursUnless(body.organisation === org);
    return () => rows.put('recusal', key, { by: record.by, index: record.index });
}

const summon = ({ rows, body, caseId, record: { by, index } }) => () => {
    const key = `${caseId} ${body.organisation}`;
    rows.put('summons', key, { by, count: (rows.get('summons', key)?.count ?? 0) + 1, index });
};

const publish = (work) =>
    refuseIf(work.term(`tier/${work.body.tier}`).after_notice === 1 && work.caseRow.notified === undefined, 'not_notified');

const close = (work) => refuseIf((work.caseRow.consequences ?? 0) !== 0, 'consequence_open');

/** The deadline that a record names, and its state after the move. */
function deadlineNamed(work) {
    const { rows, kind, body } = work;
    const row = deadlineOf(rows, body.subject, body.clock, body.organisation);
    work.noMoveIf(!row);
    refuseIf(row.case !== body.case, 'reference');
    const state = nextState('deadline', kind.name, row);
    work.noMoveIf(!state);
    return { row, state };
}

function extend(work) {
    const { rows, body } = work;
    const { row, state } = deadlineNamed(work);
    const { extensions = 0, extension_ms } = work.term(`clock/${body.clock}`);
    const extended = row.extended ?? 0;
    refuseIf(extended >= extensions || body.for_ms > extension_ms, 'extension');
    return () => putDeadline(rows, { ...row, due_ms: row.due_ms + body.for_ms, extended: extended + 1, state });
}

function pause(work) {
    const { row, state } = deadlineNamed(work);
    return () => putDeadline(work.rows, { ...row, left_ms: Math.max(0, row.due_ms - work.counted), state });
}

function resume(work) {
    const { row, state } = deadlineNamed(work);
    const { left_ms, ...rest } = row;
    return () => putDeadline(work.rows, { ...rest, due_ms: work.counted + left_ms, state });
}

const externalKey = (kind, by, id) => `${kind} ${by} ${id}`;

/** The row that this signer's external id stands for, of this table. */
export function externalRow(rows, table, { kind, by, body }) {
    if (body.external_id === undefined) return {};
    const { id } = rows.get('external', externalKey(kind, by, body.external_id)) ?? {};
    return id ? { id, row: rows.get(table, id) } : {};
}

export function putExternal(rows, { id, kind, by, body }) {
    if (body.external_id !== undefined) rows.put('external', externalKey(kind, by, body.external_id), { id });
}

/** What all say that may supersede their own earlier word. */
export function supersede(rows, table, record) {
    const { id, by, body } = record;
    const earlier = externalRow(rows, table, record);
    refuseIf(earlier.row?.state === 'live' && earlier.id !== body.supersedes, 'external_id');
    if (body.supersedes === undefined) return;
    refuseIf(rows.get(table, body.supersedes).by !== by, 'not_yours');
    move(rows, table, body.supersedes, 'superseded', { superseded_by: id });
}

export const link = (rows, on, { incident, record, record_kind, by, index, ...basis }) =>
    move(rows, 'link', `${incident} ${record}`, on, { by, index, record_kind, ...basis });

/** Files a record under the incident that it names. */
export function file(rows, { id, kind, by, index, body }) {
    if (body.incident === undefined) return;
    link(rows, 'filed', { incident: body.incident, record: id, record_kind: kind, by, index, basis: 'filed' });
}

const say = ({ rows, record, own }) => {
    supersede(rows, own, record);
    return () => {
        putExternal(rows, record);
        file(rows, record);
    };
};

const MEANS_OF = {
    saw: ['saw', 'camera', 'thermal', 'uav', 'satellite'],
    heard: ['heard', 'acoustic'],
    recorded: ['recorded', 'camera', 'thermal', 'uav', 'acoustic', 'radar', 'satellite'],
    was_told: ['told'],
};

function observe(work) {
    const { verb, means } = work.body;
    refuseIf(MEANS_OF[verb] && !MEANS_OF[verb].includes(means), 'verb');
    return say(work);
}

function askInterval({ body: { from, since, until } }) {
    const begins = from ?? since;
    refuseIf(begins && until && until.at_ms < begins.at_ms, 'interval');
}

function cover(work) {
    askInterval(work);
    return say(work);
}

/** An answer by whom the row names in `member`. */
const answer = (member) => (work) => {
    notYoursUnless(work.org === work.namedRow[member]);
    return () => work.setNamed({ answer: work.body.answer, answered: work.record.id });
};

const assess = ({ rows, body: { record, ...fields }, record: { id }, signed, caseId }) => () =>
    rows.put('assessment', record, only('assessment', { ...fields, case: caseId, ...signed, id }));

function visit(work) {
    notYoursUnless(work.org === work.namedRow.org);
    return () => work.setNamed({ seen: work.body.seen, visited: work.record.id });
}

const take = (work) => () => work.setOwn({ holder: work.org });

function hand(work) {
    notYoursUnless(work.org === work.namedRow.holder);
    return () => work.setNamed({ to: work.body.to });
}

function receive(work) {
    const { rows, org, named, body: { condition } } = work;
    refuseIf(work.namedRow.to !== undefined && work.namedRow.to !== org, 'not_yours');
    return () => {
        const { to, ...row } = work.namedRow;
        const held = condition === 'missing' ? work.namedRow : { ...row, holder: org };
        rows.put('item', named.key, { ...held, condition });
    };
}

/** A row that is this record's from now on. */
const replace = (work, table, key) => {
    const { rows, on, body, signed } = work;
    const state = nextState(table, on, rows.get(table, key));
    work.noMoveIf(!state);
    rows.put(table, key, only(table, { ...body, ...signed, state }));
};

function declare(work) {
    notYoursUnless(work.body.organisation === work.org);
    return () => replace(work, 'ceasefire', work.org);
}

const setLevel = (work) => () => replace(work, 'level', `${work.org} ${work.body.sector}`);

const matchKey = ({ left, right }) => [left, right].sort().join(' ');

function match(work) {
    const { rows, body } = work;
    const [left, right] = [body.left, body.right].map((id) => rows.get('key', rows.get('record', id).by).org);
    refuseIf(left === right, 'one_ledger');
    return () => replace(work, 'match', matchKey(body));
}

const unmatch = ({ rows, on, body, signed }) => () => move(rows, 'match', matchKey(body), on, signed);

function accredit(work) {
    const { rows, body, org } = work;
    notYoursUnless(body.host === org);
    const key = rows.get('key', body.name);
    refuseIf(key?.job !== 'author' || key.state !== 'active', 'not_admitted');
    return () => replace(work, 'accreditation', `${body.name} ${body.host}`);
}

function dismiss({ rows, on, body, org, signed }) {
    notYoursUnless(body.host === org);
    return () => move(rows, 'accreditation', `${body.name} ${body.host}`, on, signed);
}

/** The first word on a commitment counts. */
function answerEvidence(work) {
    const { rows, body, on, record: { id }, signed } = work;
    const write = answer('to')(work);
    refuseIf((body.answer === 'committed') !== Object.hasOwn(body, 'commitments'), 'shape');
    return () => {
        write();
        for (const commitment of body.commitments ?? []) {
            if (!rows.get('committed', commitment)) {
                rows.put('committed', commitment, { ...signed, record: id, state: nextState('committed', on) });
            }
        }
    };
}

/** The parts that a record hands on: those with a media type. */
const handedOn = ({ body }) => (body.parts ?? []).filter((part) => Object.hasOwn(part, 'media'));

function release(work) {
    const { rows, body, org, key, kind, record: { id } } = work;
    const released = rows.get('record', body.record);
    const isOwn = released.kind === 'evidence.answer' && rows.get('key', released.by).org === org;
    refuseIf(!isOwn && !mayAct(rows, key, 'release'), 'capability');
    const isOf = (table, { commitment }) => rows.get(table, commitment)?.record === body.record;
    const isOfRecord = (part) => isOf('part', part) || isOf('committed', part);
    const moved = handedOn(work);
    for (const part of moved) {
        const row = rows.get('part', part.commitment);
        refuseIf(part.tier !== body.tier, 'part');
        refuseIf(!isOfRecord(part) && (row || !body.removed), 'part');
        refuseIf(row?.tier === 'sealed' && rows.get('opening', part.commitment)?.state !== 'open', 'sealed');
    }
    refuseIf(moved.length && body.removed && moved.every(isOfRecord), 'redaction');
    const { role } = rows.get('key', released.by);
    const isBlurred = role !== undefined && termOf(rows, `role/${role}`).blur === 1;
    refuseIf(body.tier === 'public' && isBlurred && !body.removed?.includes('place'), 'redaction');
    return () => {
        for (const part of moved) {
            if (isOf('committed', part) && rows.get('committed', part.commitment).state === 'committed') {
                move(rows, 'committed', part.commitment, kind.name, { release: id });
            }
        }
    };
}

function opened(work) {
    const { rows, body, record } = work;
    const row = rows.get('part', body.part);
    refuseIf(row?.tier !== 'sealed', 'part');
    notYoursUnless(firstOf(rows, record.by) === firstOf(rows, row.recipients[body.step === 'outer' ? 0 : 1]));
    const [part, ...more] = handedOn(work);
    const isSame =
        part?.commitment === body.part &&
        part.tier === 'sealed' &&
        part.recipients.every((name, i) => firstOf(rows, name) === firstOf(rows, row.recipients[i]));
    refuseIf(!isSame || more.length, 'part');
    return () => work.setNamed({ [body.step]: record.id });
}

function erase(work) {
    const { rows, body, named, org, record: { id } } = work;
    refuseIf(!rows.get('part', body.part), 'part');
    work.noMoveIf(named.row?.org === org);
    return () => {
        const orders = [...(named.row?.orders ?? []), id];
        if (!named.row) return work.setNamed({ orders });
        const orgs = itemsOf(rows, 'organisation', work.version).map(([name]) => name);
        for (const name of orgs) {
            rows.put('erased', `${body.part} ${name}`, { org: name, state: nextState('erased', 'ordered') });
        }
        work.setNamed({ orders, owed: orgs.length });
        return move(rows, 'part', body.part, 'ordered', {});
    };
}

function erased(work) {
    const { rows, body, org, on, record: { by, index } } = work;
    return () => {
        const key = `${body.part} ${org}`;
        const state = nextState('erased', on, rows.get('erased', key));
        work.noMoveIf(!state);
        rows.put('erased', key, { by, index, org, state });
        const owed = work.namedRow.owed - 1;
        work.setNamed({ owed });
        if (owed === 0) move(rows, 'part', body.part, 'confirmed', {});
    };
}

const gradeItem = ({ rows, body, org }) =>
    refuseIf((body.organisation ?? rows.get('key', rows.get('record', body.record).by).org) === org, 'own_source');

function gradeSource(work) {
    refuseIf((work.body.record === undefined) === (work.body.organisation === undefined), 'shape');
    gradeItem(work);
}
const lane = (table) => (work) => {
    askInterval(work);
    const { crossing, direction, class: traffic } = work.body;
    return () => replace(work, table, `${crossing} ${direction} ${traffic} ${work.org}`);
};

function count(work) {
    askInterval(work);
    refuseIf(work.body.max < work.body.min, 'range');
}

function countReturns(work) {
    const { persons, children = persons, unaccompanied = 0 } = work.body;
    askInterval(work);
    refuseIf(children > persons || unaccompanied > children, 'range');
}

function askTransit(work) {
    askInterval(work);
    notYoursUnless(work.body.host !== work.org);
}

const byAsker = (work) => notYoursUnless(work.org === work.namedRow.org);

function answerNotice(work) {
    notYoursUnless(work.org !== work.namedRow.org);
    return () => replace(work, 'notice_answer', `${work.body.notice} ${work.org}`);
}

const matchNotice = (work) => () => replace(work, 'notice_match', `${work.body.notice} ${work.body.record}`);

/** How far a message of the hotline comes; a later step proves those before it. */
const HOTLINE_STEPS = ['delivered', 'opened', 'understood', 'answered'];

const message = (work, id) => work.rows.get('message', id);
const isOf = (work, row) => [row.org, row.to, row.via].includes(work.org);
const hasCome = ({ via, state }) => via === undefined || state === 'passed' || state === 'answered';
const toOther = ({ body, org }) => notYoursUnless(body.to !== org);

/** Starts or ends a message's clocks of these steps, by its priority. */
function turnClocks(work, turn, id, priority, members) {
    const item = work.term(`hotline_priority/${priority}`);
    for (const member of members) if (item[member]) turn(work, id, item[member]);
}

export function startClock(work, id, clock) {
    for (const each of eachOf(work, work.term(`clock/${clock}`))) {
        startDeadline(work, id, clock, each, work.counted + durationOf(work, clock));
    }
}

export const endClock = (work, id, clock) => endDeadline(work, id, clock, work.term(`clock/${clock}`).each ? work.org : undefined);

function send(work) {
    const { rows, body, org, record: { id } } = work;
    toOther(work);
    notYoursUnless(body.via === undefined || (body.via !== org && body.via !== body.to));
    refuseIf(body.thread && body.reply_to, 'shape');
    const before = body.thread ? message(work, body.thread) : body.reply_to && message(work, body.reply_to);
    if (body.thread) notYoursUnless(isOf(work, before));
    if (body.reply_to) {
        notYoursUnless(org === before.to && body.to === before.org);
        work.noMoveIf(!hasCome(before));
        refuseIf(body.exercise !== before.exercise, 'exercise');
    }
    return () => {
        work.setOwn({ thread: before ? before.thread : id });
        turnClocks(work, startClock, id, body.priority, body.via ? ['passed'] : HOTLINE_STEPS);
        if (!body.reply_to) return;
        move(rows, 'message', body.reply_to, 'replied', { answered: id });
        turnClocks(work, endClock, body.reply_to, before.priority, HOTLINE_STEPS);
    };
}

const acknowledge = (stepOf) => (work) => {
    const { rows, namedRow: row, org, on, body, signed, record: { id } } = work;
    const step = stepOf(body);
    if (org !== row.via) {
        notYoursUnless(org === row.to);
        work.noMoveIf(!hasCome(row));
    }
    return () => {
        move(rows, 'message_step', `${body.message} ${org}`, on, { ...signed, [step]: id });
        if (org !== row.to) return;
        turnClocks(work, endClock, body.message, row.priority, HOTLINE_STEPS.slice(0, HOTLINE_STEPS.indexOf(step) + 1));
    };
};

function relay(work) {
    const { namedRow: { priority, via }, org, body } = work;
    notYoursUnless(org === via);
    return () => {
        if (['passed', 'refused'].includes(body.act)) turnClocks(work, endClock, body.message, priority, ['passed']);
        if (body.act === 'passed') turnClocks(work, startClock, body.message, priority, HOTLINE_STEPS);
    };
}

function contest(work) {
    const row = message(work, work.namedRow.message);
    notYoursUnless([row.org, row.to].includes(work.org));
}

function escalate(work) {
    notYoursUnless(isOf(work, work.namedRow));
    return () => work.setNamed({ level: work.body.level });
}

function fileThread(work) {
    const row = message(work, work.body.message);
    notYoursUnless(isOf(work, row));
    return () => replace(work, 'hotline_file', `${row.thread} ${work.body.incident}`);
}

function echo(work) {
    notYoursUnless(work.org === work.namedRow.to);
    return () => work.setNamed({ echo: work.record.id, heard: work.body.text });
}

function tellLine(work) {
    toOther(work);
    refuseIf(work.body.status === 'unanswered' && work.body.checked !== 'yes', 'shape');
    return () => replace(work, 'line', `${work.org} ${work.body.to}`);
}

function setWatch(work) {
    askInterval(work);
    for (const name of [work.body.officer, work.body.deputy, work.body.principal]) {
        const key = name && work.rows.get('key', name);
        refuseIf(name && (key?.org !== work.org || key.job !== 'author' || key.state !== 'active'), 'not_admitted');
    }
    return () => replace(work, 'duty', work.org);
}

function answerCall(work) {
    const write = answer('to')(work);
    refuseIf(work.body.answer === 'declined' && work.body.ground === undefined, 'shape');
    refuseIf(work.body.answer === 'other_time' && work.body.at === undefined, 'shape');
    return write;
}

// Obligations, persons and demands.

const owedKey = (obligation, org) => `${obligation} ${org}`;

/** Whether all who owe an obligation have kept it. */
const isKept = (work, id) =>
    (work.term(`obligation/${id}`)?.owes ?? []).every((org) => {
        const owed = work.rows.get('owed', owedKey(id, org));
        return owed && work.rows.get('obligation', owed.record)?.state === 'kept';
    });

const askBound = (work, id) =>
    refuseIf((work.term(`obligation/${id}`)?.waits_for ?? []).some((other) => !isKept(work, other)), 'waits');

function openObligation(work) {
    const { rows, body, record } = work;
    const item = work.term(`obligation/${body.obligation}`);
    const key = owedKey(body.obligation, body.organisation);
    notYoursUnless(item.owes.includes(body.organisation));
    refuseIf(body.due !== undefined && (item.due_ms !== undefined || item.clock === undefined), 'shape');
    askBound(work, body.obligation);
    work.noMoveIf(!nextState('owed', work.on, rows.get('owed', key)));
    return () => {
        replace(work, 'owed', key);
        rows.put('owed', key, { ...rows.get('owed', key), record: record.id });
        const at = item.due_ms ?? body.due?.at_ms;
        if (at === undefined || item.clock === undefined) return;
        const left = Math.max(0, at - rows.get('clock', 'clock').now_ms);
        startDeadline(work, record.id, item.clock, undefined, work.counted + left);
    };
}

const askGround = ({ body }, word) => refuseIf((word === 'refused' || word === 'cannot') && body.ground === undefined, 'shape');

function endDue(work) {
    const clock = work.term(`obligation/${work.namedRow.obligation}`)?.clock;
    if (clock !== undefined) endDeadline(work, work.named.key, clock);
}

function reportObligation(work) {
    notYoursUnless(work.org === work.namedRow.organisation);
    askGround(work, work.body.status);
    return () => {
        if (work.body.status === 'done') endDue(work);
    };
}

function judgeStep(work) {
    notYoursUnless(work.org !== work.namedRow.org);
    return () => replace(work, 'judgement', `${work.body.report} ${work.org}`);
}

function settle(work) {
    const { organisation, obligation } = work.namedRow;
    notYoursUnless(work.org !== organisation);
    if (['not_kept', 'partly'].includes(work.body.result)) askBound(work, obligation);
    return () => {
        const { result } = work.body;
        if (result === 'lapsed')
            move(work.rows, 'owed', owedKey(obligation, organisation), 'lapsed', { record: work.named.key });
        if (result === 'lapsed' || result === 'kept') endDue(work);
    };
}

function askReceiver({ body, org }) {
    refuseIf((body.what === 'handed_over') !== (body.to !== undefined), 'shape');
    notYoursUnless(body.to !== org);
}

function registerPersons(work) {
    askReceiver(work);
    return () => work.setOwn({ holder: work.org });
}

function movePersons(work) {
    notYoursUnless(work.org === work.namedRow.holder);
    askReceiver(work);
    return () => work.body.to !== undefined && work.setNamed({ to: work.body.to });
}

function receivePersons(work) {
    const { body, org } = work;
    const taken = body.answer === 'received';
    notYoursUnless(work.namedRow.to === undefined || org === work.namedRow.to);
    refuseIf(taken !== body.counted > 0, 'range');
    return () => taken && work.setNamed({ counted: body.counted, holder: org });
}

function answerDemand(work) {
    const write = answer('to')(work);
    askGround(work, work.body.answer);
    return write;
}

// What is asked in confidence.

function askThrough({ body, org, rows }) {
    notYoursUnless(body.to !== org && body.through !== org && body.through !== body.to);
    refuseIf(!reads(rows, 'sealed', body.through), 'no_reader');
}

function answerIntel(work) {
    const { answer: said, as_of, ground } = work.body;
    const write = answer('to')(work);
    refuseIf((said === 'given') !== (as_of !== undefined) || (said === 'declined' && ground === undefined), 'shape');
    return () => {
        write();
        if (as_of !== undefined) work.setNamed({ as_of });
    };
}

function summarise(work) {
    notYoursUnless(work.org === work.namedRow.through);
    return () => work.setNamed({ summary: work.record.id });
}

function endIntel(work) {
    byAsker(work);
    refuseIf(work.body.outcome === 'aged_out' && work.rows.get('clock', 'clock').now_ms <= work.namedRow.until.at_ms, 'clock_runs');
}

const nothing = () => {};

export const CASE_ACTS = {
    'case.triage': triage,
    'case.notify': notify,
    'case.reply': reply,
    'case.task': nothing,
    'case.verify': nothing,
    'case.mark': mark,
    'case.unmark': mark,
    'case.recuse': recuse,
    'case.summon': summon,
    'case.publish': publish,
    'case.close': close,
    'case.reopen': nothing,
    'deadline.extend': extend,
    'deadline.pause': pause,
    'deadline.resume': resume,
    'incident.flash': say,
    'incident.observe': observe,
    'incident.read': say,
    'incident.warn': say,
    'incident.ask': nothing,
    'incident.explain': answer('to'),
    'incident.suggest': nothing,
    'evidence.preserve': nothing,
    'evidence.answer': answerEvidence,
    'evidence.assess': assess,
    'access.request': nothing,
    'access.answer': answer('host'),
    'access.visit': visit,
    'access.restriction': say,
    'coverage.watch': cover,
    'coverage.outage': cover,
    'custody.take': take,
    'custody.hand': hand,
    'custody.receive': receive,
    'custody.release': release,
    'part.opened': opened,
    'part.erase': erase,
    'part.erased': erased,
    'grade.source': gradeSource,
    'grade.item': gradeItem,
    'intake.refuse': nothing,
    'state.declare': declare,
    'state.level': setLevel,
    'ledger.match': match,
    'ledger.unmatch': unmatch,
    'member.accredit': accredit,
    'member.dismiss': dismiss,
    'crossing.declare': lane('lane'),
    'crossing.observe': lane('lane_seen'),
    'crossing.count': count,
    'crossing.return': countReturns,
    'transit.request': askTransit,
    'transit.answer': answer('host'),
    'transit.outcome': byAsker,
    'notice.give': cover,
    'notice.answer': answerNotice,
    'notice.report': byAsker,
    'notice.match': matchNotice,
    'hotline.send': send,
    'hotline.deliver': acknowledge(() => 'delivered'),
    'hotline.ack': acknowledge(({ step }) => step),
    'hotline.relay': relay,
    'hotline.contest': contest,
    'hotline.escalate': escalate,
    'hotline.file': fileThread,
    'hotline.check': toOther,
    'hotline.echo': echo,
    'hotline.line': tellLine,
    'hotline.duty': setWatch,
    'hotline.call': toOther,
    'hotline.call_answer': answerCall,
    'obligation.open': openObligation,
    'obligation.report': reportObligation,
    'obligation.judge': judgeStep,
    'obligation.settle': settle,
    'person.register': registerPersons,
    'person.move': movePersons,
    'person.receive': receivePersons,
    'demand.make': toOther,
    'demand.answer': answerDemand,
    'demand.close': byAsker,
    'guarantee.give': cover,
    'intel.ask': askThrough,
    'intel.answer': answerIntel,
    'intel.summary': summarise,
    'intel.outcome': endIntel,
    'statement.log': say,
    ...DIALOGUE_ACTS,
};
