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
