package dev.reseat.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads an unencrypted private key from a PEM file, in the three forms that OpenSSL writes. Java reads PKCS#8 alone;
 * the older forms of RSA (PKCS#1) and of elliptic curves (SEC 1) are what PKCS#8 wraps, so they are wrapped here. No
 * message shows anything of the key.
 */
public final class PemKey {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private static final byte SEQUENCE = 0x30;
    private static final byte OCTETS = 0x04;
    private static final byte PARAMETERS = (byte) 0xa0;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA = {0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01,
            0x01, 0x05, 0x00};
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private PemKey() {}

    /** @throws IOException if there is no key that can be read; says which file */
    public static PrivateKey read(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file);
        MatchResult block = BLOCK.matcher(pem)
                .results()
                .findFirst()
                .orElseThrow(() -> new IOException("no private key in " + file));
        if (block.group(1).startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
            throw new IOException("the key in " + file + " is encrypted, which is not supported: like oslo.messaging, "
                    + "nobody could be asked for its passphrase (openssl pkey removes it)");
        }
        try {
            return key(pkcs8(block.group(1), Base64.getMimeDecoder().decode(block.group(2))));
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new IOException("the key in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] pkcs8(String form, byte[] encoded) {
        return switch (form) {
            case "PRIVATE KEY" -> encoded;
            case "RSA PRIVATE KEY" -> wrapped(RSA, encoded);
            case "EC PRIVATE KEY" -> wrapped(join(EC, curve(encoded)), encoded);
            default -> throw new IllegalArgumentException("its form is " + form);
        };
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    /** What SEC 1 says of the curve; PKCS#8 has it beside the algorithm. */
    private static byte[] curve(byte[] sec1) {
        try {
            ByteBuffer fields = content(ByteBuffer.wrap(sec1));
            while (fields.hasRemaining()) {
                byte tag = fields.get(fields.position());
                ByteBuffer field = content(fields);
                if (tag == PARAMETERS) {
                    return Arrays.copyOfRange(
                            sec1, field.arrayOffset() + field.position(), field.arrayOffset() + field.limit());
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it is cut off", e);
        }
        throw new IllegalArgumentException("it does not name its curve");
    }

    /** Reads one element. @return its content */
    private static ByteBuffer content(ByteBuffer from) {
        from.get();
        int length = from.get() & 0xff;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << Byte.SIZE) | (from.get() & 0xff);
            }
        }
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("it is cut off");
        }
        ByteBuffer content = from.duplicate().limit(from.position() + length);
        from.position(from.position() + length);
        return content;
    }

    private static byte[] element(byte tag, byte[] content) {
        byte[] head = content.length < 0x80
                ? new byte[]{tag, (byte) content.length}
                : new byte[]{tag, (byte) 0x82, (byte) (content.length >> Byte.SIZE), (byte) content.length};
        return join(head, content);
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        var encoded = new PKCS8EncodedKeySpec(pkcs8);
        for (String kind : KINDS) {
            Optional<PrivateKey> key = read(encoded, KeyFactory.getInstance(kind));
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new InvalidKeySpecException("it is none of " + KINDS);
    }

    private static Optional<PrivateKey> read(PKCS8EncodedKeySpec encoded, KeyFactory kind) {
        try {
            return Optional.of(kind.generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty(); // a key of another kind
        }
    }
}
