package dev.reseat.api.rest.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the Python lists and dicts of texts that clients put into queries: {@code status=['error', 'in-use']}. */
public final class PythonLiteral {
    private static final String TEXT = "[uU]?(?:'([^'\\\\]*)'|\"([^\"\\\\]*)\")";
    private static final Pattern ITEM = Pattern.compile("\\G\\s*" + TEXT + "\\s*(?:,|$)");
    private static final Pattern PAIR = Pattern.compile("\\G\\s*" + TEXT + "\\s*:\\s*" + TEXT + "\\s*(?:,|$)");

    private PythonLiteral() {}

    /** The texts of a list or tuple; empty if it is none. */
    public static Optional<List<String>> list(String literal) {
        return inside(literal, '[', ']').or(() -> inside(literal, '(', ')')).flatMap(text -> {
            Matcher matcher = ITEM.matcher(text);
            List<String> items = matcher.results().map(match -> either(match.group(1), match.group(2))).toList();
            return whole(ITEM, text) ? Optional.of(items) : Optional.empty();
        });
    }

    /** The texts of a dict; empty if it is none. */
    public static Optional<Map<String, String>> dict(String literal) {
        return inside(literal, '{', '}').flatMap(text -> {
            Map<String, String> pairs = new LinkedHashMap<>();
            PAIR.matcher(text)
                    .results()
                    .forEach(match -> pairs.put(
                            either(match.group(1), match.group(2)), either(match.group(3), match.group(4))));
            return whole(PAIR, text) ? Optional.of(pairs) : Optional.empty();
        });
    }

    private static Optional<String> inside(String literal, char open, char close) {
        String text = literal.strip();
        boolean framed = text.length() >= 2 && text.charAt(0) == open && text.charAt(text.length() - 1) == close;
        return framed ? Optional.of(text.substring(1, text.length() - 1).strip()) : Optional.empty();
    }

    private static boolean whole(Pattern part, String text) {
        Matcher matcher = part.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end)) {
            end = matcher.end();
        }
        return end >= text.length();
    }

    private static String either(String single, String twice) {
        return single == null ? twice : single;
    }
}
