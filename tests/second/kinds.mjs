// What each kind asks last, and then writes (doc/rules.md, the paragraphs under "Signed by").

import { isAgeRecipient } from './age.mjs';
import { digits, fromDecimal, hex, isTime, sha256 } from './bytes.mjs';
import {
    cosignedAt, isSignedBy, parseCheckpoint, parseStatement, parseVkey, TYPE_COSIGNATURE, TYPE_SIGNATURE,
} from './note.mjs';
import { externalRow, file, link, putExternal, supersede } from './cases.mjs';
import { KINDS, NUMBER } from './rules.mjs';
import { changeReaders } from './parts.mjs';
import { firstOf, mayAct, mayHold } from './rights.mjs';
import { termRows } from './terms.mjs';
import { nextVersion, termKey, termOf } from './versions.mjs';
import { noMove, refuseIf, Void } from './void.mjs';
import { move, only } from './work.mjs';
import { wrong } from './wrong.mjs';

const KEY_TYPES = { witness: TYPE_COSIGNATURE, external: TYPE_COSIGNATURE };

/** Binds a name to a key for ever (format §1.4). */
function bind(rows, { index, agreement, kind }, text, job, members) {
    const vkey = parseVkey(text);
    const bytes = hex(vkey.key);
    const isTerms = vkey.name.startsWith(`${agreement}/term/`);
    refuseIf(vkey.type !== (KEY_TYPES[job] ?? TYPE_SIGNATURE) || (isTerms && job !== 'log'), 'key_unfit');
    refuseIf(members.age !== undefined && !isAgeRecipient(members.age), 'key_unfit');
    refuseIf(rows.get('key', vkey.name) || rows.get('public_key', bytes), 'key_taken');
    move(rows, 'key', vkey.name, kind, { ...members, job, vkey: text, from: index });
    rows.put('public_key', bytes, { name: vkey.name });
}

const nameOf = ({ key }) => parseVkey(key).name;

/** In bytewise order of file, each file's numbers from 1 without a gap, the terms among them. */
const areInOrder = (pieces) =>
    pieces.some((piece) => piece.file === 'agreement.toml') &&
    pieces.every(({ file, n }, i) => {
        const before = pieces[i - 1];
        return before?.file === file ? n === before.n + 1 : n === 1 && (!before || before.file < file);
    });

function adopt(rows, record) {
    const { index, agreement, id, seq, body } = record;
    const { nodes, witnesses, roots } = body;
    const orgs = witnesses.map((witness) => witness.org);
    const fits =
        index === 0 &&
        body.name === agreement &&
        body.origin === `${body.name}/term/1` &&
        parseVkey(body.log_key).name === body.origin &&
        nodes.map(nameOf).includes(body.operator) &&
        seq === 1 &&
        body.quorum <= witnesses.length &&
        new Set(orgs).size === orgs.length &&
        areInOrder(body.pieces);
    refuseIf(!fits, 'adopt');
    if (body.rules !== NUMBER) wrong(`entry ${index}: rules ${body.rules}, which this program lacks`);
    for (const { key, org } of roots) bind(rows, record, key, 'root', { org });
    for (const { key, org } of nodes) bind(rows, record, key, 'node', { org });
    for (const { key, org } of witnesses) bind(rows, record, key, 'witness', { org });
    bind(rows, record, body.promise_key, 'promise', {});
    bind(rows, record, body.log_key, 'log', {});
    rows.put('quorum', 'quorum', { orgs, pending: [], quorum: body.quorum, witnesses: witnesses.map(nameOf) });
    const about = { id, concurred: [], missing: body.pieces.length, state: 'adopting', roots: roots.map(nameOf) };
    rows.put('agreement', '1', only('agreement', { ...body, ...about }));
}

const pieceKey = ({ file, n }) => `${file} ${String(n).padStart(4, '0')}`;

/** The head and the items that pieces come to, [key, row] each; void if they are no terms. */
function termsOf(rows, pieces, before) {
    const name = rows.get('agreement', '1').name;
    const its = pieces.filter((piece) => piece.file === 'agreement.toml');
    const text = its.map((piece) => rows.get('agreement_part', before + pieceKey(piece)).content).join('');
    const terms = termRows(text, name);
    refuseIf(!terms, 'terms');
    return terms;
}

/** Puts the agreement in force where nothing is missing and every root has concurred (format §7.3). */
function completeIfWhole(rows, index) {
    const agreement = rows.get('agreement', '1');
    if (agreement.missing > 0 || agreement.concurred.length < agreement.roots.length) return;
    const terms = termsOf(rows, agreement.pieces, '');
    move(rows, 'agreement', '1', 'complete', { in_force_at: index });
    for (const [key, row] of terms) rows.put('term', key, row);
}

/** Agrees other terms where nothing is missing and every root has concurred (format §7.6). */
function agreeIfWhole(rows, id, index) {
    const agreement = rows.get('agreement', '1');
    const { version, from_ms, missing, pieces, concurred } = rows.get('amendment', id);
    refuseIf(version !== nextVersion(rows), 'amendment');
    if (missing > 0 || !agreement.roots.every((root) => hasConcurred(rows, concurred, root))) return;
    const terms = termsOf(rows, pieces, `${id} `);
    const [[, head]] = terms;
    const first = rows.get('term', 'agreement');
    refuseIf(head.quorum !== first.quorum || head.rules !== first.rules, 'amendment');
    move(rows, 'amendment', id, 'agreed', {});
    for (const [key, row] of terms) rows.put('term', termKey(key, version), row);
    const from = Math.max(from_ms, rows.get('clock', 'clock').now_ms);
    const versions = [...(agreement.versions ?? []), { from_ms: from, id, index }];
    rows.put('agreement', '1', { ...agreement, versions });
}

function part(rows, { index, body: { amendment, file, n, content } }) {
    const [table, at] = amendment ? ['amendment', amendment] : ['agreement', '1'];
    const row = rows.get(table, at);
    const key = (amendment ? `${amendment} ` : '') + pieceKey({ file, n });
    const listed = row.pieces.find((piece) => piece.file === file && piece.n === n);
    refuseIf(listed?.sha256 !== hex(sha256(content)) || rows.get('agreement_part', key), 'piece');
    rows.put('agreement_part', key, { content, index });
    rows.put(table, at, { ...row, missing: row.missing - 1 });
    if (amendment) agreeIfWhole(rows, amendment, index);
    else completeIfWhole(rows, index);
}

function amend(rows, { index, id, by, kind, body: { version, from_ms, pieces } }) {
    refuseIf(!areInOrder(pieces), 'piece');
    refuseIf(from_ms < rows.get('clock', 'clock').now_ms || version !== nextVersion(rows), 'amendment');
    const row = { concurred: [by], from_ms, index, kind, missing: pieces.length, pieces, version };
    move(rows, 'amendment', id, kind, row);
    agreeIfWhole(rows, id, index);
}

/** Whether a root is among those that have concurred, by this key or by one before it in its place. */
const hasConcurred = (rows, concurred, root) =>
    concurred.some((name) => firstOf(rows, name) === firstOf(rows, root));

/** Puts an amendment in force where every root has concurred (format §10.5). */
function settleAmendment(rows, id) {
    const agreement = rows.get('agreement', '1');
    const { concurred, number } = rows.get('amendment', id);
    refuseIf(number <= agreement.rules, 'rules_number');
    if (!agreement.roots.every((root) => hasConcurred(rows, concurred, root))) return;
    move(rows, 'amendment', id, 'complete', {});
    rows.put('agreement', '1', { ...agreement, rules: number });
}

function adoptRules(rows, { index, id, by, kind, body: { number } }) {
    move(rows, 'amendment', id, kind, { concurred: [by], index, kind, number });
    settleAmendment(rows, id);
}

function concurWithAmendment(rows, by, id, index) {
    const amendment = rows.get('amendment', id);
    if (hasConcurred(rows, amendment.concurred, by)) throw noMove(rows);
    rows.put('amendment', id, { ...amendment, concurred: [...amendment.concurred, by] });
    if (amendment.kind === 'agreement.amend') agreeIfWhole(rows, id, index);
    else settleAmendment(rows, id);
}

function concur(rows, { index, by, body }) {
    const agreement = rows.get('agreement', '1');
    if (body.agreement !== agreement.id) return concurWithAmendment(rows, by, body.agreement, index);
    if (hasConcurred(rows, agreement.concurred, by)) throw new Void('no_move', `rules ${NUMBER} agreement.concur`);
    rows.put('agreement', '1', { ...agreement, concurred: [...agreement.concurred, by] });
    completeIfWhole(rows, index);
}

function changeWitness(rows, index, name, change) {
    const quorum = rows.get('quorum', 'quorum');
    rows.put('quorum', 'quorum', { ...quorum, pending: [...quorum.pending, { change, index, name }] });
}

/** Whether one of the agreement's roots acts for an organisation. */
const hasRoot = (rows, org) => rows.get('agreement', '1').roots.some((name) => rows.get('key', name).org === org);

/** Whether a root, or an author with the capability, may admit or revoke a key of this job and organisation. */
function mayManage(rows, signer, capability, { job, org }) {
    if (signer.job === 'root' && signer.org === org) return true;
    if (!['author', 'external'].includes(job)) return false;
    if (signer.job !== 'root' && !mayAct(rows, signer, capability)) return false;
    return signer.org === org || !hasRoot(rows, org);
}

/** Whether an organisation has a witness's place (format §1.5) that no active key of it has. */
function hasFreePlace(rows, org) {
    const { orgs, witnesses, pending } = rows.get('quorum', 'quorum');
    const keys = [...witnesses, ...pending.map((change) => change.name)].map((name) => rows.get('key', name));
    return orgs.includes(org) && !keys.some((key) => key.org === org && key.state === 'active');
}

function admit(rows, record) {
    const { index, by, body } = record;
    const { job, org, role } = body;
    refuseIf(!mayManage(rows, rows.get('key', by), 'admit', body), 'not_yours');
    refuseIf((job === 'author') !== (role !== undefined), 'shape');
    refuseIf(role !== undefined && !mayHold(rows, termOf(rows, `role/${role}`), org), 'role');
    refuseIf(job === 'witness' && !hasFreePlace(rows, org), 'witness');
    bind(rows, record, body.key, job, only('key', { org, role, age: body.age, scope: body.scope }));
    if (body.revoker !== undefined) {
        refuseIf(nameOf({ key: body.revoker }) !== `${nameOf(body)}/revoker`, 'key_unfit');
        bind(rows, record, body.revoker, 'revoker', { org });
    }
    if (job === 'witness') changeWitness(rows, index, nameOf(body), 'admit');
    if (job === 'author' && body.age !== undefined) changeReaders(rows, org, undefined, nameOf(body));
}

/** Who may revoke whom. */
function mayRevoke(rows, by, name) {
    const signer = rows.get('key', by);
    const key = rows.get('key', name);
    if (signer.job === 'revoker') return by === `${firstOf(rows, name)}/revoker`;
    return Boolean(key) && (by === name || mayManage(rows, signer, 'revoke', key));
}

function revoke(rows, { index, by, body: { name, reason, doubt_from } }) {
    refuseIf(!mayRevoke(rows, by, name), 'not_yours');
    move(rows, 'key', name, 'member.revoke', { revoked_at: index, ...only('key', { reason, doubt_from }) });
    const key = rows.get('key', name);
    if (key.job === 'witness') changeWitness(rows, index, name, 'revoke');
    if (key.job === 'author' && key.age !== undefined) changeReaders(rows, key.org, name);
}

/** Whether a key of this vkey says that it takes the place of another, in this agreement (format §6.6). */
function isConsent(text, agreement, from, key) {
    const statement = parseStatement(text, 'rotate');
    return (
        statement?.agreement === agreement &&
        statement.said.from === from &&
        statement.said.key === key &&
        isSignedBy(statement.note, parseVkey(key))
    );
}

function rotate(rows, record) {
    const { index, agreement, by, body } = record;
    const { job, age: before, org, role, scope } = rows.get('key', by);
    const age = body.age ?? before;
    bind(rows, record, body.key, job, only('key', { age, first: firstOf(rows, by), org, role, scope }));
    refuseIf(!isConsent(body.consent, agreement, by, body.key), 'consent');
    const name = nameOf(body);
    move(rows, 'key', by, 'member.rotate', { revoked_at: index, reason: 'replaced', replaced_by: name });
    if (job === 'author' && age !== undefined) changeReaders(rows, org, by, name);
    const row = rows.get('agreement', '1');
    const rename = (old) => (old === by ? name : old);
    rows.put('agreement', '1', { ...row, operator: rename(row.operator), roots: row.roots.map(rename) });
}

/** The lower median of the cosignatures on a checkpoint, in milliseconds (format §8.2). */
function cosignedTime(rows, { note }, quorum) {
    const times = [];
    for (const name of quorum.witnesses) {
        const seconds = cosignedAt(note, parseVkey(rows.get('key', name).vkey));
        if (seconds !== null) times.push(seconds);
    }
    refuseIf(times.length < quorum.quorum, 'tick');
    return times.sort((a, b) => a - b)[Math.ceil(times.length / 2) - 1] * 1000;
}

/** The organisations of the witnesses in force. */
const orgsOf = (rows, quorum) => quorum.witnesses.map((name) => rows.get('key', name).org);

/** Time and size of a tick with a quorum of 1 or more. */
function cosignedTick(rows, { index, by, body, tree }, agreement, quorum, last) {
    const orgs = orgsOf(rows, quorum);
    refuseIf(by !== agreement.operator && !orgs.includes(rows.get('key', by).org), 'tick');
    refuseIf(body.checkpoint === undefined || body.at_ms !== undefined, 'tick');
    const checkpoint = parseCheckpoint(body.checkpoint);
    refuseIf(checkpoint?.origin !== agreement.origin, 'tick');
    const { note, size, root } = checkpoint;
    refuseIf(!isSignedBy(note, parseVkey(agreement.log_key)), 'tick');
    refuseIf(size <= Math.max(last?.size ?? 0, agreement.term_from ?? 0) || size > index || !tree.root(size).equals(root), 'tick');
    return { at: cosignedTime(rows, checkpoint, quorum), size };
}

/** Time and size of a tick with quorum 0. */
function operatorsTick({ index, by, body }, agreement) {
    refuseIf(by !== agreement.operator || body.at_ms === undefined || body.checkpoint !== undefined, 'tick');
    return { at: body.at_ms, size: index };
}

/** The changes that a tick covers are made to the witnesses in force. */
function settle(rows, quorum, size) {
    let { witnesses } = quorum;
    for (const { change, name } of quorum.pending.filter((p) => p.index < size)) {
        witnesses = witnesses.filter((witness) => witness !== name).concat(change === 'admit' ? [name] : []);
    }
    rows.put('quorum', 'quorum', { ...quorum, witnesses, pending: quorum.pending.filter((p) => p.index >= size) });
}

function tick(rows, record) {
    const agreement = rows.get('agreement', '1');
    const quorum = rows.get('quorum', 'quorum');
    const last = rows.get('clock', 'clock');
    const { at, size } = quorum.quorum
        ? cosignedTick(rows, record, agreement, quorum, last)
        : operatorsTick(record, agreement);
    refuseIf(at <= (last?.now_ms ?? 0) || !isTime(at), 'tick');
    const { max_gap_ms } = termOf(rows, 'agreement');
    const counted_ms = last ? last.counted_ms + Math.min(at - last.now_ms, max_gap_ms) : 0;
    rows.put('clock', 'clock', { counted_ms, index: record.index, now_ms: at, size });
    settle(rows, quorum, size);
}

/** N of AGREEMENT/term/N (format §1.1), or 0. */
function termNumber(origin, agreement) {
    const start = `${agreement.name}/term/`;
    return origin.startsWith(start) ? (fromDecimal(origin.slice(start.length)) ?? 0) : 0;
}

/** The organisation that froze the log by this note, if it may (format §7.5). */
function freezer(rows, { note }, witnesses) {
    const key = rows.get('key', note.signatures[0].name);
    const isNode = key?.job === 'node' && key.state === 'active';
    const may = isNode && witnesses.includes(key.org) && isSignedBy(note, parseVkey(key.vkey));
    return may ? key.org : null;
}

function openTerm(rows, record) {
    const { index, by, kind, body, tree } = record;
    const agreement = rows.get('agreement', '1');
    const quorum = rows.get('quorum', 'quorum');
    refuseIf(by !== body.operator || quorum.quorum === 0, 'hand_over');
    const freezes = body.freezes.map((note) => parseStatement(note, 'freeze'));
    refuseIf(freezes.includes(null), 'hand_over');
    const [{ note, said }] = freezes;
    const orgs = freezes.map((freeze) => freezer(rows, freeze, orgsOf(rows, quorum)));
    const holds =
        freezes.every((freeze) => freeze.agreement === agreement.name && freeze.note.text === note.text) &&
        !orgs.includes(null) &&
        new Set(orgs).size === orgs.length &&
        orgs.length >= quorum.quorum &&
        said.origin === agreement.origin &&
        said.size === index &&
        said.root === hex(tree.root(index)) &&
        termNumber(said.next_origin, agreement) > termNumber(agreement.origin, agreement) &&
        parseVkey(said.next_log_key).name === said.next_origin &&
        said.next_log_key === body.log_key &&
        said.next_promise_key === body.promise_key;
    refuseIf(!holds, 'hand_over');
    bind(rows, record, body.log_key, 'log', {});
    bind(rows, record, body.promise_key, 'promise', {});
    for (const key of [agreement.log_key, agreement.promise_key].map((vkey) => nameOf({ key: vkey }))) {
        if (rows.get('key', key).state === 'active') move(rows, 'key', key, kind, {});
    }
    const { operator, log_key, promise_key } = body;
    const term = { origin: said.next_origin, operator, log_key, promise_key };
    rows.put('agreement', '1', { ...agreement, ...term, term_from: index });
    rows.put('hand_over', digits(index), { ...term, from: index, previous: agreement.origin });
    settle(rows, quorum, index);
}

function attest(rows, { index, by, body }) {
    refuseIf(body.size > index, 'shape');
    rows.put('attest', by, only('attest', { ...body, index }));
}

/** Writes the first row of an incident, a report or a claim, and its external id. */
function create(rows, table, record) {
    const { id, kind, by, index, body } = record;
    move(rows, table, id, kind, only(table, { ...body, by, index }));
    putExternal(rows, record);
}

function open(rows, record) {
    refuseIf(externalRow(rows, 'incident', record).row?.state === 'open', 'external_id');
    create(rows, 'incident', record);
}

/** A report or a claim. */
const say = (table) => (rows, record) => {
    supersede(rows, table, record);
    create(rows, table, record);
    file(rows, record);
};

const relink = (rows, { kind, by, index, body: { incident, record, basis } }) => {
    const record_kind = rows.get('record', record).kind;
    link(rows, kind, { incident, record, record_kind, by, index, ...(basis && { basis }) });
};

const TABLES = { 'incident.open': 'incident', 'incident.report': 'report', claim: 'claim' };

/** The table of the rows of a kind's own records. */
const tableOf = (kind) => TABLES[kind] ?? KINDS.get(`${kind} 1`).work.own;

function withdraw(rows, { by, body: { record } }) {
    const { by: signer, kind } = rows.get('record', record);
    refuseIf(signer !== by, 'not_yours');
    move(rows, tableOf(kind), record, 'record.withdraw', {});
}

export const ACTS = {
    'agreement.adopt': adopt,
    'agreement.part': part,
    'agreement.amend': amend,
    'agreement.concur': concur,
    'rules.adopt': adoptRules,
    'member.admit': admit,
    'member.revoke': revoke,
    'member.rotate': rotate,
    'clock.tick': tick,
    'term.open': openTerm,
    'node.attest': attest,
    'incident.open': open,
    'incident.report': say('report'),
    claim: say('claim'),
    'incident.link': relink,
    'incident.unlink': relink,
    'record.withdraw': withdraw,
};
