package dev.reseat.rpc.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A JSON value that is not looked into yet: what it has to become is known only once the method is. Holds on to the
 * message it came with. Immutable.
 */
public final class RawJson {
    public static final RawJson NULL = of("null");
    public static final RawJson EMPTY_OBJECT = of("{}");

    private static final int LAST_OF_ASCII = 0x7F;

    private final ByteBuffer ascii;
    private final Optional<String> string;

    private RawJson(ByteBuffer ascii, Optional<String> string) {
        this.ascii = ascii;
        this.string = string;
    }

    /** @param text one well-formed JSON value */
    static RawJson of(String text) {
        String ascii = text.chars().allMatch(c -> c <= LAST_OF_ASCII) ? text : escaped(text);
        return of(ByteBuffer.wrap(ascii.getBytes(StandardCharsets.US_ASCII)));
    }

    /** @param ascii one well-formed JSON value in an array; must not be changed any more */
    static RawJson of(ByteBuffer ascii) {
        return new RawJson(ascii, Optional.empty());
    }

    /** The same value, which is this string. */
    RawJson withString(String read) {
        return new RawJson(ascii, Optional.of(read));
    }

    /** Well-formed JSON has such characters in its texts only. Half a surrogate pair passes. */
    private static String escaped(String json) {
        var escaped = new StringBuilder(2 * json.length());
        json.chars().forEach(c -> {
            if (c > LAST_OF_ASCII) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    /** The value, its characters beyond ASCII escaped. */
    public String text() {
        return StandardCharsets.US_ASCII.decode(ascii.duplicate()).toString();
    }

    public boolean isNull() {
        return ascii.equals(NULL.ascii);
    }

    /** What the value is if it is a string and has been read already: a long one is not read twice. */
    Optional<String> string() {
        return string;
    }

    boolean isObject() {
        return ascii.get(ascii.position()) == '{';
    }

    /** The value in an array. Not to be changed. */
    ByteBuffer ascii() {
        return ascii;
    }

    /** Says the size only: arguments carry secrets. */
    @Override
    public String toString() {
        return "RawJson[" + ascii.remaining() + " characters]";
    }
}
