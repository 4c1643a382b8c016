/*
 * The key of this browser: an author's key (doc/format.md §1.4), made here, and with it an age
 * identity to read what is sealed to it. Where the browser has Ed25519 and X25519 itself, no script
 * can ever read the secrets, only use them; where it has not, they lie encrypted under a key of that
 * sort, and are in memory while used. doc/web-forms.md says what that is worth.
 */

import { base64, hex, joinBytes, utf8 } from './bytes.js';
import { sha256 } from './sha256.js';
import { keepFirst, kept } from './vault.js';

const TYPE_SIGNATURE = 1; /* doc/format.md §1.3 */
const FOR_SIGNING = ['sign', 'verify'];

export const library = () => import('./webforms/keys.js');
export const device = () => kept('device');

const keyId = (name, typed) => sha256(joinBytes(utf8(`${name}\n`), typed)).slice(0, 4);

export function vkeyOf(name, key) {
    const typed = joinBytes([TYPE_SIGNATURE], key);
    return `${name}+${hex(keyId(name, typed))}+${base64(typed)}`;
}

/* The browser's own kind of key, or null where it has none. */
async function ownPair(algorithm, usages) {
    try {
        return await crypto.subtle.generateKey({ name: algorithm }, false, usages);
    } catch {
        return null;
    }
}

async function sealed(bytes) {
    const under = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, under, bytes);
    return { under, nonce, box };
}

async function unsealed({ under, nonce, box }) {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, under, box));
}

async function makeSigning() {
    const own = await ownPair('Ed25519', FOR_SIGNING);
    if (own) return { secret: own.privateKey, key: new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey)) };
    const { ed25519 } = await library();
    const seed = crypto.getRandomValues(new Uint8Array(32));
    return { secret: await sealed(seed), key: ed25519.getPublicKey(seed) };
}

async function makeReading() {
    const { generateX25519Identity, identityToRecipient } = await library();
    const own = await ownPair('X25519', ['deriveBits']);
    if (own) return { identity: own.privateKey, recipient: await identityToRecipient(own.privateKey) };
    const text = await generateX25519Identity();
    return { identity: await sealed(utf8(text)), recipient: await identityToRecipient(text) };
}

/* Makes the key of this name; fails where the browser has one. */
export async function makeDevice(name, org, role) {
    const [{ secret, key }, { identity, recipient }] = await Promise.all([makeSigning(), makeReading()]);
    await keepFirst('device', { by: name, org, role, secret, key, vkey: vkeyOf(name, key), identity, recipient, made_ms: Date.now() });
    return device();
}

export const isOwn = ({ secret }) => secret instanceof CryptoKey;

async function signature({ secret }, bytes) {
    if (secret instanceof CryptoKey) return new Uint8Array(await crypto.subtle.sign('Ed25519', secret, bytes));
    const { ed25519 } = await library();
    const seed = await unsealed(secret);
    try {
        return ed25519.sign(bytes, seed);
    } finally {
        seed.fill(0);
    }
}

/* A signed note (doc/format.md §3.1): the text, an empty line, one signature line. */
export async function signNote(who, text) {
    const id = keyId(who.by, joinBytes([TYPE_SIGNATURE], who.key));
    const line = base64(joinBytes(id, await signature(who, utf8(text))));
    return `${text}\n— ${who.by} ${line}\n`;
}

/* For age-encryption: the key itself, or the text that it was sealed as. */
export async function identityOf({ identity }) {
    return identity instanceof CryptoKey ? identity : new TextDecoder().decode(await unsealed(identity));
}
