// Ed25519 under the one rule of format §1.2.
//
// OpenSSL, behind node's crypto, refuses S >= L, and compares the bytes of [S]B - [k]A with R, without
// a cofactor. What it does not ask, that A be canonical and that A and R be of no small order, is
// asked here.

import { createPublicKey, verify as opensslVerify } from 'node:crypto';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n; // the order of B
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SPKI = Buffer.from('302a300506032b6570032100', 'hex'); // the DER before an Ed25519 public key

const mod = (n) => ((n % P) + P) % P;

/** The y coordinate of an encoded point, its sign bit left out. */
const yOf = (point) => BigInt(`0x${Buffer.from(point).reverse().toString('hex')}`) & (2n ** 255n - 1n);

/**
 * The eight points of small order: the neutral one and that of order 2 (y = 1, -1), two of order 4
 * (y = 0), and four of order 8. Twice one of these has y = 0: x² + y² = 0, with the curve's
 * equation -x² + y² = 1 + d x² y², hence d y⁴ + 2 y² = 1.
 */
function isSmallOrder(point) {
    const y2 = mod(yOf(point) ** 2n);
    return y2 === 0n || y2 === 1n || mod(D * y2 * y2 + 2n * y2) === 1n;
}

const isCanonical = (point) => yOf(point) < P;

/** n to the power of e, by squaring. */
function power(n, e) {
    let result = 1n;
    for (let base = mod(n), rest = e; rest > 0n; rest >>= 1n, base = mod(base * base)) {
        if (rest & 1n) result = mod(result * base);
    }
    return result;
}

/** Whether x² = (y² - 1) / (d y² + 1) has a solution: the quotient is a square where the product is. */
function isOnCurve(point) {
    const y2 = mod(yOf(point) ** 2n);
    return power((y2 - 1n) * (D * y2 + 1n), (P - 1n) / 2n) <= 1n;
}

/**
 * Whether L times the point is the neutral one: Montgomery's ladder (RFC 7748 §5) on the same curve
 * in its other form, u = (1 + y) / (1 - y), kept as a fraction; its denominator comes out as zero.
 */
function isInMainGroup(point) {
    const y = yOf(point);
    const [u, w] = [mod(1n + y), mod(1n - y)];
    let [x2, z2, x3, z3] = [1n, 0n, u, w];
    for (const bit of L.toString(2)) {
        if (bit === '1') [x2, z2, x3, z3] = [x3, z3, x2, z2];
        const [aa, bb] = [mod((x2 + z2) ** 2n), mod((x2 - z2) ** 2n)];
        const [da, cb] = [mod((x3 - z3) * (x2 + z2)), mod((x3 + z3) * (x2 - z2))];
        [x3, z3] = [mod(w * (da + cb) ** 2n), mod(u * (da - cb) ** 2n)];
        [x2, z2] = [mod(aa * bb), mod((aa - bb) * (aa + 121665n * (aa - bb)))];
        if (bit === '1') [x2, z2, x3, z3] = [x3, z3, x2, z2];
    }
    return z2 === 0n;
}

/** Whether 32 bytes can be a public key. */
export const isKey = (bytes) =>
    isCanonical(bytes) && !isSmallOrder(bytes) && isOnCurve(bytes) && isInMainGroup(bytes);

/** Whether a signature of 64 bytes holds for a key that `isKey`. */
export function verify(key, message, signature) {
    const r = signature.subarray(0, 32);
    if (!isCanonical(r) || isSmallOrder(r)) return false;
    const spki = Buffer.concat([SPKI, key]);
    return opensslVerify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}
