package io.rowrelay.sandbox.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates as files, for servers and clients of a stack. Safe for any thread. */
public final class CertificateAuthority {
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final Path directory;
    private final X500Principal name;
    private final KeyPair keys;

    /**
     * A new authority, with its own certificate at {@link #certificate}.
     *
     * @param directory where the files go
     * @param name its common name, and the name of its files
     */
    public CertificateAuthority(Path directory, String name) {
        this.directory = Directories.create(directory);
        this.name = new X500Principal("CN=" + name);
        this.keys = newKeys();
        Instant now = Instant.now();
        write(
                file(name, ".crt"),
                pem("CERTIFICATE", sign(this.name, keys, "", now.minus(CLOCK_DIFFERENCE), now.plus(VALIDITY))));
    }

    /**
     * A certificate as files.
     *
     * @param certificate the certificate, as PEM
     * @param key its private key, as PKCS #8 in DER, which the PostgreSQL driver reads
     * @param both key and certificate, as PEM, which the servers and Kafka's clients read
     */
    public record CertificateFiles(Path certificate, Path key, Path both) {}

    /** This authority's own certificate, as PEM. */
    public Path certificate() {
        return file(name.getName().substring("CN=".length()), ".crt");
    }

    /** Issues a certificate to this common name, for servers at this address; files of that name are replaced. */
    public CertificateFiles issue(String commonName, String address) {
        return issue(commonName, address, Instant.now().plus(VALIDITY));
    }

    /** The same until a certain time, which may have passed. */
    public CertificateFiles issue(String commonName, String address, Instant until) {
        KeyPair own = newKeys();
        Instant from = until.minus(VALIDITY).minus(CLOCK_DIFFERENCE);
        byte[] certificate = sign(new X500Principal("CN=" + commonName), own, address, from, until);
        CertificateFiles files = files(commonName);
        write(files.certificate(), pem("CERTIFICATE", certificate));
        write(files.key(), own.getPrivate().getEncoded());
        write(
                files.both(),
                (text(own.getPrivate().getEncoded(), "PRIVATE KEY") + text(certificate, "CERTIFICATE"))
                        .getBytes(StandardCharsets.US_ASCII));
        return files;
    }

    /** Where the certificate issued to this common name is. */
    public CertificateFiles files(String commonName) {
        return new CertificateFiles(file(commonName, ".crt"), file(commonName, ".pk8"), file(commonName, ".pem"));
    }

    private Path file(String of, String ending) {
        return directory.resolve(of + ending);
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("Cannot make keys", failure);
        }
    }

    private byte[] sign(X500Principal subject, KeyPair own, String address, Instant from, Instant until) {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(from),
                Date.from(until),
                subject,
                own.getPublic());
        try {
            boolean isAuthority = subject.equals(name);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
            if (!isAuthority) {
                GeneralName alternative = new GeneralName(GeneralName.iPAddress, address);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternative));
            }
            X509CertificateHolder signed =
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            return signed.getEncoded();
        } catch (CertIOException | OperatorCreationException failure) {
            throw new IllegalStateException("Cannot issue a certificate to " + subject, failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] pem(String what, byte[] content) {
        return text(content, what).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] content, String what) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(content) + "\n-----END " + what + "-----\n";
    }

    /** Whole or not at all, as files are replaced that are in use. */
    private static void write(Path file, byte[] content) {
        try {
            Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "new", ".tmp");
            Files.write(unfinished, content);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot write " + file, failure);
        }
    }
}
