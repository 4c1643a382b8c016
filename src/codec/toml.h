#pragma once

/*
 * The subset of TOML 1.0 that agreements and settings are written in, read into
 * the values of codec/json.h: tables, arrays of tables, dotted and quoted keys,
 * basic and literal strings (both with their multi-line forms), decimal integers
 * within ±(2^53−1), arrays (several lines, trailing comma), inline tables,
 * comments. No floats, booleans, dates, or hex, octal and binary integers: they
 * are refused by name. What this reads, any TOML 1.0 parser reads to the same
 * value. doc/toml.md lists the subset.
 */

#include "codec/json.h"

/* Errors say line and column and what would be right. */
MUST_CHECK bool toml_parse(struct json *out, struct span text, struct arena *arena,
                           struct err *err);
