/* SPDX-License-Identifier: Apache-2.0 */
/* One verification from the first byte to the last: what ends it, where, and with which verdict. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/finding/fault.h"
#include "base/system/os.h"
#include "packed.h"

static struct pki_entity vendor, owner;
static struct packed packed;
static struct cret_policy *policy;
static struct cret_inspect_request request;
static struct cret_inspection *seen;

static void setup(void)
{
    vendor = pki_leaf("Vendor", NULL);
    owner = pki_leaf("Owner", NULL);
    policy = packed_policy(&vendor, NULL);
    request = packed_request(policy);
    memset(&packed, 0, sizeof(packed));
    packed.fd = -1;
}

static void teardown(void)
{
    cret_inspection_free(&seen);
    packed_end(&packed);
    cret_policy_free(&policy);
    pki_clear(&vendor);
    pki_clear(&owner);
}

TestSuite(inspect, .init = setup, .fini = teardown);

static void inspect(void)
{
    cret_inspection_free(&seen);
    seen = packed_inspect(&packed, &request);
    cr_expect_eq(seen->error.class,
                 seen->verdict == CRET_VERDICT_UNDECIDED ? CRET_ERR_UNDECIDED : CRET_ERR_NONE);
}

/* It is refused, by a finding of that check that says so. */
static void expect_refused(enum cret_check_id check, const char *says)
{
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED, "%s", cret_verdict_name(seen->verdict));
    const struct cret_finding *finding = packed_found(seen->findings, check, CRET_RESULT_FAIL);
    cr_assert_not_null(finding, "%s", cret_check_get(check)->name);
    cr_expect_not_null(strstr(finding->reason, says), "%s", finding->reason);
    cr_expect_not(seen->payload_verified);
}

static void expect_undecided(const char *says)
{
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_UNDECIDED, "%s", cret_verdict_name(seen->verdict));
    cr_expect_not_null(strstr(seen->error.what, says), "%s", seen->error.what);
}

/* A release whose description was changed, by one statement that sets `path`. */
static void pack_with(const char *path, const char *name, const char *value)
{
    packed_begin(&packed);
    json_t *at = path[0] == '\0' ? packed.description : json_object_get(packed.description, path);
    json_object_set_new(at, name, json_loads(value, JSON_DECODE_ANY, NULL));
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
}

Test(inspect, a_sound_release)
{
    packed_sound(&packed, &vendor);
    inspect();
    cr_assert_eq(seen->verdict, CRET_VERDICT_ACCEPTED);
    cr_expect(seen->payload_verified);
    cr_expect(seen->product_bound);
    cr_expect_null(seen->facts.subjects, "nobody asked for them");
    for (int id = CRET_CHECK_NONE + 1; id < CRET_CHECK_COUNT; id++) {
        if (seen->required.check[id]) {
            cr_expect_gt(
                cret_findings_tally(seen->findings, (enum cret_check_id)id, CRET_RESULT_PASS), 0,
                "%s", cret_check_get((enum cret_check_id)id)->name);
        }
    }
    request.want_subjects = true;
    inspect();
    cr_expect_not_null(seen->facts.subjects);
}

Test(inspect, no_archive_at_all)
{
    packed.fd = memfd_create("empty", MFD_CLOEXEC);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
    cr_expect_null(seen->front);
    cr_expect_gt(cret_findings_count(seen->findings), 0, "what is wrong is said");
}

Test(inspect, lesson_9_nothing_is_parsed_behind_a_closed_gate)
{
    packed_sound(&packed, &owner);
    expect_refused(CRET_CHECK_TRUST_THRESHOLD, "");
    cr_expect_null(seen->manifest);
    cr_expect_null(seen->gate.authentic);
}

Test(inspect, a_manifest_that_is_none)
{
    packed_begin(&packed);
    packed.manifest = strdup("{\"cretula\": \"manifest/1\"}\n");
    packed.manifest_size = strlen(packed.manifest);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
    expect_refused(CRET_CHECK_MANIFEST_FORM, "");
    cr_expect_null(seen->manifest);
}

Test(inspect, one_vendors_key_never_vouches_for_anothers_product)
{
    pack_with("product", "vendor", "\"Other\"");
    expect_refused(CRET_CHECK_TRUST_SCOPE, "may not vouch for this product");
    const struct cret_finding *finding =
        packed_found(seen->findings, CRET_CHECK_TRUST_SCOPE, CRET_RESULT_FAIL);
    cr_expect_not_null(strstr(finding->actual, "Other/PLC"), "%s", finding->actual);
    cr_expect_not_null(strstr(finding->expected, "ACME/PLC"), "%s", finding->expected);
    cr_expect_not(seen->product_bound);
}

Test(inspect, nor_for_another_product_of_the_vendor)
{
    pack_with("product", "name", "\"HMI\"");
    expect_refused(CRET_CHECK_TRUST_SCOPE, "may not vouch for this product");
}

#define ADOPTION "{\"by\": \"Plant\", \"source\": \"the vendor's page\", \"medium\": \"download\"}"
#define OWNER_ROLES                                                                                \
    "[{\"role\": \"release\", \"signers\": [\"R\"]}, {\"role\": \"owner\", \"signers\": [\"O\"], " \
    "\"threshold\": 1}]"

Test(inspect, an_adopted_release_needs_an_owner)
{
    packed_begin(&packed);
    json_object_set_new(packed.description, "origin", json_string("adopted"));
    json_object_set_new(packed.description, "adoption", json_loads(ADOPTION, 0, NULL));
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
    expect_refused(CRET_CHECK_TRUST_SCOPE, "no owner");
    cret_policy_free(&policy);
    policy = packed_policy_of(&vendor, &owner, NULL, OWNER_ROLES, NULL);
    request.policy = policy;
    expect_refused(CRET_CHECK_TRUST_THRESHOLD, "");
    close(packed.fd);
    packed_sign(&packed, &owner, CRET_MEANING_APPROVAL);
    packed_write(&packed, false);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED, "%s", seen->error.what);
}

Test(inspect, headers_with_another_date_than_the_manifest)
{
    packed_begin(&packed);
    packed.seconds++;
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
    expect_refused(CRET_CHECK_ARCHIVE_FRAMING, "date in the headers");
}

Test(inspect, one_byte_of_a_file_changed)
{
    packed_sound(&packed, &vendor);
    packed_flip(&packed, packed.entries[1].offset);
    expect_refused(CRET_CHECK_FILE_DIGESTS, "");
    cr_expect_eq(cret_findings_tally(seen->findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_PASS), 0);
}

Test(inspect, one_byte_of_the_padding_changed)
{
    packed_sound(&packed, &vendor);
    packed_flip(&packed, packed.size - 1);
    expect_refused(CRET_CHECK_ARCHIVE_FRAMING, "");
}

Test(inspect, the_front_of_a_detached_release_taken_for_the_whole)
{
    packed_begin(&packed);
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, true);
    expect_refused(CRET_CHECK_ARCHIVE_FRAMING, "detached release");
    const struct cret_finding *finding =
        packed_found(seen->findings, CRET_CHECK_ARCHIVE_FRAMING, CRET_RESULT_FAIL);
    cr_expect_not_null(strstr(finding->hint, "--payload"));
}

/* The files of a detached release: as the vendor names them, without SHA256SUMS. */
Test(inspect, a_detached_payload)
{
    char folder[] = "/tmp/cretula-inspect-XXXXXX";
    struct cret_err err;
    cr_assert_not_null(mkdtemp(folder));
    packed_begin(&packed);
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed.files[0].original = "Firmware (4.2).bin";
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, true);
    cr_assert_eq(cret_os_open_directory(&request.payload_directory, folder, &err), CRET_OK);
    inspect();
    cr_expect_neq(seen->verdict, CRET_VERDICT_ACCEPTED, "nothing is there");
    cr_expect_not(seen->payload_verified);
    const int fd = openat(request.payload_directory, "Firmware (4.2).bin",
                          O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    cr_assert_eq(write(fd, "the firmware\n", 13), 13);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED, "%s", seen->error.what);
    cr_assert_eq(pwrite(fd, "T", 1, 0), 1);
    expect_refused(CRET_CHECK_FILE_DIGESTS, "");
    close(fd);
    cret_os_close(&request.payload_directory);
    cret_os_remove_tree(folder);
}

Test(inspect, a_part_is_never_the_whole)
{
    static const char *const one[] = {"notes.txt"}, *const none[] = {"note", "nothing.bin"};
    packed_sound(&packed, &vendor);
    request.partial = true;
    request.only = one;
    request.only_count = 1;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_PARTIAL);
    const struct cret_finding *digests =
        packed_found(seen->findings, CRET_CHECK_FILE_DIGESTS, CRET_RESULT_PASS);
    cr_expect_not_null(strstr(digests->reason, "1 of 3 files, 12 bytes"), "%s", digests->reason);
    packed_flip(&packed, packed.entries[1].offset);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_PARTIAL, "the firmware was not asked for");
    packed_flip(&packed, packed.entries[2].offset);
    expect_refused(CRET_CHECK_FILE_DIGESTS, "");
    request.only = none;
    request.only_count = 2;
    expect_undecided("nothing in this release is called");
    cr_expect_not(seen->payload_verified);
}

Test(inspect, which_paths_are_read)
{
    static const char *const only[] = {"docs", "a/b.txt"};
    struct cret_inspect_request part = {.partial = true, .only = only, .only_count = 2};
    cr_expect(cret_inspect_selects(&part, "docs/x.txt"));
    cr_expect(cret_inspect_selects(&part, "docs"));
    cr_expect(cret_inspect_selects(&part, "a/b.txt"));
    cr_expect_not(cret_inspect_selects(&part, "docs2/x.txt"));
    cr_expect_not(cret_inspect_selects(&part, "a/b.txt2"));
    cr_expect_not(cret_inspect_selects(&part, "a"));
    cr_expect(cret_inspect_selects(&request, "anything"));
    part.only_count = 0;
    cr_expect_not(cret_inspect_selects(&part, "docs"), "partial, and nothing asked for");
}

static enum cret_status refuse_to_begin(void *context, const struct cret_manifest *manifest,
                                        struct cret_err *err)
{
    cr_expect_str_eq(manifest->product, "PLC");
    *(bool *)context = true;
    return cret_err_usage(err, "nowhere to extract to");
}

Test(inspect, a_caller_who_cannot_begin_makes_it_undecided)
{
    bool asked = false;
    packed_sound(&packed, &vendor);
    request.begin = refuse_to_begin;
    request.context = &asked;
    expect_undecided("nowhere to extract to");
    cr_expect(asked);
    cr_expect_not(seen->payload_verified);
}

struct bytes {
    size_t taken, fail_at;
    char text[256];
};

static enum cret_status take(void *context, size_t entry, uint64_t offset, const uint8_t *data,
                             size_t size, struct cret_err *err)
{
    struct bytes *bytes = context;
    (void)entry, (void)offset;
    if (bytes->taken == bytes->fail_at) {
        return cret_err_undecided(err, "the disk is full");
    }
    memcpy(bytes->text + bytes->taken, data, size);
    bytes->taken += size;
    return CRET_OK;
}

Test(inspect, a_caller_who_cannot_take_a_byte_makes_it_undecided)
{
    struct bytes bytes = {.fail_at = SIZE_MAX};
    packed_sound(&packed, &vendor);
    request.sink = take;
    request.context = &bytes;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED);
    cr_expect_not_null(strstr(bytes.text, "the firmware\nwhat is new\n"), "%s", bytes.text);
    bytes = (struct bytes){.fail_at = 0};
    expect_undecided("the disk is full");
}

static enum cret_status begin(void *context, const struct cret_manifest *manifest,
                              struct cret_err *err)
{
    (void)context, (void)err;
    cr_expect_str_eq(manifest->product, "PLC");
    return CRET_OK;
}

/* SHA256SUMS of a detached release is no file of the vendor's: it follows from the manifest. */
Test(inspect, whoever_takes_a_detached_payload_gets_its_checksums)
{
    char folder[] = "/tmp/cretula-inspect-XXXXXX", path[64];
    struct bytes bytes = {.fail_at = SIZE_MAX};
    struct cret_err err;
    cr_assert_not_null(mkdtemp(folder));
    packed_begin(&packed);
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, true);
    snprintf(path, sizeof(path), "%s/firmware.bin", folder);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("the firmware\n", file);
    fclose(file);
    cr_assert_eq(cret_os_open_directory(&request.payload_directory, folder, &err), CRET_OK);
    request.begin = begin;
    request.sink = take;
    request.context = &bytes;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED, "%s", seen->error.what);
    cr_expect_not_null(strstr(bytes.text, "the firmware\n"), "%s", bytes.text);
    cr_expect_not_null(strstr(bytes.text, packed.checksums), "%s", bytes.text);
    bytes = (struct bytes){.fail_at = 13};
    expect_undecided("the disk is full");
    cret_os_close(&request.payload_directory);
    cret_os_remove_tree(folder);
}

static void count(void *context, uint64_t done, uint64_t total)
{
    cr_expect_leq(done, total);
    *(uint64_t *)context = done == total ? total : 0;
}

Test(inspect, progress_ends_with_all_of_it)
{
    uint64_t told = 0, bytes = 0;
    packed_sound(&packed, &vendor);
    request.progress = count;
    request.context = &told;
    inspect();
    for (size_t i = 0; i < packed.count; i++) {
        bytes += packed.entries[i].size;
    }
    cr_expect_eq(told, bytes);
}

/* What a policy requires and nobody answered refuses; what it prefers does not. */
Test(inspect, what_the_policy_requires_is_missing)
{
    static const struct {
        const char *timestamp;
        enum cret_verdict verdict;
    } rows[] = {{"prefer", CRET_VERDICT_ACCEPTED}, {"require", CRET_VERDICT_REFUSED}};
    char *pem = pki_pem(&owner);
    packed_sound(&packed, &vendor);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *json = json_pack("{s:s, s:[{s:s, s:s}]}", "timestamp", rows[i].timestamp,
                                 "timestampAuthorities", "name", "T", "pem", pem);
        char *more = json_dumps(json, 0);
        cret_policy_free(&policy);
        policy = packed_policy(&vendor, more);
        request.policy = policy;
        inspect();
        cr_expect_eq(seen->verdict, rows[i].verdict, "%s", more);
        cr_expect_eq(seen->required.check[CRET_CHECK_SIGNATURE_TIMESTAMP],
                     rows[i].verdict == CRET_VERDICT_REFUSED);
        free(more);
        json_decref(json);
    }
    free(pem);
}

/* lesson 28 */
Test(inspect, after_a_fault_nothing_is_accepted)
{
    packed_sound(&packed, &vendor);
    cret_fault_note("a test denied it");
    expect_undecided("a test denied it");
}

/* ---- waivers ---- */

Test(inspect, waivers_apply_last_and_to_what_was_authenticated)
{
    struct cret_waiver waiver = {.check = CRET_CHECK_RELEASE_SEQUENCE,
                                 .reason = strdup("r"),
                                 .approver = strdup("a"),
                                 .control = strdup("c"),
                                 .issued = PKI_NOW,
                                 .until = PKI_NOW};
    struct cret_waiver_file file = {.path = strdup("w.json"), .list = &waiver, .count = 1};
    const struct cret_waivers waivers = {.files = &file, .count = 1};
    cret_err_refuse(&file.fault, CRET_CHECK_WAIVER_SIGNATURE, "it is not signed");
    packed_sound(&packed, &vendor);
    request.waivers = &waivers;
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED);
    cr_expect_not_null(packed_found(seen->findings, CRET_CHECK_WAIVER_SIGNATURE, CRET_RESULT_WARN));
    /* Behind a closed gate they are told of, and waive nothing. */
    packed_flip(&packed, 600);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
    cr_expect_null(seen->manifest);
    cr_expect_not_null(packed_found(seen->findings, CRET_CHECK_WAIVER_SIGNATURE, CRET_RESULT_WARN));
    free(waiver.reason);
    free(waiver.approver);
    free(waiver.control);
    free(file.path);
}

/* ---- bare anchors ---- */

Test(inspect, a_bare_anchor_binds_no_product)
{
    char path[64];
    snprintf(path, sizeof(path), "/tmp/cretula-anchor-%ld.pem", (long)getpid());
    char *pem = pki_pem(&vendor);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(pem, file);
    fclose(file);
    free(pem);
    const char *const paths[] = {path};
    struct cret_err err;
    cret_policy_free(&policy);
    cr_assert_eq(cret_policy_from_anchors(&policy, paths, 1, false, &err), CRET_OK, "%s", err.what);
    unlink(path);
    request.policy = policy;
    packed_sound(&packed, &vendor);
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_ACCEPTED);
    cr_expect_not(seen->product_bound);
    const struct cret_finding *finding =
        packed_found(seen->findings, CRET_CHECK_TRUST_SCOPE, CRET_RESULT_PASS);
    cr_expect_not_null(strstr(finding->reason, "product not bound"), "%s", finding->reason);
    request.product = "PLC";
    inspect();
    cr_expect(seen->product_bound);
    request.product = "HMI";
    inspect();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
}

/* ---- without trust ---- */

static void inspect_unverified(void)
{
    struct cret_source *source = NULL;
    struct cret_err err;
    cret_inspection_free(&seen);
    cr_assert_eq(cret_source_new(&source, packed.fd, &err), CRET_OK);
    seen = cret_inspect_unverified(source);
    cr_assert_not_null(seen);
    cret_source_free(&source);
}

Test(inspect, lesson_5_shown_without_trust_is_never_accepted)
{
    packed_sound(&packed, &owner);
    packed_flip(&packed, packed.entries[1].offset);
    inspect_unverified();
    cr_expect_eq(seen->verdict, CRET_VERDICT_PARTIAL);
    cr_expect_not(seen->payload_verified);
    cr_expect_not(seen->product_bound);
    cr_expect_null(seen->gate.authentic);
    cr_expect_eq(seen->gate.signature_count, 1);
    cr_expect_not_null(seen->gate.signatures[0].cms);
    cr_expect_str_eq(seen->manifest->product, "PLC");
}

Test(inspect, what_is_no_signature_is_shown_as_such)
{
    packed_begin(&packed);
    packed_file(&packed, "firmware.bin", "firmware", "the firmware\n");
    packed_seal(&packed);
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed.signatures[0].data[0] ^= 1;
    packed_write(&packed, false);
    inspect_unverified();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
    cr_expect_null(seen->gate.signatures[0].cms);
    cr_expect_eq(cret_findings_tally(seen->findings, CRET_CHECK_SIGNATURE_FORM, CRET_RESULT_FAIL),
                 1);
}

Test(inspect, a_manifest_that_cannot_be_shown)
{
    packed_begin(&packed);
    packed.manifest = strdup("{");
    packed.manifest_size = 1;
    packed_sign(&packed, &vendor, CRET_MEANING_ORIGIN);
    packed_write(&packed, false);
    inspect_unverified();
    cr_expect_eq(seen->verdict, CRET_VERDICT_REFUSED);
    cr_expect_not_null(packed_found(seen->findings, CRET_CHECK_MANIFEST_FORM, CRET_RESULT_FAIL));
}

Test(inspect, one_that_could_not_begin_is_undecided)
{
    struct cret_err err;
    cret_err_clear(&err);
    cret_err_usage(&err, "no such file");
    seen = cret_inspect_impossible(&err);
    cr_assert_not_null(seen);
    cr_expect_eq(seen->verdict, CRET_VERDICT_UNDECIDED);
    cr_expect_eq(seen->error.class, CRET_ERR_UNDECIDED);
    cr_expect_str_eq(seen->error.what, "no such file");
}
