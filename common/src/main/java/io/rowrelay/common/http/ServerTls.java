package io.rowrelay.common.http;

import io.rowrelay.common.settings.InvalidSettingsException;
import io.rowrelay.common.settings.Mistake;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of TLS, with the certificate and key as they are on disk: they are replaced while the daemons run. For one
 * thread at a time.
 */
final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private final HttpSettings.Tls files;
    private SSLSocketFactory sockets;
    private List<FileTime> read;
    private String warned = "";

    private ServerTls(HttpSettings.Tls files, SSLSocketFactory sockets, List<FileTime> read) {
        this.files = files;
        this.sockets = sockets;
        this.read = read;
    }

    /**
     * Reads the files.
     *
     * @throws InvalidSettingsException if they hold no certificate with its key
     */
    static ServerTls open(HttpSettings.Tls files) {
        try {
            List<FileTime> now = times(files);
            return new ServerTls(files, sockets(files), now);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new InvalidSettingsException(new Mistake(
                    "HTTP endpoint",
                    HttpSettings.TLS_CERTIFICATE,
                    files.certificate().toString(),
                    "cannot serve TLS with it and " + files.key() + ": " + unusable.getMessage(),
                    "name files in PEM with the chain, the server's certificate first, and its key"));
        }
    }

    /** The factory of now. Files that are half replaced leave the former ones in use. */
    SSLSocketFactory current() {
        try {
            List<FileTime> now = times(files);
            if (!now.equals(read)) {
                sockets = sockets(files);
                read = now;
                warned = "";
                LOG.info("read the certificate and key of the HTTP endpoint again");
            }
        } catch (IOException | GeneralSecurityException unusable) {
            warnOnce(String.valueOf(unusable.getMessage()));
        }
        return sockets;
    }

    /** Anybody can connect, and so ask for the files, as often as he likes. */
    private void warnOnce(String reason) {
        if (!reason.equals(warned)) {
            warned = reason;
            LOG.warn(
                    "the certificate or key of the HTTP endpoint was replaced by one that cannot be used; the former one stays"
                            + " in use: {}",
                    reason);
        }
    }

    /** Begins TLS over a connection; closing the one that is returned closes both. */
    static Socket over(Socket plain, SSLSocketFactory sockets) throws IOException {
        SSLSocket secure = (SSLSocket) sockets.createSocket(plain, null, true);
        secure.setUseClientMode(false);
        return secure;
    }

    private static List<FileTime> times(HttpSettings.Tls files) throws IOException {
        return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
    }

    private static SSLSocketFactory sockets(HttpSettings.Tls files) throws IOException, GeneralSecurityException {
        List<Certificate> chain = new ArrayList<>();
        for (byte[] each : blocks(files.certificate(), "CERTIFICATE")) {
            chain.add(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(each)));
        }
        List<byte[]> keys = blocks(files.key(), "PRIVATE KEY");
        if (chain.isEmpty() || keys.isEmpty()) {
            throw new IOException(
                    chain.isEmpty()
                            ? files.certificate() + " has no BEGIN CERTIFICATE"
                            : files.key() + " has no BEGIN PRIVATE KEY; openssl pkcs8 -topk8 -nocrypt makes one of"
                                    + " other keys");
        }
        PrivateKey key = KeyFactory.getInstance(chain.get(0).getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
        checkPair(chain.get(0), key);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        // In memory only, so that its password protects nothing.
        store.setKeyEntry("http", key, new char[0], chain.toArray(new Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getSocketFactory();
    }

    /** In the middle of a replacement the one may be new and the other old. */
    private static void checkPair(Certificate certificate, PrivateKey key)
            throws GeneralSecurityException, IOException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        if (!signature.verify(signed)) {
            throw new IOException("the key is not that of the certificate");
        }
    }

    private static List<byte[]> blocks(Path file, String kind) throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        while (block.find()) {
            if (block.group(1).equals(kind)) {
                try {
                    blocks.add(Base64.getMimeDecoder().decode(block.group(2)));
                } catch (IllegalArgumentException notBase64) {
                    throw new IOException(file + " has a broken block of " + kind, notBase64);
                }
            }
        }
        return blocks;
    }
}
