package dev.reseat.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets of XML: what stands in an element or in the attribute {@code value} where the element's name, or the name
 * that it or the element before it gives, is a secret's. Time grows with the length of the text only.
 */
final class SecretXml {
    private static final Pattern TAG = Pattern.compile("<(/?+[A-Za-z_][\\w.:-]{0,80}+)([^<>]{0,2000}+)>([^<]*+)");
    private static final Pattern NAMED =
            Pattern.compile("\\b(?:name|key|id)\\s{0,5}+=\\s{0,5}+[\"']([\\w.:-]{1,100}+)[\"']");
    private static final Pattern VALUE = Pattern.compile("(\\bvalue\\s{0,5}+=\\s{0,5}+([\"'])).*?\\2", Pattern.DOTALL);

    private SecretXml() {}

    static String masked(String text) {
        if (text.indexOf('<') < 0) {
            return text;
        }
        Matcher tag = TAG.matcher(text);
        StringBuilder shown = new StringBuilder(text.length());
        int copied = 0;
        boolean announced = false;
        while (tag.find()) {
            String name = tag.group(1).substring(tag.group(1).lastIndexOf(':') + 1);
            String attributes = tag.group(2);
            boolean secret = isNamed(name, attributes) || (announced && name.equals("value"));
            if (secret) {
                shown.append(text, copied, tag.start(2))
                        .append(VALUE.matcher(attributes).replaceAll("$1***$2"))
                        .append('>');
                boolean content = !attributes.endsWith("/") && !tag.group(3).isBlank();
                shown.append(content ? SecretText.MASK : tag.group(3));
                copied = tag.end();
            }
            announced = announces(name, secret, tag.group(3), announced);
        }
        return shown.append(text, copied, text.length()).toString();
    }

    private static boolean isNamed(String name, String attributes) {
        if (SecretName.isSecret(name)) {
            return true;
        }
        Matcher named = NAMED.matcher(attributes);
        while (named.find()) {
            if (SecretName.isSecret(named.group(1))) {
                return true;
            }
        }
        return false;
    }

    /** {@code <secret><value>} and {@code <name>password</name><value>}. */
    private static boolean announces(String name, boolean secret, String content, boolean before) {
        if (name.startsWith("/")) {
            return before && !name.equals("/value");
        }
        return (secret && content.isBlank()) || SecretName.isSecret(content.strip());
    }
}
