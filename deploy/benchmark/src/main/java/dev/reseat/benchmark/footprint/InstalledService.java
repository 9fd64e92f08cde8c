package dev.reseat.benchmark.footprint;

import dev.reseat.rpc.Target;

/** A service of Reseat as its package starts it, and what it is to keep within. */
enum InstalledService {
    AGENT("compute-agent", "dev.reseat.compute.Main", "reseat-compute", FootprintCloud.HOST, 0.35, 45),
    VOLUME_MANAGER("volume-manager", "dev.reseat.volume.Main", "reseat-volume", FootprintCloud.BACKEND, 0.4, 60),
    API_NODE("api-node", "dev.reseat.api.Main", "reseat-api", FootprintCloud.API_NODE, 1.0, 150);

    private final String folder;
    private final String main;
    private final String topic;
    private final String server;
    private final double readySeconds;
    private final double megabytes;

    InstalledService(
            String folder, String main, String topic, String server, double readySeconds, double megabytes) {
        this.folder = folder;
        this.main = main;
        this.topic = topic;
        this.server = server;
        this.readySeconds = readySeconds;
        this.megabytes = megabytes;
    }

    /** Below {@code /usr/lib/reseat}. */
    String folder() {
        return folder;
    }

    String program() {
        return "reseat-" + folder;
    }

    /** The class that is started. */
    String main() {
        return main;
    }

    /** Where it listens. */
    Target server() {
        return Target.of("reseat", topic).onServer(server);
    }

    /** From exec until somebody else can reach it, at most. */
    double readySeconds() {
        return readySeconds;
    }

    /** Proportional share of memory, in MiB, at most. */
    double megabytes() {
        return megabytes;
    }
}
