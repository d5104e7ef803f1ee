/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a release as they come from cretula-verify (docs/spec/delivery.md). */
#ifndef CRETULA_STREAM_H
#define CRETULA_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "cretula.h"

struct cret_lib_stream;

/* NULL: no memory. */
struct cret_lib_stream *cret_lib_stream_new(cretula_begin begin, cretula_write write,
                                            void *context);
void cret_lib_stream_free(struct cret_lib_stream *stream);

/* The next bytes; context is the stream. False: nothing more is wanted, for the reason of
 * cret_lib_stream_fault(). */
bool cret_lib_stream_take(void *context, const uint8_t *data, size_t size);
/* A sentence, or NULL. */
const char *cret_lib_stream_fault(const struct cret_lib_stream *stream);
/* Whether each of these files of a record came whole, none besides, and the end behind them. */
bool cret_lib_stream_gave(const struct cret_lib_stream *stream, const json_t *files);

#endif
