package dev.reseat.systemtest;

import dev.reseat.systemtest.ExplainedAnswers.Difference;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an API has answered, without what differs by nature: its address and ids of its own are words, a request id is
 * only there or not.
 *
 * @param headers those that clients go by
 */
record ComparedAnswer(int status, Map<String, String> headers, String body) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> HEADERS = List.of(
            "Content-Type", "OpenStack-API-Version", "Vary", "Location", "WWW-Authenticate", "X-Auth-Token",
            "X-Server-Management-Url", "X-Openstack-Request-Id", "X-Compute-Request-Id");
    private static final String REQUEST_ID = "req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?";
    private static final String ABSENT = "not there";
    private static final Pattern UNORDERED =
            Pattern.compile("body\\.(services|volume-summary\\.metadata\\..*|volume(s\\.\\d+)?\\.attachments)");

    /** @param words what to write instead of parts of the answer */
    static ComparedAnswer of(HttpResponse<String> response, Map<String, String> words, boolean withTimes) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : HEADERS) {
            response.headers()
                    .firstValue(name)
                    .ifPresent(value -> headers.put(
                            name, name.equals("Content-Type")
                                    ? value.toLowerCase(Locale.ROOT).replaceFirst("; ?charset=", "; charset=")
                                    : worded(value, words, withTimes)));
        }
        return new ComparedAnswer(response.statusCode(), headers, worded(response.body(), words, withTimes));
    }

    private static String worded(String text, Map<String, String> words, boolean withTimes) {
        String worded = text.replaceAll(REQUEST_ID, "a request id");
        for (Map.Entry<String, String> word : words.entrySet()) {
            worded = worded.replace(word.getKey(), word.getValue());
        }
        return withTimes ? worded : worded.replaceAll(TIME, "a time");
    }

    /** This is what ours has answered. With another status it is another answer: the rest follows from that. */
    List<Difference> differences(String request, ComparedAnswer theirs) {
        if (status != theirs.status) {
            return List.of(new Difference(request, "status", "" + status, "" + theirs.status));
        }
        List<Difference> all = new ArrayList<>();
        for (String name : HEADERS) {
            String ours = headers.getOrDefault(name, ABSENT);
            String other = theirs.headers.getOrDefault(name, ABSENT);
            if (!ours.equals(other)) {
                all.add(new Difference(request, name, ours, other));
            }
        }
        compareBodies(request, theirs, all);
        return all;
    }

    private void compareBodies(String request, ComparedAnswer theirs, List<Difference> all) {
        if (body.equals(theirs.body)) {
            return;
        }
        try {
            compare(request, "body", JSON.readTree(body), JSON.readTree(theirs.body), all);
        } catch (JacksonException noJson) {
            all.add(new Difference(request, "body", body, theirs.body));
        }
    }

    private static void compare(String request, String what, JsonNode ours, JsonNode theirs, List<Difference> all) {
        if (ours.isObject() && theirs.isObject()) {
            Set<String> names = new TreeSet<>(ours.propertyNames());
            names.addAll(theirs.propertyNames());
            names.forEach(name -> compare(request, what + "." + name, ours.path(name), theirs.path(name), all));
        } else if (ours.isArray() && theirs.isArray() && ours.size() == theirs.size()) {
            List<JsonNode> our = inOrder(what, ours);
            List<JsonNode> their = inOrder(what, theirs);
            for (int i = 0; i < our.size(); i++) {
                compare(request, what + "." + i, our.get(i), their.get(i), all);
            }
        } else if (!ours.equals(theirs)) {
            all.add(new Difference(request, what, said(ours), said(theirs)));
        }
    }

    /** Of lists that their database gives in any order, one. */
    private static List<JsonNode> inOrder(String what, JsonNode list) {
        List<JsonNode> items = new ArrayList<>(list.values());
        if (UNORDERED.matcher(what).matches()) {
            items.sort(Comparator.comparing(item -> item.path("binary").asString("") + item.path("host").asString("")
                    + item));
        }
        return items;
    }

    private static String said(JsonNode value) {
        return value.isMissingNode() ? ABSENT : value.isString() ? value.stringValue() : value.toString();
    }

    /** The id of the attachment that it is about, if it is about one. */
    static List<String> attachments(String body) {
        List<String> ids = new ArrayList<>();
        try {
            JsonNode answer = JSON.readTree(body);
            answer.path("attachment").path("id").stringValueOpt().ifPresent(ids::add);
            answer.path("volume")
                    .path("attachments")
                    .forEach(one -> one.path("attachment_id").stringValueOpt().ifPresent(ids::add));
        } catch (JacksonException noJson) {
            return List.of();
        }
        return ids;
    }
}
