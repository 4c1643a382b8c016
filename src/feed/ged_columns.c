#include "feed/ged_columns.h"

/* iso3 stands in country exports only. What is passed over says again what stands elsewhere,
 * or numbers it. */
const struct sheet_column ged_columns[] = {
    [ID] = {"id", COLUMN_NEEDED},
    [RELID] = {"relid", COLUMN_NEEDED},
    [TYPE_OF_VIOLENCE] = {"type_of_violence", COLUMN_NEEDED},
    [CONFLICT_NAME] = {"conflict_name", COLUMN_NEEDED},
    [DYAD_NAME] = {"dyad_name", COLUMN_NEEDED},
    [SIDE_A] = {"side_a", COLUMN_NEEDED},
    [SIDE_B] = {"side_b", COLUMN_NEEDED},
    [NUMBER_OF_SOURCES] = {"number_of_sources", COLUMN_NEEDED},
    [SOURCE_ARTICLE] = {"source_article", COLUMN_NEEDED},
    [SOURCE_OFFICE] = {"source_office", COLUMN_NEEDED},
    [SOURCE_DATE] = {"source_date", COLUMN_NEEDED},
    [SOURCE_HEADLINE] = {"source_headline", COLUMN_NEEDED},
    [SOURCE_ORIGINAL] = {"source_original", COLUMN_NEEDED},
    [WHERE_PREC] = {"where_prec", COLUMN_NEEDED},
    [WHERE_COORDINATES] = {"where_coordinates", COLUMN_NEEDED},
    [WHERE_DESCRIPTION] = {"where_description", COLUMN_MAY_LACK},
    [ADM_1] = {"adm_1", COLUMN_NEEDED},
    [ADM_2] = {"adm_2", COLUMN_NEEDED},
    [LATITUDE] = {"latitude", COLUMN_NEEDED},
    [LONGITUDE] = {"longitude", COLUMN_NEEDED},
    [COUNTRY] = {"country", COLUMN_NEEDED},
    [ISO3] = {"iso3", COLUMN_MAY_LACK},
    [DATE_PREC] = {"date_prec", COLUMN_NEEDED},
    [DATE_START] = {"date_start", COLUMN_NEEDED},
    [DATE_END] = {"date_end", COLUMN_NEEDED},
    [DEATHS_A] = {"deaths_a", COLUMN_NEEDED},
    [DEATHS_B] = {"deaths_b", COLUMN_NEEDED},
    [DEATHS_CIVILIANS] = {"deaths_civilians", COLUMN_NEEDED},
    [DEATHS_UNKNOWN] = {"deaths_unknown", COLUMN_NEEDED},
    [BEST] = {"best", COLUMN_NEEDED},
    [HIGH] = {"high", COLUMN_NEEDED},
    [LOW] = {"low", COLUMN_NEEDED},
    [FIRST_PASSED_OVER] = {"year", COLUMN_PASSED_OVER},
    {"active_year", COLUMN_PASSED_OVER},
    {"code_status", COLUMN_PASSED_OVER},
    {"conflict_dset_id", COLUMN_PASSED_OVER},
    {"conflict_new_id", COLUMN_PASSED_OVER},
    {"dyad_dset_id", COLUMN_PASSED_OVER},
    {"dyad_new_id", COLUMN_PASSED_OVER},
    {"side_a_dset_id", COLUMN_PASSED_OVER},
    {"side_a_new_id", COLUMN_PASSED_OVER},
    {"side_b_dset_id", COLUMN_PASSED_OVER},
    {"side_b_new_id", COLUMN_PASSED_OVER},
    {"geom_wkt", COLUMN_PASSED_OVER},
    {"priogrid_gid", COLUMN_PASSED_OVER},
    {"country_id", COLUMN_PASSED_OVER},
    {"region", COLUMN_PASSED_OVER},
    {"event_clarity", COLUMN_PASSED_OVER},
    {"gwnoa", COLUMN_PASSED_OVER},
    {"gwnob", COLUMN_PASSED_OVER},
};
const size_t ged_column_count = ARRAY_LEN(ged_columns);

/* The monthly candidate 24.0.1 was published without it. */
const char *const ged_header =
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,"
    "conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,"
    "side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_"
    "date,"
    "source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,"
    "latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,"
    "date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,"
    "gwnob\n";
