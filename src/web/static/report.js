/* What one report says, as it says it. Each fact stands with what it rests on. */

import { recordLine, sources } from './claim.js';
import { absentView, closedView, isClosed } from './closed.js';
import { code, el, passage, quoted } from './dom.js';
import { picture } from './medium.js';
import { hasPosition, latOf, lonOf } from './points.js';
import { periodsIn } from './periods.js';
import { earliest, inUtc, latest, period } from './when.js';
import { label, number, plain, t, territory } from './words.js';

function time({ start, end }) {
    return start ? [period(start, end), inUtc(start)].filter(Boolean).join(' ') : null;
}

function degrees(value, positive, negative) {
    return `${Math.abs(value).toFixed(4)}° ${value < 0 ? negative : positive}`;
}

function position(report) {
    if (!hasPosition(report)) return report.shut ? null : t('position.none'); /* it may be what is shut */
    const at = code(`${degrees(latOf(report), 'N', 'S')}, ${degrees(lonOf(report), 'E', 'W')}`);
    const off = report.uncertainty_m;
    return [at, off === undefined ? '' : ` ${t('position.uncertainty', { km: number(off / 1000) })}`,
        report.position_basis ? [' · ', quoted(report.position_basis)] : ''];
}

/* Which of the agreement's periods it falls in; often that is the question, and a day that
 * a period begins or ends on does not answer it. */
function falls({ start, end }) {
    if (!start) return null;
    const [from, to] = [earliest(start), latest(end ?? start)];
    const found = periodsIn(from, to);
    const name = (one) => (one.disputed ? t('period.disputed', { period: one.of }) : one.label);
    const told = (one) => (one.from <= from && to <= one.to ? name(one) : t('period.perhaps', { period: name(one) }));
    return found.length ? found.map(told).join(t('list.comma')) : t('period.none');
}

const list = (matters) => matters.map(({ matter }) => label('matter', matter)).join(t('list.comma'));
const matters = (given) => (given?.length ? list(given.map((one) => (typeof one === 'string' ? { matter: one } : one))) : null);

/* In the order in which a reader asks. */
const FACTS = [
    ['time', time],
    ['period', falls],
    ['time_text', (r) => r.time_text && quoted(r.time_text)],
    ['place', (r) => r.place_name && quoted([r.place_name, r.admin].filter(Boolean).join(', '))],
    ['territory', (r) => r.territory && territory(r.territory)],
    ['position', position],
    ['crossing', (r) => r.crossing && label('crossing', r.crossing)],
    ['sector', (r) => r.sector && label('sector', r.sector)],
    ['act', (r) => r.act && [label('act', r.act), ' ', code(r.act)]],
    ['type', (r) => r.type && label('type', r.type)],
    ['means', (r) => r.means && label('means', r.means)],
    ['disputed', (r) => matters(r.disputed)],
    ['third_party', (r) => r.third_party && quoted(r.third_party)],
    ['phase', (r) => r.phase && quoted(plain(r.phase))],
];

function facts(report) {
    const held = FACTS.map(([name, tell]) => [name, tell(report)]).filter(([, value]) => value);
    return el('dl', { class: 'facts' }, held.map(([name, value]) => [el('dt', {}, t(`fact.${name}`)), el('dd', {}, value)]));
}

export function reportView(item) {
    const report = { ...item.public, ...item.fields, shut: (item.parts ?? []).some(isClosed) };
    return el('article', { class: `report ${item.state}`, id: `entry-${item.index}` },
        item.state === 'live' ? null : el('p', { class: 'badge' }, t(`state.${item.state}`)),
        report.summary ? passage(report.summary, { class: 'summary' }) : null,
        absentView(item),
        (item.parts ?? []).map(picture),
        facts(report),
        closedView(item),
        sources(report.sources),
        el('p', { class: 'by' }, t('report.by'), ' ', code(item.by)),
        recordLine(item));
}
