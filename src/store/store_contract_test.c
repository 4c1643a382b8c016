/* What every store must do, said once and asked of each. */

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/test.h"
#include "store/each_store.h"

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
    {"an older version rewritten, and no other",
     "put t a one; put t b x; end; put t a two; end; commit; rewrite t a 0 gone;"
     "*get t a 0 = gone@0; *get t a now = two@1; commit; refresh; get t a 0 = gone@0;"
     "history t a = gone@0 two@1; get t b now = x@0; scan t . . 9 0 = a:gone@0 b:x@0"},
    {"all versions rewritten, that of the entry under way too",
     "put t a one; end; put t a two; rewrite t a 0 gone; rewrite t a 1 gone; end;"
     "*history t a = gone@0 gone@1; commit; refresh; history t a = gone@0 gone@1"},
    {"rewritten, and rolled back",
     "put t a one; end; commit; rewrite t a 0 gone; rollback; refresh;"
     "get t a now = one@0; *get t a now = one@0"},
    {"rewritten where nothing is",
     "put t a one; end; del t a; end; commit; norewrite t a 1 gone; norewrite t a 2 gone;"
     "norewrite t b 0 gone; norewrite u a 0 gone; commit; refresh; history t a = one@0 -@1"},
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

static bool do_rewrite(struct run *run, struct store_reader *reader, struct buf *out,
                       struct err *err)
{
    (void)reader;
    (void)out;
    return store_rewrite(run->tx, run->word[1], span_of(run->word[2]), (uint64_t)atoi(run->word[3]),
                         given(run->word[4]), err);
}

static bool do_norewrite(struct run *run, struct store_reader *reader, struct buf *out,
                         struct err *err)
{
    return !do_rewrite(run, reader, out, err) && err->kind == ERR_MISSING;
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
    {"put", do_put},
    {"del", do_del},
    {"count", do_count},
    {"rewrite", do_rewrite},
    {"norewrite", do_norewrite},
    {"end", do_end},
    {"commit", do_commit},
    {"rollback", do_rollback},
    {"refresh", do_refresh},
    {"rest", do_rest},
    {"get", do_get},
    {"scan", do_scan},
    {"history", do_history},
    {"counts", do_counts},
    {"applied", do_applied},
    {"digest", do_digest},
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
    cmocka_unit_test(test_urls),
};
RUN_TESTS(tests)
