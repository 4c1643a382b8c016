#pragma once

/*
 * What each organisation owed and did, and what was found under each clause: the history of
 * compliance. A view of counts, all of records in the register as of an entry; it weighs nothing,
 * and an organisation of which little is known looks like one that did little.
 *
 *   deadlines         its own, by state, `overdue` apart from `running`
 *   evidence, access  what it was asked for, by its answer (`asked`: none yet)
 *   restrictions      of monitors on its side, by type
 *   replies           by answer
 *   withdrawn         reports and claims that it took back itself
 *   findings          issued against it, by outcome; `responsibility` by mode
 *   consequences      that it owes, by state
 *   appeals, dissents its own
 *
 * by clause, that of the act found on: `findings` by outcome; and of all, `decisions`: proposed
 * rulings on cases by state, and `no_decision`, how often it was stated that there was none.
 */

#include "codec/json.h"
#include "store/store.h"

/* {"clauses":[{"clause","findings":{WORD:count}}],"decisions":{WORD:count},"organisations":[{"organisation",GROUP:{WORD:
 * count}}]}, each list in order of its ids, what was never counted left out. */
MUST_CHECK bool compliance_read(struct json *out, struct store_reader *reader, uint64_t as_of,
                                struct arena *arena, struct err *err);
