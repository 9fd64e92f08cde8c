package dev.reseat.api.object;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Points in time as versioned objects carry them: {@code YYYY-MM-DDTHH:MM:SSZ}, without fractions. */
final class WireTime {
    private WireTime() {}

    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
