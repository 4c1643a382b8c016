#!/usr/bin/env node
// A second reader of proofs of misbehaviour, written from doc/format.md §11 and the pages it cites.
//
//   check_proof.mjs ID FILE...   for each file a line: whom it accuses, or "-" where it proves nothing
//
// ID is the id of entry 0.

import { readFileSync } from 'node:fs';
import { fromBase64, fromDecimal, fromUtf8, hex, isHash, isTime, sha256 } from '../second/bytes.mjs';
import { verify } from '../second/ed25519.mjs';
import { hasExactly, isObject, parse } from '../second/json.mjs';
import { leafHash } from '../second/merkle.mjs';
import {
    cosignedAt, isName, isSignedBy, parseCheckpoint, parseNote, parseRecord, parseVkey, TYPE_COSIGNATURE, TYPE_SIGNATURE,
} from '../second/note.mjs';
import { KINDS } from '../second/rules.mjs';
import { hasShape } from '../second/shape.mjs';
import { termRows } from '../second/terms.mjs';

class Nothing extends Error {}

const must = (holds, why) => {
    if (!holds) throw new Nothing(why);
};

const node = (left, right) => sha256(Buffer.of(1), left, right);
const read = (text) => Buffer.from(text);

// --- the file (§11.1) ---

const NOTE = 65535;
const MAX_FILE = 16 * 1024 * 1024;

const isString = (value, most) => typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= most;
const isList = (value, most, is) => Array.isArray(value) && value.length <= most && value.every(is);
const isNote = (value) => isString(value, NOTE);
const areTwoNotes = (value) => isList(value, 2, isNote) && value.length === 2;
const isReceipt = (value) => value === '' || isString(value, 3 * NOTE);
const isPath = (value) => isList(value, 63, isHash);

const EVIDENCE = {
    split: { checkpoints: areTwoNotes, consistency: isPath, root: isHash },
    clock: { checkpoints: areTwoNotes },
    promise: { leaf: isHash, promise: isNote, receipt: isReceipt },
    promises: { promises: areTwoNotes },
    fork: { records: areTwoNotes },
    refusal: { receipt: isReceipt, record: isNote, refusal: isNote },
    freeze: { checkpoint: isNote, freeze: isNote },
    freezes: { freezes: areTwoNotes },
};

const isEvidence = (form, evidence) =>
    hasExactly(evidence, Object.keys(form)) && Object.entries(form).every(([name, is]) => is(evidence[name]));

function parseFile(bytes) {
    const text = bytes.length <= MAX_FILE ? fromUtf8(bytes) : null;
    const [, line] = /^sulh\/misbehaviour\/v1\n([^\n]+)\n$/.exec(text ?? '') ?? [];
    must(line, 'not two lines');
    let file;
    try {
        file = parse(line);
    } catch {
        must(false, 'no canonical JSON');
    }
    must(hasExactly(file, ['admissions', 'entry', 'evidence', 'kind', 'pieces']), 'other members');
    must(isList(file.admissions, 32, isNote) && isNote(file.entry), 'no notes');
    must(isList(file.pieces, 300, (piece) => isString(piece, 30000)), 'no pieces');
    must(Object.hasOwn(EVIDENCE, file.kind) && isEvidence(EVIDENCE[file.kind], file.evidence), 'other evidence');
    return file;
}

// --- whose keys (§11.2) ---

const COSIGNERS = ['witness', 'external'];
const RECORDERS = ['root', 'author', 'node'];

const shaped = (record, kind) =>
    record && record.kind === kind && KINDS.has(`${kind} ${record.version}`) &&
    hasShape(record.body, KINDS.get(`${kind} ${record.version}`));

class Known {
    keys = new Map(); // by name
    terms = new Map(); // by origin

    constructor(file, id) {
        const entry = parseRecord(read(file.entry));
        must(shaped(entry, 'agreement.adopt'), 'entry 0 is no agreement');
        const { body } = entry;
        const first = parseVkey(body.roots[0].key);
        must(body.name === entry.agreement && body.origin === parseVkey(body.log_key).name, 'entry 0 contradicts itself');
        must(first.name === entry.by && isSignedBy(entry.note, first), 'entry 0 is not signed by its first root');
        must(entry.id === id, 'another agreement');
        Object.assign(this, { agreement: body.name, quorum: body.quorum });
        for (const [job, list] of [['root', body.roots], ['node', body.nodes], ['witness', body.witnesses]]) {
            for (const { key, org } of list) this.bind(key, { job, org, first: true });
        }
        this.open(body.log_key, body.promise_key, body.operator, { first: true });
        must(this.of(body.operator, 'node'), 'the operator is no node');
        this.readTerms(file.pieces, body.pieces);
        for (const note of file.admissions) this.admit(note);
    }

    bind(vkey, about) {
        const key = parseVkey(vkey);
        const type = COSIGNERS.includes(about.job) ? TYPE_COSIGNATURE : TYPE_SIGNATURE;
        must(about.job === 'log' || !key.name.startsWith(`${this.agreement}/term/`), `${key.name} is a log key's name`);
        const taken = [...this.keys.values()].some((other) => other.name === key.name || other.key.equals(key.key));
        must(key.type === type && !taken, `${key.name} cannot be known`);
        this.keys.set(key.name, { ...key, ...about });
    }

    open(log, promise, operator, about) {
        this.bind(log, { job: 'log', ...about });
        this.bind(promise, { job: 'promise', ...about });
        this.terms.set(parseVkey(log).name, { log: parseVkey(log).name, promise: parseVkey(promise).name, operator });
    }

    of(name, ...jobs) {
        const key = this.keys.get(name);
        return jobs.includes(key?.job) ? key : undefined;
    }

    readTerms(pieces, listed) {
        const wanted = listed.filter(({ file }) => file === 'agreement.toml').map(({ sha256: sum }) => sum);
        if (pieces.length === 0) return;
        must(pieces.length === wanted.length && pieces.every((piece, i) => hex(sha256(piece)) === wanted[i]), 'other pieces');
        const rows = termRows(pieces.join(''), this.agreement);
        must(rows, 'no terms of an agreement');
        this.rows = new Map(rows);
    }

    admit(note) {
        const record = parseRecord(read(note));
        const by = this.keys.get(record?.by);
        must(record?.agreement === this.agreement && by && isSignedBy(record.note, by), 'nobody admits');
        if (shaped(record, 'member.admit')) this.admitMember(record, by, note);
        else if (shaped(record, 'member.rotate')) this.rotate(record, by, note);
        else if (shaped(record, 'term.open')) this.openTerm(record, by, note);
        else must(false, 'no admission');
    }

    admitMember({ by: name, body: { key, job, org, role, scope } }, by, note) {
        const own = by.org === org;
        const rooted = [...this.keys.values()].some((other) => other.job === 'root' && other.org === org);
        const outward = ['author', 'external'].includes(job);
        must(outward ? (by.job === 'root' || by.admits) && (own || !rooted) : by.job === 'root' && own, 'may not admit');
        must((job === 'author') === (role !== undefined), 'authors have a role, others none');
        const may = this.rows?.get(`role/${role}`)?.may ?? [];
        const admits = job === 'author' && may.includes('admit') && (!scope || scope.includes('member.admit'));
        this.bind(key, { job, org, admits, by: name, note });
    }

    rotate({ by: name, body: { key, consent: text } }, by, note) {
        const consent = parseStatement(text, 'rotate');
        const { job, org, admits } = by;
        must(RECORDERS.includes(job), 'cannot be rotated');
        must(consent?.agreement === this.agreement && isSignedBy(consent.note, parseVkey(key)), 'no consent');
        must(consent.said.from === name && consent.said.key === key, 'consent to something else');
        this.bind(key, { job, org, admits, by: name, note, replaces: name });
    }

    openTerm({ by: name, body }, by, note) {
        const freezes = body.freezes.map((text) => this.statement(text, 'freeze', 'node'));
        const orgs = freezes.map((freeze) => freeze.by.org);
        const places = [...this.keys.values()].filter((key) => key.job === 'witness' && key.first).map((key) => key.org);
        const [{ said }] = freezes;
        must(by.job === 'node' && body.operator === name, 'not by the operator');
        must(freezes.every((freeze) => freeze.note.text === freezes[0].note.text), 'two texts');
        must(new Set(orgs).size === orgs.length && orgs.every((org) => places.includes(org)), 'not of witnesses');
        must(this.quorum > 0 && orgs.length >= this.quorum, 'too few');
        must(this.terms.has(said.origin) && this.number(said.next_origin) > this.number(said.origin), 'no later term');
        must(parseVkey(body.log_key).name === said.next_origin, 'another origin');
        must(said.next_log_key === body.log_key && said.next_promise_key === body.promise_key, 'other keys');
        this.open(body.log_key, body.promise_key, name, { by: name, note });
    }

    /** N of an origin of this agreement; NaN where it is none. */
    number(origin) {
        const prefix = `${this.agreement}/term/`;
        return (origin.startsWith(prefix) && fromDecimal(origin.slice(prefix.length))) || NaN;
    }

    // --- what counts (§11.3) ---

    statement(text, word, job) {
        const statement = parseStatement(text, word);
        must(statement?.agreement === this.agreement, `no ${word} of this agreement`);
        const by = this.of(statement.note.signatures[0].name, job);
        must(by && isSignedBy(statement.note, by), `the ${word} is signed by nobody known`);
        return { ...statement, by };
    }

    record(text) {
        const record = parseRecord(read(text));
        const by = this.of(record?.by, ...RECORDERS);
        must(record?.agreement === this.agreement && by && isSignedBy(record.note, by), 'no record that counts');
        return { ...record, signer: by };
    }

    checkpoint(text) {
        const checkpoint = parseCheckpoint(text);
        must(checkpoint && this.number(checkpoint.origin) > 0, 'no checkpoint of this agreement');
        return checkpoint;
    }

    term({ said: { origin } }) {
        must(this.terms.has(origin), 'a term that is not known');
        return this.terms.get(origin);
    }

    /** Whether it is the term's operator, or has its place. */
    operates(name, term) {
        return name === term.operator || (this.keys.get(name).replaces !== undefined && this.operates(this.keys.get(name).replaces, term));
    }

    receipt(text, leaf, term) {
        const { index, hashes, checkpoint } = parseReceipt(text);
        must(checkpoint?.origin === term.log && isSignedBy(checkpoint.note, this.keys.get(term.log)), 'not this log');
        must(index < checkpoint.size, 'no such entry');
        must(inclusion(index, checkpoint.size, hashes, leaf)?.equals(checkpoint.root), 'another leaf');
        return { index, checkpoint };
    }

    /** The keys that signed a checkpoint: of a cosigner the time, of the log 0. */
    signers(checkpoint) {
        const found = new Map();
        for (const key of this.keys.values()) {
            const line = checkpoint.note.signatures.find(({ name, id }) => name === key.name && id === key.id);
            if (key.job === 'log' && key.name === checkpoint.origin && line?.signature.length === 64) {
                if (verify(key.key, read(checkpoint.note.text), line.signature)) found.set(key.name, 0);
            } else if (COSIGNERS.includes(key.job)) {
                const seconds = cosignedAt(checkpoint.note, key);
                if (seconds !== null) found.set(key.name, seconds);
            }
        }
        return found;
    }
}

// --- statements (§6.1), receipts (§5.5), the tree (RFC 6962) ---

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isVkey = (value) => typeof value === 'string' && parseVkey(value) !== null;
const REASONS = ['not a record', 'another agreement', 'unknown key', 'signature does not hold', 'too large'];

const STATEMENTS = {
    promise: { at_ms: isTime, id: isHash, index: isCount, leaf: isHash, origin: isName },
    refusal: { at_ms: isTime, id: isHash, origin: isName, reason: (r) => REASONS.includes(r), size: isCount },
    freeze: {
        next_log_key: isVkey, next_origin: isName, next_promise_key: isVkey, origin: isName, root: isHash, size: isCount,
    },
    rotate: { from: isName, key: isVkey },
};

/** A statement of this word; null where it is none. */
function parseStatement(text, word) {
    const note = parseNote(text);
    const lines = note?.text.split('\n') ?? [];
    if (lines.length !== 4 || note.signatures.length !== 1 || !isName(lines[0]) || lines[1] !== word) return null;
    try {
        const said = parse(lines[2]);
        return isObject(said) && isEvidence(STATEMENTS[word], said) ? { agreement: lines[0], note, said } : null;
    } catch {
        return null;
    }
}

function parseReceipt(text) {
    const form = /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]+)\n)?index ([0-9]+)\n((?:[^\n]+\n)*)\n([^]*)$/;
    const [, extra, number, lines, note] = form.exec(text) ?? [];
    const index = fromDecimal(number ?? '');
    const hashes = (lines ?? '').split('\n').slice(0, -1).map(fromBase64);
    must(index !== null && (extra === undefined || fromBase64(extra)), 'no receipt');
    must(hashes.length <= 63 && hashes.every((hash) => hash?.length === 32), 'no receipt');
    return { index, hashes, checkpoint: parseCheckpoint(note) };
}

/** The largest power of two smaller than n. */
function half(n) {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

/** The root that PATH(m, D[n]) leads to from the leaf (§2.1.1); null where it is of another length. */
function inclusion(m, n, path, leaf) {
    if (n === 1) return path.length === 0 ? leaf : null;
    const [k, last] = [half(n), path.at(-1)];
    const inner = last && (m < k ? inclusion(m, k, path.slice(0, -1), leaf) : inclusion(m - k, n - k, path.slice(0, -1), leaf));
    return inner ? (m < k ? node(inner, last) : node(last, inner)) : null;
}

/** The roots at m and at n that SUBPROOF(m, D[n], whole) leads to (§2.1.2), `older` being known where whole. */
function consistency(m, n, path, whole, older) {
    if (m === n && whole) return path.length === 0 ? [older, older] : null;
    if (m === n) return path.length === 1 ? [path[0], path[0]] : null;
    const [k, last, rest] = [half(n), path.at(-1), path.slice(0, -1)];
    if (!last) return null;
    const inner = m <= k ? consistency(m, k, rest, whole, older) : consistency(m - k, n - k, rest, false, older);
    if (!inner) return null;
    return m <= k ? [inner[0], node(inner[1], last)] : [node(last, inner[0]), node(last, inner[1])];
}

function leads(m, n, path, from, to) {
    if (m === 0) return path.length === 0 && from.equals(sha256('')) && (n > 0 || from.equals(to));
    const roots = consistency(m, n, path, true, from);
    return Boolean(roots?.[0].equals(from) && roots[1].equals(to));
}

// --- what each kind must have (§11.4): whom it accuses ---

const unhex = (text) => Buffer.from(text, 'hex');

function pair(known, { checkpoints }) {
    const [first, second] = checkpoints.map((text) => known.checkpoint(text));
    must(first.origin === second.origin && first.size <= second.size, 'no pair');
    const [one, two] = [known.signers(first), known.signers(second)];
    return { first, second, both: [...one.keys()].filter((name) => two.has(name)), one, two };
}

const ACCUSED = {
    split(known, evidence) {
        const { first, second, both } = pair(known, evidence);
        const root = unhex(evidence.root);
        must(leads(first.size, second.size, evidence.consistency.map(unhex), root, second.root), 'the path leads elsewhere');
        must(!root.equals(first.root), 'it continues');
        return both;
    },
    clock(known, evidence) {
        const { first, second, both, one, two } = pair(known, evidence);
        must(first.size < second.size, 'one size');
        return both.filter((name) => one.get(name) > two.get(name));
    },
    promise(known, { leaf, promise: text, receipt: proof }) {
        const promise = known.statement(text, 'promise', 'promise');
        const term = known.term(promise);
        must(promise.by.name === term.promise, 'not the promise key');
        const { index } = known.receipt(proof, unhex(leaf), term);
        must(index === promise.said.index && leaf !== promise.said.leaf, 'it was kept');
        return [term.promise];
    },
    promises(known, { promises }) {
        const [a, b] = promises.map((text) => known.statement(text, 'promise', 'promise'));
        const term = known.term(a);
        must(term === known.term(b) && [a, b].every(({ by }) => by.name === term.promise), 'not one promise key');
        const same = (member) => a.said[member] === b.said[member];
        must(same('index') ? !same('leaf') : same('id'), 'both can be kept');
        return [term.promise];
    },
    fork(known, { records }) {
        const [a, b] = records.map((text) => known.record(text));
        must(a.by === b.by && a.seq === b.seq && a.id !== b.id, 'no fork');
        return [a.by];
    },
    refusal(known, { receipt: proof, record: text, refusal: refused }) {
        const refusal = known.statement(refused, 'refusal', 'node');
        const term = known.term(refusal);
        const { signer } = known.record(text);
        must(known.operates(refusal.by.name, term) && refusal.said.id === hex(sha256(text)), 'not refused by the operator');
        must((proof === '') === Boolean(signer.first), 'one receipt too many or too few');
        const index = signer.first ? 0 : known.receipt(proof, leafHash(read(signer.note)), term).index;
        must(index < refusal.said.size, 'not admitted by then');
        return [refusal.by.name];
    },
    freeze(known, { checkpoint: text, freeze: note }) {
        const { said, by } = known.statement(note, 'freeze', 'node');
        const checkpoint = known.checkpoint(text);
        must(checkpoint.origin === said.origin, 'two logs');
        must(checkpoint.size > said.size || (checkpoint.size === said.size && hex(checkpoint.root) !== said.root), 'kept');
        const own = ({ job, org }) => job === 'witness' && org === by.org;
        const witnesses = [...known.signers(checkpoint).keys()].filter((name) => own(known.keys.get(name)));
        return witnesses.length ? [...witnesses, by.name] : [];
    },
    freezes(known, { freezes }) {
        const [a, b] = freezes.map((note) => known.statement(note, 'freeze', 'node'));
        must(a.by === b.by && a.said.next_origin === b.said.next_origin && a.note.text !== b.note.text, 'kept');
        return [a.by.name];
    },
};

function accused(bytes, id) {
    const file = parseFile(bytes);
    const names = ACCUSED[file.kind](new Known(file, id), file.evidence);
    must(names.length, 'nobody');
    return names;
}

const [id, ...files] = process.argv.slice(2);
for (const file of files) {
    try {
        console.log(accused(readFileSync(file), id).sort().join(' '));
    } catch (error) {
        if (!(error instanceof Nothing)) throw error;
        console.log('-');
        if (process.env.WHY) console.error(`${file}: ${error.message}`);
    }
}
