/* SPDX-License-Identifier: Apache-2.0 */
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.tsp.ArchiveTimeStamp;
import org.bouncycastle.asn1.tsp.ArchiveTimeStampChain;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStamp;
import org.bouncycastle.tsp.ers.ERSArchiveTimeStampGenerator;
import org.bouncycastle.tsp.ers.ERSByteData;
import org.bouncycastle.tsp.ers.ERSData;
import org.bouncycastle.tsp.ers.ERSDataGroup;
import org.bouncycastle.tsp.ers.ERSEvidenceRecord;
import org.bouncycastle.tsp.ers.ERSEvidenceRecordGenerator;

/**
 * EvidenceRecords ROOT: evidence records by Bouncy Castle. Each line of standard input is a command
 * with its words between tabs, each is answered by one line: "ok", or what was wrong. A group of
 * files is their paths with commas between them.
 *
 *   verify RECORD GROUP            each timestamp is over the one before, the group is in the tree of
 *                                  the last chain, each token is signed and of ROOT
 *   validate RECORD                the library's own last word, which asks of the last timestamp of
 *                                  a chain to be over all earlier ones of it, not over the one before
 *   request DIGEST OUT GROUP...    the request for a tree over the groups
 *   records RESPONSE OUT...        of that request: a record for each group
 *   renew RECORD OUT               the request for a timestamp over the last one
 *   renewed RECORD RESPONSE OUT
 *   rehash DIGEST RECORD OUT GROUP the request for another tree over the group
 *   rehashed DIGEST RECORD RESPONSE OUT GROUP
 */
public final class EvidenceRecords {
    private static DigestCalculatorProvider digests;
    private static X509Certificate root;
    private static ERSArchiveTimeStampGenerator asked;
    private static TimeStampRequest request;
    private static List<ERSData> groups;

    private static byte[] read(String path) throws Exception {
        return Files.readAllBytes(Paths.get(path));
    }

    private static void write(String path, byte[] data) throws Exception {
        Files.write(Path.of(path), data);
    }

    private static DigestCalculator digest(String name) throws Exception {
        ASN1ObjectIdentifier oid = name.equals("sha512") ? NISTObjectIdentifiers.id_sha512
                                                         : NISTObjectIdentifiers.id_sha256;
        return digests.get(new AlgorithmIdentifier(oid));
    }

    private static ERSData group(String words) throws Exception {
        List<ERSData> all = new ArrayList<>();
        for (String path : words.split(",")) {
            all.add(new ERSByteData(read(path)));
        }
        return all.size() == 1 ? all.get(0) : new ERSDataGroup(all);
    }

    private static ERSEvidenceRecord record(String path) throws Exception {
        return new ERSEvidenceRecord(read(path), digests);
    }

    private static TimeStampRequestGenerator requests() {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        return generator;
    }

    private static void validate(TimeStampToken token) throws Exception {
        X509CertificateHolder signer = (X509CertificateHolder) token.getCertificates()
            .getMatches(token.getSID()).iterator().next();
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(signer));
        new JcaX509CertificateConverter().getCertificate(signer).verify(root.getPublicKey());
    }

    private static void verify(String path, String files) throws Exception {
        ERSEvidenceRecord found = record(path);
        found.validatePresent(group(files), new Date(Long.MAX_VALUE));
        for (ArchiveTimeStampChain chain :
             found.toASN1Structure().getArchiveTimeStampSequence().getArchiveTimeStampChains()) {
            for (ArchiveTimeStamp stamp : chain.getArchiveTimestamps()) {
                validate(new TimeStampToken(stamp.getTimeStamp()));
            }
        }
    }

    private static void validate(ERSEvidenceRecord found) throws Exception {
        found.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC")
            .build(found.getSigningCertificate()));
    }

    private static void records(String response, List<String> out) throws Exception {
        TimeStampResponse answer = new TimeStampResponse(read(response));
        answer.validate(request);
        List<ERSArchiveTimeStamp> stamps = asked.generateArchiveTimeStamps(answer);
        List<ERSEvidenceRecord> made = new ERSEvidenceRecordGenerator(digests).generate(stamps);
        for (int i = 0; i < groups.size(); i++) {
            for (ERSEvidenceRecord one : made) {
                if (one.isContaining(groups.get(i), new Date(Long.MAX_VALUE))) {
                    write(out.get(i), one.getEncoded());
                }
            }
        }
    }

    private static void obey(List<String> words) throws Exception {
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
        case "verify":
            verify(rest.get(0), rest.get(1));
            break;
        case "validate":
            validate(record(rest.get(0)));
            break;
        case "request":
            asked = new ERSArchiveTimeStampGenerator(digest(rest.get(0)));
            groups = new ArrayList<>();
            for (String files : rest.subList(2, rest.size())) {
                groups.add(group(files));
            }
            asked.addAllData(groups);
            request = asked.generateTimeStampRequest(requests());
            write(rest.get(1), request.getEncoded());
            break;
        case "records":
            records(rest.get(0), rest.subList(1, rest.size()));
            break;
        case "renew":
            write(rest.get(1), record(rest.get(0)).generateTimeStampRenewalRequest(requests()).getEncoded());
            break;
        case "renewed":
            write(rest.get(2), record(rest.get(0))
                .renewTimeStamp(new TimeStampResponse(read(rest.get(1)))).getEncoded());
            break;
        case "rehash":
            write(rest.get(2), record(rest.get(1)).generateHashRenewalRequest(
                digest(rest.get(0)), group(rest.get(3)), requests()).getEncoded());
            break;
        case "rehashed":
            write(rest.get(3), record(rest.get(1)).renewHash(digest(rest.get(0)), group(rest.get(4)),
                new TimeStampResponse(read(rest.get(2)))).getEncoded());
            break;
        default:
            throw new IllegalArgumentException(words.get(0));
        }
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        digests = new JcaDigestCalculatorProviderBuilder().build();
        try (FileInputStream file = new FileInputStream(arguments[0])) {
            root = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                obey(Arrays.asList(line.split("\t")));
                System.out.println("ok");
            } catch (Exception e) {
                System.out.println(String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }
}
