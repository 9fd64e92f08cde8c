package dev.reseat.rpc.transport.rabbit;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is documented to be declared under each option, in the words of {@link Declared}. */
final class DocumentedDeclarations {
    private static final String EXPIRES = "x-expires=signedint 1800000";
    private static final String QUORUM = "x-queue-type=longstr \"quorum\"";

    /** In names of managed queues; nobody else's. */
    static final String HOST = "host-" + ProcessHandle.current().pid();

    private DocumentedDeclarations() {}

    /** The defaults, by which the other rows are described. */
    private static final List<String> DEFAULTS = List.of(
            "exchange T_exchange topic {}",
            "exchange T_fanout fanout auto-delete {}",
            "exchange T_notifications topic {}",
            "queue T classic {}",
            "queue T.host-a classic {}",
            "queue T_topic.info classic {}",
            "queue T_fanout_* classic {" + EXPIRES + "}",
            "queue reply_* classic {" + EXPIRES + "}",
            "binding T_exchange > T T {}",
            "binding T_exchange > T.host-a T.host-a {}",
            "binding T_fanout > T_fanout_* T {}",
            "binding T_notifications > T_topic.info T_topic.info {}",
            "consumer T 1 acks prefetch 10 {}",
            "consumer T.host-a 2 acks prefetch 10 {}",
            "consumer T_fanout_* 3 acks prefetch 10 {}",
            "consumer reply_* 1 acks prefetch 10 {}");

    /** @param differs the lines that are others than by default */
    record Row(Map<String, String> options, List<String> differs) {
        @Override
        public String toString() {
            return options.isEmpty() ? "defaults" : options.toString();
        }

        String topic(String side) {
            return side + "-" + Integer.toUnsignedString(options.hashCode(), 36);
        }

        Set<String> documented() {
            Set<String> lines = new TreeSet<>(DEFAULTS);
            for (String line : differs) {
                String subject = line.replaceAll("^(\\w+ \\S+ ).*", "$1");
                lines.removeIf(known -> known.startsWith(subject));
                lines.add(line);
            }
            if (lines.stream().anyMatch(line -> line.startsWith("queue T_fanout "))) {
                lines.removeIf(line -> line.contains("T_fanout_*")); // one for all instead of one for each
            }
            return lines;
        }
    }

    static Stream<Row> rows() {
        List<String> durable = List.of(
                "exchange T_exchange topic durable {}", "exchange T_notifications topic durable {}",
                "queue T classic durable {}", "queue T.host-a classic durable {}",
                "queue T_topic.info classic durable {}");
        List<String> transientQuorum = List.of(
                "exchange T_fanout fanout durable auto-delete {}",
                "queue T_fanout_* quorum durable {x-delivery-limit=signedint 3, " + EXPIRES + ", " + QUORUM + "}",
                "queue reply_* quorum durable {x-delivery-limit=signedint 3, " + EXPIRES + ", " + QUORUM + "}");
        return Stream.of(
                new Row(Map.of(), List.of()),
                new Row(Map.of("amqp_durable_queues", "true"), durable),
                new Row(
                        Map.of("amqp_auto_delete", "true"),
                        durable.stream().map(line -> line.replace("durable", "auto-delete")).toList()),
                new Row(Map.of("rabbit_quorum_queue", "true"), quorum(durable, QUORUM)),
                new Row(
                        Map.of(
                                "rabbit_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3",
                                "rabbit_quorum_max_memory_length", "1000",
                                "rabbit_quorum_max_memory_bytes", "5000000000"),
                        quorum(durable, "x-delivery-limit=signedint 3, x-max-in-memory-bytes=long 5000000000, "
                                + "x-max-in-memory-length=signedint 1000, " + QUORUM)),
                new Row(
                        Map.of("rabbit_transient_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3"),
                        transientQuorum),
                new Row(
                        Map.of("rabbit_transient_queues_ttl", "60"),
                        List.of(
                                "queue T_fanout_* classic {x-expires=signedint 60000}",
                                "queue reply_* classic {x-expires=signedint 60000}")),
                new Row(
                        Map.of("rabbit_transient_queues_ttl", "0"),
                        List.of("queue T_fanout_* classic {}", "queue reply_* classic {}")),
                new Row(
                        Map.of("rabbit_ha_queues", "true"),
                        DEFAULTS.stream()
                                .filter(line -> line.startsWith("queue"))
                                .map(line -> line.replace("}", ", x-ha-policy=longstr \"all\"}").replace("{, ", "{"))
                                .toList()),
                new Row(
                        Map.of("enable_cancel_on_failover", "true"),
                        DEFAULTS.stream()
                                .filter(line -> line.startsWith("consumer"))
                                .map(line -> line.replace("{}", "{x-cancel-on-ha-failover=bool true}"))
                                .toList()),
                stream(), managed());
    }

    private static List<String> quorum(List<String> durable, String arguments) {
        return durable.stream()
                .map(line -> line.startsWith("queue")
                        ? line.replace("classic", "quorum").replace("{}", "{" + arguments + "}")
                        : line)
                .toList();
    }

    private static Row stream() {
        return new Row(
                Map.of("rabbit_stream_fanout", "true", "rabbit_transient_quorum_queue", "true"),
                List.of(
                        "exchange T_fanout fanout durable auto-delete {}",
                        "queue T_fanout stream durable {x-max-age=longstr \"1800s\", x-queue-type=longstr \"stream\"}",
                        "queue reply_* quorum durable {" + EXPIRES + ", " + QUORUM + "}",
                        "binding T_fanout > T_fanout T {}")); // consumers of streams are not listed
    }

    private static Row managed() {
        return new Row(
                Map.of(
                        "use_queue_manager", "true", "hostname", HOST,
                        "processname", "declare"),
                List.of());
    }
}
