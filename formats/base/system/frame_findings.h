/* SPDX-License-Identifier: Apache-2.0 */
/* Findings and errors on the wire of frames.h: two numbers, and five texts of people's words. */
#ifndef CRET_BASE_FRAME_FINDINGS_H
#define CRET_BASE_FRAME_FINDINGS_H

#include "base/finding/finding.h"
#include "base/system/frames.h"

/* The longest body of such a frame. */
#define CRET_FRAME_FINDING_BYTES (8u + 5u * (4u + CRET_FRAME_STRING))

/* Each finding as a frame of `type`. */
CRET_MUST_CHECK enum cret_status
cret_frame_send_findings(const struct cret_frame_protocol *protocol, int fd, uint32_t type,
                         const struct cret_findings *findings, struct cret_err *err);
/* What went wrong, as a frame of `type`; an error without a class is UNDECIDED. */
CRET_MUST_CHECK enum cret_status cret_frame_send_error(const struct cret_frame_protocol *protocol,
                                                       int fd, uint32_t type,
                                                       const struct cret_err *error);
/* Adds the finding that a frame holds. False, and nothing added: it holds none. */
CRET_MUST_CHECK bool cret_frame_take_finding(struct cret_frame_reader *frame,
                                             struct cret_findings *findings);
/* Sets the error that a frame holds. False, and nothing set: it holds none. */
CRET_MUST_CHECK bool cret_frame_take_error(struct cret_frame_reader *frame, struct cret_err *err);

#endif
