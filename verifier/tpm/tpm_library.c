/* SPDX-License-Identifier: Apache-2.0 */
/* Loading tpm2-tss, and asking it for its functions. */
#include "verifier/tpm/tpm_library.h"

#include <string.h>

#include "base/system/os.h"

static enum cret_status open_library(void **ret_library, const char *name, struct cret_err *err)
{
    if (cret_os_library_open(ret_library, name, err) == CRET_OK) {
        return CRET_OK;
    }
    return cret_err_hint(err, "install the packages libtss2-esys-3.0.2-0, libtss2-tctildr0 and "
                              "libtss2-tcti-device0 (Debian)");
}

enum cret_status cret_tss_load(struct cret_tss *ret_tss, struct cret_err *err)
{
    struct cret_tss tss;
    void *esys = NULL, *mu = NULL, *rc = NULL, *tcti = NULL;
    bool complete = true;
    if (open_library(&esys, "libtss2-esys.so.0", err) != CRET_OK ||
        open_library(&mu, "libtss2-mu.so.0", err) != CRET_OK ||
        open_library(&rc, "libtss2-rc.so.0", err) != CRET_OK ||
        open_library(&tcti, "libtss2-tctildr.so.0", err) != CRET_OK) {
        return CRET_FAILED;
    }
#define CRET_TSS_FIND_ESYS(name)                                                                   \
    complete = cret_os_library_find(esys, #name, &tss.name) && complete;
#define CRET_TSS_FIND_MU(name) complete = cret_os_library_find(mu, #name, &tss.name) && complete;
#define CRET_TSS_FIND_RC(name) complete = cret_os_library_find(rc, #name, &tss.name) && complete;
#define CRET_TSS_FIND_TCTI(name)                                                                   \
    complete = cret_os_library_find(tcti, #name, &tss.name) && complete;
    CRET_TSS_ESYS(CRET_TSS_FIND_ESYS)
    CRET_TSS_MU(CRET_TSS_FIND_MU)
    CRET_TSS_RC(CRET_TSS_FIND_RC)
    CRET_TSS_TCTI(CRET_TSS_FIND_TCTI)
#undef CRET_TSS_FIND_ESYS
#undef CRET_TSS_FIND_MU
#undef CRET_TSS_FIND_RC
#undef CRET_TSS_FIND_TCTI
    if (!complete) {
        return cret_err_undecided(err,
                                  "the tpm2-tss of this machine lacks functions that are needed");
    }
    *ret_tss = tss;
    return CRET_OK;
}
