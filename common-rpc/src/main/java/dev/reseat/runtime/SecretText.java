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
    /** An encoded text in an encoded text in an encoded text. */
    private static final int LAYERS = 3;

    private final String text;
    private final StringBuilder shown;
    private int copied;

    private SecretText(String text) {
        this.text = text;
        this.shown = new StringBuilder(text.length());
    }

    /** The text as it may be shown. Where a secret is found only below an encoding, it is shown without that. */
    public static String masked(String text) {
        String shown = plainly(text);
        String plain = shown;
        for (int layer = 0; layer < LAYERS; layer++) {
            String decoded = SecretEncodings.decoded(plain);
            if (decoded.equals(plain)) {
                break;
            }
            plain = plainly(decoded);
            shown = plain.equals(decoded) ? shown : plain;
        }
        return shown;
    }

    private static String plainly(String text) {
        return new SecretText(SecretShapes.masked(SecretXml.masked(text))).withoutNamedSecrets();
    }

    private String withoutNamedSecrets() {
        int at = 0;
        while (at < text.length()) {
            int end = nameEnd(at);
            if (end == at || isEscape(at)) {
                at++;
            } else {
                at = afterName(at, end);
            }
        }
        return shown.append(text, copied, text.length()).toString();
    }

    /** Whether a letter here is a line's end or the like as programs write it: the name begins behind it. */
    private boolean isEscape(int at) {
        return at > 0 && text.charAt(at - 1) == '\\' && "nrt".indexOf(text.charAt(at)) >= 0;
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
        if (isSeparator(behind) && (!key || text.charAt(behind) == '=' || (quote >= 0 && !isOfPair(behind)))) {
            return hideAssigned(behind, isWholeLine(name));
        }
        if (!key && isAt(behind, ',') && valueOfPair(behind) >= 0) {
            return hideAssigned(valueOfPair(behind), isWholeLine(name));
        }
        if (quote >= 0 && !key && (isAt(behind, '-') || isAt(SecretValue.quoteEnd(text, behind), '-'))) {
            return hideArgument(end, isAt(behind, '-') ? behind : SecretValue.quoteEnd(text, behind));
        }
        if (quote >= 0) {
            return key ? end : hideListed(start, end, behind);
        }
        return afterBareName(name, start, end, behind, option);
    }

    /** As {@link #afterName}, of a name without quotes that nothing is assigned to. */
    private int afterBareName(String name, int start, int end, int behind, boolean option) {
        if (!isKey(name) && isColumn(end, behind)) {
            return hide(SecretValue.of(text, isAt(behind, '|') ? blanksEnd(behind + 1) : behind, isWholeLine(name)));
        }
        if (isAt(end, '>') && start > 0 && text.charAt(start - 1) == '<') {
            return hide(end + 1, SecretValue.until(text, end + 1, '<'));
        }
        if (isAt(end, '>') && isAt(end - 1, '-')) {
            return hide(SecretValue.of(text, blanksEnd(end + 1), isWholeLine(name))); // name->value
        }
        if (option && behind > end && !isAt(behind, '-')) {
            return hide(SecretValue.of(text, behind, false));
        }
        if (isKey(name)) {
            return end;
        }
        if (isAt(behind, '-')) {
            return hideArgument(end, behind);
        }
        return behind > end && SecretValue.quoteStart(text, behind) >= 0
                ? hide(SecretValue.of(text, behind, false))
                : end;
    }

    /** Whether the value of {@code "key": …} at this colon is followed by a {@code "value"}, and so only a name. */
    private boolean isOfPair(int colon) {
        int comma = blanksEnd(SecretValue.of(text, blanksEnd(colon + 1), false).after());
        return isAt(comma, ',') && valueOfPair(comma) >= 0;
    }

    /** The separator of {@code , "value": …} or {@code , value=…} at this comma; -1 if something else is there. */
    private int valueOfPair(int comma) {
        int name = blanksEnd(comma + 1);
        int opening = SecretValue.quoteStart(text, name);
        int start = opening < 0 ? name : SecretValue.quoteEnd(text, opening);
        int end = nameEnd(start);
        if (end - start != 5 || !text.regionMatches(true, start, "value", 0, 5)) {
            return -1;
        }
        int closing = SecretValue.quoteEnd(text, end);
        int separator = blanksEnd(closing < 0 ? end : closing);
        return isSeparator(separator) ? separator : -1;
    }

    /** {@code name | value} and {@code name->value}, or a value in the next column: a tab or some blanks away. */
    private boolean isColumn(int end, int behind) {
        if (isAt(behind, '|')) {
            return true;
        }
        String gap = text.substring(end, behind);
        return behind < text.length()
                && Character.isLetterOrDigit(text.charAt(behind))
                && gap.indexOf('\n') < 0
                && (gap.length() > 1 || gap.indexOf('\t') >= 0);
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
        if (isBlock(value)) {
            value = blanksEnd(value + 1);
            line = value;
        }
        boolean onNextLine = colon && text.substring(line, value).indexOf('\n') >= 0;
        if (text.startsWith("//", value)
                || (onNextLine && SecretValue.quoteStart(text, value) < 0 && !isIndented(value))) {
            return line; // a scheme, or a sentence that ends with a colon
        }
        if (isAt(value, '$') && SecretValue.quoteStart(text, value + 1) >= 0) {
            value++; // a shell's quotes with escapes
        }
        return hide(SecretValue.of(text, value, wholeLine));
    }

    /** YAML's {@code |} and {@code >}, and a shell's backslash: the value is on the next line. */
    private boolean isBlock(int at) {
        return at < text.length() && "|>\\".indexOf(text.charAt(at)) >= 0 && isAt(at + 1, '\n');
    }

    /** Whether a line of one word begins here, further in. */
    private boolean isIndented(int at) {
        int end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        boolean alone = end == text.length() || text.charAt(end) == '\n';
        return alone && end > at && text.charAt(end - 1) != ':' && isBlank(at - 1) && isBlank(at - 2)
                && text.charAt(at - 1) != '\n' && text.charAt(at - 2) != '\n';
    }

    private boolean isBlank(int at) {
        return at >= 0 && at < text.length() && Character.isWhitespace(text.charAt(at));
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
        return open >= 0 && (text.charAt(open) == '(' || (open > 0 && text.startsWith("[[", open - 1)));
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
        int closing = SecretValue.quoteEnd(text, dash - 1) == dash ? SecretValue.quoteEnd(text, flagEnd) : -1;
        if (closing >= 0 && flagEnd > flag && isBlank(closing)) {
            return hide(SecretValue.of(text, blanksEnd(closing), false)); // 'name' '-v' 'value'
        }
        if (flagEnd == flag || flag - dash > 2) {
            return end;
        }
        int value = isAt(flagEnd, '=') ? flagEnd + 1 : blanksEnd(flagEnd);
        return value > flagEnd ? hide(SecretValue.of(text, value, false)) : end;
    }

    private int hide(SecretValue value) {
        if (value.isAbsent(text)) {
            return value.after();
        }
        int after = hide(value.start(), value.end(), value.after());
        while (value.quoted() && isGluedOn(after)) { // a shell's 'it'\''s'
            int next = text.charAt(after) == '\\' ? after + 2 : after;
            SecretValue more = SecretValue.of(text, next, false);
            copied = more.after();
            after = more.after();
        }
        return after;
    }

    /** Whether a value in single quotes goes on behind them. */
    private boolean isGluedOn(int at) {
        if (!isAt(at - 1, '\'')) {
            return false;
        }
        return text.startsWith("\\''", at)
                || (isAt(at, '\'') && at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1)));
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
        return at >= 0 && at < text.length() && text.charAt(at) == expected;
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
