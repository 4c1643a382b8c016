// Checks doc/vectors.json against doc/format.md with none of our code: what is here was
// written from that page, on Node's SHA-256 and Ed25519. It does not know the rules; it
// recomputes ids, hashes, signatures, roots, times and digests, and holds the rows that the
// logs' entries wrote to each other.
//
//     node check_vectors.mjs doc/vectors.json
//
// Prints TAP; exits with 1 when something does not hold.

import {
    createDecipheriv, createHash, createPrivateKey, createPublicKey, verify as cryptoVerify,
} from "node:crypto";
import { readFileSync } from "node:fs";

let rows = 0;
let failed = 0;

function check(name, holds) {
    rows++;
    if (!holds) failed++;
    console.log(`${holds ? "ok" : "not ok"} ${rows} - ${name}`);
}

// A test that throws is a test that fails.
function attempt(name, test) {
    let holds = false;
    try {
        holds = test() === true;
    } catch (e) {
        console.error(`# ${name}: ${e.message}`);
    }
    check(name, holds);
}

function must(truth, what) {
    if (!truth) throw new Error(what);
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const bytesOf = (text) => Buffer.from(text, "utf8");
const sha256 = (...parts) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
};
const hex = (bytes) => bytes.toString("hex");
const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u32 = (n) => {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(n);
    return out;
};
const u64 = (n) => {
    const out = Buffer.alloc(8);
    out.writeBigUInt64BE(BigInt(n));
    return out;
};

// One spelling of the same bytes (format: "Words").
function base64(text) {
    const bytes = Buffer.from(text, "base64");
    must(bytes.toString("base64") === text, "not canonical base64");
    return bytes;
}

// --- §1 ----------------------------------------------------------------------

function isName(text) {
    return /^[a-z0-9._\-/]{1,100}$/.test(text) && !/^\/|\/$|\/\//.test(text);
}

const spki = Buffer.from("302a300506032b6570032100", "hex");
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

function verify(key, message, signature) {
    const der = Buffer.concat([spki, key]);
    return cryptoVerify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
}

function publicOf(seed) {
    const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
    return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
}

function keyId(name, type, key) {
    return sha256(bytesOf(name), Buffer.from([10, type]), key).subarray(0, 4);
}

function parseVkey(text) {
    const [name, id, typed, ...more] = text.split("+");
    // A plus of base64 is no separator: what is left belongs to the last part.
    const bytes = base64([typed, ...more].join("+"));
    must(isName(name) && bytes.length === 33, "not a vkey");
    const key = { name, type: bytes[0], key: bytes.subarray(1), id: Buffer.from(id, "hex") };
    must(hex(keyId(name, key.type, key.key)) === id, "the key id is another key's");
    return key;
}

// draft-irtf-cfrg-xchacha §2.2, of which Node has the rest: the key under which ChaCha20-Poly1305
// runs, of the real one and the first 16 bytes of the nonce.
function hchacha20(key, nonce) {
    const s = new Uint32Array(16);
    s.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    for (let i = 0; i < 8; i++) s[4 + i] = key.readUInt32LE(4 * i);
    for (let i = 0; i < 4; i++) s[12 + i] = nonce.readUInt32LE(4 * i);
    const mix = (a, b, d, bits) => {
        s[a] += s[b];
        s[d] ^= s[a];
        s[d] = (s[d] << bits) | (s[d] >>> (32 - bits));
    };
    const quarter = (a, b, c, d) => {
        mix(a, b, d, 16);
        mix(c, d, b, 12);
        mix(a, b, d, 8);
        mix(c, d, b, 7);
    };
    for (let round = 0; round < 10; round++) {
        for (let i = 0; i < 4; i++) quarter(i, 4 + i, 8 + i, 12 + i);
        for (let i = 0; i < 4; i++) quarter(i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
    }
    const out = Buffer.alloc(32);
    [0, 1, 2, 3, 12, 13, 14, 15].forEach((word, i) => out.writeUInt32LE(s[word], 4 * i));
    return out;
}

// What Argon2id makes of the passphrase is taken from the row: Node has no Argon2.
function openKeyFile(text, key) {
    const lines = text.split("\n");
    must(lines.length === 5 && lines[0] === "sulh/key/v1" && lines[4] === "", "not its four lines");
    must(/^argon2id [1-9][0-9]* [1-9][0-9]* [A-Za-z0-9+/]{22}==$/.test(lines[2]), "its third line");
    const box = base64(lines[3]);
    const nonce = Buffer.concat([Buffer.alloc(4), box.subarray(16, 24)]);
    const open = createDecipheriv("chacha20-poly1305", hchacha20(key, box), nonce, { authTagLength: 16 });
    open.setAAD(bytesOf(lines.slice(0, 3).join("\n") + "\n"));
    open.setAuthTag(box.subarray(-16));
    const plain = utf8.decode(open.update(box.subarray(24, -16)));
    open.final();
    return { vkey: lines[1], plain };
}

function checkKeys(keys) {
    for (const row of keys)
        attempt(`key ${row.name} of type ${row.type}`, () => {
            const key = publicOf(Buffer.from(row.seed_hex, "hex"));
            const typed = Buffer.concat([Buffer.from([row.type]), key]).toString("base64");
            const seed = Buffer.concat([Buffer.from([row.type]), Buffer.from(row.seed_hex, "hex")]);
            must(hex(key) === row.public_hex, "another public key");
            must(hex(keyId(row.name, row.type, key)) === row.key_id_hex, "another key id");
            must(`${row.name}+${row.key_id_hex}+${typed}` === row.vkey, "another vkey");
            parseVkey(row.vkey);
            return row.key_file === `PRIVATE+KEY+${row.name}+${row.key_id_hex}+${seed.toString("base64")}`;
        });
    for (const row of keys)
        attempt(`encrypted key ${row.name}`, () => {
            const { vkey, plain } = openKeyFile(row.encrypted_key_file, Buffer.from(row.argon2id_hex, "hex"));
            return vkey === row.vkey && plain === `${row.key_file}\n`;
        });
}

// --- §2.1: a parser of its own, as JSON.parse forgives too much ---------------------

function parseCanonical(text) {
    let at = 0;
    const rest = () => text.slice(at);
    const take = (pattern) => {
        const found = pattern.exec(rest());
        must(found, `not canonical at ${at}: ${JSON.stringify(rest().slice(0, 20))}`);
        at += found[0].length;
        return found[0];
    };
    const string = () => {
        // eslint-disable-next-line no-control-regex
        const raw = take(/^"(?:[^"\\\u0000-\u001f]|\\["\\btnfr]|\\u00(?:0[1-7be-f]|1[0-9a-f]))*"/);
        must(raw.isWellFormed(), "half a surrogate pair");
        return JSON.parse(raw);
    };
    const value = (depth) => {
        must(depth <= 32 || !/^[[{]/.test(rest()), "nested too deep");
        if (text[at] === '"') return string();
        if (text[at] === "[") {
            const list = [];
            take(/^\[/);
            while (text[at] !== "]") {
                if (list.length) take(/^,/);
                list.push(value(depth + 1));
            }
            take(/^\]/);
            return list;
        }
        if (text[at] === "{") {
            const object = {};
            let last = null;
            take(/^\{/);
            while (text[at] !== "}") {
                if (last !== null) take(/^,/);
                const key = string();
                must(/^[ -~]{1,64}$/.test(key) && !/["\\]/.test(key), "not a key");
                must(last === null || last < key, "keys out of order");
                last = key;
                take(/^:/);
                object[key] = value(depth + 1);
            }
            take(/^\}/);
            return object;
        }
        const number = Number(take(/^(?:0|-?[1-9][0-9]*)/));
        must(Number.isSafeInteger(number), "past 2^53 - 1");
        return number;
    };
    const out = value(1);
    must(at === text.length, "something is left over");
    return out;
}

function accepts(parse, input) {
    try {
        parse(input);
        return true;
    } catch {
        return false;
    }
}

// --- notes, records (§3), statements (§6.1) -------------------------------------

function parseNote(text) {
    const cut = text.lastIndexOf("\n\n");
    must(cut >= 0 && text.endsWith("\n"), "not a note");
    // eslint-disable-next-line no-control-regex
    must(!/[\u0000-\u0009\u000b-\u001f]/.test(text), "a control character");
    const lines = text.slice(cut + 2, -1).split("\n").map((line) => {
        const found = /^— (\S+) (\S+)$/.exec(line);
        must(found, "not a signature line");
        const blob = base64(found[2]);
        return { name: found[1], id: blob.subarray(0, 4), signature: blob.subarray(4) };
    });
    return { text: text.slice(0, cut + 1), lines };
}

const isLineOf = (line, key) => line.name === key.name && line.id.equals(key.id);

function parseRecord(bytes) {
    must(bytes.length <= 65535, "too large");
    const note = parseNote(utf8.decode(bytes));
    const lines = note.text.slice(0, -1).split("\n");
    must(note.lines.length === 1 && note.lines[0].signature.length === 64, "not one signature");
    must(lines.length === 3 && isName(lines[0]), "not three lines");
    const second = /^([a-z_]+(?:\.[a-z_]+)?) ([1-9][0-9]{0,9})$/.exec(lines[1]);
    must(second && second[1].length <= 32 && Number(second[2]) <= 4294967295, "not a kind");
    const object = parseCanonical(lines[2]);
    const { body, by, prev, said_at_ms: said, seen, seq } = object;
    must(Object.keys(object).join() === "body,by,prev,said_at_ms,seen,seq", "other members");
    must(body.constructor === Object && isName(by) && by === note.lines[0].name, "body or by");
    must(prev === "" || /^[0-9a-f]{64}$/.test(prev), "prev");
    must(Number.isInteger(said) && said >= -62104060800000 && said <= 253370764799999, "said_at_ms");
    must(Object.keys(seen).join() === "root,size" && /^[0-9a-f]{64}$/.test(seen.root), "seen");
    must(Number.isInteger(seen.size) && seen.size >= 0, "seen");
    must(Number.isInteger(seq) && seq >= 1, "seq");
    return {
        note, body, by, prev, seen, seq,
        agreement: lines[0], kind: second[1], version: Number(second[2]),
        id: hex(sha256(bytesOf(note.text))),
    };
}

function checkRecords(records, refused) {
    for (const row of records)
        attempt(`record ${row.kind} of ${row.by}`, () => {
            const record = parseRecord(bytesOf(row.note));
            must(record.note.text === row.text, "another text");
            return ["id", "agreement", "kind", "version", "by", "seq", "prev"]
                .every((member) => record[member] === row[member]);
        });
    for (const row of refused)
        check(`no record: ${row.why}`, !accepts(parseRecord, bytesOf(row.note)));
}

const statementMembers = {
    promise: "at_ms,id,index,leaf,origin",
    refusal: "at_ms,id,origin,reason,size",
    freeze: "next_log_key,next_origin,next_promise_key,origin,root,size",
    "sign-in": "at_ms,node,nonce",
    pin: "certificate,from_ms,to_ms",
    rotate: "from,key",
};

function checkStatements(statements) {
    for (const row of statements)
        attempt(`statement ${row.word}`, () => {
            const note = parseNote(row.note);
            const lines = note.text.slice(0, -1).split("\n");
            const key = parseVkey(row.vkey);
            must(lines.length === 3 && isName(lines[0]) && lines[1] === row.word, "its lines");
            must(Object.keys(parseCanonical(lines[2])).join() === statementMembers[row.word], "its members");
            must(note.lines.length === 1 && isLineOf(note.lines[0], key), "its signer");
            must(!accepts(parseRecord, bytesOf(row.note)), "it is a record too");
            return verify(key.key, bytesOf(note.text), note.lines[0].signature);
        });
}

// --- §4 ----------------------------------------------------------------------

function checkParts(parts) {
    for (const row of parts)
        attempt("part", () => {
            const stored = base64(row.stored_b64);
            const [part] = row.parts;
            must(stored.equals(Buffer.concat([Buffer.from(row.salt_hex, "hex"), bytesOf(row.bytes)])), "stored");
            must(part.commitment === hex(sha256(bytesOf("sulh/part/v1\n"), stored)), "commitment");
            must(accepts(parseCanonical, row.bytes), "not canonical");
            return part.stored === hex(sha256(stored)) && part.tier === "public" && part.recipients.length === 0;
        });
}

// --- §5 ----------------------------------------------------------------------

const leafOf = (entry) => sha256(Buffer.from([0]), entry);
const nodeOf = (left, right) => sha256(Buffer.from([1]), left, right);

function rootOf(leaves) {
    if (leaves.length === 0) return sha256();
    if (leaves.length === 1) return leaves[0];
    let split = 1;
    while (2 * split < leaves.length) split *= 2;
    return nodeOf(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

// RFC 9162 §2.1.3.2.
function rootByProof(leaf, index, size, proof) {
    let [fn, sn, root] = [index, size - 1, leaf];
    for (const hash of proof) {
        must(sn > 0, "the proof is too long");
        if (fn % 2 === 1 || fn === sn) {
            root = nodeOf(hash, root);
            while (fn % 2 === 0 && fn > 0) [fn, sn] = [fn >> 1, sn >> 1];
        } else root = nodeOf(root, hash);
        [fn, sn] = [fn >> 1, sn >> 1];
    }
    must(sn === 0, "the proof is too short");
    return root;
}

function parseCheckpoint(note) {
    const [origin, size, root, end, ...more] = note.text.split("\n");
    must(isName(origin) && /^(0|[1-9][0-9]*)$/.test(size) && end === "" && !more.length, "not a checkpoint");
    return { origin, size: Number(size), root: base64(root) };
}

// The seconds of a witness's cosignature, or null.
function cosigned(note, key) {
    const line = note.lines.find((l) => isLineOf(l, key));
    if (!line || key.type !== 4 || line.signature.length !== 72) return null;
    const seconds = line.signature.readBigUInt64BE();
    const message = bytesOf(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    return verify(key.key, message, line.signature.subarray(8)) ? Number(seconds) : null;
}

function signedBy(note, key) {
    const lines = note.lines.filter((line) => isLineOf(line, key));
    return key.type === 1 && lines.length === 1 && verify(key.key, bytesOf(note.text), lines[0].signature);
}

function bundleOf(entries) {
    return Buffer.concat(entries.flatMap((entry) => [u16(entry.length), entry]));
}

function checkPublished(published, entries) {
    const leaves = entries.map(leafOf);
    const note = parseNote(published.checkpoint);
    const checkpoint = parseCheckpoint(note);
    const log = parseVkey(published.log_vkey);

    attempt("checkpoint", () => {
        must(checkpoint.size === entries.length && checkpoint.root.equals(rootOf(leaves)), "size or root");
        return checkpoint.origin === log.name && signedBy(note, log);
    });
    published.witness_vkeys.forEach((vkey, i) =>
        attempt(`cosignature of ${parseVkey(vkey).name}`, () =>
            cosigned(note, parseVkey(vkey)) === published.witness_seconds[i]));
    attempt("receipt", () => {
        const text = published.receipt.text;
        const cut = text.indexOf("\n\n");
        const [header, extra, index, ...proof] = text.slice(0, cut).split("\n");
        must(header === "c2sp.org/tlog-proof@v1" && text.slice(cut + 2) === published.checkpoint, "its form");
        must(index === `index ${published.receipt.index}` && extra.startsWith("extra "), "its lines");
        const entry = base64(extra.slice(6));
        must(entry.equals(entries[published.receipt.index]), "another entry");
        const root = rootByProof(leafOf(entry), published.receipt.index, checkpoint.size, proof.map(base64));
        return root.equals(checkpoint.root);
    });
    attempt("tiles", () => {
        must(published.tile_path === `tile/0/000.p/${entries.length}`, "its path");
        must(published.bundle_path === `tile/entries/000.p/${entries.length}`, "the bundle's path");
        must(base64(published.tile_b64).equals(Buffer.concat(leaves)), "its hashes");
        return base64(published.bundle_b64).equals(bundleOf(entries));
    });
}

function checkStage(stage) {
    attempt("staged batch", () => {
        const entries = stage.entries_b64.map(base64);
        const parts = stage.parts_b64.map(base64);
        const payload = Buffer.concat([
            bundleOf(entries),
            ...parts.flatMap((part) => [sha256(part), u32(part.length), part]),
        ]);
        const batch = Buffer.concat([
            bytesOf("SLHB"), u64(stage.first), u32(entries.length), u32(parts.length), u32(payload.length), payload,
        ]);
        return base64(stage.batch_b64).equals(Buffer.concat([batch, sha256(batch)]));
    });
}

function checkSubmission(submission) {
    attempt("submission", () => {
        const body = submission.records.flatMap((row) => {
            const note = base64(row.note_b64);
            const parts = row.parts_b64.map(base64);
            return [u32(note.length), note, u16(parts.length), ...parts.flatMap((part) => [u32(part.length), part])];
        });
        return base64(submission.body_b64).equals(Buffer.concat(body));
    });
}

// --- §8 to §10 -----------------------------------------------------------------

function checkOrder(effects) {
    const before = (a, b) => Buffer.compare(bytesOf(a), bytesOf(b));
    for (let i = 1; i < effects.length; i++) {
        const [table, key] = effects[i];
        const order = before(effects[i - 1][0], table) || before(effects[i - 1][1], key);
        must(order < 0, "effects out of order");
    }
}

// What the signature and the chain of an entry must be, going by the rows before it.
function checkEntry(entry, index, rows, verdict) {
    const word = verdict.verdict;
    if (word === "void" && verdict.reason === "not_a_record") {
        must(!accepts(parseRecord, entry), "it is a record");
        return;
    }
    const record = parseRecord(entry);
    const row = rows.get(`key ${record.by}`);
    must(verdict.id === record.id && verdict.kind === record.kind, "another id or kind in its verdict");
    must((verdict.reason === "unknown_key") === !row && (row || word === "void"), "who is unknown");
    if (!row) return;
    const key = parseVkey(row.vkey);
    const [line] = record.note.lines;
    const holds = key.type === 1 && isLineOf(line, key) && verify(key.key, bytesOf(record.note.text), line.signature);
    must(holds === (verdict.reason !== "bad_signature"), "its signature");
    must((row.state === "revoked" && row.revoked_at < index) === (verdict.reason === "revoked_key"), "who is revoked");
    if (word === "void") return;
    const at = (seq) => rows.get(`chain ${record.by} ${String(seq).padStart(16, "0")}`);
    must(at(record.seq).id === record.id && at(record.seq).index === index, "its place in the chain");
    const marks = verdict.marks ?? [];
    const gap = record.seq > 1 && at(record.seq - 1) === undefined;
    must(gap === marks.includes("gap"), "a gap");
    if (record.seq > 1 && !gap) must(at(record.seq - 1).id === record.prev, "its prev");
}

// §6.6: both sign, and from then on the new key is what the old one was.
function checkRotation(entry, rows, after, verdict) {
    const record = parseRecord(entry);
    if (record.kind !== "member.rotate") return;
    const { key, consent } = record.body;
    const vkey = parseVkey(key);
    const note = parseNote(consent);
    const text = `${record.agreement}\nrotate\n${JSON.stringify({ from: record.by, key })}\n`;
    const signed = note.text === text && note.lines.length === 1 && signedBy(note, vkey);
    must(signed === (verdict.verdict !== "void"), "its consent");
    if (!signed) return;
    const was = rows.get(`key ${record.by}`);
    const [old, now] = [after.get(`key ${record.by}`), after.get(`key ${vkey.name}`)];
    must(old.state === "revoked" && old.replaced_by === vkey.name, "the old key");
    must(now.state === "active" && ["job", "org", "role"].every((member) => now[member] === was[member]), "the new key");
    must(now.first === (was.first ?? record.by), "the first of its place");
    const { operator, roots } = after.get("agreement 1");
    must(operator !== record.by && !roots.includes(record.by), "the agreement still names the old key");
}

function checkSeen(record, index, roots, marks) {
    const { size, root } = record.seen;
    must((size > index) === marks.includes("ahead"), "ahead");
    must((size <= index && root !== roots[size]) === marks.includes("seen"), "seen");
}

// §8: the time of a tick that holds, from its own bytes and the rows before it.
function timeOfTick(record, rows, roots) {
    const quorum = rows.get("quorum quorum");
    if (quorum.quorum === 0) return record.body.at_ms;
    const note = parseNote(record.body.checkpoint);
    const checkpoint = parseCheckpoint(note);
    must(signedBy(note, parseVkey(rows.get("agreement 1").log_key)), "not signed by the log");
    must(hex(checkpoint.root) === roots[checkpoint.size], "of another tree");
    must(checkpoint.size > (rows.get("clock clock")?.size ?? 0), "not past the last tick");
    must(checkpoint.size > (rows.get("agreement 1").term_from ?? 0), "of a term before");
    const seconds = quorum.witnesses
        .map((name) => cosigned(note, parseVkey(rows.get(`key ${name}`).vkey)))
        .filter((time) => time !== null)
        .sort((a, b) => a - b);
    must(seconds.length >= quorum.quorum, "too few cosignatures");
    return seconds[Math.ceil(seconds.length / 2) - 1] * 1000;
}

function checkTick(entry, rows, after, roots, verdict) {
    const record = parseRecord(entry);
    if (record.kind !== "clock.tick") return;
    let time = null;
    try {
        time = timeOfTick(record, rows, roots);
    } catch (e) {
        must(verdict.verdict === "void", e.message);
    }
    if (verdict.verdict !== "void") must(after.get("clock clock").now_ms === time, "another time");
}

// §7.5: what a hand-over that holds says, from the notes in it and the rows before it.
function checkHandOver(entry, index, before, after, roots, verdict) {
    const record = parseRecord(entry);
    if (record.kind !== "term.open" || verdict.verdict === "void") return;
    const agreement = before.get("agreement 1");
    const { quorum, witnesses } = before.get("quorum quorum");
    const notes = record.body.freezes.map(parseNote);
    const [name, word, third] = notes[0].text.split("\n");
    const said = parseCanonical(third);
    const orgs = notes.map((note) => {
        const key = before.get(`key ${note.lines[0].name}`);
        must(note.text === notes[0].text && note.lines.length === 1, "not of one text");
        must(key.job === "node" && signedBy(note, parseVkey(key.vkey)), "not signed by a node");
        must(witnesses.some((witness) => before.get(`key ${witness}`).org === key.org), "no witness");
        return key.org;
    });
    must(new Set(orgs).size === orgs.length && orgs.length >= quorum && quorum > 0, "no quorum");
    must(name === agreement.name && word === "freeze" && said.origin === agreement.origin, "of another log");
    must(said.size === index && said.root === roots[index], "of another tree");
    const [was, will] = [agreement.origin, said.next_origin].map((origin) => {
        must(origin.startsWith(`${name}/term/`), "no term");
        return Number(origin.slice(name.length + 6));
    });
    must(Number.isSafeInteger(will) && will > was, "no later term");
    must(parseVkey(said.next_log_key).name === said.next_origin, "the log key's name");
    const term = {
        log_key: said.next_log_key, operator: record.by, origin: said.next_origin, promise_key: said.next_promise_key,
    };
    const row = after.get(`hand_over ${String(index).padStart(16, "0")}`);
    must(row.from === index && row.previous === agreement.origin, "its row");
    for (const [member, value] of Object.entries(term))
        must(row[member] === value && after.get("agreement 1")[member] === value, `another ${member}`);
    for (const member of ["log_key", "promise_key"])
        must(after.get(`key ${parseVkey(agreement[member]).name}`).state === "ended", `the ${member} before`);
    must(after.get("agreement 1").term_from === index, "another beginning");
    must(after.get("quorum quorum").pending.length === 0, "witnesses that wait");
}

function checkLog(name, log) {
    const rows = new Map();
    const leaves = [];
    const roots = [hex(sha256())];
    let digest = Buffer.alloc(32);

    log.entries.forEach((row, index) =>
        attempt(`log ${name}, entry ${index}: ${row.verdict}`, () => {
            const entry = base64(row.entry_b64);
            const effects = parseCanonical(row.effects);
            const before = new Map(rows);

            leaves.push(leafOf(entry));
            roots.push(hex(rootOf(leaves)));
            digest = sha256(digest, u64(index), bytesOf(row.effects));
            checkOrder(effects);
            for (const [table, key, value] of effects) {
                const place = `${table} ${key}`;
                if (value === undefined) must(rows.delete(place), "removes what is not there");
                else {
                    must(JSON.stringify(before.get(place)) !== JSON.stringify(value), "changes nothing");
                    rows.set(place, value);
                }
            }
            const verdict = rows.get(`verdict ${String(index).padStart(16, "0")}`);
            const said = [verdict.verdict, ...(verdict.marks ?? [])];
            if (verdict.verdict === "void") said.push(verdict.reason, verdict.clause);
            must(said.join(" ") === row.verdict, "another verdict");
            if (index > 0) checkEntry(entry, index, rows, verdict);
            if (verdict.verdict !== "void") {
                checkSeen(parseRecord(entry), index, roots, verdict.marks ?? []);
                checkTick(entry, before, rows, roots, verdict);
                checkHandOver(entry, index, before, rows, roots, verdict);
            }
            if (verdict.verdict !== "void" || verdict.reason === "consent") checkRotation(entry, before, rows, verdict);
            must(roots[index + 1] === row.root_hex, "another root");
            return hex(digest) === row.digest_hex;
        }));
    attempt(`log ${name}: size and root`, () =>
        log.size === log.entries.length && log.root_hex === roots.at(-1));
    attempt(`log ${name}: entry 0 is signed by the first root that it names`, () => {
        const record = parseRecord(base64(log.entries[0].entry_b64));
        const key = parseVkey(record.body.roots[0].key);
        return isLineOf(record.note.lines[0], key)
            && verify(key.key, bytesOf(record.note.text), record.note.lines[0].signature);
    });
}

// --- all ---------------------------------------------------------------------

const vectors = JSON.parse(utf8.decode(readFileSync(process.argv[2])));

for (const name of vectors.names.accepted) check(`name ${name}`, isName(name));
for (const name of vectors.names.refused) check(`no name: "${name}"`, !isName(name));
checkKeys(vectors.keys);
for (const text of vectors.canonical_json.accepted)
    check(`canonical: ${text}`, accepts(parseCanonical, text));
for (const row of vectors.canonical_json.refused)
    check(`not canonical: ${row.why}`, !accepts(parseCanonical, row.text));
checkRecords(vectors.records, vectors.not_records);
checkParts(vectors.parts);
checkStatements(vectors.statements);
for (const [name, log] of Object.entries(vectors.logs)) checkLog(name, log);
checkPublished(vectors.published, vectors.logs.operators_clock.entries.map((row) => base64(row.entry_b64)));
checkStage(vectors.stage);
checkSubmission(vectors.submission);
console.log(`1..${rows}`);
process.exit(failed ? 1 : 0);
