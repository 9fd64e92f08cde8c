package dev.reseat.contract.connection;

import java.util.Locale;

/** A world wide name of a Fibre Channel port: sixteen hexadecimal digits in lower case, however it was written. */
public record Wwn(String digits) {
    public Wwn {
        digits = digits.toLowerCase(Locale.ROOT).replace(":", "").replaceFirst("^0x", "");
        if (!digits.matches("[0-9a-f]{16}")) {
            throw new MalformedConnection("not a world wide name");
        }
    }

    @Override
    public String toString() {
        return digits;
    }
}
