package dev.reseat.benchmark;

import java.util.Locale;

/** What agents cost, as a table of Markdown. */
final class AgentsTable {
    private static final double MEGA = 1024.0 * 1024;
    private static final double KILO = 1024.0;
    static final String HEAD = """
            | agents | run as | start s | call each s | connections | queues | broker MB | by its own count | agents MB \
            | heap KB each | threads | idle broker % | idle agents % | restart s | all back after s |
            |--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;

    private AgentsTable() {}

    static String row(AgentsResult result) {
        return String.format(Locale.ROOT,
                "| %d | %s | %.1f | %.1f | %d | %d | %.0f | %.0f | %.0f | %s | %d | %.1f | %.1f | %.1f | %.1f |%n",
                result.agents(), result.hosting().label(), result.startSeconds(), result.pingSeconds(),
                result.connections(), result.queues(), result.brokerBytes() / MEGA, result.brokerOwnBytes() / MEGA,
                result.agentsBytes() / MEGA,
                result.heapBytes() == 0
                        ? ""
                        : String.format(Locale.ROOT, "%.0f", result.heapBytes() / KILO / result.agents()),
                result.threads(), result.idleBroker(), result.idleAgents(), result.downSeconds(),
                result.backSeconds());
    }
}
