package dev.reseat.api.store.cell;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL whose parts templates of {@code cell_mappings} may name, as {@code CellMapping._format_url} of Nova has it:
 * {@code {scheme}, {username}, {password}, {hostname}, {port}, {path}, {query}, {fragment}}, and of a list of servers
 * {@code {hostname1}} and so on.
 */
final class CellTemplate {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");
    private static final Pattern URL = Pattern.compile(
            "(?<scheme>[^:/?#]+)://(?<netloc>[^/?#]*)(?<path>[^?#]*)(?:\\?(?<query>[^#]*))?(?:#(?<fragment>.*))?");

    private final Map<String, String> parts;

    private CellTemplate(Map<String, String> parts) {
        this.parts = Map.copyOf(parts);
    }

    /** @param url a secret; without one, or with one that is none, no name stands for anything */
    static CellTemplate of(Optional<String> url) {
        Matcher form = URL.matcher(url.orElse(""));
        if (!form.matches()) {
            return new CellTemplate(Map.of());
        }
        Map<String, String> parts = new HashMap<>();
        parts.put("scheme", form.group("scheme"));
        parts.put("path", form.group("path").replaceFirst("^/+", ""));
        parts.put("query", Optional.ofNullable(form.group("query")).orElse(""));
        parts.put("fragment", Optional.ofNullable(form.group("fragment")).orElse(""));
        String netloc = form.group("netloc");
        server(parts, "", netloc);
        if (netloc.contains(",")) {
            String[] servers = netloc.split(",", -1);
            for (int i = 0; i < servers.length; i++) {
                server(parts, String.valueOf(i + 1), servers[i]);
            }
        }
        return new CellTemplate(parts);
    }

    private static void server(Map<String, String> parts, String number, String netloc) {
        int at = netloc.lastIndexOf('@');
        String[] login = (at < 0 ? "" : netloc.substring(0, at)).split(":", 2);
        String place = netloc.substring(at + 1);
        int bracket = place.lastIndexOf(']');
        int colon = place.indexOf(':', Math.max(bracket, 0));
        put(parts, "username" + number, login[0]);
        put(parts, "password" + number, login.length == 2 ? login[1] : "");
        put(parts, "hostname" + number, (colon < 0 ? place : place.substring(0, colon)).replaceAll("[\\[\\]]", ""));
        put(parts, "port" + number, colon < 0 ? "" : place.substring(colon + 1));
    }

    private static void put(Map<String, String> parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.put(name, value);
        }
    }

    /**
     * The template with its names replaced.
     *
     * @throws IllegalArgumentException if one of them stands for nothing; the message repeats nothing that is secret
     */
    String fill(String template) {
        Matcher names = NAME.matcher(template);
        StringBuilder filled = new StringBuilder();
        while (names.find()) {
            String value = Optional.ofNullable(parts.get(names.group(1)))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "it names {" + names.group(1) + "}, and the URL that it is to be filled from has none"));
            names.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return names.appendTail(filled).toString();
    }
}
