// SPDX-License-Identifier: Apache-2.0
// Jenkins shared library: cretulaPack(product: 'ex100', version: env.TAG_NAME, sequence: env.BUILD_NUMBER,
//   key: 'vendor.key.pem', cert: 'vendor.cert.pem', anchor: 'vendor-root.cert.pem', credentials: 'signing-passphrase')
// The credential is a secret file whose first line is the passphrase or PIN.
def call(Map given) {
    def names = ['product', 'version', 'sequence', 'key', 'cert', 'anchor']
    def missing = (names + ['credentials']).findAll { !given[it] }
    if (missing) {
        error("cretulaPack: missing: ${missing.join(', ')}")
    }
    def script = given.script ?: '/usr/share/doc/cretula-doc/docs/pipelines/sign-release.sh'
    // Values go through the environment: none of them becomes a part of a command.
    def variables = names.collect { "${it.toUpperCase()}=${given[it]}".toString() }
    variables << "LAST=${given.last ?: ''}".toString() << "CRETULA_SCRIPT=${script}".toString()
    withEnv(variables) {
        withCredentials([file(credentialsId: given.credentials, variable: 'PASSPHRASE_FILE')]) {
            sh 'sh "$CRETULA_SCRIPT"'
        }
    }
    return "${given.product}-${given.version}.cretula.tar".toString()
}
