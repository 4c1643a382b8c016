/*
 * Keeps the form pages, so that they open without a network. It has a say over /form and /forms
 * alone. The files of one version are kept together and never mixed with another's; what the api
 * answers is asked for anew whenever there is a network, and the last answer is given where there is
 * none. Records that wait are no business of this: they are in the page's own database.
 */

const VERSION = '@VERSION@';
const FILES = `files-${VERSION}`;
const ANSWERS = 'answers';

const at = (name) => `/static/${VERSION}/${name}`;
const LAYERS = ['countries', 'rivers', 'provinces', 'boundaries', 'places', 'crossings'];
const ground = (name) => `/data/basemap/${name}.geojson?v=${VERSION}`;
const ALL = ['/form', '/forms', ...JSON.parse('@FILES@').map(at), ...LAYERS.map(ground)];

/* Asked of the node, and good enough from before where it cannot be asked. */
const ANSWER = /^\/api\/(status|agreement|kinds|forms(\/[^/]*)?|readers)$/;
/* The ground under the map of a form; the address has the version. */
const GROUND = /^\/data\/basemap\/[a-z]+\.geojson$/;

async function fill() {
    const files = await caches.open(FILES);
    await files.addAll(ALL);
}

async function tidy() {
    const old = (await caches.keys()).filter((name) => name.startsWith('files-') && name !== FILES);
    await Promise.all(old.map((name) => caches.delete(name)));
}

const held = async (request, cache) => (await caches.open(cache)).match(request, { ignoreVary: true });

/* A form is the same in whichever language it is shown first. */
async function heldForm(request) {
    if (!new URL(request.url).pathname.startsWith('/api/forms/')) return undefined;
    return (await caches.open(ANSWERS)).match(request, { ignoreVary: true, ignoreSearch: true });
}

async function pageFromNodeFirst(request) {
    try {
        return await fetch(request);
    } catch (error) {
        const page = await held(new URL(request.url).pathname, FILES);
        if (page) return page;
        throw error;
    }
}

async function answerFromNodeFirst(request) {
    try {
        const answer = await fetch(request);
        if (answer.ok) await (await caches.open(ANSWERS)).put(request, answer.clone());
        return answer;
    } catch (error) {
        const answer = (await held(request, ANSWERS)) ?? (await heldForm(request));
        if (answer) return answer;
        throw error;
    }
}

const fromHereFirst = async (request) => (await held(request, FILES)) ?? fetch(request);

function answer(request, { pathname }) {
    if (pathname === '/form' || pathname === '/forms') return pageFromNodeFirst(request);
    if (pathname.startsWith(`/static/${VERSION}/`)) return fromHereFirst(request);
    if (GROUND.test(pathname)) return fromHereFirst(request);
    if (ANSWER.test(pathname)) return answerFromNodeFirst(request);
    return null;
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(tidy().then(() => self.clients.claim())));
self.addEventListener('fetch', (event) => {
    if (event.request.method !== 'GET') return;
    const made = answer(event.request, new URL(event.request.url));
    if (made) event.respondWith(made);
});
