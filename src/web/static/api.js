/* The node's HTTP interface (doc/api.md). Nothing here asks anybody else. */

export class ApiError extends Error {
    constructor(status, text) {
        super(text);
        this.status = status;
    }
}

async function ask(path, request) {
    const answer = await fetch(path, request);
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new ApiError(answer.status, body.error ?? answer.statusText);
    return body;
}

const get = (path) => ask(path, { headers: { accept: 'application/json' } });
const post = (path, body) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const asOf = (n) => (n === null ? '' : `?as_of=${n}`);

export const signIn = (code) => post('/sign-in/code', { code });
export const signOut = () => post('/sign-out', {});
export const status = () => get('/api/status');
export const nodes = () => get('/api/nodes');
export const agreement = () => get('/api/agreement');
export const incident = (id, n = null) => get(`/api/incidents/${encodeURIComponent(id)}${asOf(n)}`);
export const caseOf = (id, n = null) => get(`/api/cases/${encodeURIComponent(id)}${asOf(n)}`);
export const due = () => get('/api/due?limit=500');
export const ceasefire = () => get('/api/ceasefire');
export const crossings = () => get('/api/crossings');
export const notices = (over) => get(over ? '/api/notices?from=0' : '/api/notices');
/* With the token of the answer before: when it is another, or after so many seconds. */
export const hotline = (token, wait = 0) =>
    get(`/api/hotline?limit=200${token ? `&after=${encodeURIComponent(token)}&wait=${wait}` : ''}`);
export const dialogue = () => get('/api/dialogue');
export const obligations = () => get('/api/obligations?limit=500');
export const intelligence = () => get('/api/intelligence?limit=500');
export const forms = () => get('/api/forms');
export async function form(id, language) {
    const answer = await fetch(`/api/forms/${encodeURIComponent(id)}?language=${language}`);
    if (!answer.ok) throw new ApiError(answer.status, answer.statusText);
    return answer.text();
}
export const readers = (tier) => get(`/api/readers?tier=${tier}`);
export const kinds = () => get('/api/kinds');
export const custody = (id) => get(`/api/custody/${encodeURIComponent(id)}`);
export const record = (id) => get(`/api/records/${encodeURIComponent(id)}`);
export const entry = (index) => get(`/api/entries/${index}`);

/* Page by page, so that the first are drawn before the last are read. Stops at `most`:
 * what is beyond is said to be missing, never left out in silence. */
export async function* incidents(most) {
    let after = '';
    for (let held = 0; held < most; ) {
        const page = await get(`/api/incidents?limit=500${after}`);
        held += page.incidents.length;
        yield { incidents: page.incidents, more: page.next !== undefined };
        if (page.next === undefined) return;
        after = `&after=${encodeURIComponent(page.next)}`;
    }
}

/* The same record is asked for once in a page's life: records never change. */
const records = new Map();
export function recordOnce(id) {
    if (!records.has(id)) records.set(id, record(id));
    return records.get(id);
}
