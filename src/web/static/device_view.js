/* The key of this browser: made by a name, an organisation and a role that somebody chooses, and shown
 * so that a root can admit it. A key that nobody admitted signs nothing that counts. */

import { makeDevice, isOwn, library } from './device.js';
import { code, el, svg } from './dom.js';
import { label, section, t } from './words.js';

const NAME = '[a-z0-9._\\-]+(/[a-z0-9._\\-]+)*';

const options = (rows, name) => rows.map(({ id }) => el('option', { value: id }, label(name, id)));
const pick = (id, rows, name) => el('select', { id, required: true }, options(rows, name));
const field = (id, input) => el('p', { class: 'field' }, el('label', { for: id }, t(`webform.key.${id}`)), input);

/* A name that nobody else has: the organisation's, and six letters of chance. */
function freshName(org) {
    const chance = [...crypto.getRandomValues(new Uint8Array(3))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${org}/web-${chance}`;
}

function maker() {
    const org = pick('org', section('organisation'), 'organisation');
    const role = pick('role', section('role'), 'role');
    const name = el('input', { id: 'name', required: true, dir: 'ltr', maxlength: 90, pattern: NAME, autocomplete: 'off', spellcheck: 'false' });
    const trouble = el('p', { class: 'form-error', role: 'alert', hidden: true });
    const fresh = () => { name.value = freshName(org.value); };
    const make = async (event) => {
        event.preventDefault();
        try {
            await makeDevice(name.value, org.value, role.value);
            location.reload();
        } catch (error) {
            trouble.hidden = false;
            trouble.textContent = error.message;
        }
    };
    org.addEventListener('change', fresh);
    fresh();
    return el('form', { class: 'make-key', submit: make },
        field('org', org), field('role', role), field('name', name), trouble,
        el('p', {}, el('button', { type: 'submit' }, t('webform.key.make'))));
}

/* What a root runs, where their key is. */
function admission({ vkey, org, role, recipient }) {
    const fields = JSON.stringify({ key: vkey, job: 'author', org, role, age: recipient });
    return `echo '${fields}' | sulh record DIR member.admit - --as ROOT`;
}

/* Drawn here, of squares: nothing is asked of anybody. */
async function qrView(text) {
    const { qrOf } = await library();
    const { size, dark } = qrOf(text);
    const path = dark.map(([x, y]) => `M${x} ${y}h1v1h-1z`).join('');
    return svg('svg', { class: 'qr', viewBox: `-4 -4 ${size + 8} ${size + 8}`, role: 'img', 'aria-label': t('webform.key.qr') },
        svg('rect', { x: -4, y: -4, width: size + 8, height: size + 8, fill: '#fff' }), svg('path', { d: path, fill: '#000' }));
}

function shown(who) {
    const place = el('div', {});
    qrView(`${who.vkey}\n${who.recipient}`).then((drawn) => place.replaceChildren(drawn));
    return [
        el('p', {}, t(isOwn(who) ? 'webform.key.own' : 'webform.key.kept')),
        el('dl', { class: 'facts' },
            el('dt', {}, t('webform.key.vkey')), el('dd', {}, code(who.vkey)),
            el('dt', {}, t('webform.key.recipient')), el('dd', {}, code(who.recipient))),
        place,
        el('p', {}, t('webform.key.admit')),
        el('pre', { dir: 'ltr', tabindex: 0 }, admission(who)),
    ];
}

export function keyView(who) {
    if (!globalThis.crypto?.subtle) return el('section', {}, el('h2', {}, t('webform.key')), el('p', {}, t('webform.key.insecure')));
    const heading = t('webform.key');
    if (!who) return el('section', {}, el('h2', {}, heading), el('p', {}, t('webform.key.none')), maker());
    return el('details', { class: 'key' }, el('summary', {}, heading, ' ', code(who.by)), shown(who));
}
