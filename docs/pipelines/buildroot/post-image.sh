#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Buildroot: BR2_ROOTFS_POST_IMAGE_SCRIPT names this file. Buildroot gives the folder of the images as first argument;
# what sign-release.sh asks for comes from the environment of the build, CRETULA_DESCRIPTION besides.
set -eu
cd "$1"
cp "$CRETULA_DESCRIPTION" release.yaml
exec sh "${CRETULA_SCRIPT:-/usr/share/doc/cretula-doc/docs/pipelines/sign-release.sh}"
