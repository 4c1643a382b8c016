/* Lines under columns. Where a page is too narrow for them each line stands as a block, every cell under
 * the name of its column (base.css); a browser forgets what is a table then, so that the roles are said. */

import { el } from './dom.js';

const ROLES = { TH: 'rowheader', TD: 'cell' };

function named(line, columns) {
    line.setAttribute('role', 'row');
    for (const [n, cell] of [...line.children].entries()) {
        cell.setAttribute('role', ROLES[cell.tagName]);
        if (cell.tagName === 'TD' && cell.colSpan === 1) cell.setAttribute('data-column', columns[n]);
    }
    return line;
}

/* `name` says what it is; `columns` their names, in order; `lines` are rows of as many cells, null for none. */
export function table(name, columns, lines, { caption = null, ...attributes } = {}) {
    const heads = columns.map((column) => el('th', { scope: 'col', role: 'columnheader' }, column));
    const names = heads.map((head) => head.textContent);
    return el('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-label': name },
        el('table', { class: 'lines', role: 'table', ...attributes },
            caption === null ? null : el('caption', {}, caption),
            el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads)),
            el('tbody', { role: 'rowgroup' }, lines.filter((line) => line !== null).map((line) => named(line, names)))));
}
