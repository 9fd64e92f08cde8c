package dev.reseat.rpc.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Arbitrary JSON values, the same for the same seed: as a Java object that reads back equal. Used by one thread. */
final class JsonValues {
    private static final int DEEPEST = 6;
    private static final int MANY = 5;
    private static final int LONGEST_TEXT = 12;
    private static final int MOST_BITS = 10_000;
    private static final double[] ODD = {
            0.0, -0.0, 1e16, 1e-7, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.NEGATIVE_INFINITY};

    private final SplittableRandom random;

    JsonValues(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Object next() {
        return value(0);
    }

    Map<String, Object> nextObject() {
        return object(0);
    }

    String nextText() {
        var text = new StringBuilder();
        for (int i = random.nextInt(LONGEST_TEXT); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x20)); // control
                case 1 -> text.append((char) random.nextInt(0xd800, 0xe000)); // half of a surrogate pair
                case 2 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
                case 3 -> text.append((char) random.nextInt(0x80, 0xd800));
                case 4 -> text.append("\"\\/\u2028\ufeff\u007f".charAt(random.nextInt(6)));
                default -> text.append((char) random.nextInt(0x20, 0x7f));
            }
        }
        return text.toString();
    }

    /** Jackson reads no key that has half of a surrogate pair. */
    private String nextName() {
        String text = nextText();
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> whole();
            case 3 -> Double.longBitsToDouble(random.nextLong());
            case 4 -> ODD[random.nextInt(ODD.length)];
            case 5, 6 -> nextText();
            case 7 -> list(depth);
            default -> object(depth);
        };
    }

    /** In the type that a reader chooses for it: the smallest that holds it. */
    private Object whole() {
        byte[] bits = new byte[1 + random.nextInt(random.nextInt(8) == 0 ? MOST_BITS / 8 : 12)];
        random.nextBytes(bits);
        var whole = new BigInteger(bits);
        if (whole.bitLength() < Integer.SIZE) {
            return whole.intValueExact();
        }
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValueExact() : whole;
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(MANY); i > 0; i--) {
            list.add(value(depth + 1));
        }
        return list;
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(MANY); i > 0; i--) {
            object.put(nextName(), value(depth + 1));
        }
        return object;
    }
}
