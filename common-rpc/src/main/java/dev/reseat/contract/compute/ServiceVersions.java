package dev.reseat.contract.compute;

import dev.reseat.rpc.RpcVersion;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a nova-compute serves, by the {@code version} that it writes into its row of Nova's {@code services} when it
 * starts. Nova chooses by the same for {@code [upgrade_levels] compute = auto}, though by the least of all hosts. The
 * table is {@code SERVICE_VERSION_HISTORY} of {@code nova.objects.service}, with one line for each version of the
 * interface from 5.0 on and one for all before; read of Nova's master of August 2026, whose own version is 73.
 *
 * <p>It tells more than the name of a release: Nova's list of those says 6.3 of Caracal, which was released with
 * service version 66 and so serves 6.2.
 */
public final class ServiceVersions {
    /** The first service version that serves it, to the interface. */
    private static final NavigableMap<Integer, RpcVersion> HISTORY = new TreeMap<>(Map.ofEntries(
            Map.entry(1, RpcVersion.of(4, 4)),
            Map.entry(30, RpcVersion.of(5, 0)),
            Map.entry(37, RpcVersion.of(5, 1)),
            Map.entry(39, RpcVersion.of(5, 2)),
            Map.entry(40, RpcVersion.of(5, 3)),
            Map.entry(41, RpcVersion.of(5, 4)),
            Map.entry(42, RpcVersion.of(5, 5)),
            Map.entry(43, RpcVersion.of(5, 6)),
            Map.entry(44, RpcVersion.of(5, 7)),
            Map.entry(45, RpcVersion.of(5, 8)),
            Map.entry(46, RpcVersion.of(5, 9)),
            Map.entry(47, RpcVersion.of(5, 10)),
            Map.entry(50, RpcVersion.of(5, 11)),
            Map.entry(53, RpcVersion.of(5, 12)),
            Map.entry(54, RpcVersion.of(5, 13)),
            Map.entry(56, RpcVersion.of(6, 0)),
            Map.entry(64, RpcVersion.of(6, 1)),
            Map.entry(66, RpcVersion.of(6, 2)),
            Map.entry(67, RpcVersion.of(6, 3)),
            Map.entry(68, RpcVersion.of(6, 4)),
            Map.entry(71, RpcVersion.of(6, 5))));

    private ServiceVersions() {}

    /**
     * The highest version of the interface that is known to be served; of a service newer than the table, that of its
     * last line. Empty for 0, which is written by who knows no version.
     */
    public static Optional<RpcVersion> served(int serviceVersion) {
        return Optional.ofNullable(HISTORY.floorEntry(serviceVersion)).map(Map.Entry::getValue);
    }
}
