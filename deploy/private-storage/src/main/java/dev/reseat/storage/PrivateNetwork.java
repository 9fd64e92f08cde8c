package dev.reseat.storage;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A network of our own: a place for storage, and one for each host, each on a cable that can be cut. They are network
 * namespaces, so nothing else on this machine is reached from there. Needs root. Thread-safe.
 */
public final class PrivateNetwork implements AutoCloseable {
    private static final Map<String, String> PROGRAMS =
            Map.of("/usr/sbin/ip", "iproute2", "/usr/bin/nsenter", "util-linux");

    private final String name;
    private final Keeper keeper;

    private PrivateNetwork(String name, Keeper keeper) {
        this.name = name;
        this.keeper = keeper;
    }

    /** The packages that are not installed, sorted. */
    public static List<String> missingPackages() {
        return Programs.missing(PROGRAMS);
    }

    /**
     * Returns when all are there. They end with this JVM, even if that is killed; whatever still runs in one keeps it.
     *
     * @param hosts how many, up to 9
     */
    public static PrivateNetwork start(int hosts) {
        String name = "reseat-" + UUID.randomUUID().toString().substring(0, 8);
        return new PrivateNetwork(name, Keeper.start("private-net.sh", List.of(name, String.valueOf(hosts))));
    }

    public Place storage() {
        return new Place(within("s"), "10.78.0.1");
    }

    /** @param number from 1 */
    public Place host(int number) {
        return new Place(within(String.valueOf(number)), "10.78.0.1" + number);
    }

    /** Not with a mount namespace of its own, which {@code ip netns exec} would make. */
    private List<String> within(String which) {
        return List.of("nsenter", "--net=/run/netns/" + name + "-" + which);
    }

    /** From here on nothing comes through to that host or from it; nobody is told. */
    public void cut(int number) {
        keeper.tell("cut " + number);
    }

    public void heal(int number) {
        keeper.tell("heal " + number);
    }

    @Override
    public void close() {
        keeper.close();
    }
}
