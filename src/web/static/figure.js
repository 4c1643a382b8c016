/* A figure exactly as it was claimed: with its hedge, its range, or the lack of either.
 * Nothing is rounded, averaged or added up. */

import { has, label, number, t } from './words.js';
import { day } from './when.js';

function bare(claim) {
    const { min, max } = claim;
    if (min === undefined) return t('figure.up_to', { n: number(max) });
    if (max === undefined) return t('figure.or_more', { n: number(min) });
    return min === max ? number(min) : t('figure.range', { min: number(min), max: number(max) });
}

/* "total_since_2025-10-10": a word with a date behind it. */
function split(qualifier) {
    const dated = /^(.+)_(\d{4}-\d{2}-\d{2})$/.exec(qualifier ?? '');
    return dated ? { word: dated[1], date: day(Date.parse(dated[2])) } : { word: qualifier };
}

/* Words that are said before or behind one number, as the language has it. */
function hedged(claim, { word, date }) {
    const lone = claim.max === undefined || claim.max === claim.min;
    const n = lone && claim.min !== undefined ? number(claim.min) : bare(claim);

    if (has(`hedge.${word}`)) return t(`hedge.${word}`, { n, date });
    if (date) return t('hedge.dated', { n, word: label('qualifier', word), date });
    return t('hedge.other', { n: bare(claim), word: label('qualifier', word) });
}

const SILENT = new Set([undefined, 'exact', 'range', 'best_estimate']);

export function figure(claim) {
    const hedge = split(claim.qualifier);

    if (claim.best !== undefined) return best(claim);
    if (claim.min === undefined && claim.max === undefined)
        return SILENT.has(hedge.word) || hedge.word === 'not_stated' ? t('figure.none') : label('qualifier', hedge.word);
    return SILENT.has(hedge.word) ? bare(claim) : hedged(claim, hedge);
}

function best(claim) {
    const n = number(claim.best);
    if (claim.min === claim.best && claim.max === claim.best) return n;
    if (claim.min === undefined && claim.max === undefined) return t('figure.best', { n });
    return t('figure.best_of', { n, range: bare(claim) });
}

export const hasFigure = (claim) => ['min', 'max', 'best'].some((name) => claim[name] !== undefined);
