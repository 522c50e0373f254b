package io.rowrelay.it.security;

import io.rowrelay.sandbox.stack.CertificateAuthority.CertificateFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server with a certificate of any kind, which no broker would start with; it hears nothing after the handshake. */
final class TlsServer implements AutoCloseable {
    private final SSLServerSocket door;

    TlsServer(CertificateFiles files) throws IOException, GeneralSecurityException {
        Certificate certificate =
                CertificateFactory.getInstance("X.509").generateCertificate(Files.newInputStream(files.certificate()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(files.key()))),
                new char[0],
                new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        door = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::shakeHands, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void shakeHands() {
        while (!door.isClosed()) {
            try (SSLSocket client = (SSLSocket) door.accept()) {
                client.startHandshake();
            } catch (IOException refusedByTheClientOrClosed) {
                // The next one.
            }
        }
    }

    /** Where it listens. */
    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
