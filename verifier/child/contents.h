/* SPDX-License-Identifier: Apache-2.0 */
/* What an archive holds beyond its own list of files, so that it can be found again. */
#ifndef CRET_VERIFIER_CONTENTS_H
#define CRET_VERIFIER_CONTENTS_H

#include <jansson.h>

#include "engine/inspect.h"

/*
 * In the child. Lists the files inside archives of the payload: {"nested": [{"path":
 * "rootfs.tar.gz!/bin/sh", "size", "sha256"}], "gaps": [{"path", "why"}]}. Each payload file is
 * compared with its digest as it is read; where the payload was not verified there is one gap and
 * nothing else. Texts are escaped, and at most CRET_CONTENTS_BYTES of them kept; the rest is a gap.
 * class UNDECIDED: memory, or a file changed meanwhile.
 */
#define CRET_CONTENTS_BYTES (40u << 20)
CRET_MUST_CHECK enum cret_status cret_contents_list(json_t **ret_contents,
                                                    const struct cret_source *source,
                                                    const struct cret_inspection *inspection,
                                                    const struct cret_inspect_request *request,
                                                    struct cret_err *err);

#endif
