/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of `cretula-verify journal` and `cretula-verify record`. */
#ifndef CRET_VERIFIER_VERB_JOURNAL_H
#define CRET_VERIFIER_VERB_JOURNAL_H

#include "base/command/options.h"

int cret_verb_journal_verify(const struct cret_options *options);
int cret_verb_journal_note(const struct cret_options *options);
int cret_verb_journal_close(const struct cret_options *options);
int cret_verb_journal_continue(const struct cret_options *options);
extern const struct cret_option_group cret_journal_verify_group;
extern const struct cret_option_group cret_journal_note_group;
extern const struct cret_option_group cret_journal_close_group;
extern const struct cret_option_group cret_journal_continue_group;

int cret_verb_record_show(const struct cret_options *options);
int cret_verb_record_verify(const struct cret_options *options);
int cret_verb_record_export(const struct cret_options *options);
extern const struct cret_option_group cret_record_show_group;
extern const struct cret_option_group cret_record_trust_group;
extern const struct cret_option_group cret_record_verify_group;
extern const struct cret_option_group cret_record_export_group;

#endif
