// Ed25519 under the one rule of format §1.2.
//
// OpenSSL, behind node's crypto, already refuses S >= L and an A that is not on the curve, and
// compares the bytes of [S]B - [k]A with R, without a cofactor: so an R that is not canonical
// never passes. It asks neither that A be canonical nor that A and R be of no small order.

import { createPublicKey, verify as opensslVerify } from 'node:crypto';

const P = 2n ** 255n - 19n;
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

/** Whether a signature of 64 bytes holds for a key of 32 bytes. */
export function verify(key, message, signature) {
    const r = signature.subarray(0, 32);
    if (!isCanonical(key) || !isCanonical(r) || isSmallOrder(key) || isSmallOrder(r)) return false;
    try {
        const spki = Buffer.concat([SPKI, key]);
        return opensslVerify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
    } catch {
        return false; // no point of the curve
    }
}
