/* What every store must do, said once and asked of each. */

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/test.h"
#include "store/store.h"
#include "sys/scratch.h"

/*
 * A script is orders, and questions with the answer that must come, parted by ';':
 *
 *   put T K R, del T K   the entry under way writes or removes a row
 *   end                  its digest: the next entry is under way
 *   count N BY           commit, rollback, refresh (the reader), rest
 *   get T K N = R@I      the row as of entry N ("now": the latest), "-": none
 *   scan T P A L N = …   prefix P, after A ("." for none), at most L
 *   history T K = …      counts = …   applied = …   digest I = yes or no
 *
 * Questions go to a reader that sees what it saw at its last refresh; with a '*' in front
 * to the writer's own, which sees all.
 */
static const struct {
    const char *name;
    const char *script;
} cases[] = {
    {"nothing yet",
     "applied = 0; digest 0 = no; get t a now = -; get t a 0 = -; scan t . . 9 now =;"
     "history t a =; counts ="},
    {"a row", "put t a one; end; commit; refresh; get t a now = one@0; get t a 0 = one@0;"
              "get t a 7 = one@0; applied = 1; digest 0 = yes; digest 1 = no"},
    {"another table is another row", "put t a one; put u a two; end; commit; refresh;"
                                     "get t a now = one@0; get u a now = two@0; get v a now = -"},
    {"a newer version", "put t a one; end; put t a two; end; commit; refresh;"
                        "get t a now = two@1; get t a 1 = two@1; get t a 0 = one@0;"
                        "history t a = one@0 two@1"},
    {"a removal", "put t a one; end; del t a; end; commit; refresh; get t a now = -;"
                  "get t a 0 = one@0; history t a = one@0 -@1; scan t . . 9 now =;"
                  "scan t . . 9 0 = a:one@0"},
    {"and written again", "put t a one; end; del t a; end; put t a two; end; commit; refresh;"
                          "get t a now = two@2; get t a 1 = -; get t a 0 = one@0"},
    {"removed without having been", "del t a; end; commit; refresh; get t a now = -;"
                                    "history t a = -@0"},
    {"an empty row is a row", "put t a .; end; commit; refresh; get t a now = .@0;"
                              "scan t . . 9 now = a:.@0"},
    {"put twice, the later holds", "put t a one; put t a two; end; commit; refresh;"
                                   "get t a now = two@0; history t a = two@0"},
    {"put and removed by one entry", "put t a one; del t a; end; commit; refresh;"
                                     "get t a now = -; history t a = -@0"},
    {"before it was there", "end; end; put t a one; end; commit; refresh; get t a 0 = -;"
                            "get t a 1 = -; get t a 2 = one@2; applied = 3"},

    {"the order is of bytes",
     "put t b 1; put t a 2; put t ab 3; put t Z 4; put t a/ 5; end; commit;"
     "refresh; scan t . . 9 now = Z:4@0 a:2@0 a/:5@0 ab:3@0 b:1@0"},
    {"of a prefix",
     "put t a 1; put t ab 2; put t abc 3; put t b 4; end; commit; refresh;"
     "scan t ab . 9 now = ab:2@0 abc:3@0; scan t abcd . 9 now =; scan t c . 9 now ="},
    {"page by page", "put t a 1; put t b 2; put t c 3; end; commit; refresh;"
                     "scan t . . 2 now = a:1@0 b:2@0; scan t . b 2 now = c:3@0; scan t . c 2 now =;"
                     "scan t . aa 2 now = b:2@0 c:3@0; scan t . . 0 now ="},
    {"after what does not start so",
     "put t a 1; put t ba 2; put t bb 3; put t c 4; end; commit;"
     "refresh; scan t b a 9 now = ba:2@0 bb:3@0; scan t b c 9 now =;"
     "scan t b ba 9 now = bb:3@0"},
    {"as of an entry", "put t a 1; end; put t b 2; put t a 3; end; del t a; put t c 4; end; commit;"
                       "refresh; scan t . . 9 0 = a:1@0; scan t . . 9 1 = a:3@1 b:2@1;"
                       "scan t . . 9 now = b:2@1 c:4@2; scan t . . 1 now = b:2@1"},
    {"tables do not run into each other", "put t z 1; put tt a 2; put s z 3; end; commit; refresh;"
                                          "scan t . . 9 now = z:1@0; scan tt . . 9 now = a:2@0"},

    {"counted", "count b 2; count a 1; count b 3; count c -4; end; commit; refresh;"
                "counts = a:1 b:5 c:-4"},
    {"counted on", "count a 1; end; commit; count a 1; count b 0; end; commit; refresh;"
                   "counts = a:2 b:0"},

    {"not committed, not seen", "put t a one; count n 1; end; get t a now = -; applied = 0;"
                                "counts =; history t a =; scan t . . 9 now =; digest 0 = no;"
                                "refresh; get t a now = -; applied = 0; counts ="},
    {"the writer sees it", "put t a one; count n 1; *get t a now = one@0; *counts = n:1;"
                           "*applied = 0; end; *applied = 1; *digest 0 = yes; put t a two;"
                           "*get t a now = two@1; *get t a 0 = one@0; *history t a = one@0 two@1;"
                           "*scan t . . 9 now = a:two@1; *scan t . . 9 0 = a:one@0"},
    {"and what was there before", "put t a 1; put t b 2; end; commit; put t b 3; del t c;"
                                  "*get t a now = 1@0; *get t b now = 3@1; *get t b 0 = 2@0;"
                                  "*get t c now = -; *scan t . . 9 now = a:1@0 b:3@1;"
                                  "*history t b = 2@0 3@1; *history t c = -@1"},
    {"what is written after a scan is seen by the next",
     "put t a 1; *scan t . . 9 now = a:1@0; put t b 2; *scan t . . 9 now = a:1@0 b:2@0; end; "
     "commit;"
     "refresh; scan t . . 9 now = a:1@0 b:2@0"},
    {"put again after a scan",
     "put t a 1; end; *scan t . . 9 now = a:1@0; put t a 2;"
     "*scan t . . 9 now = a:2@1; end; commit; refresh; history t a = 1@0 2@1"},
    {"put again after a scan, by the same entry",
     "put t a 1; *scan t . . 9 now = a:1@0; put t a 2; *scan t . . 9 now = a:2@0; del t a; end;"
     "commit; refresh; history t a = -@0"},
    {"a reader keeps what it saw",
     "put t a 1; count n 1; end; commit; refresh; put t a 2; put t b 3;"
     "count n 1; end; commit; get t a now = 1@0; get t a 1 = 1@0;"
     "get t b now = -; scan t . . 9 now = a:1@0; history t a = 1@0;"
     "counts = n:1; applied = 1; digest 1 = no; refresh;"
     "get t a now = 2@1; counts = n:2; applied = 2; digest 1 = yes"},
    {"rested", "put t a 1; end; commit; refresh; rest; put t a 2; end; commit; refresh;"
               "get t a now = 2@1"},
    {"a new table is seen after a refresh", "put t a 1; end; commit; refresh; get u a now = -;"
                                            "put u a 2; end; commit; get u a now = -; refresh;"
                                            "get u a now = 2@1"},

    {"rolled back", "put t a 1; count n 1; end; rollback; refresh; get t a now = -; applied = 0;"
                    "counts =; digest 0 = no"},
    {"rolled back in the middle of an entry", "put t a 1; end; commit; put t a 2; rollback;"
                                              "*get t a now = 1@0; put t a 3; end; commit; refresh;"
                                              "get t a now = 3@1; history t a = 1@0 3@1"},
    {"rolled back to what was committed", "put t a 1; count n 1; end; commit; put t a 2; put u b 3;"
                                          "count n 5; end; end; rollback; *applied = 1;"
                                          "*get t a now = 1@0; *get u b now = -; *counts = n:1;"
                                          "put u b 4; end; commit; refresh; get u b now = 4@1;"
                                          "history u b = 4@1; applied = 2"},
    {"rolled back after a scan", "put t a 1; end; commit; put t b 2; end; *scan t . . 9 now = a:1@0"
                                 " b:2@1; rollback; *scan t . . 9 now = a:1@0; refresh;"
                                 "scan t . . 9 now = a:1@0"},
    {"entries without rows", "end; end; end; commit; refresh; applied = 3; digest 2 = yes;"
                             "digest 3 = no; get t a now = -"},
};

#define WORDS 8

struct run {
    struct store *store;
    struct store_tx *tx;
    struct store_reader *reader;
    uint64_t index; /* the entry under way */
    uint64_t committed;
    struct arena arena;
    const char *word[WORDS];
};

static struct hash digest_of(uint64_t index)
{
    return hash_of(span_make(&index, sizeof index));
}

/* "." stands for nothing, "-" for none at all. */
static struct span given(const char *word)
{
    return strcmp(word, ".") == 0 ? SPAN_LIT("") : span_of(word);
}

static void show_row(struct buf *out, struct span row, uint64_t at)
{
    if (!row.at)
        buf_text(out, "-");
    else if (row.len == 0)
        buf_text(out, ".");
    else
        buf_put(out, row);
    buf_printf(out, "@%d", (int)at);
}

static uint64_t as_of(const char *word)
{
    return strcmp(word, "now") == 0 ? STORE_LATEST : (uint64_t)atoi(word);
}

typedef bool handler(struct run *run, struct store_reader *reader, struct buf *out,
                     struct err *err);

static bool do_put(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    (void)reader;
    (void)out;
    return store_put(run->tx, run->index, run->word[1], span_of(run->word[2]), given(run->word[3]),
                     err);
}

static bool do_del(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    (void)reader;
    (void)out;
    return store_put(run->tx, run->index, run->word[1], span_of(run->word[2]), (struct span){0},
                     err);
}

static bool do_count(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    (void)reader;
    (void)out;
    return store_count_add(run->tx, run->word[1], atoi(run->word[2]), err);
}

static bool do_end(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    struct hash digest = digest_of(run->index);

    (void)reader;
    (void)out;
    return store_put_digest(run->tx, run->index++, &digest, err);
}

static bool do_commit(struct run *run, struct store_reader *reader, struct buf *out,
                      struct err *err)
{
    (void)reader;
    (void)out;
    run->committed = run->index;
    return store_commit(&run->tx, err) && store_begin(run->store, &run->tx, err);
}

static bool do_rollback(struct run *run, struct store_reader *reader, struct buf *out,
                        struct err *err)
{
    (void)reader;
    (void)out;
    store_rollback(run->tx);
    run->index = run->committed;
    return store_begin(run->store, &run->tx, err);
}

static bool do_refresh(struct run *run, struct store_reader *reader, struct buf *out,
                       struct err *err)
{
    (void)run;
    (void)out;
    return store_reader_refresh(reader, err);
}

static bool do_rest(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    (void)run;
    (void)out;
    (void)err;
    store_reader_rest(reader);
    return true;
}

static bool do_get(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    struct span row;
    uint64_t at;

    if (!store_get(reader, run->word[1], span_of(run->word[2]), as_of(run->word[3]), &row, &at,
                   &run->arena, err))
        return false;
    if (row.at)
        show_row(out, row, at);
    else
        buf_text(out, "-");
    return true;
}

static bool do_scan(struct run *run, struct store_reader *reader, struct buf *out, struct err *err)
{
    struct store_row *row;
    size_t count;

    if (!store_scan(reader, run->word[1], given(run->word[2]), given(run->word[3]),
                    as_of(run->word[5]), (size_t)atoi(run->word[4]), &row, &count, &run->arena,
                    err))
        return false;
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%.*s:", i ? " " : "", SPAN_ARG(row[i].key));
        show_row(out, row[i].row, row[i].at);
    }
    return true;
}

static bool do_history(struct run *run, struct store_reader *reader, struct buf *out,
                       struct err *err)
{
    struct store_row *row;
    size_t count;

    if (!store_history(reader, run->word[1], span_of(run->word[2]), &row, &count, &run->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        assert_true(span_is(row[i].key, run->word[2]));
        buf_text(out, i ? " " : "");
        show_row(out, row[i].row, row[i].at);
    }
    return true;
}

static bool do_counts(struct run *run, struct store_reader *reader, struct buf *out,
                      struct err *err)
{
    struct store_count *counts;
    size_t count;

    if (!store_counts(reader, &counts, &count, &run->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%.*s:%d", i ? " " : "", SPAN_ARG(counts[i].name), (int)counts[i].value);
    return true;
}

static bool do_applied(struct run *run, struct store_reader *reader, struct buf *out,
                       struct err *err)
{
    uint64_t applied;

    (void)run;
    if (!store_applied(reader, &applied, err))
        return false;
    buf_printf(out, "%d", (int)applied);
    return true;
}

static bool do_digest(struct run *run, struct store_reader *reader, struct buf *out,
                      struct err *err)
{
    uint64_t index = as_of(run->word[1]);
    struct hash digest = {0};
    bool there = store_digest(reader, index, &digest, err);

    if (!there && err->kind != ERR_MISSING)
        return false;
    assert_true(!there || hash_equal(digest, digest_of(index)));
    buf_text(out, there ? "yes" : "no");
    return true;
}

static const struct {
    const char *word;
    handler *run;
} handlers[] = {
    {"put", do_put},         {"del", do_del},         {"count", do_count},
    {"end", do_end},         {"commit", do_commit},   {"rollback", do_rollback},
    {"refresh", do_refresh}, {"rest", do_rest},       {"get", do_get},
    {"scan", do_scan},       {"history", do_history}, {"counts", do_counts},
    {"applied", do_applied}, {"digest", do_digest},
};

/* One order, or question; `*answer` is what must come, or NULL. */
static handler *parse(struct run *run, struct span text, struct span *answer, bool *writer)
{
    struct span question = text;
    struct span word;
    size_t count = 0;

    *answer = (struct span){0};
    if (span_cut(&text, '=', &question))
        *answer = text.len ? span_from(text, 1) : SPAN_LIT("");
    while (question.len > 0 && question.at[0] == ' ')
        question = span_from(question, 1);
    *writer = question.len > 0 && question.at[0] == '*';
    question = span_from(question, *writer);
    while (question.len > 0 && count < WORDS) {
        if (!span_cut(&question, ' ', &word)) {
            word = question;
            question.len = 0;
        }
        run->word[count++] = arena_text(&run->arena, word);
    }
    for (size_t i = 0; count > 0 && i < ARRAY_LEN(handlers); i++) {
        if (strcmp(handlers[i].word, run->word[0]) == 0)
            return handlers[i].run;
    }
    fail_msg("no such order: %.*s", SPAN_ARG(text));
    return NULL;
}

static void play(struct run *run, const char *name, const char *script)
{
    struct span left = span_of(script);
    struct span step;
    bool more = true;

    while (more) {
        struct buf got = buf_in(&run->arena, 1000);
        struct err err = {0};
        struct span answer;
        bool writer;

        more = span_cut(&left, ';', &step);
        if (!more)
            step = left;
        handler *handle = parse(run, step, &answer, &writer);
        struct store_reader *reader = writer ? store_tx_reader(run->tx) : run->reader;
        if (!handle(run, reader, &got, &err))
            fail_msg("%s:%.*s: %s", name, SPAN_ARG(step), err.text);
        if (!span_equal(buf_span(&got), answer))
            fail_msg("%s:%.*s, and not: %.*s", name, SPAN_ARG(step), SPAN_ARG(buf_span(&got)));
    }
}

static void open_run(struct run *run, const char *url)
{
    struct err err;

    *run = (struct run){0};
    assert_true(store_open(&run->store, url, &err));
    assert_true(store_begin(run->store, &run->tx, &err));
    assert_true(store_reader_open(run->store, &run->reader, &err));
}

static void close_run(struct run *run)
{
    store_rollback(run->tx);
    store_reader_close(run->reader);
    store_close(run->store);
    arena_free(&run->arena);
}

static void each_store(void (*test)(const char *name, size_t which, const char *url), size_t count,
                       const char *(*name)(size_t which))
{
    for (size_t i = 0; i < count; i++) {
        struct scratch scratch = scratch_make();
        char url[100];

        snprintf(url, sizeof url, "sqlite:%s/store.db", scratch.path);
        test(name(i), i, url);
        test(name(i), i, "memory:");
        scratch_remove(&scratch);
    }
}

static void play_case(const char *name, size_t which, const char *url)
{
    struct run run;

    open_run(&run, url);
    play(&run, name, cases[which].script);
    close_run(&run);
}

static const char *name_of_case(size_t which)
{
    return cases[which].name;
}

static void test_scripts(void **state)
{
    (void)state;
    each_store(play_case, ARRAY_LEN(cases), name_of_case);
}

/* Incidents: records that speak of them, and who is found. */

#define NOWHERE INT32_MIN
#define NEVER INT64_MIN

/* Degrees and hours, for the eye. */
static const struct {
    const char *record, *incident;
    int lat, lon;
    int64_t from, to;
    const char *act, *side;
} records[] = {
    {"r01", "border", 34, 71, 10, 11, "shelling", "pak"},
    {"r02", "border", 35, 71, 12, 12, "shelling", "afg"},
    {"r03", "border", NOWHERE, 0, 5, 6, "", ""},
    {"r04", "chaman", 31, 66, 20, 20, "crossing", "afg"},
    {"r05", "drone", 33, 70, 10, 30, "drone", "pak"},
    {"r06", "early", -1, -1, -5, -4, "shelling", "afg"},
    {"r07", "fiji", -17, 180, 40, 40, "crossing", ""},
    {"r08", "samoa", -14, -172, 40, 41, "crossing", ""},
    {"r09", "timeless", 34, 71, NEVER, 0, "shelling", "pak"},
    {"r10", "mixed", 10, 10, 100, 101, "drone", "pak"},
    {"r11", "mixed", 50, 50, 200, 201, "shelling", "afg"},
    {"r12", "placeless", NOWHERE, 0, 10, 11, "shelling", "pak"},
    /* One record may speak of two. */
    {"r05", "drone-2", 33, 70, 10, 30, "drone", "pak"},
};

#define ANYWHERE                                                                                   \
    {                                                                                              \
        0                                                                                          \
    }
#define ALWAYS                                                                                     \
    {                                                                                              \
        0                                                                                          \
    }

static const struct {
    const char *name;
    struct {
        int on, south, west, north, east;
    } box;
    struct {
        int on;
        int64_t from, to;
    } time;
    const char *act, *side;
    const char *found;
} queries[] = {
    {"all, in order", ANYWHERE, ALWAYS, "", "",
     "early border drone drone-2 placeless chaman fiji samoa mixed timeless"},
    {"a box", {1, 34, 71, 35, 72}, ALWAYS, "", "", "border timeless"},
    {"a box of one point", {1, 35, 71, 35, 71}, ALWAYS, "", "", "border"},
    {"a box where nothing is", {1, 36, 71, 40, 72}, ALWAYS, "", "", ""},
    {"a box upside down", {1, 35, 71, 34, 72}, ALWAYS, "", "", ""},
    {"across 180 degrees", {1, -20, 170, -10, -170}, ALWAYS, "", "", "fiji samoa"},
    {"up to 180 degrees", {1, -20, 170, -10, 180}, ALWAYS, "", "", "fiji"},
    {"across, and not as far", {1, -20, 170, -10, -173}, ALWAYS, "", "", "fiji"},
    {"the whole world leaves out what has no place",
     {1, -90, -180, 90, 180},
     ALWAYS,
     "",
     "",
     "early border drone drone-2 chaman fiji samoa mixed timeless"},
    {"at the edge of a band", {1, -1, -1, -1, -1}, ALWAYS, "", "", "early"},
    {"a time", ANYWHERE, {1, 12, 12}, "", "", "border drone drone-2"},
    {"a time that an interval holds", ANYWHERE, {1, 21, 29}, "", "", "drone drone-2"},
    {"ends are included", ANYWHERE, {1, 30, 40}, "", "", "drone drone-2 fiji samoa"},
    {"before all", ANYWHERE, {1, -100, -6}, "", "", ""},
    {"after all", ANYWHERE, {1, 202, 900}, "", "", ""},
    {"all time leaves out what has none",
     ANYWHERE,
     {1, -9999, 9999},
     "",
     "",
     "early border drone drone-2 placeless chaman fiji samoa mixed"},
    {"a time turned round", ANYWHERE, {1, 12, 5}, "", "", ""},
    {"an act", ANYWHERE, ALWAYS, "crossing", "", "chaman fiji samoa"},
    {"no such act", ANYWHERE, ALWAYS, "cross", "", ""},
    {"a side", ANYWHERE, ALWAYS, "", "afg", "early border chaman mixed"},
    {"no such side", ANYWHERE, ALWAYS, "", "AFG", ""},
    {"box and time in one record", {1, 34, 71, 34, 71}, {1, 10, 10}, "", "", "border"},
    {"not of two", {1, 34, 71, 34, 71}, {1, 12, 12}, "", "", ""},
    {"box and act in one record", {1, 0, 0, 20, 20}, ALWAYS, "shelling", "", ""},
    {"time and act in one record", ANYWHERE, {1, 200, 200}, "drone", "", ""},
    {"the side may be of another", {1, 0, 0, 20, 20}, ALWAYS, "drone", "afg", "mixed"},
    {"all four", {1, 30, 60, 40, 75}, {1, 0, 50}, "shelling", "pak", "border"},
};

static void put_records(struct store_tx *tx, const char *only)
{
    for (size_t i = 0; i < ARRAY_LEN(records); i++) {
        struct store_find_row row = {
            .record = span_of(records[i].record),
            .incident = span_of(records[i].incident),
            .index = (uint64_t)atoi(records[i].record + 1),
            .has_position = records[i].lat != NOWHERE,
            .lat_e7 = records[i].lat != NOWHERE ? records[i].lat * 10000000 : 0,
            .lon_e7 = records[i].lon * 10000000,
            .has_time = records[i].from != NEVER,
            .from_ms = records[i].from != NEVER ? records[i].from * 3600000 : 0,
            .to_ms = records[i].to * 3600000,
            .act = span_of(records[i].act),
            .side = span_of(records[i].side),
        };
        struct err err;

        if (!only || strcmp(only, records[i].incident) == 0)
            assert_true(store_find_put(tx, &row, &err));
    }
}

static struct store_query query_of(size_t which)
{
    return (struct store_query){
        .has_box = queries[which].box.on,
        .south_e7 = queries[which].box.south * 10000000,
        .west_e7 = queries[which].box.west * 10000000,
        .north_e7 = queries[which].box.north * 10000000,
        .east_e7 = queries[which].box.east * 10000000,
        .has_time = queries[which].time.on,
        .from_ms = queries[which].time.from * 3600000,
        .to_ms = queries[which].time.to * 3600000,
        .act = span_of(queries[which].act),
        .side = span_of(queries[which].side),
        .limit = 100,
    };
}

/* Page by page, `limit` at a time. */
static struct span find_all(struct store_reader *reader, struct store_query query, size_t limit,
                            struct arena *arena)
{
    struct buf out = buf_in(arena, 100000);
    struct store_found *found;
    struct err err = {0};
    size_t count;

    query.limit = limit;
    do {
        if (!store_find(reader, &query, &found, &count, arena, &err))
            fail_msg("%s", err.text);
        assert_true(count <= limit);
        for (size_t i = 0; i < count; i++) {
            buf_text(&out, out.len ? " " : "");
            buf_put(&out, found[i].incident);
        }
        if (count > 0) {
            query.has_after = true;
            query.after_ms = found[count - 1].first_ms;
            query.after_incident = found[count - 1].incident;
        }
    } while (count > 0);
    return buf_span(&out);
}

/* With many others before and after, so that every way of looking is taken. */
static void put_crowd(struct store_tx *tx, int count)
{
    for (int i = 0; i < count; i++) {
        char name[20];
        struct err err;

        snprintf(name, sizeof name, "crowd-%06d", i);
        struct store_find_row row = {
            .record = span_of(name),
            .incident = span_of(name),
            .index = (uint64_t)(1000 + i),
            .has_position = true,
            .lat_e7 = 850000000,
            .lon_e7 = i,
            .has_time = true,
            .from_ms = INT64_C(-100000) * 3600000 + i,
            .to_ms = INT64_C(-100000) * 3600000 + i,
            .act = SPAN_LIT("crowd"),
            .side = SPAN_LIT("crowd"),
        };
        assert_true(store_find_put(tx, &row, &err));
    }
}

static const char *without_crowd(struct span found, struct arena *arena)
{
    char *text = arena_text(arena, found);
    char *last = text;

    for (char *at = text; (at = strstr(at, "crowd-")) != NULL; at++)
        last = at + strlen("crowd-000000") + (at[strlen("crowd-000000")] == ' ');
    return last;
}

static const struct {
    const char *name;
    int crowd;
    size_t limit;
} ways[] = {
    {"at once", 0, 100},
    {"one by one", 0, 1},
    {"three by three", 0, 3},
    {"behind a crowd", 2500, 3000},
    {"behind a crowd, page by page", 2500, 700},
};

static void ask_all(const char *name, size_t which, const char *url)
{
    struct run run;

    open_run(&run, url);
    put_crowd(run.tx, ways[which].crowd);
    put_records(run.tx, NULL);
    for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
        struct span got =
            find_all(store_tx_reader(run.tx), query_of(i), ways[which].limit, &run.arena);
        const char *found = without_crowd(got, &run.arena);

        if (strcmp(found, queries[i].found) != 0)
            fail_msg("%s, %s: %s", queries[i].name, name, found);
    }
    close_run(&run);
}

static const char *name_of_way(size_t which)
{
    return ways[which].name;
}

static void test_find(void **state)
{
    (void)state;
    each_store(ask_all, ARRAY_LEN(ways), name_of_way);
}

/* What comes first follows the rows that are there. */
static void follow(const char *name, size_t which, const char *url)
{
    struct store_query all = {.limit = 100};
    struct store_found *found;
    struct store_find_row *row;
    struct store_reader *reader;
    struct run run;
    struct err err;
    size_t count;

    (void)which;
    open_run(&run, url);
    put_records(run.tx, "border");
    reader = store_tx_reader(run.tx);

    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 5 * 3600000);
    CHECK_CASE(name, store_find_rows(reader, SPAN_LIT("border"), &row, &count, &run.arena, &err));
    CHECK_CASE(name, count == 3 && span_is(row[0].record, "r01") && row[0].index == 1);
    CHECK_CASE(name, row[0].has_position && row[0].lat_e7 == 340000000 && row[0].has_time);
    CHECK_CASE(name, row[0].from_ms == 36000000 && row[0].to_ms == 39600000);
    CHECK_CASE(name, span_is(row[0].act, "shelling") && span_is(row[0].side, "pak"));
    CHECK_CASE(name, span_is(row[0].incident, "border"));
    CHECK_CASE(name, !row[2].has_position && row[2].act.len == 0 && row[2].side.len == 0);

    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r03"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r03"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r01"), SPAN_LIT("other"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 10 * 3600000);

    struct store_find_row later = row[0];
    later.from_ms = later.to_ms = 15 * 3600000;
    CHECK_CASE(name, store_find_put(run.tx, &later, &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == 12 * 3600000);
    later.has_time = later.has_position = false;
    CHECK_CASE(name, store_find_put(run.tx, &later, &err));
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r02"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err));
    CHECK_CASE(name, count == 1 && found[0].first_ms == INT64_MAX);

    CHECK_CASE(name, store_find(run.reader, &all, &found, &count, &run.arena, &err) && count == 0);
    CHECK_CASE(name, store_find_remove(run.tx, SPAN_LIT("r01"), SPAN_LIT("border"), &err));
    CHECK_CASE(name, store_find(reader, &all, &found, &count, &run.arena, &err) && count == 0);
    CHECK_CASE(name, store_find_rows(reader, SPAN_LIT("border"), &row, &count, &run.arena, &err));
    CHECK_CASE(name, count == 0);
    close_run(&run);
}

static const char *name_of_follow(size_t which)
{
    (void)which;
    return "what comes first";
}

static void test_find_follows(void **state)
{
    (void)state;
    each_store(follow, 1, name_of_follow);
}

static void test_urls(void **state)
{
    static const struct {
        const char *name, *url;
        enum err_kind fault;
    } urls[] = {
        {"nothing", "", ERR_USAGE},
        {"no kind", "store.db", ERR_USAGE},
        {"an unknown kind", "mysql:store.db", ERR_USAGE},
        {"no path", "sqlite:", ERR_USAGE},
        {"memory with a path", "memory:x", ERR_USAGE},
        {"a directory that is not there", "sqlite:/nowhere/at/all/store.db", ERR_IO},
        {"a directory", "sqlite:/tmp", ERR_IO},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct store *store = NULL;
        struct err err;

        CHECK_CASE(urls[i].name, !store_open(&store, urls[i].url, &err));
        CHECK_CASE(urls[i].name, err.kind == urls[i].fault);
        CHECK_CASE(urls[i].name, store == NULL);
    }
    store_close(NULL);
    store_reader_close(NULL);
    store_rollback(NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_scripts),
    cmocka_unit_test(test_find),
    cmocka_unit_test(test_find_follows),
    cmocka_unit_test(test_urls),
};
RUN_TESTS(tests)
