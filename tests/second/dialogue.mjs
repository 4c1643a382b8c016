// Sessions of bodies, what is carried between two, what came of it, and who is to do what (doc/rules.md).

import { endClock, putExternal, startClock, supersede } from './cases.mjs';
import { refuseIf } from './void.mjs';
import { deadlineOf, stillRuns, move, startDeadline } from './work.mjs';

const notYoursUnless = (is) => refuseIf(!is, 'not_yours');
const setRow = (rows, table, key, members) => rows.put(table, key, { ...rows.get(table, key), ...members });
const sessionOf = (work, id) => work.rows.get('session', id);
const bodyOf = (work, session) => work.term(`body/${session.body}`);
// A body that an amendment did away with has no places.
const groupOf = (work, body, member) => (body?.[member] ? work.term(`group/${body[member]}`).organisations : []);
const hasPlace = (work, body, org, members) => members.some((member) => groupOf(work, body, member).includes(org));

/** The body of the session, which the signer has a place in. */
function placeIn(work, session, ...members) {
    const body = bodyOf(work, session);
    notYoursUnless(hasPlace(work, body, work.org, members));
    return body;
}

const ofSession = (work, ...members) => placeIn(work, sessionOf(work, work.body.session), ...members);
const takesPart = (work) => ofSession(work, 'sits', 'chairs');

/** A name at the end of a list, or off it. */
const withName = (names, name, stands) => [...names.filter((other) => other !== name), ...(stands ? [name] : [])];

/** Whoever speaks is not silent. */
function hear(work, id, { dormant }) {
    if (!dormant) return;
    endClock(work, id, dormant);
    startClock(work, id, dormant);
}

function dueThen(work, subject, clock, { at_ms }) {
    const left = at_ms - work.rows.get('clock', 'clock').now_ms;
    startDeadline(work, subject, clock, undefined, work.counted + Math.max(0, left));
}

function call(work) {
    const body = placeIn(work, work.body, 'sits', 'chairs');
    return () => {
        work.setOwn({ present: [] });
        hear(work, work.body.body, body);
    };
}

function attend(work) {
    const { rows, namedRow, org, on, body: { session, status, at }, signed } = work;
    const body = ofSession(work, 'sits');
    return () => {
        const key = `${session} ${org}`;
        move(rows, 'attendance', key, on, {});
        const { state } = rows.get('attendance', key);
        rows.put('attendance', key, { ...signed, ...(at && { at }), session, status, state });
        work.setNamed({ present: withName(namedRow.present, org, status === 'present') });
        hear(work, namedRow.body, body);
    };
}

function open(work) {
    const { calendar } = ofSession(work, 'chairs');
    return () => calendar && endClock(work, work.namedRow.body, calendar);
}

function close(work) {
    const { body: { how, next } } = work;
    const { calendar } = ofSession(work, 'chairs');
    refuseIf(!next && (how === 'ended' || how === 'adjourned'), 'shape');
    return () => {
        work.setNamed({ closed: work.record.id, ...(next && { next }) });
        if (!calendar) return;
        if (next) dueThen(work, work.namedRow.body, calendar, next);
        else startClock(work, work.namedRow.body, calendar);
    };
}

function addItem(work) {
    takesPart(work);
}

function table(work) {
    takesPart(work);
    supersede(work.rows, 'paper', work.record);
    return () => putExternal(work.rows, work.record);
}

function give(work) {
    const { org, body: { via, to, session } } = work;
    notYoursUnless(new Set([org, via, to]).size === 3);
    if (session) takesPart(work);
}

function pass(work) {
    notYoursUnless(work.org === work.namedRow.via);
    return () => ['passed', 'corrected'].includes(work.body.act) && work.setNamed({ passed: work.record.id });
}

function answerExchange(work) {
    notYoursUnless(work.org === work.namedRow.to);
    return () => work.setNamed({ answer: work.body.answer, answered: work.record.id });
}

const ofThisSession = (work, table, id) =>
    refuseIf(id && work.rows.get(table, id).session !== work.body.session, 'reference');

const endAnswer = (work, id, { answer }) => answer && endClock(work, id, answer);

/** It is the body's when all who must agree have. */
function settle(work, id, body) {
    const { agreed } = work.rows.get('outcome', id);
    if (!groupOf(work, body, 'concur').every((org) => agreed.includes(org))) return;
    move(work.rows, 'outcome', id, 'complete', { settled: work.record.index });
    endAnswer(work, id, body);
}

function fileOutcome(work) {
    const { rows, org, record: { id }, body: { type, item, supersedes } } = work;
    const body = takesPart(work);
    refuseIf(type === 'decision' && work.namedRow.present.length < body.quorum, 'quorum');
    ofThisSession(work, 'agenda_item', item);
    ofThisSession(work, 'outcome', supersedes);
    notYoursUnless(!supersedes || rows.get('outcome', supersedes).org === org);
    return () => {
        work.setOwn({ agreed: hasPlace(work, body, org, ['concur']) ? [org] : [] });
        if (body.answer) startClock(work, id, body.answer);
        if (supersedes) {
            move(rows, 'outcome', supersedes, 'superseded', { superseded_by: id });
            endAnswer(work, supersedes, body);
        }
        if (item) move(rows, 'agenda_item', item, 'taken', { outcome: id });
        settle(work, id, body);
    };
}

function answerOutcome(work) {
    const { rows, namedRow, org, on, body: { outcome, answer }, signed } = work;
    const body = placeIn(work, sessionOf(work, namedRow.session), 'concur');
    return () => {
        const key = `${outcome} ${org}`;
        move(rows, 'outcome_answer', key, on, { ...signed, answer, outcome });
        work.setNamed({ agreed: withName(namedRow.agreed, org, answer === 'agreed') });
        if (answer === 'agreed') settle(work, outcome, body);
        if (answer === 'refused') endAnswer(work, outcome, body);
    };
}

const startAction = (work, id, { due, session }) => {
    const { action } = bodyOf(work, sessionOf(work, session));
    if (action) dueThen(work, id, action, due);
};

function assign(work) {
    const { org, body: { owner, outcome }, record: { id } } = work;
    const body = bodyOf(work, work.namedRow);
    notYoursUnless(hasPlace(work, body, owner, ['sits', 'chairs']));
    notYoursUnless(owner === org || hasPlace(work, body, org, ['chairs']));
    ofThisSession(work, 'outcome', outcome);
    return () => startAction(work, id, work.body);
}

function report(work) {
    const { namedRow, org, body: { action, result }, record: { id } } = work;
    notYoursUnless(org === namedRow.owner);
    const clock = bodyOf(work, sessionOf(work, namedRow.session))?.action;
    return () => {
        work.setNamed({ report: id });
        if (result === 'done' && clock) endClock(work, action, clock);
    };
}

function check(work) {
    const { namedRow, org, body: { action, result }, record: { id } } = work;
    notYoursUnless(org !== namedRow.owner);
    placeIn(work, sessionOf(work, namedRow.session), 'sits', 'chairs');
    return () => {
        work.setNamed({ checked: id });
        if (result === 'not_done') startAction(work, action, namedRow);
    };
}

// --- Texts that are negotiated.

const mustAgree = (work, text) => groupOf(work, bodyOf(work, text), 'concur');

function openText(work) {
    refuseIf(new Set(work.body.languages).size < work.body.languages.length, 'shape');
    placeIn(work, work.body, 'sits', 'chairs');
    return () => work.setOwn({ articles: [], brackets: [] });
}

const isOffered = ({ rows }, text) => rows.get('final_text', text.final)?.state === 'offered';
const saidOf = ({ rows }, table, text, org) => text.languages.some((one) => rows.get(table, `${text.final} ${one} ${org}`));

/** Void where it would put aside what somebody has concurred in, and others still may. */
function refuseToPutAside(work, text, isSide) {
    if (!isOffered(work, text)) return;
    const body = bodyOf(work, text);
    const concurred = (org) => saidOf(work, 'text_concurrence', text, org);
    const stands = isSide ? concurred(work.org) : mustAgree(work, text).some(concurred);
    const isContested = mustAgree(work, text).some((org) => saidOf(work, 'text_language', text, org));
    const isLate = body.answer && !stillRuns(work, deadlineOf(work.rows, text.final, body.answer));
    refuseIf(stands && !isContested && !isLate && !hasPlace(work, body, work.org, ['replaces']), 'concurred');
}

/** What was offered as a whole is so no more. */
function unsettle(work, text) {
    const { rows, record: { id } } = work;
    if (!isOffered(work, text)) return;
    move(rows, 'final_text', text.final, 'superseded', { superseded_by: id });
    endAnswer(work, text.final, bodyOf(work, text));
}

/** What all who must have accepted is agreed. */
function settleWording(work, wording, { text, article }, accepted) {
    const { rows, record: { index } } = work;
    if (!mustAgree(work, rows.get('text', text)).every((one) => accepted.includes(one))) return;
    move(rows, 'wording', wording, 'complete', { settled: index });
    move(rows, 'article', `${text} ${article}`, 'complete', { agreed: wording });
    setRow(rows, 'text', text, { brackets: withName(rows.get('text', text).brackets, article, false) });
}

function propose(work) {
    const { rows, org, namedRow: text, body: { text: textId, article, as, bridges }, record: { id } } = work;
    placeIn(work, text, as === 'bridge' ? 'chairs' : 'concur');
    refuseIf(bridges && as !== 'bridge', 'shape');
    const other = bridges && rows.get('wording', bridges);
    refuseIf(bridges && (other.text !== textId || other.article !== article), 'reference');
    refuseToPutAside(work, text, as !== 'bridge');
    work.noMoveIf(text.articles.length >= 1000 && !text.articles.includes(article));
    return () => {
        const key = `${textId} ${article}`;
        const before = rows.get('article', key);
        if (before?.state === 'agreed') move(rows, 'wording', before.agreed, 'set_aside', { set_aside_by: id });
        unsettle(work, text);
        const version = (before?.versions ?? 0) + 1;
        move(rows, 'article', key, 'worded', { article, text: textId, versions: version });
        const { articles, brackets } = rows.get('text', textId);
        setRow(rows, 'text', textId, { articles: withName(articles, article, true), brackets: withName(brackets, article, true) });
        const earlier = rows.get('bracket', `${key} ${org}`)?.wording;
        if (rows.get('wording', earlier)?.state === 'live') move(rows, 'wording', earlier, 'superseded', { superseded_by: id });
        rows.put('bracket', `${key} ${org}`, { wording: id });
        const accepted = mustAgree(work, text).includes(org) ? [org] : [];
        work.setOwn({ version, accepted });
        settleWording(work, id, work.body, accepted);
    };
}

function answerWording(work) {
    const { rows, org, on, namedRow, body: { wording, answer }, signed } = work;
    notYoursUnless(org !== namedRow.org);
    const text = rows.get('text', namedRow.text);
    placeIn(work, text, 'concur');
    return () => {
        move(rows, 'wording_answer', `${wording} ${org}`, on, { ...signed, answer, wording });
        const accepted = withName(namedRow.accepted, org, answer === 'accepted');
        work.setNamed({ accepted });
        settleWording(work, wording, namedRow, accepted);
    };
}

function offerText(work) {
    const { namedRow: text, body: { versions }, record: { id } } = work;
    const body = placeIn(work, text, 'sits', 'chairs');
    refuseIf(text.brackets.length > 0 || text.articles.length === 0, 'brackets');
    refuseIf(versions.map(({ language }) => language).join(' ') !== text.languages.join(' '), 'shape');
    const hashes = (list) => list.map(({ sha256 }) => sha256).join(' ');
    work.noMoveIf(isOffered(work, text) && hashes(work.rows.get('final_text', text.final).versions) === hashes(versions));
    refuseToPutAside(work, text, false);
    return () => {
        unsettle(work, text);
        work.setNamed({ final: id });
        if (body.answer) startClock(work, id, body.answer);
    };
}

/** The version of the final text in the language that the record names. */
function versionOf(work, ...places) {
    placeIn(work, work.rows.get('text', work.namedRow.text), ...places);
    const version = work.namedRow.versions.find(({ language }) => language === work.body.language);
    refuseIf(!version, 'other_text');
    return version;
}

function concurText(work) {
    const { rows, org, on, namedRow: { text: textId, versions }, body: { final, language, sha256 }, signed } = work;
    refuseIf(versionOf(work, 'concur').sha256 !== sha256, 'other_text');
    const text = rows.get('text', textId);
    return () => {
        move(rows, 'text_concurrence', `${final} ${language} ${org}`, on, { ...signed, final, language, sha256 });
        const isAgreed = ({ language: one }) =>
            mustAgree(work, text).every(
                (who) => rows.get('text_concurrence', `${final} ${one} ${who}`) && !rows.get('text_language', `${final} ${one} ${who}`),
            );
        if (!versions.every(isAgreed)) return;
        const settled = work.record.index;
        move(rows, 'final_text', final, 'complete', { settled });
        move(rows, 'text', textId, 'complete', { settled });
        endAnswer(work, final, bodyOf(work, text));
    };
}

function contestText(work) {
    const { rows, org, on, namedRow, body: { final, language }, signed } = work;
    versionOf(work, ...(namedRow.state === 'final' ? ['sits', 'chairs'] : ['concur']));
    return () => move(rows, 'text_language', `${final} ${language} ${org}`, on, { ...signed, final, language });
}

export const DIALOGUE_ACTS = {
    'session.call': call,
    'session.attend': attend,
    'session.open': open,
    'session.close': close,
    'agenda.add': addItem,
    'paper.table': table,
    'exchange.give': give,
    'exchange.pass': pass,
    'exchange.answer': answerExchange,
    'outcome.file': fileOutcome,
    'outcome.answer': answerOutcome,
    'action.assign': assign,
    'action.report': report,
    'action.check': check,
    'text.open': openText,
    'text.propose': propose,
    'text.answer': answerWording,
    'text.final': offerText,
    'text.concur': concurText,
    'text.contest': contestText,
};
