// Logs made by hand to try the rules: the cast, and what each entry is to be judged as.

import { hex, sha256 } from './bytes.mjs';
import { Hand, Key } from './hand.mjs';
import { print } from './json.mjs';

export const AGREEMENT = 'north-south';
export const AGE = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj'; // some age recipient
export const OTHER = hex(sha256('another')); // a hash of nothing that is logged
export const key = (name) => new Key(name);
export const witness = (name) => new Key(name, 4);

export const LOG = key(`${AGREEMENT}/term/1`);
export const PROMISE = key('op/promise');
export const OPERATOR = key('op/node');
export const NODE = key('south/node');
export const ROOT = key('north/root');
export const ROOT2 = key('south/root');
export const AUTHOR = key('north/desk');
export const AUTHOR2 = key('south/desk');

const EVERYTHING = ['admit', 'claim', 'link', 'open_incident', 'report', 'revoke', 'withdraw'];

export const TERMS = {
    agreement: { entries: 'public', max_gap_ms: 1800000, name: AGREEMENT, no_move: '14.2', quorum: 0, rules: 1 },
    act: [{ id: 'shelling' }],
    clause: [{ id: '14.2' }],
    group: [{ id: 'neutral', organisations: ['op'] }],
    organisation: [{ id: 'north' }, { id: 'south' }, { id: 'op' }],
    role: [
        { id: 'judge', groups: ['neutral'], may: ['claim'] },
        { id: 'desk', may: EVERYTHING },
        { id: 'monitor', may: ['claim', 'report', 'withdraw'] },
        { id: 'none', may: [] },
        { id: 'gateway', gateway: 1, may: ['claim'] },
    ],
};

const member = (org, k) => ({ key: k.vkey, org });

/** The body of entry 0, for an agreement.toml of this text. */
export const adoption = (text, over = {}) => ({
    name: AGREEMENT,
    origin: LOG.name,
    log_key: LOG.vkey,
    promise_key: PROMISE.vkey,
    operator: OPERATOR.name,
    roots: [member('north', ROOT), member('south', ROOT2)],
    nodes: [member('op', OPERATOR), member('south', NODE)],
    witnesses: [],
    quorum: 0,
    rules: 1,
    pieces: [{ file: 'agreement.toml', n: 1, sha256: hex(sha256(text)) }],
    ...over,
});

const CLAIM = { channel: 'filed', claimant: 'Command', matter: 'killed', side: 'north', subject: 'south' };
export const claim = (over = {}) => ({ ...CLAIM, ...over });
export const time = (over = {}) => ({ at_ms: 1, basis: 'watch', offset_min: 0, uncertainty_ms: 0, ...over });
export const author = (k, over = {}) => ({ key: k.vkey, job: 'author', org: 'north', role: 'desk', ...over });

/** A log with, for each entry, a name and the verdict that it is to have when all are applied. */
export class Story {
    hand = new Hand(AGREEMENT);
    wants = [];
    log = LOG; // the key that signs its checkpoint

    say(want, name, by, kind, body, over) {
        this.wants.push({ want, name });
        return this.hand.add(by, kind, body, over);
    }

    bytes(want, name, bytes) {
        this.wants.push({ want, name });
        this.hand.addBytes(bytes);
    }

    adopt(text, over) {
        this.say('holds', 'adopted', ROOT, 'agreement.adopt', adoption(text, over));
    }

    concur(by = [ROOT, ROOT2]) {
        const body = { agreement: this.hand.first };
        for (const root of by) this.say('holds', `${root.name} concurs`, root, 'agreement.concur', body);
    }

    /** The agreement in force, with an entry 0 that differs in `over`. */
    begin(over = {}, terms = TERMS) {
        const text = print(terms);
        this.adopt(text, over);
        this.say('holds', 'the terms', ROOT, 'agreement.part', { file: 'agreement.toml', n: 1, content: text });
        this.concur();
        return this;
    }

    /** And time begun, and two authors admitted. */
    beginAll() {
        this.begin();
        this.say('holds', 'the first tick', OPERATOR, 'clock.tick', { at_ms: 5 });
        for (const k of [AUTHOR, AUTHOR2]) this.say('holds', `${k.name} admitted`, ROOT, 'member.admit', author(k));
        return this;
    }
}
