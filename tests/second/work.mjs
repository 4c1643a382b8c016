// How the work of a case is done (doc/rules.md, "Work of a case"): its nine steps, and deadlines.

import { digits } from './bytes.mjs';
import { noMove, refuseIf } from './void.mjs';
import { MEMBERS, nextState } from './rules.mjs';
import { hasBegun, termOf, versionInForce } from './versions.mjs';

/** Of some values those that are members of a table's rows and are there. */
export const only = (table, values) =>
    Object.fromEntries(MEMBERS.get(table).flatMap((m) => (values[m] === undefined ? [] : [[m, values[m]]])));

/** Moves a row to its next state, with these members set. */
export function move(rows, table, key, on, members) {
    const row = rows.get(table, key);
    const state = nextState(table, on, row);
    if (!state) throw noMove(rows);
    rows.put(table, key, { ...row, ...members, state });
}

/** Step 1: the rows that a record is about, and the version of the terms that it is judged by. */
export function workOf(rows, kind, { body }) {
    const { table, field } = kind.work.named ?? {};
    const named = table && body[field] && { table, key: body[field], row: rows.get(table, body[field]) };
    const caseId = body.case ?? named?.row?.case;
    const row = caseId && rows.get('case', caseId);
    return { named, caseId, version: body.modalities ?? row?.modalities ?? versionInForce(rows) };
}

/** What a kind's own part is given: the record, and what step 1 and 3 found. */
class Work {
    constructor(rows, kind, record, { named, caseId, version }) {
        const { own, word, movesCase } = kind.work;
        Object.assign(this, { rows, record, kind, own, movesCase, named, caseId, version, body: record.body });
        this.word = word && record.body[word];
        this.on = word ? `${kind.name} ${this.word}` : kind.name;
        this.key = rows.get('key', record.by);
        this.org = this.key.org;
        this.signed = { by: record.by, index: record.index, org: this.org };
        this.counted = rows.get('clock', 'clock').counted_ms;
    }

    term(key) {
        return termOf(this.rows, key, this.version);
    }

    /** The rows as they are now. */
    get caseRow() {
        return this.caseId && this.rows.get('case', this.caseId);
    }

    get namedRow() {
        return this.named && this.rows.get(this.named.table, this.named.key);
    }

    setNamed(members) {
        this.rows.put(this.named.table, this.named.key, { ...this.namedRow, ...members });
    }

    setCase(members) {
        this.rows.put('case', this.caseId, { ...this.caseRow, ...members });
    }

    setOwn(members) {
        this.rows.put(this.own, this.record.id, { ...this.rows.get(this.own, this.record.id), ...members });
    }

    noMoveIf(is) {
        if (is) throw noMove(this.rows, this.version);
    }
}

/** Step 3: the item of the agreement that allows it. */
function itemOf(work) {
    const { kind, word } = work;
    const item = (word && work.term(`move/${kind.name}/${word}`)) ?? work.term(`move/${kind.name}`);
    work.noMoveIf(!item);
    return item;
}

/** Step 4: the states that the rows will have: [table, key, state]. */
function statesAfter(work) {
    const { own, named, movesCase, caseId, caseRow, on, record } = work;
    const moved = [];
    if (named) moved.push([named.table, named.key, named.row]);
    if (movesCase && caseId && named?.table !== 'case') moved.push(['case', caseId, caseRow]);
    if (own) moved.push([own, record.id, undefined]);
    const states = moved.map(([table, key, row]) => [table, key, nextState(table, on, row)]);
    work.noMoveIf(states.some(([, , state]) => !state));
    work.noMoveIf(caseId && named?.table !== 'case' && !caseRow);
    return states;
}

const keyOf = (subject, clock, org) => [subject, clock, ...(org ? [org] : [])].join(' ');

/** Whether a deadline's time is over. */
export const isOver = (work, { due_ms }) => work.counted > due_ms;

/** Whether somebody may still act in time. */
export const stillRuns = (work, row) => row?.state === 'paused' || (row?.state === 'running' && !isOver(work, row));

/** Step 5: whether a clock of the case still runs. */
const runs = (work, clock) =>
    work.rows.all('deadline').some((row) => row.case === work.caseId && row.clock === clock && stillRuns(work, row));

/** Puts a deadline, and keeps `due`. */
export function putDeadline(rows, row) {
    const key = keyOf(row.subject, row.clock, row.org);
    const before = rows.get('deadline', key);
    const dueKey = ({ due_ms }) => `${digits(due_ms)} ${key}`;
    if (before?.state === 'running') rows.remove('due', dueKey(before));
    if (row.state === 'running') rows.put('due', dueKey(row), { deadline: key });
    rows.put('deadline', key, row);
}

export const deadlineOf = (rows, subject, clock, org) => rows.get('deadline', keyOf(subject, clock, org));

/** Ends a deadline, if it can be ended. */
export function endDeadline(work, subject, clock, org) {
    const row = deadlineOf(work.rows, subject, clock, org);
    const isLate = row?.state === 'running' && isOver(work, row);
    const state = row && nextState('deadline', isLate ? 'late' : 'met', row);
    if (state) putDeadline(work.rows, { ...row, ended: work.record.index, state });
}

/** Starts a deadline that is due then, if it can be started. */
export function startDeadline(work, subject, clock, org, due_ms) {
    const row = deadlineOf(work.rows, subject, clock, org);
    const state = nextState('deadline', 'start', row);
    if (!state) return;
    const about = { case: work.caseId, clock, index: work.record.index, org, subject };
    putDeadline(work.rows, only('deadline', { ...about, due_ms, started_ms: work.counted, state }));
}

/** How long a clock of the agreement runs in this case. */
export function durationOf(work, clock) {
    const { duration_ms, urgent_ms } = work.term(`clock/${clock}`);
    return work.caseRow?.urgent === 'yes' && urgent_ms ? urgent_ms : duration_ms;
}

/** The organisations that have a deadline of their own by a clock. */
export function eachOf(work, { each }) {
    if (!each) return [undefined];
    return each === 'accused' ? (work.caseRow?.accused ?? []) : work.term(`group/${each}`).organisations;
}

/** Step 8; `also` is one more whose deadlines are ended. */
function runClocks(work, { ends = [], starts = [] }, also) {
    const { named, caseId, own, record, org } = work;
    for (const clock of ends) {
        const its = work.term(`clock/${clock}`).each ? org : undefined;
        for (const subject of new Set([also, named?.key, caseId])) if (subject) endDeadline(work, subject, clock, its);
    }
    const subject = own ? record.id : (named?.key ?? caseId);
    for (const clock of subject ? starts : []) {
        for (const each of eachOf(work, work.term(`clock/${clock}`))) {
            startDeadline(work, subject, clock, each, work.counted + durationOf(work, clock));
        }
    }
}

/**
 * Judges and does the work of a case. `act(work)` asks what the kind's section asks and returns what
 * writes the rest, if there is a rest. That may return another `item`, whose clocks it then is, and what else has
 * deadlines that are ended. `found.clause` becomes the clause of the verdict.
 */
export function doWork(rows, kind, record, about, found, act) {
    const work = new Work(rows, kind, record, about);
    refuseIf(!hasBegun(rows, about.version), 'modalities');
    const item = itemOf(work);
    found.clause = item.clause;
    const states = statesAfter(work);
    refuseIf((item.awaits ?? []).some((clock) => runs(work, clock)), 'clock_runs');
    const write = act(work);
    for (const [table, key, state] of states) {
        const { parts, ...body } = record.body;
        const isOwn = table === work.own && key === record.id;
        const row = rows.get(table, key) ?? (isOwn ? only(table, { ...body, case: work.caseId, ...work.signed }) : work.signed);
        rows.put(table, key, { ...row, state });
    }
    const { item: other, also } = write?.() ?? {};
    runClocks(work, other ?? item, also);
    if (work.caseId) {
        const { by, id } = record;
        rows.put('case_record', `${work.caseId} ${digits(record.index)}`, { by, id, kind: kind.name });
    }
}
