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
    private static final int USUAL_SIZE = 1024;

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
        byte[] to = room(2 * count);
        int at = length;
        for (int i = offset; i < offset + count; i++) {
            byte b = json[i];
            if (b == '"' || b == '\\')
                to[at++] = '\\';
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
        byte[] to = room(text.length() + 4);
        int at = length;
        to[at++] = '\\';
        to[at++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\')
                return false;
            to[at++] = (byte) c;
        }
        to[at++] = '\\';
        to[at++] = '"';
        length = at;
        return true;
    }

    /** Writes ASCII that is escaped already, or needs no escape. */
    void writeEscaped(String json) {
        byte[] to = room(json.length());
        for (int i = 0; i < json.length(); i++)
            to[length++] = (byte) json.charAt(i);
    }

    /** Writes ASCII that is escaped already. */
    void writeEscaped(byte[] json) {
        System.arraycopy(json, 0, room(json.length), length, json.length);
        length += json.length;
    }

    /** The whole message. */
    byte[] finish() {
        byte[] whole = Arrays.copyOf(bytes, length + TAIL.length);
        System.arraycopy(TAIL, 0, whole, length, TAIL.length);
        return whole;
    }

    private byte[] room(int more) {
        if (bytes.length - length < more)
            bytes = Arrays.copyOf(bytes, Math.addExact(Math.addExact(length, length), more));
        return bytes;
    }
}
