/* The worker that opens the form pages without a network. A browser runs one only on a page whose
 * certificate it trusts, or on this machine; without it the pages need the network, and what is
 * signed waits all the same. */

const SCOPE = '/form'; /* /form and /forms, and nothing else of this node */

export const mayWork = () => 'serviceWorker' in navigator;

export function startWorker() {
    if (mayWork()) navigator.serviceWorker.register('/form-worker.js', { scope: SCOPE }).catch(() => {});
}

/* True once the pages are here to be opened without a network. */
export async function isHere() {
    return mayWork() && Boolean((await navigator.serviceWorker.getRegistration(SCOPE))?.active);
}
