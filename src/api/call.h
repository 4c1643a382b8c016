#pragma once

/*
 * One request that found its route: for the files of this folder that answer one.
 *
 * A view is answered as of one entry, and every answer to the same request as of the same
 * entry is the same, but for parts that arrive later. So its entity tag is made from the
 * entry, the path, the query and who asks, before anything is looked up.
 */

#include "api/blur.h"
#include "api/limiter.h"
#include "api/sessions.h"
#include "codec/age.h"
#include "codec/json.h"
#include "forms/intake.h"
#include "ledger/checkpoint.h"
#include "net/http.h"
#include "node/node.h"

#include <pthread.h>

enum api_type {
    API_INTEGER, /* min to max */
    API_TEXT,    /* min to max bytes */
    API_ID,      /* 64 hex digits */
    API_BOX,     /* SOUTH,WEST,NORTH,EAST in 1e-7 degree */
    API_CURSOR,  /* what `next` of the page before said */
    API_REST,    /* of the path, slashes and all */
};

struct api_parameter {
    const char *name;
    enum api_type type;
    int64_t min, max;
    const char *about;
};

struct api_value {
    bool given;
    int64_t integer;  /* of API_INTEGER; of a cursor the time */
    struct span text; /* as given; of a cursor the id */
    int32_t south, west, north, east;
};

/* Who may have an answer. What nobody has thought about is for participants. */
enum api_may {
    API_PARTICIPANTS, /* who is signed in; anybody, where the agreement's `entries` is "public" */
    API_ANYONE,
};

#define API_QUERY 8
struct api_call;
struct api_route {
    const char *method;
    const char *pattern; /* "/api/incidents/{id}": at most one {…}, which is `in_path` */
    bool (*answer)(struct api_call *call, struct err *err);
    enum api_may may;
    struct api_parameter in_path;
    struct api_parameter query[API_QUERY]; /* ends in one without a name */
    bool any_query;                        /* what else stands in the query is passed over */
    bool view;                             /* takes as_of besides, and is tagged by it */
    const char *type;                      /* of the answer */
    const char *takes;                     /* the type of the body of a POST; NULL: no body */
    const char *about;
};
const struct api_route *api_route_at(size_t index); /* NULL past the last */

struct api_door;
struct rosa;
struct api_call {
    const struct api_route *route;
    const struct http_request *request;
    struct http_response *response;
    struct arena *arena;
    struct node *node;
    struct store_reader *reader; /* of this call alone, like log */
    struct log_reader *log;      /* of head.size entries */
    struct checkpoint head;      /* the published one; size 0: none yet */
    struct span head_note;
    uint64_t size;  /* of entries both published and applied */
    uint64_t as_of; /* below size; nothing if that is 0 */
    bool as_of_asked;
    /* NULL: rows are as of the log alone. Else these stand over them (node/unlogged.h), which is
     * begun. */
    struct unlogged *unlogged;
    const struct submission *brought; /* with whose parts a record is read; NULL: those kept here */
    bool owed;                        /* the answer lacks a part that may come: it is not tagged */
    struct api_value in_path;
    struct api_value query[API_QUERY];

    struct api_door *door;
    bool signed_in;          /* or the node's owner, over its Unix socket */
    bool entries_public;     /* as the agreement has it now */
    const char *who;         /* the key that signed in; NULL: nobody's */
    struct span who_org;     /* the organisation it acts for */
    const char *turned_away; /* why a token that was shown is not taken; NULL: it is, or none was */
    bool identity_sought, has_identity; /* of `who`, to read what is not public: parts.c */
    struct age_identity identity;
};

/* What of the api is about who asks; all of it may be used by any thread. */
struct api_door {
    struct sessions *sessions;
    struct limiter *records; /* handed in by who is not signed in */
    struct uploads *uploads;
    struct owed *owed;
    struct limiter *sign_ins;      /* tried: each costs a signature and a look into the store */
    char cookie[32];               /* its name: of this node, for ports share cookies */
    struct intake *intake;         /* messages of telephones */
    struct quarantine *quarantine; /* what was refused; NULL: another process has it */
    struct rosa *rosa;             /* NULL: this node takes no forms */
    pthread_mutex_t pin_lock;
    char *pin; /* the statement that GET /pin answers; NULL: none */
};
/* Finds out who asks, and whether that one has signed in. */
MUST_CHECK bool access_identify(struct api_call *call, struct err *err);
bool access_allows(const struct api_call *call);
bool access_reads(const struct api_call *call); /* what participants read */
/* Makes the answer a 401 that says how to sign in. */
void access_refuse(struct api_call *call);
/* Who asks, where that is another node; else *out NULL. */
MUST_CHECK bool access_node(struct api_call *call, const char **out, struct err *err);
/* A key that may sign in: the row of an author's or a node's that is active, else *out NULL
 * and why not. */
MUST_CHECK bool access_key(struct api_call *call, const char *name, const struct json **out,
                           const char **why, struct err *err);
struct span access_token(const struct api_call *call); /* what was shown; empty: nothing */
int64_t access_ticks_ms(void);                         /* of a clock that does not jump */
/* Takes `cost` of what the address of this call may have; false: it is answered, 429, with what
 * there were too many of. Who has signed in, or is on the node's own socket, may have any. */
MUST_CHECK bool access_within(struct api_call *call, struct limiter *limiter, uint32_t cost,
                              const char *what);

/* The value of a query parameter that the route has. */
const struct api_value *api_value(const struct api_call *call, const char *name);
/* Errors name parameter, value and what is right. */
MUST_CHECK bool api_parameter_parse(struct api_value *out, const struct api_parameter *parameter,
                                    struct span text, struct arena *arena, struct err *err);
/* The whole query; what the route does not know is refused. */
MUST_CHECK bool api_query_parse(struct api_call *call, struct api_value *as_of, struct err *err);
extern const struct api_parameter api_as_of;

/* What the handlers are made of. As of call->as_of; *out NULL when there is no such row. */
MUST_CHECK bool api_row(struct api_call *call, const char *table, struct span key,
                        const struct json **out, struct err *err);
/* The head of the terms in force as of an entry, or STORE_LATEST; *out NULL before there are any.
 */
MUST_CHECK bool api_head(struct api_call *call, uint64_t as_of, const struct json **out,
                         struct err *err);
/* Any row that was read from the store. */
MUST_CHECK bool api_json(struct api_call *call, struct span bytes, struct json *out,
                         struct err *err);
/* Ends a call with a value, into which as_of is put. */
bool api_answer_json(struct api_call *call, struct json *value);
/* Ends a call with bytes that are tagged by what they are. */
bool api_answer_bytes(struct api_call *call, struct span bytes);
/* Puts format §8.5 into an object: {"after_ms", "by_ms"}, as far as they are known. */
MUST_CHECK bool api_put_recorded(struct api_call *call, uint64_t index, struct json *out,
                                 struct err *err);
/* The published entry, in the arena. */
MUST_CHECK bool api_entry(struct api_call *call, uint64_t index, struct span *out, struct err *err);

/* The signed record that is this entry, and its public part, where that is here. */
/* How near whoever asks may see where that was. */
MUST_CHECK bool api_blur(struct api_call *call, const struct record *record, struct blur *out,
                         struct err *err);
MUST_CHECK bool api_read_record(struct api_call *call, uint64_t index, struct record *out,
                                struct json *out_public, bool *out_here, struct err *err);
/* Puts what its entry says into an object: `fields`, without its parts. */
void api_put_fields(struct api_call *call, const struct record *record, struct json *out);
/* Puts what it says into an object: {"assessment", "fields", "kind", "offered", "part_here",
 * "parts", "public"}. */
MUST_CHECK bool api_put_said(struct api_call *call, uint64_t index, struct json *out,
                             struct err *err);

/* Puts `parts` into an object: each part of the record, with what it says, where it is here and
 * whoever asks may read it. Not all: without the public part of its fields. */
MUST_CHECK bool api_put_parts(struct api_call *call, const struct record *record, bool all,
                              struct json *out, struct err *err);
void api_forget_identity(struct api_call *call);

/* The routes' handlers, by file. */
bool status_answer(struct api_call *call, struct err *err);
bool agreement_answer(struct api_call *call, struct err *err);
bool agreement_file_answer(struct api_call *call, struct err *err);
bool incidents_answer(struct api_call *call, struct err *err);
bool incident_answer(struct api_call *call, struct err *err);
bool cases_answer(struct api_call *call, struct err *err);
bool case_answer(struct api_call *call, struct err *err);
bool finding_answer(struct api_call *call, struct err *err);
bool ceasefire_answer(struct api_call *call, struct err *err);
bool compliance_answer(struct api_call *call, struct err *err);
bool forms_answer(struct api_call *call, struct err *err);
bool form_answer(struct api_call *call, struct err *err);
bool kinds_answer(struct api_call *call, struct err *err);
bool dialogue_answer(struct api_call *call, struct err *err);
bool hotline_answer(struct api_call *call, struct err *err);
bool hotline_record_answer(struct api_call *call, struct err *err);
bool hotline_take_answer(struct api_call *call, struct err *err);
bool due_answer(struct api_call *call, struct err *err);
bool coverage_answer(struct api_call *call, struct err *err);
bool crossings_answer(struct api_call *call, struct err *err);
bool crossings_text_answer(struct api_call *call, struct err *err);
bool crossings_atom_answer(struct api_call *call, struct err *err);
bool intelligence_answer(struct api_call *call, struct err *err);
bool obligations_answer(struct api_call *call, struct err *err);
bool notices_answer(struct api_call *call, struct err *err);
bool ledgers_answer(struct api_call *call, struct err *err);
bool records_answer(struct api_call *call, struct err *err);
bool entries_answer(struct api_call *call, struct err *err);
bool receipt_answer(struct api_call *call, struct err *err);
bool parts_answer(struct api_call *call, struct err *err);
bool media_answer(struct api_call *call, struct err *err);
bool custody_answer(struct api_call *call, struct err *err);
bool readers_answer(struct api_call *call, struct err *err);
bool checkpoint_answer(struct api_call *call, struct err *err);
bool log_keys_answer(struct api_call *call, struct err *err);
bool tile_answer(struct api_call *call, struct err *err);
bool pin_answer(struct api_call *call, struct err *err);
bool nonce_answer(struct api_call *call, struct err *err);
bool sign_in_answer(struct api_call *call, struct err *err);
bool sign_in_code_answer(struct api_call *call, struct err *err);
bool sign_out_answer(struct api_call *call, struct err *err);
bool submit_answer(struct api_call *call, struct err *err);
bool intake_sms_answer(struct api_call *call, struct err *err);
bool paper_answer(struct api_call *call, struct err *err);
bool upload_state_answer(struct api_call *call, struct err *err);
bool upload_answer(struct api_call *call, struct err *err);
bool add_checkpoint_answer(struct api_call *call, struct err *err);
bool monitor_answer(struct api_call *call, struct err *err);
bool term_end_answer(struct api_call *call, struct err *err);
bool outbox_answer(struct api_call *call, struct err *err);
bool waiting_answer(struct api_call *call, struct err *err);
bool nodes_answer(struct api_call *call, struct err *err);
bool effects_answer(struct api_call *call, struct err *err);
bool digest_answer(struct api_call *call, struct err *err);
bool openapi_answer(struct api_call *call, struct err *err);
bool openrosa_answer(struct api_call *call, struct err *err);
