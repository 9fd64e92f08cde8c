package dev.reseat.rpc.transport.rabbit;

import dev.reseat.broker.PrivateRabbitNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What there is on a broker, one line for each exchange, queue, binding and consumer. */
record Declared(List<String> lines) {
    private static final JsonMapper JSON = new JsonMapper();

    static Declared on(PrivateRabbitNode node) {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : list(node, "list_exchanges", "name", "type", "durable", "auto_delete", "arguments")) {
            lines.add("exchange " + text(row, "name") + " " + text(row, "type") + flags(row) + arguments(row));
        }
        for (JsonNode row : list(node, "list_queues", "name", "type", "durable", "auto_delete", "exclusive",
                "arguments")) {
            lines.add("queue " + text(row, "name") + " " + text(row, "type") + flags(row)
                    + (row.path("exclusive").booleanValue(false) ? " exclusive" : "") + arguments(row));
        }
        for (JsonNode row : list(node, "list_bindings", "source_name", "destination_name", "routing_key",
                "arguments")) {
            lines.add("binding " + text(row, "source_name") + " > " + text(row, "destination_name") + " "
                    + text(row, "routing_key") + arguments(row));
        }
        for (JsonNode row : list(
                node, "list_consumers", "queue_name", "consumer_tag", "ack_required", "prefetch_count", "arguments")) {
            lines.add("consumer " + text(row, "queue_name") + " " + text(row, "consumer_tag")
                    + (row.path("ack_required").booleanValue(false) ? " acks" : "")
                    + " prefetch " + row.path("prefetch_count").intValue() + arguments(row));
        }
        return new Declared(lines);
    }

    private static Collection<JsonNode> list(PrivateRabbitNode node, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(1, List.of("--formatter", "json"));
        return JSON.readTree(node.control(all.toArray(String[]::new))).values();
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asString("");
    }

    private static String flags(JsonNode row) {
        return (row.path("durable").booleanValue(false) ? " durable" : "")
                + (row.path("auto_delete").booleanValue(false) ? " auto-delete" : "");
    }

    /** Each with its AMQP type. */
    private static String arguments(JsonNode row) {
        Map<String, String> arguments = new TreeMap<>();
        for (JsonNode argument : row.path("arguments").values()) {
            arguments.put(argument.path(0).asString(), argument.path(1).asString() + " " + argument.path(2));
        }
        return " " + arguments;
    }

    /**
     * Those of one topic, with its name replaced by T, and unlike parts of names by a star.
     *
     * @param replies name of its reply queue
     */
    Set<String> of(String topic, String replies) {
        return lines.stream()
                .filter(line -> line.contains(topic) || line.contains(replies))
                .map(line -> line.replace(topic, "T").replace(replies, "reply_*"))
                .map(line -> line.replaceAll("_fanout_\\S+", "_fanout_*"))
                .filter(line -> !line.startsWith("binding  >")) // every queue is bound to the default exchange
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
