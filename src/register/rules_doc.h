#pragma once

/* The manual of the rules, printed from the tables that the program itself judges by. */

#include "base/buf.h"

/* doc/rules.md, whole. */
void rules_doc_put(struct buf *buf);
