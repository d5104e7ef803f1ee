/* SPDX-License-Identifier: Apache-2.0 */
/* A release as material: what is not taken as one, with its reason. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../engine/packed.h"
#include "../../memory.h"
#include "base/text/json.h"
#include "scene.h"
#include "verifier/run/subject.h"

static struct pki_entity vendor, other;
static struct packed packed;
static struct cret_subject subject;
static struct cret_err err;
static const struct cret_child_job wanted = {.alone = true};

static void setup(void)
{
    scene_enter();
    vendor = pki_leaf("Vendor", NULL);
    other = pki_leaf("Other", NULL);
    packed_sound(&packed, &vendor);
}

static void teardown(void)
{
    cret_subject_close(&subject);
    packed_end(&packed);
    pki_clear(&vendor);
    pki_clear(&other);
    scene_leave();
}

TestSuite(subject, .init = setup, .fini = teardown);

/* NULL: without trust. */
static enum cret_err_class open_it(const char *name, const struct pki_entity *trusted)
{
    struct cret_policy *policy = trusted != NULL ? packed_policy(trusted, NULL) : NULL;
    struct cret_session session = {
        .policy = policy, .payload_directory = -1, .allow_unconfined = child_may_be_unconfined()};
    session.request = packed_request(policy);
    cret_subject_close(&subject);
    cret_err_clear(&err);
    const enum cret_status status = cret_subject_open(&subject, &session, name, &wanted, &err);
    cret_policy_free(&policy);
    return status == CRET_OK ? CRET_ERR_NONE : err.class;
}

/* The archive under a name that is opened like any other. */
static const char *archive(void)
{
    static char name[32];
    snprintf(name, sizeof(name), "/proc/self/fd/%d", packed.fd);
    return name;
}

Test(subject, one_that_is_trusted_and_one_without_trust)
{
    cr_assert_eq(open_it(archive(), &vendor), CRET_ERR_NONE, "%s", err.what);
    cr_expect(subject.verified);
    cr_expect_str_eq(cret_json_string(subject.manifest, "product.vendor"), "ACME");
    cr_assert_eq(open_it(archive(), NULL), CRET_ERR_NONE, "%s", err.what);
    cr_expect_not(subject.verified);
}

Test(subject, one_that_trust_does_not_accept)
{
    cr_expect_eq(open_it(archive(), &other), CRET_ERR_REFUSED);
    cr_expect_neq(err.check, CRET_CHECK_NONE);
    cr_expect_not_null(strstr(err.what, archive()), "%s", err.what);
}

Test(subject, one_that_is_malformed)
{
    packed_flip(&packed, 0);
    cr_expect_eq(open_it(archive(), NULL), CRET_ERR_REFUSED);
    cr_expect_eq(open_it(archive(), &vendor), CRET_ERR_REFUSED);
}

Test(subject, one_that_cannot_be_read_is_undecided_with_its_reason)
{
    cr_assert_eq(mkdir("folder", 0755), 0);
    cr_expect_eq(open_it("folder", &vendor), CRET_ERR_UNDECIDED, "%s", err.what);
    cr_expect_not_null(strstr(err.what, "folder"), "%s", err.what);
}

Test(subject, a_manifest_alone_has_no_signatures)
{
    scene_write("m.json", packed.manifest);
    cr_expect_eq(open_it("m.json", &vendor), CRET_ERR_USAGE);
    cr_assert_eq(open_it("m.json", NULL), CRET_ERR_NONE, "%s", err.what);
    cr_expect(subject.alone);
}
