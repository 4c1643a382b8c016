#!/bin/sh
# tools/check-layers, on a source tree of three small layers with one file changed in
# each row.

cd "$(dirname "$0")/../.." || exit 1
. tests/house/tap.sh
tool=$PWD/tools/check-layers

tree() { # FILE LINE...: a tree that holds, but for these lines at the end of FILE
    rm -rf "$work/tree"
    mkdir -p "$work/tree/src/base" "$work/tree/src/crypto" "$work/tree/src/codec" \
        "$work/tree/src/sys" "$work/tree/src/store"
    cd "$work/tree" || exit 1
    printf 'LAYERS := base crypto codec sys store\nPURE := base crypto codec\n' >Makefile
    echo '#include <stdint.h>' >src/base/span.h
    echo '#include <cmocka.h>' >src/base/test.h
    printf '#include <openssl/evp.h>\n#include "base/span.h"\n' >src/crypto/hash.c
    printf '#include <sodium.h>\n' >src/crypto/sign.c
    printf '#include "codec/json.h"\n/* float, "time(" and <time.h> */\n' >src/codec/json.c
    printf '#include "base/span.h"\nconst char *s = "double time(fopen";\n' >src/codec/json.h
    printf '#include <fcntl.h>\n#include "sys/disk.h"\n' >src/sys/disk.c
    printf 'int disk_open(double share, long time);\n' >src/sys/disk.h
    printf '#include <sqlite3.h>\n#include "sys/disk.h"\n' >src/store/sqlite.c
    file=$1
    shift
    mkdir -p "$(dirname "$file")"
    [ $# -eq 0 ] || printf '%s\n' "$@" >>"$file"
}

holds() { # NAME FILE LINE...
    name=$1
    shift
    tree "$@"
    expect "$name" 0 '' "$tool"
}

refused() { # NAME MESSAGE FILE LINE...
    name=$1 message=$2
    shift 2
    tree "$@"
    expect "$name" 1 "^$1:[0-9]+: .*$message" "$tool"
}

holds "the tree as it is" src/codec/json.c
holds "its own layer" src/sys/disk.c '#include "sys/disk.h"'
holds "a layer to the left" src/store/sqlite.c '#include "base/span.h"'
holds "a commented include" src/base/span.h '/* #include "sys/disk.h" */'
holds "snprintf in a pure layer" src/codec/json.c '#include <stdio.h>' 'snprintf(a, 1, "x");'
holds "a word within a name" src/codec/json.c 'int said_time(int afloat, int rand_at);'
holds "a member called time" src/codec/json.c 'x = record->time;'
holds "threads of their own memory" src/codec/json.c 'static _Thread_local int x;'
holds "a once in crypto" src/crypto/hash.c '#include <pthread.h>'
holds "a test reads its corpus" src/codec/json_test.c '#include <dirent.h>' 'f = fopen(p, "r");'
holds "a fuzzer times itself" src/codec/json_fuzz.c '#include <time.h>' 'time(NULL);'
holds "a benchmark beside the library" src/store/store_bench.c '#include <openssl/evp.h>'
holds "a test of a library's wrapper" src/crypto/sign_test.c '#include <sodium.h>'
holds "a test includes the test header" src/codec/json_test.c '#include "base/test.h"'
holds "impure layers may be impure" src/sys/disk.c '#include <time.h>' 'double x; time(NULL);'
holds "OpenSSL's TLS in one file" src/sys/tls.c '#include <openssl/ssl.h>' '#include <openssl/x509v3.h>'
holds "a library's second header, same file" src/crypto/hash.c '#include <openssl/err.h>'

refused "a layer to the right" 'codec may not use layer sys' src/codec/json.c '#include "sys/disk.h"'
refused "the ground uses its neighbour" 'base may not use layer crypto' \
    src/base/span.h '#include "crypto/hash.h"'
refused "a test of a layer to the right" 'codec may not use layer sys' \
    src/codec/json_test.c '#include "sys/disk.h"'
refused "a header without its layer" 'does not begin with a layer' src/codec/json.c '#include "json.h"'
refused "a header out of the tree" 'does not begin with a layer' \
    src/codec/json.c '#include "../sys/disk.h"'
refused "a header that is not there" 'does not exist' src/codec/json.c '#include "base/no.h"'
refused "an include with spaces" 'may not use layer sys' src/codec/json.c ' #  include "sys/disk.h"'
refused "a folder that is no layer" 'no layer' src/extra/a.c 'int a;'
refused "a folder in a layer" 'only src/LAYER/FILE' src/codec/deep/a.c 'int a;'
refused "a program that includes the test header" 'for test programs' \
    src/codec/json.c '#include "base/test.h"'
for header in time.h unistd.h sys/stat.h pthread.h fcntl.h math.h ctype.h locale.h threads.h; do
    refused "<$header> in a pure layer" 'pure layer codec may not include' \
        src/codec/json.c "#include <$header>"
done
refused "a header nobody knows" 'not known' src/sys/disk.c '#include <liburing.h>'
refused "a float" '"float" is a floating-point' src/codec/json.c 'float x;'
refused "a double in a header" '"double" is a floating-point' src/base/span.h 'double x(void);'
refused "a clock" '"time" is a clock' src/codec/json.c 'x = time(NULL);'
refused "a clock, bracket apart" '"clock_gettime" is a clock' src/codec/json.c 'clock_gettime (0, &t);'
refused "a file" '"fopen" is a file' src/base/span.h 'fopen("x", "r");'
refused "standard output" '"printf" is a file' src/codec/json.c 'printf("x");'
refused "standard error" '"stderr" is a file' src/codec/json.c 'fputs("x", stderr);'
refused "chance" '"rand" is chance' src/codec/json.c 'x = rand();'
refused "chance from sodium" '"randombytes_buf" is chance' src/crypto/sign.c 'randombytes_buf(a, 1);'
refused "the environment" '"getenv" is the process' src/codec/json.c 'getenv("HOME");'
refused "a locale" '"setlocale" is a locale' src/codec/json.c 'setlocale(LC_ALL, "");'
refused "code behind a comment" '"double" is a floating-point' src/codec/json.c '/* x */ double x;'
refused "code between strings" '"double" is a floating-point' src/codec/json.c 'a("\"", (double)1, "");'
refused "the day of the build" '"__DATE__" is the time of the build' src/sys/disk.c 'x = __DATE__;'
refused "sodium outside crypto" 'libsodium is for layer crypto' src/sys/disk.c '#include <sodium.h>'
refused "OpenSSL outside crypto" 'OpenSSL is for layer crypto' \
    src/store/sqlite.c '#include <openssl/sha.h>'
refused "more of OpenSSL than TLS" 'OpenSSL is for layer crypto' \
    src/sys/tls.c '#include <openssl/ssl.h>' '#include <openssl/evp.h>'
refused "TLS in a pure layer" "pure layer codec may not use OpenSSL's TLS" \
    src/codec/json.c '#include <openssl/ssl.h>'
refused "a second wrapper" 'SQLite is wrapped by src/store/sqlite.c' \
    src/store/zz.c '#include <sqlite3.h>'
refused "a library in a pure layer" 'pure layer codec may not use zlib' \
    src/codec/json.c '#include <zlib.h>'

tree src/codec/json.c '' 'double x;'
expect "the line is named" 1 '^src/codec/json.c:4: ' "$tool"
tree src/codec/json.c
echo 'LAYERS := base' >Makefile
expect "a Makefile without the law" 1 'no line LAYERS' "$tool"
printf 'LAYERS := base crypto codec sys store\nPURE := base sys\n' >Makefile
expect "pure layers that are not the left end" 1 'not the left end' "$tool"
done_testing
