package dev.reseat.runtime;

import java.util.Locale;

/**
 * Text for people, from whom- and wherever, without the secrets in it: command lines, Python's and Java's ways to print
 * values, JSON (also escaped, also cut off), XML, headers, mount options, keyrings, URLs. At least what
 * {@code oslo_utils.strutils.mask_password} hides is hidden, but for {@code secret_uuid}, which names a secret and is
 * none. Masking twice changes nothing more. Time grows with the length of the text only, whatever is in it.
 */
public final class SecretText {
    /** What stands in for a secret. */
    public static final String MASK = "***";

    private static final int LONGEST_QUOTE = 4;

    private final String text;
    private final StringBuilder shown;
    private int copied;

    private SecretText(String text) {
        this.text = text;
        this.shown = new StringBuilder(text.length());
    }

    /** The text as it may be shown. */
    public static String masked(String text) {
        return new SecretText(SecretShapes.masked(text)).withoutNamedSecrets();
    }

    private String withoutNamedSecrets() {
        int at = 0;
        while (at < text.length()) {
            int end = nameEnd(at);
            if (end == at) {
                at++;
            } else {
                at = afterName(at, end);
            }
        }
        return shown.append(text, copied, text.length()).toString();
    }

    /** @return where to go on: behind the secret if there was one, otherwise behind the name */
    private int afterName(int start, int end) {
        String name = text.substring(start, end);
        boolean option = text.startsWith("--", start - 2);
        boolean key = isKey(name);
        if (!key && !SecretName.isSecret(name) && !(option && name.equals("base64"))) {
            return end;
        }
        int quote = SecretValue.quoteEnd(text, end);
        int behind = blanksEnd(quote < 0 ? end : quote);
        if (isSeparator(behind) && (!key || text.charAt(behind) == '=')) {
            return hideAssigned(behind, isWholeLine(name));
        }
        if (quote >= 0) {
            return key ? end : hideListed(start, end, behind);
        }
        if (isAt(end, '>') && start > 0 && text.charAt(start - 1) == '<') {
            return hide(end + 1, SecretValue.until(text, end + 1, '<'));
        }
        if (option && behind > end && !isAt(behind, '-')) {
            return hide(SecretValue.of(text, behind, false));
        }
        if (key) {
            return end;
        }
        if (isAt(behind, '-')) {
            return hideArgument(end, behind);
        }
        return behind > end && SecretValue.quoteStart(text, behind) >= 0
                ? hide(SecretValue.of(text, behind, false))
                : end;
    }

    /** {@code name = value}, {@code "name": "value"}, {@code name: value}, {@code name => value}. */
    private int hideAssigned(int separator, boolean wholeLine) {
        boolean colon = text.charAt(separator) == ':';
        int value = separator + 1;
        while (isAt(value, '=') || isAt(value, '>')) {
            value++;
        }
        int line = value;
        value = blanksEnd(value);
        boolean onNextLine = colon && text.substring(line, value).indexOf('\n') >= 0;
        if (text.startsWith("//", value) || (onNextLine && SecretValue.quoteStart(text, value) < 0)) {
            return line; // a scheme, or a sentence that ends with a colon
        }
        return hide(SecretValue.of(text, value, wholeLine));
    }

    /** {@code 'name', '-v', 'value'} of a command, or the pair {@code ('name', 'value')}. */
    private int hideListed(int start, int end, int comma) {
        if (!isAt(comma, ',')) {
            return end;
        }
        int second = blanksEnd(comma + 1);
        int quote = SecretValue.quoteStart(text, second);
        if (quote < 0) {
            return end;
        }
        if (!isAt(SecretValue.quoteEnd(text, quote), '-')) {
            return isFirstOfPair(start) ? hide(SecretValue.of(text, second, false)) : end;
        }
        int third = blanksEnd(SecretValue.of(text, second, false).after());
        return isAt(third, ',') ? hide(SecretValue.of(text, blanksEnd(third + 1), false)) : end;
    }

    private boolean isFirstOfPair(int start) {
        int open = start - 1;
        while (open >= 0 && start - open <= LONGEST_QUOTE && "\"'\\uUbB".indexOf(text.charAt(open)) >= 0) {
            open--;
        }
        return open >= 0 && text.charAt(open) == '(';
    }

    /** {@code name -v value}, {@code name --value=value}. */
    private int hideArgument(int end, int dash) {
        int flag = dash;
        while (isAt(flag, '-')) {
            flag++;
        }
        int flagEnd = flag;
        while (flagEnd < text.length() && Character.isLetter(text.charAt(flagEnd))) {
            flagEnd++;
        }
        if (flagEnd == flag || flag - dash > 2) {
            return end;
        }
        int value = isAt(flagEnd, '=') ? flagEnd + 1 : blanksEnd(flagEnd);
        return value > flagEnd ? hide(SecretValue.of(text, value, false)) : end;
    }

    private int hide(SecretValue value) {
        return value.isAbsent(text) ? value.after() : hide(value.start(), value.end(), value.after());
    }

    private int hide(int start, int end) {
        return hide(start, end, end);
    }

    private int hide(int start, int end, int after) {
        if (end > start) {
            shown.append(text, copied, start).append(MASK);
            copied = end;
        }
        return Math.max(after, start);
    }

    /** {@code key} alone: of a keyring, or of an {@code rbd:} string. A word of many meanings where it is no option. */
    private static boolean isKey(String name) {
        return name.equalsIgnoreCase("key");
    }

    /** Values of several words. */
    private static boolean isWholeLine(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith("authorization") || lower.endsWith("provider_auth") || lower.endsWith("cookie");
    }

    private boolean isSeparator(int at) {
        return isAt(at, '=') || isAt(at, ':');
    }

    private boolean isAt(int at, char expected) {
        return at < text.length() && text.charAt(at) == expected;
    }

    private int blanksEnd(int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int nameEnd(int from) {
        return SecretValue.nameEnd(text, from);
    }
}
