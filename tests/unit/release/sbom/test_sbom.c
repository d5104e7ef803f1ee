/* SPDX-License-Identifier: Apache-2.0 */
#include "release/sbom/sbom.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/json.h"
#include "test_support.h"

#define FORM CRET_CHECK_SBOM_FORM
#define BINDING CRET_CHECK_SBOM_BINDING

/* SHA-256 of the sample's firmware.bin, and one that no file has. */
#define FIRMWARE "a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4"
#define FOREIGN "0000000000000000000000000000000000000000000000000000000000000001"
#define SHA512 FIRMWARE FIRMWARE

static const char cyclonedx[] =
    "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"version\": 1,"
    " \"serialNumber\": \"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79\","
    " \"metadata\": {\"timestamp\": \"2026-03-01T12:00:00+01:00\","
    "  \"tools\": {\"components\": [{\"type\": \"application\", \"name\": \"maker\"}]},"
    "  \"supplier\": {\"name\": \"Acme\", \"contact\": [{\"email\": \"x@acme.example\"}]},"
    "  \"component\": {\"type\": \"firmware\", \"bom-ref\": \"root\", \"name\": \"PLC-9\","
    "   \"version\": \"2.1.0\", \"purl\": \"pkg:generic/acme/plc-9@2.1.0\","
    "   \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" FIRMWARE "\"},"
    "    {\"alg\": \"SHA-512\", \"content\": \"" SHA512 "\"}]}},"
    " \"components\": ["
    "  {\"type\": \"file\", \"bom-ref\": \"image\", \"name\": \"firmware.bin\","
    "   \"purl\": \"pkg:generic/acme/image@2.1.0\","
    "   \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" FIRMWARE "\"}]},"
    "  {\"type\": \"library\", \"bom-ref\": \"lib\", \"name\": \"openssl\", \"version\": \"3\","
    "   \"licenses\": [{\"license\": {\"id\": \"Apache-2.0\"}}],"
    "   \"pedigree\": {\"patches\": [{\"type\": \"backport\","
    "    \"resolves\": [{\"type\": \"security\", \"id\": \"CVE-2026-12345\"}]}]},"
    "   \"components\": [{\"type\": \"library\", \"bom-ref\": \"deep\", \"name\": \"deep\"}]}],"
    " \"services\": [{\"name\": \"update\"}],"
    " \"dependencies\": [{\"ref\": \"root\", \"dependsOn\": [\"image\", \"lib\"]},"
    "  {\"ref\": \"lib\", \"dependsOn\": [\"deep\"]}],"
    " \"compositions\": [{\"aggregate\": \"complete\", \"assemblies\": [\"root\"]}]}";

static const char spdx[] =
    "{\"spdxVersion\": \"SPDX-2.3\", \"SPDXID\": \"SPDXRef-DOCUMENT\","
    " \"dataLicense\": \"CC0-1.0\", \"name\": \"plc-9\","
    " \"documentNamespace\": \"https://acme.example/spdx/plc-9-2.1.0\","
    " \"creationInfo\": {\"created\": \"2026-03-01T12:00:00Z\","
    "  \"creators\": [\"Organization: Acme\", \"Tool: maker-1\"]},"
    " \"packages\": [{\"SPDXID\": \"SPDXRef-root\", \"name\": \"PLC-9\","
    "   \"versionInfo\": \"2.1.0\", \"downloadLocation\": \"NONE\","
    "   \"checksums\": [{\"algorithm\": \"SHA256\", \"checksumValue\": \"" FIRMWARE "\"}],"
    "   \"externalRefs\": [{\"referenceCategory\": \"PACKAGE-MANAGER\","
    "    \"referenceType\": \"purl\", \"referenceLocator\": \"pkg:generic/acme/plc-9@2.1.0\"}]},"
    "  {\"SPDXID\": \"SPDXRef-lib\", \"name\": \"openssl\", \"downloadLocation\": "
    "\"NOASSERTION\"}],"
    " \"files\": [{\"SPDXID\": \"SPDXRef-image\", \"fileName\": \"./firmware.bin\","
    "   \"checksums\": [{\"algorithm\": \"SHA256\", \"checksumValue\": \"" FIRMWARE "\"}]}],"
    " \"relationships\": ["
    "  {\"spdxElementId\": \"SPDXRef-DOCUMENT\", \"relationshipType\": \"DESCRIBES\","
    "   \"relatedSpdxElement\": \"SPDXRef-root\"},"
    "  {\"spdxElementId\": \"SPDXRef-root\", \"relationshipType\": \"DEPENDS_ON\","
    "   \"relatedSpdxElement\": \"SPDXRef-lib\"}]}";

/* The sample release, with its SBOM entry as given. */
static struct cret_manifest *release_with(const char *format, const char *component)
{
    struct sample sample;
    sample_init(&sample);
    struct cret_manifest *manifest = NULL;
    json_object_set_new(sample_get(sample.manifest, "sbom/0"), "format", json_string(format));
    if (component != NULL) {
        json_object_set_new(sample_get(sample.manifest, "sbom/0/binds/0"), "component",
                            json_string(component));
        json_object_del(sample_get(sample.manifest, "sbom/0/binds/0"), "member");
    } else {
        json_object_del(sample_get(sample.manifest, "sbom/0"), "binds");
    }
    cr_assert_eq(sample_parse(&manifest, sample.manifest, NULL, NULL), CRET_OK);
    sample_free(&sample);
    return manifest;
}

/* Without the payload's bytes. */
static enum cret_status check_text(const struct cret_manifest *manifest, const char *text,
                                   size_t size, struct cret_findings *findings,
                                   struct cret_err *err)
{
    const struct cret_sbom_place place = {manifest, 0};
    return cret_sbom_check_payload(&place, text, size, NULL, NULL, findings, err);
}

static enum cret_status check(const struct cret_manifest *manifest, const json_t *sbom,
                              struct cret_findings *findings, struct cret_err *err)
{
    char *text = json_dumps(sbom, 0);
    cr_assert_not_null(text);
    cret_err_clear(err);
    const enum cret_status status = check_text(manifest, text, strlen(text), findings, err);
    free(text);
    return status;
}

struct fault {
    const char *name;
    const char *path, *value; /* sample_set on the SBOM */
    enum cret_check_id check;
    const char *where; /* below sbom.json */
};

static void expect_faults(const char *sbom, const char *format, const char *component,
                          const struct fault *faults, size_t count)
{
    struct cret_manifest *manifest = release_with(format, component);
    for (size_t i = 0; i < count; i++) {
        json_t *changed = json_loads(sbom, 0, NULL);
        cr_assert_not_null(changed);
        sample_set(changed, faults[i].path, faults[i].value);
        struct cret_findings *findings = cret_findings_new();
        struct cret_err err;
        char where[256];
        snprintf(where, sizeof(where), "sbom.json%s", faults[i].where);
        cr_expect_eq(check(manifest, changed, findings, &err), CRET_FAILED, "%s: accepted",
                     faults[i].name);
        cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", faults[i].name);
        if (!sample_has(findings, faults[i].check, where)) {
            sample_show(findings);
            cr_expect(false, "%s: no fault at %s", faults[i].name, where);
        }
        cr_expect_eq(cret_findings_tally(findings, faults[i].check, CRET_RESULT_PASS), 0, "%s",
                     faults[i].name);
        cret_findings_free(&findings);
        json_decref(changed);
    }
    cret_manifest_free(&manifest);
}

static void expect_pass(const char *sbom, const char *format, const char *component,
                        const char *path, const char *value)
{
    struct cret_manifest *manifest = release_with(format, component);
    json_t *changed = json_loads(sbom, 0, NULL);
    cr_assert_not_null(changed);
    if (path != NULL) {
        sample_set(changed, path, value);
    }
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    if (check(manifest, changed, findings, &err) != CRET_OK) {
        sample_show(findings);
        cr_expect(false, "refused: %s", err.what);
    }
    cr_expect_eq(cret_findings_tally(findings, FORM, CRET_RESULT_PASS), 1);
    cr_expect_eq(cret_findings_tally(findings, BINDING, CRET_RESULT_PASS), 1);
    cr_expect_eq(cret_findings_count(findings), 2);
    cret_findings_free(&findings);
    json_decref(changed);
    cret_manifest_free(&manifest);
}

Test(sbom, cyclonedx_form)
{
    static const struct fault faults[] = {
        {"another format", "bomFormat", "\"Other\"", FORM, "#/bomFormat"},
        {"another version than the manifest", "specVersion", "\"1.5\"", FORM, "#/specVersion"},
        {"no version of the format", "specVersion", NULL, FORM, "#/specVersion"},
        {"serial number in capitals", "serialNumber",
         "\"urn:uuid:3E671687-395b-41f5-a30f-a58921a69b79\"", FORM, "#/serialNumber"},
        {"version as a fraction", "version", "1.5", FORM, "#/version"},
        {"version beyond all numbers", "version", "1e300", FORM, "#/version"},
        {"unknown member", "colour", "1", FORM, "#/colour"},
        {"member of a later version", "citations", "[]", FORM, "#/citations"},
        {"components as an object", "components", "{}", FORM, "#/components"},
        {"component as a string", "components/1", "\"x\"", FORM, "#/components/1"},
        {"no type", "components/1/type", NULL, FORM, "#/components/1/type"},
        {"no name", "components/1/name", NULL, FORM, "#/components/1/name"},
        {"name as a number", "components/1/name", "1", FORM, "#/components/1/name"},
        {"unknown type", "components/1/type", "\"thing\"", FORM, "#/components/1/type"},
        {"unknown type, nested", "components/1/components/0/type", "\"thing\"", FORM,
         "#/components/1/components/0/type"},
        {"unknown member, nested", "components/1/components/0/x", "1", FORM,
         "#/components/1/components/0/x"},
        {"empty bom-ref", "components/1/bom-ref", "\"\"", FORM, "#/components/1/bom-ref"},
        {"bom-ref twice", "components/1/bom-ref", "\"image\"", FORM, "#/components/1/bom-ref"},
        {"bom-ref of the root twice", "components/1/components/0/bom-ref", "\"root\"", FORM,
         "#/components/1/components/0/bom-ref"},
        {"unknown algorithm", "components/0/hashes/0/alg", "\"FOO\"", FORM,
         "#/components/0/hashes/0/alg"},
        {"length of another algorithm", "components/0/hashes/0/content", "\"" SHA512 "\"", FORM,
         "#/components/0/hashes/0/content"},
        {"no hex", "components/0/hashes/0/content",
         "\"z4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4\"", FORM,
         "#/components/0/hashes/0/content"},
        {"scope", "components/1/scope", "\"foo\"", FORM, "#/components/1/scope"},
        {"licence without id and name", "components/1/licenses/0/license", "{}", FORM,
         "#/components/1/licenses/0/license"},
        {"licence and expression", "components/1/licenses/0/expression", "\"MIT\"", FORM,
         "#/components/1/licenses/0"},
        {"expression beside a licence", "components/1/licenses/1", "{\"expression\": \"MIT\"}",
         FORM, "#/components/1/licenses"},
        {"patch type", "components/1/pedigree/patches/0/type", "\"foo\"", FORM,
         "#/components/1/pedigree/patches/0/type"},
        {"issue type", "components/1/pedigree/patches/0/resolves/0/type", "\"foo\"", FORM,
         "#/components/1/pedigree/patches/0/resolves/0/type"},
        {"timestamp", "metadata/timestamp", "\"2026-03-01\"", FORM, "#/metadata/timestamp"},
        {"tools as a string", "metadata/tools", "\"x\"", FORM, "#/metadata/tools"},
        {"tool without a type", "metadata/tools/components/0/type", NULL, FORM,
         "#/metadata/tools/components/0/type"},
        {"service without a name", "services/0/name", NULL, FORM, "#/services/0/name"},
        {"contact", "metadata/supplier/contact/0/fax", "\"1\"", FORM,
         "#/metadata/supplier/contact/0/fax"},
        {"dependency without ref", "dependencies/1/ref", NULL, FORM, "#/dependencies/1/ref"},
        {"dangling ref", "dependencies/1/ref", "\"nothing\"", FORM, "#/dependencies/1/ref"},
        {"dangling dependency", "dependencies/0/dependsOn/1", "\"nothing\"", FORM,
         "#/dependencies/0/dependsOn/1"},
        {"dependency twice", "dependencies/0/dependsOn/1", "\"image\"", FORM,
         "#/dependencies/0/dependsOn/1"},
        {"aggregate", "compositions/0/aggregate", "\"all\"", FORM, "#/compositions/0/aggregate"},
    };
    expect_faults(cyclonedx, "CycloneDX-1.6", "image", faults, sizeof(faults) / sizeof(faults[0]));
}

Test(sbom, cyclonedx_binding)
{
    static const struct fault faults[] = {
        {"no metadata", "metadata", NULL, BINDING, "#"},
        {"no root component", "metadata/component", NULL, BINDING, "#"},
        {"another product", "metadata/component/name", "\"PLC-8\"", BINDING,
         "#/metadata/component/name"},
        {"product in other case", "metadata/component/name", "\"plc-9\"", BINDING,
         "#/metadata/component/name"},
        {"another version", "metadata/component/version", "\"2.1.1\"", BINDING,
         "#/metadata/component/version"},
        {"no version", "metadata/component/version", NULL, BINDING, "#/metadata/component/version"},
        {"root without hash", "metadata/component/hashes", NULL, BINDING,
         "#/metadata/component/hashes"},
        {"root with an empty list", "metadata/component/hashes", "[]", BINDING,
         "#/metadata/component/hashes"},
        {"root with SHA-512 only", "metadata/component/hashes/0", NULL, BINDING,
         "#/metadata/component/hashes"},
        {"root of other bytes", "metadata/component/hashes/0/content", "\"" FOREIGN "\"", BINDING,
         "#/metadata/component/hashes/0/content"},
        {"root with two SHA-256", "metadata/component/hashes/2",
         "{\"alg\": \"SHA-256\", \"content\": \"" FOREIGN "\"}", BINDING,
         "#/metadata/component/hashes"},
        {"bound component is absent", "components/0/bom-ref", "\"other\"", BINDING, "#"},
        {"bound component without hash", "components/0/hashes", NULL, BINDING,
         "#/components/0/hashes"},
        {"bound component of other bytes", "components/0/hashes/0/content", "\"" FOREIGN "\"",
         BINDING, "#/components/0/hashes/0/content"},
        {"bound component of another file", "components/0/hashes/0/content",
         "\"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\"", BINDING,
         "#/components/0/hashes/0/content"},
        {"bound component with MD5 only", "components/0/hashes/0",
         "{\"alg\": \"MD5\", \"content\": \"3942447fac867ae5cdb3229b658f4d48\"}", BINDING,
         "#/components/0/hashes"},
    };
    expect_faults(cyclonedx, "CycloneDX-1.6", "image", faults, sizeof(faults) / sizeof(faults[0]));
}

/* Where binds names the root, its own file counts, not just any file of the release. */
Test(sbom, root_bound_to_its_file)
{
    static const struct fault faults[] = {
        {"the digest of another signed file", "metadata/component/hashes/0/content",
         "\"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\"", BINDING,
         "#/metadata/component/hashes/0/content"},
        {"no hash", "metadata/component/hashes", NULL, BINDING, "#/metadata/component/hashes"},
        {"another version", "metadata/component/version", "\"2\"", BINDING,
         "#/metadata/component/version"},
    };
    expect_faults(cyclonedx, "CycloneDX-1.6", "root", faults, sizeof(faults) / sizeof(faults[0]));
    expect_pass(cyclonedx, "CycloneDX-1.6", "root", NULL, NULL);
    /* without a bind any signed file will do */
    expect_pass(cyclonedx, "CycloneDX-1.6", NULL, "metadata/component/hashes/0/content",
                "\"a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\"");
}

Test(sbom, ways_to_name_a_component)
{
    expect_pass(cyclonedx, "CycloneDX-1.6", "image", NULL, NULL);
    expect_pass(cyclonedx, "CycloneDX-1.6", "pkg:generic/acme/image@2.1.0", NULL, NULL);
    expect_pass(cyclonedx, "CycloneDX-1.6", "firmware.bin", NULL, NULL);
    /* a bom-ref decides before a name */
    expect_pass(cyclonedx, "CycloneDX-1.6", "image", "components/1/name", "\"image\"");
    static const struct fault ambiguous[] = {
        {"two names", "components/1/name", "\"firmware.bin\"", BINDING, "#"},
        {"the same name, nested", "components/1/components/0/name", "\"firmware.bin\"", BINDING,
         "#"},
    };
    expect_faults(cyclonedx, "CycloneDX-1.6", "firmware.bin", ambiguous, 2);
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", NULL, NULL);
    expect_pass(spdx, "SPDX-2.3", "./firmware.bin", NULL, NULL);
    expect_pass(spdx, "SPDX-2.3", "pkg:generic/acme/plc-9@2.1.0", NULL, NULL);
    expect_pass(spdx, "SPDX-2.3", "PLC-9", NULL, NULL);
    /* a name that one component bears twice is not ambiguous */
    expect_pass(spdx, "SPDX-2.3", "pkg:generic/acme/plc-9@2.1.0", "packages/0/externalRefs/1",
                "{\"referenceCategory\": \"PACKAGE_MANAGER\", \"referenceType\": \"purl\", "
                "\"referenceLocator\": \"pkg:generic/acme/plc-9@2.1.0\"}");
}

Test(sbom, what_versions_allow)
{
    expect_pass(cyclonedx, "CycloneDX-1.6", "image", "dependencies/1/dependsOn/0",
                "\"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#x\"");
    json_t *later = json_loads(cyclonedx, 0, NULL);
    sample_set(later, "specVersion", "\"1.7\"");
    sample_set(later, "citations", "[]");
    sample_set(later, "components/1/licenses/1", "{\"expression\": \"MIT\"}");
    char *text = json_dumps(later, 0);
    expect_pass(text, "CycloneDX-1.7", "image", NULL, NULL);
    static const struct fault faults[] = {
        {"1.7 where 1.6 is said", "specVersion", "\"1.7\"", FORM, "#/specVersion"},
    };
    expect_faults(text, "CycloneDX-1.6", "image", faults, 1);
    free(text);
    json_decref(later);
    /* hex digits in capitals are the same digest */
    expect_pass(cyclonedx, "CycloneDX-1.6", "image", "components/0/hashes/0/content",
                "\"A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4\"");
}

Test(sbom, spdx_form)
{
    static const struct fault faults[] = {
        {"another version", "spdxVersion", "\"SPDX-2.2\"", FORM, "#/spdxVersion"},
        {"no version", "spdxVersion", NULL, FORM, "#/spdxVersion"},
        {"another document id", "SPDXID", "\"SPDXRef-x\"", FORM, "#/SPDXID"},
        {"data licence", "dataLicense", "\"MIT\"", FORM, "#/dataLicense"},
        {"no name", "name", NULL, FORM, "#/name"},
        {"no namespace", "documentNamespace", NULL, FORM, "#/documentNamespace"},
        {"no creation info", "creationInfo", NULL, FORM, "#/creationInfo"},
        {"creation time", "creationInfo/created", "\"yesterday\"", FORM, "#/creationInfo/created"},
        {"no creators", "creationInfo/creators", "[]", FORM, "#/creationInfo/creators"},
        {"creator", "creationInfo/creators/0", "\"Acme\"", FORM, "#/creationInfo/creators/0"},
        {"package without id", "packages/1/SPDXID", NULL, FORM, "#/packages/1/SPDXID"},
        {"package id", "packages/1/SPDXID", "\"lib\"", FORM, "#/packages/1/SPDXID"},
        {"id twice", "packages/1/SPDXID", "\"SPDXRef-root\"", FORM, "#/packages/1/SPDXID"},
        {"id of a file twice", "files/0/SPDXID", "\"SPDXRef-root\"", FORM, "#/files/0/SPDXID"},
        {"package without name", "packages/1/name", NULL, FORM, "#/packages/1/name"},
        {"no download location", "packages/1/downloadLocation", NULL, FORM,
         "#/packages/1/downloadLocation"},
        {"algorithm", "packages/0/checksums/0/algorithm", "\"SHA-256\"", FORM,
         "#/packages/0/checksums/0/algorithm"},
        {"short digest", "packages/0/checksums/0/checksumValue", "\"a4\"", FORM,
         "#/packages/0/checksums/0/checksumValue"},
        {"reference category", "packages/0/externalRefs/0/referenceCategory", "\"X\"", FORM,
         "#/packages/0/externalRefs/0/referenceCategory"},
        {"file without checksums", "files/0/checksums", NULL, FORM, "#/files/0/checksums"},
        {"relationship", "relationships/1/relationshipType", "\"LIKES\"", FORM,
         "#/relationships/1/relationshipType"},
        {"dangling relationship", "relationships/1/relatedSpdxElement", "\"SPDXRef-x\"", FORM,
         "#/relationships/1/relatedSpdxElement"},
        {"dangling description", "documentDescribes", "[\"SPDXRef-x\"]", FORM,
         "#/documentDescribes/0"},
    };
    expect_faults(spdx, "SPDX-2.3", "SPDXRef-image", faults, sizeof(faults) / sizeof(faults[0]));
}

Test(sbom, spdx_binding)
{
    static const struct fault faults[] = {
        {"describes nothing", "relationships/0", NULL, BINDING, "#"},
        {"describes two", "documentDescribes", "[\"SPDXRef-lib\"]", BINDING, "#"},
        {"describes a file", "relationships/0/relatedSpdxElement", "\"SPDXRef-image\"", BINDING,
         "#"},
        {"another product", "packages/0/name", "\"PLC-8\"", BINDING, "#/packages/0/name"},
        {"another version", "packages/0/versionInfo", "\"3\"", BINDING, "#/packages/0/versionInfo"},
        {"no version", "packages/0/versionInfo", NULL, BINDING, "#/packages/0/versionInfo"},
        {"root without checksum", "packages/0/checksums", NULL, BINDING, "#/packages/0/checksums"},
        {"root with SHA-512 only", "packages/0/checksums/0",
         "{\"algorithm\": \"SHA512\", \"checksumValue\": \"" SHA512 "\"}", BINDING,
         "#/packages/0/checksums"},
        {"root of other bytes", "packages/0/checksums/0/checksumValue", "\"" FOREIGN "\"", BINDING,
         "#/packages/0/checksums/0/checksumValue"},
        {"bound file of other bytes", "files/0/checksums/0/checksumValue", "\"" FOREIGN "\"",
         BINDING, "#/files/0/checksums/0/checksumValue"},
        {"bound file is absent", "files", "[]", BINDING, "#"},
    };
    expect_faults(spdx, "SPDX-2.3", "SPDXRef-image", faults, sizeof(faults) / sizeof(faults[0]));
}

Test(sbom, spdx_ways_to_describe)
{
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", NULL, NULL);
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", "documentDescribes", "[\"SPDXRef-root\"]");
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", "relationships/0",
                "{\"spdxElementId\": \"SPDXRef-root\", \"relationshipType\": \"DESCRIBED_BY\", "
                "\"relatedSpdxElement\": \"SPDXRef-DOCUMENT\"}");
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", "relationships/1/relatedSpdxElement",
                "\"DocumentRef-other:SPDXRef-x\"");
    expect_pass(spdx, "SPDX-2.3", "SPDXRef-image", "relationships/1/relatedSpdxElement",
                "\"NOASSERTION\"");
}

/* What is no JSON, or no strict JSON, fails both checks: a binding never passes unread. */
Test(sbom, unreadable)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "null",
        "<bom/>",
        "{\"bomFormat\": \"CycloneDX\", \"bomFormat\": \"CycloneDX\"}",
        "{} {}",
        "{\"a\": \"\\u0000\"}",
        "{\"a\": \"\xff\"}",
    };
    struct cret_manifest *manifest = release_with("CycloneDX-1.6", "image");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct cret_findings *findings = cret_findings_new();
        struct cret_err err;
        cret_err_clear(&err);
        cr_expect_eq(check_text(manifest, texts[i], strlen(texts[i]), findings, &err), CRET_FAILED,
                     "%s", texts[i]);
        cr_expect_eq(err.class, CRET_ERR_REFUSED);
        cr_expect_gt(cret_findings_tally(findings, FORM, CRET_RESULT_FAIL), 0, "%s", texts[i]);
        cr_expect_gt(cret_findings_tally(findings, BINDING, CRET_RESULT_FAIL), 0, "%s", texts[i]);
        cret_findings_free(&findings);
    }
    cret_manifest_free(&manifest);
}

/* Thousands of faults are not listed one by one, and still refuse (lesson 10). */
Test(sbom, faults_are_bounded)
{
    struct cret_manifest *manifest = release_with("CycloneDX-1.6", "image");
    json_t *changed = json_loads(cyclonedx, 0, NULL);
    for (int i = 0; i < 20000; i++) {
        json_array_append_new(json_object_get(changed, "components"), json_object());
    }
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    cr_expect_eq(check(manifest, changed, findings, &err), CRET_FAILED);
    cr_expect_lt(cret_findings_count(findings), 1000);
    cr_expect_eq(cret_findings_tally(findings, FORM, CRET_RESULT_PASS), 0);
    cret_findings_free(&findings);
    json_decref(changed);
    cret_manifest_free(&manifest);
}

Test(sbom, wanted)
{
    struct sample sample;
    sample_init(&sample);
    struct cret_manifest *manifest = NULL;
    size_t entry = 99;
    cr_assert_eq(sample_parse(&manifest, sample.manifest, NULL, NULL), CRET_OK);
    cr_expect(cret_sbom_wanted(&(struct cret_sbom_place){manifest, 0}, &entry));
    cr_expect_eq(entry, SAMPLE_SBOM);
    manifest->entries[SAMPLE_SBOM].size = CRET_LIMIT_PARSED_FILE_BYTES + 1;
    cr_expect_not(cret_sbom_wanted(&(struct cret_sbom_place){manifest, 0}, &entry));
    struct cret_findings *findings = cret_findings_new();
    cr_expect_eq(check_text(manifest, NULL, 0, findings, NULL), CRET_OK);
    cr_expect_eq(cret_findings_tally(findings, FORM, CRET_RESULT_NOT_CHECKED), 1);
    cr_expect_eq(cret_findings_tally(findings, BINDING, CRET_RESULT_NOT_CHECKED), 1);
    cret_manifest_free(&manifest);
    cret_findings_free(&findings);

    sample_set(sample.manifest, "sbom", NULL);
    findings = cret_findings_new();
    cr_assert_eq(sample_parse(&manifest, sample.manifest, NULL, NULL), CRET_OK);
    cr_expect_not(cret_sbom_wanted(&(struct cret_sbom_place){manifest, 0}, &entry));
    cr_expect_eq(check_text(manifest, NULL, 0, findings, NULL), CRET_OK);
    cr_expect_eq(cret_findings_count(findings), 0);
    cret_manifest_free(&manifest);
    cret_findings_free(&findings);
    sample_free(&sample);
}

/* One published example; its name says what its schema says of it, and its version. */
static void expect_example(const char *name)
{
    char path[300], format[32];
    const char *version = strrchr(name, '-');
    cr_assert_not_null(version);
    snprintf(path, sizeof(path), "sbom/cyclonedx/%s", name);
    snprintf(format, sizeof(format), "CycloneDX-%.3s", version + 1);
    size_t size = 0;
    char *text = sample_vector(path, &size);
    struct cret_manifest *manifest = release_with(format, NULL);
    struct cret_findings *findings = cret_findings_new();
    struct cret_err err;
    const enum cret_status status = check_text(manifest, text, size, findings, &err);
    cr_expect_eq(status, CRET_FAILED); /* none of them describes our sample */
    const bool valid = cret_findings_tally(findings, FORM, CRET_RESULT_FAIL) == 0;
    cr_expect_eq(valid, cret_findings_tally(findings, FORM, CRET_RESULT_PASS) == 1);
    if (valid != (strncmp(name, "valid-", 6) == 0)) {
        sample_show(findings);
        cr_expect(false, "%s is %s", name, valid ? "accepted" : "refused");
    }
    cret_findings_free(&findings);
    cret_manifest_free(&manifest);
    free(text);
}

Test(sbom, published_cyclonedx_examples)
{
    DIR *folder = opendir(CRET_SOURCE_DIR "/tests/vectors/sbom/cyclonedx");
    cr_assert_not_null(folder);
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            expect_example(entry->d_name);
            count++;
        }
    }
    closedir(folder);
    cr_expect_eq(count, 179);
}

Test(sbom, published_spdx_examples)
{
    static const struct {
        const char *name, *format;
        bool valid;
    } examples[] = {
        {"sbom/spdx/spdx_sample_01.json", "SPDX-2.2", false},
        {"sbom/spdx/spdx_sample_03.json", "SPDX-2.3", true},
        {"sbom/spdx/spdx_sample_08.json", "SPDX-2.3", true},
        {"sbom/spdx/spdx_sample_10.json", "SPDX-2.2", true},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        size_t size = 0;
        char *text = sample_vector(examples[i].name, &size);
        struct cret_manifest *manifest = release_with(examples[i].format, NULL);
        struct cret_findings *findings = cret_findings_new();
        cr_expect_eq(check_text(manifest, text, size, findings, NULL), CRET_FAILED);
        cr_expect_eq(cret_findings_tally(findings, FORM, CRET_RESULT_FAIL) == 0, examples[i].valid,
                     "%s", examples[i].name);
        cret_findings_free(&findings);
        cret_manifest_free(&manifest);
        free(text);
    }
}
