/* What this browser itself found out about the log, in words: that it goes on from what it was, or that
 * something does not go together. */

import { code, el } from './dom.js';
import { saver } from './saving.js';
import { doubt, lastSeen } from './seen.js';
import { forget, records } from './vault.js';
import { moment } from './when.js';
import { number, parts, t } from './words.js';

const why = ({ why: word, before, now, index, id }) => parts(`webform.doubt.${word}`, {
    before: before === undefined ? null : number(before),
    now: now === undefined ? null : number(now),
    index: index === undefined ? null : number(index),
    record: id ? code(id.slice(0, 12)) : null,
});

/* For somebody with another node, or none: both checkpoints as they were signed, and the record with the
 * promise that was given for it. */
async function evidence(held) {
    const record = (await records()).find(({ id }) => id === held.id);
    const all = { ...held, record: record && { note: record.note, promise: record.promise ?? null } };
    return new Blob([JSON.stringify(all, null, 4)], { type: 'application/json' });
}

/* Null where there is none. */
export async function doubtView(redraw) {
    const held = await doubt();
    if (!held) return null;
    const away = async () => {
        await forget('doubt');
        redraw();
    };
    return el('section', { class: 'doubt', role: 'alert' },
        el('h2', {}, t('webform.doubt')),
        el('p', {}, why(held), ' ', t('webform.doubt.at', { at: moment(held.at_ms) })),
        el('p', {}, t('webform.doubt.what')),
        el('p', {}, saver(await evidence(held), 'another-log.json', t('webform.doubt.save')), ' ',
            el('button', { type: 'button', click: away }, t('webform.doubt.away'))));
}

/* Null before anything was looked at. */
export async function checkedView(sent) {
    const seen = await lastSeen();
    if (!seen) return null;
    const shown = sent.filter(({ proven }) => proven).length;
    return el('p', { class: 'lead checked' },
        t('webform.checked', { size: number(seen.size), at: moment(seen.at_ms), n: number(shown), all: number(sent.filter(({ state }) => state === 'sent').length) }));
}
