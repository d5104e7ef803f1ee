/* SPDX-License-Identifier: Apache-2.0 */
/* Building the record of a run. */
#include "verifier/evidence/evidence_record.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/command/version.h"
#include "base/text/json.h"
#include "base/text/time.h"
#include "engine/inspect.h"
#include "evidence/record/record_read.h"
#include "verifier/run/site.h"

/* What the record of this run is made of. */
static struct cret_record record_of(const struct cret_options *options,
                                    const struct cret_session *session,
                                    const struct cret_delivery *delivery,
                                    const struct cret_outcome *outcome,
                                    const struct cret_record_place *place)
{
    return (struct cret_record){
        .why = {.change_id = cret_options_value(options, "change-id"),
                .planned = session->planned,
                .baseline_items = cret_options_values(options, "baseline-item"),
                .further_assets = cret_options_values(options, "further-asset"),
                .asset = cret_options_value(options, "asset"),
                .zone = cret_options_value(options, "zone"),
                .stage = cret_options_value(options, "stage"),
                .acquired = cret_options_value(options, "acquired"),
                .name = cret_options_value(options, "name"),
                .role = cret_options_value(options, "role")},
        .time = session->system_time,
        .verification_time = session->request.now,
        .at_given = session->at_given,
        .allow_example_keys = session->request.allow_example_keys,
        .fast = session->request.fast,
        .archive_name = delivery->name,
        .has_archive_size = outcome->has_archive_size,
        .archive_size = outcome->archive_size,
        .archive_digest = outcome->has_archive_digest ? outcome->archive_digest : NULL,
        .confined = &outcome->confined,
        .engine = outcome->has_engine ? &outcome->engine : NULL,
        .identity = outcome->has_identity ? outcome->identity : NULL,
        .product_bound = outcome->product_bound,
        .document = outcome->document,
        .files = outcome->files,
        .file_count = outcome->file_count,
        .command = cret_options_speaker(options),
        .version = cret_version,
        .arguments = cret_options_arguments(options),
        .policy = session->policy,
        .policy_path = session->policy_path,
        .profile = session->profile,
        .profile_signer = session->profile_signer,
        .configuration = cret_site_digest(options),
        .station = cret_guard_station_digest(session->guard),
        .findings = outcome->findings,
        .waivers = outcome->waivers,
        .waiver_count = outcome->waiver_count,
        .verdict = outcome->verdict,
        .error = &outcome->error,
        .previous = place->previous,
        .journal = place->genesis,
        .journal_line = place->line,
    };
}

json_t *cret_evidence_page(const struct cret_options *options, const struct cret_session *session,
                           const struct cret_delivery *delivery, const struct cret_outcome *outcome)
{
    const struct cret_record_place nowhere = {0};
    struct cret_record record = record_of(options, session, delivery, outcome, &nowhere);
    record.for_page = true;
    return cret_record_json(&record);
}

enum cret_status cret_evidence_record(struct cret_evidence_text *ret_text,
                                      const struct cret_options *options,
                                      const struct cret_session *session,
                                      const struct cret_delivery *delivery,
                                      const struct cret_outcome *outcome,
                                      const struct cret_record_place *place, struct cret_err *err)
{
    const struct cret_record record = record_of(options, session, delivery, outcome, place);
    struct cret_evidence_text text = {.json = cret_record_json(&record)};
    if (text.json == NULL) {
        return cret_err_memory(err);
    }
    if (cret_record_print(&text.text, &text.size, text.json, &record, err) != CRET_OK) {
        json_decref(text.json);
        return CRET_FAILED;
    }
    if (cret_record_read_back(text.text, text.size, err) != CRET_OK) {
        json_decref(text.json);
        free(text.text);
        return CRET_FAILED;
    }
    *ret_text = text;
    return CRET_OK;
}
