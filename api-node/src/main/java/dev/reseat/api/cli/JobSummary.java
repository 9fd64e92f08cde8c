package dev.reseat.api.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Items that tell the same, whichever volume they are of, as one line: what an operator reads first. */
final class JobSummary {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST = 20;

    private JobSummary() {}

    /** Most frequent first. */
    static String of(List<JsonNode> items) {
        Map<String, Integer> counts = new TreeMap<>();
        items.forEach(item -> counts.merge(line(item), 1, Integer::sum));
        Stream<String> shown = counts.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .map(line -> "  " + line.getValue() + " " + line.getKey());
        Stream<String> more =
                counts.size() > MOST ? Stream.of("  and " + (counts.size() - MOST) + " other texts") : Stream.of();
        return Stream.concat(shown, more).collect(Collectors.joining("\n"));
    }

    private static String line(JsonNode item) {
        String volume = item.path("volume_id").asString();
        String text = item.path("detail").asString(item.path("plan").asString("-")).replace(volume, "VOLUME");
        return item.path("state").asString() + ": " + ID.matcher(text).replaceAll("ID");
    }
}
