/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All rows of the table of checks, in the order of reports, for whoever defines CRET_CHECK(id,
 * name, kind, .words...) and includes this: check.h makes the numbers of them, check.c the table.
 */
#include "base/finding/checks_core.h"
#include "base/finding/checks_foreign.h"
#include "base/finding/checks_package.h"
#include "base/finding/checks_provenance.h"
#include "base/finding/checks_release.h"
#include "base/finding/checks_sbom.h"
#include "base/finding/checks_waiver.h"

#include "base/finding/checks_station.h"
