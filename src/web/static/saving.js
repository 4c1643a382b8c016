/* A button that gives a file away. */

import { el } from './dom.js';

export function saver(blob, name, words) {
    const save = () => {
        const address = URL.createObjectURL(blob);
        el('a', { href: address, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
    };
    return el('button', { type: 'button', click: save }, words);
}
