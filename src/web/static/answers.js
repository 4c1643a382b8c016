/*
 * What ODK Web Forms made of the answers, an XML instance (ODK XForms specification), turned into
 * the flat fields of a kind of record. It is done here, before signing, and not by the node: so the
 * monitor signs what they said when they press send, with no network, and no node has a say in it.
 *
 * What a form asks, GET /api/forms says: a list of asks, each with the name of its element and of the
 * field that it answers. Groups are there for the eye; a repeat is a list.
 */

const MINUTE = 60000;

const parse = (xml) => new DOMParser().parseFromString(xml, 'text/xml');

function wrong(path, why) {
    throw new Error(`${path}: ${why}`);
}

function integer(text, path) {
    if (!/^-?\d{1,15}$/.test(text)) wrong(path, `${text} is no whole number`);
    return Number(text);
}

/* A word of the form's for how exact something is; undefined where nobody said. */
const exactly = (words, said) => words.find(({ word }) => word === said);

/* With the offset of the place; where the text has none, with that of this browser. A day is its noon. */
function statedTime(text, exact, words, path) {
    const [, day, clock = '12:00', zone] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? wrong(path, `${text} is no time`);
    const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
    const said = sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
    const offset = zone ? said : -new Date(`${day}T${clock}`).getTimezoneOffset();
    const { basis, within } = exact ?? words.at(-1);
    const on = exact?.word === 'day' ? '12:00' : clock;
    return { at_ms: Date.parse(`${day}T${on}Z`) - offset * MINUTE, basis, offset_min: offset, uncertainty_ms: within };
}

/* "latitude longitude altitude accuracy", in degrees and metres. */
function point(text, path) {
    const numbers = text.trim().split(/\s+/);
    const [lat, lon, , accuracy = 0] = numbers.map(Number);
    if (numbers.length < 2 || numbers.length > 4 || ![lat, lon, accuracy].every(Number.isFinite)) wrong(path, `${text} is no position`);
    return { at: { lat_e7: Math.round(lat * 1e7), lon_e7: Math.round(lon * 1e7) }, accuracy: Math.ceil(accuracy) };
}

/* What a person says is never made more exact than the device is; where nobody said, the device alone
 * counts, and without one the vaguest. */
function position(text, exact, words, path) {
    const { at, accuracy } = point(text, path);
    const within = exact ? Math.max(exact.within, accuracy) : accuracy || words.at(-1).within;
    return { ...at, uncertainty_m: within, position_basis: `geopoint ${text}` };
}

/* Points between semicolons; an area ends where it began, which is said once. */
function shape(text, form, path) {
    const points = text.split(';').filter((one) => one.trim()).map((one) => point(one, path).at);
    const [first, last] = [points[0], points.at(-1)];
    if (form === 'line') return { shape: points, shape_form: form };
    if (points.length < 2 || first.lat_e7 !== last.lat_e7 || first.lon_e7 !== last.lon_e7) wrong(path, 'its last point is not its first');
    return { shape: points.slice(0, -1), shape_form: form };
}

/* By the names of this position; those that the kind does not have are not said. */
function prefixed(prefix, values, fields) {
    const known = new Set(fields.map(({ name }) => name));
    return Object.fromEntries(Object.entries(values).map(([name, one]) => [prefix + name, one]).filter(([name]) => known.has(name)));
}

function plainValue(text, field, path) {
    if (field.type === 'list') return text.split(/\s+/).map((one) => plainValue(one, field.fields[0], path));
    return field.type === 'integer' ? integer(text, path) : text;
}

/* The children of an element by their names; what nobody asked is not passed over in silence. */
function childrenOf(node, asks, path) {
    const found = new Map(asks.map(({ name }) => [name, []]));
    for (const child of node.children) (found.get(child.localName) ?? wrong(`${path}${child.localName}`, 'the form does not ask this')).push(child);
    return found;
}

const textOf = (node) => node?.textContent.trim() ?? '';
const isMedium = ({ as }) => ['image', 'audio', 'video'].includes(as);

/* One element after another, into `into`: its fields and its files. */
class Reader {
    constructor(exact) {
        this.exact = exact;
        this.files = [];
    }

    level(node, asks, fields, path) {
        const found = {};
        const children = childrenOf(node, asks, path);
        for (const ask of asks) for (const child of children.get(ask.name)) this.one(found, child, ask, { fields, children, path: `${path}${ask.name}` });
        return found;
    }

    one(found, node, ask, { fields, children, path }) {
        const field = fields.find(({ name }) => name === ask.name);
        const said = textOf(node);
        const words = this.exact[ask.as];
        const exact = () => exactly(words, textOf(children.get(ask.exact)?.[0]));

        if (ask.as === 'group') Object.assign(found, this.level(node, ask.asks, fields, `${path}/`));
        else if (said === '' || ask.as === 'exact' || ask.as === 'error') return;
        else if (ask.as === 'repeat') this.again(found, node, ask, field, path);
        else if (isMedium(ask)) this.files.push(said);
        else if (ask.as === 'position') Object.assign(found, prefixed(ask.prefix ?? '', position(said, exact(), words, path), fields));
        else if (ask.as === 'line' || ask.as === 'area') this.shape(found, said, ask.as, path);
        else if (!field) wrong(path, 'this page cannot read such an answer');
        else found[ask.name] = ask.as === 'time' ? statedTime(said, exact(), words, path) : plainValue(said, field, path);
    }

    shape(found, said, form, path) {
        if (found.shape) wrong(path, 'there is a line already, or an area');
        Object.assign(found, shape(said, form, path));
    }

    /* A list of objects, or of media alone. One that is empty was not said. */
    again(found, node, ask, field, path) {
        const one = this.level(node, ask.asks, field?.fields[0].fields ?? [], `${path}/`);
        if (field && Object.keys(one).length) (found[ask.name] ??= []).push(one);
    }
}

/* {flat, files}: the fields, and the names of the files that belong to them. */
export function toFields(instance, form, kind) {
    const root = parse(instance).documentElement;
    const meta = [...root.children].filter(({ localName }) => localName === 'meta');
    const id = meta.flatMap((one) => [...one.children]).find(({ localName }) => localName === 'instanceID')?.textContent.trim();
    for (const one of meta) one.remove();
    const reader = new Reader(form.exact);
    const flat = reader.level(root, form.asks, kind.fields, '');
    const known = id && kind.fields.some(({ name }) => name === 'external_id');
    return { flat: known ? { ...flat, external_id: id } : flat, files: reader.files };
}
