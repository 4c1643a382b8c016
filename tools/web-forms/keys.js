/* The cryptography that a browser may lack, and squares to show a key by. */

import qrcode from 'qrcode-generator';

export { ed25519 } from '@noble/curves/ed25519.js';
export { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

/* {size, dark: [[column, row], …]}: the smallest code that holds the text, able to lose a seventh. */
export function qrOf(text) {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const size = code.getModuleCount();
    const places = [...Array(size * size).keys()].map((n) => [n % size, Math.floor(n / size)]);
    return { size, dark: places.filter(([x, y]) => code.isDark(y, x)) };
}
