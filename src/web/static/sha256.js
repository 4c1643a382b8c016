/* SHA-256 (FIPS 180-4). Browsers keep theirs from pages that came over plain HTTP, as
 * from a node in the next room: so we bring our own. tests/web holds it to Node's. */

const K = constants(64, (prime) => fraction(Math.cbrt(prime)));
const START = constants(8, (prime) => fraction(Math.sqrt(prime)));

function fraction(root) {
    return ((root - Math.floor(root)) * 2 ** 32) >>> 0;
}

/* The first bits of the roots of the first primes, as the standard defines them. */
function constants(count, of) {
    const primes = [];
    for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    return Uint32Array.from(primes, of);
}

function padded(bytes) {
    const out = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
    out.set(bytes);
    out[bytes.length] = 0x80;
    const view = new DataView(out.buffer);
    view.setUint32(out.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(out.length - 4, bytes.length << 3);
    return view;
}

const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(view, at, state, w) {
    for (let n = 0; n < 16; n++) w[n] = view.getUint32(at + 4 * n);
    for (let n = 16; n < 64; n++) {
        const s0 = turn(w[n - 15], 7) ^ turn(w[n - 15], 18) ^ (w[n - 15] >>> 3);
        const s1 = turn(w[n - 2], 17) ^ turn(w[n - 2], 19) ^ (w[n - 2] >>> 10);
        w[n] = w[n - 16] + s0 + w[n - 7] + s1;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let n = 0; n < 64; n++) {
        const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[n] + w[n]) | 0;
        const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, n) => { state[n] += value; });
}

export function sha256(bytes) {
    const state = Uint32Array.from(START);
    const w = new Uint32Array(64);
    const view = padded(bytes);
    for (let at = 0; at < view.byteLength; at += 64) block(view, at, state, w);

    const out = new DataView(new ArrayBuffer(32));
    state.forEach((value, n) => out.setUint32(4 * n, value));
    return new Uint8Array(out.buffer);
}
