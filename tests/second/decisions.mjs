// What findings, rulings, consequences and appeals ask last, and write besides (doc/rules.md).

import { refuseIf } from './void.mjs';
import { itemsOf } from './versions.mjs';
import { deadlineOf, durationOf, endDeadline, isOver, move, startDeadline } from './work.mjs';

const TABLE_OF = {
    'incident.open': 'incident', 'incident.report': 'report', claim: 'claim', 'incident.flash': 'flash',
    'incident.observe': 'observation', 'incident.read': 'reading', 'incident.warn': 'warning',
    'access.restriction': 'restriction',
};

/** Whether a record counts as evidence; if so its assessment. */
function assessmentThatCounts(work, id) {
    const { rows } = work;
    const assessment = rows.get('assessment', id);
    const record = rows.get('record', id);
    if (!assessment || !record) return undefined;
    const state = TABLE_OF[record.kind] && rows.get(TABLE_OF[record.kind], id)?.state;
    if (state === 'superseded' || state === 'withdrawn') return undefined;
    const { doubt_from, revoked_at } = rows.get('key', record.by);
    const isDoubted = doubt_from !== undefined && record.index >= doubt_from && assessment.index <= revoked_at;
    return isDoubted ? undefined : assessment;
}

const orderOf = (work, section, id) => work.term(`${section}/${id}`)?.order ?? 0;

/** Whether every accused has answered, or its time is over. */
function haveReplied(work) {
    const { ends = [] } = work.term('move/case.reply') ?? {};
    return (work.caseRow.accused ?? []).every((org) =>
        ends.every((clock) => {
            const its = work.term(`clock/${clock}`).each ? org : undefined;
            const row = deadlineOf(work.rows, work.caseId, clock, its);
            return row && (['met', 'late'].includes(row.state) || (row.state === 'running' && isOver(work, row)));
        }),
    );
}

/** Whether the finding has what its standard asks, and what its mode does. */
function reaches(work, finding) {
    const standard = work.term(`standard/${finding.standard}`);
    const mode = finding.mode && work.term(`mode/${finding.mode}`);
    const author = finding.author && work.term(`author/${finding.author}`);
    const items = [...new Set(finding.items ?? [])].map((id) => assessmentThatCounts(work, id)).filter(Boolean);
    const neutral = items.filter((item) => item.neutral === 'yes' && work.term(`origin/${item.origin}`)?.neutral !== 0);
    const physical = neutral.filter((item) => ['physical', 'technical'].includes(item.class));
    const isAnswered = (question) =>
        (finding.answers ?? []).some(
            (answer) => answer.question === question && (answer.items ?? []).some((id) => assessmentThatCounts(work, id)),
        );
    return (
        items.length >= (standard.items ?? 0) &&
        new Set(items.map((item) => item.origin)).size >= (standard.origins ?? 0) &&
        neutral.length >= (standard.neutral ?? 0) &&
        physical.length >= (standard.physical ?? 0) &&
        (!standard.reply || haveReplied(work)) &&
        (!standard.alternatives || finding.alternatives === 'considered') &&
        (!standard.contradictions || finding.contradictions !== 'open') &&
        (!(finding.against || author?.organisation) || neutral.length > 0) &&
        (!finding.against || Boolean(work.caseRow.accused?.includes(finding.against))) &&
        (!mode?.standard || standard.order >= orderOf(work, 'standard', mode.standard)) &&
        (mode?.questions ?? []).every(isAnswered)
    );
}

function checkStandard(work, finding) {
    if (!['established', 'in_part'].includes(finding.outcome)) return;
    refuseIf(!reaches(work, finding), 'standard', work.term(`standard/${finding.standard}`).clause);
}

function draft(work) {
    const { rows, body, record, caseId } = work;
    const isOpen = ['not_established', 'not_examined'].includes(body.outcome);
    refuseIf((body.against === undefined) !== (body.mode === undefined) || (isOpen && body.unresolved === undefined), 'shape');
    const { modes } = work.term(`act/${body.allegation}`);
    refuseIf(body.mode && modes && !modes.includes(body.mode), 'mode');
    const named = [...(body.items ?? []), ...(body.answers ?? []).flatMap(({ items = [] }) => items)];
    refuseIf(named.some((id) => (rows.get('record', id)?.verdict ?? 'void') === 'void'), 'reference');
    refuseIf(body.supersedes && rows.get('finding', body.supersedes).case !== caseId, 'reference');
    checkStandard(work, body);
    if (body.supersedes) move(rows, 'finding', body.supersedes, 'superseded', { superseded_by: record.id });
}

const comment = ({ rows, body, caseId }) =>
    refuseIf(body.finding && rows.get('finding', body.finding).case !== caseId, 'reference');

function issue(work) {
    const { grade, ...finding } = work.namedRow;
    checkStandard(work, finding);
    return () => {
        const { found } = work.caseRow;
        const isGraver = grade && (!found || orderOf(work, 'grade', grade) > orderOf(work, 'grade', found));
        if (isGraver) work.setCase({ found: grade });
    };
}

const gradeOf = (work) => work.caseRow?.found ?? work.caseRow?.grade;

const isStepFor = (work, step, purpose) =>
    step.needs && step.for.includes(purpose) && !step.not_for_grades?.includes(gradeOf(work));

/** The steps that can decide this. */
const stepsFor = (work, purpose) =>
    itemsOf(work.rows, 'step', work.version)
        .map(([, step]) => step)
        .filter((step) => isStepFor(work, step, purpose));

const wasTried = (work, subject, step) => Boolean(work.rows.get('attempt', `${subject} ${step.id}`));

function checkStep(work, purpose, subject) {
    const step = work.term(`step/${work.body.step}`);
    const before = stepsFor(work, purpose).filter(({ order }) => order < step.order);
    refuseIf(!isStepFor(work, step, purpose) || !before.every((other) => wasTried(work, subject, other)), 'step');
}

const hasClause = (work, id) => work.term(`act/${work.rows.get('finding', id).allegation}`).clause !== undefined;

const asRuling = (work) => () =>
    work.setOwn({ abstained: [], concurred: [], kind: work.kind.name, refused: [] });

function propose(work) {
    const { rows, body, caseId } = work;
    const isIssued = ({ state, case: its }) => state === 'issued' && its === caseId;
    refuseIf(!body.findings.every((id) => isIssued(rows.get('finding', id))), 'reference');
    refuseIf(!body.findings.some((id) => hasClause(work, id)), 'no_clause');
    checkStep(work, 'ruling', caseId);
    return asRuling(work);
}

function interpret(work) {
    checkStep(work, 'interpretation', work.body.clause);
    return asRuling(work);
}

function review(work) {
    checkStep(work, 'review', work.body.appeal);
    return asRuling(work);
}

const LIST_OF = { concur: 'concurred', refuse: 'refused', abstain: 'abstained' };

const hasSteppedBack = (work, org) => Boolean(work.caseId && work.rows.get('recusal', `${work.caseId} ${org}`));

/** Those of a group who have not stepped back from the case. */
const membersOf = (work, group) =>
    work.term(`group/${group}`).organisations.filter((org) => !hasSteppedBack(work, org));

/** What a ruling is to decide. */
const subjectOf = (ruling) =>
    ({ 'ruling.propose': ruling.case, 'ruling.interpret': ruling.clause, 'ruling.review': ruling.appeal })[ruling.kind];

function writeAttempt({ rows, record }, subject, step, more) {
    const key = `${subject} ${step}`;
    if (!rows.get('attempt', key)) rows.put('attempt', key, { by: record.by, index: record.index, ...more });
}

function settleReview(work, ruling) {
    const { rows, named } = work;
    move(rows, 'appeal', ruling.appeal, 'in_force', { review: named.key });
    const { ruling: id } = rows.get('appeal', ruling.appeal);
    move(rows, 'ruling', id, `review ${ruling.result}`, { review: named.key });
    const { state, consequences = 0 } = rows.get('ruling', id);
    if (state === 'set_aside' && consequences) {
        work.setCase({ consequences: work.caseRow.consequences - consequences });
    }
}

function comeIntoForce(work) {
    const { rows, named, record, caseId } = work;
    move(rows, 'ruling', named.key, 'in_force', { in_force_at: record.index });
    const ruling = work.namedRow;
    if (ruling.kind === 'ruling.propose') {
        move(rows, 'case', caseId, 'in_force', { rulings: [...(work.caseRow.rulings ?? []), named.key] });
    }
    if (ruling.kind === 'ruling.review') settleReview(work, ruling);
    return { item: work.term('move/ruling.answer/in_force'), also: ruling.appeal };
}

function answer(work) {
    const { rows, body, org, key, named } = work;
    const ruling = work.namedRow;
    const step = work.term(`step/${ruling.step}`);
    refuseIf(step.roles && !step.roles.includes(key.role), 'capability');
    const isNeeded = step.needs.some(({ group }) => work.term(`group/${group}`).organisations.includes(org));
    refuseIf(!isNeeded, 'not_yours');
    refuseIf(hasSteppedBack(work, org), 'recused');
    work.noMoveIf((ruling.findings ?? []).some((id) => rows.get('finding', id).state !== 'issued'));
    return () => {
        const row = work.namedRow;
        for (const list of Object.values(LIST_OF)) row[list] = row[list].filter((other) => other !== org);
        row[LIST_OF[body.answer]].push(org);
        rows.put('ruling', named.key, row);
        const needs = step.needs.map(({ group, count }) => ({ orgs: membersOf(work, group), count }));
        const has = ({ orgs, count }) => orgs.filter((other) => row.concurred.includes(other)).length >= count;
        if (needs.every(has)) return comeIntoForce(work);
        const isLost = ({ orgs, count }) =>
            orgs.filter((other) => !row.refused.includes(other) && !row.abstained.includes(other)).length < count;
        if (needs.some(isLost)) writeAttempt(work, subjectOf(ruling), ruling.step, { ruling: named.key });
        return undefined;
    };
}

function fail(work) {
    const { rows, body, org, caseId } = work;
    checkStep(work, 'ruling', caseId);
    const step = work.term(`step/${body.step}`);
    const isHopeless = ({ group, count }) => membersOf(work, group).filter((other) => other !== org).length < count;
    const staysAway = (other) => (rows.get('summons', `${caseId} ${other}`)?.count ?? 0) >= step.summonses;
    const isDeserted = ({ group }) => step.summonses !== undefined && membersOf(work, group).some(staysAway);
    refuseIf(!step.needs.some((need) => isHopeless(need) || isDeserted(need)), 'step');
    return () => writeAttempt(work, caseId, body.step);
}

const none = (work) =>
    refuseIf(!stepsFor(work, 'ruling').every((step) => wasTried(work, work.caseId, step)), 'step');

const nothing = () => {};

const addTo = (row, member, n) => ({ [member]: (row[member] ?? 0) + n });

/** One more, or one less, of what has not been checked as done: of the case, and of the ruling. */
function countConsequences(work, ruling, n) {
    const { rows } = work;
    work.setCase(addTo(work.caseRow, 'consequences', n));
    const row = rows.get('ruling', ruling);
    rows.put('ruling', ruling, { ...row, ...addTo(row, 'consequences', n) });
}

/** The deadline of a consequence: [clock, when it is due]. */
function dueOf(work, { rung, due }) {
    const { clock } = work.term(`rung/${rung}`);
    const { now_ms } = work.rows.get('clock', 'clock');
    if (due) return ['due', work.counted + Math.max(0, due.at_ms - now_ms)];
    return [clock, work.counted + durationOf(work, clock)];
}

function order(work) {
    const { rows, body, record } = work;
    refuseIf(!work.namedRow.findings.includes(body.finding), 'reference');
    refuseIf(!hasClause(work, body.finding), 'no_clause');
    const { outcome, standard } = rows.get('finding', body.finding);
    const rung = work.term(`rung/${body.rung}`);
    const carries =
        ['established', 'in_part'].includes(outcome) &&
        orderOf(work, 'standard', standard) >= orderOf(work, 'standard', rung.standard);
    refuseIf(!work.namedRow.rungs?.includes(body.rung), 'rung');
    refuseIf(!carries, 'rung', rung.clause);
    refuseIf(!body.due && !rung.clock, 'shape');
    return () => {
        const [clock, due_ms] = dueOf(work, body);
        startDeadline(work, record.id, clock, undefined, due_ms);
        countConsequences(work, body.ruling, 1);
    };
}

const rulingIsInForce = (work) =>
    work.noMoveIf(work.rows.get('ruling', work.namedRow.ruling).state !== 'in_force');

const endIts = (work) => endDeadline(work, work.named.key, dueOf(work, work.namedRow)[0]);

function perform(work) {
    rulingIsInForce(work);
    refuseIf(work.namedRow.owner !== work.org, 'not_yours');
    return () => endIts(work);
}

function check(work) {
    const { body, named } = work;
    rulingIsInForce(work);
    refuseIf(work.namedRow.owner === work.org, 'not_yours');
    return () => {
        work.setNamed(addTo(work.namedRow, 'checks', 1));
        if (body.result === 'done') {
            endIts(work);
            countConsequences(work, work.namedRow.ruling, -1);
        } else {
            const [clock, due_ms] = dueOf(work, work.namedRow);
            startDeadline(work, named.key, clock, undefined, due_ms);
        }
    };
}

function appeal(work) {
    const { org, caseId } = work;
    const { appealed = [], case: its } = work.namedRow;
    refuseIf(its !== caseId, 'reference');
    work.noMoveIf(appealed.includes(org));
    return () => work.setNamed({ appealed: [...appealed, org] });
}

export const DECISION_ACTS = {
    'finding.draft': draft,
    'case.circulate': nothing,
    'finding.comment': comment,
    'finding.issue': issue,
    'ruling.propose': propose,
    'ruling.interpret': interpret,
    'ruling.review': review,
    'ruling.answer': answer,
    'ruling.fail': fail,
    'ruling.none': none,
    'ruling.dissent': nothing,
    'ruling.reserve': nothing,
    'consequence.order': order,
    'consequence.perform': perform,
    'consequence.check': check,
    'appeal.file': appeal,
};
