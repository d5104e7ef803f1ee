/* SPDX-License-Identifier: Apache-2.0 */
/* Naming the parts of an SBOM that no advisory is compared with. */
#include "release/advisory/coverage_sbom.h"

#include <stdio.h>
#include <string.h>

#include "base/text/json.h"
#include "release/advisory/coverage_internal.h"

size_t cret_sbom_missing(const struct cret_sbom *sbom)
{
    if (sbom->spdx3 != NULL) {
        return json_object_size(sbom->spdx3->imports);
    }
    if (sbom->documents != NULL) {
        return 0; /* a set has all of them, or is no well-formed one */
    }
    return sbom->kind == &cret_sbom_cyclonedx ? cret_coverage_cyclonedx_missing(sbom)
                                              : cret_coverage_spdx_missing(sbom);
}

/* What components were made from, by a name of its own: CycloneDX pedigree, SPDX artifactOfs. */
static size_t origins(const struct cret_sbom *sbom)
{
    size_t count = 0;
    for (size_t i = 0; i < sbom->components.count; i++) {
        const json_t *component = sbom->components.list[i].json;
        count += json_array_size(cret_json_get(component, "pedigree.ancestors")) +
                 json_array_size(json_object_get(component, "artifactOfs"));
    }
    return count;
}

static size_t services(const struct cret_sbom *sbom)
{
    return cret_coverage_cyclonedx_services(sbom->json);
}

static size_t snippets(const struct cret_sbom *sbom)
{
    return sbom->spdx3 != NULL ? cret_coverage_spdx3_of_class(sbom->spdx3, "software_Snippet")
                               : json_array_size(json_object_get(sbom->json, "snippets"));
}

/* A member of another format, where one stands in spite of it, is looked at all the same. */
static size_t incomplete(const struct cret_sbom *sbom)
{
    struct cret_known known = cret_known_begin();
    if (sbom->spdx3 != NULL) {
        cret_coverage_spdx3_open(&known, sbom->spdx3);
    }
    cret_coverage_cyclonedx_open(&known, sbom->json);
    cret_coverage_spdx_open(&known, sbom->json);
    return cret_known_count(&known);
}

static size_t vulnerabilities(const struct cret_sbom *sbom)
{
    return sbom->spdx3 != NULL ? cret_coverage_spdx3_vulnerabilities(sbom->spdx3)
                               : cret_coverage_cyclonedx_vulnerabilities(sbom->json);
}

/* Whether a component is something of its own: not the product, and no file, which is one of the
 * product's where no component holds it. Of SPDX 3 its sources are none either. */
static bool is_part(const struct cret_sbom *sbom, size_t index)
{
    const json_t *component = sbom->components.list[index].json;
    const char *type =
        sbom->kind == &cret_sbom_cyclonedx ? cret_json_string(component, "type") : NULL;
    return component != sbom->components.root && index < sbom->components.packages &&
           (type == NULL || strcmp(type, "file") != 0);
}

/* An SBOM of the product and its files alone, which does not say that there is no more. */
static size_t lists_nothing(const struct cret_sbom *sbom)
{
    const json_t *root = sbom->components.root;
    const char *reference = json_string_value(json_object_get(root, sbom->kind->reference));
    const bool whole = sbom->kind == &cret_sbom_cyclonedx
                           ? cret_coverage_cyclonedx_whole(sbom->json, reference)
                       : sbom->spdx3 != NULL ? cret_coverage_spdx3_whole(sbom->spdx3, reference)
                                             : cret_coverage_spdx_whole(sbom->json, reference);
    for (size_t i = 0; i < sbom->components.count && !whole; i++) {
        if (is_part(sbom, i)) {
            return 0;
        }
    }
    return whole ? 0 : 1;
}

/* Members that have another type than the format says may hold what is not found in them. */
static size_t malformed(const struct cret_sbom *sbom)
{
    return sbom->faults;
}

const struct cret_uncompared cret_uncompared_kinds[] = {
    {
        .what = "unreadable",
        .count = malformed,
        .one = "the SBOM is not well formed: not all of it may have been read",
        .bare = true,
        .so = "",
        .signer = "cretula-sign sbom check names the faults",
    },
    {
        .what = "components",
        .count = lists_nothing,
        .one = "no components: the SBOM lists none beside the product and its files",
        .bare = true,
        .so = "",
        .signer = "list the components; where there is none, say complete in compositions "
                  "(CycloneDX), or NONE in a relationship (SPDX; NoneElement in SPDX 3)",
    },
    {
        .what = "documents",
        .count = cret_sbom_missing,
        .one = "document of this SBOM is missing",
        .many = "documents of this SBOM are missing",
        .so = ": components in them are not compared with anything",
        .signer = "merge the SBOMs into one and name it under sbom",
    },
    {
        .what = "incomplete",
        .count = incomplete,
        .one = "entry of this SBOM is incomplete, as it says itself",
        .many = "entries of this SBOM are incomplete, as it says itself",
        .so = ": what is not listed is not compared with anything",
        .signer = "list what they are made of, and say complete in compositions (CycloneDX) or "
                  "NONE (SPDX)",
    },
    {
        .what = "services",
        .count = services,
        .one = "service of this SBOM is not compared",
        .many = "services of this SBOM are not compared",
        .so = " with any advisory",
        .signer = "list the software of a service that is in the release under components",
    },
    {
        .what = "origins",
        .count = origins,
        .one = "thing that components were made from is not compared",
        .many = "things that components were made from are not compared",
        .so = " with any advisory",
        .signer = "list what a changed component was made from under components, too",
    },
    {
        .what = "snippets",
        .count = snippets,
        .one = "snippet of this SBOM is not compared",
        .many = "snippets of this SBOM are not compared",
        .so = " with any advisory",
        .signer = "list where the snippets come from under packages",
    },
    {
        .what = "vulnerabilities",
        .count = vulnerabilities,
        .one = "vulnerability that the SBOM itself lists and does not settle was not judged",
        .many = "vulnerabilities that the SBOM itself lists and does not settle were not judged",
        .so = "",
        .signer = "cretula-sign sbom complete --vex FILE puts them into a VEX file of the release",
    },
    {.what = NULL},
};

void cret_uncompared_words(char *text, size_t size, const struct cret_uncompared *kind,
                           size_t count)
{
    if (kind->bare) {
        snprintf(text, size, "%s", kind->one);
    } else {
        snprintf(text, size, "%zu %s", count, count == 1 ? kind->one : kind->many);
    }
}
