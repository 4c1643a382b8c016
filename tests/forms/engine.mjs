/* The engine of ODK Web Forms in node. It is made for browsers: it wants their DOM, and takes node
 * for a thing that loads its WebAssembly from files. So jsdom gives it the one, and the other is hidden
 * from it, once node's own fetch has looked. */

import { JSDOM } from 'jsdom';

const { window } = new JSDOM('', { url: 'http://127.0.0.1/' });
for (const name of ['DOMParser', 'XMLSerializer', 'Document', 'XMLDocument', 'Node', 'Element', 'Attr', 'Text',
    'CDATASection', 'Comment', 'ProcessingInstruction', 'NodeFilter', 'localStorage'])
    globalThis[name] = window[name];
globalThis.document = window.document;
globalThis.window = globalThis;
await (await fetch('data:,')).text();
const { node, ...versions } = process.versions;
Object.defineProperty(process, 'versions', { value: versions });

export const { loadForm } = await import('@getodk/xforms-engine');
