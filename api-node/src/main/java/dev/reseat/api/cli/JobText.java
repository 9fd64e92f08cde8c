package dev.reseat.api.cli;

import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** A job for people. */
final class JobText {
    private JobText() {}

    static String of(JsonNode job) {
        StringJoiner lines = new StringJoiner("\n");
        String why = job.path("why").stringValue("");
        lines.add("job " + job.path("id").asString() + ": " + job.path("action").asString() + ", "
                + job.path("state").asString() + (why.isEmpty() ? "" : " (" + why + ")"));
        lines.add("  selected: " + job.path("selected").asInt() + " by " + job.path("select"));
        job.path("notes").forEach(note -> lines.add("  note:     " + note.asString()));
        lines.add("  items:    " + counts(job));
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

    /** {@code 12 done, 3 failed}, in the order in which items go through the states. */
    static String counts(JsonNode job) {
        StringJoiner counts = new StringJoiner(", ");
        for (String state : new String[]{"new", "planning", "planned", "refused", "waiting", "held", "running",
                "unknown", "done", "failed", "skipped"}) {
            int count = job.path("items").path(state).asInt();
            if (count > 0) {
                counts.add(count + " " + state);
            }
        }
        return counts.toString();
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
