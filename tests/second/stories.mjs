// The stories: each a log, entry by entry, with the verdict that the documents give it.

import { hex, sha256 } from './bytes.mjs';
import { Key } from './hand.mjs';
import { print } from './json.mjs';
import {
    adoption, AGE, AGREEMENT, author, AUTHOR, AUTHOR2, claim, key, LOG, NODE, OPERATOR, OTHER, PROMISE, ROOT, ROOT2, Story, TERMS,
    time, witness,
} from './story.mjs';

const AHEAD = { root: OTHER, size: 999999 };
const WRONG_ROOT = { root: OTHER, size: 2 };

function beforeForce() {
    const s = new Story();
    const text = print(TERMS);
    const [one, two] = [text.slice(0, 99), text.slice(99)];
    const piece = (file, n, content) => ({ file, n, sha256: hex(sha256(content)) });
    const pieces = [piece('agreement.toml', 1, one), piece('agreement.toml', 2, two), piece('line.geojson', 1, '{}')];
    const part = (want, name, by, file, n, content) => s.say(want, name, by, 'agreement.part', { file, n, content });
    s.adopt(text, { pieces });
    s.bytes('void not_a_record', 'nothing', '');
    s.bytes('void not_a_record', 'no UTF-8', Buffer.of(0xc0, 0x80));
    s.say('void other_agreement', 'another agreement', ROOT, 'claim', {}, { agreement: 'east-west', aside: true, seen: WRONG_ROOT });
    s.say('void unknown_key', 'a stranger', key('stranger'), 'claim', claim(), { seen: WRONG_ROOT });
    s.say('void not_in_force', 'an admission', ROOT, 'member.admit', { key: key('x').vkey, job: 'node', org: 'nowhere' });
    s.say('void shape', 'shape before force', ROOT, 'member.admit', { job: 'node' });
    s.say('void not_in_force', 'a tick', OPERATOR, 'clock.tick', { at_ms: 5 });
    s.say('void unknown_kind', 'a kind that is none', OPERATOR, 'no.kind', { number: 1 });
    s.say('void not_in_force', 'other rules', ROOT, 'rules.adopt', { number: 2 });
    part('void piece', 'another content', ROOT, 'agreement.toml', 1, two);
    part('void piece', 'a number that is not listed', ROOT, 'agreement.toml', 3, two);
    part('void wrong_job', 'a part by a node', NODE, 'agreement.toml', 1, one);
    part('holds', 'part 1', ROOT2, 'agreement.toml', 1, one);
    part('void piece', 'part 1 again', ROOT, 'agreement.toml', 1, one);
    part('holds', 'the map', ROOT2, 'line.geojson', 1, '{}');
    s.concur([ROOT]);
    s.say('void no_move', 'consent twice', ROOT, 'agreement.concur', { agreement: s.hand.first });
    s.say('void reference', 'consent to something else', ROOT2, 'agreement.concur', { agreement: OTHER });
    s.say('void adopt', 'a second adoption', ROOT2, 'agreement.adopt', adoption(text));
    s.concur([ROOT2]);
    part('holds', 'the last part', ROOT, 'agreement.toml', 2, two);
    part('void piece', 'a part too many', ROOT, 'agreement.toml', 2, two);
    s.say('void no_move', 'consent when in force', ROOT2, 'agreement.concur', { agreement: s.hand.first });
    s.say('void no_tick', 'other rules before time begins', ROOT, 'rules.adopt', { number: 2 });
    s.say('void no_tick', 'an attestation before time begins', NODE, 'node.attest', { digest: OTHER, size: 1 });
    s.say('holds', 'an admission before time begins', ROOT, 'member.admit', author(AUTHOR));
    s.say('void no_tick', 'a claim before time begins', AUTHOR, 'claim', claim());
    s.say('void shape', 'its shape is asked before', AUTHOR, 'claim', {});
    s.say('void no_tick', 'its references after', AUTHOR, 'incident.link', { basis: 'related', incident: OTHER, record: OTHER });
    return s;
}

function operatorsTicks() {
    const s = new Story().begin();
    const tick = (want, name, body, by = OPERATOR) => s.say(want, name, by, 'clock.tick', body);
    tick('void tick', 'by another node', { at_ms: 5 }, NODE);
    tick('void wrong_job', 'by a root', { at_ms: 5 }, ROOT);
    tick('void tick', 'of nothing', {});
    tick('void tick', 'of both', { at_ms: 5, checkpoint: 'x' });
    tick('void tick', 'of a checkpoint', { checkpoint: 'x' });
    tick('void shape', 'of time 0', { at_ms: 0 });
    tick('holds', 'the first', { at_ms: 5 });
    tick('void tick', 'of the same time', { at_ms: 5 });
    tick('void tick', 'of an earlier time', { at_ms: 4 });
    tick('holds', 'less than a gap', { at_ms: 1800005 });
    tick('holds', 'more than a gap', { at_ms: 253370764799999 });
    const attest = (want, name, over) => s.say(want, name, NODE, 'node.attest', { digest: OTHER, size: 1, ...over });
    attest('holds', 'an attestation', {});
    attest('holds', 'of all before it', { size: s.hand.size });
    attest('void shape', 'of itself', { size: s.hand.size + 1 });
    attest('holds', 'with what was offered', { offered: [{ id: OTHER, since_ms: 5 }] });
    attest('void shape', 'offered at 0', { offered: [{ id: OTHER, since_ms: 0 }] });
    return s;
}

function admissions() {
    const s = new Story().beginAll();
    const [scoped, monitor, none] = [key('scoped'), key('monitor'), key('none')];
    const x = key('x');
    const admit = (want, name, body, by = ROOT) => s.say(want, `admit ${name}`, by, 'member.admit', body);
    const node = (over) => ({ key: x.vkey, job: 'node', org: 'north', ...over });
    admit('void shape', 'an author without a role', { key: x.vkey, job: 'author', org: 'north' });
    admit('void shape', 'a node with a role', node({ role: 'desk' }));
    admit('void term', 'an unknown role', author(x, { role: 'king' }));
    admit('void role', 'a role that is for others', author(x, { role: 'judge' }));
    admit('holds', 'a role that is for it', author(key('op/judge'), { org: 'op', role: 'judge' }));
    admit('void term', 'an unknown organisation', node({ org: 'west' }));
    admit('void shape', 'a root', node({ job: 'root' }));
    admit('void witness', 'a witness where there is no place', node({ job: 'witness' }));
    admit('void key_unfit', 'an author that cosigns', author(witness('x')));
    admit('holds', 'an external', { key: witness('external').vkey, job: 'external', org: 'op' });
    admit('void key_unfit', 'an external that signs records', node({ job: 'external' }));
    admit('void key_taken', 'a name that is taken', node({ key: new Key(AUTHOR.name, 1, sha256('q')).vkey }));
    admit('void key_taken', 'a key that is taken', node({ key: new Key('x', 1, sha256(AUTHOR.name)).vkey }));
    admit('void key_unfit', "another's revoker", node({ revoker: key('y/revoker').vkey }));
    admit('void key_taken', 'its own revoker', node({ revoker: new Key('x/revoker', 1, sha256('x')).vkey }));
    admit('void shape', 'with an empty scope', node({ scope: [] }));
    admit('void shape', 'with a space in age', node({ age: 'a b' }));
    admit('void shape', 'another key id', node({ key: x.vkey.replace(/\+......../, '+00000000') }));
    admit('void shape', 'a type that is none', node({ key: new Key('x', 2).vkey }));
    admit('holds', 'a node', { key: key('north/node').vkey, job: 'node', org: 'north', revoker: key('north/node/revoker').vkey, age: AGE });
    for (const [why, age] of [
        ['a word', 'age1qqq'],
        ['a letter changed', `${AGE.slice(0, -1)}p`],
        ['capitals', AGE.toUpperCase()],
        ['zero', 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z'],
        ['of order 4', 'age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m'],
        ['of order 8', 'age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9'],
        ['not reduced', 'age17mlllllllllllllllllllllllllllllllllllllllllllllllalsxajvgg'],
    ]) admit('void key_unfit', `an age recipient: ${why}`, author(x, { age }));
    admit('holds', 'an age recipient: the base point', author(key('base'), { age: 'age1pyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq8r66x' }));
    admit('void key_unfit', "a log key's name", node({ key: key(`${AGREEMENT}/term/2`).vkey }));
    admit('void key_unfit', 'the log key', node({ key: LOG.vkey }));
    admit('void key_unfit', "an external of a log key's name", { key: witness(`${AGREEMENT}/term/x`).vkey, job: 'external', org: 'north' });
    admit('void key_unfit', "a revoker of a log key's name", node({ key: key(`${AGREEMENT}/term`).vkey, revoker: key(`${AGREEMENT}/term/revoker`).vkey }));
    admit('holds', "almost a log key's name", node({ key: key(`${AGREEMENT}/term`).vkey }));
    admit('holds', 'with a scope', author(scoped, { scope: ['claim', 'member.admit'] }), AUTHOR);
    admit('holds', 'a monitor', author(monitor, { role: 'monitor', revoker: key('monitor/revoker').vkey }), scoped);
    admit('holds', 'who may nothing', author(none, { role: 'none' }), scoped);
    admit('void capability', 'by a monitor', node(), monitor);
    admit('void term', 'by a monitor, to nowhere', node({ org: 'west' }), monitor);
    admit('void wrong_job', 'by a node', node(), NODE);

    const gateway = key('gateway');
    admit('holds', 'a gateway', author(gateway, { role: 'gateway' }));
    s.say('holds', 'a claim on behalf of somebody', gateway, 'claim', claim({ on_behalf: 'p-1' }));
    s.say('void on_behalf', 'a claim on behalf of nobody', gateway, 'claim', claim());
    s.say('void on_behalf', 'a claim for others by who is no gateway', scoped, 'claim', claim({ on_behalf: 'p-1' }));
    s.say('void capability', 'a claim for others by who may nothing', none, 'claim', claim({ on_behalf: 'p-1' }));
    s.say('holds', 'a claim within scope', scoped, 'claim', claim());
    s.say('void scope', 'a report beyond scope', scoped, 'incident.report', {});
    s.say('void term', 'the term is asked before the scope', scoped, 'incident.report', { act: 'aggression' });
    s.say('void scope', 'to revoke another beyond scope', scoped, 'member.revoke', { name: none.name, reason: 'left' });
    s.say('void capability', 'a claim by who may nothing', none, 'claim', claim());
    for (const by of [PROMISE, LOG, ROOT, NODE, key('monitor/revoker')]) s.say('void wrong_job', `a claim by ${by.name}`, by, 'claim', claim());
    s.say('void bad_signature', 'a claim by an external', witness('external'), 'claim', claim(), { seen: WRONG_ROOT });

    const revoke = (want, name, by, whom, over) => s.say(want, `revoke ${name}`, by, 'member.revoke', { name: whom, reason: 'left', ...over });
    revoke('void not_yours', 'nobody', ROOT, 'nobody');
    revoke('void not_yours', 'another', none, AUTHOR.name);
    revoke('void not_yours', 'another node', NODE, OPERATOR.name);
    revoke('void not_yours', 'by the revoker of another', key('monitor/revoker'), none.name);
    revoke('void not_yours', 'a revoker by itself', key('monitor/revoker'), 'monitor/revoker');
    revoke('holds', 'by its revoker', key('monitor/revoker'), monitor.name, { doubt_from: 3 });
    revoke('void no_move', 'again', key('monitor/revoker'), monitor.name);
    revoke('holds', 'oneself', none, none.name);
    s.say('void revoked_key', 'a claim by who is revoked', none, 'claim', claim());
    revoke('holds', 'a node by itself', NODE, NODE.name);
    revoke('holds', 'oneself beyond scope', scoped, scoped.name);
    revoke('void not_yours', 'a root by an author', AUTHOR, ROOT2.name);
    revoke('void not_yours', 'the log key', ROOT, LOG.name, { doubt_from: 0 });
    revoke('void not_yours', 'the promise key', ROOT, PROMISE.name);
    admit('void key_taken', 'the name of one revoked', node({ key: new Key(none.name, 1, sha256('new')).vkey }));
    s.say('holds', 'a tick that covers them', OPERATOR, 'clock.tick', { at_ms: 9 });
    return s;
}

/** What becomes of amendments, up to the switch to rules that no program has, and behind it. */
function otherRules() {
    const s = new Story().beginAll();
    const adopt = (want, name, number, by = ROOT) => s.say(want, `rules.adopt: ${name}`, by, 'rules.adopt', { number });
    const concur = (want, name, by, agreement) => s.say(want, `concur ${name}`, by, 'agreement.concur', { agreement });
    adopt('void wrong_job', 'by a node', 2, OPERATOR);
    adopt('void wrong_job', 'by an author', 2, AUTHOR);
    adopt('void shape', 'number 0', 0);
    adopt('void shape', 'a number past all', 1000001);
    adopt('void rules_number', 'the number in force', 1);
    const two = adopt('holds', 'number 2', 2);
    adopt('holds', 'number 2 again', 2, ROOT2);
    const far = adopt('holds', 'number 1000000', 1000000);
    concur('void no_move', 'with what one has proposed', ROOT, two);
    concur('void wrong_job', 'as a node', NODE, two);
    concur('void no_move', 'with entry 0 again', ROOT, s.hand.first);
    concur('void reference', 'with nothing', ROOT2, OTHER);
    s.say('holds', 'a root leaves', ROOT2, 'member.revoke', { name: ROOT2.name, reason: 'left' });
    concur('void revoked_key', 'after leaving', ROOT2, two);
    adopt('holds', 'that root is missed', 3);
    s.say('holds', 'rules 1 rule on', AUTHOR, 'claim', claim());
    concur('void no_move', 'once more', ROOT, far);
    return s;
}

function lackingRules() {
    const s = new Story().beginAll();
    const two = s.say('holds', 'number 2', ROOT, 'rules.adopt', { number: 2 });
    s.say('holds', 'rules 1 rule on', AUTHOR, 'claim', claim());
    s.say('holds', 'the last root', ROOT2, 'agreement.concur', { agreement: two });
    s.say('not applied', 'a claim', AUTHOR, 'claim', claim());
    s.bytes('not applied', 'no record', 'x');
    s.say('not applied', 'number 3', ROOT, 'rules.adopt', { number: 3 });
    return s;
}

/** Whose keys are whose: north and south have roots, op has none. */
function rights() {
    const s = new Story();
    const [w1, w2, w3] = ['w1', 'w2', 'w3'].map(witness);
    s.begin({ witnesses: [{ key: w1.vkey, org: 'south' }, { key: witness('w9').vkey, org: 'op' }] });
    const [north, south, op] = [key('north/1'), key('south/1'), key('op/1')];
    const admit = (want, name, by, k, org, job = 'author') =>
        s.say(want, `admit ${name}`, by, 'member.admit', { key: k.vkey, job, org, ...(job === 'author' && { role: 'desk' }) });
    const revoke = (want, name, by, whom, over) =>
        s.say(want, `revoke ${name}`, by, 'member.revoke', { name: whom, reason: 'misused', ...over });
    admit('holds', 'an own author', ROOT, north, 'north');
    admit('holds', "op's author", ROOT, op, 'op');
    admit('void not_yours', "south's author", ROOT, south, 'south');
    admit('holds', 'it by its root', ROOT2, south, 'south');
    for (const [by, who] of [[ROOT, 'a root'], [north, 'an author']]) {
        admit('void not_yours', `an author of south by ${who}`, by, key('x'), 'south');
        admit('void not_yours', `an external of south by ${who}`, by, witness('x'), 'south', 'external');
        admit('void not_yours', `a node of op by ${who}`, by, key('x'), 'op', 'node');
        admit('void not_yours', `a witness of op by ${who}`, by, witness('x'), 'op', 'witness');
        admit('holds', `an external of op by ${who}`, by, witness(`op/x/${who[0]}${who.length}`), 'op', 'external');
    }
    admit('void not_yours', 'an own node by an author', north, key('x'), 'north', 'node');
    admit('void not_yours', 'an own witness by an author', south, w2, 'south', 'witness');
    admit('void not_yours', 'an author of north by op', op, key('x'), 'north');
    admit('holds', 'an own author by op', op, key('op/2'), 'op');
    s.say('void not_yours', 'whose it is, before the role', ROOT, 'member.admit', { key: key('x').vkey, job: 'author', org: 'south' });
    s.say('void shape', 'the role, before the place', ROOT, 'member.admit', { key: w2.vkey, job: 'witness', org: 'north', role: 'desk' });
    admit('void witness', 'where no place is', ROOT, w2, 'north', 'witness');
    admit('void witness', 'where a place is taken', ROOT2, w2, 'south', 'witness');
    revoke('void not_yours', "another's witness", ROOT, 'w1');
    revoke('void not_yours', 'a witness by an author', south, 'w1');
    revoke('void not_yours', 'a witness of who has no root', ROOT, 'w9');
    revoke('holds', 'an own witness', ROOT2, 'w1');
    admit('void key_taken', 'the same witness', ROOT2, w1, 'south', 'witness');
    admit('void key_unfit', 'a witness that signs records', ROOT2, key('x'), 'south', 'witness');
    admit('holds', 'the next witness', ROOT2, w2, 'south', 'witness');
    admit('void witness', 'one more', ROOT2, w3, 'south', 'witness');
    s.say('holds', 'a tick', OPERATOR, 'clock.tick', { at_ms: 5 });
    admit('void witness', 'one more, after a tick', ROOT2, w3, 'south', 'witness');
    revoke('holds', 'the witness in force', ROOT2, 'w2', { doubt_from: 0 });
    admit('holds', 'the third', ROOT2, w3, 'south', 'witness');
    revoke('holds', 'the one that waits', ROOT2, 'w3');

    revoke('void not_yours', "another's author", ROOT, south.name);
    revoke('void not_yours', "another's node", ROOT, NODE.name);
    revoke('void not_yours', 'another root', ROOT, ROOT2.name);
    revoke('void not_yours', 'an own root by an author', south, ROOT2.name);
    revoke('void not_yours', 'an author of north by op', op, north.name);
    revoke('void not_yours', 'a node of op', ROOT, OPERATOR.name);
    revoke('void not_yours', 'nobody', north, 'nobody');
    revoke('holds', 'an author of op by an author', south, 'op/2');
    revoke('void no_move', 'it again', ROOT, 'op/2');
    revoke('void not_yours', "another's, revoked or not", ROOT, 'w3');
    revoke('holds', 'an external of op by a root', ROOT2, 'op/x/a6');
    revoke('holds', 'an own node', ROOT2, NODE.name);
    revoke('holds', 'a root itself', ROOT2, ROOT2.name);
    admit('void not_yours', 'of an organisation whose root is gone', ROOT, key('x'), 'south');
    revoke('holds', 'an own author by an author', south, south.name);
    s.say('holds', 'a tick that covers them', OPERATOR, 'clock.tick', { at_ms: 9 });
    return s;
}

function rotations() {
    const s = new Story().beginAll();
    const phone = key('phone');
    const [to, other] = [key('to'), key('other')];
    const consent = (from, k = to, { agreement = AGREEMENT, word = 'rotate', signer = k, over = {} } = {}) => {
        const text = `${agreement}\n${word}\n${print({ from: from.name, key: k.vkey, ...over })}\n`;
        return `${text}\n${signer.line(text)}`;
    };
    const rotate = (want, name, by, k = to, note = consent(by, k)) =>
        s.say(want, `rotate ${name}`, by, 'member.rotate', { consent: note, key: k.vkey });
    s.say('holds', 'a key with all there is', ROOT, 'member.admit', author(phone, { age: AGE, revoker: key('phone/revoker').vkey, role: 'monitor', scope: ['claim'] }));
    rotate('void wrong_job', 'a revoker', key('phone/revoker'));
    s.say('void shape', 'rotate without consent', phone, 'member.rotate', { key: to.vkey });
    s.say('void shape', 'rotate with too long a consent', phone, 'member.rotate', { consent: 'x'.repeat(4097), key: to.vkey });
    const bad = (name, note) => rotate('void consent', name, phone, to, note);
    bad('with a word', 'yes');
    bad('with another agreement', consent(phone, to, { agreement: 'east-west' }));
    bad('with another word', consent(phone, to, { word: 'sign-in' }));
    bad('for another place', consent(AUTHOR));
    bad('for another key', consent(phone, other));
    bad('signed by another', consent(phone, to, { signer: other }));
    bad('signed by the old', consent(phone, to, { signer: phone }));
    bad('signed by the name with another key', consent(phone, to, { signer: new Key('to', 1, sha256('q')) }));
    bad('with a member more', consent(phone, to, { over: { at_ms: 5 } }));
    bad('signed twice', consent(phone) + other.line('x\n'));
    bad('spelt otherwise', consent(phone).replace('{"from"', '{ "from"'));
    bad('spoilt', consent(phone).replace('"from":"p', '"from":"q'));
    rotate('void key_unfit', 'to a key that cosigns', phone, witness('to'), consent(phone));
    rotate('void key_unfit', "to a log key's name", phone, key(`${AGREEMENT}/term/2`));
    rotate('void key_taken', 'to itself', phone, phone);
    rotate('void key_taken', 'to a name that is taken', phone, new Key(AUTHOR.name, 1, sha256('q')));
    rotate('void key_taken', 'to a key that is taken', phone, new Key('q', 1, sha256(AUTHOR.name)));
    rotate('holds', 'a key with a scope', phone);
    s.say('void revoked_key', 'the old key', phone, 'claim', claim());
    s.say('holds', 'the new key', to, 'claim', claim());
    s.say('void scope', 'the new key beyond scope', to, 'incident.report', {});
    rotate('holds', 'it in its turn', to, key('third'));
    s.say('void not_yours', 'the revoker, another key', key('phone/revoker'), 'member.revoke', { name: AUTHOR.name, reason: 'lost' });
    s.say('holds', 'the revoker, what has the place now', key('phone/revoker'), 'member.revoke', { name: 'third', reason: 'lost' });
    s.say('void no_move', 'the revoker, what had it', key('phone/revoker'), 'member.revoke', { name: 'phone', reason: 'lost' });

    const two = s.say('holds', 'number 2', ROOT2, 'rules.adopt', { number: 2 });
    rotate('holds', 'a node', NODE, key('south/node/2'));
    rotate('holds', 'the operator', OPERATOR, key('op/node/2'));
    s.say('void revoked_key', 'a tick by the old operator', OPERATOR, 'clock.tick', { at_ms: 7 });
    s.say('holds', 'a tick by the new', key('op/node/2'), 'clock.tick', { at_ms: 7 });
    rotate('holds', 'a root', ROOT2, key('south/root/2'));
    rotate('holds', 'it again', key('south/root/2'), key('south/root/3'));
    s.say('void no_move', 'it has concurred', key('south/root/3'), 'agreement.concur', { agreement: s.hand.first });
    s.say('void no_move', 'with what it proposed too', key('south/root/3'), 'agreement.concur', { agreement: two });
    s.say('void not_yours', 'south has a root still', ROOT, 'member.admit', author(other, { org: 'south' }));
    s.say('holds', 'and the new one admits', key('south/root/3'), 'member.admit', author(other, { org: 'south' }));
    rotate('holds', 'the other root', ROOT, key('north/root/2'));
    s.say('holds', 'its claim', other, 'claim', claim());
    s.say('holds', 'who has its place', key('north/root/2'), 'agreement.concur', { agreement: two });
    s.say('not applied', 'under number 2', other, 'claim', claim());
    return s;
}

function chains() {
    const s = new Story().beginAll();
    const say = (want, name, over, by = AUTHOR, body = claim()) => s.say(want, name, by, 'claim', body, { aside: true, ...over });
    say('void bad_signature', 'a signature of something else', { spoil: true, seen: WRONG_ROOT });
    say('void bad_signature', 'another key of that name', { signer: new Key(AUTHOR.name, 1, sha256('q')) });
    say('void first_prev', 'first of nothing', { prev: '' });
    say('void first_prev', 'first of another', { prev: OTHER, seen: AHEAD });
    say('holds', 'first', { aside: false });
    s.bytes('void repeated', 'first again', s.hand.entries.at(-1));
    say('void fork', 'another first', { seq: 1, prev: s.hand.first, seen: AHEAD }, AUTHOR, claim({ best: 1 }));
    say('void prev', 'second of another', { prev: OTHER, seen: AHEAD });
    say('void prev', 'second of nothing', { prev: '' });
    const here = { root: hex(s.hand.tree.root(s.hand.size)), size: s.hand.size };
    say('holds', 'who has seen all', { aside: false, seen: here });
    say('marked ahead', 'who has seen more', { aside: false, seen: { root: OTHER, size: s.hand.size + 1 } });
    say('marked seen', 'who has seen another tree', { aside: false, seen: WRONG_ROOT });
    say('marked seen', 'who has seen another nothing', { aside: false, seen: { root: OTHER, size: 0 } });

    const gaps = (want, name, over, body) => say(want, name, over, AUTHOR2, body);
    const third = gaps('marked fork', 'third, of another second', { seq: 3, prev: '' });
    const fifth = gaps('marked fork,seen', 'fifth, of another fourth', { seq: 5, prev: hex(sha256('x')), seen: WRONG_ROOT });
    gaps('holds', 'fourth', { seq: 4, prev: third });
    const second = gaps('marked fork', 'second, of another first', { seq: 2, prev: OTHER });
    gaps('holds', 'first', { seq: 1 });
    s.say('void unknown_kind ahead,fork', 'seventh, void', AUTHOR2, 'no.kind', {}, { aside: true, seq: 7, prev: OTHER, seen: AHEAD });
    s.say('void shape', 'sixth, void, is in the chain', AUTHOR2, 'claim', {}, { aside: true, seq: 6, prev: fifth });
    gaps('marked gap', 'far off', { seq: 9007199254740991, prev: second });

    const late = key('late');
    say('void unknown_key', 'too early', {}, late);
    const early = s.hand.entries.at(-1);
    s.say('holds', 'admitted', ROOT, 'member.admit', author(late));
    s.bytes('holds', 'the same, known now', early);
    return s;
}

function matters() {
    const s = new Story().beginAll();
    const open = (want, name, by, body) => s.say(want, name, by, 'incident.open', body);
    const report = (want, name, by, body) => s.say(want, name, by, 'incident.report', body);
    const withdraw = (want, name, by, record) => s.say(want, name, by, 'record.withdraw', { reason: 'error', record });
    const one = open('holds', 'an incident', AUTHOR, { external_id: 'i', start: time() });
    open('void external_id', 'it again', AUTHOR, { external_id: 'i' });
    open('void shape', 'it, superseded', AUTHOR, { external_id: 'i', supersedes: one });
    open('holds', "another's of this id", AUTHOR2, { external_id: 'i' });
    const two = open('holds', 'of no id', AUTHOR, {});
    withdraw('void not_yours', "another's", AUTHOR2, one);
    const word = withdraw('holds', 'withdrawn', AUTHOR, one);
    withdraw('void no_move', 'withdrawn again', AUTHOR, one);
    withdraw('void reference', 'a withdrawal withdrawn', AUTHOR, word);
    open('holds', 'the id again', AUTHOR, { external_id: 'i' });

    const whole = { external_id: 'r', incident: one, start: time(), end: time({ at_ms: 9 }), act: 'shelling', disputed: ['who', 'who'], means: 'saw' };
    const first = report('holds', 'a report', AUTHOR, whole);
    report('void external_id', 'it again', AUTHOR, { external_id: 'r' });
    report('void not_yours', 'superseded by another', AUTHOR2, { supersedes: first });
    const next = report('holds', 'superseded', AUTHOR, { incident: two, supersedes: first });
    report('void no_move', 'superseded again', AUTHOR, { supersedes: first });
    const free = report('holds', 'the id is free', AUTHOR, { external_id: 'r' });
    report('void external_id', 'the id is not its own', AUTHOR, { external_id: 'r', supersedes: next });
    const moved = report('holds', 'another id', AUTHOR, { external_id: 's', supersedes: free });
    withdraw('holds', 'a report withdrawn', AUTHOR, moved);
    report('void no_move', 'withdrawn, superseded', AUTHOR, { supersedes: moved });
    report('void reference', 'what is asked first', AUTHOR, { act: 'aggression', incident: OTHER });
    report('void term', 'an act that is none', AUTHOR, { act: 'aggression' });
    s.say('void reference', 'a claim for a report', AUTHOR, 'claim', claim({ supersedes: next }));
    const said = s.say('holds', 'a claim', AUTHOR2, 'claim', claim({ external_id: 'r', incident: two, min: 5, max: 3 }));
    const nothing = s.say('void shape', 'a void claim', AUTHOR2, 'claim', {});

    const link = (want, name, by, body) => s.say(want, `link ${name}`, by, 'incident.link', { basis: 'related', ...body });
    const unlink = (want, name, by, body) => s.say(want, `unlink ${name}`, by, 'incident.unlink', body);
    link('void reference', 'what is void', AUTHOR, { incident: two, record: nothing });
    link('void reference', 'the wrong way round', AUTHOR, { incident: said, record: two });
    link('void no_move', 'what is filed', AUTHOR, { incident: two, record: said });
    link('holds', 'a report', AUTHOR, { incident: one, record: next });
    link('void no_move', 'it again', AUTHOR2, { basis: 'part_of', incident: one, record: next });
    unlink('void no_move', 'what is not linked', AUTHOR, { incident: one, record: said });
    unlink('holds', 'by another', AUTHOR2, { incident: one, record: next });
    unlink('void no_move', 'again', AUTHOR, { incident: one, record: next });
    link('holds', 'again', AUTHOR, { basis: 'response_to', incident: one, record: next });
    unlink('holds', 'what was filed', AUTHOR, { incident: two, record: said });
    return s;
}

/** Reports whose end lies before their beginning, or that know no more than that it was some time: nothing forbids it. */
function backwards() {
    const s = new Story().beginAll();
    const incident = s.say('holds', 'an incident', AUTHOR, 'incident.open', {});
    s.say('holds', 'it ended before it began', AUTHOR, 'incident.report', { incident, start: time(), end: time({ at_ms: 0 }) });
    const any = { uncertainty_ms: Number.MAX_SAFE_INTEGER };
    s.say('holds', 'at some time', AUTHOR, 'incident.report', { incident, start: time({ at_ms: -62104060800000, ...any }), end: time({ at_ms: 253370764799999, ...any }) });
    return s;
}

function shapes() {
    const s = new Story().beginAll();
    const row = (want, name, over) => s.say(want, name, AUTHOR, 'claim', claim(over));
    for (const basis of ['watch', 'camera', 'system', 'document', 'press', 'dataset', 'estimate']) row('holds', `basis ${basis}`, { made: time({ basis }) });
    const bad = [{ basis: 'rumour' }, { offset_min: 841 }, { offset_min: -841 }, { uncertainty_ms: -1 }, { at_ms: -62104060800001 }, { at_ms: 253370764800000 }, { more: 1 }];
    for (const over of bad) row('void shape', `a time with ${print(over)}`, { made: time(over) });
    for (const over of [{ offset_min: -840 }, { uncertainty_ms: 9007199254740991 }, { at_ms: -62104060800000 }]) row('holds', `a time with ${print(over)}`, { made: time(over) });
    row('holds', '200 bytes', { claimant: 'ä'.repeat(100) });
    row('void shape', '202 bytes', { claimant: 'ä'.repeat(101) });
    row('holds', 'any characters', { claimant: '\ufeff\u0001\n\u202e\uffff\u007f' });
    row('void shape', 'a member of the public part', { statement: 'x' });
    row('void shape', 'a member that is none', JSON.parse('{"__proto__":{}}'));
    row('void shape', 'an inherited name', { constructor: 'x' });

    const part = (over) => ({ commitment: OTHER, recipients: [], stored: OTHER, tier: 'sealed', ...over });
    const low = { commitment: '0'.repeat(64), tier: 'mission', recipients: ['a'] };
    const two = { recipients: ['b', 'a'] };
    const parts = (want, name, list) => row(want, `parts: ${name}`, { parts: list });
    parts('void recipient', 'sealed to two', [part(two)]);
    parts('void shape', 'sealed twice to one', [part({ recipients: ['a', 'a'] })]);
    parts('void shape', 'twice to one', [part({ tier: 'mission', recipients: ['a', 'a'] })]);
    parts('void shape', 'to two in the wrong order', [part({ tier: 'mission', recipients: ['b', 'a'] })]);
    parts('void recipient', 'to two', [part({ tier: 'mission', recipients: ['a', 'b'] })]);
    parts('void shape', 'none', []);
    parts('void shape', 'sealed to one', [part({ recipients: ['a'] })]);
    parts('void shape', 'public to one', [part({ tier: 'public', recipients: ['a'] })]);
    parts('void shape', 'a mission to nobody', [part({ tier: 'mission' })]);
    parts('void recipient', 'in order', [part(low), part(two)]);
    parts('void shape', 'out of order', [part(two), part(low)]);
    parts('void shape', 'one commitment twice', [part(two), part({ ...low, commitment: OTHER })]);
    parts('void shape', 'two of a tier', [part({ ...two, commitment: low.commitment }), part(two)]);
    parts('void recipient', 'of which one is a medium', [part({ ...two, commitment: low.commitment }), part({ ...two, media: 'image/png' })]);
    parts('void shape', 'a medium with a space', [part({ ...two, media: 'image/ png' })]);
    const many = (n) => Array.from({ length: n }, (_, i) => part({ ...two, commitment: String(i).padStart(64, '0'), media: 'image/png' }));
    parts('void recipient', '64', many(64));
    parts('void shape', '65', many(65));
    return s;
}

function readers() {
    const terms = {
        ...TERMS,
        role: [...TERMS.role.map((role) => ({ ...role, reads: role.id === 'desk' ? ['mechanism', 'sealed', 'mission'] : [] }))],
        tier: [
            { id: 'mechanism', of: ['north', 'south'], whole: 1 },
            { id: 'mission', of: ['op'] },
            { id: 'sealed', of: ['op', 'south'] },
        ],
    };
    const s = new Story().begin({}, terms);
    s.say('holds', 'the first tick', OPERATOR, 'clock.tick', { at_ms: 5 });
    const admit = (name, org, over) => s.say('holds', `${name} admitted`, org === 'south' ? ROOT2 : ROOT, 'member.admit', author(key(name), { age: AGE, org, ...over }));
    admit('n', 'north');
    admit('o', 'op');
    admit('o/2', 'op');
    admit('o/3', 'op', { role: 'monitor' });
    const old = key('o/4');
    s.say('holds', 'one without a recipient', ROOT, 'member.admit', author(old, { org: 'op' }));
    let n = 0;
    const send = (want, name, tier, recipients, over = {}) => {
        const commitment = String(n++).padStart(64, '0');
        s.say(want, `${tier} ${name}`, key('n'), 'claim', claim({ parts: [{ commitment, recipients, stored: OTHER, tier, ...over }] }));
    };
    send('holds', 'to nobody', 'public', []);
    send('holds', 'a medium', 'public', [], { media: 'image/png' });
    send('holds', 'to one', 'mission', ['o']);
    send('holds', 'to two', 'mission', ['o', 'o/2']);
    send('void recipient', 'to a role that reads nothing', 'mission', ['o/3']);
    send('void recipient', 'to one without a recipient', 'mission', ['o/4']);
    send('void recipient', 'to nobody', 'mission', ['a', 'o']);
    send('void recipient', 'to another organisation', 'mission', ['n']);
    send('void recipient', 'to a root', 'mechanism', [ROOT.name]);
    send('void recipient', 'to two of one', 'sealed', ['o', 'o/2']);
    send('void recipient', 'to one for whom it is not', 'sealed', ['o', 'n']);
    send('holds', 'to all who read', 'mechanism', ['n']);
    const repeat = { commitment: '0'.repeat(64) };
    send('holds', 'what was named before', 'mission', ['o'], repeat);
    admit('s', 'south', { role: 'monitor' });
    send('holds', 'to all who read, still', 'mechanism', ['n']);
    admit('s/2', 'south');
    send('void left_out', 'to one side alone', 'mechanism', ['n']);
    send('void left_out', 'to the other side alone', 'mechanism', ['s/2']);
    send('holds', 'to both', 'mechanism', ['n', 's/2']);
    send('holds', 'to two', 'sealed', ['s/2', 'o']);
    s.say('holds', 'a reader goes', ROOT2, 'member.revoke', { name: 's/2', reason: 'lost' });
    send('void recipient', 'to who is gone', 'mechanism', ['n', 's/2']);
    send('holds', 'without', 'mechanism', ['n']);
    const rotate = (by, name, over) => {
        const k = key(name);
        const text = `${AGREEMENT}\nrotate\n${print({ from: by.name, key: k.vkey })}\n`;
        s.say('holds', `${name} in the place of ${by.name}`, by, 'member.rotate', { consent: `${text}\n${k.line(text)}`, key: k.vkey, ...over });
    };
    rotate(old, 'o/5', { age: AGE });
    rotate(key('o'), 'o/6');
    send('void recipient', 'to who was replaced', 'mission', ['o']);
    send('holds', 'to who has its place', 'mission', ['o/5', 'o/6']);

    // What was sealed before its author could know that a reader is gone.
    const seen = (size) => ({ seen: { root: hex(s.hand.tree.root(size)), size } });
    const before = s.hand.size;
    s.say('holds', 'o/6 goes', ROOT, 'member.revoke', { name: 'o/6', reason: 'lost' });
    s.say('holds', 'one comes', ROOT, 'member.admit', author(key('late'), { org: 'op' }));
    s.say('holds', 'o/5 goes', ROOT, 'member.revoke', { name: 'o/5', reason: 'lost' });
    const offline = (want, name, by, size, to, over = {}) => {
        const part = { commitment: String(n++).padStart(64, '0'), recipients: [to], stored: OTHER, tier: 'mission' };
        s.say(want, `${name}, offline`, key(by), 'claim', claim({ parts: [part] }), { ...seen(size), ...over });
    };
    offline('holds', 'to who is gone since', 'n', before, 'o/6');
    offline('holds', 'to who is gone later', 'n', before + 2, 'o/5');
    offline('void recipient', 'having seen it go', 'n', before + 1, 'o/6');
    offline('void recipient', 'saying again not to have seen it', 'n', before, 'o/6');
    offline('holds', 'with the other', 'n', before, 'o/5');
    offline('void recipient', 'having seen all', 'n', before + 3, 'o/5');
    offline('void recipient', 'before it was admitted', 'o/2', 0, 'o/5');
    offline('void recipient', 'by who came later', 'late', before, 'o/6');
    offline('holds', 'by who came before that', 'late', before, 'o/5');
    offline('void recipient seen', 'of another log', 'o/2', before, 'o/5', { seen: { root: OTHER, size: before } });
    offline('void recipient ahead', 'ahead', 'o/2', before, 'o/5', { seen: { root: OTHER, size: 2 ** 40 } });
    return s;
}

function handedOn() {
    const kinds = ['part.opened', 'part.erase', 'part.erased', 'grade.source', 'grade.item', 'custody.release', 'case.triage', 'evidence.preserve', 'evidence.answer'];
    const terms = {
        ...TERMS,
        move: kinds.map((id) => ({ clause: '14.2', id })),
        role: [
            { id: 'desk', may: ['admit', 'report', 'open_incident', 'triage', 'release', 'erase', 'grade', 'preserve', 'answer'], reads: ['mechanism', 'mission', 'sealed'] },
            { id: 'clerk', may: [] },
            { blur: 1, id: 'villager', may: ['report'] },
        ],
        tier: [
            { id: 'public', order: 1 },
            { id: 'mechanism', of: ['north', 'south'], whole: 1, order: 2 },
            { id: 'mission', of: ['op'], order: 3 },
            { id: 'sealed', of: ['north', 'south'], order: 4 },
        ],
    };
    const s = new Story().begin({}, terms);
    s.say('holds', 'the first tick', OPERATOR, 'clock.tick', { at_ms: 5 });
    const admit = (name, org, over) => s.say('holds', `${name} admitted`, org === 'south' ? ROOT2 : ROOT, 'member.admit', author(key(name), { age: AGE, org, ...over }));
    for (const [name, org] of [['n', 'north'], ['n/2', 'north'], ['s', 'south'], ['o', 'op']]) admit(name, org);
    s.say('holds', 'a clerk admitted', ROOT2, 'member.admit', author(key('clerk'), { org: 'south', role: 'clerk' }));
    const hash = (word) => hex(sha256(word));
    const part = (word, tier, recipients, over = {}) => ({ commitment: hash(word), recipients, stored: hash(`${word}'`), tier, ...over });
    const json = { media: 'application/json' };
    const sorted = (parts) => parts.sort((a, b) => (a.commitment < b.commitment ? -1 : 1));
    const say = (want, name, by, kind, body, parts) => s.say(want, `${kind} ${name}`, key(by), kind, parts ? { ...body, parts: sorted(parts) } : body);

    const report = say('holds', 'with what is sealed', 'o', 'incident.report', {}, [part('letter', 'sealed', ['n', 's']), part('map', 'mission', ['o']), part('open', 'public', [])]);
    const other = say('holds', 'by north', 'n', 'incident.report', {}, [part('note', 'public', [])]);

    const open = (want, name, by, step, parts, word = 'letter') => say(want, name, by, 'part.opened', { part: hash(word), step }, parts);
    const sealed = (over) => part('letter', 'sealed', ['n', 's'], { ...json, ...over });
    open('void no_move', 'inside first', 's', 'inner', [sealed()]);
    open('void not_yours', 'by the other', 's', 'outer', [sealed()]);
    open('void not_yours', 'by another of the side', 'n/2', 'outer', [sealed()]);
    open('void part', 'and nothing handed on', 'n', 'outer', undefined);
    open('void part', 'and something else handed on', 'n', 'outer', [part('other', 'sealed', ['n', 's'], json)]);
    open('void part', 'and something more handed on', 'n', 'outer', [sealed(), part('other', 'sealed', ['n', 's'], json)]);
    open('void part', 'and it handed on as a field', 'n', 'outer', [part('letter', 'sealed', ['n', 's'])]);
    open('void part', 'for others', 'n', 'outer', [sealed({ recipients: ['s', 'n'] })]);
    open('void part', 'to a tier more open', 'n', 'outer', [part('letter', 'mechanism', ['n', 's'], json)]);
    open('void part', 'what is not sealed', 'n', 'outer', [part('map', 'sealed', ['n', 's'], json)], 'map');
    open('void part', 'what there is not', 'n', 'outer', [part('gone', 'sealed', ['n', 's'], json)], 'gone');
    open('holds', 'outside', 'n', 'outer', [sealed()]);
    open('void no_move', 'outside again', 'n', 'outer', [sealed()]);

    const release = (want, name, by, body, parts) => say(want, name, by, 'custody.release', { record: report, tier: 'mechanism', ...body }, parts);
    const both = (word) => part(word, 'mechanism', ['n', 's'], json);
    release('void sealed', 'of what is half open', 'o', {}, [both('letter')]);
    open('holds', 'inside', 's', 'inner', [sealed()]);
    release('holds', 'of what both have opened', 'o', {}, [both('letter')]);
    release('holds', 'to both', 'o', {}, [both('map')]);
    release('holds', 'of nothing', 'o', {});
    release('holds', 'with a word', 'o', {}, [both('map'), part('why', 'public', [])]);
    release('void left_out', 'to one', 'o', {}, [part('map', 'mechanism', ['n'], json)]);
    release('void part', 'to another tier', 'o', {}, [part('map', 'public', [], json)]);
    release('void part', "of another's", 'o', {}, [both('note')]);
    release('void part', 'of what is new', 'o', {}, [both('new')]);
    release('holds', 'with something taken out', 'o', { removed: ['face'] }, [both('redacted')]);
    release('void redaction', 'with something taken out, and the same', 'o', { removed: ['face'] }, [both('map')]);
    release('void part', "with something taken out, and another's", 'o', { removed: ['face'] }, [both('note')]);
    release('void capability', 'by who may not', 'clerk', {}, [both('map')]);
    s.say('holds', 'a villager admitted', ROOT, 'member.admit', author(key('villager'), { org: 'op', role: 'villager' }));
    const told = say('holds', 'by a villager', 'villager', 'incident.report', {}, [part('house', 'mission', ['o'])]);
    const house = [part('house', 'public', [], json)];
    release('void redaction', 'to everybody, with the place', 'o', { record: told, tier: 'public' }, house);
    release('void redaction', 'to everybody, without a face', 'o', { record: told, removed: ['face'], tier: 'public' });
    release('holds', 'to everybody, without the place', 'o', { record: told, removed: ['face', 'place'], tier: 'public' });
    release('holds', 'to both, with the place', 'o', { record: told }, [both('house')]);
    release('holds', "to everybody, of a desk's", 'o', { tier: 'public' }, [part('map', 'public', [], json)]);

    const matter = say('holds', 'a matter', 'o', 'incident.open', {});
    say('holds', 'of it', 'o', 'case.triage', { case: matter, modalities: 1, outcome: 'open' });
    const request = say('holds', 'of south', 'o', 'evidence.preserve', { case: matter, to: 'south', what: ['radar'] });
    const answer = (want, name, by, body) => say(want, name, by, 'evidence.answer', { request, ...body });
    answer('void shape', 'committed to nothing', 's', { answer: 'committed' });
    answer('void shape', 'given, and committed', 's', { answer: 'given', commitments: [hash('track')] });
    const answered = answer('holds', 'committed', 's', { answer: 'committed', commitments: [hash('track'), hash('tape')] });
    const copy = answer('holds', 'committed to the same', 's', { answer: 'committed', commitments: [hash('track')] });
    release('void part', 'of what was not committed to', 's', { record: answered }, [both('film')]);
    release('void part', 'by the later answer', 's', { record: copy }, [both('track')]);
    release('holds', 'of what its own side committed to', 'clerk', { record: answered }, [both('track')]);
    release('holds', 'again', 's', { record: answered }, [both('track')]);

    const erase = (want, name, by, word = 'open') => say(want, name, by, 'part.erase', { clause: '14.2', part: hash(word) });
    const erased = (want, name, by, found = 'destroyed') => s.say(want, `part.erased ${name}`, by, 'part.erased', { found, part: hash('open') });
    erase('void part', 'what there is not', 'n', 'gone');
    erase('void capability', 'by who may not', 'clerk');
    erased('void no_move', 'before anybody asked', NODE);
    erase('holds', 'by one', 'n');
    erase('void no_move', 'by the same side', 'n/2');
    erased('void no_move', 'before the second', NODE);
    erase('holds', 'by another', 's');
    erase('void no_move', 'by a third', 'o');
    erased('void wrong_job', 'by an author', key('s'));
    erased('holds', 'by south', NODE);
    erased('void no_move', 'by south again', ROOT2, 'none_held');
    erased('holds', 'by north', ROOT, 'none_held');
    erased('holds', 'by the last', OPERATOR);
    erase('void no_move', 'when it is gone', 'n');

    const grade = (want, name, by, kind, body) => say(want, name, by, `grade.${kind}`, body);
    grade('holds', 'an organisation', 'o', 'source', { organisation: 'north' });
    grade('holds', 'a source', 'o', 'source', { record: other });
    grade('holds', 'an item', 's', 'item', { record: other });
    grade('void shape', 'nothing', 'o', 'source', {});
    grade('void shape', 'both', 'o', 'source', { organisation: 'north', record: other });
    grade('void shape', 'an item, in the open', 's', 'item', { credibility: 1, record: other });
    grade('void own_source', 'its own', 'o', 'source', { organisation: 'op' });
    grade('void own_source', 'its own source', 'n', 'source', { record: other });
    grade('void own_source', 'its own item', 'n/2', 'item', { record: other });
    grade('void reference', 'what is no item', 'o', 'item', { record: s.hand.first });
    grade('void capability', 'by who may not', 'clerk', 'item', { record: report });
    return s;
}

function notes() {
    const s = new Story().beginAll();
    const object = { body: claim(), by: AUTHOR.name, prev: s.hand.first, said_at_ms: 1, seen: { root: hex(sha256('')), size: 0 }, seq: 1 };
    const none = (name, bytes) => s.bytes('void not_a_record', name, bytes);
    const signed = (text) => `${text}\n${AUTHOR.line(text)}`;
    const text = (json = print(object), head = 'claim 1') => `${AGREEMENT}\n${head}\n${json}\n`;
    const good = signed(text());
    none('no last newline', good.slice(0, -1));
    none('a newline more', `${good}\n`);
    none('the line twice', good + AUTHOR.line(text()));
    none('another line', good + key('zz').line(text()));
    none('CRLF', signed(text().replaceAll('\n', '\r\n')));
    none('a byte order mark', signed(`\ufeff${text()}`));
    none('a hyphen', good.replace('— ', '- '));
    none('no padding', good.replace(/=+\n$/, '\n'));
    none('spare bits', good.replace(/(.)=\n$/, (_, c) => `${String.fromCharCode(c.charCodeAt(0) + 1)}=\n`));
    none('a cosignature', `${text()}\n${new Key(AUTHOR.name, 4).cosign(text(), 5)}`);
    none('another name', `${text()}\n${key('zz').line(text())}`);
    none('a fourth line', signed(`${text()}x\n`));
    none('an empty line', signed(`${text()}\n`));
    for (const head of ['claim', 'claim 0', 'claim 01', 'claim 4294967296', 'Claim 1', 'a.b.c 1', 'a. 1', 'a1 1', `${'a'.repeat(33)} 1`]) none(`"${head}"`, signed(text(undefined, head)));
    const mended = (name, over) => none(name, signed(text(print({ ...object, ...over }))));
    mended('number 0', { seq: 0 });
    mended('a body that is a list', { body: [] });
    mended('an id in capitals', { prev: OTHER.toUpperCase() });
    mended('a time before year 2', { said_at_ms: -62104060800001 });
    mended('a size below 0', { seen: { root: OTHER, size: -1 } });
    mended('more members', { more: 1 });
    const spelt = (name, member) => none(name, signed(text(print(object).replace('"body":{', `"body":{${member},`))));
    spelt('nested 33 deep', `"a":${'['.repeat(31)}${']'.repeat(31)}`);
    spelt('a key of 65', `"${'a'.repeat(65)}":1`);
    spelt('a key twice', '"channel":1');
    spelt('surrogates escaped', '"a":"\\ud83d\\ude00"');
    s.bytes('holds', 'after all, a record', good);
    s.say('void unknown_kind', 'a kind of 32', AUTHOR2, `${'_'.repeat(32)} 4294967295`, {});
    s.say('void shape', 'nested 32 deep', AUTHOR2, 'claim', claim({ best: JSON.parse('['.repeat(30) + ']'.repeat(30)) }));
    return s;
}

function cosignedTicks() {
    const s = new Story();
    const [w1, w2, w3, w5] = ['w1', 'w2', 'w3', 'w5'].map(witness);
    const orgs = [[w1, 'north'], [w2, 'south'], [w3, 'east']];
    const { hand } = s;
    s.begin({ quorum: 2, witnesses: orgs.map(([w, org]) => ({ key: w.vkey, org })), nodes: [{ key: OPERATOR.vkey, org: 'nowhere' }, { key: NODE.vkey, org: 'south' }, { key: key('op/2').vkey, org: 'op' }, { key: key('north/node').vkey, org: 'north' }] });
    const tick = (want, name, checkpoint, by = OPERATOR) => s.say(want, `tick: ${name}`, by, 'clock.tick', { checkpoint });
    const of = (...cosigners) => hand.checkpoint(LOG, hand.size - 1, cosigners);
    const lines = (make) => {
        const text = hand.checkpointText(LOG.name, hand.size - 1);
        return `${text}\n${make(text).join('')}`;
    };
    const spoilt = (w, text, seconds) => w.cosign(`${text}x`, seconds);
    s.say('void tick', 'an own clock', OPERATOR, 'clock.tick', { at_ms: 5 });
    tick('void tick', 'of one', of([w1, 10]));
    tick('void tick', 'of one twice', of([w1, 10], [w1, 11]));
    tick('void tick', 'of one and a stranger', of([w1, 10], [witness('w9'), 11]));
    tick('void tick', 'of time 0', of([w1, 0], [w2, 0], [w3, 5]));
    tick('void tick', 'of size 0', hand.checkpoint(LOG, 0, [[w1, 10], [w2, 10]]));
    tick('void tick', 'of another origin', hand.checkpoint(key(`${AGREEMENT}/term/2`), 4, [[w1, 10], [w2, 10]]));
    tick('void tick', 'without the log', lines((t) => [w1.cosign(t, 10), w2.cosign(t, 10)]));
    tick('void tick', 'with the log twice', lines((t) => [LOG.line(t), LOG.line(t), w1.cosign(t, 10), w2.cosign(t, 10)]));
    tick('void tick', 'a first line that is false', lines((t) => [LOG.line(t), spoilt(w1, t, 10), w1.cosign(t, 10), w2.cosign(t, 10)]));
    tick('void tick', 'a node of no witness', of([w1, 10], [w2, 10]), key('op/2'));
    tick('holds', 'a node of a witness', of([w1, 10], [w2, 20]), NODE);
    tick('void tick', 'of the same time', of([w1, 10], [w2, 20]));
    tick('holds', 'the log last', lines((t) => [w1.cosign(t, 30), w2.cosign(t, 31), LOG.line(t)]));
    tick('holds', 'strangers between', lines((t) => [LOG.line(t), key('zz').line(t), w1.cosign(t, 40), key('w2').line(t), w2.cosign(t, 41)]));
    const lineOf = (name, length) => `— ${name} ${Buffer.alloc(4 + length).toString('base64')}\n`;
    const among = (...strangers) => lines((t) => [LOG.line(t), ...strangers, w1.cosign(t, 42), w2.cosign(t, 42)]);
    tick('void tick', 'a stranger with a plus', among(lineOf('a+b', 64)));
    tick('void tick', 'a stranger with a space', among(lineOf('a\u3000b', 64)));
    tick('void tick', 'a stranger with a signature too long', among(lineOf('zz', 8193)));
    tick('void tick', 'a stranger with a line too long', among(lineOf('z'.repeat(1356), 8192)));
    tick('void tick', 'a stranger without a signature', among(lineOf('zz', 0)));
    tick('holds', 'strangers of any other kind', among(lineOf('Żółw/A\ufeff', 1), lineOf('z'.repeat(1355), 8192)));
    tick('holds', 'a false line of a third', lines((t) => [LOG.line(t), spoilt(w3, t, 99), w1.cosign(t, 50), w2.cosign(t, 51)]));
    tick('holds', 'the median of three', of([w3, 90], [w1, 60], [w2, 70]));
    tick('void tick', 'a size that was covered', hand.checkpoint(LOG, 5, [[w1, 80], [w2, 80]]));
    tick('holds', 'a time that is none does not count', of([w1, 80], [w2, 90], [w3, '9007199254741']));
    tick('void tick', 'beyond year 9998', of([w1, 253370764800], [w2, 253370764800]));
    const many = (n) => lines((t) => [LOG.line(t), w1.cosign(t, 100), w2.cosign(t, 100), ...Array.from({ length: n - 3 }, () => key('zz').line(t))]);
    tick('void tick', '129 lines', many(129));
    tick('holds', '128 lines', many(128));

    s.say('holds', 'revoke w1', ROOT, 'member.revoke', { name: 'w1', reason: 'left' });
    const revoked = hand.size;
    s.say('holds', 'admit w5', ROOT, 'member.admit', { key: w5.vkey, job: 'witness', org: 'north' });
    tick('void tick', 'w5 does not count yet', of([w5, 110], [w2, 110]));
    tick('holds', 'w1 counts still', hand.checkpoint(LOG, revoked, [[w1, 110], [w2, 110]]));
    tick('void tick', 'w1 counts no more, nor w5 yet', hand.checkpoint(LOG, revoked + 1, [[w1, 115], [w5, 115], [w2, 115]]));
    tick('void tick', 'nor has north a node', hand.checkpoint(LOG, revoked + 1, [[w3, 115], [w2, 115]]), key('north/node'));
    tick('holds', 'w5 is covered', hand.checkpoint(LOG, revoked + 1, [[w3, 115], [w2, 115]]));
    tick('holds', 'w5 counts, and so does its node', hand.checkpoint(LOG, revoked + 2, [[w5, 120], [w2, 120]]), key('north/node'));
    tick('void tick', 'w1 counts no more', of([w1, 130], [w2, 130]));
    return s;
}

const term = (n) => key(`${AGREEMENT}/term/${n}`);

function handOver() {
    const s = new Story();
    const { hand } = s;
    const [w1, w2, w4] = ['w1', 'w2', 'w4'].map(witness);
    const [north, north2, far] = ['north/node', 'north/node/2', 'far/node'].map(key);
    const orgs = [[w1, 'north'], [w2, 'south']];
    const nodes = [[OPERATOR, 'nowhere'], [NODE, 'south'], [north, 'north'], [north2, 'north'], [far, 'far']];
    s.begin({ quorum: 2, witnesses: orgs.map(([w, org]) => ({ key: w.vkey, org })), nodes: nodes.map(([k, org]) => ({ key: k.vkey, org })) });

    let origin = LOG.name;
    const promise = (n) => key(`promise/${n}`);
    const says = (n, over) => ({
        next_log_key: term(n).vkey, next_origin: term(n).name, next_promise_key: promise(n).vkey,
        origin, root: hex(hand.tree.root(hand.size)), size: hand.size, ...over,
    });
    const openWith = (want, name, n, freezes, body, by = NODE, over = undefined) =>
        s.say(want, `hand over: ${name}`, by, 'term.open', { freezes, log_key: term(n).vkey, operator: by.name, promise_key: promise(n).vkey, ...body }, over);
    const open = (want, name, n = 2, over = {}, body = {}, by = NODE) =>
        openWith(want, name, n, [north, NODE].map((k) => hand.freeze(k, says(n, over))), body, by);
    const by = (want, name, ...keys) => openWith(want, `notes by ${name}`, 2, keys.map((k) => hand.freeze(k, says(2))));
    const tick = (want, name, logKey, size, who = OPERATOR, seconds = 10, cosigners = [w1, w2]) =>
        s.say(want, `tick: ${name}`, who, 'clock.tick', { checkpoint: hand.checkpoint(logKey, size, cosigners.map((w) => [w, seconds])) });

    tick('holds', 'the first', LOG, 4);
    by('void hand_over', 'one', NODE);
    by('void shape', 'nobody');
    by('void shape', 'far too many', ...Array(65).fill(NODE));
    by('void hand_over', 'one twice', NODE, NODE);
    by('void hand_over', 'two of the north', north, north2);
    by('void hand_over', 'a third of no witness', north, NODE, far);
    by('void hand_over', 'a third of the north', north, NODE, north2);
    by('void hand_over', 'a root', ROOT, NODE);
    by('void hand_over', 'a stranger', key('zz'), NODE);
    by('void hand_over', 'the operator, who has no witness', OPERATOR, NODE);
    by('void hand_over', 'another key under a name', new Key(north.name, 1, sha256('q')), NODE);
    const beside = (want, name, make) => openWith(want, name, 2, [hand.freeze(NODE, says(2)), make()]);
    beside('void hand_over', 'beside no note', () => 'x');
    beside('void shape', 'beside nothing', () => '');
    beside('void shape', 'beside 1001 bytes', () => 'x'.repeat(1001));
    beside('void hand_over', 'beside another word', () => hand.freeze(north, says(2), 'thaw'));
    beside('void hand_over', 'beside another agreement', () => hand.freeze(north, says(2), 'freeze', 'east-west'));
    beside('void hand_over', 'beside another text', () => hand.freeze(north, says(3)));
    beside('void hand_over', 'beside two signatures', () => hand.freeze(north, says(2)) + north2.line('x'));
    beside('void hand_over', 'beside a member more', () => hand.freeze(north, says(2, { more: 1 })));
    beside('void hand_over', 'beside a size that is none', () => hand.freeze(north, says(2, { size: -1 })));
    beside('void hand_over', 'beside a cosignature', () => hand.freeze(north, says(2)).replace(/— .*\n$/, w1.cosign('x', 5)));
    open('void hand_over', 'of another origin', 2, { origin: term(2).name });
    open('void hand_over', 'of a smaller size', 2, { size: hand.size - 1 });
    open('void hand_over', 'of a larger size', 2, { size: hand.size + 1 });
    open('void hand_over', 'of another root', 2, { root: OTHER });
    for (const n of ['1', '0', '02', '2/3', 'x', '9007199254740992']) open('void hand_over', `to term ${n}`, n);
    const next = (k) => [{ next_log_key: k.vkey, next_origin: k.name }, { log_key: k.vkey }];
    open('void hand_over', "to another agreement's term", 2, ...next(key('east-west/term/2')));
    open('void hand_over', 'with a log key of another name', 2, { next_log_key: term(3).vkey }, { log_key: term(3).vkey });
    open('void hand_over', 'with another log key than frozen for', 2, {}, { log_key: term(3).vkey });
    open('void hand_over', 'with another promise key than frozen for', 2, {}, { promise_key: promise(3).vkey });
    open('void hand_over', 'by another than it names', 2, {}, { operator: north.name });
    open('void wrong_job', 'by a root', 2, {}, {}, ROOT);
    open('void key_unfit', 'a log key that cosigns', 2, ...next(new Key(term(2).name, 4)));
    open('void key_unfit', 'a promise key that cosigns', 2, { next_promise_key: w4.vkey }, { promise_key: w4.vkey });
    open('void key_taken', 'the promise key there is', 2, { next_promise_key: PROMISE.vkey }, { promise_key: PROMISE.vkey });
    open('void key_unfit', 'the log key for promises', 2, { next_promise_key: term(2).vkey }, { promise_key: term(2).vkey });
    open('void key_taken', 'the key of the log before under its next name', 2, ...next(new Key(term(2).name, 1, sha256(LOG.name))));
    tick('holds', 'none of these ends the term', LOG, hand.size, OPERATOR, 15);

    s.say('holds', 'a node leaves', north, 'member.revoke', { name: north.name, reason: 'left' });
    by('void hand_over', 'one that is revoked', north, NODE);
    s.say('holds', 'revoke w1', ROOT, 'member.revoke', { name: 'w1', reason: 'lost' });
    s.say('holds', 'admit w4', ROOT, 'member.admit', { key: w4.vkey, job: 'witness', org: 'north' });
    tick('void tick', 'one key is left, and one that waits', LOG, hand.size, NODE, 20, [w2, w4]);
    const from = hand.size;
    by('holds', 'the two organisations', NODE, north2);
    origin = term(2).name;
    tick('void tick', 'the old origin up to there', LOG, from, NODE, 30, [w2, w4]);
    tick('void tick', 'the old origin beyond', LOG, from + 1, NODE, 30, [w2, w4]);
    tick('void tick', 'the new origin up to there', term(2), from, NODE, 30, [w2, w4]);
    tick('void tick', 'by the operator before', term(2), from + 1, OPERATOR, 30, [w2, w4]);
    tick('void tick', 'w1 counts no more', term(2), from + 1, NODE, 30, [w1, w2]);
    tick('holds', 'the new origin beyond', term(2), from + 1, NODE, 30, [w2, w4]);
    by('void hand_over', 'the same again', NODE, north2);
    const onward = (want, name, n, operator) => openWith(want, name, n, [NODE, north2].map((k) => hand.freeze(k, says(n))), {}, operator);
    onward('holds', 'to term 9007199254740991', '9007199254740991', far);
    origin = term('9007199254740991').name;
    onward('void hand_over', 'to a term behind the last', '9007199254740992', NODE);
    tick('holds', 'by an operator without a witness', term('9007199254740991'), hand.size, far, 40, [w2, w4]);
    s.say('void not_yours', 'revoke a key that has ended', ROOT, 'member.revoke', { name: LOG.name, reason: 'lost' });
    s.say('void wrong_job', 'a claim by a key that has ended', LOG, 'claim', claim());
    s.log = term('9007199254740991');
    return s;
}

/** With quorum 0, and before the first tick. */
function handOverEarly() {
    const make = (quorum, want, agreement) => {
        const s = new Story();
        const { hand } = s;
        s.begin({ quorum, witnesses: [{ key: witness('w1').vkey, org: 'south' }] });
        const said = {
            next_log_key: term(2).vkey, next_origin: term(2).name, next_promise_key: key('p').vkey,
            origin: LOG.name, root: hex(hand.tree.root(hand.size)), size: hand.size,
        };
        const body = { freezes: [hand.freeze(NODE, said, 'freeze', agreement)], log_key: term(2).vkey, operator: OPERATOR.name, promise_key: key('p').vkey };
        s.say(want, `quorum ${quorum}`, OPERATOR, 'term.open', body);
        if (want === 'holds') s.log = term(2);
        return s;
    };
    return [make(0, 'void hand_over'), make(1, 'holds'), make(1, 'void hand_over', 'east-west')];
}

/** Logs of one entry 0 each: what is asked of it, and in which order. */
function adoptions() {
    const text = print(TERMS);
    const { roots, nodes } = adoption(text);
    const extra = (k) => ({ key: k.vkey, org: 'x' });
    const pieces = (...list) => ({ pieces: list.map(([file, n]) => ({ file, n, sha256: OTHER })) });
    const first = (want, name, over, envelope, kind = 'agreement.adopt', by = ROOT) => {
        const s = new Story();
        s.say(want, `entry 0: ${name}`, by, kind, adoption(text, over), envelope);
        s.say('void other_agreement', `${name}, and then`, ROOT2, 'agreement.adopt', adoption(text));
        return s;
    };
    return [
        first('void bad_signature', 'no root', { roots: [] }),
        first('void bad_signature', 'by the second root', {}, {}, undefined, ROOT2),
        first('void bad_signature', 'a false signature', {}, { spoil: true }),
        first('void first_prev', 'of another', {}, { prev: OTHER }),
        first('void other_agreement', 'another kind', {}, {}, 'claim'),
        first('void unknown_kind', 'version 2', {}, {}, 'agreement.adopt 2'),
        first('void shape', 'a member more', { more: 1 }),
        first('void shape ahead', 'a member more, ahead', { more: 1 }, { seen: AHEAD }),
        first('void adopt', 'of another name', { name: 'east-west' }),
        first('void adopt', 'term 2', { origin: `${AGREEMENT}/term/2` }),
        first('void adopt', "another's log key", { log_key: key('zz').vkey }),
        first('void adopt', 'an operator that is no node', { operator: ROOT.name }),
        first('void adopt', 'a quorum of nobody', { quorum: 1 }),
        first('void adopt', 'an organisation twice', { witnesses: [extra(witness('w1')), extra(witness('w2'))] }),
        first('void adopt', 'no terms', pieces(['a', 1])),
        first('void adopt', 'a gap', pieces(['agreement.toml', 1], ['agreement.toml', 3])),
        first('void adopt', 'out of order', pieces(['b', 1], ['agreement.toml', 1])),
        first('void key_unfit', 'a node that cosigns', { nodes: [...nodes, extra(witness('x'))] }),
        first('void key_unfit', 'a witness that signs', { witnesses: [extra(key('x'))] }),
        first('void key_taken', 'a root twice', { roots: [...roots, roots[0]] }),
        first('void key_taken', 'the promise key of a node', { promise_key: OPERATOR.vkey }),
        first('void key_unfit', "a promise key of a log key's name", { promise_key: key(`${AGREEMENT}/term/2`).vkey }),
    ];
}

const without = (item) => Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));

/** One of everything that rules read in an agreement. */
const CASE = {
    ...TERMS,
    clock: [{ id: 'reply', duration_ms: 1, each: 'accused', urgent_ms: 1 }],
    grade: [{ id: 'grave' }],
    group: [{ id: 'party', organisations: ['north', 'south'] }],
    mode: [{ id: 'own', questions: ['why'], standard: 'likely' }],
    move: [{ id: 'case.notify', awaits: ['reply'], clause: '14.2', ends: ['reply'], starts: ['reply'] }],
    origin: [{ id: 'north', neutral: 0 }],
    role: [{ id: 'desk', groups: ['party'], may: ['claim'], may_not: ['rule'] }],
    rung: [{ id: 'regret', clock: 'reply', order: 1, standard: 'likely' }],
    standard: [{ id: 'likely', items: 1, neutral: 1, order: 1, origins: 2, reply: 1 }],
    step: [
        { id: 'agree', for: ['ruling'], needs: [{ group: 'party', count: 2 }], not_for_grades: ['grave'], order: 1, roles: ['desk'] },
    ],
    tier: [{ id: 'public', after_notice: 1, order: 1 }],
};

/** Logs of one agreement each, in force but for its terms. */
function terms() {
    const { clause, ...rest } = TERMS;
    const head = (over) => ({ ...TERMS, agreement: { ...TERMS.agreement, ...over } });
    const text = (want, name, content) => {
        const s = new Story();
        s.adopt(content);
        s.concur();
        s.say(want, `terms: ${name}`, ROOT, 'agreement.part', { file: 'agreement.toml', n: 1, content });
        return s;
    };
    const bad = (name, value) => text('void terms', name, print(value));
    const good = (name, value) => text('holds', name, print(value));
    return [
        text('void terms', 'a space', ` ${print(TERMS)}`),
        bad('another name', head({ name: 'east-west' })),
        bad('entries', head({ entries: 'all' })),
        bad('quorum', head({ quorum: 65 })),
        bad('a gap too short', head({ max_gap_ms: 1199999 })),
        bad('a gap too long', head({ max_gap_ms: 604800001 })),
        bad('rules', head({ rules: 0 })),
        bad('a radius of nothing', head({ blur_m: 0 })),
        bad('a radius too small', head({ blur_m: 499 })),
        bad('a radius that is a word', head({ blur_m: 'far' })),
        bad('a quota of no time', head({ quota: { of_key: 1, of_organisation: 1, window_ms: 0 } })),
        bad('a quota that is a number', head({ quota: 5 })),
        bad('a quota of no record', head({ quota: { of_key: 0, of_organisation: 1, window_ms: 1000 } })),
        bad('a quota larger than its organisation has', head({ quota: { of_key: 2, of_organisation: 1, window_ms: 1000 } })),
        bad('a quota that spares a number', head({ quota: { exempt: [1], of_key: 1, of_organisation: 1, window_ms: 1000 } })),
        bad('no clause', rest),
        bad('an item without an id', { ...TERMS, act: [{}] }),
        bad('a space in an id', { ...TERMS, act: [{ id: 'a b' }] }),
        bad('an id of 65', { ...TERMS, act: [{ id: 'a'.repeat(65) }] }),
        bad('an id twice', { ...TERMS, act: [{ id: 'a' }, { id: 'a' }] }),
        bad('a capability that is none', { ...TERMS, role: [{ id: 'a', may: ['fly'] }] }),
        bad('a role without capabilities', { ...TERMS, role: [{ id: 'a' }] }),
        bad('what a role may and may not', { ...TERMS, role: [{ id: 'a', may: ['claim'], may_not: ['claim'] }] }),
        bad('a section in capitals', { ...TERMS, Act: [] }),
        bad('a section with a slash', { ...TERMS, 'a/b': [] }),
        good('a gap of a week, rules beyond', head({ max_gap_ms: 604800000, rules: 9007199254740991 })),
        good('a radius', head({ blur_m: 500 })),
        good('a quota', head({ quota: { exempt: ['hotline.'], of_key: 1, of_organisation: 1, window_ms: 1000 } })),
        good('texts are not read', head({ title: 5 })),
        good('an empty section, an id twice in two', { ...TERMS, act: [], sector: [{ id: 'a/b' }], crossing: [{ id: 'a/b' }] }),
        bad('a capability twice', { ...TERMS, role: [{ id: 'a', may: ['claim', 'claim'] }] }),
        good('all that rules read', CASE),
        ...[
            ['a move on no clause', 'move', { clause: undefined }],
            ['a move on a clause that is not there', 'move', { clause: '9' }],
            ['a clock that is not there', 'move', { starts: ['x'] }],
            ['a clock that nothing ends', 'move', { ends: [] }],
            ['a clock of no length', 'clock', { duration_ms: 0 }],
            ['a clock of an organisation', 'clock', { each: 'north' }],
            ['extensions of no length', 'clock', { extensions: 1 }],
            ['a group of nobody', 'group', { organisations: [] }],
            ['a group of one twice', 'group', { organisations: ['north', 'north'] }],
            ['a group of the accused', 'group', { id: 'accused' }],
            ['a step that needs nobody', 'step', { needs: [] }],
            ['a step that needs three of two', 'step', { needs: [{ group: 'party', count: 3 }] }],
            ['a step for nothing', 'step', { for: [] }],
            ['a step for a war', 'step', { for: ['war'] }],
            ['a step of a role that is not there', 'step', { roles: ['x'] }],
            ['a rung of a standard that is not there', 'rung', { standard: 'x' }],
            ['a standard that half needs a reply', 'standard', { reply: 2 }],
            ['a standard of no height', 'standard', { order: undefined }],
            ['a mode that asks a sentence', 'mode', { questions: ['a b'] }],
            ['a tier half after notice', 'tier', { after_notice: 2 }],
        ].map(([why, section, over]) => bad(why, { ...CASE, [section]: [without({ ...CASE[section][0], ...over })] })),
    ];
}

export const STORIES = {
    'before-force': beforeForce(),
    'operators-ticks': operatorsTicks(),
    admissions: admissions(),
    'other-rules': otherRules(),
    'lacking-rules': lackingRules(),
    rights: rights(),
    rotations: rotations(),
    chains: chains(),
    matters: matters(),
    backwards: backwards(),
    shapes: shapes(),
    readers: readers(),
    'handed-on': handedOn(),
    notes: notes(),
    'cosigned-ticks': cosignedTicks(),
    'hand-over': handOver(),
    ...Object.fromEntries(handOverEarly().map((story, n) => [`hand-over-early-${n}`, story])),
    ...Object.fromEntries(adoptions().map((story, n) => [`adoption-${n}`, story])),
    ...Object.fromEntries(terms().map((story, n) => [`terms-${n}`, story])),
};
