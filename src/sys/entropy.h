#pragma once

#include "base/base.h"

/* Unpredictable bytes from the kernel. Without them the program stops. */
void entropy_fill(void *out, size_t len);
