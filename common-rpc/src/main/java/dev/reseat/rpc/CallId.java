package dev.reseat.rpc;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/** The id that ties a reply to its call: 32 lower-case hexadecimal digits, as Python's {@code uuid4().hex}. */
public record CallId(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long HIGH = RANDOM.nextLong();
    private static final long LOW = RANDOM.nextLong();
    private static final AtomicLong COUNT = new AtomicLong();
    private static final HexFormat HEX = HexFormat.of();

    public CallId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("call id is blank");
        }
    }

    /**
     * An id that no other process has, in the form of a random UUID. Made of a number that the process has drawn once
     * and a count, since many threads draw ids and a secure generator serves one at a time: unique, not secret.
     */
    public static CallId random() {
        long count = COUNT.getAndIncrement();
        long high = (scattered(HIGH + count) & ~0xF000L) | 0x4000L; // version 4
        long low = (scattered(LOW + count) & ~(3L << 62)) | (2L << 62); // its variant
        return new CallId(HEX.toHexDigits(high) + HEX.toHexDigits(low));
    }

    /** One to one: the finalizer of SplitMix64. */
    private static long scattered(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
