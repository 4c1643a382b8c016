/* node picture.mjs FILE: writes a picture, a PNG of a few stripes that says (Exif) that it was taken
 * south of Chaman on 15 October 2025 at 09:30 by a camera five hours ahead of UTC. */

import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';

const u16 = (n) => Buffer.from([n >> 8, n & 255]);
const u32 = (n) => Buffer.from([n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]);

const ascii = (text) => ({ type: 2, count: text.length + 1, bytes: Buffer.from(`${text}\0`) });
const long = (n) => ({ type: 4, count: 1, bytes: u32(n) });
const rationals = (...pairs) => ({ type: 5, count: pairs.length, bytes: Buffer.concat(pairs.flatMap(([a, b]) => [u32(a), u32(b)])) });

/* A big-endian TIFF of three directories, what does not fit into an entry behind them all. */
export function exif() {
    const camera = [[0x10f, ascii('Acme')], [0x110, ascii('Field 7')], [0x131, ascii('1.2.3')]];
    const picture = [[0x9003, ascii('2025:10:15 09:30:00')], [0x9011, ascii('+05:00')]];
    const place = [[1, ascii('N')], [2, rationals([30, 1], [55, 1], [1788, 100])],
        [3, ascii('E')], [4, rationals([66, 1], [27, 1], [0, 1])], [0x1f, rationals([5, 1])]];
    const size = (tags) => 2 + 12 * tags.length + 4;
    const pictureAt = 8 + size(camera) + 24;
    const placeAt = pictureAt + size(picture);
    camera.push([0x8769, long(pictureAt)], [0x8825, long(placeAt)]);
    let behind = placeAt + size(place);
    const values = [];
    const entry = ([tag, { type, count, bytes }]) => {
        const head = [u16(tag), u16(type), u32(count)];
        if (bytes.length <= 4) return Buffer.concat([...head, bytes, Buffer.alloc(4 - bytes.length)]);
        values.push(bytes);
        behind += bytes.length;
        return Buffer.concat([...head, u32(behind - bytes.length)]);
    };
    const directory = (tags) => Buffer.concat([u16(tags.length), ...tags.map(entry), u32(0)]);
    const directories = [camera, picture, place].map(directory);
    return Buffer.concat([Buffer.from('MM\0*'), u32(8), ...directories, ...values]);
}

function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
        sum ^= byte;
        for (let i = 0; i < 8; i++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
}

function chunk(type, bytes) {
    const body = Buffer.concat([Buffer.from(type), bytes]);
    return Buffer.concat([u32(bytes.length), body, u32(crc(body))]);
}

const SIDE = 96;
const row = (y) => Buffer.from([0, ...Array.from({ length: SIDE }, (_, x) => ((x + y) % 16 < 8 ? 70 : 190))]);
const picture = () => Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([u32(SIDE), u32(SIDE), Buffer.from([8, 0, 0, 0, 0])])),
    chunk('eXIf', exif()),
    chunk('IDAT', zlib.deflateSync(Buffer.concat(Array.from({ length: SIDE }, (_, y) => row(y))))),
    chunk('IEND', Buffer.alloc(0))]);

if (import.meta.url === pathToFileURL(process.argv[1]).href) fs.writeFileSync(process.argv[2], picture());
