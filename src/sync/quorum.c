#include "sync/quorum.h"

bool quorum_splits(struct quorum quorum, unsigned acting)
{
    assert(acting <= quorum.witnesses);
    unsigned honest = quorum.witnesses - acting;

    for (unsigned here = 0; here <= honest; here++)
        if (acting + here >= quorum.need && acting + (honest - here) >= quorum.need)
            return true;
    return false;
}

bool quorum_stops(struct quorum quorum, unsigned acting)
{
    assert(acting <= quorum.witnesses);
    return quorum.witnesses - acting < quorum.need;
}

bool quorum_fewest(unsigned *out, struct quorum quorum, quorum_power *power)
{
    for (unsigned acting = 0; acting <= quorum.witnesses; acting++)
        if (power(quorum, acting)) {
            *out = acting;
            return true;
        }
    return false;
}

unsigned quorum_ask_first(struct quorum quorum, unsigned peers)
{
    unsigned others = quorum.witnesses > 0 ? quorum.witnesses - 1 : 0;
    unsigned unlisted = others > peers ? others - peers : 0;

    if (quorum.need < 2 || peers == 0)
        return 0;
    unsigned ask = quorum.need - 1 > unlisted ? quorum.need - 1 - unlisted : 1;
    return ask < peers ? ask : peers;
}
