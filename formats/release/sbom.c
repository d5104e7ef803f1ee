/* SPDX-License-Identifier: Apache-2.0 */
#include "release/sbom.h"
