#include "forms/intake.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "forms/intake_inside.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_BYTES (1u << 20) /* what a sender said in one conversation, several times over */
#define TALK_TEXT_BYTES FLASH_TEXT_BYTES

struct intake {
    struct disk *disk;
    pthread_mutex_t lock;
};

struct intake *intake_open(struct disk *disk)
{
    struct intake *intake = calloc(1, sizeof *intake);

    if (!intake)
        abort();
    intake->disk = disk;
    pthread_mutex_init(&intake->lock, NULL);
    return intake;
}

void intake_close(struct intake *intake)
{
    if (!intake)
        return;
    pthread_mutex_destroy(&intake->lock);
    free(intake);
}

/* --- files --- */

void intake_lock(struct intake *intake)
{
    pthread_mutex_lock(&intake->lock);
}

void intake_unlock(struct intake *intake)
{
    pthread_mutex_unlock(&intake->lock);
}

struct disk *intake_disk(struct intake *intake)
{
    return intake->disk;
}

void intake_path(char out[INTAKE_PATH_BYTES], const char *folder, const char *key)
{
    snprintf(out, INTAKE_PATH_BYTES, "intake/%s/%s", folder, key);
}

/* An empty object when there is none. */
bool intake_read(struct disk *disk, const char *folder, const char *key, struct json *out,
                 struct arena *arena, struct err *err)
{
    char path[INTAKE_PATH_BYTES];
    struct err fault = {0};
    struct span text;

    intake_path(path, folder, key);
    *out = json_object();
    if (!disk_read(disk, path, MESSAGE_BYTES, &text, arena, &fault)) {
        if (fault.kind == ERR_MISSING)
            return true;
        *err = fault;
        return false;
    }
    return json_parse(out, text, arena, err) || err_wrap(err, "%s", path);
}

bool intake_write(struct disk *disk, const char *folder, const char *key, const struct json *value,
                  struct arena *arena, struct err *err)
{
    char path[INTAKE_PATH_BYTES];

    intake_path(path, folder, key);
    return disk_replace(disk, path, json_bytes(value, arena), true, err);
}

static void key_of(char out[INTAKE_KEY_TEXT], const struct intake_message *m, const char *from)
{
    char received[32];
    struct span made[] = {m->channel,     SPAN_LIT("\n"), m->id,
                          SPAN_LIT("\n"), span_of(from),  SPAN_LIT("\n"),
                          m->text,        SPAN_LIT("\n"), span_of(received)};
    struct hash hash;

    snprintf(received, sizeof received, "%" PRId64, m->received_ms);
    hash = hash_of_parts(made, m->id.len ? 3 : ARRAY_LEN(made));
    hex_text(out, hash_span(&hash));
}

/* --- a conversation --- */

struct talk {
    struct json file; /* as it was */
    bool open;        /* something waits for an answer or a confirmation */
    struct span text; /* all of it that counts */
    int64_t received_ms;
};

struct taking {
    const struct flash_book *book;
    const struct intake_message *message;
    struct intake_sender sender;
    struct talk talk;
    struct flash flash; /* of what is open now */
    struct flash_ask ask;
    struct span text; /* that is open after this message; empty: nothing */
    const char *state;
    struct span reply;
    struct arena *arena;
};

static struct flash_ask ask_of(const struct taking *t, struct span text)
{
    return (struct flash_ask){.text = text,
                              .language = span_of(t->sender.language),
                              .offset_min = t->sender.offset_min,
                              .received_ms =
                                  t->talk.open ? t->talk.received_ms : t->message->received_ms};
}

static bool read_flash(struct taking *t, struct span text, struct err *err)
{
    t->ask = ask_of(t, text);
    return flash_read(&t->flash, t->book, &t->ask, t->arena, err);
}

static struct span say(const struct taking *t, const char *what)
{
    return flash_book_say(t->book, t->flash.language, what);
}

/* The meaning of a whole message that is a word, and perhaps a number behind it. */
static bool is_word(const struct taking *t, enum flash_meaning meaning, struct span *out_number)
{
    struct flash_text text;
    const struct flash_entry *entry;
    struct err unsaid = {0};

    *out_number = (struct span){0};
    if (!flash_text_read(&text, t->message->text, t->arena, &unsaid) || text.count == 0 ||
        text.count > 2 || flash_book_find(t->book, text.token[0].key, &entry) == 0 ||
        entry->meaning != meaning)
        return false;
    if (text.count == 2)
        *out_number = text.token[1].key;
    return text.count == 1 || text.token[1].type == FLASH_NUMBER;
}

static void end_with(struct taking *t, const char *state, const char *what)
{
    t->state = state;
    t->reply = say(t, what);
    t->text = (struct span){0};
}

static struct span filled(const struct taking *t, const char *what, const char *mark,
                          struct span with)
{
    struct span text = say(t, what), rest = text, name = span_of(mark);
    struct buf out = buf_in(t->arena, 1000);

    for (; rest.len; rest = span_from(rest, 1)) {
        if (!span_starts_with(rest, name)) {
            buf_byte(&out, rest.at[0]);
            continue;
        }
        buf_put(&out, with);
        rest = span_from(rest, name.len - 1);
    }
    return buf_span(&out);
}

/* "YES 4711" to what was sent back. */
static bool take_word(struct taking *t)
{
    struct span number;

    if (!t->talk.open)
        return false;
    if (t->flash.questions == 0 && is_word(t, FLASH_YES, &number) && number.len) {
        if (span_is(number, t->flash.check)) {
            end_with(t, "confirmed", "later");
            return true;
        }
        t->state = "wrong";
        t->reply = filled(t, "wrong", "{n}", number);
        t->text = t->talk.text;
        return true;
    }
    if (is_word(t, FLASH_NO, &number) && number.len == 0 && t->flash.questions == 0) {
        end_with(t, "dropped", "dropped");
        return true;
    }
    return false;
}

static bool begins_anew(const struct taking *t, const struct flash *alone)
{
    struct flash_text text;
    const struct flash_entry *entry;
    struct err unsaid = {0};

    return alone->questions == 0 ||
           (flash_text_read(&text, t->message->text, t->arena, &unsaid) && text.count > 1 &&
            flash_book_find(t->book, text.token[0].key, &entry) > 0 &&
            entry->meaning == FLASH_BEGINS);
}

static struct span added(const struct taking *t)
{
    struct buf out = buf_in(t->arena, 2 * TALK_TEXT_BYTES);

    buf_put(&out, t->talk.text);
    buf_byte(&out, '\n');
    buf_put(&out, t->message->text);
    return buf_span(&out);
}

/* What is open after this message: it alone, or what was open with it. */
static bool join(struct taking *t, struct err *err)
{
    struct flash before = t->flash;
    struct span said = t->message->text;

    t->text = said;
    if (!t->talk.open)
        return true;
    if (!read_flash(t, said, err))
        return false;
    if (begins_anew(t, &t->flash)) {
        t->talk.open = false;
        return true;
    }
    t->text = before.questions ? flash_answered(&before, t->talk.text, said, t->arena) : added(t);
    if (t->text.len > TALK_TEXT_BYTES) { /* it never ends: what was said last counts */
        t->talk.open = false;
        t->text = said;
    }
    return true;
}

static bool converse(struct taking *t, struct err *err)
{
    if (t->talk.open && !read_flash(t, t->talk.text, err))
        return false;
    if (take_word(t))
        return true;
    if (!join(t, err) || !read_flash(t, t->text, err))
        return false;
    t->state = t->flash.questions ? "asked" : "understood";
    t->reply = flash_reply(&t->flash, t->book, &t->ask, t->arena);
    if (t->flash.words == 0)
        end_with(t, "asked", "help");
    return true;
}

/* --- what is written --- */

static struct json list_of(const struct json *before, bool goes_on, struct span text,
                           struct arena *arena)
{
    struct json out = json_array();

    for (uint32_t i = 0; goes_on && before && i < before->array.count; i++)
        json_push(&out, before->array.at[i], arena);
    json_push(&out, json_string(text), arena);
    return out;
}

/* `keys` are those of the messages that were `said`. */
static struct json talk_after(const struct taking *t, const char *key, int64_t n)
{
    bool goes_on = t->talk.open && t->text.len;
    struct json out = json_object();

    json_set_integer(&out, "n", n, t->arena);
    if (!t->text.len)
        return out;
    json_set(&out, "said",
             list_of(json_get(&t->talk.file, "said"), goes_on, t->message->text, t->arena),
             t->arena);
    json_set(&out, "keys",
             list_of(json_get(&t->talk.file, "keys"), goes_on, span_of(key), t->arena), t->arena);
    json_set_string(&out, "text", t->text, t->arena);
    json_set_integer(&out, "received_ms", goes_on ? t->talk.received_ms : t->message->received_ms,
                     t->arena);
    json_set_integer(&out, "last_ms", t->message->received_ms, t->arena);
    return out;
}

static struct json confirmed_of(const struct taking *t, const char *key)
{
    struct json out = json_object();
    const struct json *said = json_get(&t->talk.file, "said");

    json_set(&out, "fields", t->flash.fields, t->arena);
    json_set(&out, "on_behalf", json_text(t->sender.name), t->arena);
    json_set(&out, "said", said ? *said : json_array(), t->arena);
    json_set(&out, "keys", list_of(json_get(&t->talk.file, "keys"), true, span_of(key), t->arena),
             t->arena);
    return out;
}

static struct json message_file(const struct taking *t, const char *from, const char *key,
                                int64_t n)
{
    struct json out = json_object();

    json_set_string(&out, "channel", t->message->channel, t->arena);
    json_set_string(&out, "id", t->message->id, t->arena);
    json_set(&out, "from", json_text(from), t->arena);
    json_set_string(&out, "text", t->message->text, t->arena);
    json_set_integer(&out, "received_ms", t->message->received_ms, t->arena);
    if (t->message->dated)
        json_set_integer(&out, "claimed_ms", t->message->claimed_ms, t->arena);
    json_set_string(&out, "answer", t->reply, t->arena);
    json_set(&out, "state", json_text(t->state), t->arena);
    if (strcmp(t->state, "stranger") != 0)
        json_set(&out, "talk", talk_after(t, key, n), t->arena);
    if (strcmp(t->state, "confirmed") == 0)
        json_set(&out, "confirmed", confirmed_of(t, key), t->arena);
    return out;
}

/* What follows from a message, written behind it: after a crash between the two it follows from the
 * message when that comes again, for who got no answer sends it again. */
static bool follow(struct intake *intake, const char *key, const char *number,
                   const struct json *file, struct arena *arena, struct err *err)
{
    const struct json *talk = json_get(file, "talk"), *confirmed = json_get(file, "confirmed");
    struct json now, done;

    if (talk && !intake_read(intake->disk, "talk", number, &now, arena, err))
        return false;
    if (talk && json_get_integer(talk, "n", 0) > json_get_integer(&now, "n", 0) &&
        !intake_write(intake->disk, "talk", number, talk, arena, err))
        return false;
    if (!confirmed)
        return true;
    return intake_read(intake->disk, "done", key, &done, arena, err) &&
           (intake_is_there(&done) ||
            intake_write(intake->disk, "confirmed", key, confirmed, arena, err));
}

/* --- taking one in --- */

void intake_text_hash(char out[INTAKE_KEY_TEXT], struct span text)
{
    struct hash hash = hash_of_parts(&text, 1);

    hex_text(out, hash_span(&hash));
}

/* Of what a record was made of, the hash alone is left (intake_done). */
static bool says_the_same(const struct json *file, struct span text)
{
    char hash[INTAKE_KEY_TEXT];

    if (json_get(file, "text"))
        return span_equal(json_get_text(file, "text"), text);
    intake_text_hash(hash, text);
    return span_is(json_get_text(file, "text_hash"), hash);
}

static bool answer_again(struct intake *intake, const struct intake_message *message,
                         const char *from, const char *number, const struct json *file,
                         struct intake_answer *out, struct arena *arena, struct err *err)
{
    if (!span_is(json_get_text(file, "from"), from) || !says_the_same(file, message->text))
        return err_set(err, ERR_CONFLICT, "another message came under this id");
    out->text = json_get_text(file, "answer");
    out->state = json_get_text(file, "state");
    out->again = true;
    return follow(intake, out->key, number, file, arena, err);
}

static bool open_talk(struct taking *t, struct disk *disk, const char *number, struct err *err)
{
    if (!intake_read(disk, "talk", number, &t->talk.file, t->arena, err))
        return false;
    t->talk.text = json_get_text(&t->talk.file, "text");
    t->talk.received_ms = json_get_integer(&t->talk.file, "received_ms", 0);
    t->talk.open =
        t->talk.text.len > 0 &&
        t->message->received_ms - json_get_integer(&t->talk.file, "last_ms", 0) < INTAKE_TALK_MS;
    return true;
}

static bool take_new(struct intake *intake, struct taking *t, const char *from, const char *number,
                     struct intake_answer *out, struct err *err)
{
    bool known, ok;

    ok = intake_sender_find(intake->disk, number, &t->sender, &known, t->arena, err);
    if (ok && !known) {
        t->sender.offset_min = FLASH_NO_OFFSET;
        ok = read_flash(t, t->message->text, err);
        t->state = "stranger";
        t->reply = ok ? say(t, "stranger") : t->reply;
    } else
        ok = ok && open_talk(t, intake->disk, number, err) && converse(t, err);
    if (!ok)
        return false;
    struct json file = message_file(t, from, out->key, json_get_integer(&t->talk.file, "n", 0) + 1);
    out->text = t->reply;
    out->state = span_of(t->state);
    out->again = false;
    return intake_write(intake->disk, "message", out->key, &file, t->arena, err) &&
           follow(intake, out->key, number, &file, t->arena, err);
}

bool intake_take(struct intake *intake, const struct flash_book *book,
                 const struct intake_message *message, struct intake_answer *out,
                 struct arena *arena, struct err *err)
{
    struct taking taking = {
        .book = book, .message = message, .arena = arena, .talk = {.file = json_object()}};
    char from[INTAKE_FROM_BYTES + 1], number[INTAKE_KEY_TEXT];
    struct intake_answer answer = {0};
    struct json file;

    if (!intake_from(from, message->from, err))
        return false;
    if (!json_text_valid(message->text) || !json_text_valid(message->id))
        return err_set(err, ERR_MALFORMED, "a message that is no UTF-8 text");
    key_of(answer.key, message, from);
    intake_number(number, from);
    pthread_mutex_lock(&intake->lock);
    bool ok = intake_read(intake->disk, "message", answer.key, &file, arena, err);
    if (ok)
        ok = intake_is_there(&file)
                 ? answer_again(intake, message, from, number, &file, &answer, arena, err)
                 : take_new(intake, &taking, from, number, &answer, err);
    pthread_mutex_unlock(&intake->lock);
    if (ok)
        *out = answer;
    return ok;
}
