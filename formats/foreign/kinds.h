/* SPDX-License-Identifier: Apache-2.0 */
/* All kinds of foreign signatures, in the order in which they are asked whether a file is theirs,
 * for whoever defines KIND(name): foreign.c makes the table of them, each module has
 * `const struct cret_foreign_kind cret_foreign_kind_NAME`. A list of hashes is asked last: its form
 * is the loosest. */
KIND(authenticode_pe)
KIND(authenticode_msi)
KIND(authenticode_cab)
KIND(authenticode_catalog)
KIND(cms)
KIND(minisign)
KIND(signify)
KIND(openpgp)
KIND(rauc)
KIND(swupdate)
KIND(mcuboot)
KIND(hash_list)
