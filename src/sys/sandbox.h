#pragma once

/*
 * What a process gives up for good, so that whoever takes it over has nothing in hand. The
 * kernel keeps it to that (seccomp), and ends it for whatever else it tries.
 */

#include "base/err.h"

/* Left to it are: messages on `channel`; writing, syncing and closing what is open; making files
 * that were not there, renaming and removing them; taking memory, and looking at the clock. It
 * reads no file. A fault leaves it as it was, or with less. */
MUST_CHECK bool sandbox_enter(int channel, struct err *err);
