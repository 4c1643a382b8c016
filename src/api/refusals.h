#pragma once

/*
 * What came in and was refused is recorded (intake.refuse): nobody can claim later that it never
 * came, nor that something else did. The bytes stay in quarantine (node/quarantine.h).
 */

#include "api/gateway.h"
#include "node/quarantine.h"

/* Signs what is due, by the gateway's key, and hands it in; that it could not be done is no fault,
 * and it is tried again. On the thread that takes turns, behind what the key signs for others. A
 * fault is one of our own disk. */
MUST_CHECK bool refusals_turn(struct node *node, struct gateway *gateway,
                              struct quarantine *quarantine, struct err *err);
