#pragma once

/*
 * Every limit that bytes from outside meet, in one place, each with its reason.
 */

/* c2sp.org/tlog-tiles: an entry's length is a big-endian uint16 in its bundle. */
#define LIMIT_ENTRY_BYTES 65535u

/* 2^53 − 1: RFC 8785 numbers are IEEE 754 doubles, and every size in a record is one. */
#define LIMIT_INTEGER INT64_C(9007199254740991)
#define LIMIT_TREE_SIZE UINT64_C(9007199254740991)

/* Times in records lie in the years 2 to 9998: every one of them can be written as a date
 * of four digits, in any time zone. */
#define LIMIT_TIME_MIN_MS INT64_C(-62104060800000)
#define LIMIT_TIME_MAX_MS INT64_C(253370764799999)

/* A key name, an origin or an agreement's name: one line that a person can compare
 * by eye. A signature line with it stays under 16 KiB with any C2SP signature. */
#define LIMIT_NAME_BYTES 100u

/* c2sp.org/signed-note asks verifiers to accept at least 16 signatures, and says that
 * post-quantum ones approach 5 kB each; 64 witnesses, the log, and room for strangers. */
#define LIMIT_NOTE_SIGNATURES 128u
#define LIMIT_SIGNATURE_BYTES 8192u
#define LIMIT_CHECKPOINT_BYTES (LIMIT_NOTE_SIGNATURES * 12288u)

/* A tree of 2^63 leaves has 63 levels; RFC 6962 proofs are no longer. */
#define LIMIT_PROOF_HASHES 63u

/* Nesting in JSON: the deepest kind has six levels, GeoJSON is carried as a string. */
#define LIMIT_JSON_DEPTH 32u

/* Values of one JSON text: 65,535 bytes hold fewer; an agreement's terms are larger. */
#define LIMIT_JSON_VALUES 262144u

/* Of other people's JSON: the members around a long list, and what a number is printed with. */
#define LIMIT_OUTLINE_MEMBERS 256u
#define LIMIT_NUMBER_DIGITS 400u

/* An agreement.toml: the whole modalities of a large agreement with commentary. */
#define LIMIT_TOML_BYTES (4u << 20)

/* The content of one agreement.part: escaping can double it, and the rest of the
 * record needs about 600 bytes. */
#define LIMIT_AGREEMENT_PART_BYTES 30000u

/* A part small enough to share a pack; larger ones are media with a file of their own. */
#define LIMIT_SMALL_PART_BYTES (1u << 20)

/* The largest part: a submission holds 64 MiB in all (doc/format.md §6.5). */
#define LIMIT_PART_BYTES (64u << 20)

/* Parts of one record: one a tier, and photographs. */
#define LIMIT_RECORD_PARTS 64u

/* Readers that one part is sealed to: as many as a part may name (doc/format.md §4.2). */
#define LIMIT_AGE_RECIPIENTS 64u

/* Stanzas of an age file that somebody else wrote: our recipients, and as many of kinds we pass
 * over. Each costs an X25519 for every key that is tried, before anything is known to be true. */
#define LIMIT_AGE_STANZAS 128u

/* 64 stanzas of X25519 have 6,272 bytes; what is passed over may have the rest. */
#define LIMIT_AGE_HEADER_BYTES 16384u

/* Of a file under a passphrase, the work to try one: 2^20 takes a GiB and some seconds. age writes
 * 2^18; whoever asks for more may ask for all memory there is. */
#define LIMIT_AGE_WORK 20u

/* Records in one staged batch: about 64 MiB at the very most, held in memory. */
#define LIMIT_BATCH_RECORDS 1000u

/* What an encrypted key file may ask of whoever opens it: twice the memory of those we write,
 * and some ten seconds. A file that wants more is refused before any of it is taken. */
#define LIMIT_KEY_PASSES 16u
#define LIMIT_KEY_MEMORY_KIB 524288u

/* A passphrase is typed, or stands in a file of one line. */
#define LIMIT_PASSPHRASE_BYTES 1024u

/* A proof of misbehaviour: entry 0, 32 admissions, a few notes of an entry's size, and the
 * agreement.toml where an author admits, with every quote and line end in it escaped. */
#define LIMIT_MISBEHAVIOUR_BYTES (16u << 20)

/* XML from outside: a submission without its media. The forms that we write ourselves have about
 * 20,000 nodes in six languages; a submission a few hundred, a person's patience being short.
 * libxml2, which checks us, goes to 256 levels. */
#define LIMIT_XML_BYTES (1u << 20)
#define LIMIT_XML_DEPTH 64u
#define LIMIT_XML_NODES 65536u

/* Of one message of the hotline, so that the whole record, its signature and its part sealed to
 * four readers stay small enough for a poor line. */
#define LIMIT_HOTLINE_TEXT_BYTES 1400u

/* A form with files: Collect sends up to 100 in one POST, beside the form and a mark. */
#define LIMIT_FORM_PARTS 256u

/* Files that one form names, whatever the number of POSTs. Those that a record has no room for
 * share a part. */
#define LIMIT_FORM_FILES 300u

/* Of one part of it: four are known, and senders add few; a file name in UTF-8 with each byte
 * as %XX is under 800 bytes on any file system. */
#define LIMIT_FORM_HEADERS 16u
#define LIMIT_FORM_HEADER_BYTES 4096u

/* A mail: a clerk's scanner adds a few pages as pictures, and providers take no more than about
 * this. Parts in parts: text and pictures, each with another form of it, in a forwarded whole. */
#define LIMIT_MAIL_BYTES (32u << 20)
#define LIMIT_MAIL_HEADER_BYTES 65536u
#define LIMIT_MAIL_FIELDS 512u
#define LIMIT_MAIL_PARTS 64u
#define LIMIT_MAIL_DEPTH 6u
#define LIMIT_MAIL_ID_BYTES 998u /* RFC 5322 §2.1.1: a line */
