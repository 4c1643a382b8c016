/* Elements are built, never parsed: no text of a record can become markup, and no
 * attribute is written that the content security policy would refuse. */

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (typeof value === 'function') node.addEventListener(name, value);
        else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return node;
}

export function el(name, attributes = {}, ...children) {
    return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
    return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/* Text that somebody else wrote: in whatever script, it keeps its own direction. */
export function quoted(text) {
    return el('bdi', {}, String(text));
}

/* A whole paragraph of it, aligned as its own script is. */
export function passage(text, attributes = {}) {
    return el('p', { dir: 'auto', ...attributes }, String(text));
}

/* Hashes, keys, names of records: Latin from left to right on every page. */
export function code(text, attributes = {}) {
    return el('bdi', { class: 'code', dir: 'ltr', ...attributes }, String(text));
}

/* Between each two, a separator that a screen reader does not read. */
export function joined(items, separator = '·') {
    const held = items.filter((item) => item !== null && item !== undefined && item !== '');
    return held.flatMap((item, n) =>
        n === 0 ? [item] : [el('span', { class: 'sep', 'aria-hidden': 'true' }, ` ${separator} `), item]);
}
