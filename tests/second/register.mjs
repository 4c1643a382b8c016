// The register (format §8 to §10): entries in, rows and a digest out.

import { digits, hex, sha256, u64 } from './bytes.mjs';
import { print } from './json.mjs';
import { CASE_ACTS } from './cases.mjs';
import { DECISION_ACTS } from './decisions.mjs';
import { ACTS } from './kinds.mjs';
import { judgeRecipients, keepParts } from './parts.mjs';
import { isSignedBy, parseRecord, parseVkey } from './note.mjs';
import { isGateway, mayAct } from './rights.mjs';
import { KINDS, NUMBER, REASONS } from './rules.mjs';
import { hasShape } from './shape.mjs';
import { termOf, versionInForce } from './versions.mjs';
import { Void } from './void.mjs';
import { doWork, workOf } from './work.mjs';
import { wrong } from './wrong.mjs';

/** Rows by table and key, with what the entry at hand has written on top. */
class Rows {
    #rows = new Map(); // `TABLE NUL KEY` to the row's canonical text
    #written = new Map();

    get(table, key) {
        const at = `${table}\0${key}`;
        const text = this.#written.has(at) ? this.#written.get(at) : this.#rows.get(at);
        return text && JSON.parse(text);
    }

    remove(table, key) {
        this.#written.set(`${table}\0${key}`, undefined);
    }

    put(table, key, row) {
        this.#written.set(`${table}\0${key}`, print(row));
    }

    /** effects(n) (§10.2), after which what was written is there to stay. */
    commit() {
        const changed = [...this.#written].filter(([at, row]) => this.#rows.get(at) !== row);
        changed.sort(([a], [b]) => (a < b ? -1 : 1));
        for (const [at, row] of changed) {
            if (row) this.#rows.set(at, row);
            else this.#rows.delete(at);
        }
        this.#written.clear();
        const texts = changed.map(([at, row]) => `[${[...at.split('\0').map((word) => print(word)), ...(row ? [row] : [])].join()}]`);
        return `[${texts.join()}]`;
    }

    rollBack() {
        this.#written.clear();
    }

    /** The rows of a table that are there to stay. */
    all(table) {
        return this.entries(table).map(([, row]) => row);
    }

    /** And their keys: [key, row]. */
    entries(table) {
        const rows = [...this.#rows].filter(([at]) => at.startsWith(`${table}\0`));
        return rows.map(([at, text]) => [at.slice(table.length + 1), JSON.parse(text)]);
    }
}

const WORK_ACTS = { ...CASE_ACTS, ...DECISION_ACTS };

export class Register {
    rows = new Rows();
    digest = Buffer.alloc(32);
    #tree;

    /** The tree of the log that is to be applied: it holds at least the entries before the one at hand. */
    constructor(tree) {
        this.#tree = tree;
    }

    /** The number that rules now, if this program lacks it (§10.5); else 0. */
    get lacks() {
        const { rules } = this.rows.get('agreement', '1') ?? { rules: NUMBER };
        return rules === NUMBER ? 0 : rules;
    }

    /** Applies entry n; returns its effects, or null where this program lacks the rules. */
    apply(index, bytes) {
        if (this.lacks) return null;
        const record = parseRecord(bytes);
        const effects = this.#judge(index, record);
        this.digest = sha256(this.digest, u64(index), effects);
        return effects;
    }

    /** The final verdict of an entry: its row. */
    verdict(index) {
        return this.rows.get('verdict', digits(index));
    }

    #judge(index, record) {
        const found = { signed: false, placed: false, marks: [] };
        let reason;
        let clause = `rules ${NUMBER} ${record?.kind}`;
        try {
            this.#check(index, record, found);
            this.#act({ ...record, index, tree: this.#tree }, found);
        } catch (error) {
            if (!(error instanceof Void)) throw error;
            this.rows.rollBack();
            reason = error.reason;
            clause = error.clause ?? this.#clause(reason, found.clause ?? clause);
        }
        const word = reason ? 'void' : found.marks.length ? 'marked' : 'holds';
        this.#write(index, record, found, { clause: reason ? clause : (found.clause ?? clause), verdict: word, ...(reason && { reason }) });
        return this.rows.commit();
    }

    /** What the kind itself asks, and writes. */
    #act(record, found) {
        const kind = KINDS.get(`${record.kind} ${record.version}`);
        const act = (kind.work ? WORK_ACTS : ACTS)[kind.name];
        if (!act) wrong(`entry ${record.index}: not judged: ${kind.name}`);
        if (kind.work) doWork(this.rows, kind, record, found.work, found, act);
        else act(this.rows, record);
        keepParts(this.rows, record);
    }

    #clause(reason, ofKind) {
        const clause = REASONS.get(reason);
        return clause === 'rules' ? ofKind : clause;
    }

    /** What §9.2 asks of every entry, in its order. Throws Void; what it finds on the way is kept in `found`. */
    #check(index, record, found) {
        const { rows } = this;
        const refuseIf = (is, reason) => {
            if (is) throw new Void(reason);
        };
        refuseIf(!record, 'not_a_record');
        const agreement = rows.get('agreement', '1');
        const isFirst = index === 0 && record.kind === 'agreement.adopt';
        refuseIf(agreement ? record.agreement !== agreement.name : !isFirst, 'other_agreement');
        refuseIf(rows.get('record', record.id), 'repeated');

        const key = isFirst ? firstRoot(record) : rows.get('key', record.by);
        refuseIf(!key, isFirst ? 'bad_signature' : 'unknown_key');
        refuseIf(!isSignedBy(record.note, parseVkey(key.vkey)), 'bad_signature');
        found.signed = true;
        refuseIf(key.state === 'revoked', 'revoked_key');

        this.#checkPlace(index, record, agreement, found);
        found.placed = true;
        if (record.seen.size > index) found.marks.push('ahead');
        else if (hex(this.#tree.root(record.seen.size)) !== record.seen.root) found.marks.push('seen');

        const kind = KINDS.get(`${record.kind} ${record.version}`);
        refuseIf(!kind, 'unknown_kind');
        refuseIf(!kind.jobs.includes(key.job), 'wrong_job');
        refuseIf(!hasShape(record.body, kind), 'shape');
        refuseIf(agreement?.state !== 'in_force' && !/^agreement\./.test(kind.name), 'not_in_force');
        refuseIf(!rows.get('clock', 'clock') && !/^(agreement\.(?!amend$)|member\.|clock\.tick$|term\.open$)/.test(kind.name), 'no_tick');
        found.work = kind.work && workOf(rows, kind, record);
        const version = found.work?.version ?? versionInForce(rows);
        for (const [name, type] of kind.fields) {
            if (Object.hasOwn(record.body, name)) this.#checkField(record.body[name], type, version);
        }
        const ends = kind.name === 'member.rotate' || (kind.name === 'member.revoke' && record.body.name === record.by);
        refuseIf(key.scope && !key.scope.includes(kind.name) && !ends, 'scope');
        refuseIf(kind.may && key.job !== 'root' && !mayAct(rows, key, kind.may), 'capability');
        refuseIf(kind.fields.has('on_behalf') && isGateway(rows, key) !== Object.hasOwn(record.body, 'on_behalf'), 'on_behalf');
        // What a marked record says that it had seen counts for nothing (§4.4).
        const seen = found.marks.length ? null : { own: record.seen.size, all: Math.max(found.seen, (key.from ?? 0) + 1) };
        for (const part of record.body.parts ?? []) judgeRecipients(rows, part, seen);
    }

    /** The record's place in the chain of its key (§3.4, §9.2, §9.3). */
    #checkPlace(index, record, agreement, found) {
        if (this.rows.get('chain', `${record.by} ${digits(record.seq)}`)) throw new Void('fork');
        found.seen = record.seen.size;
        if (record.seq === 1) {
            if (record.prev !== (index === 0 ? '' : agreement.id)) throw new Void('first_prev');
            return;
        }
        const before = this.rows.get('chain', `${record.by} ${digits(record.seq - 1)}`);
        if (before && before.id !== record.prev) throw new Void('prev');
        if (before) found.seen = Math.max(found.seen, before.seen);
        else found.marks.push('gap');
    }

    /** Whether there is what a field names, or its items do. */
    #checkField(value, type, version) {
        if (type.is === 'id' && !this.#isRecord(value, type.kinds)) throw new Void('reference');
        if (type.section && !termOf(this.rows, `${type.section}/${value}`, version)) throw new Void('term');
        for (const item of type.is === 'list' ? value : []) this.#checkField(item, type.item, version);
        for (const [name, its] of type.is === 'object' ? type.fields : []) {
            if (Object.hasOwn(value, name)) this.#checkField(value[name], its, version);
        }
    }

    #isRecord(id, kinds) {
        const row = this.rows.get('record', id);
        return row && row.verdict !== 'void' && kinds.includes(row.kind);
    }

    /** What §9.4 asks of every entry, void or not. */
    #write(index, record, found, verdict) {
        const { rows } = this;
        const about = record && verdict.reason !== 'other_agreement' && { id: record.id, kind: record.kind };
        const marks = found.marks.length && { marks: found.marks.sort() };
        rows.put('verdict', digits(index), { ...verdict, ...about, ...marks });
        if (!found.signed) return;
        rows.put('record', record.id, { by: record.by, index, kind: record.kind, verdict: verdict.verdict });
        if (!found.placed) return;
        rows.put('chain', `${record.by} ${digits(record.seq)}`, { id: record.id, index, prev: record.prev, seen: found.seen });
        this.#fillGap(record);
    }

    /** The record after this one was marked `gap`: now it is known what stands before it (§9.3). */
    #fillGap(record) {
        const { rows } = this;
        const next = rows.get('chain', `${record.by} ${digits(record.seq + 1)}`);
        if (!next) return;
        const { marks: old, ...verdict } = rows.get('verdict', digits(next.index));
        const marks = old.filter((mark) => mark !== 'gap');
        if (next.prev !== record.id) marks.push('fork');
        if (verdict.verdict === 'marked' && !marks.length) verdict.verdict = 'holds';
        rows.put('verdict', digits(next.index), { ...verdict, ...(marks.length && { marks: marks.sort() }) });
        rows.put('record', next.id, { ...rows.get('record', next.id), verdict: verdict.verdict });
    }
}

/** Entry 0 is signed by the first of the roots that it names itself (§7.1). */
function firstRoot(record) {
    const vkey = record.body.roots?.[0]?.key;
    const parsed = typeof vkey === 'string' ? parseVkey(vkey) : null;
    return parsed?.name === record.by ? { vkey, job: 'root', state: 'active' } : null;
}
