# What was published of the traffic of crossings becomes part of the program.

LIB_OBJ += $(BUILD)/obj/api/flows_published.o

$(BUILD)/gen/flows_published.c: data/flows/trade_and_returns.csv src/api/api.mk
	@mkdir -p $(@D)
	$(call say,embed ,$@)
	$(Q){ echo '#include "api/flows.h"'; echo 'const uint8_t flows_published[] = {'; \
		od -An -v -tu1 $< | sed 's/^ *//; s/  */,/g; s/$$/,/'; \
		echo '};'; echo 'const size_t flows_published_len = sizeof flows_published;'; } > $@

$(BUILD)/obj/api/flows_published.o: $(BUILD)/gen/flows_published.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -O0 -U_FORTIFY_SOURCE -o $@ $<
