#include "store/store_backend.h"

void *store_list_push(struct store_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        void *at = arena_array(list->arena, list->item_bytes, room);

        if (list->count > 0)
            memcpy(at, list->at, list->count * list->item_bytes);
        list->at = at;
        list->room = room;
    }
    return (uint8_t *)list->at + list->item_bytes * list->count++;
}
