# The layers, from the ground up. A file may include its own layer and those to the
# left of it, nothing else; tools/check-layers reads this line.
LAYERS := base crypto codec ledger terms record register sys store journal geo net feed api web node cli

CC ?= gcc
BUILD ?= build
CFLAGS ?= -O2 -g
WARN := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2
LIBS := -lsodium -lcrypto -lsqlite3 -lmicrohttpd -lcurl -ljansson -lz -lpthread -lm

SRC := $(filter-out %_test.c %_fuzz.c %_bench.c,$(wildcard $(LAYERS:%=src/%/*.c)))
MAIN := src/cli/main.c
LIB_OBJ := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(filter-out $(MAIN),$(SRC)))
TESTS := $(patsubst src/%.c,$(BUILD)/test/%,$(wildcard $(LAYERS:%=src/%/*_test.c)))

.PHONY: all tests
all: $(if $(wildcard $(MAIN)),$(BUILD)/sulh)
tests: $(TESTS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(WARN) $(CFLAGS) -Isrc -MMD -MP -c -o $@ $<

$(BUILD)/libsulh.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/sulh: $(BUILD)/obj/cli/main.o $(BUILD)/libsulh.a
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/test/%: $(BUILD)/obj/%.o $(BUILD)/libsulh.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ -lcmocka $(LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
