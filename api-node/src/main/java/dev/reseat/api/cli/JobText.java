package dev.reseat.api.cli;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A job for people. */
final class JobText {
    /** In the order in which items go through them. */
    static final List<String> STATES = List.of(
            "new", "planning", "planned", "refused", "waiting", "held", "running", "unknown", "done", "failed",
            "skipped");
    private static final int NAMED = 5;

    private JobText() {}

    static String of(JsonNode job) {
        StringJoiner lines = new StringJoiner("\n");
        String why = job.path("why").stringValue("");
        lines.add("job " + job.path("id").asString() + ": " + job.path("action").asString() + ", "
                + job.path("state").asString() + (why.isEmpty() ? "" : " (" + why + ")"));
        lines.add("  selected: " + job.path("selected").asInt() + " by " + select(job.path("select")));
        job.path("notes").forEach(note -> lines.add("  note:     " + note.asString()));
        lines.add("  items:    " + counts(job));
        if (!job.path("instances").isEmpty()) {
            lines.add("  instances stopped for it: " + instances(job.path("instances")));
        }
        job.path("owed").forEach(instance -> lines.add("  owed:     " + owed(instance)));
        lines.add("  limits:   " + job.path("limits"));
        if (job.path("per_minute").isNumber()) {
            lines.add("  rate:     %.1f a minute, about %s left".formatted(
                    job.path("per_minute").asDouble(), time(job.path("seconds_left").asLong())));
        }
        job.path("last_failed")
                .forEach(item -> lines.add("  failed:   " + item.path("volume_id").asString() + ": "
                        + item.path("detail").asString()));
        lines.add("  next:     " + next(job));
        return lines.toString();
    }

    /** As it was given, without what was not asked for; of many values only how many. */
    private static String select(JsonNode select) {
        StringJoiner conditions = new StringJoiner(" ");
        select.properties().forEach(condition -> {
            JsonNode value = condition.getValue();
            if (value.isArray() && value.size() > NAMED) {
                conditions.add(condition.getKey() + "=(" + value.size() + " values)");
            } else if (value.isArray() && !value.isEmpty()) {
                conditions.add(condition.getKey() + "=" + value.valueStream()
                        .map(JsonNode::asString)
                        .collect(Collectors.joining(",")));
            } else if (value.isValueNode() && !value.isNull()) {
                conditions.add(condition.getKey() + "=" + value.asString());
            }
        });
        return conditions.toString();
    }

    /** {@code 12 done, 3 failed}, in the order in which items go through the states. */
    static String counts(JsonNode job) {
        StringJoiner counts = new StringJoiner(", ");
        for (String state : STATES) {
            int count = job.path("items").path(state).asInt();
            if (count > 0) {
                counts.add(count + " " + state);
            }
        }
        return counts.toString();
    }

    private static String instances(JsonNode counts) {
        StringJoiner words = new StringJoiner(", ");
        counts.properties()
                .forEach(count -> words.add(count.getValue().asInt() + " "
                        + count.getKey().replace('_', ' ').replaceFirst("^started$", "started again")));
        return words.toString();
    }

    private static String owed(JsonNode instance) {
        String next = instance.path("next").stringValue("");
        return "instance " + instance.path("instance_id").asString() + " on " + instance.path("host").asString()
                + ", " + instance.path("state").asString().replace('_', ' ') + ": "
                + instance.path("detail").asString("-") + (next.isEmpty() ? "" : "; next: " + next);
    }

    static String time(long seconds) {
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }

    private static String next(JsonNode job) {
        String id = job.path("id").asString();
        return switch (job.path("state").asString()) {
            case "planning" -> "reseat job watch " + id;
            case "planned" -> "reseat job report " + id + ", then reseat job apply " + id;
            case "running" -> "reseat job watch " + id;
            case "paused", "stopped" -> "reseat job resume " + id + ", or cancel";
            default -> "reseat job report " + id;
        };
    }
}
