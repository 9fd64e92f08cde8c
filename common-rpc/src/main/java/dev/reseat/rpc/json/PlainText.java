package dev.reseat.rpc.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Text that stands for itself in a JSON string: ASCII without control characters, quotation marks and backslashes.
 * Looked at eight bytes at a time, as the bodies of messages are nearly all of it.
 */
public final class PlainText {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final int SOON = 64; // most texts end before
    private static final int BLOCK = 1024;

    private PlainText() {}

    /** @return the first index that is not plain; {@code to} if all is */
    public static int end(byte[] bytes, int from, int to) {
        int at = endByWords(bytes, from, Math.min(to, from + SOON));
        if (at < to && at == from + SOON) {
            while (to - at >= BLOCK && isPlainBlock(bytes, at)) {
                at += BLOCK;
            }
            at = endByWords(bytes, at, to);
        }
        return at;
    }

    /** Without a way out of the loop, which lets the compiler look at several words at once. */
    private static boolean isPlainBlock(byte[] bytes, int from) {
        long others = 0;
        for (int at = from; at < from + BLOCK; at += Long.BYTES) {
            others |= others((long) WORD.get(bytes, at));
        }
        return others == 0;
    }

    private static int endByWords(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long others = others((long) WORD.get(bytes, at));
            if (others != 0) {
                return at + Long.numberOfTrailingZeros(others) / Byte.SIZE;
            }
        }
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /**
     * Copies what is plain, up to what is not.
     *
     * @param into has room for all of it
     * @return how many bytes are plain
     */
    public static int copy(byte[] bytes, int from, int to, byte[] into, int offset) {
        int plain = end(bytes, from, to) - from;
        System.arraycopy(bytes, from, into, offset, plain);
        return plain;
    }

    /** Its bytes; empty if it is not plain from end to end. */
    public static Optional<byte[]> bytes(String text) {
        return ascii(text).filter(bytes -> end(bytes, 0, bytes.length) == bytes.length);
    }

    /** Its bytes; empty if not all of it is ASCII. */
    public static Optional<byte[]> ascii(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean isAscii = utf8.length == text.length()
                // half a surrogate pair became a question mark
                && (!holdsQuestionMark(utf8) || decoded(utf8, 0, utf8.length).equals(text));
        return isAscii ? Optional.of(utf8) : Optional.empty();
    }

    private static boolean holdsQuestionMark(byte[] ascii) {
        long found = 0;
        int at = 0;
        for (; at <= ascii.length - Long.BYTES; at += Long.BYTES) {
            found |= ((long) WORD.get(ascii, at) ^ ONES * '?') - ONES;
        }
        for (; at < ascii.length; at++) {
            found |= (ascii[at] ^ '?') - 1L;
        }
        return (found & HIGH_BITS) != 0;
    }

    /** @param bytes ASCII */
    static String decoded(byte[] bytes, int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1); // the charset that is a mere copy
    }

    public static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }

    /**
     * A high bit for what is not plain; of bytes after the first one also by mistake, since it borrows from them. Zero
     * if all are plain.
     */
    private static long others(long word) {
        // turns a quotation mark into a space, and a space into more
        long controlOrQuote = (word ^ ONES * 2) - ONES * 33;
        long backslash = (word ^ ONES * '\\') - ONES;
        return (word | controlOrQuote | backslash) & HIGH_BITS;
    }
}
