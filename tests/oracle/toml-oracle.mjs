// What our TOML reader says of each file beside what smol-toml says of it, as TAP.
//
//   node toml-oracle.mjs PRINT RULE=FOLDER…
//
// PRINT is the program of toml_print.c. The RULE of a folder is
//   accepted   both accept, to the same value
//   malformed  both refuse
//   outside    smol-toml accepts, we refuse: TOML, but not of our subset (doc/toml.md)
//   any        whatever we accept, smol-toml accepts, to the same value

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";

// Our canonical JSON of what smol-toml read. Integers come as bigints, so a number is a
// float; that, a boolean or a date is no value of ours, and has no canonical form.
function canonical(value) {
    if (typeof value === "bigint")
        return value.toString();
    if (typeof value === "string")
        return JSON.stringify(value);
    if (Array.isArray(value))
        return "[" + value.map(canonical).join(",") + "]";
    if (typeof value === "object" && !(value instanceof Date))
        return "{" + Object.keys(value).sort()
            .map(key => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
    throw new Error(`not a value of ours: ${value}`);
}

function theirs(path) {
    let value;
    try {
        const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        value = parse(text.decode(readFileSync(path)), { integersAsBigInt: true });
    } catch (error) {
        return { refused: error.message.split("\n")[0] };
    }
    try {
        return { value: canonical(value) };
    } catch (error) {
        return { value: `(${error.message})` };
    }
}

// Why a file breaks the rule of its folder; nothing when it holds.
const rules = {
    accepted: (ours, their) =>
        ours.refused ? `we refuse it: ${ours.refused}` : rules.any(ours, their),
    malformed: (ours, their) =>
        !ours.refused ? `we accept it: ${ours.value}` :
        !their.refused ? `smol-toml accepts it: ${their.value}` : null,
    outside: (ours, their) =>
        !ours.refused ? `we accept it: ${ours.value}` :
        their.refused ? `smol-toml refuses it: ${their.refused}` : null,
    any: (ours, their) =>
        ours.refused ? null :
        their.refused ? `smol-toml refuses what we accept: ${their.refused}` :
        ours.value !== their.value ? `we read ${ours.value}, smol-toml ${their.value}` : null,
};

function oursOf(print, paths) {
    if (paths.length === 0)
        return [];
    const lines = execFileSync(print, paths, { encoding: "utf-8", maxBuffer: 1 << 30 })
        .split("\n").slice(0, -1);
    if (lines.length !== paths.length)
        throw new Error(`${paths.length} files, ${lines.length} answers`);
    return lines.map(line => line.startsWith("ok ")
        ? { value: line.slice(3) } : { refused: line.slice(3) });
}

const [print, ...folders] = process.argv.slice(2);
const results = folders.flatMap(argument => {
    const [rule, folder] = argument.split("=");
    const paths = readdirSync(folder).sort().map(name => join(folder, name));
    if (paths.length === 0)
        return [{ name: folder, why: "no file in it" }];
    const ours = oursOf(print, paths);
    return paths.map((path, i) => ({ name: path, why: rules[rule](ours[i], theirs(path)) }));
});

console.log(`1..${results.length}`);
results.forEach(({ name, why }, i) => {
    console.log(`${why ? "not ok" : "ok"} ${i + 1} - ${name}`);
    if (why)
        console.log(`# ${why}`);
});
process.exitCode = results.some(result => result.why) ? 1 : 0;
