/* SPDX-License-Identifier: Apache-2.0 */
/* Its one function is in compat.h. */
