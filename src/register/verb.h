#pragma once

/*
 * The verbs of a monitor, and the means that each fits: "saw" is said of what was seen. What was
 * assessed, corroborated or could not be confirmed may rest on any (rules 1, incident.observe).
 */

#include "base/span.h"

bool verb_fits(struct span verb, struct span means);
