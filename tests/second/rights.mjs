// What keys may do: their roles, and whose place they have.

import { termOf } from './versions.mjs';

/** The name of the first key that had this key's place (format §6.6). */
export const firstOf = (rows, name) => rows.get('key', name)?.first ?? name;

/** Whether the role of a key has a capability. */
export const mayAct = (rows, key, capability) => {
    const role = key.role && termOf(rows, `role/${key.role}`);
    return Boolean(role?.may?.includes(capability) && mayHold(rows, role, key.org));
};

export const isGateway = (rows, { role }) => role !== undefined && termOf(rows, `role/${role}`).gateway === 1;

/** Whether an organisation is of one of the groups that a role is for. */
export const mayHold = (rows, role, org) =>
    (role?.groups ?? []).length === 0 ||
    role.groups.some((group) => termOf(rows, `group/${group}`).organisations.includes(org));
