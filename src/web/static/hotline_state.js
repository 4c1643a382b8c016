/* What waits for whom on the hotline, in the order of its urgency; by /api/hotline alone. */

import { section, term } from './words.js';

const OPEN_BETWEEN = ['sent', 'held', 'asked_back'];

/* The deadline of it that runs out first; undefined: none runs. */
export const dueOf = ({ deadlines = [] }) =>
    deadlines.filter(({ state }) => state === 'running').sort((a, b) => a.at_ms - b.at_ms)[0];

export const hasCome = ({ via, state }) => !via || state === 'passed' || state === 'answered';
export const stepOf = ({ steps = [] }, org) => steps.find((one) => one.org === org)?.state;

function mustRead(row, me) {
    const clocks = term('hotline_priority', row.priority) ?? {};
    const step = stepOf(row, me);
    if (!hasCome(row) || row.state === 'answered') return null;
    if (!step || step === 'delivered') return 'open';
    if (step === 'opened' && clocks.understood) return 'read_back';
    return clocks.answered ? 'answer' : null;
}

function mustOfMessage(row, me) {
    if (row.to === me) return mustRead(row, me);
    if (row.via === me) return OPEN_BETWEEN.includes(row.state) ? 'pass_on' : null;
    return row.org === me && row.state === 'asked_back' ? 'say_more' : null;
}

const LISTS = [
    ['messages', 'message', mustOfMessage],
    ['checks', 'check', (row, me) => (row.to === me && row.state === 'sent' ? 'echo' : null)],
    ['calls', 'call', (row, me) => (row.to === me && row.state === 'asked' ? 'answer' : null)],
];

/* What has no priority comes before what has. */
const rankOf = ({ priority }) => (priority ? section('hotline_priority').findIndex(({ id }) => id === priority) : 0);

function byUrgency(a, b) {
    return (a.must === null) - (b.must === null) || b.overdue - a.overdue || a.rank - b.rank ||
        (a.at ?? Infinity) - (b.at ?? Infinity) || a.row.index - b.row.index || 0;
}

/* [{row, what, must, at, overdue, rank}]: what somebody is to do, first what this organisation is. */
export function waiting(state, me, now) {
    return LISTS.flatMap(([list, what, mustOf]) => state[list].map((row) => {
        const due = dueOf(row);
        const must = me ? mustOf(row, me) : null;
        return { row, what, must, at: due?.at_ms ?? null, overdue: due ? due.at_ms < now : false, rank: rankOf(row), runs: Boolean(due) };
    })).filter(({ must, runs }) => must || runs).sort(byUrgency);
}

const isWithin = ({ org, to, via }, me) => [org, to, via].includes(me);

/* Both ends hear of what is overdue, and who stands between; of the first priority at once. */
export const isAlarm = (state, me, now) =>
    waiting(state, me, now).some(({ row, must, overdue, rank }) => (overdue && isWithin(row, me)) || (rank === 0 && must === 'open'));
