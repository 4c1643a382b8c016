# The files of the pages become part of the program (tools/embed.c): our own, the words,
# the base map, and from Debian's packages Leaflet and the Nastaliq face.

WEB_OURS := $(sort $(shell find src/web/static -type f))
WEB_LEAFLET := /usr/share/javascript/leaflet
WEB_FONT := /usr/share/fonts/truetype/noto/NotoNastaliqUrdu-Regular.ttf

# PATH=FILE, what the program knows it by and where it is.
WEB_FILES := \
	$(patsubst static/page.html=%,page.html=%,\
		$(foreach f,$(WEB_OURS),$(f:src/web/%=%)=$(f))) \
	$(foreach f,$(sort $(wildcard lang/*.json)),static/$(f)=$(f)) \
	$(foreach f,$(sort $(wildcard data/basemap/*.geojson)),$(f)=$(f)) \
	static/leaflet/leaflet.js=$(WEB_LEAFLET)/leaflet.esm.min.js \
	static/leaflet/leaflet.css=$(WEB_LEAFLET)/leaflet.css \
	static/font/$(notdir $(WEB_FONT))=$(WEB_FONT)

LIB_OBJ += $(BUILD)/obj/web/web_files.o

$(BUILD)/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(CC) $(WARN) -O1 -o $@ $< -lcrypto -lz

$(BUILD)/gen/web_files.c: $(BUILD)/tools/embed src/web/web.mk $(foreach f,$(WEB_FILES),$(lastword $(subst =, ,$(f))))
	@mkdir -p $(@D)
	$(call say,embed ,$@)
	$(Q)$< $@ web/web $(WEB_FILES)

# Numbers and no code: nothing in it is worth an optimiser's time.
$(BUILD)/obj/web/web_files.o: $(BUILD)/gen/web_files.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -O0 -U_FORTIFY_SOURCE -o $@ $<
