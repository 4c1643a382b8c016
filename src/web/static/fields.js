/* The value of a field of a record, by what its kind says that it is (/api/kinds). */

import { code, el, joined, quoted } from './dom.js';
import { stated } from './when.js';
import { has, label, number, plain, t } from './words.js';

/* A word of the program: a state, a choice, the name of a field. */
export const wordFor = (word) => (has(`word.${word}`) ? t(`word.${word}`) : plain(word));
/* Why something was refused: the same word may be a field's name, which is no reason. */
export const reasonFor = (word) => (has(`reason.${word}`) ? t(`reason.${word}`) : wordFor(word));

/* Kinds by name, each with its fields by name. */
export const kindsByName = ({ kinds }) =>
    new Map(kinds.map((kind) => [kind.name, new Map(kind.fields.map((field) => [field.name, field]))]));

/* "A, B, C", as the language separates. */
export const listed = (nodes) => nodes.flatMap((node, n) => (n === 0 ? [node] : [t('list.comma'), node]));

const isTime = (value) => typeof value === 'object' && value.at_ms !== undefined && value.basis !== undefined;
const isId = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/* Another record: by its number where it stands on the same page. */
function reference(id, numbers) {
    const n = numbers?.get(id);
    if (n) return el('a', { href: `#no-${n}` }, t('case.no', { n: number(n) }));
    return el('a', { href: `/record/${id}` }, code(id.slice(0, 12)));
}

function members(object, field, numbers) {
    const below = new Map((field?.fields ?? []).map((one) => [one.name, one]));
    return joined(Object.entries(object).map(([name, value]) => [wordFor(name), ': ', valueView(value, below.get(name), numbers)]));
}

/* An id of the agreement, behind its label; alone where the agreement has no such id. */
function termView(section, id) {
    const name = label(section, id);
    return name === plain(id) ? code(id) : [name, ' ', code(id)];
}

export function valueView(value, field, numbers) {
    if (Array.isArray(value)) return listed(value.map((one) => valueView(one, field?.fields?.[0], numbers)));
    if (isTime(value)) return stated(value);
    if (typeof value === 'object') return members(value, field, numbers);
    if (typeof value === 'number') return number(value);
    if (isId(value)) return reference(value, numbers);
    if (field?.term) return termView(field.term, value);
    if (field?.type === 'word') return wordFor(value);
    return quoted(value);
}
