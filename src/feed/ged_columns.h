#pragma once

/* The columns of UCDP GED. */

#include "feed/sheet.h"

enum ged_column {
    ID,
    RELID,
    TYPE_OF_VIOLENCE,
    CONFLICT_NAME,
    DYAD_NAME,
    SIDE_A,
    SIDE_B,
    NUMBER_OF_SOURCES,
    SOURCE_ARTICLE,
    SOURCE_OFFICE,
    SOURCE_DATE,
    SOURCE_HEADLINE,
    SOURCE_ORIGINAL,
    WHERE_PREC,
    WHERE_COORDINATES,
    WHERE_DESCRIPTION,
    ADM_1,
    ADM_2,
    LATITUDE,
    LONGITUDE,
    COUNTRY,
    ISO3,
    DATE_PREC,
    DATE_START,
    DATE_END,
    DEATHS_A,
    DEATHS_B,
    DEATHS_CIVILIANS,
    DEATHS_UNKNOWN,
    BEST,
    HIGH,
    LOW,
    FIRST_PASSED_OVER,
};

extern const struct sheet_column ged_columns[];
extern const size_t ged_column_count;
extern const char *const ged_header; /* as it stands in every version since 19.1 */
