/* The page's own words (lang/LANGUAGE.json) and, apart from them, those of the agreement
 * that the node serves. The program knows no side, place or act by name: their labels come
 * with the agreement, in the languages that it has. */

const WHOLE = [
    { id: 'en', name: 'English', dir: 'ltr', locale: 'en-GB-u-nu-latn' },
    { id: 'ur', name: 'اردو', dir: 'rtl', locale: 'ur-PK-u-nu-latn' },
];
/* Of these there are the words of the forms and of the pages around them. Not every browser knows
 * the names of months in Pashto; those of Urdu are the same. */
const OF_FORMS = [
    { id: 'ps', name: 'پښتو', dir: 'rtl', locale: ['ps-AF-u-nu-latn', 'ur-PK-u-nu-latn'] },
    { id: 'prs', name: 'دری', dir: 'rtl', locale: 'fa-AF-u-ca-gregory-nu-latn' },
    { id: 'ar', name: 'العربية', dir: 'rtl', locale: 'ar-u-nu-latn' },
    { id: 'tr', name: 'Türkçe', dir: 'ltr', locale: 'tr-TR-u-nu-latn' },
];

/* Those that this page is offered in. */
export let languages = WHOLE;
export let language = WHOLE[0];
let words = {};
let english = {};
let terms = {};
let head = {};

const known = (id) => languages.find((candidate) => candidate.id === id);

/* What the address says, else what was chosen before, else what the browser prefers. */
function choose() {
    const asked = new URLSearchParams(location.search).get('lang');
    const preferred = navigator.languages.map((tag) => tag.split('-')[0]);
    return [asked, remembered(), ...preferred].map(known).find(Boolean) ?? WHOLE[0];
}

/* A browser may refuse to keep anything: then the address alone decides. */
function remembered() {
    try {
        return localStorage.getItem('lang');
    } catch {
        return null;
    }
}

function remember(id) {
    try {
        localStorage.setItem('lang', id);
    } catch {
        /* as above */
    }
}

const file = async ({ id }) => (await fetch(new URL(`lang/${id}.json`, import.meta.url))).json();

/* `field`: the page is for those who fill in forms. */
export async function loadWords(field) {
    languages = field ? [...WHOLE, ...OF_FORMS] : WHOLE;
    language = choose();
    if (new URLSearchParams(location.search).has('lang')) remember(language.id);
    english = field ? await file(WHOLE[0]) : {};
    words = { ...english, ...(await file(language)) };
    document.documentElement.lang = language.id;
    document.documentElement.dir = language.dir;
}

export function setAgreement(answer) {
    terms = answer.terms;
    head = answer.agreement;
}

/* Isolates what is put in: a Latin name in an Urdu sentence, or the other way round, does
 * not turn the words around it. What was put together here already runs as the page does;
 * of anything else its first letter tells (U+2068). */
function isolated(value) {
    const ours = language.dir === 'rtl' ? '\u2067' : '\u2066';
    return `${/\u2069/.test(value) ? ours : '\u2068'}${value}\u2069`;
}

export function t(key, values = {}) {
    return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => isolated(values[name]));
}

/* On the pages with forms: [key, English] of every key that begins so. */
export const englishWords = (prefix) => Object.entries(english).filter(([key]) => key.startsWith(prefix));

export const has = (key) => words[key] !== undefined;

/* The key with the plural form of the language behind it. */
export function counted(key, n) {
    const form = new Intl.PluralRules(language.locale).select(n);
    return t(has(`${key}.${form}`) ? `${key}.${form}` : `${key}.other`, { n: number(n) });
}

/* A sentence with elements in it. */
export function parts(key, nodes) {
    return (words[key] ?? key).split(/\{(\w+)\}/).map((piece, n) => (n % 2 ? nodes[piece] : piece));
}

export const number = (n) => new Intl.NumberFormat(language.locale).format(n);

/* A text of the agreement in this language; English is complete, others may lack it. */
export const text = (texts) => texts?.[language.id] ?? texts?.en ?? '';

export const agreementHead = () => head;
export const section = (name) => terms[name] ?? [];
export const term = (name, id) => section(name).find((row) => row.id === id);

/* A word that nobody gave a label is shown as it stands. */
export const plain = (word) => word.replaceAll('_', ' ');

export function label(name, id) {
    const row = term(name, id);
    const other = has(`${name}.${id}`) ? t(`${name}.${id}`) : plain(id);
    return text(row?.label) || text(row?.name) || other;
}

/* Sides in the order of the agreement's columns; the parties' stand even when silent. */
export function sides() {
    return [...section('side')].sort((a, b) => a.order - b.order).map((row) => row.id);
}

export function partySides() {
    return new Set(section('organisation').filter((o) => o.kind === 'party').map((o) => o.side));
}

/* A token that names a party's side alone ("PAK") or what is theirs ("PAK_posts"). */
export function sideOf(token) {
    return [...partySides()].find((side) => token === side || token.startsWith(`${side}_`));
}

/* Whose side of the line a report puts itself on: the party's own name. */
export function territory(token) {
    const party = section('organisation').find((o) => o.kind === 'party' && o.side === token);
    return party ? text(party.name) : label('territory', token);
}
