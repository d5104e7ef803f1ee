/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a report, and reading one: the page is made again of what it carries, and compared. */
#include "verifier/report/report_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/page/page_html.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "renderer_id.h"
#include "verifier/report/report_page.h"

#define MAKER "cretula-verify report/1, renderer "
#define GENERATOR MAKER CRET_RENDERER
#define META "<meta name=\"generator\" content=\""

/* What a report may carry, in its order. */
enum part { PART_RECORD, PART_SIGNATURE, PART_ATTESTATION, PARTS };
static const char *const ids[PARTS] = {"cretula-record", "cretula-signature",
                                       "cretula-attestation"};

/* A report is base64 of a record, and a page beside it. */
static size_t most_bytes(void)
{
    return cret_record_format.bytes / 3 * 4 + (64u << 20);
}

/* "ACCEPTED: Vendor Product 1.2.3, record 0123456789abcdef": what browsers print above each page.
 */
static void add_title(struct cret_buffer *title, const json_t *record, const char *digest)
{
    const char *words[] = {cret_json_string(record, "result.verdict"),
                           cret_json_string(record, "what.product.vendor"),
                           cret_json_string(record, "what.product.name"),
                           cret_json_string(record, "what.release.version")};
    for (size_t i = 0; i < CRET_LENGTH(words); i++) {
        if (words[i] != NULL) {
            cret_buffer_printf(title, "%s%s", i == 0 ? "" : i == 1 ? ": " : " ", words[i]);
        }
    }
    cret_buffer_printf(title, ", record %.16s", digest);
}

static enum cret_status render(struct cret_buffer *out, const struct cret_page *page,
                               const struct cret_report_parts *parts, const char *title,
                               const char *digest, struct cret_err *err)
{
    const struct cret_page_attachment attachments[PARTS] = {
        {ids[PART_RECORD], (const uint8_t *)parts->record, parts->record_size},
        {ids[PART_SIGNATURE], parts->signature, parts->signature_size},
        {ids[PART_ATTESTATION], (const uint8_t *)parts->attestation, parts->attestation_size}};
    struct cret_page_attachment carried[PARTS];
    size_t count = 0;
    for (size_t i = 0; i < PARTS; i++) {
        if (attachments[i].data != NULL) {
            carried[count++] = attachments[i];
        }
    }
    char *footer = cret_text_printf("Record SHA-256 %s", digest);
    if (footer == NULL) {
        return cret_err_memory(err);
    }
    const struct cret_page_html options = {.title = title,
                                           .kind = "Cretula verification report",
                                           .generator = GENERATOR,
                                           .footer = footer,
                                           .decision = true,
                                           .attachments = carried,
                                           .attachment_count = count};
    const enum cret_status status = cret_page_html(out, page, &options, err);
    free(footer);
    return status;
}

enum cret_status cret_report_render(struct cret_buffer *out, const struct cret_report_parts *parts,
                                    struct cret_err *err)
{
    enum cret_status status = CRET_FAILED;
    uint8_t digest[CRET_SHA256_BYTES];
    char hex[CRET_SHA256_HEX];
    json_t *record = NULL;
    struct cret_page *page = NULL;
    struct cret_buffer title = {0};
    struct cret_report_source source = {
        .digest = hex, .sealed = parts->signature != NULL, .attested = parts->attestation != NULL};
    if (cret_sha256(digest, parts->record, parts->record_size, err) != CRET_OK ||
        cret_record_read_brief(&record, &source.files, parts->record, parts->record_size,
                               CRET_REPORT_FILES, err) != CRET_OK) {
        goto out;
    }
    cret_hex_encode(hex, digest, CRET_SHA256_BYTES);
    source.record = record;
    page = cret_page_new();
    cret_report_page(page, &source);
    add_title(&title, record, hex);
    status = title.failed ? cret_err_memory(err) : render(out, page, parts, title.data, hex, err);
out:
    cret_buffer_free(&title);
    cret_page_free(&page);
    json_decref(record);
    return status;
}

/* The bytes of a part, decoded; *ret_data NULL: the report has none. */
static enum cret_status find_part(uint8_t **ret_data, size_t *ret_size, const char *text,
                                  enum part part, struct cret_err *err)
{
    char *start = cret_text_printf("<data id=\"%s\" hidden value=\"", ids[part]);
    if (start == NULL) {
        return cret_err_memory(err);
    }
    const char *place = strstr(text, start);
    const char *value = place != NULL ? place + strlen(start) : NULL;
    free(start);
    if (value == NULL) {
        return CRET_OK;
    }
    char *coded = strndup(value, strcspn(value, "\""));
    if (coded == NULL) {
        return cret_err_memory(err);
    }
    const enum cret_status status = cret_base64_decode(ret_data, ret_size, coded);
    free(coded);
    return status == CRET_OK
               ? CRET_OK
               : cret_err_refuse(err, CRET_CHECK_RECORD_PAGE,
                                 "the data that the page carries (%s) is damaged", ids[part]);
}

/* Printable letters around a place, for people. */
static void excerpt(char *ret_words, size_t most, const char *text, size_t size, size_t at)
{
    const size_t from = at > 20 ? at - 20 : 0;
    size_t count = 0;
    for (size_t i = from; i < size && count + 1 < most; i++) {
        const char letter = text[i];
        ret_words[count++] = letter >= ' ' && letter <= '~' ? letter : ' ';
    }
    ret_words[count] = '\0';
}

/* Whether another renderer says that it made the page. */
static bool of_another(const char *text)
{
    static const char start[] = CRET_PAGE_HTML_START META MAKER;
    static const char own[] = CRET_PAGE_HTML_START META GENERATOR "\"";
    return strncmp(text, start, sizeof(start) - 1) == 0 && strncmp(text, own, sizeof(own) - 1) != 0;
}

static void describe_difference(struct cret_err *differs, const char *text, size_t size,
                                const struct cret_buffer *made)
{
    enum { LETTERS = 64 };
    char expected[LETTERS], found[LETTERS];
    size_t at = 0, line = 1;
    while (at < size && at < made->size && text[at] == made->data[at]) {
        line += text[at] == '\n' ? 1u : 0u;
        at++;
    }
    if (of_another(text)) {
        cret_err_undecided(differs,
                           "another version of the program made this page: whether it shows its "
                           "record cannot be compared");
        excerpt(found, sizeof(found), text, size, strlen(CRET_PAGE_HTML_START META) + 20);
        cret_err_expected(differs, "%s", GENERATOR);
        cret_err_actual(differs, "%.*s", (int)strcspn(found, "\""), found);
        cret_err_hint(differs, "do not read this page; make a new one of the record in it with "
                               "`cretula-verify record show PAGE.html --html NEW.html`, and verify "
                               "and read that");
        return;
    }
    excerpt(expected, sizeof(expected), made->data, made->size, at);
    excerpt(found, sizeof(found), text, size, at);
    cret_err_refuse(differs, CRET_CHECK_RECORD_PAGE,
                    "the page does not show the record that it carries: it was changed");
    cret_err_where(differs, "byte %zu, line %zu", at, line);
    cret_err_expected(differs, "%s", expected);
    cret_err_actual(differs, "%s", found);
    cret_err_hint(differs, "do not rely on the page; ask whoever made it for the file itself, not "
                           "for one that a browser or a mail program saved");
}

static enum cret_status compare(struct cret_report_copy *copy, const char *text, size_t size,
                                struct cret_err *err)
{
    const struct cret_report_parts parts = {.record = copy->record.text,
                                            .record_size = copy->record.size,
                                            .signature = copy->signature,
                                            .signature_size = copy->signature_size,
                                            .attestation = copy->attestation,
                                            .attestation_size = copy->attestation_size};
    struct cret_buffer made = {0};
    const enum cret_status status = cret_report_render(&made, &parts, err);
    if (status == CRET_OK && (made.size != size || memcmp(made.data, text, size) != 0)) {
        describe_difference(&copy->differs, text, size, &made);
    }
    cret_buffer_free(&made);
    return status;
}

/* The text is terminated. */
static enum cret_status read_page(struct cret_report_copy *copy, const char *text, size_t size,
                                  const char *path, struct cret_err *err)
{
    static const char start[] = CRET_PAGE_HTML_START META MAKER;
    uint8_t *data[PARTS] = {0};
    size_t sizes[PARTS] = {0};
    enum cret_status status = CRET_OK;
    if (strncmp(text, start, sizeof(start) - 1) != 0) {
        cret_err_refuse(err, CRET_CHECK_RECORD_PAGE, "this page is no report of cretula-verify");
        cret_err_expected(err, "a file that `check --report` wrote, as it was written");
        return cret_err_hint(err, "a browser or a mail program changes a page when it saves it: "
                                  "ask for the file itself");
    }
    for (size_t i = 0; status == CRET_OK && i < PARTS; i++) {
        status = find_part(&data[i], &sizes[i], text, (enum part)i, err);
    }
    copy->page = true;
    copy->signature = data[PART_SIGNATURE];
    copy->signature_size = sizes[PART_SIGNATURE];
    copy->attestation = (char *)data[PART_ATTESTATION];
    copy->attestation_size = sizes[PART_ATTESTATION];
    if (status == CRET_OK && data[PART_RECORD] == NULL) {
        status = cret_err_refuse(err, CRET_CHECK_RECORD_PAGE, "the page carries no record");
    }
    if (status == CRET_OK) {
        status = cret_record_parse(&copy->record, (const char *)data[PART_RECORD],
                                   sizes[PART_RECORD], path, err);
    }
    free(data[PART_RECORD]);
    return status == CRET_OK ? compare(copy, text, size, err) : CRET_FAILED;
}

enum cret_status cret_report_read(struct cret_report_copy *ret_copy, const char *path,
                                  struct cret_err *err)
{
    struct cret_report_copy copy = {0};
    char *text = NULL;
    size_t size = 0;
    cret_err_clear(&copy.differs);
    if (cret_file_read(&text, &size, path, most_bytes(), CRET_ERR_UNDECIDED, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const enum cret_status status = size > 0 && text[0] == '<'
                                        ? read_page(&copy, text, size, path, err)
                                        : cret_record_parse(&copy.record, text, size, path, err);
    free(text);
    if (status != CRET_OK) {
        cret_report_copy_clear(&copy);
        return CRET_FAILED;
    }
    *ret_copy = copy;
    return CRET_OK;
}

void cret_report_copy_clear(struct cret_report_copy *copy)
{
    cret_record_copy_clear(&copy->record);
    free(copy->signature);
    free(copy->attestation);
    memset(copy, 0, sizeof(*copy));
}
