# The files of the pages become part of the program (tools/embed.c): our own, the words,
# the base map, from Debian's packages Leaflet and the Nastaliq face, and what the form page needs.

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

# The form page's, of npm packages (tools/web-forms): bundled anew when one of ours changes.
# tools/setup installs them; a tree that it was not run in gets them here.
WEB_FORMS := $(BUILD)/web-forms
WEB_FORMS_FROM := tools/web-forms

$(WEB_FORMS_FROM)/node_modules/.package-lock.json:
	$(call say,npm ci ,$(WEB_FORMS_FROM))
	$(Q)npm ci --prefix $(WEB_FORMS_FROM) --ignore-scripts --no-audit --no-fund >/dev/null

$(WEB_FORMS)/form.js: $(wildcard $(WEB_FORMS_FROM)/*.js*) $(WEB_FORMS_FROM)/build.mjs \
		| $(WEB_FORMS_FROM)/node_modules/.package-lock.json
	$(call say,bundle ,$@)
	$(Q)node $(WEB_FORMS_FROM)/build.mjs $(@D)

$(BUILD)/tools/embed: tools/embed.c
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(CC) $(WARN) -O1 -o $@ $< -lcrypto -lz

$(BUILD)/gen/web_files.c: $(BUILD)/tools/embed src/web/web.mk $(WEB_FORMS)/form.js $(foreach f,$(WEB_FILES),$(lastword $(subst =, ,$(f))))
	@mkdir -p $(@D)
	$(call say,embed ,$@)
	$(Q)$< $@ web/web $(WEB_FILES) $$(for f in $(WEB_FORMS)/*; do echo static/webforms/$${f##*/}=$$f; done)

# Numbers and no code: nothing in it is worth an optimiser's time.
$(BUILD)/obj/web/web_files.o: $(BUILD)/gen/web_files.c Makefile
	@mkdir -p $(@D)
	$(call say,$(CC)   ,$<)
	$(Q)$(COMPILE) -O0 -U_FORTIFY_SOURCE -o $@ $<
