#pragma once

/*
 * Words of a flash that are a letter apart: one more, one less or another. A word that is not
 * known is held only beside those that begin or end like it, so that a text full of them costs
 * little.
 */

#include "forms/flash_book.h"

#define FLASH_NEAR_LETTERS 5u /* of a shorter word, too many others are near */

/* Of a book that is sorted. */
void flash_near_index(struct flash_book *book, struct arena *arena);
/* All of that many letters or more near a key of that many, some perhaps twice; how many. */
size_t flash_near(const struct flash_entry ***out, const struct flash_book *book, struct span key,
                  struct arena *arena);
