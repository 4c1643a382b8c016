#include "api/call.h"

#include "base/calendar.h"
#include "base/limits.h"
#include "journal/submission.h"

#define ID_IN_PATH(sentence) .in_path = {"id", API_ID, .about = sentence}
#define INDEX_IN_PATH .in_path = {"index", API_INTEGER, 0, LIMIT_INTEGER, "The entry's number."}
#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain; charset=utf-8"
#define BYTES_TYPE "application/octet-stream"

static const struct api_route routes[] = {
    {.method = "GET",
     .pattern = "/checkpoint",
     .answer = checkpoint_answer,
     .type = TEXT_TYPE,
     .about = "The log's last signed checkpoint (c2sp.org/tlog-checkpoint)."},
    {.method = "GET",
     .pattern = "/tile/{tile}",
     .answer = tile_answer,
     .in_path = {"tile", API_REST, 1, 64, "L/N, L/N.p/W or entries/N[.p/W], N in groups of three."},
     .type = BYTES_TYPE,
     .about = "A tile of hashes or a bundle of entries (c2sp.org/tlog-tiles)."},
    {.method = "POST",
     .pattern = "/submit",
     .answer = submit_answer,
     .type = JSON_TYPE,
     .takes = SUBMISSION_TYPE,
     .about = "Hands records in: a body of type " SUBMISSION_TYPE " (doc/format.md §6.5)."},
    {.method = "GET",
     .pattern = "/api/status",
     .answer = status_answer,
     .type = JSON_TYPE,
     .about = "What this node holds: size, root and digest, and how many records of each kind."},
    {.method = "GET",
     .pattern = "/api/agreement",
     .answer = agreement_answer,
     .view = true,
     .type = JSON_TYPE,
     .about = "The agreement: its head, and its items section by section."},
    {.method = "GET",
     .pattern = "/api/agreement/files/{file}",
     .answer = agreement_file_answer,
     .in_path = {"file", API_REST, 1, 100, "The file's name, as entry 0 lists it."},
     .view = true,
     .type = TEXT_TYPE,
     .about = "A file of the agreement, put together from its pieces."},
    {.method = "GET",
     .pattern = "/api/incidents",
     .answer = incidents_answer,
     .query = {{"box", API_BOX, .about = "SOUTH,WEST,NORTH,EAST in 1e-7 degree."},
               {"from", API_INTEGER, CALENDAR_MIN_MS, CALENDAR_MAX_MS,
                "Not over before this moment, in milliseconds UTC."},
               {"to", API_INTEGER, CALENDAR_MIN_MS, CALENDAR_MAX_MS,
                "Not begun after this moment."},
               {"act", API_TEXT, 1, 64, "The act alleged, or the word of the report's source."},
               {"side", API_TEXT, 1, 64, "A side that makes a claim about it."},
               {"limit", API_INTEGER, 1, 500, "How many; 100 if not said."},
               {"after", API_CURSOR, .about = "The page after this one: what `next` said."}},
     .view = true,
     .type = JSON_TYPE,
     .about =
         "Incidents, by the earliest time that anything linked to one speaks of. Box, time and "
         "act are met by one report together."},
    {.method = "GET",
     .pattern = "/api/incidents/{id}",
     .answer = incident_answer,
     ID_IN_PATH("The incident's id."),
     .view = true,
     .type = JSON_TYPE,
     .about = "One incident, with every report and claim that is or was linked to it."},
    {.method = "GET",
     .pattern = "/api/records/{id}",
     .answer = records_answer,
     ID_IN_PATH("The record's id."),
     .view = true,
     .type = JSON_TYPE,
     .about = "One record: the signed bytes, what they say, the verdict, the parts."},
    {.method = "GET",
     .pattern = "/api/entries/{index}",
     .answer = entries_answer,
     INDEX_IN_PATH,
     .view = true,
     .type = JSON_TYPE,
     .about = "One entry of the log, whatever it is."},
    {.method = "GET",
     .pattern = "/api/entries/{index}/receipt",
     .answer = receipt_answer,
     INDEX_IN_PATH,
     .type = TEXT_TYPE,
     .about = "A receipt that proves the entry's place in the log (c2sp.org/tlog-proof)."},
    {.method = "GET",
     .pattern = "/api/parts/{id}",
     .answer = parts_answer,
     ID_IN_PATH("The SHA-256 of what is stored."),
     .type = BYTES_TYPE,
     .about = "What is stored of a public part: 32 bytes of salt, then the part."},
    {.method = "GET",
     .pattern = "/api/openapi.json",
     .answer = openapi_answer,
     .type = JSON_TYPE,
     .about = "This list, for programs (OpenAPI 3.0)."},
};

const struct api_route *api_route_at(size_t index)
{
    return index < ARRAY_LEN(routes) ? &routes[index] : NULL;
}
