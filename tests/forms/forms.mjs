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
    altitude: 1200, accuracy: 4.5 }, geotrace: '34 71 0 0; 34.5 71.25 0 0', int: 1n, string: 'Text with <&> "marks" and پښتو' };

/* The first choice that goes with what else is chosen. */
function choose(root, node) {
    const refused = () => violations(root).includes(node.currentState.reference);
    for (const { value } of node.currentState.valueOptions) {
        node.selectValues([value]);
        if (!refused()) return;
    }
}

function fill(root) {
    for (let round = 0; round < 2; round++) /* what becomes relevant by the first */
        for (const node of asked(root)) {
            const name = node.currentState.reference.split('/').at(-1);
            if (!node.currentState.relevant || node.nodeType === 'upload' || node.valueType === 'geoshape') continue;
            if (node.nodeType === 'select') choose(root, node);
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

/* What must come back of a question that is a field of its own. */
function expected(node) {
    const name = node.currentState.reference.split('/').at(-1);
    if (node.nodeType === 'select') return node.currentState.value;
    if (node.valueType === 'dateTime') return { at_ms: Date.parse(BY_TYPE.dateTime), basis: 'watch', offset_min: 300,
        uncertainty_ms: 60000 };
    const value = BY_NAME[name] ?? BY_TYPE[node.valueType];
    return typeof value === 'bigint' ? Number(value) : value;
}

/* The field of a question, by its path: "/data/harmed/casualties[2]/class" is in the second item. */
function field(fields, reference) {
    const [, list, item, name] = /(?:(\w+)\[(\d+)\]\/)?(\w+)$/.exec(reference);
    return list ? fields[list]?.[item - 1]?.[name] : fields[name];
}

/* Those that are several fields, or none, are compared apart. */
const OTHERS = ['position', 'observer', 'exact', 'error', 'line', 'area'];

function compare(label, root, fields) {
    const wrong = [];
    const own = asked(root).filter((it) => it.nodeType !== 'upload')
        .filter((it) => !OTHERS.includes(it.currentState.reference.split('/').at(-1)));
    for (const node of own) {
        const got = field(fields, node.currentState.reference);
        const several = Array.isArray(got) || node.nodeType !== 'select' ? got : [got];
        if (JSON.stringify(several) !== JSON.stringify(expected(node)))
            wrong.push(`${node.currentState.reference}: ${JSON.stringify(got)}`);
    }
    check(`${label}: what was filled in comes back`, wrong.length === 0 && own.length > 0, wrong.join('\n'));
    const point = (prefix) => ['lat_e7', 'lon_e7', 'uncertainty_m'].map((name) => fields[`${prefix}${name}`]);
    if (named(root, 'position')) same(`${label}: the position`, point(''), [345000000, 712500000, 20]);
    if (named(root, 'observer')) same(`${label}: the observer's`, point('observer_'), [345000000, 712500000, 5]);
}

const POINTS = [[340000000, 710000000], [345000000, 712500000], [340000000, 715000000]]
    .map(([lat_e7, lon_e7]) => ({ lat_e7, lon_e7 }));

async function shapes(label, folder, id, root) {
    const shape = async () => {
        const { fields } = await read(folder, id, (await submission(root)).xml);
        return [fields.shape_form, fields.shape];
    };
    same(`${label}: a line`, await shape(), ['line', POINTS.slice(0, 2)]);
    check(`${label}: no area beside a line`, !named(root, 'area').currentState.relevant);
    named(root, 'line').setValue('');
    named(root, 'area').setValue('34 71 0 0; 34.5 71.25 0 0; 34 71.5 0 0; 34 71 0 0');
    same(`${label}: an area`, await shape(), ['area', POINTS]);
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
    const [verb, means] = [named(root, 'verb'), named(root, 'means')];
    if (verb && means) {
        verb.selectValues(['heard']);
        means.selectValues(['saw']);
        if (!violations(root).includes(means.currentState.reference)) missed.push('heard by having seen');
        choose(root, means);
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
    if (named(root, 'line')) await shapes(label, folder, id, root);
    same(`${label}: its files, each by its name`, lines.filter((line) => line.startsWith('file')).map((line) => line.split(' ').slice(2).join(' ')).sort(),
        names.sort());
    same(`${label}: as many as were attached`, names.length, files);
    check(`${label}: nothing in it is unknown`, !lines.some((line) => line.startsWith('unknown')), lines.join('\n'));
}

for (const folder of folders)
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.xml')).sort())
        await form(folder, file);
done();
