package dev.reseat.api.object;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as Cinder writes them: UTC without saying so, always six decimals. */
public final class CinderTime {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private CinderTime() {}

    public static String text(Instant time) {
        return FORM.format(time);
    }
}
