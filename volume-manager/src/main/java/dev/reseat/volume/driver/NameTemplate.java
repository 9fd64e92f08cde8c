package dev.reseat.volume.driver;

import java.util.regex.Pattern;

/**
 * {@code volume_name_template}: what volumes are called at a backend.
 *
 * @param text {@code %s} is the volume's id
 */
public record NameTemplate(String text) {
    private static final String ID = "%s";

    public NameTemplate {
        if (text.split(ID, -1).length != 2) {
            throw new IllegalArgumentException("volume_name_template must have one %s: '" + text + "'");
        }
    }

    /** What stands before the id. */
    public String before() {
        return text.substring(0, text.indexOf(ID));
    }

    /** What stands after it. */
    public String after() {
        return text.substring(text.indexOf(ID) + ID.length());
    }

    public String nameOf(String nameId) {
        return before() + nameId + after();
    }

    /** Whether something is called as a volume is; snapshots and other files of a volume are not. */
    public boolean names(String name) {
        return Pattern.matches(Pattern.quote(before()) + BackendVolume.NAME_ID + Pattern.quote(after()), name);
    }
}
