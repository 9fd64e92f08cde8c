package dev.reseat.rpc.envelope;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An envelope that is being filled: the inner JSON that is written here goes, escaped, straight into the string
 * {@code oslo.message} of the outer JSON. Used by one thread.
 */
final class EnvelopeOutput extends OutputStream {
    private static final byte[] HEAD =
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUOTE = {'\\', '"'};
    private static final int USUAL_SIZE = 1024;
    private static final int LAST_OF_ASCII = 0x7F;

    private byte[] bytes = Arrays.copyOf(HEAD, USUAL_SIZE);
    private int length = HEAD.length;

    /** What every envelope begins with. */
    static byte[] head() {
        return HEAD.clone();
    }

    /** What every envelope ends with. */
    static byte[] tail() {
        return TAIL.clone();
    }

    @Override
    public void write(int b) {
        write(new byte[]{(byte) b}, 0, 1);
    }

    /** JSON that is written without white space has no control characters: only these two need an escape. */
    @Override
    public void write(byte[] json, int offset, int count) {
        int end = offset + count;
        byte[] to = room(2 * count);
        int at = length;
        for (int i = offset; i < end; i++) {
            byte b = json[i];
            if (b == '"' || b == '\\') {
                to[at++] = '\\';
            }
            to[at++] = b;
        }
        length = at;
    }

    /**
     * Writes a text as a JSON string of the inner JSON, without the way through a generator.
     *
     * @return false if it holds what JSON escapes; nothing is written then
     */
    boolean writePlain(String text) {
        if (!text.chars().allMatch(EnvelopeOutput::isPlain)) {
            return false;
        }
        writeEscaped(QUOTE);
        writeEscaped(text);
        writeEscaped(QUOTE);
        return true;
    }

    /** Whether a character, or a byte with its sign, stands for itself in a JSON string of ASCII. */
    static boolean isPlain(int c) {
        return c >= ' ' && c <= LAST_OF_ASCII && c != '"' && c != '\\';
    }

    /** Writes ASCII that is escaped already, or needs no escape. */
    void writeEscaped(String json) {
        byte[] to = room(json.length());
        for (int i = 0; i < json.length(); i++) {
            to[length++] = (byte) json.charAt(i);
        }
    }

    /** Writes ASCII that is escaped already. */
    void writeEscaped(byte[] json) {
        append(json, 0, json.length);
    }

    private void append(byte[] json, int offset, int count) {
        System.arraycopy(json, offset, room(count), length, count);
        length += count;
    }

    /** The whole message. */
    byte[] finish() {
        byte[] whole = Arrays.copyOf(bytes, length + TAIL.length);
        System.arraycopy(TAIL, 0, whole, length, TAIL.length);
        return whole;
    }

    private byte[] room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.addExact(length + length / 2, Math.addExact(more, USUAL_SIZE)));
        }
        return bytes;
    }
}
