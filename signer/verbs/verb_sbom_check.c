/* SPDX-License-Identifier: Apache-2.0 */
/* sbom check: structure and profiles, as text, JSON, or SARIF. */
#include <stdlib.h>
#include <string.h>

#include "base/finding/limits.h"
#include "base/system/file.h"
#include "base/text/json.h"
#include "base/text/json_build.h"
#include "console/report_files.h"
#include "evidence/record/record.h"
#include "signer/command/options.h"
#include "signer/release/sbom_judged.h"
#include "signer/report/report.h"
#include "signer/verbs/verbs.h"

#define STANDARD_INPUT 0

/* One run of `sbom check`. */
struct run {
    const struct cret_options *options;
    const char *name; /* of the file, as given */
    struct cret_sbom_judged judged;
    struct cret_findings *form; /* sbom.form */
    const struct cret_sbom_profile *profiles[CRET_SBOM_PROFILE_COUNT];
    size_t profile_count;
};

static enum cret_status read_text(const struct run *run, char **ret_text, size_t *ret_size,
                                  struct cret_err *err)
{
    if (strcmp(run->name, "-") == 0) {
        return cret_file_read_fd(ret_text, ret_size, STANDARD_INPUT, CRET_LIMIT_PARSED_FILE_BYTES,
                                 err);
    }
    return cret_file_read(ret_text, ret_size, run->name, CRET_LIMIT_PARSED_FILE_BYTES,
                          CRET_ERR_UNDECIDED, err);
}

/* The bytes are fetched here, and looked at by another process. */
static enum cret_status judge(struct run *run, struct cret_err *err)
{
    char *text = NULL;
    struct cret_sbom_question question = {
        .name = run->name,
        .profiles = run->profiles,
        .profile_count = run->profile_count,
        .allow_unconfined = cret_options_given(run->options, "allow-unconfined"),
    };
    if (read_text(run, &text, &question.size, err) != CRET_OK) {
        return CRET_FAILED;
    }
    question.text = text;
    const enum cret_status status = cret_sbom_ask(&run->judged, &question, run->form, err);
    free(text);
    return status == CRET_OK ? cret_findings_whole(run->form, err) : CRET_FAILED;
}

/* --profile, each once. */
static enum cret_status choose_profiles(struct run *run, struct cret_err *err)
{
    const char *const *names = cret_options_values(run->options, "profile");
    for (size_t i = 0; i < cret_options_count(run->options, "profile"); i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(names[i], names[j]) == 0) {
                return cret_err_usage(err, "--profile %s is given twice", names[i]);
            }
        }
        run->profiles[run->profile_count++] = cret_sbom_profile_find(names[i]);
    }
    return CRET_OK;
}

static size_t form_faults(const struct run *run)
{
    return cret_findings_tally(run->form, CRET_CHECK_SBOM_FORM, CRET_RESULT_FAIL);
}

static size_t rules_met(const struct run *run, size_t profile)
{
    const struct cret_sbom_faults *faults = &run->judged.faults[profile];
    size_t met = cret_sbom_profile_rules(run->profiles[profile]);
    for (size_t i = 0; i < faults->count; i++) {
        /* Faults of a rule follow each other. */
        met -= i == 0 || faults->list[i].rule != faults->list[i - 1].rule ? 1u : 0u;
    }
    return met;
}

static int exit_code(const struct run *run)
{
    size_t faults = form_faults(run);
    for (size_t i = 0; i < run->profile_count; i++) {
        faults += run->judged.faults[i].count;
    }
    return run->judged.format == NULL || faults > 0 ? CRET_EXIT_REFUSED : CRET_EXIT_DONE;
}

/* Places that are told beside the first one. */
#define PLACES 4u

/* The fault at `first`, and where else its rule is not met; returns the one after those. */
static size_t put_rule(struct cret_page *page, const struct run *run,
                       const struct cret_sbom_faults *faults, size_t first)
{
    const struct cret_sbom_fault *fault = &faults->list[first];
    size_t next = first + 1;
    cret_page_statement(page, "%s#%s: %s %s: %s", run->name, fault->pointer, fault->rule->id,
                        fault->rule->title, fault->reason);
    cret_page_text(page, "would pass", fault->rule->passes);
    cret_page_text(page, "found", fault->actual != NULL ? fault->actual : "nothing");
    struct cret_buffer places = {0};
    while (next < faults->count && faults->list[next].rule == fault->rule) {
        if (next - first <= PLACES) {
            cret_buffer_printf(&places, "%s%s", next > first + 1 ? ", " : "",
                               faults->list[next].pointer);
        }
        next++;
    }
    if (next - first > 1 + PLACES) {
        cret_buffer_printf(&places, ", and %zu more", next - first - 1 - PLACES);
    }
    if (next - first > 1) {
        cret_buffer_printf(&places, " (%zu in all)", next - first);
    }
    cret_page_text(page, "also at", places.failed ? NULL : places.data);
    cret_buffer_free(&places);
    return next;
}

/* Rules that are met by what is said to be unknown, and those that could not be looked at. */
static void put_said(struct cret_page *page, const struct cret_sbom_faults *faults)
{
    for (size_t i = 0; i < faults->said_count; i++) {
        const struct cret_sbom_said *said = &faults->said[i];
        char words[200], line[300];
        cret_sbom_said_words(words, sizeof(words), said);
        snprintf(line, sizeof(line), "%s %s: %s", said->rule->id, said->rule->title, words);
        if (words[0] != '\0') {
            cret_page_text(page, said->unseen != NULL ? "NOT CHECKED" : "declared", line);
        }
    }
}

/* What was looked at, and how much of each profile is met. */
static void put_summary(struct cret_page *page, const struct run *run)
{
    cret_page_statement(page, "%s, %zu %s: structure %s", run->judged.format,
                        run->judged.components,
                        cret_plural(run->judged.components, "component", "components"),
                        form_faults(run) == 0 ? "sound" : "not sound");
    CRET_JSON_EACH (gap, run->judged.gaps) {
        cret_page_text(page, "NOT CHECKED", cret_json_string(gap, "reason"));
    }
    for (size_t i = 0; i < run->profile_count; i++) {
        if (run->judged.faults[i].ended) {
            cret_page_statement(page, "%s: not met, for its format", run->profiles[i]->title);
        } else {
            cret_page_statement(page, "%s: %zu of %zu rules met", run->profiles[i]->title,
                                rules_met(run, i), cret_sbom_profile_rules(run->profiles[i]));
            put_said(page, &run->judged.faults[i]);
        }
    }
}

static json_t *said_json(const struct cret_sbom_faults *faults)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < faults->said_count; i++) {
        const struct cret_sbom_said *said = &faults->said[i];
        if (said->unseen != NULL) {
            cret_build_add(
                &list, json_pack("{s:s, s:s}", "rule", said->rule->id, "notChecked", said->unseen));
        } else if (said->declared > 0) {
            cret_build_add(&list, json_pack("{s:s, s:I, s:I}", "rule", said->rule->id, "declared",
                                            (json_int_t)said->declared, "of",
                                            (json_int_t)said->looked_at));
        }
    }
    return cret_build_end(&list);
}

static int print_text(const struct run *run, int code)
{
    struct cret_page *page = cret_page_new();
    cret_report_put(page, NULL, run->form);
    for (size_t i = 0; i < run->profile_count; i++) {
        for (size_t j = 0; j < run->judged.faults[i].count;) {
            j = put_rule(page, run, &run->judged.faults[i], j);
        }
    }
    if (!cret_options_given(run->options, "quiet") && run->judged.format != NULL) {
        put_summary(page, run);
    }
    const int end = cret_print_last(run->options, &page, code);
    if (code == CRET_EXIT_REFUSED) {
        cret_print_note(run->options, "the SBOM has faults");
    }
    return end;
}

static json_t *fault_json(const struct run *run, const struct cret_sbom_profile *profile,
                          const struct cret_sbom_fault *fault)
{
    char *where = cret_text_printf("%s#%s", run->name, fault->pointer);
    struct cret_build json = cret_build_object();
    cret_build_string(&json, "check", cret_check_get(profile->check)->name);
    cret_build_string(&json, "result", "FAIL");
    cret_build_string(&json, "rule", fault->rule->id);
    cret_build_string(&json, "source", fault->rule->source);
    cret_build_escaped(&json, "reason", fault->reason);
    cret_build_put(&json, "where", where != NULL ? json_string(where) : NULL);
    cret_build_string(&json, "expected", fault->rule->passes);
    cret_build_escaped(&json, "actual", fault->actual);
    free(where);
    return cret_build_end(&json);
}

static json_t *findings_json(const struct run *run)
{
    struct cret_build list = cret_build_on(cret_report_findings_json(NULL, run->form));
    for (size_t i = 0; i < run->profile_count; i++) {
        for (size_t j = 0; j < run->judged.faults[i].count; j++) {
            cret_build_add(&list,
                           fault_json(run, run->profiles[i], &run->judged.faults[i].list[j]));
        }
    }
    return cret_build_end(&list);
}

static json_t *profiles_json(const struct run *run)
{
    struct cret_build list = cret_build_list();
    for (size_t i = 0; i < run->profile_count; i++) {
        const struct cret_sbom_profile *profile = run->profiles[i];
        const size_t met =
            run->judged.format == NULL || run->judged.faults[i].ended ? 0 : rules_met(run, i);
        cret_build_add(
            &list, json_pack("{s:s, s:s, s:I, s:I, s:o}", "profile", profile->name, "title",
                             profile->title, "rules", (json_int_t)cret_sbom_profile_rules(profile),
                             "met", (json_int_t)met, "said", said_json(&run->judged.faults[i])));
    }
    return cret_build_end(&list);
}

static int print_json(const struct run *run, int code)
{
    return cret_print_json(
        run->options,
        json_pack("{s:s, s:s, s:s?, s:I, s:I, s:o, s:s, s:i, s:o, s:o}", "cretula", "sbom-check/1",
                  "file", run->name, "format", run->judged.format, "components",
                  (json_int_t)run->judged.components, "missing", (json_int_t)run->judged.missing,
                  "notChecked",
                  run->judged.gaps != NULL ? json_deep_copy(run->judged.gaps) : json_array(),
                  "result", code == CRET_EXIT_DONE ? "PASS" : "FAIL", "exitCode", code, "profiles",
                  profiles_json(run), "findings", findings_json(run)),
        code);
}

static void add_rules(const struct run *run, struct cret_report *report)
{
    const struct cret_check *form = cret_check_get(CRET_CHECK_SBOM_FORM);
    cret_report_rule(report, form->name, form->title, form->meaning, form->causes);
    for (size_t i = 0; i < run->profile_count; i++) {
        for (size_t j = 0; j < cret_sbom_profile_rules(run->profiles[i]); j++) {
            const struct cret_sbom_rule *rule = cret_sbom_profile_rule(run->profiles[i], j);
            cret_report_rule(report, rule->id, rule->title, rule->source, rule->passes);
        }
    }
}

/* error: why nothing was judged, or class NONE. */
static void fill(const struct run *run, struct cret_report *report, int code,
                 const struct cret_err *error)
{
    add_rules(run, report);
    cret_report_file(report, run->name);
    for (size_t i = 0; i < cret_findings_count(run->form); i++) {
        cret_report_finding(report, cret_findings_at(run->form, i), CRET_READER_SIGNER,
                            (struct cret_report_place){.file = NULL});
    }
    for (size_t i = 0; i < run->profile_count; i++) {
        for (size_t j = 0; j < run->judged.faults[i].count; j++) {
            const struct cret_sbom_fault *fault = &run->judged.faults[i].list[j];
            const struct cret_report_item item = {
                .rule = fault->rule->id,
                .result = CRET_RESULT_FAIL,
                .reason = fault->reason,
                .where = fault->pointer[0] != '\0' ? fault->pointer : "/",
                .expected = fault->rule->passes,
                .actual = fault->actual != NULL ? fault->actual : "nothing"};
            cret_report_add(report, &item);
        }
    }
    cret_report_verdict(report, code == CRET_EXIT_DONE ? "PASS" : "FAIL", code, error);
}

static int print_sarif(const struct run *run, int code)
{
    struct cret_err none = {0};
    struct cret_report *report = cret_report_of(run->options);
    fill(run, report, code, &none);
    code = cret_report_print(report, run->options, "sarif", code);
    cret_report_free(&report);
    return code;
}

/* Judges, prints, and fills the report that was asked for besides. */
static int judge_and_tell(struct run *run, struct cret_report *report)
{
    const char *format = cret_options_value(run->options, "format");
    const bool json =
        cret_options_given(run->options, "json") || (format != NULL && strcmp(format, "json") == 0);
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (judge(run, &err) != CRET_OK) {
        code = cret_verb_fail(run->options, &err);
    } else {
        code = exit_code(run);
        code = json                                             ? print_json(run, code)
               : format != NULL && strcmp(format, "sarif") == 0 ? print_sarif(run, code)
                                                                : print_text(run, code);
    }
    fill(run, report, code, &err);
    return code;
}

static int act(const struct cret_options *options)
{
    struct run run = {
        .options = options, .name = cret_options_operand(options, 0), .form = cret_findings_new()};
    struct cret_report_files *files = NULL;
    struct cret_err err = {0};
    int code = CRET_EXIT_UNDECIDED;
    if (run.form == NULL) {
        cret_err_memory(&err);
        code = cret_verb_fail(options, &err);
    } else if (choose_profiles(&run, &err) != CRET_OK ||
               cret_report_files_open(&files, options, &err) != CRET_OK) {
        code = cret_verb_fail(options, &err);
    } else {
        code = judge_and_tell(&run, cret_report_files_report(files));
    }
    code = cret_report_files_finish(&files, options, code);
    cret_sbom_judged_clear(&run.judged);
    cret_findings_free(&run.form);
    return code;
}

#define TELL(id, name, check, title, words) " " name ": " words "."
static const struct cret_option rules_options[] = {
    CRET_OPTION("profile", "NAME",
                "Rules beyond the structure." CRET_SBOM_PROFILES(
                    TELL) " Repeated: those of each. Without it, the structure alone is checked.",
                .repeatable = true, .choices = cret_sbom_profile_names),
    CRET_OPTION_END,
};
static const struct cret_option_group rules_group = {"Rules", rules_options};

const struct cret_verb cret_verb_sbom_check = {
    .name = "check",
    .operands = "FILE",
    .summary = "Check any SBOM: structure, and the rules of a profile",
    .help = "Reads a CycloneDX 1.4 to 1.7 or SPDX 2.2, 2.3, 3.0.1 JSON file, or SPDX 2.2 or 2.3 as "
            "tag-value (- for standard input). Every "
            "finding names rule, JSON pointer, the value found and what would pass. Exit code 1: "
            "the structure is not sound, or a rule is not met.",
    .groups = CRET_GROUPS(&rules_group, &cret_format_group, &cret_confinement_group,
                          &cret_quiet_group, &cret_sarif_group, &cret_json_group),
    .examples =
        CRET_EXAMPLES("cretula-sign sbom check sbom.cdx.json --profile cisa-2026 --profile bsi",
                      "cretula-sign sbom check sbom.spdx.json --profile cisa-2026 "
                      "--sarif findings.sarif"),
    .run = act,
};
