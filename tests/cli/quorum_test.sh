#!/bin/sh
# sulh quorum: from two numbers, and from the witnesses that a log has admitted.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/node

# How many split, how many stop; "none" where nobody can.
answer() { # ARGUMENT...
    "$sulh" quorum "$@" --json | json \
        '" ".join(str(o[q].get("witnesses", "none")) for q in ("split", "stop"))'
}

# --- of N, K: split, stop ---

while read -r of need wanted; do
    is "$need of $of" "$(answer --of "$of" --need "$need")" "$wanted"
done <<EOT
4 3 2 2
4 4 4 1
5 4 3 2
7 4 1 4
7 5 3 3
7 6 5 2
7 3 0 5
0 0 0 none
3 4 none 0
64 43 22 22
EOT
expect "in words" 0 '^split +any 3 and the operator can give' \
    "$sulh" quorum --of 7 --need 5
expect "the operator alone" 0 '^split +the operator alone' "$sulh" quorum --of 7 --need 3
expect "nobody" 0 '^split +nobody' "$sulh" quorum --of 3 --need 4

expect "of how many" 2 'either a directory, or --of N and --need K' "$sulh" quorum --need 5
expect "how many needed" 2 'either a directory, or --of N and --need K' "$sulh" quorum --of 5
expect "both" 2 'either a directory, or --of N and --need K' "$sulh" quorum "$dir" --of 5
expect "no number" 2 '--of must be a decimal number' "$sulh" quorum --of five --need 5
expect "too many witnesses" 2 '--of is at most 64' "$sulh" quorum --of 65 --need 5
expect "too many needed" 2 '--need is at most 64' "$sulh" quorum --of 5 --need 65
expect "no directory" 1 'directory /nowhere: there is none' "$sulh" quorum /nowhere

# --- of a log ---

"$sulh" init "$dir" --agreement $agreement --demo >/dev/null
is "a log without witnesses" "$(answer "$dir")" "0 none"
expect "whose operator is none of them" 0 \
    '^operator +observer/open-source, which has none among the witnesses$' "$sulh" quorum "$dir"
done_testing
