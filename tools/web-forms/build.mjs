/*
 * Makes the files of the form page that are not ours from the packages in package-lock.json:
 *
 *     node build.mjs OUT
 *
 * OUT then has form.js (ODK Web Forms with Vue), its parts, form.css, keys.js (Ed25519 and age),
 * and licences.txt. The same packages give the same bytes.
 *
 * ODK Web Forms comes as a bundle made for pages that allow more than ours: it brings styles,
 * pictures and WebAssembly inside its scripts. Here each becomes a file of its own, so that the
 * page's content security policy need allow none of that (doc/decisions/0015-odk-web-forms.md).
 * Each change is counted: a release in which the places look different fails the build.
 */

import fs from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const [out] = process.argv.slice(2);
const fail = (why) => {
    console.error(`web-forms: ${why}`);
    process.exit(1);
};

/* What is installed is what package.json names. */
function checkInstalled() {
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(here, 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries(dependencies)) {
        const held = JSON.parse(fs.readFileSync(path.join(here, 'node_modules', name, 'package.json'), 'utf8'));
        if (held.version !== version) fail(`${name} is ${held.version}, not ${version}: run tools/setup build`);
    }
}

/* Exactly so many places are changed, or the release is another one. */
function change(text, pattern, count, to) {
    let found = 0;
    const changed = text.replace(pattern, (...groups) => {
        found++;
        return to(...groups);
    });
    if (found !== count) fail(`${pattern}: ${found} places, not ${count}`);
    return changed;
}

const TYPES = { 'application/wasm': 'wasm', 'image/svg+xml': 'svg' };

/* "data:TYPE,…" in a string literal, as a file beside the script. */
function fileOf(type, base64, data, files) {
    const text = data.replaceAll('\\"', '"');
    const bytes = base64 ? Buffer.from(text, 'base64') : Buffer.from(decodeURIComponent(text));
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.${TYPES[type]}`;
    files.set(name, bytes);
    return `new URL("./${name}", import.meta.url).href`;
}

function withoutData(text, files) {
    return text.replace(/"data:(application\/wasm|image\/svg\+xml)(;base64)?,((?:[^"\\]|\\.)+)"/g,
        (_, type, base64, data) => fileOf(type, base64, data, files));
}

/* What stands left stands at the beginning of the line, in a script that runs from the right too. */
function bothWays(css) {
    return css
        .replace(/\b(margin|padding|border)-(left|right)(?=[-:])/g, (_, what, side) => `${what}-inline-${side === 'left' ? 'start' : 'end'}`)
        .replace(/\b(float|text-align):(left|right)\b/g, (_, what, side) => `${what}:${what === 'float' ? 'inline-' : ''}${side === 'left' ? 'start' : 'end'}`);
}

/* The style sheet that is set in by a script in the first lines of index.js. Its Roboto
 * (900 KB, Latin, Greek and Cyrillic) stays out: the page has its own faces. */
function styleOf(text, files) {
    const [, quoted] = /createTextNode\('((?:[^'\\]|\\.)*)'\)/.exec(text) ?? fail('no style sheet in index.js');
    const css = Function(`return '${quoted}'`)();
    files.set('form.css', Buffer.from(bothWays(css.replace(/@font-face\{[^}]*\}/g, ''))));
    return text.slice(text.indexOf('\n') + 1);
}

/* What ODK Web Forms draws: in its place, and above the page. Elsewhere its reset of all styles has no say. */
const OURS = '.webform, .p-overlay, .p-dialog, .p-select-overlay, .p-datepicker-panel, .p-menu, .p-toast, .map-block-component';

/* A style sheet is adopted, not written into the page (style.js): a policy without
 * 'unsafe-inline' lets scripts do that. */
function adopted(text) {
    const made = change(text, /\w+\.createElement\("style"\)/g, 4, () => 'new StyleOfForm()');
    const found = change(made, /'style\[data-primevue/g, 1, () => `'form-style[data-primevue`);
    const kept = change(found, /html \{\s*font-size: 16px !important;\s*\}\s*body \{[^}]*\}([^`]*)`/g, 1, (_, rest) => `@scope (${OURS}) {${rest}}\``);
    return `import { StyleOfForm } from "${here}/style.js";\n${kept}`;
}

/* Where ODK Web Forms would ask for a moment by a line of text, and for a sound not at all: controls.js. */
function asked(text) {
    const when = change(text, /\(openBlock\(\), createBlock\(InputText, \{\s*key: 8,/g, 1,
        (found) => `eA.node.valueType === "dateTime" ? (openBlock(), createBlock(TimeOfForm, { key: 9, node: eA.node }, null, 8, ["node"])) : ${found}`);
    const file = change(when, /createElementBlock\("p", null, "[^"]*Support for non-image uploads is pending[^"]*"\)/g, 1,
        () => 'createBlock(FileOfForm, { question: eA.question, text: ControlText }, null, 8, ["question"])');
    return `import { FileOfForm, TimeOfForm } from "${here}/controls.js";\n${file}`;
}

/* What was begun is gone on with as it was left, which ODK Web Forms can and does not offer; and whoever
 * drew the form is told when it stands, to keep what is answered. */
function begun(text) {
    const emit = /(\w+)\("submitChunked", /.exec(text)?.[1] ?? fail('nothing is submitted in chunks');
    const left = change(text, /mode: "edit",(?=\s*instanceOptions)/g, 1, () => 'mode: "restore",');
    const known = change(left, /emits: \["submit", "submitChunked"\]/g, 1, () => 'emits: ["stands", "submit", "submitChunked"]');
    return change(known, /\w+\.value = (\w+)\.instance\?\.mode === "edit";/g, 1, (found, state) => `${found} if (${state}.root) ${emit}("stands", ${state}.root);`);
}

/* Under the map of a form lies our own base map, from this node, and not the tiles of a far server. */
function ownMap(text) {
    const [, Source, Layer] = /= new (\w+)\(\), \w+ = new (\w+)\(\{\s*source: \w+,\s*style:/.exec(text) ?? fail('no layer in the map');
    const [, Format] = /new (\w+)\(\)\.readFeatures\(/.exec(text) ?? fail('no GeoJSON in the map');
    const laid = change(text, /layers: \[new \w+\(\{ source: new \w+\(\) \}\)\]/g, 1, () => `layers: baseLayers(${Layer}, ${Source}, ${Format})`);
    const placed = change(laid, /center: \w+,\s*zoom: \w+,(?=\s*\/\/ Prevent map cloning)/g, 1, () => 'center: baseCentre, zoom: baseZoom,');
    return `import { baseLayers, centre as baseCentre, zoom as baseZoom } from "${here}/basemap.js";\n${placed}`;
}

const CHANGES = [
    [/^index\.js$/, styleOf],
    [/^index-.*\.js$/, (text) => begun(asked(adopted(text)))],
    [/^MapBlock-.*\.js$/, ownMap],
];

const strict = (files) => ({
    name: 'strict',
    setup(on) {
        on.onLoad({ filter: /@getodk\/web-forms\/dist\/[^/]*\.js$/ }, ({ path: file }) => {
            const [, make] = CHANGES.find(([name]) => name.test(path.basename(file))) ?? fail(`${file} is new`);
            return { contents: withoutData(make(fs.readFileSync(file, 'utf8'), files), files), loader: 'js' };
        });
    },
});

/* The licence of every package that something was taken of; ODK Web Forms has others inside. */
function licences(inputs) {
    const inside = JSON.parse(fs.readFileSync(path.join(here, 'node_modules/@getodk/web-forms/package.json'), 'utf8')).dependencies;
    const taken = Object.keys(inputs).map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean);
    const names = new Set([...taken, ...Object.keys(inside)]);
    const texts = [...names].sort().map((name) => {
        const folder = path.join(here, 'node_modules', name);
        const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
        const file = fs.readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
        const text = file ? fs.readFileSync(path.join(folder, file), 'utf8').trim() : 'The package brings no text of it.';
        return `${name} ${version} (${license})\n\n${text}\n`;
    });
    return texts.join(`\n${'-'.repeat(72)}\n\n`);
}

if (!out) fail('node build.mjs OUT');
checkInstalled();
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const files = new Map();
const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: ['form.js', 'keys.js'],
    outdir: path.resolve(out),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    entryNames: '[name]',
    chunkNames: '[name]',
    metafile: true,
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    external: ['fs', 'path', 'module'],
    plugins: [strict(files)],
});
files.set('licences.txt', Buffer.from(licences(metafile.inputs)));
for (const [name, bytes] of files) fs.writeFileSync(path.join(out, name), bytes);
