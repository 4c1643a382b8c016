#include "node/passphrase.h"

#include "crypto/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define PASSPHRASE_FILE "SULH_PASSPHRASE_FILE"
#define LEAST_BYTES                                                                                \
    12u /* whoever has the file tries two a second for each core: no word will do                  \
         */

struct span passphrase_span(const struct passphrase *passphrase)
{
    return span_make(passphrase->bytes, passphrase->len);
}

void passphrase_wipe(struct passphrase *passphrase)
{
    sign_wipe(passphrase, sizeof *passphrase);
}

static bool is_control(uint8_t byte)
{
    return byte < 0x20 || byte == 0x7f;
}

/* Up to the first control character, which is *out_end, or 0 at the end of what is there. */
static bool read_line(struct passphrase *out, uint8_t *out_end, int fd, const char *from,
                      struct err *err)
{
    uint8_t byte = 0;
    ssize_t n;

    out->len = 0;
    while ((n = read(fd, &byte, 1)) == 1 && !is_control(byte)) {
        if (out->len == sizeof out->bytes)
            return err_set(err, ERR_LIMIT, "%s: a passphrase of more than %u bytes", from,
                           LIMIT_PASSPHRASE_BYTES);
        out->bytes[out->len++] = byte;
    }
    *out_end = n == 1 ? byte : 0;
    return n >= 0 || err_errno(err, "read %s", from);
}

/* --- from a file --- */

static bool check_private(int fd, const char *path, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st))
        return err_errno(err, "stat %s", path);
    return (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
           err_set(err, ERR_REFUSED, PASSPHRASE_FILE ": %s is open to others: chmod 600 it", path);
}

static bool one_line(struct passphrase *out, int fd, const char *path, struct err *err)
{
    uint8_t end, more;

    if (!read_line(out, &end, fd, path, err))
        return false;
    return (out->len && (end == 0 || (end == '\n' && read(fd, &more, 1) == 0))) ||
           err_set(err, ERR_MALFORMED, PASSPHRASE_FILE ": %s must hold one line, the passphrase",
                   path);
}

static bool from_file(struct passphrase *out, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return err_errno(err, PASSPHRASE_FILE ": open %s", path);
    bool ok = check_private(fd, path, err) && one_line(out, fd, path, err);
    close(fd);
    return ok;
}

/* --- from the terminal --- */

/* What ends the program while it asks must not leave the terminal without echo. There is one
 * terminal, and one prompt at it at a time. */
static const int ending[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static struct {
    int tty;
    struct termios was;
} shown;

static void end_shown(int signal_number)
{
    tcsetattr(shown.tty, TCSAFLUSH, &shown.was);
    raise(signal_number); /* by SA_RESETHAND as if it had not been caught */
}

/* What was ignored stays so; what was blocked, as a server blocks what ends it until it serves,
 * ends it here. */
struct at_prompt {
    struct sigaction before[ARRAY_LEN(ending)];
    sigset_t mask;
};

static void catch_ends(struct at_prompt *out, int tty, const struct termios *was)
{
    const struct sigaction end = {.sa_handler = end_shown, .sa_flags = (int)SA_RESETHAND};
    sigset_t open;

    shown.tty = tty;
    shown.was = *was;
    sigemptyset(&open);
    for (size_t i = 0; i < ARRAY_LEN(ending); i++) {
        sigaction(ending[i], NULL, &out->before[i]);
        if (out->before[i].sa_handler == SIG_IGN)
            continue;
        sigaction(ending[i], &end, NULL);
        sigaddset(&open, ending[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &open, &out->mask);
}

static void release_ends(const struct at_prompt *prompt)
{
    pthread_sigmask(SIG_SETMASK, &prompt->mask, NULL);
    for (size_t i = 0; i < ARRAY_LEN(ending); i++)
        sigaction(ending[i], &prompt->before[i], NULL);
}

/* Without echo, and deaf to the keys that would end the program; that which interrupts ends the
 * line instead. */
static bool quieten(int tty, const struct termios *was)
{
    struct termios quiet = *was;

    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    quiet.c_cc[VEOL] = was->c_cc[VINTR];
    return tcsetattr(tty, TCSAFLUSH, &quiet) == 0;
}

static bool ask_quietly(struct passphrase *out, int tty, const char *prompt, struct err *err)
{
    struct at_prompt at_prompt;
    struct termios was;
    uint8_t end = 0;

    if (tcgetattr(tty, &was) != 0)
        return err_errno(err, "look at the terminal");
    catch_ends(&at_prompt, tty, &was);
    bool ok = quieten(tty, &was) || err_errno(err, "keep the terminal from showing a passphrase");
    if (ok)
        dprintf(tty, "%s: ", prompt);
    ok = ok && read_line(out, &end, tty, "the terminal", err);
    tcsetattr(tty, TCSAFLUSH, &was);
    release_ends(&at_prompt);
    dprintf(tty, "\n");
    return ok &&
           ((out->len && end == '\n') || err_set(err, ERR_REFUSED, "no passphrase was given"));
}

static bool from_terminal(struct passphrase *out, const char *what, const char *key_name,
                          struct err *err)
{
    char prompt[256];
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (tty < 0)
        return err_set(err, ERR_REFUSED,
                       "the key %s needs a passphrase, and there is no terminal to ask at: name "
                       "a file that holds it in " PASSPHRASE_FILE,
                       key_name);
    snprintf(prompt, sizeof prompt, "%s %s", what, key_name);
    bool ok = ask_quietly(out, tty, prompt, err);
    close(tty);
    return ok;
}

static bool take(struct passphrase *out, const char *what, const char *key_name, struct err *err)
{
    const char *path = getenv(PASSPHRASE_FILE);

    return path ? from_file(out, path, err) : from_terminal(out, what, key_name, err);
}

bool passphrase_ask(struct passphrase *out, const char *key_name, struct err *err)
{
    struct passphrase got;
    bool ok = take(&got, "Passphrase of", key_name, err);

    if (ok)
        *out = got;
    passphrase_wipe(&got);
    return ok;
}

static bool check_new(const struct passphrase *first, const struct passphrase *again,
                      struct err *err)
{
    if (first->len < LEAST_BYTES)
        return err_set(err, ERR_REFUSED,
                       "a passphrase of %zu bytes would be guessed: take %u or more, several words",
                       first->len, LEAST_BYTES);
    return span_equal(passphrase_span(first), passphrase_span(again)) ||
           err_set(err, ERR_REFUSED, "that was not the same passphrase again");
}

bool passphrase_choose(struct passphrase *out, const char *key_name, struct err *err)
{
    struct passphrase first = {0}, again = {0};
    bool ok = take(&first, "New passphrase of", key_name, err) &&
              take(&again, "The same again, of", key_name, err) && check_new(&first, &again, err);

    if (ok)
        *out = first;
    passphrase_wipe(&first);
    passphrase_wipe(&again);
    return ok;
}
