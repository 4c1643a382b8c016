#include "register/apply.h"

static const struct {
    const char *kind;
    room_move *move;
} rooms[] = {
    {"agreement.adopt", room_agreement_adopt},   {"agreement.part", room_agreement_part},
    {"agreement.concur", room_agreement_concur}, {"member.admit", room_member_admit},
    {"member.revoke", room_member_revoke},       {"clock.tick", room_clock_tick},
    {"node.attest", room_node_attest},           {"incident.open", room_incident_item},
    {"incident.report", room_incident_item},     {"claim", room_incident_item},
    {"incident.link", room_incident_link},       {"incident.unlink", room_incident_link},
    {"record.withdraw", room_record_withdraw},
};

room_move *room_for(const struct kind *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(rooms); i++)
        if (strcmp(rooms[i].kind, kind->name) == 0)
            return rooms[i].move;
    assert(!"a kind without a room");
    return NULL;
}
