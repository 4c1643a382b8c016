#include "cli/hotline_words.h"

#include "sys/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/*
 * The console's loop. On a terminal the upper part of the screen is the board, drawn again where
 * it stands while the lower part scrolls, so that what is being typed is left alone. Elsewhere,
 * and on a terminal that can do no such thing, what is new is a line beginning with ">".
 */

#define SECOND_MS 1000 /* what is left is shown anew */
#define LOOK_MS 10000  /* also without news, for clocks run out */
#define BELL_EVERY_MS 20000
#define LEAST_ROWS 14
#define MOST_BOARD 22

struct console {
    struct hotline *h;
    char line[HOTLINE_LINE_BYTES];
    size_t len;
    bool too_long, at_end;
    bool split; /* the screen is */
    struct winsize size;
    int board_rows;
    uint64_t asked_ns, drawn_ns, rung_ns;
    struct hotline_ear *ear; /* NULL: nobody else writes here */
    bool rang;
    char fault[sizeof((struct err *)0)->text]; /* the last, said once */
};

/* --- the terminal --- */

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    stopped = signal;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static bool can_split(const struct winsize *size)
{
    const char *name = getenv("TERM");

    return size->ws_row >= LEAST_ROWS && name && name[0] && strcmp(name, "dumb") != 0;
}

static void join_screen(struct console *c)
{
    if (c->split)
        printf("\033[r\033[%d;1H\n", c->size.ws_row);
    c->split = false;
    fflush(stdout);
}

static void split_screen(struct console *c)
{
    struct winsize size = {0};

    if (!c->h->terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
        (c->split && size.ws_row == c->size.ws_row && size.ws_col == c->size.ws_col))
        return;
    join_screen(c);
    c->size = size;
    if (!can_split(&size))
        return;
    c->split = true;
    c->board_rows = size.ws_row / 2 < MOST_BOARD ? size.ws_row / 2 : MOST_BOARD;
    printf("\033[2J\033[%d;%dr\033[%d;1H", c->board_rows + 1, size.ws_row, size.ws_row);
}

static void prompt(const struct console *c)
{
    if (!c->h->terminal)
        return;
    fputs(c->h->key, stdout);
    if (c->h->exercise) {
        fputc(' ', stdout);
        hotline_put(c->h, stdout, "console.exercise", NULL);
    }
    fputs(": ", stdout);
    fflush(stdout);
}

/* In its place, line by line, the cursor where it was. */
static void draw(const struct console *c)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return;
    hotline_board(c->h, out);
    fclose(out);
    fputs("\0337\033[?7l", stdout);
    struct span rest = span_make(text, len), line;
    for (int row = 1; row < c->board_rows; row++) {
        bool more = span_cut(&rest, '\n', &line);

        printf("\033[%d;1H\033[2K%.*s", row, more ? (int)line.len : 0,
               more ? (const char *)line.at : "");
    }
    printf("\033[%d;1H\033[2K\033[7m ", c->board_rows);
    hotline_put(c->h, stdout, c->h->exercise ? "console.exercise" : "hotline.title", NULL);
    if (rest.len) {
        fputs(" · ", stdout);
        hotline_put(c->h, stdout, "console.more", NULL);
    }
    fputs(" \033[0m\033[?7h\0338", stdout);
    fflush(stdout);
    free(text);
}

/* --- news --- */

static void say_fault(struct console *c, const struct err *err)
{
    if (strcmp(c->fault, err->text) == 0)
        return;
    snprintf(c->fault, sizeof c->fault, "%s", err->text);
    fputs("sulh hotline: ", stderr);
    cli_put_text(stderr, span_of(err->text), 0);
    fputc('\n', stderr);
}

static void put_alarm(const struct hotline *h)
{
    fputs("> ", stdout);
    hotline_begin(h, stdout);
    hotline_put(h, stdout, "console.alarm", NULL);
    fputs(": ", stdout);
    hotline_put(h, stdout, "hotline.alarm", NULL);
    hotline_end(h, stdout);
}

/* At once when something comes, and again and again while it waits. */
static void ring(struct console *c, bool calls)
{
    uint64_t now = clock_ticks_ns();
    bool alarm = hotline_alarm(c->h);

    if (alarm && !c->rang && !c->h->terminal)
        put_alarm(c->h);
    bool again = alarm && now - c->rung_ns >= (uint64_t)BELL_EVERY_MS * 1000000;
    if (c->h->terminal && (calls || again || (alarm && !c->rang))) {
        fputs("\a", stdout);
        c->rung_ns = now;
    }
    c->rang = alarm;
}

static void print_news(struct console *c, const struct json *before, bool *out_calls)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return;
    *out_calls = hotline_news(c->h, before, out);
    fclose(out);
    if (len && !c->split) {
        printf("%s%s", c->h->terminal ? "\n" : "", text);
        prompt(c);
    }
    free(text);
}

/* What has come since, and what is new by that; false: nothing could be asked. */
static bool refresh(struct console *c, bool *out_calls)
{
    struct json before = c->h->state;
    struct err err = {0};
    bool calls = false, first = before.type != JSON_OBJECT;

    if (!hotline_refresh(c->h, &err)) {
        say_fault(c, &err);
        return false;
    }
    c->fault[0] = '\0';
    if (!first)
        print_news(c, &before, &calls);
    *out_calls = *out_calls || calls;
    return true;
}

/* The time goes on, whether or not there is news. */
static void go_on(struct console *c, bool calls)
{
    c->drawn_ns = clock_ticks_ns();
    hotline_go_on(c->h);
    split_screen(c);
    if (c->split)
        draw(c);
    ring(c, calls);
    fflush(stdout);
}

static void look(struct console *c)
{
    bool calls = false;

    c->asked_ns = clock_ticks_ns();
    if (refresh(c, &calls) && hotline_attend(c->h))
        (void)refresh(c, &calls);
    go_on(c, calls);
}

/* --- lines --- */

static void refuse(struct hotline *h, struct span why)
{
    h->failed++;
    hotline_begin(h, stderr);
    hotline_put(h, stderr, "console.refused", HOTLINE_BLANKS({"why", why, false}));
    hotline_end(h, stderr);
}

static void act(struct console *c, struct span line)
{
    struct err err = {0};

    if (!store_reader_refresh(node_reader(c->h->node), &err) || !hotline_act(c->h, line, &err))
        refuse(c->h, span_of(err.text));
    fflush(stdout);
    arena_reset(&c->h->work);
    if (c->h->ended)
        return;
    look(c);
    prompt(c);
}

static void take_byte(struct console *c, char byte)
{
    if (byte != '\n' && c->len < sizeof c->line) {
        c->line[c->len++] = byte;
        return;
    }
    if (byte != '\n') {
        c->too_long = true;
        return;
    }
    if (c->too_long)
        refuse(c->h, hotline_word(c->h, "console.line_too_long"));
    else
        act(c, span_make(c->line, c->len));
    c->len = 0;
    c->too_long = false;
}

static void read_some(struct console *c)
{
    char bytes[4096];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);

    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        if (c->len)
            take_byte(c, '\n');
        c->at_end = true;
        return;
    }
    for (ssize_t i = 0; i < got && !c->h->ended; i++)
        take_byte(c, bytes[i]);
}

static int64_t since_ms(uint64_t then_ns)
{
    return (int64_t)((clock_ticks_ns() - then_ns) / 1000000);
}

static void hear(struct console *c)
{
    char bytes[64];

    if (read(hotline_ear_fd(c->ear), bytes, sizeof bytes) > 0)
        look(c);
}

static void wait_once(struct console *c)
{
    struct pollfd in[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                          {.fd = c->ear ? hotline_ear_fd(c->ear) : -1, .events = POLLIN}};
    int64_t drawn = since_ms(c->drawn_ns);

    store_reader_rest(node_reader(c->h->node)); /* the server may have something to tidy away */
    if (poll(in, ARRAY_LEN(in), drawn < SECOND_MS ? (int)(SECOND_MS - drawn) : 0) < 0)
        return;
    if (in[1].revents)
        hear(c);
    if (in[0].revents)
        read_some(c);
    else if (since_ms(c->asked_ns) >= LOOK_MS)
        look(c);
    else if (since_ms(c->drawn_ns) >= SECOND_MS)
        go_on(c, false);
}

static bool was_refused(const struct hotline *h, struct err *err)
{
    char number[24];

    snprintf(number, sizeof number, "%d", h->failed);
    return hotline_wrong(h, err, ERR_REFUSED, "console.lines_refused",
                         HOTLINE_BLANKS({"n", span_of(number), false}));
}

bool hotline_console(struct hotline *h, struct err *err)
{
    struct console *c = ARENA_NEW(&h->cli->arena, struct console);

    c->h = h;
    h->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    catch_signals();
    look(c);
    if (!c->split)
        hotline_board(h, stdout);
    prompt(c);
    fflush(stdout);
    if (!h->api)
        c->ear = hotline_ear_open(h);
    while (!h->ended && !c->at_end && !stopped)
        wait_once(c);
    hotline_ear_close(c->ear);
    join_screen(c);
    return h->failed == 0 || was_refused(h, err);
}
