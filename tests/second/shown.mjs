#!/usr/bin/env node
// What `sulh show DIR entry N --json` prints, an entry a line, to the row of its verdict, a line each.

import { readFileSync } from 'node:fs';
import { print } from './json.mjs';

for (const line of readFileSync(0, 'utf8').trimEnd().split('\n')) console.log(print(JSON.parse(line).verdict));
