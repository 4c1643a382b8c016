#pragma once

/*
 * For test programs only: cmocka with a check that names the row of the table it
 * stands in. A test is a table that a reader can check by eye.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"

#define CHECK_CASE(name, truth)                                                                    \
    do {                                                                                           \
        if (!(truth))                                                                              \
            fail_msg("case \"%s\": %s", (name), #truth);                                           \
    } while (0)

/* main() of a test program: TAP on standard output, for prove. */
#define RUN_TESTS(tests)                                                                           \
    int main(void)                                                                                 \
    {                                                                                              \
        cmocka_set_message_output(CM_OUTPUT_TAP);                                                  \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }
