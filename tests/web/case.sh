# Takes the first incident of a demonstration up as a case: told to all, answered by one side, refused
# to another. Prints its id. Sourced; $sulh is the program.

make_case() { # DIR
    case_dir=$1
    case_id=$("$sulh" record "$case_dir" incident.open - --as observer/mission/1 <<'END' | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/'
{"title": "Exercise: shots at night / مشق: رات کو فائرنگ"}
END
    )
    while IFS='|' read -r by kind fields; do
        printf '{"case":"%s"%s}' "$case_id" "$fields" |
            "$sulh" record "$case_dir" "$kind" - --as "$by" >/dev/null 2>&1 || true # some are void
    done <<'END'
observer/mission/1|case.triage|,"outcome":"open","modalities":1,"act":"K-15","grade":"G2","accused":["party/pakistan","party/afghanistan"],"in_area":"yes","in_time":"unknown","reason":"Two opposed reports."
party/pakistan/1|case.reply|,"answer":"denies"
observer/mission/1|case.notify|,"notice":"To both sides, in the same words.\nReplies are awaited."
party/pakistan/1|case.reply|,"answer":"denies","statement":"ہماری جانب سے فائرنگ نہیں ہوئی۔"
observer/mission/1|case.mark|,"side":"access_blocked"
END
    echo "$case_id"
}
