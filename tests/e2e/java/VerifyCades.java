/* SPDX-License-Identifier: Apache-2.0 */
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * VerifyCades ROOT CONTENT SIGNATURE: a detached CAdES signature by Bouncy Castle, as baseline B has
 * it: one signer, whose certificate lies in it, is named by signingCertificateV2, and was issued by
 * ROOT. Ends with 0 where all of that is so.
 */
public final class VerifyCades {
    private static void hold(boolean condition, String what) {
        if (!condition) {
            System.err.println(what);
            System.exit(1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        X509Certificate root;
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            root = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        CMSSignedData cms = new CMSSignedData(
            new CMSProcessableByteArray(Files.readAllBytes(Paths.get(arguments[1]))),
            Files.readAllBytes(Paths.get(arguments[2])));
        hold(cms.getSignerInfos().size() == 1, "not one signer");
        SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
        Object[] found = cms.getCertificates().getMatches(signer.getSID()).toArray();
        hold(found.length == 1, "the signer's certificate is not in it");
        X509CertificateHolder certificate = (X509CertificateHolder) found[0];
        hold(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate)),
             "the value is wrong");
        SigningCertificateV2 named = SigningCertificateV2.getInstance(
            signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2)
                .getAttrValues().getObjectAt(0));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        hold(Arrays.equals(named.getCerts()[0].getCertHash(), digest), "another certificate is named");
        hold(signer.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_signingTime) != null,
             "no signingTime");
        CertificateFactory.getInstance("X.509");
        new org.bouncycastle.cert.jcajce.JcaX509CertificateConverter().getCertificate(certificate)
            .verify(root.getPublicKey());
    }
}
