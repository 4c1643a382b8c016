// Writes COUNT small TOML texts to FOLDER, the same on every run: few keys, so that headers,
// dotted keys and inline tables meet in every way that TOML has a rule about.
//
//   node toml-documents.mjs FOLDER COUNT

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

let state = 1;
function below(n) { // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
}

const times = (n, make) => Array.from({ length: n }, make);
const key = () => times([1, 1, 1, 2, 2, 3][below(6)], () => "abc"[below(3)]).join(".");
const pair = depth => `${key()} = ${value(depth)}`;

function value(depth) {
    switch (depth > 2 ? 0 : below(6)) {
    case 4:
        return `[${times(below(3), () => value(depth + 1)).join(", ")}]`;
    case 5:
        return `{${times(below(4), () => pair(depth + 1)).join(", ")}}`;
    default:
        return String(below(10));
    }
}

function line() {
    const kind = below(10);
    return kind < 3 ? `[${key()}]` : kind < 5 ? `[[${key()}]]` : pair(0);
}

const [folder, count] = process.argv.slice(2);
mkdirSync(folder);
for (let i = 0; i < Number(count); i++)
    writeFileSync(join(folder, `${i}.toml`), times(1 + below(7), line).join("\n") + "\n");
