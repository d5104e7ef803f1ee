/* SPDX-License-Identifier: Apache-2.0 */
/* compare-installed: what lies in a folder against the release that should. */
#include "base/system/os.h"
#include "console/print.h"
#include "verifier/review/installed_said.h"
#include "verifier/run/session.h"
#include "verifier/run/subject.h"
#include "verifier/verbs/options.h"
#include "verifier/verbs/verbs.h"

/* What differs, differs, whatever else could not be looked at. */
static int exit_code(const struct cret_installed *installed)
{
    if (installed->counts[CRET_INSTALLED_CHANGED] + installed->counts[CRET_INSTALLED_MISSING] +
            installed->counts[CRET_INSTALLED_EXTRA] >
        0) {
        return CRET_EXIT_REFUSED;
    }
    return installed->counts[CRET_INSTALLED_UNREADABLE] > 0 ? CRET_EXIT_UNDECIDED : CRET_EXIT_DONE;
}

static int say(const struct cret_options *options, const struct cret_installed_view *view)
{
    if (cret_options_given(options, "json")) {
        return cret_print_json(options, cret_installed_json(view), view->code);
    }
    struct cret_page *page = cret_page_new();
    cret_installed_page(page, view);
    return cret_print_last(options, &page, view->code);
}

static int compare(const struct cret_options *options, const struct cret_session *session,
                   int directory_fd)
{
    const struct cret_child_job wanted = {.want_files = true, .alone = true};
    struct cret_subject subject = {0};
    struct cret_installed *installed = NULL;
    struct cret_err err = {0};
    int code = CRET_ERR_UNDECIDED;
    const char *archive = cret_options_value(options, "against");
    if (cret_subject_open(&subject, session, archive, &wanted, &err) != CRET_OK ||
        cret_installed_compare(&installed, directory_fd, subject.outcome->files,
                               subject.outcome->file_count, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        const struct cret_installed_view view = {.folder = cret_options_operand(options, 0),
                                                 .archive = archive,
                                                 .outcome = subject.outcome,
                                                 .installed = installed,
                                                 .session = session,
                                                 .verbose = cret_options_given(options, "verbose"),
                                                 .code = exit_code(installed)};
        code = say(options, &view);
    }
    cret_installed_free(&installed);
    cret_subject_close(&subject);
    return code;
}

static int act(const struct cret_options *options)
{
    struct cret_session session;
    struct cret_err err = {0};
    int fd = -1;
    if (cret_session_open(&session, options, false, &err) != CRET_OK) {
        return cret_verb_fail(options, &err);
    }
    int code = CRET_ERR_UNDECIDED;
    if (cret_os_open_directory(&fd, cret_options_operand(options, 0), &err) != CRET_OK) {
        cret_err_expected(&err, "the folder that is compared with the release");
        code = cret_verb_fail(options, &err);
    } else {
        code = compare(options, &session, fd);
    }
    cret_os_close(&fd);
    cret_session_close(&session);
    return code;
}

static const struct cret_option against_options[] = {
    CRET_OPTION("against", "ARCHIVE|MANIFEST",
                "The archive of the release that should lie in the folder; without trust its "
                "MANIFEST.json alone will do.",
                .left_free = true, .required = true),
    CRET_OPTION_END,
};
static const struct cret_option_group against_group = {"Release", against_options};

const struct cret_verb cret_verb_compare_installed = {
    .name = "compare-installed",
    .operands = "DIR",
    .summary = "Hold a folder against a release: same, changed, missing, extra",
    .help = "Looks for each file of the release below DIR, under its original name, else under its "
            "path in the archive, and compares its content: by the kernel's fs-verity measurement "
            "where the file system has one that fits, else by reading it. No link is followed, and "
            "nothing but regular files is opened. ARCHIVE is verified first where --anchor or "
            "--trust is given; without, everything says UNVERIFIED. Exit code 0: all files are "
            "there as released, and nothing else; 1: something differs; 3: something could not be "
            "read.",
    .groups =
        CRET_GROUPS(&against_group, &cret_trust_group, &cret_example_group, &cret_confinement_group,
                    &cret_expectation_group, &cret_profile_group, &cret_payload_group,
                    &cret_jobs_group, &cret_site_group, &cret_verbose_group, &cret_json_group),
    .examples = CRET_EXAMPLES(
        "cretula-verify compare-installed /opt/rtu7 --against rtu7.cretula.tar --trust trust.json",
        "cretula-verify compare-installed export --against rtu7.cretula.tar --anchor "
        "vendor-root.pem --json"),
    .run = act,
};
