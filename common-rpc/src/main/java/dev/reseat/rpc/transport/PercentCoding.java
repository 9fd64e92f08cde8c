package dev.reseat.rpc.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Percent-coding as Python's {@code urllib.parse} does it: {@code +} stays, a {@code %} without two digits stays. */
final class PercentCoding {
    private static final String PLAIN = "-._~";

    private PercentCoding() {}

    static String decode(String text) {
        var bytes = new ByteArrayOutputStream();
        byte[] coded = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < coded.length; i++) {
            if (coded[i] == '%' && i + 2 < coded.length && isHex(coded[i + 1]) && isHex(coded[i + 2])) {
                bytes.write(Character.digit(coded[i + 1], 16) * 16 + Character.digit(coded[i + 2], 16));
                i += 2;
            } else {
                bytes.write(coded[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    static String encode(String text) {
        var coded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || PLAIN.indexOf(b) >= 0);
            coded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return coded.toString();
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }
}
