// doc/rules.md read as data: kinds and their fields, moves, tables, reasons.

import { readFileSync } from 'node:fs';

const words = (text) => [...text.matchAll(/`([^`]*)`/g)].map((match) => match[1]);

/** The rows of the table that a piece of the page holds, cell by cell. */
function tableOf(section) {
    const lines = section.split('\n').filter((line) => line.startsWith('|'));
    return lines.slice(2).map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));
}

/** What stands under each heading of one rank: [heading, text]. */
function sections(text, mark) {
    const [, ...parts] = text.split(new RegExp(`^${mark} `, 'm'));
    return parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))]);
}

/** The words of the column "what it is" as a type. */
function parseType(text) {
    const [min, max] = (/(-?\d+) to (-?\d+)/.exec(text) ?? []).slice(1).map(Number);
    const section = /, an id of the agreement's `(.*)`$/.exec(text)?.[1];
    if (text === 'name (format §1.1)') return { is: 'name' };
    if (text === 'stated time') return { is: 'time' };
    if (text === 'vkey' || text === 'hash' || text === 'object') return { is: text };
    if (text.startsWith('one of ')) return { is: 'word', words: words(text) };
    if (text.startsWith('id of ')) return { is: 'id', kinds: words(text) };
    if (text.startsWith('list of ')) return { is: 'list', min, max };
    if (text.startsWith('integer, ')) return { is: 'integer', min, max };
    if (/^text, \d+ to \d+ bytes$/.test(text)) return { is: 'text', min, max };
    if (/^\d+ to \d+ characters of U\+0021 to U\+007E/.test(text)) return { is: 'ascii', min, max, section };
    throw new Error(`doc/rules.md: what is "${text}"?`);
}

/** Puts a field where its dotted path says: `a[]` is the item of list a, `a[].b` a member of that. */
function place(fields, path, type) {
    const steps = path.split('.');
    const last = steps.pop();
    for (const step of steps) fields = fields.get(step.replace('[]', '')).item.fields ??= new Map();
    if (last.endsWith('[]')) fields.get(last.slice(0, -2)).item = type;
    else fields.set(last, type);
}

/** What the first sentence behind the signers says of a kind that is work of a case; of another, undefined. */
function parseWork(text) {
    const [, sentence] = /^Work of a case(.*?)\.(?: |$)/m.exec(text) ?? [];
    if (sentence === undefined) return undefined;
    const named = /moves the row of `(\w+)` that `(\w+)` names/.exec(sentence);
    return {
        own: /its own row is in `(\w+)`/.exec(sentence)?.[1],
        named: named && { table: named[1], field: named[2] },
        movesCase: sentence.includes('moves its case'),
        word: /its word is `(\w+)`/.exec(sentence)?.[1],
    };
}

function parseKind([heading, text]) {
    const [name, version] = heading.split(' ');
    const [, jobs, may] = /^Signed by keys of job ([^;]*?)(?:; of an author whose role may (.*))?\.$/m.exec(text);
    const fields = new Map();
    for (const [field, what, required, part] of tableOf(text)) {
        if (part === '–') place(fields, words(field)[0], { ...parseType(what), required: required === 'yes' });
    }
    return { name, version: Number(version), jobs: words(jobs), may: may && words(may)[0], work: parseWork(text), fields };
}

const page = readFileSync(new URL('../../doc/rules.md', import.meta.url), 'utf8');
const top = new Map(sections(page, '##'));

export const NUMBER = Number(/^Rules number (\d+)/m.exec(page)[1]);

/** What the members of items must be: section, member, the words of the column "what it is", whether required. */
export const TERM_MEMBERS = tableOf(top.get('Terms')).map(([section, member, what, required]) => ({
    section: words(section)[0],
    member: words(member)[0],
    what,
    required: required === 'yes',
}));

export const CAPABILITIES = words(/^A role of the agreement may have these capabilities: (.*)$/m.exec(page)[1]);

/** Kind and version, `claim 1`, to what the page says of it. */
export const KINDS = new Map(sections(top.get('Kinds'), '###').map((section) => [section[0], parseKind(section)]));

/** Table to the members of its rows. */
export const MEMBERS = new Map(
    tableOf(top.get('Tables')).map(([table, , members]) => [words(table)[0], words(members)]),
);

/** Reason to its clause; "rules" stands for the rules' number and the kind. */
export const REASONS = new Map(tableOf(top.get('Reasons')).map(([reason, clause]) => [words(reason)[0], clause]));

const MOVES = new Map(
    tableOf(top.get('Moves')).map(([table, on, from, to]) => [
        [words(table)[0], words(on)[0], from === '–' ? '' : from].join(),
        to,
    ]),
);

/** The state that a row has after a move, or undefined where there is no such move. */
export const nextState = (table, on, row) => MOVES.get([table, on, row?.state ?? ''].join());
