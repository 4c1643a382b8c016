/* Claims of pictures: whatever the bytes, what is read is within its bounds, is text, and is the
 * same when it is read again. */

#include "sys/exif.h"

#include "codec/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct span text)
{
    assert(text.len <= EXIF_TEXT_BYTES && utf8_valid(text));
    for (size_t i = 0; i < text.len; i++)
        assert(text.at[i] >= 0x20 && text.at[i] != 0x7f);
}

static void check(const struct exif *e)
{
    check_text(e->make);
    check_text(e->model);
    check_text(e->software);
    assert(e->lat_e7 >= -900000000 && e->lat_e7 <= 900000000);
    assert(e->lon_e7 >= -1800000000 && e->lon_e7 <= 1800000000);
    assert(e->uncertainty_m >= 0 && (e->has_position || !e->has_uncertainty));
    assert(e->offset_min > -24 * 60 && e->offset_min < 24 * 60);
    assert(e->has_time || (!e->has_offset && e->local_ms == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct exif first = {0}, again = {0};
    struct err err = {0};

    if (exif_read(&first, span_make(data, size), &arena, &err)) {
        check(&first);
        assert(exif_read(&again, span_make(data, size), &arena, &err));
        assert(span_equal(first.make, again.make) && span_equal(first.model, again.model));
        assert(first.lat_e7 == again.lat_e7 && first.local_ms == again.local_ms);
    } else {
        assert(err.kind != ERR_NONE);
    }
    arena_free(&arena);
    return 0;
}
