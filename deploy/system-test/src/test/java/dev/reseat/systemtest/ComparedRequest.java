package dev.reseat.systemtest;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of {@code comparison/requests.txt} or {@code flows.txt}, which two APIs are sent alike.
 *
 * @param version the microversion; {@code -} for none
 * @param path behind the project, or behind the root if it begins with {@code //}
 * @param headers instead of those that are sent otherwise; not sent where the value is empty
 */
record ComparedRequest(String method, String version, String path, Map<String, String> headers, String body) {
    private static final Pattern LINE = Pattern.compile("([A-Z]+) (\\S+) (/\\S*)((?: [A-Za-z-]+=\\S*)*)(?: (.*?))?"
            + "((?: [A-Za-z-]+=\\S*)*)");
    private static final Pattern WORD = Pattern.compile("\\{([A-Za-z0-9]+)}");
    private static final String VERSION = "OpenStack-API-Version";

    /** One for each version that the line names. */
    static List<ComparedRequest> parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is no request: " + line);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : (parts.group(4) + parts.group(6)).strip().split(" ", -1)) {
            String[] words = header.split("=", 2);
            if (words.length == 2) {
                headers.put(words[0], words[1].replace('+', ' '));
            }
        }
        List<ComparedRequest> requests = new ArrayList<>();
        for (String version : parts.group(2).split(",", -1)) {
            requests.add(new ComparedRequest(
                    parts.group(1), version, parts.group(3), headers, parts.group(5) == null ? "" : parts.group(5)));
        }
        return requests;
    }

    /** How it is called in reports and in the table. */
    String name() {
        StringBuilder name = new StringBuilder(method + " " + version + " " + path);
        headers.forEach((header, value) -> name.append(' ').append(header).append('=').append(value));
        return body.isEmpty() ? name.toString() : name.append(' ').append(body).toString();
    }

    /** As it is sent to the API behind that address. */
    HttpRequest to(String root, String user, String project, Map<String, String> words) {
        Map<String, String> sent = new LinkedHashMap<>();
        sent.put("X-Auth-Token", user + ":" + project);
        sent.put("Accept", "application/json");
        if (!version.equals("-")) {
            sent.put(VERSION, "volume " + version);
        }
        if (!body.isEmpty()) {
            sent.put("Content-Type", "application/json");
        }
        sent.putAll(headers);
        String target = worded(path, words);
        String place = target.startsWith("//") ? target.substring(1) : "/v3/" + project + target;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + encoded(place)))
                .timeout(Duration.ofSeconds(90))
                .method(method, body.isEmpty()
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(worded(body, words)));
        sent.forEach((header, value) -> {
            if (!value.isEmpty()) {
                request.header(header, value);
            }
        });
        return request.build();
    }

    private static String worded(String text, Map<String, String> words) {
        return WORD.matcher(text).replaceAll(word -> {
            String id = words.get(word.group(1));
            if (id == null) {
                throw new IllegalArgumentException("nobody knows " + word.group() + " of " + text);
            }
            return Matcher.quoteReplacement(id);
        });
    }

    /** What Python takes in a path and Java's addresses do not. */
    private static String encoded(String path) {
        return path.replace("[", "%5B").replace("]", "%5D").replace("{", "%7B").replace("}", "%7D");
    }
}
