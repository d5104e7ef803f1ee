/* SPDX-License-Identifier: Apache-2.0 */
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Security;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.CollectionStore;

/**
 * SignManifest KEY CERT CONTENT OUT ALGORITHM [embed] [protect] [extra] [time]: a signature by
 * Bouncy Castle, in the BER that it writes by default. embed: with the content; protect: with
 * cmsAlgorithmProtection; extra: with an attribute outside the profile; time: with signingTime.
 */
public final class SignManifest {
    private static Object readPem(String path) throws Exception {
        try (Reader reader = new FileReader(path); PEMParser parser = new PEMParser(reader)) {
            return parser.readObject();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(
            (PrivateKeyInfo) readPem(arguments[0]));
        X509CertificateHolder certificate = (X509CertificateHolder) readPem(arguments[1]);
        byte[] content = Files.readAllBytes(Paths.get(arguments[2]));
        List<String> flags = new ArrayList<>(List.of(arguments).subList(5, arguments.length));

        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        ESSCertIDv2 id = new ESSCertIDv2(
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256), hash);
        Hashtable<ASN1ObjectIdentifier, Attribute> table = new Hashtable<>();
        table.put(PKCSObjectIdentifiers.id_aa_signingCertificateV2,
            new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2,
                new DERSet(new SigningCertificateV2(new ESSCertIDv2[] {id}))));
        if (flags.contains("extra")) {
            ASN1ObjectIdentifier oid = new ASN1ObjectIdentifier("1.2.3.4.5");
            table.put(oid, new Attribute(oid, new DERSet(new DERUTF8String("more"))));
        }
        DefaultSignedAttributeTableGenerator defaults =
            new DefaultSignedAttributeTableGenerator(new AttributeTable(table));
        CMSAttributeTableGenerator attributes = (Map parameters) -> {
            AttributeTable all = defaults.getAttributes(parameters);
            if (!flags.contains("protect")) {
                all = all.remove(CMSAttributes.cmsAlgorithmProtect);
            }
            return flags.contains("time") ? all : all.remove(CMSAttributes.signingTime);
        };

        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
            new SignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                .setSignedAttributeGenerator(attributes)
                .build(new JcaContentSignerBuilder(arguments[4]).build(key), certificate));
        generator.addCertificates(new CollectionStore<>(List.of(certificate)));
        byte[] out = generator.generate(new CMSProcessableByteArray(content),
            flags.contains("embed")).getEncoded();
        try (FileOutputStream stream = new FileOutputStream(arguments[3])) {
            stream.write(out);
        }
    }
}
