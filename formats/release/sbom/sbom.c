/* SPDX-License-Identifier: Apache-2.0 */
/* The SBOM of a release, held to its form and to the bytes that it describes. */
#include "release/sbom/sbom.h"

#include <strings.h>

#include "base/text/json.h"
#include "release/sbom/sbom_internal.h"

void cret_sboms_clear(struct cret_sboms *sboms)
{
    for (size_t i = 0; i < sboms->count; i++) {
        cret_sbom_free(&sboms->list[i]);
    }
    sboms->count = 0;
}

size_t cret_sboms_read(const struct cret_sboms *sboms)
{
    size_t read = 0;
    for (size_t i = 0; i < sboms->count; i++) {
        read += sboms->list[i] != NULL ? 1u : 0u;
    }
    return read;
}

/* Whether both bear one serial number (a UUID, in whichever case) in one version. */
static bool same_serial(const struct cret_sbom *one, const struct cret_sbom *other)
{
    const char *serial = one != NULL ? cret_json_string(one->json, "serialNumber") : NULL;
    const char *second = other != NULL ? cret_json_string(other->json, "serialNumber") : NULL;
    return serial != NULL && second != NULL && strcasecmp(serial, second) == 0 &&
           cret_json_integer(one->json, "version", 1) ==
               cret_json_integer(other->json, "version", 1);
}

void cret_sboms_check_serials(const struct cret_sboms *sboms, struct cret_findings *findings)
{
    for (size_t i = 1; i < sboms->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (same_serial(sboms->list[i], sboms->list[j])) {
                cret_findings_add(
                    findings, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL,
                    (struct cret_finding_text){.where = sboms->list[i]->file,
                                               .expected =
                                                   "a serial number of its own, or another version",
                                               .hint = "give each SBOM a serialNumber of its own"},
                    "it has the serialNumber and the version of %s: a reference to one of the two "
                    "means either",
                    sboms->list[j]->file);
                break;
            }
        }
    }
}

/* err as the first fault since `start`; CRET_OK where there is none. */
static enum cret_status judge(const struct cret_findings *findings, size_t start,
                              struct cret_err *err)
{
    const struct cret_finding *fault = cret_findings_first_fault(findings, start);
    if (fault != NULL) {
        return cret_finding_refuse(err, fault);
    }
    return cret_findings_whole(findings, err);
}

static void add_too_large(struct cret_findings *findings, const char *file)
{
    static const enum cret_check_id checks[] = {CRET_CHECK_SBOM_FORM, CRET_CHECK_SBOM_BINDING};
    for (size_t i = 0; i < CRET_LENGTH(checks); i++) {
        cret_findings_add(findings, checks[i], CRET_RESULT_NOT_CHECKED,
                          (struct cret_finding_text){.where = file,
                                                     .expected = "at most 128 MiB in all SBOMs",
                                                     .hint = "split the SBOM"},
                          "the SBOM is too large to be parsed");
    }
}

enum cret_status cret_sbom_check_payload(const struct cret_sbom_place *place, const char *text,
                                         size_t size, const struct cret_payload_reader *reader,
                                         struct cret_sbom **ret_sbom,
                                         struct cret_findings *findings, struct cret_err *err)
{
    const json_t *entry = cret_sbom_entry(place);
    const char *file = cret_json_string(entry, "file");
    const char *format = cret_json_string(entry, "format");
    if (ret_sbom != NULL) {
        *ret_sbom = NULL;
    }
    if (file == NULL || format == NULL) {
        return CRET_OK;
    }
    if (text == NULL) {
        add_too_large(findings, file);
        return CRET_OK;
    }
    const size_t start = cret_findings_count(findings);
    struct cret_err fault = {0};
    struct cret_sbom *sbom = NULL;
    if (cret_sbom_read(&sbom, text, size, file, format, findings, &fault) == CRET_OK) {
        sbom->released = true;
        if (cret_sbom_bind(sbom, place, reader, findings, &fault) == CRET_OK) {
            fault.class = CRET_ERR_NONE;
        }
    } else if (fault.class == CRET_ERR_REFUSED) {
        cret_findings_add(findings, CRET_CHECK_SBOM_BINDING, CRET_RESULT_FAIL,
                          (struct cret_finding_text){.where = file, .expected = "a readable SBOM"},
                          "the SBOM cannot be compared with the release, as it is not readable");
    }
    if (fault.class == CRET_ERR_UNDECIDED) {
        cret_sbom_free(&sbom);
        if (err != NULL) {
            *err = fault;
        }
        return CRET_FAILED;
    }
    if (ret_sbom != NULL) {
        *ret_sbom = sbom;
    } else {
        cret_sbom_free(&sbom);
    }
    return judge(findings, start, err);
}
