#!/bin/sh
# Forms on paper: sulh paper, looked at by other people's programs.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
. tests/cli/cli.sh
dir=$work/log

"$sulh" init "$dir" --demo --agreement "$agreement" >"$work/said" 2>&1
row "a node" $? "$(cat "$work/said")"
paper() { # FORM LANGUAGE OUT [OPTION...]
    form=$1 language=$2 out=$3
    shift 3
    "$sulh" paper "$dir" "$form" --language "$language" --out "$work/$out" "$@" 2>"$work/said"
}
# What the code of the first sheet says.
code() { # PDF
    pdftoppm -r 150 -png -f 1 -l 1 -singlefile "$work/$1" "$work/page"
    zbarimg -q --raw "$work/page.png" 2>/dev/null
}

for language in en ur ps prs ar tr; do
    paper flash $language $language.pdf
    row "a flash in $language" $? "$(cat "$work/said")"
    pdffonts "$work/$language.pdf" | awk 'NR > 2 && $(NF - 4) != "yes" { bad = 1 } END { exit bad || NR < 3 }'
    row "its fonts are in it" $? "$(pdffonts "$work/$language.pdf")"
    code $language.pdf | grep -qE '^sulh-form flash [0-9a-f]{16} 1$'
    row "its code is read" $? "$(code $language.pdf)"
done
pdffonts "$work/ur.pdf" | grep -q NotoNastaliqUrdu-Regular
row "Urdu is in Nastaliq" $?
! pdffonts "$work/ur.pdf" | grep -q NotoNastaliqUrdu-Bold
row "of the one weight" $?
pdffonts "$work/ps.pdf" | grep -q NotoNaskhArabic
row "Pashto is in Naskh" $?
is "the version is that of the form, in every language" "$(code ur.pdf)" "$(code en.pdf)"
is "A4" "$(pdfinfo "$work/en.pdf" | sed -n 's/^Page size: *//p')" "595 x 842 pts (A4)"

paper flash ur again.pdf
cmp -s "$work/ur.pdf" "$work/again.pdf"
row "the same bytes twice" $?
paper flash en three.pdf --sheets 3 --first 7
is "three sheets are three times the pages" "$(pdfinfo "$work/three.pdf" | sed -n 's/^Pages: *//p')" \
    "$(($(pdfinfo "$work/en.pdf" | sed -n 's/^Pages: *//p') * 3))"
is "from number 7 on" "$(code three.pdf | cut -d' ' -f4)" 7
pdftotext "$work/en.pdf" - | grep -q '^1.1 .*What is happening'
row "questions are numbered" $? "$(pdftotext "$work/en.pdf" - | head -20)"

paper report en report.pdf
row "a report" $? "$(cat "$work/said")"
expect "no such form" 2 'there is no form "x": flash, report' "$sulh" paper "$dir" x --out "$work/x.pdf"
expect "no sheets" 2 'sheets is 1 to' "$sulh" paper "$dir" flash --out "$work/x.pdf" --sheets 0
expect "too many" 2 '1 to 200 sheets' "$sulh" paper "$dir" flash --out "$work/x.pdf" --sheets 201
expect "nowhere to write" 1 'make ' "$sulh" paper "$dir" flash --out "$work/none/x.pdf"
expect "no file" 2 'out FILE is missing' "$sulh" paper "$dir" flash
[ ! -e "$work/x.pdf" ]
row "nothing is written then" $?

serve "$dir"
row "served" $? "$(cat "$work/server")"
get '/paper/flash?language=ur' >"$work/served.pdf"
cmp -s "$work/served.pdf" "$work/ur.pdf"
row "over HTTP the same bytes" $?
get '/paper/x' | grep -q 'there is no form'
row "none over HTTP" $?
end_server TERM
done_testing
