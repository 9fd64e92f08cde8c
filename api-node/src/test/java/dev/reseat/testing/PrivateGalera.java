package dev.reseat.testing;

import dev.reseat.broker.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Galera cluster of two nodes of one's own on 127.0.0.1. The second one weighs more: it goes on alone if the first
 * one dies, while the first one alone has no quorum.
 */
public final class PrivateGalera implements AutoCloseable {
    private static final Path PROVIDER = Path.of("/usr/lib/galera/libgalera_smm.so");
    private static final Path RSYNC = Path.of("/usr/bin/rsync");

    private final List<PrivateMariaDb> nodes = new ArrayList<>();

    private PrivateGalera() {}

    public static boolean isInstalled() {
        return PrivateMariaDb.isInstalled() && Files.exists(PROVIDER) && Files.isExecutable(RSYNC);
    }

    /**
     * Returns when both nodes are synced.
     *
     * @param directory an empty one, which the caller deletes
     */
    public static PrivateGalera start(Path directory) {
        PrivateGalera cluster = new PrivateGalera();
        int port = LoopbackPorts.reserve();
        try {
            directory.toFile().setExecutable(true, false);
            cluster.nodes.add(PrivateMariaDb.nodeIn(made(directory.resolve("node-1")), options(port, 1, "")));
            cluster.first().start("--wsrep-new-cluster");
            cluster.nodes.add(PrivateMariaDb.nodeIn(
                    made(directory.resolve("node-2")),
                    options(LoopbackPorts.reserve(), 2, "127.0.0.1:" + port)));
            cluster.second().start();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String[] options(int port, int weight, String others) {
        return new String[]{
                "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON", "--wsrep-provider=" + PROVIDER,
                "--wsrep-cluster-name=reseat-test", "--wsrep-node-address=127.0.0.1", "--wsrep-sst-method=rsync",
                "--wsrep-sst-receive-address=127.0.0.1:" + LoopbackPorts.reserve(),
                "--wsrep-cluster-address=gcomm://" + others,
                "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:" + port + ";ist.recv_addr=127.0.0.1:"
                        + LoopbackPorts.reserve() + ";gcache.size=16M;pc.weight=" + weight
        };
    }

    public PrivateMariaDb first() {
        return nodes.getFirst();
    }

    public PrivateMariaDb second() {
        return nodes.getLast();
    }

    @Override
    public void close() {
        nodes.reversed().forEach(PrivateMariaDb::close);
    }
}
