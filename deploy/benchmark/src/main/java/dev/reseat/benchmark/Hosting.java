package dev.reseat.benchmark;

import java.util.List;

/** How simulated agents are run. */
enum Hosting {
    /** All in one JVM, each with a transport of its own: what the broker sees is what it would see of as many hosts. */
    TOGETHER("ours, one JVM for all", Contender.OURS),
    /** A JVM for each, small, as on a compute host. */
    JVM_EACH("ours, a JVM each", Contender.OURS),
    /** The real oslo.messaging, a Python process for each. */
    PYTHON_EACH("oslo, a process each", Contender.OSLO);

    /** Losing the broker is part of the plan. */
    private static final String SILENT = "-Dreseat.benchmark.log=OFF";

    private final String label;
    private final Contender contender;

    Hosting(String label, Contender contender) {
        this.label = label;
        this.contender = contender;
    }

    String label() {
        return label;
    }

    int processes(int agents) {
        return this == TOGETHER ? 1 : agents;
    }

    /** One process, without agents yet. */
    PeerProcess start(String transportUrl) {
        return PeerProcess.start(label, contender.command("agents", transportUrl, 0, jvmFlags()));
    }

    /** Who calls the agents, whichever kind they are. */
    static PeerProcess startPinger(String transportUrl) {
        return PeerProcess.start("pinger",
                Contender.OURS.command("pinger", transportUrl, 0, List.of("-Xmx1g", SILENT)));
    }

    private List<String> jvmFlags() {
        return switch (this) {
            case TOGETHER -> List.of("-Xmx3g", SILENT);
            case JVM_EACH -> List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", SILENT);
            case PYTHON_EACH -> List.of();
        };
    }
}
