// The tree (format §5.1): RFC 6962 with SHA-256.

import { sha256 } from './bytes.mjs';

const node = (left, right) => sha256(Buffer.of(1), left, right);

export const leafHash = (entry) => sha256(Buffer.of(0), entry);

/** A tree that grows by one leaf at a time and remembers its root at every size. */
export class Tree {
    levels = []; // levels[l][n] is the root of the leaves from n * 2^l on, 2^l of them
    roots = [sha256('')];

    get size() {
        return this.roots.length - 1;
    }

    append(leaf) {
        let hash = leaf;
        for (let level = 0; ; level++) {
            const row = (this.levels[level] ??= []);
            row.push(hash);
            if (row.length % 2) break;
            hash = node(row.at(-2), row.at(-1));
        }
        this.roots.push(this.#fold());
    }

    /** Of the whole subtrees that make up the tree, one for each bit of its size, from the right. */
    #fold() {
        const peaks = this.levels.filter((row) => row.length % 2).map((row) => row.at(-1));
        return peaks.reduce((right, left) => node(left, right));
    }

    root(size) {
        return this.roots[size];
    }
}
