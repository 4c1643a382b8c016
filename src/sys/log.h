#pragma once

/*
 * The program's own log: one JSON line each to standard error. A line carries entry
 * numbers and short hashes, never a name, a place or the text of a report: a leaked
 * log must put no observer in danger.
 */

#include "base/base.h"

enum log_level { LOG_INFO, LOG_WARNING, LOG_FAULT };
void log_line(enum log_level level, const char *what, const char *format, ...) PRINTF_LIKE(3, 4);
void log_quiet(bool quiet); /* for commands whose output a person reads */
