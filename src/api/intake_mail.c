#include "api/intake.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "codec/mail.h"
#include "crypto/hash.h"
#include "forms/intake.h"
#include "node/node.h"
#include "sys/maildir.h"

#include <stdio.h>

/*
 * Mails (doc/flash.md). Each is durable in DIR/intake, and its answer in out/, before its file is
 * moved to cur/; after a crash in between it is the same mail again, and has the same answer.
 */

#define AGAIN_MS 60000

struct mailing {
    struct node *node;
    struct intake *intake;
    struct quarantine *quarantine;
    struct maildir *maildir;
    struct flash_book book;
    struct arena *arena; /* of one mail */
    const char *name;    /* of its file */
    int64_t now_ms;
    bool ours; /* the fault is of our own disk */
};

/* The mailer begins a file's name with when it delivered, in seconds; it is on this machine. */
static int64_t delivered_ms(const struct mailing *m)
{
    struct span rest = span_of(m->name), first;
    uint64_t seconds;

    if (!span_cut(&rest, '.', &first) ||
        !decimal_parse(&seconds, first, (uint64_t)LIMIT_TIME_MAX_MS / 1000) ||
        (int64_t)seconds * 1000 > m->now_ms)
        return m->now_ms;
    return (int64_t)seconds * 1000;
}

/* The telephone number that an address of the gateway's domain begins with; else the address. */
static struct span sender_of(const struct mailing *m, struct span address)
{
    const char *phones = node_settings(m->node)->phones;
    struct span domain = address, local;

    return phones[0] && span_cut(&domain, '@', &local) && span_is(domain, phones) ? local : address;
}

/* `file` is empty where it was too large to be read: then it is in the maildir alone. */
static bool refuse(struct mailing *m, struct span file, struct span from, const struct err *why,
                   struct err *err)
{
    struct hash hash = file.len ? hash_of(file) : hash_of(span_of(m->name));
    const char *name = json_text_valid(span_of(m->name)) ? m->name : "(a name that is no UTF-8)";
    char key[INTAKE_KEY_TEXT];

    hex_text(key, hash_span(&hash));
    m->ours = true;
    if ((file.len &&
         !intake_quarantine(m->quarantine, m->node, file, "mail", from, why, m->arena, err)) ||
        !intake_refuse(m->intake, key, name, why->text, delivered_ms(m), err))
        return false;
    m->ours = false;
    fprintf(stderr, "sulh: mail %.8s is not read: sulh intake --list says why\n", key);
    return true;
}

/* To whom is registered, and is no program: who is not may not have written it, and would get mail
 * from us that somebody else asked for. */
static bool answer(struct mailing *m, const struct mail *mail, const struct intake_answer *said,
                   struct err *err)
{
    const struct mail_answer out = {.from = node_settings(m->node)->mail,
                                    .to = mail->from,
                                    .key = said->key,
                                    .about = mail->id,
                                    .date_ms = m->now_ms,
                                    .text = said->text};

    if (mail->automatic || span_is(said->state, "stranger"))
        return true;
    return maildir_answer(m->maildir, arena_printf(m->arena, "%s.eml", said->key),
                          mail_write(&out, m->arena), err);
}

static bool take(struct mailing *m, struct span file, const struct mail *mail, struct err *err)
{
    struct hash hash = hash_of(file);
    struct intake_answer said;
    struct err why = {0};
    char of_file[INTAKE_KEY_TEXT];

    hex_text(of_file, hash_span(&hash));
    const struct intake_message message = {
        .channel = SPAN_LIT("mail"),
        .id = mail->id.len ? mail->id : span_of(of_file),
        .from = sender_of(m, mail->from),
        .text = mail->text,
        .received_ms = delivered_ms(m),
        .dated = mail->dated,
        .claimed_ms = mail->date_ms,
    };
    if (intake_take(m->intake, &m->book, &message, &said, m->arena, &why))
        return answer(m, mail, &said, err);
    if (why.kind != ERR_IO)
        return refuse(m, file, message.from, &why, err);
    m->ours = true;
    *err = why;
    return false;
}

static bool take_file(struct mailing *m, struct err *err)
{
    struct err why = {0};
    struct span file = {0};
    struct mail mail;
    bool ok;

    if (!maildir_read(m->maildir, m->name, LIMIT_MAIL_BYTES, &file, m->arena, &why)) {
        if (why.kind == ERR_MISSING)
            return true; /* somebody else took it */
        if (why.kind == ERR_IO) {
            *err = why;
            return false;
        }
        ok = refuse(m, (struct span){0}, (struct span){0}, &why, err);
    } else if (!mail_parse(&mail, file, m->arena, &why))
        ok = refuse(m, file, (struct span){0}, &why, err);
    else
        ok = take(m, file, &mail, err);
    return ok && maildir_seen(m->maildir, m->name, err);
}

static bool take_files(struct mailing *m, const char *const *name, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};

        m->arena = &arena;
        m->name = name[i];
        bool ok = take_file(m, err);
        arena_free(&arena);
        if (!ok)
            return false;
    }
    return true;
}

bool intake_mail(struct node *node, struct intake *intake, struct quarantine *quarantine,
                 struct maildir *maildir, size_t *out_taken, bool *out_ours, struct err *err)
{
    struct mailing m = {.node = node,
                        .intake = intake,
                        .quarantine = quarantine,
                        .maildir = maildir,
                        .now_ms = clock_now_ms(node_clock(node))};
    struct arena arena = {0};
    const char **name;

    *out_taken = 0;
    bool ok = maildir_list(maildir, &name, out_taken, &arena, err);
    if (ok && *out_taken > 0) {
        m.ours = true;
        ok = store_reader_refresh(node_reader(node), err) &&
             intake_book(&m.book, node_reader(node), &arena, err);
        m.ours = !ok;
        ok = ok && take_files(&m, name, *out_taken, err);
    }
    *out_ours = m.ours;
    arena_free(&arena);
    return ok;
}

/* --- for a server --- */

void intake_box_close(struct intake_box *box)
{
    maildir_close(box->maildir);
    box->maildir = NULL;
}

static void put_off(struct intake_box *box, int64_t now_ms, const struct err *why)
{
    intake_box_close(box);
    box->again_ms = now_ms + AGAIN_MS;
    if (strcmp(box->told.text, why->text) != 0)
        fprintf(stderr, "sulh: no mails are taken in: %s\n", why->text);
    box->told = *why;
}

bool intake_box_turn(struct intake_box *box, struct node *node, struct intake *intake,
                     struct quarantine *quarantine, struct err *err)
{
    const char *path = node_settings(node)->maildir;
    int64_t now_ms = clock_now_ms(node_clock(node));
    struct err fault = {0};
    bool ours = false;
    size_t taken;

    if (!path[0] || now_ms < box->again_ms)
        return true;
    if ((box->maildir || maildir_open(&box->maildir, path, &fault)) &&
        intake_mail(node, intake, quarantine, box->maildir, &taken, &ours, &fault)) {
        box->told = (struct err){0};
        return true;
    }
    if (ours) {
        *err = fault;
        return false;
    }
    put_off(box, now_ms, &fault);
    return true;
}
