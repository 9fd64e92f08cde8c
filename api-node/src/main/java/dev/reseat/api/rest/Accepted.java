package dev.reseat.api.rest;

import java.util.Locale;

/** What a client wants to read a page in, by its {@code Accept} header; WebOb prefers HTML. */
enum Accepted {
    HTML("text/html", "text/*"),
    JSON("application/json", "application/*"),
    TEXT("text/plain", "text/plain");

    private final String type;
    private final String range;

    Accepted(String type, String range) {
        this.type = type;
        this.range = range;
    }

    static Accepted of(String accept) {
        if (accept == null) {
            return TEXT;
        }
        double html = HTML.quality(accept);
        double json = JSON.quality(accept);
        if (html > 0 && html >= json) {
            return HTML;
        }
        return json > 0 ? JSON : TEXT;
    }

    /** The most precise range decides. */
    private double quality(String accept) {
        double quality = 0;
        int precision = -1;
        for (String part : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] words = part.strip().split("\\s*;\\s*", -1);
            int found = words[0].equals(type) ? 2 : words[0].equals(range) ? 1 : words[0].equals("*/*") ? 0 : -1;
            if (found > precision) {
                precision = found;
                quality = weight(words);
            }
        }
        return quality;
    }

    private static double weight(String[] words) {
        for (String word : words) {
            if (word.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(word.substring(2));
            }
        }
        return 1;
    }
}
