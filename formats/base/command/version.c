/* SPDX-License-Identifier: Apache-2.0 */
/* What the build says of itself (CMakeLists.txt). */
#include "base/command/version.h"

const char cret_version[] = CRETULA_VERSION;
const int64_t cret_version_time = CRETULA_BUILD_TIME;
