/* SPDX-License-Identifier: Apache-2.0 */
/* Telling formats that are not read here by what they begin with or say. */
#include "release/sbom/foreign.h"

#include <string.h>
#include <strings.h>

#include "base/text/json.h"

#define CONVERT_SPDX                                                                               \
    "convert it to SPDX 2.3 JSON (pyspdxtools --infile FILE --outfile sbom.spdx.json), or let "    \
    "the tool "                                                                                    \
    "that made it write JSON"
#define CONVERT_CYCLONEDX                                                                          \
    "convert it (cyclonedx convert --input-file FILE --output-file bom.json --output-format "      \
    "json), "                                                                                      \
    "or let the tool that made it write JSON"
#define SPDX_3_CONTEXT "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
#define NEWER_SPDX                                                                                 \
    "let the tool that made it write an SBOM as SPDX 3.0.1 or CycloneDX JSON, and "                \
    "vulnerabilities "                                                                             \
    "as CSAF or CycloneDX VEX"
#define MERGE_SPDX                                                                                 \
    "give the whole set as one file: a tar of all SPDX documents that belong to the release"
#define BY_HAND "read it by hand, or ask its publisher for CSAF, OpenVEX or CycloneDX VEX, as JSON"

static bool has(const json_t *json, const char *member)
{
    return json_object_get(json, member) != NULL;
}

static bool starts(const char *text, const char *start)
{
    return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

/* Whether a JSON-LD context, alone or in a list, has these words in it. */
static bool has_context(const json_t *json, const char *words)
{
    const json_t *context = json_object_get(json, "@context");
    if (json_is_string(context)) {
        return strstr(json_string_value(context), words) != NULL;
    }
    CRET_JSON_EACH (one, context) {
        if (json_is_string(one) && strstr(json_string_value(one), words) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_spdx_3(const json_t *json)
{
    return has_context(json, "spdx.org/rdf/3") ||
           starts(cret_json_string(json, "spdxVersion"), "SPDX-3") ||
           (has(json, "@graph") && has_context(json, "spdx"));
}

bool cret_foreign_is_spdx3(const json_t *json)
{
    const char *context = cret_json_string(json, "@context");
    return context != NULL && strcmp(context, SPDX_3_CONTEXT) == 0;
}

bool cret_foreign_is_spdx3_statement(const json_t *object)
{
    static const char *const types[] = {"affects", "doesNotAffect", "fixedIn",
                                        "hasAssociatedVulnerability", "underInvestigationFor"};
    const char *type = cret_json_string(object, "relationshipType");
    bool speaks = starts(cret_json_string(object, "type"), "security_");
    for (size_t i = 0; i < CRET_LENGTH(types) && type != NULL; i++) {
        speaks = speaks || strcmp(types[i], type) == 0;
    }
    return speaks;
}

bool cret_foreign_is_spdx3_vex(const json_t *json)
{
    const json_t *graph = cret_foreign_is_spdx3(json) ? json_object_get(json, "@graph") : NULL;
    CRET_JSON_EACH (object, graph) {
        if (cret_foreign_is_spdx3_statement(object)) {
            return true;
        }
    }
    return false;
}

/* An SBOM, whole, of which nothing could be cut off that speaks of vulnerabilities. */
static bool is_spdx_3_bare(const json_t *json)
{
    return cret_foreign_is_spdx3(json) && json_array_size(json_object_get(json, "@graph")) > 0 &&
           !cret_foreign_is_spdx3_vex(json);
}

static bool is_spdx_set(const json_t *json)
{
    const json_t *first = json_array_get(json, 0);
    const json_t *listed = json_array_get(json_object_get(json, "documents"), 0);
    return has(first, "spdxVersion") ||
           (has(listed, "documentNamespace") && has(listed, "filename")) ||
           has(listed, "spdxVersion");
}

static bool is_spdx_wrapped(const json_t *json)
{
    return has(json_object_get(json, "sbom"), "spdxVersion") ||
           has(json_object_get(json, "Document"), "spdxVersion") ||
           has(json_object_get(json, "Document"), "specVersion");
}

static bool is_attestation(const json_t *json)
{
    return has(json, "predicateType") || has(json, "payloadType");
}

static bool is_openvex(const json_t *json)
{
    return has_context(json, "openvex.dev") || (has(json, "statements") && has(json, "@context"));
}

static bool is_csaf_listing(const json_t *json)
{
    const json_t *feed = json_object_get(json, "feed");
    return (has(json, "metadata_version") && has(json, "canonical_url")) ||
           (has(json, "aggregator") && has(json, "csaf_providers")) ||
           has(json, "aggregator_version") || (has(feed, "entry") && has(feed, "link")) ||
           has(json_object_get(json, "service"), "workspace") ||
           has(json_object_get(json, "categories"), "category");
}

static bool is_osv(const json_t *json)
{
    return has(json, "id") && has(json, "modified") &&
           (has(json, "affected") || has(json, "aliases"));
}

static bool is_cve(const json_t *json)
{
    return starts(cret_json_string(json, "dataType"), "CVE") || has(json, "cveMetadata") ||
           (has(json, "vulnerabilities") && has(json, "resultsPerPage"));
}

static bool is_syft(const json_t *json)
{
    return has(json, "artifacts") && (has(json, "descriptor") || has(json, "schema"));
}

static bool is_cyclonedx(const json_t *json)
{
    return has(json, "bomFormat") && !has(json, "vulnerabilities");
}

static bool is_spdx_2(const json_t *json)
{
    return starts(cret_json_string(json, "spdxVersion"), "SPDX-2");
}

static const struct {
    bool (*is)(const json_t *json);
    struct cret_foreign foreign;
} documents[] = {
    {is_spdx_3_bare, {"SPDX 3 without vulnerabilities", "name a CSAF or VEX file", true}},
    {is_spdx_3, {"SPDX 3 (JSON-LD)", NEWER_SPDX, false}}, /* its security profile is VEX */
    {is_spdx_set, {"a set of SPDX documents", MERGE_SPDX, true}},
    {is_spdx_wrapped,
     {"an SPDX document inside another object", "take the inner object out of it", true}},
    {is_attestation,
     {"an attestation (in-toto or DSSE) around a document",
      "take the document out of it (predicate, or payload in base64)", false}},
    {is_openvex, {"OpenVEX", "give it the role vex, or name it with --csaf", false}},
    {is_csaf_listing,
     {"CSAF provider metadata or feed", "name the advisories that it lists", true}},
    {is_osv, {"OSV", BY_HAND, false}},
    {is_cve, {"CVE records", BY_HAND, false}},
    {is_syft, {"Syft JSON", "let syft write cyclonedx-json or spdx-json", true}},
    {is_cyclonedx,
     {"CycloneDX without vulnerabilities", "name the VEX file that belongs to it", true}},
    {is_spdx_2, {"SPDX 2", "name a CSAF or VEX file", true}},
};

static const struct cret_foreign other_json = {"other JSON", BY_HAND, false};

const struct cret_foreign *cret_foreign_json(const json_t *json)
{
    for (size_t i = 0; i < CRET_LENGTH(documents); i++) {
        if (documents[i].is(json)) {
            return &documents[i].foreign;
        }
    }
    return &other_json;
}

const struct cret_foreign *cret_foreign_instead(const json_t *json)
{
    const bool read = has(json, "bomFormat") || is_spdx_2(json) || cret_foreign_is_spdx3(json);
    const struct cret_foreign *foreign = read ? NULL : cret_foreign_json(json);
    return foreign == &other_json ? NULL : foreign;
}

/* A text format is recognized by words near its start. */
static const struct {
    const char *start; /* what the text begins with, after blanks and comments; or NULL */
    const char *words; /* and has in its first bytes; or NULL */
    struct cret_foreign foreign;
} texts[] = {
    {"SPDXVersion:", NULL, {"SPDX tag-value", CONVERT_SPDX, true}},
    {"<", "SoftwareIdentity", {"a SWID tag (XML)", "make CycloneDX or SPDX JSON of it", true}},
    {"<", "cyclonedx.org/schema/bom", {"CycloneDX XML", CONVERT_CYCLONEDX, false}},
    {"<", "spdx.org/rdf", {"SPDX RDF/XML", CONVERT_SPDX, true}},
    {"<", "spdxVersion", {"SPDX XML", CONVERT_SPDX, true}},
    {"<", "cvrf", {"CVRF (XML)", BY_HAND, false}},
    {"<", NULL, {"XML", "ask for JSON, of a kind that is read here", false}},
    {"@prefix", NULL, {"RDF (Turtle)", CONVERT_SPDX, true}},
    {NULL, "\nspdxVersion:", {"SPDX YAML", CONVERT_SPDX, true}},
    {NULL, "\nSPDXVersion:", {"SPDX tag-value", CONVERT_SPDX, true}},
    {NULL, "\nSPDXID:", {"SPDX YAML", CONVERT_SPDX, true}},
    {NULL, "\nbomFormat:", {"CycloneDX as YAML", CONVERT_CYCLONEDX, false}},
};

/* Binary formats, by bytes at a fixed place. */
static const struct {
    size_t offset;
    const char *magic;
    size_t size;
    struct cret_foreign foreign;
} binaries[] = {
    {0, "\x0a\x03\x31\x2e", 4, {"CycloneDX protobuf", CONVERT_CYCLONEDX, false}},
    {0, "\x1f\x8b", 2, {"gzip", "unpack it", false}},
    {0,
     "\x28\xb5\x2f\xfd",
     4,
     {"zstd (perhaps a set of SPDX documents)",
      "unpack it (zstd -d): the tar of a set of SPDX 2 documents is read as one SBOM", false}},
    {0, "\xfd\x37zXZ", 5, {"xz", "unpack it", false}},
    {0, "BZh", 3, {"bzip2", "unpack it", false}},
    {0, "PK\x03\x04", 4, {"ZIP, or a spreadsheet", "unpack it, or convert it to JSON", false}},
    {257, "ustar", 5, {"tar", "unpack it", false}},
    {0, "%PDF-", 5, {"PDF", BY_HAND, false}},
    {0, "\xff\xfe", 2, {"UTF-16", "write it as UTF-8", false}},
    {0, "\xfe\xff", 2, {"UTF-16", "write it as UTF-8", false}},
};

/* Length of what stands before the first word: a byte order mark, blanks, lines of comment. */
static size_t skipped(const char *text)
{
    size_t at = starts(text, "\xef\xbb\xbf") ? 3 : 0;
    for (;;) {
        at += strspn(text + at, " \t\r\n");
        if (text[at] != '#') {
            return at;
        }
        at += strcspn(text + at, "\n");
    }
}

/* The bytes at the start that are looked at. */
#define FIRST_BYTES 4096u

const struct cret_foreign *cret_foreign_bytes(const char *text, size_t size)
{
    json_t *json = NULL;
    for (size_t i = 0; i < CRET_LENGTH(binaries); i++) {
        const size_t offset = binaries[i].offset, length = binaries[i].size;
        if (size >= offset + length && memcmp(text + offset, binaries[i].magic, length) == 0) {
            return &binaries[i].foreign;
        }
    }
    /* A line break before the first word, so that each line begins with one. */
    char first[1 + FIRST_BYTES + 1] = "\n";
    memcpy(first + 1, text, size < FIRST_BYTES ? size : FIRST_BYTES);
    char *start = first + 1 + skipped(first + 1);
    start[-1] = '\n';
    if (start[0] == '{' || start[0] == '[') {
        if (cret_json_parse(&json, text, size, CRET_JSON_FOREIGN, CRET_CHECK_ADVISORY_MATCH,
                            NULL) != CRET_OK) {
            return NULL;
        }
        const struct cret_foreign *foreign = cret_foreign_json(json);
        json_decref(json);
        return foreign;
    }
    for (size_t i = 0; i < CRET_LENGTH(texts); i++) {
        if ((texts[i].start == NULL || starts(start, texts[i].start)) &&
            (texts[i].words == NULL || strstr(start - 1, texts[i].words) != NULL)) {
            return &texts[i].foreign;
        }
    }
    return NULL;
}

/* Names of files that are not read; the first that fits. */
static const struct {
    const char *end;
    struct cret_foreign foreign;
} names[] = {
    {".json.gz", {".json.gz", "unpack it", false}},
    {".json.xz", {".json.xz", "unpack it", false}},
    {".json.bz2", {".json.bz2", "unpack it", false}},
    {".json.zst", {".json.zst", "unpack it", false}},
    {".json.sha256", {"digests and signatures", "", true}},
    {".json.sha512", {"digests and signatures", "", true}},
    {".json.asc", {"digests and signatures", "", true}},
    {".json.sig", {"digests and signatures", "", true}},
    {"/index.txt", {"lists of a CSAF provider", "", true}},
    {"/changes.csv", {"lists of a CSAF provider", "", true}},
    {"/security.txt", {"lists of a CSAF provider", "", true}},
    {"/index.html", {"lists of a CSAF provider", "", true}},
    {".asc", {".asc", BY_HAND, false}},
    {".gz", {".gz", "unpack it", false}},
    {".tgz", {".tgz", "unpack it", false}},
    {".xz", {".xz", "unpack it", false}},
    {".bz2", {".bz2", "unpack it", false}},
    {".zst", {".zst", "unpack it", false}},
    {".zip", {".zip", "unpack it", false}},
    {".tar", {".tar", "unpack it", false}},
    {".7z", {".7z", "unpack it", false}},
    {".xml", {".xml", BY_HAND, false}},
    {".pdf", {".pdf", BY_HAND, false}},
    {".html", {".html", BY_HAND, false}},
    {".htm", {".htm", BY_HAND, false}},
    {".txt", {".txt", BY_HAND, false}},
    {".md", {".md", BY_HAND, false}},
    {".csv", {".csv", BY_HAND, false}},
    {".spdx", {".spdx", CONVERT_SPDX, false}},
    {".yaml", {".yaml", BY_HAND, false}},
    {".yml", {".yml", BY_HAND, false}},
    {".jsonl", {".jsonl", BY_HAND, false}},
};

const struct cret_foreign *cret_foreign_name(const char *path)
{
    static const struct cret_foreign other = {"other files", BY_HAND, false};
    const size_t size = strlen(path);
    for (size_t i = 0; i < CRET_LENGTH(names); i++) {
        const size_t end = strlen(names[i].end);
        if (size >= end && strcasecmp(path + size - end, names[i].end) == 0) {
            return &names[i].foreign;
        }
    }
    return &other;
}

void cret_foreign_say(const struct cret_foreign *foreign, struct cret_err *err)
{
    if (foreign != NULL) {
        cret_err_actual(err, "%s, which is recognized and not read", foreign->name);
        cret_err_hint(err, "%s", foreign->way);
    }
}
