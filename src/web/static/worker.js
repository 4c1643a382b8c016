/* The worker that opens the form pages without a network. A browser runs one only on a page whose
 * certificate it trusts, or on this machine; without it the pages need the network, and what is
 * signed waits all the same. */

const SCOPE = '/form'; /* /form and /forms, and nothing else of this node */

let registered = Promise.resolve(null);

export function startWorker() {
    if ('serviceWorker' in navigator) registered = navigator.serviceWorker.register('/form-worker.js', { scope: SCOPE }).catch(() => null);
}

/* "here": the pages can be opened without a network; "not_yet"; or "never", where this browser runs no worker. */
export async function offline() {
    const registration = await registered;
    if (!registration) return 'never';
    return registration.active ? 'here' : 'not_yet';
}
