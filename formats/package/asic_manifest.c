/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of an ASiCManifest. */
#include "package/asic_manifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/text/path.h"
#include "base/text/text.h"
#include "package/xml.h"

#define ASIC "http://uri.etsi.org/02918/v1.2.1#"
#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define SHA256_URI "http://www.w3.org/2001/04/xmlenc#sha256"
#define SHA512_URI "http://www.w3.org/2001/04/xmlenc#sha512"

struct reading {
    struct cret_asic_manifest *manifest;
    struct cret_xml *xml;
    const char *name;
    size_t capacity;
    struct cret_xml_event event;
    struct cret_err *err;
};

static enum cret_status refuse(const struct reading *reading, const char *what)
{
    cret_err_refuse(reading->err, CRET_CHECK_PACKAGE_MANIFEST, "%s", what);
    return cret_err_where(reading->err, "%s, line %zu", reading->name, cret_xml_line(reading->xml));
}

static enum cret_status next(struct reading *reading)
{
    return cret_xml_next(reading->xml, &reading->event, reading->err);
}

static bool is(const struct reading *reading, enum cret_xml_kind kind, const char *space,
               const char *name)
{
    const struct cret_xml_event *event = &reading->event;
    return event->kind == kind && (kind != CRET_XML_START || (strcmp(event->space, space) == 0 &&
                                                              strcmp(event->name, name) == 0));
}

static enum cret_status expect(const struct reading *reading, enum cret_xml_kind kind,
                               const char *space, const char *name)
{
    if (is(reading, kind, space, name)) {
        return CRET_OK;
    }
    refuse(reading,
           reading->event.kind == CRET_XML_START && strstr(reading->event.name, "Extension")
               ? "an extension, which may change what the list means"
               : "an element that does not belong here");
    return cret_err_expected(reading->err, "%s%s", kind == CRET_XML_START ? "" : "the end of ",
                             name);
}

static const char *attribute(const struct reading *reading, const char *name)
{
    for (size_t i = 0; i < reading->event.attribute_count; i++) {
        if (strcmp(reading->event.attributes[i].name, name) == 0) {
            return reading->event.attributes[i].value;
        }
    }
    return NULL;
}

/* No attribute but these; `names` ends with NULL. */
static enum cret_status only(const struct reading *reading, const char *const *names)
{
    for (size_t i = 0; i < reading->event.attribute_count; i++) {
        size_t k = 0;
        while (names[k] != NULL && strcmp(names[k], reading->event.attributes[i].name) != 0) {
            k++;
        }
        if (names[k] == NULL) {
            return refuse(reading, "an attribute that the schema does not have");
        }
    }
    return CRET_OK;
}

/* Percent encoding, once. NULL: memory, or a % without two digits; `ret_bad` says which. */
static char *decode(const char *uri, bool *ret_bad)
{
    char *text = malloc(strlen(uri) + 1);
    size_t size = 0;
    *ret_bad = false;
    for (const char *at = uri; text != NULL && *at != '\0'; at++) {
        uint8_t byte = (uint8_t)*at;
        if (byte == '%') {
            char digits[3] = {at[1], at[1] != '\0' ? at[2] : '\0', '\0'};
            for (size_t i = 0; i < 2; i++) { /* cret_hex_decode takes the small letters alone */
                digits[i] = digits[i] >= 'A' && digits[i] <= 'F' ? (char)(digits[i] + ('a' - 'A'))
                                                                 : digits[i];
            }
            if (cret_hex_decode(&byte, 1, digits) != CRET_OK || byte == 0) {
                *ret_bad = true;
                free(text);
                return NULL;
            }
            at += 2;
        }
        text[size++] = (char)byte;
    }
    if (text != NULL) {
        text[size] = '\0';
    }
    return text;
}

/* The member that the URI of an element names. Caller frees. */
static enum cret_status take_uri(const struct reading *reading, char **ret_name)
{
    bool bad = false;
    const char *uri = attribute(reading, "URI");
    if (uri == NULL) {
        return refuse(reading, "an element without its URI");
    }
    const size_t plain = strcspn(uri, ":?#");
    if (uri[plain] != '\0' || uri[0] == '/') {
        refuse(reading, "a URI that is not relative to the package");
        return cret_err_actual(reading->err, "%s", uri);
    }
    char *name = decode(uri, &bad);
    if (name == NULL && !bad) {
        return cret_err_memory(reading->err);
    }
    if (name == NULL || !cret_utf8_valid(name, strlen(name)) || !cret_path_original_safe(name)) {
        refuse(reading, bad                      ? "a URI with percent encoding that is none"
                        : cret_path_climbs(name) ? "a URI that leads out of the package"
                                                 : "a URI that is no name that is safe on every "
                                                   "system");
        free(name);
        return cret_err_actual(reading->err, "%s", uri);
    }
    *ret_name = name;
    return CRET_OK;
}

static enum cret_status take_signature(struct reading *reading)
{
    static const char *const names[] = {"URI", "MimeType", NULL};
    if (next(reading) != CRET_OK ||
        expect(reading, CRET_XML_START, ASIC, "SigReference") != CRET_OK ||
        only(reading, names) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *type = attribute(reading, "MimeType");
    if (type != NULL && strcmp(type, "application/pkcs7-signature") != 0 &&
        strcmp(type, "application/x-pkcs7-signature") != 0) {
        refuse(reading, "a list that something else than a CMS signature is over");
        cret_err_expected(reading->err, "application/pkcs7-signature");
        return cret_err_actual(reading->err, "%s", type);
    }
    if (take_uri(reading, &reading->manifest->signature) != CRET_OK || next(reading) != CRET_OK) {
        return CRET_FAILED;
    }
    return expect(reading, CRET_XML_END, ASIC, "SigReference");
}

static enum cret_status take_method(struct reading *reading, struct cret_asic_reference *one)
{
    static const char *const names[] = {"Algorithm", NULL};
    if (next(reading) != CRET_OK ||
        expect(reading, CRET_XML_START, DSIG, "DigestMethod") != CRET_OK ||
        only(reading, names) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *algorithm = attribute(reading, "Algorithm");
    one->sha512 = algorithm != NULL && strcmp(algorithm, SHA512_URI) == 0;
    if (algorithm == NULL || (!one->sha512 && strcmp(algorithm, SHA256_URI) != 0)) {
        refuse(reading, algorithm != NULL && strstr(algorithm, "#sha1") != NULL
                            ? "a digest by SHA-1, which can be forged"
                            : "a digest that is not read here");
        cret_err_expected(reading->err, "SHA-256 or SHA-512: %s", SHA256_URI);
        return cret_err_actual(reading->err, "%s", algorithm != NULL ? algorithm : "none");
    }
    return next(reading) == CRET_OK ? expect(reading, CRET_XML_END, DSIG, "DigestMethod")
                                    : CRET_FAILED;
}

static enum cret_status take_value(struct reading *reading, struct cret_asic_reference *one)
{
    static const char *const none[] = {NULL};
    uint8_t *value = NULL;
    size_t size = 0;
    if (next(reading) != CRET_OK ||
        expect(reading, CRET_XML_START, DSIG, "DigestValue") != CRET_OK ||
        only(reading, none) != CRET_OK || next(reading) != CRET_OK) {
        return CRET_FAILED;
    }
    const size_t wanted = one->sha512 ? CRET_SHA512_BYTES : CRET_SHA256_BYTES;
    const bool right = is(reading, CRET_XML_TEXT, "", "") &&
                       cret_base64_decode(&value, &size, reading->event.text) == CRET_OK &&
                       size == wanted;
    if (right) {
        memcpy(one->digest, value, size);
    }
    free(value);
    if (!right) {
        return refuse(reading, "a digest that is not base64 of its length");
    }
    return next(reading) == CRET_OK ? expect(reading, CRET_XML_END, DSIG, "DigestValue")
                                    : CRET_FAILED;
}

static enum cret_status take_reference(struct reading *reading)
{
    static const char *const names[] = {"URI", "MimeType", "Rootfile", NULL};
    struct cret_asic_manifest *manifest = reading->manifest;
    if (manifest->count == reading->capacity) {
        const size_t capacity = reading->capacity > 0 ? 2 * reading->capacity : 64;
        void *grown = realloc(manifest->references, capacity * sizeof(*manifest->references));
        if (grown == NULL) {
            return cret_err_memory(reading->err);
        }
        manifest->references = grown;
        reading->capacity = capacity;
    }
    if (manifest->count == CRET_LIMIT_PACKAGE_MEMBERS) {
        return refuse(reading, "more references than a package has members");
    }
    struct cret_asic_reference *one = &manifest->references[manifest->count];
    *one = (struct cret_asic_reference){0};
    manifest->count++;
    if (only(reading, names) != CRET_OK || take_uri(reading, &one->name) != CRET_OK ||
        take_method(reading, one) != CRET_OK || take_value(reading, one) != CRET_OK ||
        next(reading) != CRET_OK) {
        return CRET_FAILED;
    }
    return expect(reading, CRET_XML_END, ASIC, "DataObjectReference");
}

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct cret_asic_reference *)left)->name,
                  ((const struct cret_asic_reference *)right)->name);
}

static enum cret_status take_all(struct reading *reading)
{
    static const char *const none[] = {NULL};
    if (next(reading) != CRET_OK ||
        expect(reading, CRET_XML_START, ASIC, "ASiCManifest") != CRET_OK ||
        only(reading, none) != CRET_OK || take_signature(reading) != CRET_OK ||
        next(reading) != CRET_OK) {
        return CRET_FAILED;
    }
    while (is(reading, CRET_XML_START, ASIC, "DataObjectReference")) {
        if (take_reference(reading) != CRET_OK || next(reading) != CRET_OK) {
            return CRET_FAILED;
        }
    }
    if (expect(reading, CRET_XML_END, ASIC, "ASiCManifest") != CRET_OK ||
        next(reading) != CRET_OK) {
        return CRET_FAILED;
    }
    struct cret_asic_manifest *manifest = reading->manifest;
    if (manifest->count == 0) {
        return refuse(reading, "a list without a single reference");
    }
    qsort(manifest->references, manifest->count, sizeof(*manifest->references), compare);
    for (size_t i = 1; i < manifest->count; i++) {
        if (compare(&manifest->references[i - 1], &manifest->references[i]) == 0) {
            refuse(reading, "a member is listed twice");
            return cret_err_actual(reading->err, "%s", manifest->references[i].name);
        }
    }
    return CRET_OK;
}

enum cret_status cret_asic_manifest_parse(struct cret_asic_manifest **ret_manifest,
                                          const char *text, size_t size, const char *name,
                                          struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    struct cret_err fault = {0};
    struct reading reading = {.name = name, .err = &fault};
    reading.manifest = calloc(1, sizeof(*reading.manifest));
    if (reading.manifest == NULL) {
        return cret_err_memory(err);
    }
    if (cret_xml_new(&reading.xml, text, size, name, &fault) == CRET_OK) {
        status = take_all(&reading);
    }
    cret_xml_free(&reading.xml);
    if (status == CRET_OK) {
        *ret_manifest = reading.manifest;
    } else {
        cret_asic_manifest_free(&reading.manifest);
        if (err != NULL) {
            *err = fault;
        }
    }
    return status;
}

void cret_asic_manifest_free(struct cret_asic_manifest **manifest)
{
    if (manifest == NULL || *manifest == NULL) {
        return;
    }
    for (size_t i = 0; i < (*manifest)->count; i++) {
        free((*manifest)->references[i].name);
    }
    free((*manifest)->references);
    free((*manifest)->signature);
    free(*manifest);
    *manifest = NULL;
}

const struct cret_asic_reference *cret_asic_manifest_find(const struct cret_asic_manifest *manifest,
                                                          const char *name)
{
    const struct cret_asic_reference key = {.name = (char *)(uintptr_t)name};
    return bsearch(&key, manifest->references, manifest->count, sizeof(key), compare);
}

/* A name as a URI in an attribute: what RFC 3986 does not reserve stays. */
static void put_uri(struct cret_buffer *text, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/";
    for (; *name != '\0'; name++) {
        if (strchr(plain, *name) != NULL) {
            cret_buffer_append(text, name, 1);
        } else {
            cret_buffer_printf(text, "%%%02X", (unsigned)(unsigned char)*name);
        }
    }
}

static void put_member(struct cret_buffer *text, const struct cret_asic_member *member)
{
    char *value = NULL;
    cret_buffer_printf(text, "  <asic:DataObjectReference URI=\"");
    put_uri(text, member->name);
    if (member->media_type != NULL) {
        cret_buffer_printf(text, "\" MimeType=\"%s", member->media_type);
    }
    if (cret_base64_encode(&value, member->sha256, CRET_SHA256_BYTES) != CRET_OK) {
        text->failed = true;
        return;
    }
    cret_buffer_printf(text,
                       "\">\n    <ds:DigestMethod Algorithm=\"" SHA256_URI "\"/>\n"
                       "    <ds:DigestValue>%s</ds:DigestValue>\n"
                       "  </asic:DataObjectReference>\n",
                       value);
    free(value);
}

enum cret_status cret_asic_manifest_write(char **ret_text, size_t *ret_size, const char *signature,
                                          const struct cret_asic_member *members, size_t count,
                                          struct cret_err *err)
{
    struct cret_buffer text = {0};
    cret_buffer_printf(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                              "<asic:ASiCManifest xmlns:asic=\"" ASIC "\" xmlns:ds=\"" DSIG "\">\n"
                              "  <asic:SigReference URI=\"");
    put_uri(&text, signature);
    cret_buffer_printf(&text, "\" MimeType=\"application/pkcs7-signature\"/>\n");
    for (size_t i = 0; i < count; i++) {
        put_member(&text, &members[i]);
    }
    cret_buffer_printf(&text, "</asic:ASiCManifest>\n");
    if (text.failed) {
        cret_buffer_free(&text);
        return cret_err_memory(err);
    }
    *ret_text = text.data;
    *ret_size = text.size;
    return CRET_OK;
}
