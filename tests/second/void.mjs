// What makes a record void.

import { termOf, versionInForce } from './versions.mjs';

/** A record is void for a reason of doc/rules.md; the clause where it is not that reason's own. */
export class Void extends Error {
    constructor(reason, clause) {
        super(reason);
        this.reason = reason;
        this.clause = clause;
    }
}

export const refuseIf = (is, reason, clause) => {
    if (is) throw new Void(reason, clause);
};

/** Where there is no move the clause is the agreement's own. */
export const noMove = (rows, version = versionInForce(rows)) =>
    new Void('no_move', termOf(rows, 'agreement', version).no_move);
