#include "api/blur_text.h"

#include "base/buf.h"
#include "codec/utf8.h"

#include <pthread.h>
#include <regex.h>
#include <stdlib.h>

/* Over what fold() makes of a text. */
static const char form[] =
    "[0-9][.][0-9]{3}"                                                         /* 34.526 */
    "|[0-9],[0-9]{4}"                                                          /* 34,5261 */
    "|[0-9] ?(~|[dD][eE][gG])"                                                 /* 34° 31' */
    "|[0-9] ?[NSEWnsew] ?[0-9]{1,3} ?'"                                        /* 34N31' */
    "|[0-9]{1,2} ?[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?[0-9]{2,5} ?[0-9]{2,5}" /* 42S WD 12 34 */
    "|[0-9]{6,7}[^0-9]{1,5}[0-9]{6,7}"                                         /* 512345 3765432 */
    "|[2-9CFGHJMPQRVWXcfghjmpqrvwx]{4,8}[+][2-9CFGHJMPQRVWXcfghjmpqrvwx]{2}"   /* 8J2XQ7+5C */
    "|///[^ /]+[.][^ /]+[.]"                                                   /* ///a.b.c */
    "|([qQ]|[lL][lL]|[gG][eE][oO])[=:][0-9]"; /* of an address of a map */

static regex_t compiled;

static void compile(void)
{
    if (regcomp(&compiled, form, REG_EXTENDED | REG_NOSUB) != 0)
        abort();
}

/* What stands for what: digits, the marks between them, and of spaces the plain one. '\0': goes. */
static char folded(uint32_t c)
{
    static const struct {
        uint32_t c;
        char as;
    } marks[] = {
        {0x00a0, ' '},  {0x202f, ' '},  {'\n', ' '},    {'\t', ' '},    {0x066b, '.'},
        {0x060c, ','},  {0x066c, ','},  {0x00b0, '~'},  {0x00ba, '~'},  {0x02da, '~'},
        {0x2032, '\''}, {0x2019, '\''}, {0x200c, '\0'}, {0x200d, '\0'}, {0x200e, '\0'},
        {0x200f, '\0'}, {0x061c, '\0'}, {0xff0e, '.'},  {0xff0b, '+'},
    };
    static const uint32_t zeros[] = {0x0660, 0x06f0, 0xff10};

    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (marks[i].c == c)
            return marks[i].as;
    for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
        if (c >= zeros[i] && c < zeros[i] + 10)
            return (char)('0' + (c - zeros[i]));
    if ((c >= 0x2066 && c <= 0x2069) || (c >= 0x202a && c <= 0x202e))
        return '\0'; /* which way a text runs */
    return c > ' ' && c < 0x7f ? (char)c : c == ' ' ? ' ' : '_';
}

static const char *fold(struct span text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    uint32_t c;

    while (utf8_next(&text, &c)) {
        char as = folded(c);
        bool twice = as == ' ' && len > 0 && out[len - 1] == ' ';

        if (as && !twice)
            out[len++] = as;
    }
    out[len] = '\0';
    return out;
}

bool blur_text_tells(struct span text, struct arena *arena)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (pthread_once(&once, compile) != 0)
        abort();
    return regexec(&compiled, fold(text, arena), 0, NULL, 0) == 0;
}
