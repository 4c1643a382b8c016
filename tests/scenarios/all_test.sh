#!/bin/sh
# Every acceptance scenario comes out: scenarios/AGREEMENT/*.txt, each under its own agreement.

cd "$(dirname "$0")/../.." || exit 1
exec "${SULH_BUILD:-build}/sulh" scenario scenarios/*/*.txt
