package dev.reseat.api.cli;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Items that tell the same, whichever volume they are of, as one line: what an operator reads first. */
final class JobSummary {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST = 20;

    private JobSummary() {}

    /** Items that tell the same. */
    private record Group(String state, String text, String example, int items) {
        static Group of(JsonNode item) {
            String volume = item.path("volume_id").asString();
            String told = item.path("detail").asString(item.path("plan").asString("-")).replace(volume, "VOLUME");
            return new Group(item.path("state").asString(), ID.matcher(told).replaceAll("ID"), volume, 1);
        }

        Group and(Group other) {
            return new Group(state, text, example, items + other.items);
        }

        String line() {
            return "  " + items + " " + state + ": " + text + (items > 1 ? " (one of them: " + example + ")" : "");
        }
    }

    /** In the order in which items go through the states, of each state the most frequent first. */
    static String of(List<JsonNode> items) {
        Map<List<String>, Group> groups = new LinkedHashMap<>();
        items.stream()
                .map(Group::of)
                .forEach(one -> groups.merge(List.of(one.state(), one.text()), one, Group::and));
        Stream<String> shown = groups.values()
                .stream()
                .sorted(Comparator.<Group>comparingInt(group -> JobText.STATES.indexOf(group.state()))
                        .thenComparing(Comparator.comparingInt(Group::items).reversed())
                        .thenComparing(Group::text))
                .limit(MOST)
                .map(Group::line);
        Stream<String> more =
                groups.size() > MOST ? Stream.of("  and " + (groups.size() - MOST) + " other texts") : Stream.of();
        return Stream.concat(shown, more).collect(Collectors.joining("\n"));
    }
}
