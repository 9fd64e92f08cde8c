package dev.reseat.api.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Ed25519 key that receipts are signed with (RFC 8032), from a PEM file: {@code openssl genpkey}. */
public final class ReceiptKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final String ED25519 = "Ed25519";

    private final PrivateKey key;

    private ReceiptKey(PrivateKey key) {
        this.key = key;
    }

    /** @throws IllegalArgumentException if it cannot be read; the message shows nothing of the key */
    public static ReceiptKey read(Path file) {
        try {
            Matcher block = BLOCK.matcher(Files.readString(file));
            if (!block.find()) {
                throw new IllegalArgumentException(file + " holds no unencrypted PKCS#8 private key");
            }
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
            return new ReceiptKey(KeyFactory.getInstance(ED25519).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " holds no Ed25519 private key", e);
        }
    }

    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ED25519);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the receipt cannot be signed", e);
        }
    }
}
