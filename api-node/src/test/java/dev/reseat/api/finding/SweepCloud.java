package dev.reseat.api.finding;

import com.google.inject.Guice;
import com.google.inject.Stage;
import dev.reseat.api.ApiNode;
import dev.reseat.api.ApiNodeConfig;
import dev.reseat.api.ApiNodeModule;
import dev.reseat.api.job.JobCli;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A whole api-node that sweeps when the test lets it, on real databases; hosts and backends are simulated. */
final class SweepCloud implements AutoCloseable {
    static final String MEMORY = "memory://";
    static final String BACKEND = CloudFixture.HOST.replaceFirst("#.*", "");

    final CloudFixture cloud;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SimulatedStorage storage;
    final JobCli cli;
    private final Rpc peers;
    private final String url;
    private final MemoryBroker broker = new MemoryBroker();
    private final Settings settings;
    private final Lifecycle node;

    /** @param more settings of {@code [reseat]} */
    SweepCloud(String more) {
        this(CloudFixture.open(), MEMORY, more, true);
    }

    /** The same on a real broker. */
    static SweepCloud overBroker(String url) {
        return new SweepCloud(CloudFixture.open(), url, "", true);
    }

    /**
     * The same on databases that the test has made.
     *
     * @param gated whether it sweeps only when the test lets it
     */
    SweepCloud(CloudFixture cloud, String url, String more, boolean gated) {
        this.cloud = cloud;
        this.url = url;
        settings = Settings.parse("""
                [DEFAULT]
                host = api-1
                transport_url = %s
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [api]
                auth_strategy = noauth
                port = 0
                [reseat]
                sweep_interval = 1
                probe_timeout = 120
                reconcile_interval = 1
                job_interval = 1
                %s
                """.formatted(url, cloud.databases().cinder().connection(), cloud.databases().nova().connection(),
                more));
        peers = rpc();
        for (String host : List.of("host-a", "host-b", "host-c")) {
            cloud.execute(cloud.nova(), """
                    INSERT INTO services (host, "binary", topic, report_count, disabled, deleted, version, created_at)
                    VALUES (?, 'nova-compute', 'compute', 1, false, 0, 61, <utc>)""", host);
        }
        storage = new SimulatedStorage(
                peers, List.of("host-a", "host-b", "host-c"), List.of(BACKEND, "stor-2@file"), gated);
        Rpc rpc = rpc();
        ApiNode api = Guice.createInjector(
                Stage.PRODUCTION, new RpcModule(rpc, meters),
                new ApiNodeModule(settings.checked(ApiNodeConfig::from)))
                .getInstance(ApiNode.class);
        node = new Lifecycle(List.of(api), Duration.ofSeconds(10));
        node.start();
        cli = new JobCli(api.port());
        storage.awaitSweep();
    }

    private Rpc rpc() {
        return !url.equals(MEMORY)
                ? Rpc.overBroker(RpcConfig.from(settings), "sweep-test", meters)
                : new Rpc(new MemoryTransport(broker), RpcConfig.from(settings), meters);
    }

    /** An available volume that its backend keeps. */
    String detached() {
        return detached(BACKEND);
    }

    String detached(String backend) {
        String volume = cloud.volume(Map.of("status", "available", "host", backend + "#pool"));
        storage.stored.add(backend + " " + volume);
        return volume;
    }

    /** A volume of a running server on that host. */
    String attached(String host) {
        String instance = cloud.instance(Map.of("host", host, "vm_state", "active", "power_state", 1));
        String volume = cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String attachment = cloud.attachment(volume, Map.of(
                "attached_host", host, "instance_uuid", instance, "connector", "{\"host\": \"" + host + "\"}"));
        cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
        storage.stored.add(BACKEND + " " + volume);
        storage.exports.put(volume, host);
        storage.guests.put(host + " " + volume, instance);
        return volume;
    }

    /** Findings by volume; {@code words} go to the command. */
    Map<String, JsonNode> findings(String... words) {
        Map<String, JsonNode> byVolume = new LinkedHashMap<>();
        list(words).path("findings").forEach(one -> byVolume.put(one.path("volume_id").asString(), one));
        return byVolume;
    }

    JsonNode list(String... words) {
        String[] all = new String[words.length + 3];
        System.arraycopy(new String[]{"findings", "list", "--json"}, 0, all, 0, 3);
        System.arraycopy(words, 0, all, 3, words.length);
        return cli.json(0, all);
    }

    static String id() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void close() {
        storage.close();
        node.close();
        peers.stop();
        cloud.close();
    }
}
