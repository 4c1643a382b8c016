# ./demo and ./check call this; `make help` lists what else it does.

# The layers, from the ground up. A file may include its own layer and those to the
# left of it, nothing else; tools/check-layers reads these two lines.
LAYERS := base crypto codec ledger terms record register sys store journal net sync geo node feed forms render api sim web scenario cli
# Of them, the pure ones: bytes and state in, bytes and state out.
PURE := base crypto codec ledger terms record register

ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g

WARN := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2
# What watches the program while it runs: these in a release, sanitizers in the asan build.
GUARD := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
SANITIZE := -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
# No path of this machine in the program: who builds the same source gets the same bytes.
SAME := '-ffile-prefix-map=$(CURDIR)=.'
COMPILE = $(CC) $(WARN) $(CFLAGS) $(GUARD) $(SAME) -fPIE -Isrc -MMD -MP -c
LINK = $(CC) $(CFLAGS) $(GUARD) $(LINKER) -pie -Wl,-z,relro,-z,now,--as-needed
LIBS := -lsodium -lseccomp -lssl -lcrypto -lsqlite3 -lmicrohttpd -lcurl -lz -lexpat -lmagic -lexif -lqrencode -lpangocairo-1.0 -lpangoft2-1.0 -lpango-1.0 -lcairo -lgobject-2.0 -lfontconfig -lpthread -lm

SRC := $(wildcard $(LAYERS:%=src/%/*.c))
MAIN := $(wildcard src/cli/main.c)
LIB_OBJ := $(patsubst src/%.c,$(BUILD)/obj/%.o,\
	$(filter-out $(MAIN) %_test.c %_fuzz.c %_bench.c,$(SRC)))
TESTS := $(patsubst src/%.c,$(BUILD)/test/%,$(filter %_test.c,$(SRC)))
BENCHES := $(patsubst src/%.c,$(BUILD)/bench/%,$(filter %_bench.c,$(SRC)))
FUZZERS := $(patsubst src/%.c,$(BUILD)/fuzz/%,$(filter %_fuzz.c,$(SRC)))
FORMATTED = $(wildcard src/*/*.[ch])

.PHONY: all tests bench asan clang fuzz fuzz-run fuzz-merge fuzzers layers format check-format \
	sim install clean help
.DELETE_ON_ERROR:
.SECONDARY:

# One short line a file; V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)$(2)')

all: $(if $(MAIN),$(BUILD)/sulh,$(BUILD)/libsulh.a) ## the program, build/sulh
tests: $(TESTS) ## the unit tests, build/test/LAYER/NAME_test

include src/web/web.mk
include src/forms/forms.mk
include src/api/api.mk

# Headers of Pango stand in folders of their own; what they warn of is not ours.
$(BUILD)/obj/render/pdf.o: COMPILE += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I pangocairo pangofc fontconfig))

$(BUILD)/obj/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -o $@ $<

$(BUILD)/libsulh.a: $(LIB_OBJ)
	$(call say,ar    ,$@)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/sulh: $(BUILD)/obj/cli/main.o $(BUILD)/libsulh.a
	$(call say,link  ,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/test/%: $(BUILD)/obj/%.o $(BUILD)/libsulh.a
	@mkdir -p $(@D)
	$(call say,link  ,$@)
	$(Q)$(LINK) -o $@ $^ -lcmocka $(LIBS)

# What verifies the same signatures again and again does so but once: src/sys/sign_memory.c.
$(BUILD)/test/sim/% $(BUILD)/test/journal/%: LINK += -Wl,--wrap=sign_verify,--wrap=sign_key_valid

$(BUILD)/bench/%: $(BUILD)/obj/%.o $(BUILD)/libsulh.a
	@mkdir -p $(@D)
	$(call say,link  ,$@)
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/%.o $(BUILD)/libsulh.a
	@mkdir -p $(@D)
	$(call say,link  ,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

-include $(wildcard $(BUILD)/obj/*/*.d)

bench: all $(BENCHES) ## run every benchmark, of modules and of whole nodes
	@set -e; for bench in $(BENCHES) $(wildcard tests/*/*_bench.sh); do SULH_BUILD=$(BUILD) $$bench; done

# The other builds, each in a directory of its own: clang, because two compilers warn of
# different things, and clang with the sanitizers, which the fuzzers share. Each links hundreds of
# programs, for which lld takes a third of the time.
ASAN := $(BUILD)/asan
IN_CLANG := CC=clang LINKER=-fuse-ld=lld
IN_ASAN := BUILD=$(ASAN) $(IN_CLANG) CFLAGS='-O1 -g' GUARD='$(SANITIZE)'

clang: ## program and tests, by clang, in build/clang
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/clang $(IN_CLANG) all tests
asan: ## program, tests and fuzzers under ASan and UBSan, in build/asan
	@$(MAKE) --no-print-directory $(IN_ASAN) all tests fuzzers
fuzz: $(filter asan,$(MAKECMDGOALS)) ## the fuzzers alone, build/asan/fuzz/LAYER/NAME_fuzz
	@$(MAKE) --no-print-directory $(IN_ASAN) fuzzers
fuzzers: $(FUZZERS)

# What a run finds new is kept in FOUND, so that the next run starts there and the
# committed corpus grows only by fuzz-merge, which takes what reaches new code.
RUNS ?= 10000000
FUZZER = $(patsubst src/%.c,$(ASAN)/fuzz/%,$(wildcard src/*/$(NAME)_fuzz.c))
FOUND = $(ASAN)/found/$(NAME)

fuzz-run: fuzz ## fuzz one parser: make fuzz-run NAME=json RUNS=10000000
	@test -n '$(FUZZER)' || { echo 'no src/*/$(NAME)_fuzz.c: say NAME=…' >&2; exit 2; }
	@mkdir -p $(FOUND) tests/corpus/$(NAME)
	$(FUZZER) -runs=$(RUNS) -print_final_stats=1 -artifact_prefix=$(FOUND)- \
		$(FOUND) tests/corpus/$(NAME)
fuzz-merge: fuzz ## take what fuzz-run found into tests/corpus: make fuzz-merge NAME=json
	@test -n '$(FUZZER)' || { echo 'no src/*/$(NAME)_fuzz.c: say NAME=…' >&2; exit 2; }
	@mkdir -p $(FOUND)
	$(FUZZER) -merge=1 tests/corpus/$(NAME) $(FOUND)

layers: ## check who includes whom, and that the pure layers are pure
	@tools/check-layers
format: ## lay the source out as .clang-format says
	@clang-format -i $(FORMATTED)
check-format: ## check that it is
	@clang-format --dry-run -Werror $(FORMATTED)

sim: $(BUILD)/test/sim/sim_test ## one seed of the simulator, traced: make sim SEED=7 [STEPS=150]
	@test -n '$(SEED)' || { echo 'say SEED=…' >&2; exit 2; }
	@SEED='$(SEED)' STEPS='$(STEPS)' LIARS='$(LIARS)' $<

install: all ## to PREFIX (/usr/local), below DESTDIR if that is set
	install -D -m 755 $(BUILD)/sulh $(DESTDIR)$(PREFIX)/bin/sulh
clean: ## remove build/
	rm -rf $(BUILD)
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 18
