/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/text.h"
#include "package/asic_manifest.h"

#define OPEN                                                                                       \
    "<a:ASiCManifest xmlns:a=\"http://uri.etsi.org/02918/v1.2.1#\" "                               \
    "xmlns:d='http://www.w3.org/2000/09/xmldsig#'>"
#define SIGNATURE "<a:SigReference URI=\"META-INF/signature1.p7s\"/>"
#define DIGEST                                                                                     \
    "<d:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"                      \
    "<d:DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</d:DigestValue>"
#define REFERENCE(uri)                                                                             \
    "<a:DataObjectReference URI=\"" uri "\" Rootfile=\"true\">\n" DIGEST "</"                      \
    "a:DataObjectReference>"
#define CLOSE "</a:ASiCManifest>"

static struct cret_err err;

static struct cret_asic_manifest *parse(const char *text)
{
    struct cret_asic_manifest *manifest = NULL;
    cret_err_clear(&err);
    const enum cret_status status =
        cret_asic_manifest_parse(&manifest, text, strlen(text), "list.xml", &err);
    cr_assert_eq(status == CRET_OK, manifest != NULL);
    return manifest;
}

static void refused(const char *text, const char *words)
{
    struct cret_asic_manifest *manifest = parse(text);
    cr_expect_null(manifest, "%s", words);
    cret_asic_manifest_free(&manifest);
    cr_expect_eq(err.class, CRET_ERR_REFUSED, "%s", words);
    cr_expect_eq(err.check, CRET_CHECK_PACKAGE_MANIFEST, "%s", words);
    cr_expect_not_null(strstr(err.what, words), "%s instead of %s", err.what, words);
    cr_expect_not_null(strstr(err.where, "list.xml, line "), "%s", err.where);
}

Test(asic_manifest, is_read)
{
    struct cret_asic_manifest *manifest =
        parse("<?xml version=\"1.0\"?>\n" OPEN SIGNATURE REFERENCE("CONTENT/z") "\n" REFERENCE(
            "CONTENT/a%20%C3%A4&amp;b") CLOSE "\n");
    cr_assert_not_null(manifest, "%s", err.what);
    cr_expect_str_eq(manifest->signature, "META-INF/signature1.p7s");
    cr_expect_eq(manifest->count, 2u);
    cr_expect_not_null(cret_asic_manifest_find(manifest, "CONTENT/a \xc3\xa4&b"));
    cr_expect_not_null(cret_asic_manifest_find(manifest, "CONTENT/z"));
    cr_expect_null(cret_asic_manifest_find(manifest, "CONTENT/Z"));
    cret_asic_manifest_free(&manifest);
}

Test(asic_manifest, what_is_written_is_read)
{
    const struct cret_asic_member members[] = {{"CONTENT/a b%\xc3\xa4&", NULL, {1, 2, 3}},
                                               {"x", "text/plain", {9}}};
    char *text = NULL;
    size_t size = 0;
    cr_assert_eq(
        cret_asic_manifest_write(&text, &size, "META-INF/signature001.p7s", members, 2, NULL),
        CRET_OK);
    struct cret_asic_manifest *manifest = parse(text);
    cr_assert_not_null(manifest, "%s: %s", err.what, text);
    for (size_t i = 0; i < 2; i++) {
        const struct cret_asic_reference *one = cret_asic_manifest_find(manifest, members[i].name);
        cr_assert_not_null(one);
        cr_expect_eq(memcmp(one->digest, members[i].sha256, CRET_SHA256_BYTES), 0);
    }
    cret_asic_manifest_free(&manifest);
    free(text);
}

Test(asic_manifest, what_is_refused)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"", "ends before its root"},
        {OPEN SIGNATURE CLOSE, "without a single reference"},
        {OPEN SIGNATURE REFERENCE("a") CLOSE "x", "text outside"},
        {OPEN SIGNATURE REFERENCE("a") CLOSE "<b/>", "follows the root"},
        {OPEN SIGNATURE REFERENCE("a"), "ends before its root"},
        {OPEN REFERENCE("a") CLOSE, "does not belong here"},
        {OPEN SIGNATURE SIGNATURE REFERENCE("a") CLOSE, "does not belong here"},
        {OPEN SIGNATURE REFERENCE("a") REFERENCE("a") CLOSE, "listed twice"},
        {OPEN SIGNATURE REFERENCE("a") REFERENCE("%61") CLOSE, "listed twice"},
        {OPEN SIGNATURE REFERENCE("/a") CLOSE, "not relative"},
        {OPEN SIGNATURE REFERENCE("http://a/") CLOSE, "not relative"},
        {OPEN SIGNATURE REFERENCE("a?b") CLOSE, "not relative"},
        {OPEN SIGNATURE REFERENCE("a/../b") CLOSE, "leads out"},
        {OPEN SIGNATURE REFERENCE("a/%2e%2E/b") CLOSE, "leads out"},
        {OPEN SIGNATURE REFERENCE("a%00b") CLOSE, "percent encoding"},
        {OPEN SIGNATURE REFERENCE("a%4") CLOSE, "percent encoding"},
        {OPEN SIGNATURE REFERENCE("a%5Cb") CLOSE, "no name that is safe"},
        {OPEN SIGNATURE REFERENCE("a%ff") CLOSE, "no name that is safe"},
        {OPEN SIGNATURE REFERENCE("&#97;") CLOSE, "character reference"},
        {OPEN SIGNATURE REFERENCE("&x;") CLOSE, "entity that is none"},
        {"<!DOCTYPE x>" OPEN SIGNATURE REFERENCE("a") CLOSE, "document type"},
        {OPEN "<!-- c -->" SIGNATURE REFERENCE("a") CLOSE, "a comment, of"},
        {OPEN "<?p i?>" SIGNATURE REFERENCE("a") CLOSE, "processing instruction"},
        {"<?xml version=\"1.1\"?>" OPEN SIGNATURE REFERENCE("a") CLOSE, "XML declaration"},
        {OPEN SIGNATURE "text" REFERENCE("a") CLOSE, "does not belong here"},
        {OPEN SIGNATURE REFERENCE("a") "<a:ASiCManifestExtensions/>" CLOSE, "an extension"},
        {OPEN "<a:SigReference URI='x' Other='1'/>" CLOSE, "schema does not have"},
        {OPEN "<a:SigReference/>" CLOSE, "without its URI"},
        {OPEN "<a:SigReference URI='x' URI='y'/>" CLOSE, "stands twice"},
        {OPEN "<a:SigReference URI='x'MimeType='y'/>" CLOSE, "not parted"},
        {OPEN "<a:SigReference URI=x/>" CLOSE, "no value in quotes"},
        {OPEN "<a:SigReference URI='x", "does not end"},
        {OPEN "<a:SigReference URI='<'/>" CLOSE, "a < stands"},
        {OPEN "<q:SigReference URI='x'/>" CLOSE, "no namespace was given"},
        {OPEN "<a:b:SigReference URI='x'/>" CLOSE, "two prefixes"},
        {OPEN "</b>", "not that of the open element"},
        {"<x xmlns='urn:x'>" SIGNATURE, "does not belong here"},
        {"\x01", "not text in UTF-8"},
        {"\xff", "not text in UTF-8"},
    };
    for (size_t i = 0; i < CRET_LENGTH(rows); i++) {
        refused(rows[i].text, rows[i].words);
    }
}
