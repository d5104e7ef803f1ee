# SPDX-License-Identifier: Apache-2.0
# Yocto: "inherit cretula" in an image recipe packs what the image deployed. cretula-sign and cretula-verify are those of
# the build host (HOSTTOOLS). Set in local.conf or the recipe, never in a layer that is published: CRETULA_KEY, CRETULA_CERT,
# CRETULA_ANCHOR, CRETULA_PASSPHRASE_FILE, CRETULA_DESCRIPTION, CRETULA_VERSION, CRETULA_SEQUENCE, CRETULA_PRODUCT.
HOSTTOOLS += "cretula-sign cretula-verify"

CRETULA_PRODUCT ?= "${IMAGE_BASENAME}"
CRETULA_VERSION ?= "${DISTRO_VERSION}"
CRETULA_SCRIPT ?= "/usr/share/doc/cretula-doc/docs/pipelines/sign-release.sh"

# Signing is no task to be replayed from a cache of others.
do_cretula_pack[nostamp] = "1"
do_cretula_pack[dirs] = "${DEPLOY_DIR_IMAGE}"
do_cretula_pack[depends] += "${PN}:do_image_complete"

do_cretula_pack() {
    cd "${DEPLOY_DIR_IMAGE}"
    cp "${CRETULA_DESCRIPTION}" release.yaml
    PRODUCT="${CRETULA_PRODUCT}" VERSION="${CRETULA_VERSION}" SEQUENCE="${CRETULA_SEQUENCE}" \
        KEY="${CRETULA_KEY}" CERT="${CRETULA_CERT}" ANCHOR="${CRETULA_ANCHOR}" \
        PASSPHRASE_FILE="${CRETULA_PASSPHRASE_FILE}" sh "${CRETULA_SCRIPT}"
}

addtask cretula_pack after do_image_complete before do_build
