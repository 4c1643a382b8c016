/* What stands under every map: what the lines mean, and what they do not. */

import { el } from './dom.js';
import { t } from './words.js';

const SIGNS = ['boundary', 'disputed', 'uncertainty'];

export function mapCaption(...more) {
    return el('div', { class: 'caption' },
        more,
        el('ul', { class: 'legend' }, SIGNS.map((sign) => el('li', { class: sign }, t(`map.${sign}`)))),
        el('p', {}, t('map.caption')));
}
