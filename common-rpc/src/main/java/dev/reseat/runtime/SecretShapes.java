package dev.reseat.runtime;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Secrets that show by themselves what they are, under whatever name: passwords inside URLs, cephx keys, tokens,
 * private keys. Time grows with the length of the text only.
 */
final class SecretShapes {
    private static final String SCHEME_END = "://";
    /** Every repetition is possessive or bounded: nothing to backtrack into. */
    private static final List<Pattern> SHAPES = List.of(
            Pattern.compile("()(?<![A-Za-z0-9])AQ[A-Za-z0-9+/_%-]{20,}+={0,2}+"), // cephx: type 1, little endian
            Pattern.compile("()\\bgAAAA[A-Za-z0-9_%-]{20,}+={0,2}+"), // Fernet token
            Pattern.compile("()\\beyJ[A-Za-z0-9_.-]{20,}+"), // JSON web token
            Pattern.compile("((?:DHHC-1|NVMeTLSkey-1):\\d\\d:)[A-Za-z0-9+/=]{8,}+"),
            Pattern.compile("(PRIVATE KEY-----)[^-]++"),
            Pattern.compile("((?i:\\bBearer\\s{1,5}))[A-Za-z0-9._~+/=-]{16,}+"),
            Pattern.compile("((?i:\\bBasic\\s{1,5}))(?=[A-Za-z._~+/-]*+[0-9=])[A-Za-z0-9._~+/=-]{8,}+"),
            // tgt's configuration: user, then password
            Pattern.compile("((?i:\\b(?:incoming|outgoing)user\\s{1,9}+)\\S{1,200}+\\s{1,9}+)\\S++"),
            // Cinder's provider_auth: CHAP, user, password
            Pattern.compile(
                    "((?<![=\\w-])CHAP\\s{1,5}+[^\\s=]{1,200}+\\s{1,5}+)(?=[^\\s=]{0,100}[0-9])[^\\s=,;)\\]}\"']{6,}+"),
            Pattern.compile("(\\bcinder-rtstool\\s{1,5}+create\\s{1,5}+(?:\\S{1,300}+\\s{1,5}+){3})\\S++"),
            Pattern.compile(
                    "(\\bsecret-set-value\\s{1,5}+(?:--secret\\s{1,5}+)?+[0-9a-fA-F-]{36}\\s{1,5}+)(?!-)[^\\s'\"]++"),
            // curl's user and password, Samba's, and those of tools that take a password alone
            Pattern.compile("((?:\\s-u|--(?:proxy-)?+user)[\\s=]{1,3}+[\"']?+[^\\s:\"']{1,100}+:)[^\\s\"']++"),
            Pattern.compile(
                    "((?:\\s-U|\\buser(?:name)?+)[\\s=]{1,3}+[\"']?+[^\\s%\"']{1,100}+%)"
                            + "(?![0-9A-Fa-f]{2})[^\\s\"',]++"),
            Pattern.compile("(\\bsshpass\\s{1,5}+-p\\s{0,5}+[\"']?+)[^\\s\"']++"),
            Pattern.compile(
                    "(\\bmysql(?:dump|admin)?+\\s(?:(?:(?!\\bmysql(?:dump|admin)?+\\s)[^\\n]){0,200}?\\s)?-p[\"']?+)"
                            + "[^\\s\"']++"));

    private SecretShapes() {}

    static String masked(String text) {
        String shown = withoutUrlPasswords(text);
        for (Pattern shape : SHAPES) {
            shown = shape.matcher(shown).replaceAll("$1" + SecretText.MASK);
        }
        return shown;
    }

    private static String withoutUrlPasswords(String text) {
        int scheme = text.indexOf(SCHEME_END);
        if (scheme < 0) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        int copied = 0;
        while (scheme >= 0) {
            int start = scheme + SCHEME_END.length();
            int next = text.indexOf(SCHEME_END, start);
            int end = end(text, start, next < 0 ? text.length() : next);
            int colon = first(text, start, end, ":");
            int at = at(text, start, colon, end);
            if (colon < at - 1) {
                shown.append(text, copied, colon + 1).append(SecretText.MASK);
                copied = at;
            }
            scheme = next;
        }
        return shown.append(text, copied, text.length()).toString();
    }

    /**
     * The {@code @} behind a password; -1 if there is none. One behind the first slash belongs to a path, unless what
     * is before that slash is neither a host nor a port.
     */
    private static int at(String text, int start, int colon, int end) {
        int path = first(text, start, end, "/?#");
        int at = last(text, start, path);
        if (at >= 0 || path < colon) {
            return at;
        }
        boolean port = colon + 1 < path && text.substring(colon + 1, path).chars().allMatch(Character::isDigit);
        return port ? -1 : last(text, path, end);
    }

    private static int first(String text, int start, int end, String characters) {
        int at = start;
        while (at < end && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int last(String text, int start, int end) {
        int at = end - 1;
        while (at >= start && text.charAt(at) != '@') {
            at--;
        }
        return at >= start ? at : -1;
    }

    private static int end(String text, int start, int limit) {
        int end = start;
        while (end < limit && !Character.isWhitespace(text.charAt(end)) && "\"'<>\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
