/* SPDX-License-Identifier: Apache-2.0 */
/* YAML scalars to JSON values: the field decides the kind, not the look of the scalar. */
#ifndef CRET_SIGNER_TYPING_H
#define CRET_SIGNER_TYPING_H

#include <jansson.h>

#include "base/schema/schema.h"
#include "signer/description/yaml.h"

/*
 * The tree as JSON. Where a table's field is a whole number or a boolean, a scalar without quotes
 * in the form of YAML 1.2's core schema (10.3.2: 12, -3, 0o17, 0x1F; true, True, TRUE, false, ...)
 * becomes one; everywhere else the text stays as it was written, so that `version: 1.10` and
 * `version: 2024-01-01` are texts. Under `extensions`, which has no table, the core schema decides
 * (null, booleans, whole numbers); reals stay texts, because the manifest knows whole numbers only.
 * New reference; NULL when memory is exhausted.
 */
json_t *cret_node_to_json(const struct cret_node *node, const struct cret_field *fields);

#endif
