package dev.reseat.api.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far an operator may overrule what stands in the way. Each grade is recorded with who used it and why. None
 * overrules a host that is seen to use the volume.
 */
public enum Force {
    /** The driver is asked, and its error or missing ability is overruled. */
    IGNORE_DRIVER_ERROR,
    /** The driver is not asked at all. */
    SKIP_DRIVER,
    /** The driver is asked, and its "I cannot see whether somebody uses it" is taken as a no. */
    ACCEPT_UNKNOWN;

    /** The name operators write: {@code ignore-driver-error}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Force> parse(String text) {
        return Arrays.stream(values())
                .filter(grade -> grade.text().equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
                .findFirst();
    }
}
