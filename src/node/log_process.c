#include "node/log_process_inside.h"

#include "node/keyring.h"
#include "node/log_message.h"
#include "node/unlock.h"
#include "sys/sandbox.h"

#include <stdlib.h>

/* --- the process that keeps the key --- */

struct keeper {
    const struct log_process_options *options;
    int channel;
    struct note_signer key;
    struct log_signer_here here;
};

static void forget_others(const struct keeper *keeper)
{
    for (size_t i = 0; i < keeper->options->forget_count; i++)
        sign_secret_wipe(&keeper->options->forget[i]->secret);
}

static bool read_key(struct keeper *keeper, struct err *err)
{
    const struct log_process_options *options = keeper->options;
    bool ok = keyring_read(&keeper->key, options->directory, options->name, err);

    unlock_forget();
    return ok && (keeper->key.type == NOTE_TYPE_ED25519 ||
                  err_set(err, ERR_MALFORMED, "the key %s cannot sign: it is of another type",
                          options->name));
}

static bool read_last(struct keeper *keeper, struct checkpoint *out, struct err *err)
{
    const struct log_signer signer = log_signer_in(&keeper->here);

    return signer.last(signer.context, out, err) || err->kind == ERR_MISSING;
}

static bool settle_in(struct keeper *keeper, struct log_hello *out, struct err *err)
{
    struct disk *disk;

    if (!read_key(keeper, err) || !disk_open(&disk, keeper->options->directory, false, err))
        return false;
    keeper->here = (struct log_signer_here){.disk = disk, .key = &keeper->key};
    out->key = note_signer_key(&keeper->key);
    return read_last(keeper, &out->last, err) && sandbox_enter(keeper->channel, err);
}

static bool reply(const struct keeper *keeper, struct span text, const struct err *fault,
                  struct arena *arena)
{
    struct buf buf = buf_in(arena, LOG_REPLY_BYTES);
    const struct log_reply said = {.kind = fault ? fault->kind : ERR_NONE,
                                   .text = fault ? span_of(fault->text) : text};
    struct err ignored; /* there is nobody to tell */

    log_reply_put(&buf, &said);
    return process_send(keeper->channel, buf_span(&buf), &ignored);
}

static bool greet(struct keeper *keeper, struct arena *arena)
{
    struct log_hello hello = {0};
    struct buf text = buf_in(arena, LOG_REPLY_TEXT);
    struct err err = {0};

    if (!settle_in(keeper, &hello, &err))
        return reply(keeper, (struct span){0}, &err, arena) && false;
    log_hello_put(&text, &hello);
    assert(!text.full);
    return reply(keeper, buf_span(&text), NULL, arena);
}

static bool answer(struct keeper *keeper, struct span message, struct arena *arena)
{
    const struct log_signer signer = log_signer_in(&keeper->here);
    struct log_request request;
    struct span note = {0};
    struct err err = {0};
    bool ok =
        log_request_parse(&request, message, &err) &&
        signer.sign(signer.context, &request.checkpoint, &request.extends, &note, arena, &err);

    return reply(keeper, note, ok ? NULL : &err, arena);
}

/* Of a message that is too long the rest is gone, and one byte more tells that it was. */
static bool answer_next(struct keeper *keeper, struct arena *arena)
{
    uint8_t message[LOG_REQUEST_BYTES + 1];
    size_t len;
    struct err ended;

    if (!process_receive(keeper->channel, message, sizeof message, &len, &ended))
        return false;
    return answer(keeper, span_make(message, len < sizeof message ? len : sizeof message), arena);
}

static int keep_key(int channel, void *options)
{
    struct keeper keeper = {.options = options, .channel = channel};
    struct arena arena = {0};

    forget_others(&keeper);
    bool ok = greet(&keeper, &arena);
    while (ok) {
        arena_reset(&arena);
        ok = answer_next(&keeper, &arena);
    }
    sign_secret_wipe(&keeper.key.secret);
    return 0;
}

/* --- the server's end --- */

/* A fault of the other process is this one's, too. The text is in the arena. */
static bool hear(struct log_process *process, struct span *out, struct arena *arena,
                 struct err *err)
{
    uint8_t *message = arena_alloc(arena, LOG_REPLY_BYTES);
    struct log_reply said;
    size_t len;

    if (!process_receive(process->process.channel, message, LOG_REPLY_BYTES, &len, err))
        return false;
    if (len > LOG_REPLY_BYTES)
        return err_set(err, ERR_MALFORMED, "a reply of %zu bytes", len);
    if (!log_reply_parse(&said, span_make(message, len), err))
        return false;
    if (said.kind != ERR_NONE)
        return err_set(err, said.kind, "%.*s", SPAN_ARG(said.text));
    *out = said.text;
    return true;
}

static bool meet(struct log_process *process, struct err *err)
{
    struct log_hello hello;
    struct arena arena = {0};
    struct span text;
    bool ok = hear(process, &text, &arena, err) && log_hello_parse(&hello, text, err);

    if (ok) {
        process->key = hello.key;
        process->last = hello.last;
    }
    arena_free(&arena);
    return ok;
}

bool log_process_open(struct log_process **out, const struct log_process_options *options,
                      struct err *err)
{
    struct log_process *process = calloc(1, sizeof *process);
    struct log_process_options copy = *options;

    if (!process)
        abort();
    if (!process_start(&process->process, keep_key, &copy, err)) {
        free(process);
        return err_wrap(err, "the process of the log's key");
    }
    if (!meet(process, err)) {
        log_process_close(process);
        return err_wrap(err, "the process of the log's key");
    }
    *out = process;
    return true;
}

void log_process_close(struct log_process *process)
{
    if (!process)
        return;
    process_end(&process->process);
    free(process);
}

static bool process_last(void *context, struct checkpoint *out, struct err *err)
{
    const struct log_process *process = context;

    if (!process->last.origin[0])
        return err_set(err, ERR_MISSING, "nothing was signed yet");
    *out = process->last;
    return true;
}

/* What comes back is to be what was asked for, and signed. */
static bool check_note(const struct log_process *process, const struct checkpoint *asked,
                       struct span bytes, struct arena *arena, struct err *err)
{
    struct checkpoint got;
    struct note note;

    return checkpoint_open(&got, &note, bytes, &process->key, arena, err) &&
           ((got.size == asked->size && hash_equal(got.root, asked->root)) ||
            err_set(err, ERR_CONFLICT, "another checkpoint was signed than was asked for"));
}

static bool process_sign(void *context, const struct checkpoint *checkpoint,
                         const struct merkle_proof *extends, struct span *out, struct arena *arena,
                         struct err *err)
{
    struct log_process *process = context;
    const struct log_request request = {.checkpoint = *checkpoint, .extends = *extends};
    struct buf message = buf_in(arena, LOG_REQUEST_BYTES);

    log_request_put(&message, &request);
    bool ok = process_send(process->process.channel, buf_span(&message), err) &&
              hear(process, out, arena, err) && check_note(process, checkpoint, *out, arena, err);
    if (ok)
        process->last = *checkpoint;
    return ok || err_wrap(err, "the process of the log's key");
}

struct log_signer log_process_signer(struct log_process *process)
{
    return (struct log_signer){
        .key = process->key, .last = process_last, .sign = process_sign, .context = process};
}
