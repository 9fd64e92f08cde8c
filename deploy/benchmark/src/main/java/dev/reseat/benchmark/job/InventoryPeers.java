package dev.reseat.benchmark.job;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Agents and volume-managers that know at once what they have of the volumes of a {@link SweptCloud}. */
final class InventoryPeers implements AutoCloseable {
    private final SweptCloud cloud;
    private final Rpc rpc;
    private final List<RpcServer> servers = new ArrayList<>();

    private InventoryPeers(SweptCloud cloud, Rpc rpc) {
        this.cloud = cloud;
        this.rpc = rpc;
    }

    static InventoryPeers start(String transportUrl, SweptCloud cloud) {
        var peers = new InventoryPeers(cloud, Rpc.overBroker(
                RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = " + transportUrl + "\n")), "inventories",
                new SimpleMeterRegistry()));
        IntStream.range(0, cloud.hosts())
                .forEach(host -> peers.serve(
                        peers.rpc.server(ComputeRpc.own(SweptCloud.host(host)), List.of(peers.agent(host)))));
        IntStream.range(0, cloud.backends())
                .forEach(backend -> peers.serve(
                        peers.rpc.server(VolumeRpc.own(SweptCloud.backend(backend)), List.of(peers.manager(backend)))));
        return peers;
    }

    private void serve(RpcServer server) {
        server.start();
        servers.add(server);
    }

    private Endpoint agent(int host) {
        List<HostInventory.Held> held = cloud.volumesOn(host)
                .mapToObj(n -> new HostInventory.Held(
                        HostInventory.Held.GUEST, "volumes/volume-" + SweptCloud.volume(n), Answer.YES, "vdb",
                        Optional.of(new HostInventory.GuestUse(
                                SweptCloud.instance(n), Answer.YES, Answer.YES, Answer.YES))))
                .toList();
        var all = new HostInventory.Result(held, Optional.empty(), List.of(), Optional.of(Answer.YES));
        return Endpoint.of(ComputeRpc.NAMESPACE, 1, 1)
                .method(HostInventory.METHOD, HostInventory.class, (_, _) -> all)
                .build();
    }

    private Endpoint manager(int backend) {
        List<BackendInventory.Stored> stored = cloud.volumesOf(backend)
                .mapToObj(n -> new BackendInventory.Stored(
                        "volume-" + SweptCloud.volume(n), Answer.YES, connections(n), Optional.empty(),
                        StoredVolume.PLAIN))
                .toList();
        var all = new BackendInventory.Result(true, "simulated", stored, Optional.empty());
        return Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                .method(BackendInventory.METHOD, BackendInventory.class, (_, _) -> all)
                .build();
    }

    private List<BackendConnection> connections(int n) {
        return SweptCloud.isAttached(n) || SweptCloud.isLeaked(n)
                ? List.of(new BackendConnection(
                        Optional.empty(), Optional.of(SweptCloud.host(n % cloud.hosts())), Answer.YES,
                        Answer.of(SweptCloud.isAttached(n)), "seen"))
                : List.of();
    }

    @Override
    public void close() {
        servers.forEach(RpcServer::stop);
        rpc.stop();
    }
}
