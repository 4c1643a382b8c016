/* Dialogue: bodies and when they meet next, sessions, texts whose parts stand in brackets side by side, what
 * was carried from one to another beside how it was put, what came of it, and who is to do what. */

import * as api from './api.js';
import { closedView, isClosed } from './closed.js';
import { code, el, joined, passage } from './dom.js';
import { listed, wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { moment, stated } from './when.js';
import { label, number, t } from './words.js';

const org = (id) => label('organisation', id);
const strong = (word) => el('strong', {}, wordFor(word));
const record = (id) => el('a', { href: `/record/${id}` }, code(id.slice(0, 8)));
const LIVE = ['live', 'agreed'];

/* What a part says that whoever asks may read; nothing where none is. */
const contentOf = (said) => Object.assign({}, said?.public, ...(said?.parts ?? []).map((part) => part.content));
const shut = (said) => closedView({ parts: (said?.parts ?? []).filter((part) => isClosed(part) && !part.content) });

/* These fields in words, and for whom the rest is encrypted. */
function saidView(said, ...names) {
    const content = contentOf(said);
    return [names.filter((name) => content[name]).map((name) => passage(content[name], { class: 'said', lang: said.fields.language })), shut(said)];
}

function deadlines(list) {
    return (list ?? []).filter((one) => one.state === 'running').map((one) => el('p', { class: one.overdue ? 'badge' : 'by' },
        joined([label('clock', one.clock), one.whose ? org(one.whose) : null, t(one.overdue ? 'dialogue.overdue' : 'dialogue.due', { at: moment(one.at_ms) })])));
}

/* --- bodies and sessions --- */

/* Who has said nothing for too long is named, and no more is said of it. */
function bodyView(body) {
    const [own, silence] = [(one) => one.clock !== body.dormant, (one) => one.clock === body.dormant && one.overdue];
    const running = body.deadlines.filter(({ state }) => state === 'running');
    return el('li', {}, el('strong', {}, label('body', body.id)),
        running.filter(own).map((one) => el('p', { class: one.overdue ? 'badge' : null }, t(one.overdue ? 'dialogue.should_have_met' : 'dialogue.meets', { at: moment(one.at_ms) }))),
        running.filter(silence).map((one) => el('p', { class: 'badge' }, t('dialogue.silent', { org: org(one.whose), at: moment(one.at_ms) }))));
}

function agendaItem(one) {
    return el('li', {}, contentOf(one.said).topic ? passage(contentOf(one.said).topic) : null,
        joined([one.incident ? el('a', { href: `/incident/${one.incident}` }, t('dialogue.case')) : null,
            one.crossing ? label('crossing', one.crossing) : null, one.action ? record(one.action) : null, wordFor(one.state)]), shut(one.said));
}

function sessionView(one, { agenda, papers }) {
    const of = (list) => list.filter(({ session }) => session === one.id);
    const name = contentOf(one.said).title;
    return el('li', { class: one.state === 'collapsed' ? 'entry differ' : 'entry', id: `s-${one.id}` },
        el('h3', {}, label('body', one.body), name ? [' · ', el('bdi', {}, name)] : null),
        el('p', {}, joined([strong(one.state), stated(one.from), wordFor(one.sitting), one.next ? t('dialogue.next', { at: moment(one.next.at_ms) }) : null, record(one.id)])),
        saidView(one.also, 'reason'),
        one.attendance.length ? el('ul', {}, one.attendance.map((who) => el('li', {}, org(who.org), ': ', strong(who.state)))) : null,
        of(agenda).length ? [el('h4', {}, t('dialogue.agenda')), el('ul', {}, of(agenda).map(agendaItem))] : null,
        of(papers).length ? [el('h4', {}, t('dialogue.papers')), el('ul', {}, of(papers).map((paper) => el('li', {},
            joined([label('paper_type', paper.type), org(paper.org), wordFor(paper.state), record(paper.id)]), saidView(paper.said, 'title', 'text'))))] : null,
        deadlines(one.deadlines));
}

/* --- texts in brackets --- */

const inLanguages = (said) => (contentOf(said).texts ?? []).map((one) => passage(one.text, { class: 'words', lang: one.language }));

function wordingView(one) {
    const words = one.as === 'deletion' ? [el('p', { class: 'none' }, t('dialogue.nothing'))] : inLanguages(one.said);
    const answers = one.answers.map((each) => el('p', { class: 'by' }, org(each.org), ': ', wordFor(each.state)));
    return el('div', { class: one.state === 'agreed' ? 'wording agreed' : 'wording' },
        el('p', {}, el('strong', {}, org(one.org)), ' · ', wordFor(one.as), one.state === 'agreed' ? [' · ', wordFor('agreed')] : null, ' ', record(one.id)),
        words.length ? el('div', { class: 'bracket' }, el('div', {}, words)) : null,
        shut(one.said), answers);
}

/* Beside each other, and none before the other but by its place in the log. */
function partView(part, wordings) {
    const all = wordings.filter((one) => one.text === part.text && one.article === part.article && LIVE.includes(one.state));
    return el('section', { class: 'part' },
        el('h4', {}, t('dialogue.part', { n: part.article }), ' · ', wordFor(part.state), ' · ', t('dialogue.wordings', { n: number(part.versions) })),
        el('div', { class: 'sides' }, all.map(wordingView)));
}

function textView(one, { wordings, finals }) {
    const name = contentOf(one.said).title;
    return el('li', { class: 'entry' },
        el('h3', {}, name ? el('bdi', {}, name) : label('body', one.body)),
        el('p', {}, joined([strong(one.state), label('body', one.body), listed(one.languages.map((id) => code(id))), record(one.id)])),
        one.parts.map((part) => partView(part, wordings)),
        finals.filter(({ text }) => text === one.id).map(finalView));
}

/* Agreed in one language is not agreed in the other: a line for each. */
function finalView(one) {
    const of = (list, language) => list.filter((row) => row.language === language).map((row) => org(row.org));
    const columns = ['language', 'concurred', 'contested', 'hash'];
    const line = ({ language, sha256 }) => el('tr', { class: of(one.contested, language).length ? 'overdue' : null },
        el('th', { scope: 'row' }, code(language)),
        el('td', {}, of(one.concurrences, language).length ? listed(of(one.concurrences, language)) : '–'),
        el('td', {}, of(one.contested, language).length ? listed(of(one.contested, language)) : '–'),
        el('td', {}, code(sha256.slice(0, 16), { title: sha256 })));
    return el('section', { class: 'whole' },
        el('h4', {}, t('dialogue.whole'), ' · ', wordFor(one.state), ' ', record(one.id)),
        table(`${t('dialogue.whole')} ${one.id.slice(0, 8)}`, columns.map((key) => t(`dialogue.column.${key}`)), one.versions.map(line)),
        inLanguages(one.said), shut(one.said), deadlines(one.deadlines));
}

/* --- what was carried, what came of it, who is to do what --- */

function exchangeView(one) {
    return el('li', { class: 'entry' },
        el('p', {}, joined([t('dialogue.way', { from: org(one.org), to: org(one.to), via: org(one.via) }), strong(one.state), one.answer ? wordFor(one.answer) : null, record(one.id)])),
        el('div', { class: 'sides' },
            el('div', { class: 'wording' }, el('p', {}, el('strong', {}, t('dialogue.given'))), saidView(one.said, 'text')),
            one.passed ? el('div', { class: 'wording' }, el('p', {}, el('strong', {}, t('dialogue.put')), ' ', record(one.passed)), saidView(one.also, 'text')) : null),
        deadlines(one.deadlines));
}

function outcomeView(one) {
    return el('li', { class: 'entry' },
        el('p', {}, joined([el('strong', {}, wordFor(one.type)), strong(one.state), t('dialogue.filed', { org: org(one.org) }), record(one.id)])),
        saidView(one.said, 'published', 'text'),
        one.agreed.length ? el('p', {}, t('dialogue.agreed_by'), ' ', listed(one.agreed.map(org))) : null,
        one.answers.filter(({ state }) => state !== 'agreed').map((each) => el('p', {}, org(each.org), ': ', wordFor(each.state))),
        deadlines(one.deadlines));
}

function actionView(one) {
    return el('li', { class: 'entry' },
        el('p', {}, joined([el('strong', {}, org(one.owner)), strong(one.state), t('dialogue.until', { at: moment(one.due.at_ms) }), record(one.id)])),
        saidView(one.said, 'what', 'test'), one.report ? saidView(one.also, 'text') : null, deadlines(one.deadlines));
}

function proposal(one) {
    if (one.crossing) return [label('crossing', one.crossing), ': ', wordFor(one.state)];
    if (one.action) return [record(one.action), ' ', org(one.owner), ': ', wordFor(one.state)];
    return [el('a', { href: `/incident/${one.incident}`, dir: 'auto' }, one.title ?? code(one.incident.slice(0, 12))), ': ', wordFor(one.state)];
}

/* The last first. */
function listView(key, list, view) {
    if (list.length === 0) return null;
    return el('section', { 'aria-labelledby': key }, el('h2', { id: key }, t(`dialogue.${key}`)), el('ol', { class: 'file' }, [...list].reverse().map(view)));
}

export async function show() {
    const answer = await api.dialogue();
    const { bodies, sessions, texts, exchanges, outcomes, actions, proposed } = answer;
    title(t('dialogue.title'));
    const view = el('div', { class: 'page due dialogue' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('dialogue.title')),
            el('p', { class: 'lead' }, t('dialogue.lead'))),
        el('section', { 'aria-labelledby': 'bodies' }, el('h2', { id: 'bodies' }, t('dialogue.bodies')),
            bodies.length ? el('ul', { class: 'bodies' }, bodies.map(bodyView)) : el('p', { class: 'none' }, t('dialogue.none'))),
        proposed.length ? el('section', { 'aria-labelledby': 'proposed' }, el('h2', { id: 'proposed' }, t('dialogue.proposed')),
            el('ul', {}, proposed.map((one) => el('li', {}, proposal(one))))) : null,
        listView('actions', actions, actionView),
        listView('texts', texts, (one) => textView(one, answer)),
        listView('sessions', sessions, (one) => sessionView(one, answer)),
        listView('exchanges', exchanges, exchangeView),
        listView('outcomes', outcomes, outcomeView));
    return { view };
}
