#include "forms/flash_text.h"

#include "codec/json.h"
#include "codec/utf8.h"

/* --- one character --- */

/* Ranges that fold to nothing: vowel signs, the long stroke, joiners and marks of direction. */
static const struct {
    uint32_t from, to;
} dropped[] = {
    {0x0300, 0x036f}, {0x0610, 0x061a}, {0x0640, 0x0640}, {0x064b, 0x065f}, {0x0670, 0x0670},
    {0x06d6, 0x06dc}, {0x06df, 0x06e8}, {0x06ea, 0x06ed}, {0x061c, 0x061c}, {0x200b, 0x200f},
    {0x202a, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff},
};

/* Letters that are typed for one another. */
static const struct {
    uint32_t typed, folded;
} letters[] = {
    {0x0622, 0x0627}, {0x0623, 0x0627}, {0x0625, 0x0627}, {0x0671, 0x0627}, {0x0624, 0x0648},
    {0x0626, 0x06cc}, {0x0649, 0x06cc}, {0x064a, 0x06cc}, {0x06cd, 0x06cc}, {0x06d0, 0x06cc},
    {0x06d2, 0x06cc}, {0x06d3, 0x06cc}, {0x0643, 0x06a9}, {0x06aa, 0x06a9}, {0x0629, 0x0647},
    {0x06be, 0x0647}, {0x06c0, 0x0647}, {0x06c1, 0x0647}, {0x06c2, 0x0647}, {0x06c3, 0x0647},
    {0x06d5, 0x0647}, {0x06ab, 0x06af}, {0x06b0, 0x06af}, {0x0681, 0x062d}, {0x067c, 0x062a},
    {0x0679, 0x062a}, {0x0689, 0x062f}, {0x0688, 0x062f}, {0x0693, 0x0631}, {0x0691, 0x0631},
    {0x0696, 0x0698}, {0x069a, 0x0634}, {0x06bc, 0x0646}, {0x06ba, 0x0646}, {0x06b5, 0x0644},
    {0x06c6, 0x0648}, {0x06c7, 0x0648}, {0x0131, 'i'},    {0x0130, 'i'},    {0x015f, 's'},
    {0x015e, 's'},    {0x00e7, 'c'},    {0x00c7, 'c'},    {0x011f, 'g'},    {0x011e, 'g'},
    {0x00fc, 'u'},    {0x00dc, 'u'},    {0x00f6, 'o'},    {0x00d6, 'o'},    {0x016b, 'u'},
    {0x016a, 'u'},    {0x012b, 'i'},    {0x012a, 'i'},    {0x014d, 'o'},    {0x014c, 'o'},
    {0x0101, 'a'},    {0x0100, 'a'},    {0x00e2, 'a'},    {0x00c2, 'a'},    {0x00ee, 'i'},
    {0x00ce, 'i'},    {0x00fb, 'u'},    {0x00db, 'u'},    {0x00e9, 'e'},    {0x00e8, 'e'},
};

static bool is_dropped(uint32_t c)
{
    for (size_t i = 0; c >= dropped[0].from && i < ARRAY_LEN(dropped); i++)
        if (c >= dropped[i].from && c <= dropped[i].to)
            return true;
    return false;
}

static uint32_t fold(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 'a';
    if (c < 0x80)
        return c;
    if (c >= 0x0660 && c <= 0x0669)
        return c - 0x0660 + '0';
    if (c >= 0x06f0 && c <= 0x06f9)
        return c - 0x06f0 + '0';
    for (size_t i = 0; i < ARRAY_LEN(letters); i++)
        if (letters[i].typed == c)
            return letters[i].folded;
    return c;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7);
}

/* A letter of any script: all else beyond ASCII that is no punctuation known here. */
static bool is_letter(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } others[] = {
        {0x80, 0xbf},     {0xd7, 0xd7},     {0xf7, 0xf7},     {0x0600, 0x061f}, {0x066a, 0x066d},
        {0x06d4, 0x06d4}, {0x2000, 0x206f}, {0x3000, 0x3003}, {0xff00, 0xff0f},
    };

    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (c >= others[i].from && c <= others[i].to)
            return false;
    return true;
}

/* --- the text as characters --- */

struct glyph {
    uint32_t c; /* folded */
    size_t from, to;
};

struct scan {
    struct glyph *at;
    size_t count, i;
    struct arena *arena;
    struct flash_text *out;
    size_t end; /* of the last token, in bytes */
    bool hyphen;
};

static void read_glyphs(struct scan *s, struct span text)
{
    struct span rest = text;
    uint32_t c;

    s->at = ARENA_ARRAY(s->arena, struct glyph, text.len + 1);
    while (rest.len) {
        size_t from = text.len - rest.len;

        if (!utf8_next(&rest, &c)) { /* checked before; what is not, is left out */
            rest = span_from(rest, 1);
            continue;
        }
        if (!is_dropped(c))
            s->at[s->count++] =
                (struct glyph){.c = fold(c), .from = from, .to = text.len - rest.len};
    }
}

static uint32_t peek(const struct scan *s, size_t ahead)
{
    return s->i + ahead < s->count ? s->at[s->i + ahead].c : 0;
}

static struct flash_token *add(struct scan *s, enum flash_token_type type, size_t first, size_t len)
{
    struct flash_token *token = &s->out->token[s->out->count++];
    struct buf key = buf_in(s->arena, FLASH_TEXT_BYTES);
    uint8_t bytes[4];

    *token = (struct flash_token){
        .type = type, .from = s->at[first].from, .to = s->at[first + len - 1].to};
    for (size_t i = 0; i < len; i++)
        buf_put(&key, span_make(bytes, utf8_encode(bytes, s->at[first + i].c)));
    token->key = buf_span(&key);
    token->joined = s->out->count > 1 && (token->from == s->end || s->hyphen);
    token->latin = is_latin(s->at[first].c);
    s->end = token->to;
    s->hyphen = false;
    s->i = first + len;
    return token;
}

/* --- numbers --- */

/* Up to nine digits; how many there are. */
static size_t digits_at(const struct scan *s, size_t ahead, int64_t *out)
{
    size_t n = 0;

    *out = 0;
    while (n < 9 && is_digit(peek(s, ahead + n)))
        *out = *out * 10 + (int64_t)(peek(s, ahead + n++) - '0');
    return n;
}

static bool is_mark(uint32_t c, const char *marks)
{
    return c == 0x066b ? strchr(marks, '.') != NULL : c && c < 0x80 && strchr(marks, (int)c);
}

struct group { /* of digits, with one mark between each and the next */
    int64_t value[3];
    size_t len[3], count, whole;
    uint32_t mark;
};

static struct group group_at(const struct scan *s)
{
    struct group g = {0};
    size_t at = 0;

    while (g.count < 3 && (g.len[g.count] = digits_at(s, at, &g.value[g.count])) > 0) {
        at += g.len[g.count++];
        g.whole = at;
        uint32_t mark = peek(s, at);
        if (!is_mark(mark, ":./-") || (g.mark && mark != g.mark) || !is_digit(peek(s, at + 1)))
            break;
        g.mark = mark;
        at++;
    }
    return g;
}

static bool is_date(const struct group *g)
{
    if (g->count == 3)
        return g->mark != ':' && (g->len[0] == 4 || g->len[2] == 4 || g->len[2] == 2);
    return g->count == 2 && g->mark == '/';
}

static void add_date(struct scan *s, const struct group *g)
{
    bool year_first = g->len[0] == 4;
    struct flash_token *token = add(s, FLASH_DATE, s->i, g->whole);
    int64_t year = g->count == 3 ? g->value[year_first ? 0 : 2] : 0;

    token->first = (int)(year < 100 && year > 0 ? 2000 + year : year % 100000000);
    token->second = (int)g->value[1];
    token->third = (int)g->value[year_first ? 2 : 0];
}

static void add_clock(struct scan *s, const struct group *g)
{
    struct flash_token *token = add(s, FLASH_CLOCK, s->i, g->whole);

    token->first = (int)g->value[0];
    token->second = g->len[1] == 2 ? (int)g->value[1] : 99;
    token->third = (int)g->len[0];
}

static int64_t thousandths(const struct group *g)
{
    int64_t value = g->value[0] * 1000, part = g->value[1];

    if (g->count < 2 || g->mark == '-')
        return value;
    for (size_t n = g->len[1]; n < 3; n++)
        part *= 10;
    for (size_t n = g->len[1]; n > 3; n--)
        part /= 10;
    return value + part;
}

static void add_number(struct scan *s, const struct group *g, bool sign)
{
    bool pair = g->count == 2 && (g->mark == '-' || is_mark(g->mark, "."));
    size_t len = pair ? g->whole : g->len[0];
    struct group one = *g;

    if (!pair)
        one.count = 1;
    struct flash_token *token = add(s, FLASH_NUMBER, s->i, len);
    token->low = token->high = thousandths(&one);
    if (pair && g->mark == '-')
        token->high = g->value[1] * 1000;
    token->dotted = pair && g->mark != '-' && g->len[0] <= 2 && g->len[1] == 2;
    token->first = (int)g->value[0];
    token->second = (int)(pair ? g->value[1] : 0);
    token->third = (int)g->len[0];
    token->offset = sign;
    if (peek(s, 0) == '+') {
        token->open_ended = true;
        token->to = s->at[s->i].to;
        s->end = token->to;
        s->i++;
    }
}

static void take_number(struct scan *s, bool sign)
{
    struct group g = group_at(s);

    if (is_date(&g))
        add_date(s, &g);
    else if (g.count >= 2 && g.mark == ':')
        add_clock(s, &g);
    else
        add_number(s, &g, sign);
}

/* --- words and what stands between --- */

static void take_word(struct scan *s)
{
    size_t len = 1;

    while (is_letter(peek(s, len)))
        len++;
    add(s, FLASH_WORD, s->i, len);
}

static bool is_break(uint32_t c)
{
    static const uint32_t breaks[] = {',',    ';',    '\n',   '.',    '!',    '?',    '|',   0x060c,
                                      0x061b, 0x061f, 0x06d4, 0x3001, 0x3002, 0x2028, 0x2029};

    for (size_t i = 0; i < ARRAY_LEN(breaks); i++)
        if (c == breaks[i])
            return true;
    return false;
}

static void take_mark(struct scan *s)
{
    uint32_t c = peek(s, 0);

    if (is_break(c))
        add(s, FLASH_BREAK, s->i, 1);
    else if (c == ':' || c == '=')
        add(s, FLASH_COLON, s->i, 1);
    else {
        s->hyphen = c == '-' && s->i > 0 && s->at[s->i].from == s->end;
        s->i++;
    }
}

static void take(struct scan *s)
{
    uint32_t c = peek(s, 0);
    bool sign = (c == '+' || c == '-') && is_digit(peek(s, 1)) && s->at[s->i].from != s->end;

    if (sign) {
        s->i++;
        take_number(s, c == '+');
    } else if (is_digit(c))
        take_number(s, false);
    else if (is_letter(c))
        take_word(s);
    else
        take_mark(s);
}

bool flash_text_read(struct flash_text *out, struct span text, struct arena *arena, struct err *err)
{
    struct flash_text read = {.text = text};
    struct scan s = {.arena = arena, .out = &read, .end = SIZE_MAX};

    if (text.len > FLASH_TEXT_BYTES)
        return err_set(err, ERR_LIMIT, "a flash of more than %u bytes", FLASH_TEXT_BYTES);
    if (!json_text_valid(text))
        return err_set(err, ERR_MALFORMED, "a flash that is no UTF-8 text");
    read_glyphs(&s, text);
    read.token =
        ARENA_ARRAY(arena, struct flash_token, s.count < FLASH_TOKENS ? s.count : FLASH_TOKENS);
    while (s.i < s.count) {
        if (read.count == FLASH_TOKENS)
            return err_set(err, ERR_LIMIT, "a flash of more than %u words", FLASH_TOKENS);
        take(&s);
    }
    *out = read;
    return true;
}

struct span flash_fold(struct span text, struct arena *arena)
{
    struct buf out = buf_in(arena, text.len + 1);
    uint8_t bytes[4];
    uint32_t c;

    while (text.len && utf8_next(&text, &c)) {
        c = fold(c);
        if (!is_dropped(c) && (is_digit(c) || is_letter(c)))
            buf_put(&out, span_make(bytes, utf8_encode(bytes, c)));
    }
    return buf_span(&out);
}

size_t flash_letters(struct span key)
{
    size_t count = 0;

    for (size_t i = 0; i < key.len; i++)
        count += (key.at[i] & 0xc0) != 0x80;
    return count;
}

/* --- how long it is as a message --- */

/* GSM 03.38 beyond ASCII that we write; what takes two places there. */
static bool in_gsm(uint32_t c, unsigned *out_places)
{
    static const uint32_t more[] = {0xa3, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0xe5,
                                    0xc5, 0xc6, 0xe6, 0xdf, 0xc9, 0xc4, 0xd6, 0xd1, 0xdc,
                                    0xa7, 0xbf, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0, '\n', '\r'};

    *out_places = c < 0x80 && c && strchr("^{}\\[~]|", (int)c) ? 2 : 1;
    if (c >= ' ' && c < 0x7f)
        return c != '`';
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        if (c == more[i])
            return true;
    return false;
}

unsigned flash_messages(struct span text)
{
    unsigned septets = 0, units = 0, places;
    bool gsm = true;
    uint32_t c;

    while (text.len) {
        if (!utf8_next(&text, &c)) {
            text = span_from(text, 1);
            c = 0xfffd;
        }
        gsm = in_gsm(c, &places) && gsm;
        septets += places;
        units += c > 0xffff ? 2 : 1;
    }
    unsigned one = gsm ? 160 : 70, many = gsm ? 153 : 67, length = gsm ? septets : units;
    return length <= one ? 1 : (length + many - 1) / many;
}
