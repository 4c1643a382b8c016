// Making logs by hand: keys, records, cosigned checkpoints, and a directory of them (format §1.3, §3,
// §5). What the door would turn away can stand in such a log.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hex, sha256, u64 } from './bytes.mjs';
import { print } from './json.mjs';
import { leafHash, Tree } from './merkle.mjs';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex'); // the DER before a seed
const NOTHING = { root: hex(sha256('')), size: 0 };

/** A key whose seed is the hash of its name: nobody's but a test's. */
export class Key {
    constructor(name, type = 1, seed = sha256(name)) {
        const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
        const point = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
        const typed = Buffer.concat([Buffer.of(type), point]);
        this.secret = secret;
        this.name = name;
        this.id = sha256(`${name}\n`, typed).subarray(0, 4);
        this.vkey = `${name}+${hex(this.id)}+${typed.toString('base64')}`;
    }

    line(text) {
        const bytes = Buffer.concat([this.id, sign(null, Buffer.from(text), this.secret)]);
        return `— ${this.name} ${bytes.toString('base64')}\n`;
    }

    cosign(text, seconds) {
        const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), this.secret);
        return `— ${this.name} ${Buffer.concat([this.id, u64(seconds), signature]).toString('base64')}\n`;
    }
}

/** A log in the making. `add` chains each key's records; `over` puts something else in the envelope. */
export class Hand {
    entries = [];
    tree = new Tree();
    #chains = new Map();

    constructor(agreement) {
        this.agreement = agreement;
    }

    get size() {
        return this.entries.length;
    }

    addBytes(bytes) {
        this.entries.push(Buffer.from(bytes));
        this.tree.append(leafHash(this.entries.at(-1)));
    }

    /** Appends a record and returns its id. A record that is to stand outside the chain says `aside`. */
    add(key, kind, body, { aside = false, agreement = this.agreement, signer = key, spoil = false, ...over } = {}) {
        const last = this.#chains.get(key.name) ?? { seq: 0, id: this.first ?? '' };
        const chain = { prev: last.id, seq: last.seq + 1 };
        const object = { body, by: key.name, said_at_ms: 1760000000000, seen: NOTHING, ...chain, ...over };
        const text = `${agreement}\n${kind.includes(' ') ? kind : `${kind} 1`}\n${print(object)}\n`;
        const id = hex(sha256(text));
        const line = spoil ? signer.line(`${text} `) : signer.line(text);
        this.addBytes(`${text}\n${line}`);
        this.first ??= id;
        if (!aside) this.#chains.set(key.name, { id, seq: object.seq });
        return id;
    }

    checkpointText(origin, size = this.size) {
        return `${origin}\n${size}\n${this.tree.root(size).toString('base64')}\n`;
    }

    /** A checkpoint of `size` entries, signed by the log's key and cosigned: [key, seconds] each. */
    checkpoint(logKey, size, cosigners = []) {
        const text = this.checkpointText(logKey.name, size);
        return `${text}\n${logKey.line(text)}${cosigners.map(([key, seconds]) => key.cosign(text, seconds)).join('')}`;
    }

    /** A freeze note (format §6.4) by this node key. */
    freeze(key, members, word = 'freeze', agreement = this.agreement) {
        const text = `${agreement}\n${word}\n${print(members)}\n`;
        return `${text}\n${key.line(text)}`;
    }

    /** A directory that the program can open: the log, what its key signed last, settings. */
    write(dir, logKey, { promise, operator }) {
        const put = (path, bytes) => {
            mkdirSync(dirname(join(dir, path)), { recursive: true });
            writeFileSync(join(dir, path), bytes);
        };
        const bundle = this.entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]);
        for (let at = 0; at < this.size; at += 256) {
            const width = Math.min(256, this.size - at);
            const path = String(at / 256).padStart(3, '0') + (width < 256 ? `.p/${width}` : '');
            put(`log/tile/entries/${path}`, Buffer.concat(bundle.slice(2 * at, 2 * (at + width))));
            put(`log/tile/0/${path}`, Buffer.concat(this.tree.levels[0].slice(at, at + width)));
        }
        const full = this.tree.levels[8] ?? [];
        if (full.length) put(`log/tile/1/000.p/${full.length}`, Buffer.concat(full));
        put('log/checkpoint', this.checkpoint(logKey, this.size));
        put('log.vkey', `${logKey.vkey}\n`);
        const last = this.checkpointText(logKey.name);
        put('signer', `${last}${hex(sha256(last))}\n`);
        const settings = [
            `agreement = "${this.agreement}"`,
            `origin = "${logKey.name}"`,
            `promise = "${promise.name}"`,
            `name = "${operator.name}"`,
        ];
        put('sulh.toml', ['[node]', ...settings, ''].join('\n'));
        mkdirSync(join(dir, 'stage'), { recursive: true });
    }
}
