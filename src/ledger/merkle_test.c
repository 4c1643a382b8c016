#include "base/test.h"
#include "codec/hex.h"
#include "ledger/merkle.h"

#define MOST 131u /* leaves; past 128, so that an eighth level begins */

static struct hash leaf[MOST];
static struct hash root[MOST + 1]; /* by size, as the definition has it */

/* RFC 6962 §2.1, word for word: MTH(D[n]) of the leaves from `start` on. */
static struct hash defined_root(uint64_t start, uint64_t count)
{
    uint64_t left = 1;

    if (count == 0)
        return hash_of((struct span){0});
    if (count == 1)
        return leaf[start];
    while (2 * left < count)
        left *= 2;
    struct hash a = defined_root(start, left);
    struct hash b = defined_root(start + left, count - left);
    const uint8_t one = 0x01;
    const struct span parts[] = {span_make(&one, 1), hash_span(&a), hash_span(&b)};
    return hash_of_parts(parts, ARRAY_LEN(parts));
}

static int make_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < MOST; i++)
        leaf[i] = merkle_leaf(span_make(&i, 1));
    for (size_t size = 0; size <= MOST; size++)
        root[size] = defined_root(0, size);
    return 0;
}

static bool lookup(void *size, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
    (void)err;
    assert_true((index + 1) << level <= *(uint64_t *)size); /* only what the tree has whole */
    *out = defined_root(index << level, UINT64_C(1) << level);
    return true;
}

/* Fails once, after as many calls as *context says, and never again. */
static bool fail_once(void *context, unsigned level, uint64_t index, struct hash *out,
                      struct err *err)
{
    int *calls = context;

    (void)level, (void)index;
    *out = merkle_empty();
    return (*calls)-- != 0 || err_set(err, ERR_IO, "tile missing");
}

static struct merkle_proof inclusion(uint64_t index, uint64_t size)
{
    struct merkle_proof proof;
    struct err err;

    assert_true(merkle_prove_inclusion(&proof, index, size, lookup, &size, &err));
    return proof;
}

static struct merkle_proof consistency(uint64_t first, uint64_t second)
{
    struct merkle_proof proof;
    struct err err;

    assert_true(merkle_prove_consistency(&proof, first, second, lookup, &second, &err));
    return proof;
}

static struct hash unhex(const char *text)
{
    struct hash out;

    assert_true(hex_parse(out.bytes, HASH_BYTES, span_of(text)));
    return out;
}

/* The eight leaves that Certificate Transparency's own tests are made of. */
static const char *const known_leaf[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
static const char *const known_root[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static struct hash known_leaf_hash(size_t i)
{
    uint8_t bytes[16];
    size_t len = strlen(known_leaf[i]) / 2;

    assert_true(hex_parse(bytes, len, span_of(known_leaf[i])));
    return merkle_leaf(span_make(bytes, len));
}

static void test_known_roots(void **state)
{
    struct merkle tree = {0};

    (void)state;
    for (size_t size = 0; size < ARRAY_LEN(known_root); size++) {
        CHECK_CASE(known_root[size], tree.size == size);
        CHECK_CASE(known_root[size], hash_equal(merkle_root(&tree), unhex(known_root[size])));
        if (size < ARRAY_LEN(known_leaf))
            merkle_push(&tree, known_leaf_hash(size));
    }
}

static void test_known_proofs(void **state)
{
    static const struct {
        const char *name;
        bool consistency;
        uint64_t first, second; /* index and size, or two sizes */
        const char *hash[3];
    } cases[] = {
        {"entry 0 of 8",
         false,
         0,
         8,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {"entry 5 of 8",
         false,
         5,
         8,
         {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {"entry 2 of 3",
         false,
         2,
         3,
         {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
        {"entry 1 of 5",
         false,
         1,
         5,
         {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
        {"from 1 to 8",
         true,
         1,
         8,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {"from 6 to 8",
         true,
         6,
         8,
         {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {"from 2 to 5",
         true,
         2,
         5,
         {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
        {"from 6 to 7",
         true,
         6,
         7,
         {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
          "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint64_t first = cases[i].first, second = cases[i].second;
        struct merkle_proof proof = {0};
        while (proof.count < 3 && cases[i].hash[proof.count]) {
            proof.hash[proof.count] = unhex(cases[i].hash[proof.count]);
            proof.count++;
        }
        struct hash second_root = unhex(known_root[second]);
        bool holds = cases[i].consistency
                         ? merkle_verify_consistency(&proof, first, second,
                                                     unhex(known_root[first]), second_root)
                         : merkle_verify_inclusion(&proof, first, second, known_leaf_hash(first),
                                                   second_root);
        CHECK_CASE(cases[i].name, holds);
    }
}

/* The frontier, pushed or loaded, has the root of the definition at every size. */
static void test_every_root(void **state)
{
    struct merkle pushed = {0};

    (void)state;
    for (uint64_t size = 0; size <= MOST; size++) {
        struct merkle loaded;
        struct err err;

        assert_true(merkle_load(&loaded, size, lookup, &size, &err));
        assert_true(hash_equal(merkle_root(&pushed), root[size]));
        assert_true(hash_equal(merkle_root(&loaded), root[size]));
        if (size == MOST)
            break;
        merkle_push(&loaded, leaf[size]);
        merkle_push(&pushed, leaf[size]);
        assert_true(hash_equal(merkle_root(&loaded), root[size + 1]));
    }
}

static void test_every_inclusion(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= MOST; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_proof proof = inclusion(index, size);

            assert_true(merkle_verify_inclusion(&proof, index, size, leaf[index], root[size]));
            for (uint64_t other = 0; other <= size; other++) /* nor as any other entry */
                assert_true(other == index ||
                            !merkle_verify_inclusion(&proof, other, size, leaf[index], root[size]));
        }
}

static void test_every_consistency(void **state)
{
    (void)state;
    for (uint64_t second = 0; second <= MOST; second++)
        for (uint64_t first = 0; first <= second; first++) {
            struct merkle_proof proof = consistency(first, second);
            struct hash wrong = root[second];

            assert_true(
                merkle_verify_consistency(&proof, first, second, root[first], root[second]));
            if (first == 0) {
                assert_int_equal(proof.count, 0);
                continue;
            }
            wrong.bytes[7] ^= 1;
            assert_false(merkle_verify_consistency(&proof, first, second, wrong, root[second]));
            assert_false(merkle_verify_consistency(&proof, first, second, root[first], wrong));
            for (uint64_t other = 0; other <= MOST; other++)
                assert_true(
                    other == first ||
                    !merkle_verify_consistency(&proof, other, second, root[first], root[second]));
        }
}

struct claim { /* a proof, and what it is to prove */
    bool consistency;
    uint64_t first, second;
    struct merkle_proof proof;
};

static bool holds(const struct claim *c)
{
    return c->consistency ? merkle_verify_consistency(&c->proof, c->first, c->second,
                                                      root[c->first], root[c->second])
                          : merkle_verify_inclusion(&c->proof, c->first, c->second, leaf[c->first],
                                                    root[c->second]);
}

static void flip_bytes(const struct claim *good)
{
    struct claim c = *good;

    for (size_t i = 0; i < c.proof.count * HASH_BYTES; i++) {
        uint8_t *byte = &c.proof.hash[i / HASH_BYTES].bytes[i % HASH_BYTES];
        *byte ^= (uint8_t)(1 << i % 8);
        assert_false(holds(&c));
        *byte ^= (uint8_t)(1 << i % 8);
    }
    assert_true(holds(&c));
}

static void lose_and_repeat_hashes(const struct claim *good)
{
    for (size_t at = 0; at <= good->proof.count; at++) {
        size_t behind = good->proof.count - at;
        struct claim lost = *good, more = *good;

        more.proof.count++;
        memmove(&more.proof.hash[at + 1], &more.proof.hash[at], behind * sizeof(struct hash));
        more.proof.hash[at] = root[good->second];
        assert_false(holds(&more));
        if (at == good->proof.count)
            continue;
        lost.proof.count--;
        memmove(&lost.proof.hash[at], &lost.proof.hash[at + 1], (behind - 1) * sizeof(struct hash));
        assert_false(holds(&lost));
    }
}

static void swap_neighbours(const struct claim *good)
{
    for (size_t i = 0; i + 1 < good->proof.count; i++) {
        struct claim c = *good;
        c.proof.hash[i] = good->proof.hash[i + 1];
        c.proof.hash[i + 1] = good->proof.hash[i];
        assert_false(holds(&c));
    }
}

static void test_damaged_proofs(void **state)
{
    static const uint64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 13, 31, 64, 65, 100, MOST};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        for (uint64_t first = 0; first < sizes[i]; first++) {
            struct claim claims[] = {
                {false, first, sizes[i], inclusion(first, sizes[i])},
                {true, first, sizes[i], consistency(first, sizes[i])},
            };
            for (size_t j = 0; j < ARRAY_LEN(claims); j++) {
                assert_true(holds(&claims[j]));
                flip_bytes(&claims[j]);
                lose_and_repeat_hashes(&claims[j]);
                swap_neighbours(&claims[j]);
            }
        }
}

static void test_no_such_claim(void **state)
{
    static const struct {
        const char *name;
        bool consistency;
        uint64_t first, second; /* of trees with the roots below */
        size_t first_root, second_root;
        bool holds;
    } cases[] = {
        {"the only entry", false, 0, 1, 0, 1, true},
        {"an entry of nothing", false, 0, 0, 0, 0, false},
        {"one past the end", false, 1, 1, 0, 1, false},
        {"far past the end", false, UINT64_MAX, 1, 0, 1, false},
        {"a tree as large as can be", false, 0, UINT64_MAX, 0, 1, false},
        {"nothing from nothing", true, 0, 0, 0, 0, true},
        {"anything from nothing", true, 0, 5, 0, 5, true},
        {"nothing, with a root of its own", true, 0, 5, 1, 5, false},
        {"two roots of nothing", true, 0, 0, 0, 1, false},
        {"the same from the same", true, 5, 5, 5, 5, true},
        {"two roots of one size", true, 5, 5, 4, 5, false},
        {"shrinking", true, 5, 4, 5, 4, false},
        {"shrinking to nothing", true, 1, 0, 1, 0, false},
        {"growth without a proof", true, 3, 5, 3, 5, false},
        {"growth of a whole subtree without a proof", true, 4, 5, 4, 5, false},
        {"growth without end", true, 4, UINT64_MAX, 4, 5, false},
    };
    const struct merkle_proof empty = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hash second = root[cases[i].second_root];
        bool got =
            cases[i].consistency
                ? merkle_verify_consistency(&empty, cases[i].first, cases[i].second,
                                            root[cases[i].first_root], second)
                : merkle_verify_inclusion(&empty, cases[i].first, cases[i].second, leaf[0], second);
        CHECK_CASE(cases[i].name, got == cases[i].holds);
    }
}

/* A proof of a tree as large as there may be is as long as a proof may be, or shorter. */
static void test_largest_tree(void **state)
{
    static const uint64_t sizes[] = {UINT64_C(1) << 52, (UINT64_C(1) << 52) + 1, LIMIT_TREE_SIZE};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct merkle_proof proof;
        struct err err;
        int calls = 100000;

        assert_true(
            merkle_prove_inclusion(&proof, sizes[i] / 3, sizes[i], fail_once, &calls, &err));
        assert_true(proof.count >= 52 && proof.count <= 53);
        assert_true(
            merkle_prove_consistency(&proof, sizes[i] / 3, sizes[i], fail_once, &calls, &err));
        assert_true(proof.count >= 52 && proof.count <= 54);
    }
}

static void test_failing_lookup(void **state)
{
    struct merkle tree = {.size = 77};
    struct merkle_proof proof = {.count = 77};
    struct err err = {0};

    (void)state;
    for (int good = 0; good < 3; good++) { /* 100 = 64 + 32 + 4 */
        int calls = good;
        assert_false(merkle_load(&tree, 100, fail_once, &calls, &err));
        assert_int_equal(tree.size, 77);
    }
    for (int good = 0; good < 8; good++) { /* each needs eight subtrees */
        int calls = good;
        assert_false(merkle_prove_inclusion(&proof, 3, 100, fail_once, &calls, &err));
        assert_string_equal(err.text, "prove entry 3 of 100: tile missing");
        calls = good;
        assert_false(merkle_prove_consistency(&proof, 67, 100, fail_once, &calls, &err));
        assert_string_equal(err.text, "prove that 67 entries begin 100: tile missing");
        assert_int_equal(proof.count, 77);
    }
    assert_int_equal(err.kind, ERR_IO);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_known_roots),       cmocka_unit_test(test_known_proofs),
    cmocka_unit_test(test_every_root),        cmocka_unit_test(test_every_inclusion),
    cmocka_unit_test(test_every_consistency), cmocka_unit_test(test_damaged_proofs),
    cmocka_unit_test(test_no_such_claim),     cmocka_unit_test(test_largest_tree),
    cmocka_unit_test(test_failing_lookup),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
