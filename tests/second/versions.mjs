// Versions of the agreement's terms (format §7.6).

const versionsOf = (rows) => rows.get('agreement', '1')?.versions ?? [];

const nowOf = (rows) => rows.get('clock', 'clock')?.now_ms ?? 0;

/** The number that the next version to be agreed has. */
export const nextVersion = (rows) => versionsOf(rows).length + 2;

export const hasBegun = (rows, version) =>
    version === 1 || versionsOf(rows)[version - 2]?.from_ms <= nowOf(rows);

/** The last agreed of those that have begun. */
export function versionInForce(rows) {
    let version = nextVersion(rows) - 1;
    while (!hasBegun(rows, version)) version--;
    return version;
}

export const termKey = (key, version) => (version === 1 ? key : `${key} ${version}`);

/** The head or an item of the terms. */
export const termOf = (rows, key, version = versionInForce(rows)) => rows.get('term', termKey(key, version));

/** The items of a section: [id, item]. */
export function itemsOf(rows, section, version) {
    const start = `${section}/`;
    const end = version === 1 ? '' : ` ${version}`;
    return rows
        .entries('term')
        .filter(([key]) => key.startsWith(start) && key.endsWith(end) && (version > 1 || !key.includes(' ')))
        .map(([, item]) => [item.id, item]);
}
