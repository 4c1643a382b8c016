/* Every form in the engine of ODK Web Forms: it loads without a word of complaint, every question has a
 * label in every language, what is empty or wrong is refused as the table says, and an answer, filled in
 * by the engine, is read back by our own reader to what was filled in.
 *
 *     node forms.mjs FORMS_TOOL DIR...   each DIR with the forms of an agreement
 */

import { execFileSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { loadForm } from './engine.mjs';
import { check, done, same } from '../web/tap.mjs';

const [tool, ...folders] = process.argv.slice(2);

const nodes = (node) => [node, ...(node.currentState.children ?? []).flatMap(nodes)];
const asked = (root) => nodes(root).filter((node) => ['input', 'select', 'upload'].includes(node.nodeType));
const named = (root, name) => asked(root).find((node) => node.currentState.reference.endsWith(`/${name}`));
const texts = (node) => [node.currentState.label?.asString, node.currentState.hint?.asString,
    ...(node.currentState.valueOptions ?? []).map((option) => option.asString)];

/* What is shown and has no label is nothing a person could answer. */
function unlabelled(root) {
    return nodes(root)
        .filter((node) => !['root', 'model-value'].includes(node.nodeType))
        .filter((node) => !node.currentState.reference.includes('orx:meta'))
        .filter((node) => texts(node)[0] === undefined || texts(node).some((text) => text === ''))
        .map((node) => node.currentState.reference);
}

const violations = (root) => root.validationState.violations.map((it) => it.reference);

/* The values that fill a form: by type, and where a name says more, by name. */
const BY_NAME = {
    casualties_min: 1n, casualties_max: 3n, count_min: 2n, count_max: 2n, sensor: 'RDR-4',
    request: '0123456789abcdef'.repeat(4),
};
const BY_TYPE = { dateTime: '2026-03-01T12:20:00.000+05:00', geopoint: { latitude: 34.5, longitude: 71.25,
    altitude: 1200, accuracy: 4.5 }, int: 1n, string: 'Text with <&> "marks" and پښتو' };

function fill(root) {
    for (let round = 0; round < 2; round++) /* what becomes relevant by the first */
        for (const node of asked(root)) {
            const name = node.currentState.reference.split('/').at(-1);
            if (!node.currentState.relevant || node.nodeType === 'upload') continue;
            if (node.nodeType === 'select') node.selectValues([node.currentState.valueOptions[0].value]);
            else node.setValue(BY_NAME[name] ?? BY_TYPE[node.valueType]);
        }
}

/* Two photos where a form has room for any number, and one of each other kind. */
async function attach(root) {
    for (const repeat of nodes(root).filter((node) => node.nodeType.startsWith('repeat-range')))
        repeat.addInstances(-1, 2);
    let n = 0;
    for (const node of asked(root).filter((it) => it.nodeType === 'upload'))
        node.setValue(new File([`bytes ${n}`], `photo ${n++}.jpg`, { type: 'image/jpeg' }));
    return n;
}

async function submission(root) {
    const payload = await root.prepareInstancePayload({ payloadType: 'monolithic' });
    const [data] = payload.data;
    return { xml: await data.get('xml_submission_file').text(), names: [...data.keys()].slice(1) };
}

async function read(folder, id, xml) {
    const path = join(folder, `${id}.answer`);
    await writeFile(path, xml);
    const [fields, ...lines] = execFileSync(tool, ['read', path], { encoding: 'utf8' }).trim().split('\n');
    return { fields: JSON.parse(fields), lines };
}

/* Of a field that was filled in, what must come back; undefined: it is none of its own. */
function expected(node) {
    const name = node.currentState.reference.split('/').at(-1);
    if (node.nodeType === 'select') return node.currentState.value;
    if (node.valueType === 'dateTime') return { at_ms: Date.parse(BY_TYPE.dateTime), offset_min: 300,
        basis: 'watch', uncertainty_ms: 60000 };
    const value = BY_NAME[name] ?? BY_TYPE[node.valueType];
    return typeof value === 'bigint' ? Number(value) : value;
}

function compare(label, root, fields) {
    const wrong = [];
    for (const node of asked(root).filter((it) => it.nodeType !== 'upload')) {
        const name = node.currentState.reference.split('/').at(-1);
        if (['position', 'exact', 'error'].includes(name)) continue;
        const wanted = JSON.stringify(expected(node));
        const got = fields[name];
        const forms = [got, [got].flat(), got && { at_ms: got.at_ms, offset_min: got.offset_min,
            basis: got.basis, uncertainty_ms: got.uncertainty_ms }].map((it) => JSON.stringify(it));
        if (!forms.includes(wanted)) wrong.push(`${name}: ${forms[0]}, wanted ${wanted}`);
    }
    if (named(root, 'position')) {
        const { lat_e7, lon_e7, uncertainty_m } = fields;
        if (lat_e7 !== 345000000 || lon_e7 !== 712500000 || uncertainty_m !== 20)
            wrong.push(`position: ${lat_e7} ${lon_e7} ${uncertainty_m}`);
    }
    check(`${label}: what was filled in comes back`, wrong.length === 0, wrong.join('\n'));
}

/* What must not be: a name of a question that the form has, and a value for it. */
const WRONG = [
    ['casualties_min', -1n], ['count_min', -1n], ['sensor', 'two words'], ['request', '0123'],
    ['place_name', 'x'.repeat(334)], ['casualties_max', 0n], ['count_max', 1n],
    ['until', '2026-03-01T12:19:00.000+05:00'], ['end', '2026-03-01T07:19:00.000Z'],
    ['left', '2026-03-01T12:19:59.000+05:00'],
];

function refuses(label, root) {
    const missed = [];
    for (const [name, value] of WRONG) {
        const node = named(root, name);
        if (!node) continue;
        node.setValue(value);
        if (!violations(root).some((reference) => reference === node.currentState.reference)) missed.push(name);
        node.setValue(BY_NAME[name] ?? BY_TYPE[node.valueType]);
    }
    check(`${label}: what is wrong is refused`, missed.length === 0, missed.join(', '));
    same(`${label}: and what is right is not`, violations(root), []);
}

async function form(folder, file) {
    const id = basename(file, '.xml');
    const label = `${basename(folder)} ${id}`;
    const loaded = await loadForm(await readFile(join(folder, file), 'utf8'));
    check(`${label}: loads`, loaded.status === 'success', loaded.error?.message ?? JSON.stringify(loaded.warnings));
    if (loaded.status !== 'success') return;
    const { root } = loaded.createInstance();

    const must = asked(root).filter((node) => node.currentState.required && node.currentState.relevant)
        .map((node) => node.currentState.reference);
    same(`${label}: asks for what must be there, and for nothing else`, violations(root), must);
    const files = await attach(root);
    fill(root);
    for (const language of root.languages) {
        root.setLanguage(language);
        same(`${label}: labels in ${language.language}`, unlabelled(root), []);
    }
    refuses(label, root);
    const { xml, names } = await submission(root);
    const { fields, lines } = await read(folder, id, xml);
    compare(label, root, fields);
    same(`${label}: its files, each by its name`, lines.filter((line) => line.startsWith('file')).map((line) => line.split(' ').slice(2).join(' ')).sort(),
        names.sort());
    same(`${label}: as many as were attached`, names.length, files);
    check(`${label}: nothing in it is unknown`, !lines.some((line) => line.startsWith('unknown')), lines.join('\n'));
}

for (const folder of folders)
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.xml')).sort())
        await form(folder, file);
done();
