package dev.reseat.api.rest;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A microversion of an OpenStack API. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})\\.([1-9]\\d{0,5}|0)");
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    /** @throws HttpFault 400 in Cinder's and Nova's words */
    public static ApiVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new HttpFault(
                    400,
                    "API Version String " + text + " is of invalid format. Must be of format MajorNum.MinorNum.");
        }
        return new ApiVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    public boolean atLeast(int otherMajor, int otherMinor) {
        return compareTo(new ApiVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
