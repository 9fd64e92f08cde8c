package dev.reseat.api.job;

import dev.reseat.api.object.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Values as a short text that is another one if any of them is. */
final class Fingerprint {
    private Fingerprint() {}

    /** @param value a record or another object of JSON values; what it holds cannot be read out of the result */
    static String of(Object value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(JsonText.of(value).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
