// Age recipients (format §1.6).

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const P = 2n ** 255n - 19n;

/** The numbers u whose every multiple by 8 is zero, on the curve and on its twist. */
const SMALL = [
    0n,
    1n,
    P - 1n,
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
];

/** The checksum's state over groups of five bits (BIP 173). */
const checksum = (groups) =>
    groups.reduce((sum, group) => {
        const top = sum >>> 25;
        return GENERATOR.reduce((s, g, i) => ((top >> i) & 1 ? s ^ g : s), ((sum & 0x1ffffff) << 5) ^ group);
    }, 1);

export function isAgeRecipient(text) {
    if (!/^age1[02-9ac-hj-np-z]{58}$/.test(text)) return false;
    const groups = [...text.slice(4)].map((letter) => LETTERS.indexOf(letter));
    const prefix = [...'age'].map((letter) => letter.charCodeAt(0));
    if (checksum([...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...groups]) !== 1) return false;
    const bits = groups.slice(0, 52).reduce((n, group) => (n << 5n) | BigInt(group), 0n);
    if (bits & 15n) return false; // spare
    const bytes = (bits >> 4n).toString(16).padStart(64, '0').match(/../g);
    const u = BigInt(`0x${bytes.reverse().join('')}`);
    return u < P && !SMALL.includes(u);
}
