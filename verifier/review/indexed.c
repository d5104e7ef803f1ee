/* SPDX-License-Identifier: Apache-2.0 */
/* What a catalogue keeps of archives, and whether it may be said today. */
#include "verifier/review/indexed.h"

#include <stdlib.h>
#include <string.h>

#include "base/text/json.h"
#include "base/text/json_build.h"
#include "base/text/time.h"
#include "evidence/record/record.h"
#include "verifier/review/facts.h"
#include "verifier/review/trace.h"

static enum cret_status keep(struct cret_catalogue *catalogue, int64_t source, const char *kind,
                             json_t *kept, struct cret_err *err)
{
    char *text = NULL;
    size_t size = 0;
    enum cret_status status = CRET_FAILED;
    if (kept == NULL) {
        return cret_err_memory(err);
    }
    if (cret_json_print(&text, &size, kept, err) == CRET_OK) {
        status = cret_catalogue_add_statement(catalogue, source, kind, text, err);
    }
    free(text);
    json_decref(kept);
    return status;
}

/* Those of the facts that are small: the manifest's lists of files and documents are not. */
static json_t *facts_of(const struct cret_subject *subject, const struct cret_session *session)
{
    static const char *const keys[] = {
        "verification", "verified", "identity",  "product",   "release",     "origin", "hardware",
        "lifecycle",    "contacts", "fileCount", "fileBytes", "sbomFormats", "signers"};
    json_t *all = cret_export_facts(subject, session, NULL);
    struct cret_build facts = cret_build_on(all != NULL ? json_object() : NULL);
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        cret_build_share(&facts, keys[i], json_object_get(all, keys[i]));
    }
    json_decref(all);
    return cret_build_end(&facts);
}

static json_t *advised_of(const struct cret_outcome *outcome)
{
    static const char *const keys[] = {"product", "release", "advised"};
    struct cret_build advised = cret_build_object();
    for (size_t i = 0; i < CRET_LENGTH(keys); i++) {
        cret_build_share(&advised, keys[i], json_object_get(outcome->document, keys[i]));
    }
    cret_build_put(&advised, "checks", cret_record_findings_json(outcome->findings));
    return cret_build_end(&advised);
}

enum cret_status cret_indexed_keep(struct cret_catalogue *catalogue, int64_t source,
                                   const struct cret_subject *subject,
                                   const struct cret_session *session, struct cret_err *err)
{
    if (keep(catalogue, source, CRET_INDEXED_FACTS, facts_of(subject, session), err) != CRET_OK) {
        return CRET_FAILED;
    }
    return json_object_get(subject->outcome->document, "advised") == NULL
               ? CRET_OK
               : keep(catalogue, source, CRET_INDEXED_ADVISED, advised_of(subject->outcome), err);
}

/* One search. */
struct walk {
    struct cret_catalogue *catalogue;
    const struct cret_policy *policy; /* NULL: whatever the entries were verified under */
    bool example_keys;                /* let in by this run */
    const char *kind;
    cret_indexed_visit visit;
    void *context;
};

static const char *why_not(const struct walk *walk, const struct cret_catalogue_source *source,
                           const json_t *kept)
{
    const char *state = cret_trace_state(source);
    if (strcmp(state, "gone") == 0) {
        return "its archive is no longer there";
    }
    if (strcmp(state, "there") != 0) {
        return strcmp(state, "changed") == 0
                   ? "its archive was changed since"
                   : "whether its archive is still what was read cannot be seen from here";
    }
    if (!source->verified) {
        return "it was not verified when it was added";
    }
    if (walk->policy != NULL &&
        (!source->has_policy_sha256 ||
         memcmp(source->policy_sha256, walk->policy->digest, CRET_SHA256_BYTES) != 0)) {
        return "it was verified under another trust policy than that of this run";
    }
    if (source->example_keys && !walk->example_keys) {
        return "published example keys counted when it was verified";
    }
    return kept == NULL ? "an earlier version of the program added it" : NULL;
}

/* What was kept as an object; what is none is damage. */
static enum cret_status read_kept(json_t **ret_kept, const struct walk *walk,
                                  const struct cret_catalogue_source *source, struct cret_err *err)
{
    char *text = NULL;
    json_t *kept = NULL;
    struct cret_err why = {0};
    if (cret_catalogue_statement(walk->catalogue, &text, source->id, walk->kind, err) != CRET_OK) {
        return CRET_FAILED;
    }
    if (text != NULL && (cret_json_parse(&kept, text, strlen(text), CRET_JSON_STRICT,
                                         CRET_CHECK_MANIFEST_FORM, &why) != CRET_OK ||
                         !json_is_object(kept))) {
        json_decref(kept);
        kept = NULL;
        if (cret_err_fault(err) == CRET_OK) {
            cret_err_usage(err, "the catalogue is damaged: what it keeps of %s is no object",
                           source->path);
            cret_err_hint(err, "nothing of it is used; `catalogue rebuild` reads everything again");
        }
        free(text);
        return CRET_FAILED;
    }
    free(text);
    *ret_kept = kept;
    return CRET_OK;
}

static char *read_words(const struct cret_catalogue_source *source)
{
    struct cret_buffer words = {0};
    char time[32];
    cret_time_format(time, source->added);
    cret_buffer_printf(&words, "%s %s", source->verified ? "verified" : "UNVERIFIED, read", time);
    if (source->policy != NULL) {
        cret_buffer_printf(&words, " under %s", source->policy);
    }
    if (source->as_of.given) {
        cret_time_format(time, source->as_of.value);
        cret_buffer_printf(&words, " as of %s", time);
    }
    if (words.failed) {
        cret_buffer_free(&words);
    }
    return words.data;
}

static enum cret_status on_source(void *context, const struct cret_catalogue_source *source,
                                  struct cret_err *err)
{
    const struct walk *walk = context;
    struct cret_indexed one = {.source = source};
    if (strcmp(source->kind, "archive") != 0 && strcmp(source->kind, "manifest") != 0) {
        return CRET_OK;
    }
    if (read_kept(&one.kept, walk, source, err) != CRET_OK) {
        return CRET_FAILED;
    }
    const char *why = why_not(walk, source, one.kept);
    one.read = read_words(source);
    one.why = why != NULL ? cret_text_printf("%s (the catalogue read it as %s): `catalogue "
                                             "rebuild` reads everything again",
                                             why, one.read != NULL ? one.read : "?")
                          : NULL;
    const enum cret_status status = one.read == NULL || (why != NULL && one.why == NULL)
                                        ? cret_err_memory(err)
                                        : walk->visit(walk->context, &one, err);
    json_decref(one.kept);
    free(one.read);
    free(one.why);
    return status;
}

enum cret_status cret_indexed_each(const struct cret_session *session,
                                   const struct cret_options *options, const char *kind,
                                   cret_indexed_visit visit, void *context, struct cret_err *err)
{
    struct walk walk = {.policy = session->policy,
                        .example_keys = session->request.allow_example_keys,
                        .kind = kind,
                        .visit = visit,
                        .context = context};
    const enum cret_status status =
        cret_catalogue_open(&walk.catalogue, cret_options_value(options, "catalogue"),
                            CRET_CATALOGUE_READ, err) == CRET_OK
            ? cret_catalogue_sources(walk.catalogue, on_source, &walk, err)
            : CRET_FAILED;
    cret_catalogue_close(&walk.catalogue);
    return status;
}

enum cret_status cret_indexed_asked(bool *ret_indexed, const struct cret_options *options,
                                    struct cret_err *err)
{
    const bool indexed = cret_options_given(options, "catalogue");
    if (indexed == (cret_options_operand_count(options) > 0)) {
        cret_err_usage(err, "name either archives, or a catalogue of them");
        return cret_err_hint(err, "FILE..., which are verified now, or --catalogue FILE, which "
                                  "says what they were when it read them");
    }
    *ret_indexed = indexed;
    return CRET_OK;
}
