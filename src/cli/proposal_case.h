#pragma once

/*
 * For test programs only: a small agreement of two roots, `north` and `south`, with the keys of
 * everybody, and what is proposed of it. Always the same.
 */

#include "cli/proposal.h"
#include "sys/disk.h"
#include "sys/scratch.h"

struct proposal_case {
    struct arena arena;
    struct proposal *p;
    struct note_signer signer[16];
    size_t signers;
};

static inline void proposal_case_ok(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static inline void proposal_case_folder(struct folder *out, struct arena *arena)
{
    static const char toml[] =
        "[agreement]\nname = \"truce\"\ntitle.en = \"A truce\"\nentries = \"public\"\nquorum = 0\n"
        "max_gap_ms = 1800000\nrules = 1\nno_move = \"N\"\n[[clause]]\nid = \"N\"\n"
        "[[role]]\nid = \"envoy\"\nmay = [\"report\"]\n"
        "[[organisation]]\nid = \"north\"\nroot = 1\nrole = \"envoy\"\n"
        "[[organisation]]\nid = \"south\"\nroot = 1\nrole = \"envoy\"\n"
        "[[organisation]]\nid = \"north/press\"\nroot = 0\nrole = \"envoy\"\n"
        "[[organisation]]\nid = \"guest\"\nroot = 0\n";
    struct scratch scratch = scratch_make();
    struct disk *disk = NULL;
    struct err err = {0};
    bool ok = sign_start() && disk_open(&disk, scratch.path, false, &err);

    proposal_case_ok(ok, &err);
    ok = disk_replace(disk, "agreement.toml", SPAN_LIT(toml), false, &err) &&
         disk_replace(disk, "line.geojson", SPAN_LIT("{}\n"), false, &err);
    disk_close(disk);
    proposal_case_ok(ok && folder_read(out, scratch.path, "", arena, &err), &err);
    scratch_remove(&scratch);
}

/* The n-th key of a test is made of n. */
static inline struct note_key proposal_case_key(struct proposal_case *c, const char *name,
                                                uint8_t type)
{
    uint8_t seed[SIGN_SEED_BYTES] = {(uint8_t)c->signers, 7};
    struct note_signer *signer = &c->signer[c->signers++];

    assert(c->signers <= ARRAY_LEN(c->signer));
    note_signer_make(signer, span_of(name), type, seed);
    return note_signer_key(signer);
}

/* With its folder and operator, and without a key. */
static inline void proposal_case_start(struct proposal_case *c)
{
    struct err err = {0};

    *c = (struct proposal_case){0};
    c->p = ARENA_NEW(&c->arena, struct proposal);
    c->p->arena = &c->arena;
    c->p->said_at_ms = 1760000000000;
    c->p->quorum = 1;
    proposal_case_folder(&c->p->folder, &c->arena);
    proposal_case_ok(proposal_set_operator(c->p, SPAN_LIT("north"), &err), &err);
}

static inline void proposal_case_open(struct proposal_case *c)
{
    static const struct {
        const char *name;
        uint8_t type;
    } keys[] = {
        {"north/root", NOTE_TYPE_ED25519},    {"south/root", NOTE_TYPE_ED25519},
        {"north/node", NOTE_TYPE_ED25519},    {"south/witness", NOTE_TYPE_COSIGNATURE},
        {"north/promise", NOTE_TYPE_ED25519}, {"truce/term/1", NOTE_TYPE_ED25519},
        {"south/2", NOTE_TYPE_ED25519},       {"south/1", NOTE_TYPE_ED25519},
        {"north/press/1", NOTE_TYPE_ED25519},
    };
    struct err err = {0};
    bool ok;

    proposal_case_start(c);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct note_key key = proposal_case_key(c, keys[i].name, keys[i].type);

        proposal_case_ok(proposal_add_key(c->p, &key, &err), &err);
    }
    ok = proposal_add_reader(
        c->p, "south/2", SPAN_LIT("age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"),
        &err);
    proposal_case_ok(ok, &err);
    proposal_case_ok(proposal_make(c->p, &err), &err);
}

static inline void proposal_case_close(struct proposal_case *c)
{
    arena_free(&c->arena);
}
