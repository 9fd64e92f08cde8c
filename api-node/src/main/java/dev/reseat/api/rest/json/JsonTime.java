package dev.reseat.api.rest.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times as Cinder writes them: UTC without saying so, always six decimals. */
final class JsonTime {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private JsonTime() {}

    static String text(Instant time) {
        return FORM.format(time);
    }
}
