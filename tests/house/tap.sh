# For tests in shell: TAP on standard output, a scratch directory in $work.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP # so that what a test says is to be done at its end is done
tap_count=0

row() { # NAME STATUS [MESSAGE]: a row of a table holds when STATUS is 0
    tap_count=$((tap_count + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $tap_count - $1"
    else
        echo "not ok $tap_count - $1"
        printf '%s\n' "${3-}" | sed 's/^/# /' >&2
    fi
}

said() { # TEXT
    if [ -z "$1" ]; then [ ! -s "$work/said" ]; else grep -qE -- "$1" "$work/said"; fi
}

# Runs COMMAND, which must end with STATUS and say TEXT (an extended regular
# expression, "" for nothing at all) on either output.
expect() { # NAME STATUS TEXT COMMAND...
    expect_name=$1 expect_status=$2 expect_text=$3
    shift 3
    "$@" >"$work/said" 2>&1 </dev/null
    expect_got=$?
    [ $expect_got -eq "$expect_status" ] && said "$expect_text"
    row "$expect_name" $? "status $expect_got, said: $(cat "$work/said")"
}

# Runs COMMAND again and again until it holds, for as long as a machine may take that has a lot else to
# do; whoever waits for a fact waits so.
eventually() { # COMMAND...
    for _ in $(seq 1200); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

done_testing() {
    echo "1..$tap_count"
}
