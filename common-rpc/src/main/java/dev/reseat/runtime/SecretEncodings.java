package dev.reseat.runtime;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text that was encoded for a URL, for HTML or XML, or with escapes for characters: what it says. */
final class SecretEncodings {
    private static final Pattern ENCODED = Pattern.compile(
            "%([0-7][0-9A-Fa-f])|\\\\x([0-7][0-9A-Fa-f])|\\\\u00([0-7][0-9A-Fa-f])"
                    + "|&(quot|apos|lt|gt|amp|#3[49]|#x2[27]);"
                    + "|(?<=%[0-7][0-9A-Fa-f])\\+|\\+(?=%(?:3[ADad]|2[27Cc]|[57][BbDd]))");
    private static final List<String> ENTITIES =
            List.of("quot", "\"", "apos", "'", "lt", "<", "gt", ">", "amp", "&", "#34", "\"", "#39", "'", "#x22", "\"",
                    "#x27", "'");

    private SecretEncodings() {}

    /** One layer of encoding less; the same text if there is none. */
    static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('&') < 0 && text.indexOf('\\') < 0) {
            return text;
        }
        return ENCODED.matcher(text).replaceAll(found -> Matcher.quoteReplacement(character(found)));
    }

    private static String character(MatchResult found) {
        for (int group = 1; group <= 3; group++) {
            if (found.group(group) != null) {
                return String.valueOf((char) Integer.parseInt(found.group(group), 16));
            }
        }
        return found.group(4) == null ? " " : ENTITIES.get(ENTITIES.indexOf(found.group(4)) + 1);
    }
}
