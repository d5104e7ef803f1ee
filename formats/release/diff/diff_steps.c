/* SPDX-License-Identifier: Apache-2.0 */
/* What to do before and after the update, of what the new release says and the old one did not. */
#include <string.h>

#include "base/text/json.h"
#include "release/diff/diff_internal.h"
#include "release/statements/version.h"

static const json_t *find_entry(const json_t *list, const char *key, const char *name)
{
    CRET_JSON_EACH (entry, list) {
        const char *own = cret_json_string(entry, key);
        if (own != NULL && name != NULL && strcmp(own, name) == 0) {
            return entry;
        }
    }
    return NULL;
}

static bool has_entry(const json_t *list, const char *key, const char *name)
{
    return find_entry(list, key, name) != NULL;
}

static const json_t *member_of(const struct cret_diff_side *side, const char *name)
{
    return cret_json_get(side->manifest, name);
}

/* Whether the old release can be updated directly. */
static void step_upgrade(struct cret_diff_run *run)
{
    const char *oldest = cret_json_string(run->new->manifest, "release.minUpgradeFrom");
    const char *version = cret_json_string(run->old->manifest, "release.version");
    if (oldest == NULL) {
        return;
    }
    const enum cret_order order = cret_version_order(version, oldest);
    if (order == CRET_ORDER_LOWER) {
        cret_diff_step(&run->before, "release",
                       "update to %s first: from %s there is no direct way", oldest, version);
    } else if (order == CRET_ORDER_UNSURE) {
        cret_diff_step(&run->before, "release",
                       "ask whether %s can be updated directly: the oldest that can is %s", version,
                       oldest);
    }
}

/* Going back is what the release that is left must allow. */
static void step_back(struct cret_diff_run *run)
{
    const int64_t was = cret_json_integer(run->old->manifest, "release.sequence", 0);
    if (cret_json_integer(run->new->manifest, "release.sequence", 0) >= was) {
        return;
    }
    cret_diff_step(&run->before, "release",
                   "this goes back to an older release: it needs a planned return");
    if (!cret_json_boolean(run->old->manifest, "release.rollback.allowed", true)) {
        cret_diff_step(&run->before, "rollback",
                       "%s says that no older release is accepted after it: ask the vendor",
                       cret_json_string(run->old->manifest, "release.version"));
    }
}

static void step_rollback(struct cret_diff_run *run)
{
    const json_t *rollback = member_of(run->new, "release.rollback");
    if (rollback != NULL && !cret_json_boolean(rollback, "allowed", true)) {
        cret_diff_step(&run->before, "rollback",
                       "back up, and plan without a way back: no older release is accepted after "
                       "this one");
    }
}

static void step_restart(struct cret_diff_run *run)
{
    const char *category = cret_json_string(run->new->manifest, "restart.category");
    const char *details = cret_json_string(run->new->manifest, "restart.details");
    if (category != NULL && strcmp(category, "none") != 0) {
        cret_diff_step(&run->before, "restart", "plan the restart: %s%s%s", category,
                       details != NULL ? "; " : "", details != NULL ? details : "");
    }
}

static void steps_before(struct cret_diff_run *run)
{
    step_upgrade(run);
    step_rollback(run);
    CRET_JSON_EACH (entry, member_of(run->new, "prerequisites")) {
        cret_diff_step(&run->before, "prerequisites", "%s", cret_json_string(entry, "summary"));
    }
    step_restart(run);
    CRET_JSON_EACH (entry, member_of(run->new, "interfaces")) {
        const char *protocol = cret_json_string(entry, "protocol");
        const char *port = cret_json_string(entry, "port");
        if (!has_entry(member_of(run->old, "interfaces"), port != NULL ? "port" : "protocol",
                       port != NULL ? port : protocol)) {
            cret_diff_step(&run->before, "interfaces", "decide on the new interface: %s%s%s",
                           protocol, port != NULL ? ", port " : "", port != NULL ? port : "");
        }
    }
    CRET_JSON_EACH (entry, member_of(run->old, "settings")) {
        const char *name = cret_json_string(entry, "name");
        if (!has_entry(member_of(run->new, "settings"), "name", name)) {
            cret_diff_step(&run->before, "settings", "note the value of the setting %s: it goes",
                           name);
        }
    }
}

/* A setting that must be changed, or whose default is another one. */
static void step_setting(struct cret_diff_run *run, const json_t *setting)
{
    const char *name = cret_json_string(setting, "name");
    const json_t *was = find_entry(member_of(run->old, "settings"), "name", name);
    const char *old_default = cret_json_string(was, "default");
    const char *new_default = cret_json_string(setting, "default");
    if (cret_json_boolean(setting, "mustChange", false)) {
        cret_diff_step(&run->after, "settings", "change the setting %s%s%s", name,
                       new_default != NULL ? ", as delivered " : "",
                       new_default != NULL ? new_default : "");
    } else if (old_default != NULL && new_default != NULL &&
               strcmp(old_default, new_default) != 0) {
        cret_diff_step(&run->after, "settings", "look at the setting %s: its default was %s, is %s",
                       name, old_default, new_default);
    }
}

static void steps_after(struct cret_diff_run *run)
{
    CRET_JSON_EACH (entry, member_of(run->new, "settings")) {
        step_setting(run, entry);
    }
    CRET_JSON_EACH (entry, member_of(run->new, "deprecated")) {
        const char *setting = cret_json_string(entry, "setting");
        const char *instead = cret_json_string(entry, "replacement");
        if (!has_entry(member_of(run->old, "deprecated"), "setting", setting)) {
            cret_diff_step(&run->after, "deprecated", "stop using %s%s%s", setting,
                           instead != NULL ? ": use " : "", instead != NULL ? instead : "");
        }
    }
    CRET_JSON_EACH (entry, member_of(run->new, "responsibilities")) {
        const char *item = cret_json_string(entry, "item");
        const char *party = cret_json_string(entry, "party");
        if (strcmp(party, "vendor") != 0 &&
            !has_entry(member_of(run->old, "responsibilities"), "item", item)) {
            cret_diff_step(&run->after, "responsibilities", "new duty of the %s: %s", party, item);
        }
    }
    CRET_JSON_EACH (entry, member_of(run->new, "testAdvice")) {
        cret_diff_step(&run->after, "tests", "test: %s", cret_json_string(entry, "summary"));
    }
}

void cret_diff_steps(struct cret_diff_run *run)
{
    step_back(run);
    steps_before(run);
    steps_after(run);
}
