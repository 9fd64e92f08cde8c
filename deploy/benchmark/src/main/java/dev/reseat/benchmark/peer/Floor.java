package dev.reseat.benchmark.peer;

/** The kinds of floor. */
enum Floor {
    /** Acknowledged, confirmed and mandatory, over the default exchange. */
    SAFE("floor", "", true),
    /** The same over an exchange of type topic, which is where oslo.messaging's wire has its requests. */
    TOPIC("floor-topic", "floor-topic-requests", true),
    /** Over the default exchange, and nobody learns what was lost. */
    BARE("floor-bare", "", false);

    private final String queue;
    private final String exchange;
    private final boolean safe;

    Floor(String queue, String exchange, boolean safe) {
        this.queue = queue;
        this.exchange = exchange;
        this.safe = safe;
    }

    static Floor of(String label) {
        return switch (label) {
            case "floor" -> SAFE;
            case "floor-topic" -> TOPIC;
            case "floor-bare" -> BARE;
            default -> throw new IllegalArgumentException("no such contender: " + label);
        };
    }

    /** Where requests arrive; also their routing key. */
    String queue() {
        return queue;
    }

    /** Where requests go. */
    String exchange() {
        return exchange;
    }

    String fanout() {
        return queue + "-fanout";
    }

    /** Whether messages are acknowledged, confirmed and mandatory. */
    boolean isSafe() {
        return safe;
    }
}
