# For tests of several nodes, after tap.sh and cli.sh: a mission of seven organisations, each with
# its own keys and its own directory, whose agreement their roots sign as doc/ceremony.md says.
# Node N is $work/N, at ${url_N}; node 1 keeps the log.

nodes="1 2 3 4 5 6 7"
readers=${readers-}
inside=${inside-}
patience=120 # seconds
# In the order of the quorum: two parties, two mediators, three observers.
orgs="mediator/qatar party/pakistan party/afghanistan mediator/turkiye observer/mission observer/oic \
observer/un"
roots="mediator/qatar mediator/turkiye party/afghanistan party/pakistan"

org_of() { # N
    echo "$orgs" | tr -s ' \n' '\n' | sed -n "$1p"
}

# Where nodes listen: sixteen ports that no other test takes, locked as long as this one is there or
# anything that it started, and below those that the kernel gives to whoever asks for any.
reserve_ports() {
    locks=${TMPDIR:-/tmp}/sulh-test-ports
    mkdir -p -m 1777 "$locks"
    port=10000
    until command exec 9>"$locks/$port" && flock -n 9 && python3 - $port <<'END'; do
import socket, sys
for n in range(16):
    socket.socket().bind(("127.0.0.1", int(sys.argv[1]) + n))
END
        port=$((port + 16))
        [ $port -lt 32000 ] || give_up "ports" "none is free"
    done 2>/dev/null
}

# The next of them, in $port.
next_port() {
    port=$((port + 1))
}

key_file() { # ORG JOB
    echo "$work/keys/$(echo "$1" | tr / -)-$2.key"
}

# What a desk reads with; there are such only where a test sets `readers`.
age_file() { # ORG
    echo "$work/keys/$(echo "$1" | tr / -)-desk.age"
}

make_key() { # FILE NAME [OPTION...]
    file=$1 name=$2
    shift 2
    "$sulh" key new "$file" "$name" --plain "$@" >/dev/null
}

# Every organisation's keys, as each would make them on its own machine, and what it hands over.
make_keys() { # AGREEMENT-NAME
    mkdir -p "$work/keys"
    for n in $nodes; do
        org=$(org_of "$n")
        make_key "$(key_file "$org" node)" "$org/node"
        make_key "$(key_file "$org" witness)" "$org/witness" --witness
        make_key "$(key_file "$org" desk)" "$org/1"
        [ -z "$readers" ] || "$sulh" key reader "$(age_file "$org")" >/dev/null
    done
    for org in $roots; do
        make_key "$(key_file "$org" root)" "$org/root"
    done
    make_key "$work/keys/log.key" "$1/term/1"
    make_key "$work/keys/promise.key" "$(org_of 1)/promise"
}

peers_of() { # N: the options that name the others
    for other in $nodes; do
        [ "$other" = "$1" ] || eval "echo --peer $(org_of "$other")/node=\$url_$other"
    done
}

# What a node's server runs under: nothing, unless a test says otherwise.
under() { # N
    :
}

# What must come about for a test to mean anything, and has not: it ends here.
give_up() { # NAME MESSAGE
    row "$1" 1 "$2"
    done_testing
    exit 1
}

start() { # N [OPTION...]: serves it, and waits until it answers
    start_n=$1
    shift
    eval "start_url=\$url_$start_n"
    : >"$work/$start_n.out" # of a run before
    # shellcheck disable=SC2046 # nothing, or a command to run it under
    $(under "$start_n") "$sulh" serve "$work/$start_n" --listen "${start_url#*://}" "$@" \
        >"$work/$start_n.out" 2>"$work/$start_n.err" &
    eval "pid_$start_n=$!"
    for _ in $(seq 1200); do
        [ -s "$work/$start_n.out" ] && return
        eval "kill -0 \$pid_$start_n" 2>/dev/null || break
        sleep 0.05
    done
    give_up "node $start_n serves" "$(cat "$work/$start_n.err")"
}

# One that was never started, or has been stopped, is left alone: `wait` for nobody waits for all.
stop() { # N SIGNAL: one that ends it
    eval "stop_pid=\${pid_$1-} pid_$1="
    [ -z "$stop_pid" ] && return
    kill "-$2" "$stop_pid" 2>/dev/null
    wait "$stop_pid" 2>/dev/null
}

stop_all() {
    for n in 1 2 3 4 5 6 7; do
        eval "[ -z \"\${pid_$n-}\" ] || kill -CONT \$pid_$n 2>/dev/null"
        stop "$n" TERM
    done
}

# At its address; or, where a test sets `inside`, at its own socket, which answers whoever may open it
# and whoever is cut off.
at() { # N PATH
    if [ -n "$inside" ]; then
        curl -sS --max-time 60 --unix-socket "$work/$1/socket" "http://node$2"
    else
        eval "curl -sS --max-time 60 \$url_$1$2"
    fi
}

# The size that every node of the list has applied, or "" when they differ.
sizes() { # N...
    for n in "$@"; do
        at "$n" /api/status | json 'o["size"]'
    done | sort -u | tr '\n' ' '
}

# Where await.py asks node N.
door() { # N PATH
    if [ -n "$inside" ]; then echo "$work/$1/socket|$2"; else eval "echo \$url_$1$2"; fi
}

# Waits until an expression over what a node answers is true, for as long as a machine may take that
# has a lot else to do.
await() { # N PATH EXPRESSION
    python3 tests/nodes/await.py $patience "$3" "$(door "$1" "$2")"
}

# Waits until they have all applied equally much.
level() { # N...
    # shellcheck disable=SC2046 # a list of addresses
    python3 tests/nodes/await.py $patience 'len({x["size"] for x in each}) == 1' \
        $(for n in "$@"; do door "$n" /api/status; done)
}

# Stops them all at one size: whoever keeps the log may publish more while the others end, and is
# started again for them to fetch it.
stop_level() { # N...
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        # shellcheck disable=SC2046 # a list of addresses
        python3 tests/nodes/await.py $patience \
            'len({x["size"] for x in each}) == 1 and quiet(o["size"]) > 2' \
            $(for n in "$@"; do door "$n" /api/status; done)
        for n in "$@"; do eval "kill -TERM \$pid_$n"; done
        for n in "$@"; do eval "wait \$pid_$n; pid_$n="; done
        [ "$(for n in "$@"; do status_of "$work/$n" 'o["size"]'; done | sort -u | wc -l)" -eq 1 ] &&
            return
        for n in "$@"; do start "$n"; done
    done
    give_up "they stop at one size" "$(for n in "$@"; do "$sulh" status "$work/$n"; done)"
}

# --- a term's keys, its end and its opening (doc/handover.md) ---

make_term_keys() { # AGREEMENT-NAME NUMBER
    make_key "$work/keys/log$2.key" "$1/term/$2"
    make_key "$work/keys/promise$2.key" "$(org_of 2)/promise/$2"
}

freeze_at() { # N TERM
    timeout $patience "$sulh" term freeze "$work/$1" \
        --next-log-key "$("$sulh" key public "$work/keys/log$2.key")" \
        --next-promise-key "$("$sulh" key public "$work/keys/promise$2.key")"
}

# Audits every directory: all in order, and of one size one digest. The last to stop may have
# published what the others did not fetch any more.
audit_all() {
    for audit_n in $nodes; do
        "$sulh" audit "$work/$audit_n" --agreement "$agreement_id" --json >"$work/audit" 2>&1
        row "audit of node $audit_n: nothing is wrong" $? "$(cat "$work/audit")"
        json '"%d %s %s" % (o["entries"], o["root"], o["digest"])' "$work/audit"
    done >"$work/audits"
    grep -E '^(ok|not ok)' "$work/audits"
    grep -vE '^(ok|not ok)' "$work/audits" | sort | uniq -c | sort -n >"$work/digests"
    [ "$(tail -n 1 "$work/digests" | awk '{ print $1 }')" -ge 4 ] &&
        [ -z "$(awk '{ print $2 }' "$work/digests" | sort | uniq -d)" ]
    row "and all computed the same" $? "$(cat "$work/digests")"
}

# Signs a record at a node by its own organisation's desk. Its id in $id, the answer in
# $work/answer.
say() { # N KIND JSON
    printf '%s' "$3" >"$work/fields.json"
    "$sulh" record "$work/$1" "$2" "$work/fields.json" --key-file "$(key_file "$(org_of "$1")" desk)" \
        >"$work/answer" 2>"$work/complaint" || give_up "a record is taken at node $1" \
        "$(cat "$work/complaint" "$work/answer")"
    id=$(json 'o["id"]' "$work/answer")
}

# The ceremony: proposed, signed by every root, begun at node 1. The id of entry 0 in $agreement_id.
make_log() {
    options=
    for n in $nodes; do
        org=$(org_of "$n")
        vkeys=$work/keys/$(echo "$org" | tr / -).vkeys
        root=$(key_file "$org" root)
        [ -f "$root" ] || root=
        # shellcheck disable=SC2086 # no root: no argument
        "$sulh" key public "$(key_file "$org" node)" "$(key_file "$org" witness)" \
            "$(key_file "$org" desk)" ${readers:+"$(age_file "$org")"} $root >"$vkeys" || return 1
        options="$options --keys $vkeys"
    done
    "$sulh" key public "$work/keys/log.key" "$work/keys/promise.key" >"$work/keys/log.vkeys"
    # shellcheck disable=SC2086 # a list
    "$sulh" propose "$agreement" "$work/proposal" --operator "$(org_of 1)" --quorum 5 \
        --keys "$work/keys/log.vkeys" $options >"$work/proposed" || return 1
    for org in $roots; do
        "$sulh" sign "$work/proposal" --key-file "$(key_file "$org" root)" --yes >/dev/null ||
            return 1
    done
    "$sulh" init "$work/1" --proposal "$work/proposal" --log-key "$work/keys/log.key" \
        --promise-key "$work/keys/promise.key" --node-key "$(key_file "$(org_of 1)" node)" \
        --witness-key "$(key_file "$(org_of 1)" witness)" >"$work/begun" || return 1
    agreement_id=$(awk 'END { print $NF }' "$work/begun")
}

# Writes who the others are into the settings of node 1; the rest join it, by the entry 0 that all
# have signed.
join_all() {
    for n in $nodes; do
        [ "$n" = 1 ] && continue
        eval "printf '\n[[peer]]\nname = \"%s/node\"\nurl = \"%s\"\n' \"$(org_of "$n")\" \$url_$n" \
            >>"$work/1/sulh.toml"
        # shellcheck disable=SC2046,SC2154 # a list; url_1 is set by eval
        "$sulh" join "$work/$n" "$url_1" --agreement "$agreement_id" \
            --entry-0 "$work/proposal/0000.note" \
            --key-file "$(key_file "$(org_of "$n")" node)" \
            --witness-key "$(key_file "$(org_of "$n")" witness)" \
            $(peers_of "$n" | grep -v -- "$(org_of 1)/node=") >/dev/null || return 1
    done
}

make_mission() { # AGREEMENT-NAME
    reserve_ports
    for n in $nodes; do
        eval "url_$n=${scheme:-http}://127.0.0.1:$port"
        next_port
    done
    { make_keys "$1" && make_log && join_all; } 2>"$work/complaint"
}
