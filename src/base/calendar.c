#include "base/calendar.h"

#include "base/reader.h"

#include <stdio.h>

/* Days since 1970-01-01, by counting eras of 400 years from 1 March of year 0, so
 * that the leap day is the last of its year. */
static int64_t days_of(struct calendar_date d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t calendar_ms(struct calendar_date date)
{
    return days_of(date) * MS_PER_DAY;
}

struct calendar_date calendar_date(int64_t ms)
{
    int64_t days = floor_div(ms, MS_PER_DAY) + 719468;
    int64_t era = floor_div(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;

    return (struct calendar_date){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1),
    };
}

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* `width` ASCII digits, leading zeros and all, within [low, high]. */
static int digits(struct reader *r, size_t width, int low, int high)
{
    struct span text = reader_take(r, width);
    int value = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            reader_fail(r, "not a digit");
            return low;
        }
        value = value * 10 + (text.at[i] - '0');
    }
    if (value < low || value > high) {
        reader_fail(r, "out of range");
        return low;
    }
    return value;
}

static struct calendar_date read_date(struct reader *r)
{
    struct calendar_date d;

    d.year = digits(r, 4, 1, 9999);
    reader_expect(r, "-");
    d.month = digits(r, 2, 1, 12);
    reader_expect(r, "-");
    d.day = digits(r, 2, 1, 31);
    if (d.day > days_in_month(d.year, d.month))
        reader_fail(r, "no such day");
    return d;
}

bool calendar_parse_date(struct calendar_date *out, struct span text)
{
    struct reader r = reader_over(text);
    struct calendar_date d = read_date(&r);

    if (!reader_done(&r))
        return false;
    *out = d;
    return true;
}

static bool next_is(struct reader *r, char c)
{
    if (reader_left(r) == 0 || r->in.at[r->at] != (uint8_t)c)
        return false;
    r->at++;
    return true;
}

static int read_offset(struct reader *r)
{
    if (next_is(r, 'Z'))
        return 0;
    bool west = next_is(r, '-');
    if (!west)
        reader_expect(r, "+");
    int hours = digits(r, 2, 0, 14);
    reader_expect(r, ":");
    int minutes = hours * 60 + digits(r, 2, 0, 59);
    return west ? -minutes : minutes;
}

bool calendar_parse_time(int64_t *out_ms, int *out_offset_min, struct span text)
{
    struct reader r = reader_over(text);
    struct calendar_date d = read_date(&r);
    int64_t ms = calendar_ms(d);

    reader_expect(&r, "T");
    ms += (int64_t)digits(&r, 2, 0, 23) * MS_PER_HOUR;
    reader_expect(&r, ":");
    ms += (int64_t)digits(&r, 2, 0, 59) * MS_PER_MINUTE;
    if (next_is(&r, ':')) {
        ms += digits(&r, 2, 0, 59) * 1000;
        if (next_is(&r, '.'))
            ms += digits(&r, 3, 0, 999);
    }
    int offset = read_offset(&r);
    if (!reader_done(&r))
        return false;
    *out_ms = ms - (int64_t)offset * MS_PER_MINUTE;
    *out_offset_min = offset;
    return true;
}

void calendar_format(char *out, int64_t ms, int offset_min)
{
    assert(ms >= CALENDAR_MIN_MS + MS_PER_DAY && ms <= CALENDAR_MAX_MS - MS_PER_DAY);
    assert(offset_min > -1440 && offset_min < 1440);
    int64_t local = ms + (int64_t)offset_min * MS_PER_MINUTE;
    struct calendar_date d = calendar_date(local);
    int64_t in_day = local - calendar_ms(d);
    int len = snprintf(out, CALENDAR_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", d.year, d.month, d.day,
                       (int)(in_day / MS_PER_HOUR), (int)(in_day / MS_PER_MINUTE % 60),
                       (int)(in_day / 1000 % 60));
    int fraction = (int)(in_day % 1000);

    if (fraction)
        len += snprintf(out + len, CALENDAR_TEXT - (size_t)len, ".%03d", fraction);
    if (offset_min == 0)
        snprintf(out + len, CALENDAR_TEXT - (size_t)len, "Z");
    else
        snprintf(out + len, CALENDAR_TEXT - (size_t)len, "%c%02d:%02d", offset_min < 0 ? '-' : '+',
                 (offset_min < 0 ? -offset_min : offset_min) / 60,
                 (offset_min < 0 ? -offset_min : offset_min) % 60);
}
