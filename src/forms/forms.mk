# The words of lang/ become part of the program a second time, by language and for whatever writes
# forms: the pages stand above them. tools/embed is built by src/web/web.mk.

WORDS_FILES := $(sort $(wildcard lang/*.json))

LIB_OBJ += $(BUILD)/obj/forms/words_files.o

$(BUILD)/gen/words_files.c: $(BUILD)/tools/embed src/forms/forms.mk $(WORDS_FILES)
	@mkdir -p $(@D)
	$(call say,embed ,$@)
	$(Q)$< $@ forms/words $(foreach f,$(WORDS_FILES),$(patsubst lang/%,%,$(f))=$(f))

# Numbers and no code: nothing in it is worth an optimiser's time.
$(BUILD)/obj/forms/words_files.o: $(BUILD)/gen/words_files.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -O0 -U_FORTIFY_SOURCE -o $@ $<

# The words of a flash in all languages become part of the program.

LIB_OBJ += $(BUILD)/obj/forms/flash_words.o

$(BUILD)/gen/flash_words.c: data/flash/words.json src/forms/forms.mk
	@mkdir -p $(@D)
	$(call say,embed ,$@)
	$(Q){ echo '#include "forms/flash_book.h"'; echo 'const uint8_t flash_words[] = {'; \
		od -An -v -tu1 $< | sed 's/^ *//; s/  */,/g; s/$$/,/'; \
		echo '};'; echo 'const size_t flash_words_len = sizeof flash_words;'; } > $@

$(BUILD)/obj/forms/flash_words.o: $(BUILD)/gen/flash_words.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -O0 -U_FORTIFY_SOURCE -o $@ $<
