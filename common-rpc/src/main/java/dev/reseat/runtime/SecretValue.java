package dev.reseat.runtime;

/**
 * Where a value in free text begins and ends.
 *
 * @param start of what is hidden, behind an opening quote
 * @param end of what is hidden, before the closing quote
 * @param after where reading goes on
 */
record SecretValue(int start, int end, int after, boolean quoted) {
    private static final String CLOSERS = ",;)]}\\";
    /** JSON in JSON in JSON in JSON. */
    private static final int DEEPEST = 15;

    /**
     * The value at this place.
     *
     * @param wholeLine whether it may hold blanks though it is not quoted
     */
    static SecretValue of(String text, int at, boolean wholeLine) {
        int quote = quoteStart(text, at);
        if (quote >= 0) {
            return quoted(text, quote);
        }
        if (at < text.length() && "{[(".indexOf(text.charAt(at)) >= 0) {
            int end = containerEnd(text, at);
            return new SecretValue(at, end, end, false);
        }
        int end = wholeLine ? lineEnd(text, at) : wordEnd(text, at);
        while (end > at && CLOSERS.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return new SecretValue(at, end, end, false);
    }

    /** Whether it says that there is no secret. */
    boolean isAbsent(String text) {
        return !quoted && end - start == 4 && (text.startsWith("null", start) || text.startsWith("None", start));
    }

    /** The quote of a value here, also escaped and with Python's prefix; -1 if there is none. */
    static int quoteStart(String text, int at) {
        int from = at < text.length() - 1 && "uUbB".indexOf(text.charAt(at)) >= 0 ? at + 1 : at;
        return quoteEnd(text, from) >= 0 ? from : -1;
    }

    /** The place behind the quote here, also escaped; -1 if there is none. */
    static int quoteEnd(String text, int at) {
        int quote = at;
        while (quote < text.length() && text.charAt(quote) == '\\' && quote - at <= DEEPEST) {
            quote++;
        }
        return quote < text.length() && isQuote(text.charAt(quote)) ? quote + 1 : -1;
    }

    /** The end of the name that begins here; the place itself if there is none. */
    static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isNamePart(text.charAt(end)) && (end > from || isNameStart(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    static int until(String text, int from, char last) {
        int end = text.indexOf(last, from);
        return end < 0 ? text.length() : end;
    }

    /**
     * A quoted text ends at the same quote with as many backslashes as the opening one, or with more only if they stand
     * for themselves. One that was cut off ends with the text.
     */
    private static SecretValue quoted(String text, int opening) {
        int start = quoteEnd(text, opening);
        char quote = text.charAt(start - 1);
        int level = start - 1 - opening;
        int backslashes = 0;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote && backslashes % (2 * (level + 1)) == level) {
                return new SecretValue(start, at - level, at + 1, true);
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }
        return new SecretValue(start, text.length(), text.length(), true);
    }

    private static int containerEnd(String text, int opening) {
        int depth = 0;
        for (int at = opening; at < text.length(); at++) {
            char c = text.charAt(at);
            if ("{[(".indexOf(c) >= 0) {
                depth++;
            } else if ("}])".indexOf(c) >= 0 && --depth == 0) {
                return at + 1;
            }
        }
        return text.length();
    }

    /** Up to a blank, a quote, a closing tag, or the next {@code name=} of a list of options. */
    private static int wordEnd(String text, int from) {
        int end = from;
        while (end < text.length() && !isStop(text, end) && !isNextOption(text, end)) {
            end++;
        }
        return end;
    }

    private static boolean isNextOption(String text, int at) {
        if (",;&:".indexOf(text.charAt(at)) < 0) {
            return false;
        }
        int end = nameEnd(text, at + 1);
        return end > at + 1 && end < text.length() && text.charAt(end) == '=';
    }

    private static int lineEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r'
                && !isQuote(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isStop(String text, int at) {
        char c = text.charAt(at);
        return Character.isWhitespace(c) || isQuote(c) || text.startsWith("</", at);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }
}
