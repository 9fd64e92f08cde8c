package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Stage;
import dev.reseat.api.ApiNode;
import dev.reseat.api.ApiNodeConfig;
import dev.reseat.api.ApiNodeModule;
import dev.reseat.api.job.JobCli;
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
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A sweep of 10 000 volumes over 500 hosts and 20 backends, on a real broker and a real database. Seven of ten volumes
 * are attached to running servers; every hundredth of the others is let in to a host that has no business there.
 */
@Tag("slow")
@Tag("database")
@Tag("broker")
class SweepScaleIT {
    private static final int VOLUMES = 10_000;
    private static final int HOSTS = 500;
    private static final int BACKENDS = 20;
    private static final int LEAKED = VOLUMES * 3 / 10 / 100;
    private static final long LIMIT_SECONDS = 300;

    private final AtomicInteger inventories = new AtomicInteger();
    private final CountDownLatch twice = new CountDownLatch(2 * HOSTS + 1);

    @Test
    void costsOneQuestionForEachHostAndBackend() throws Exception {
        String url = RabbitBroker.running().transportUrl();
        Rpc peers = rpc(url);
        List<RpcServer> servers = new ArrayList<>();
        try (CloudFixture cloud = CloudFixture.open()) {
            fill(cloud);
            IntStream.range(0, HOSTS)
                    .forEach(host -> servers.add(
                            peers.server(ComputeRpc.own("host-" + host), List.of(agent(host)))));
            IntStream.range(0, BACKENDS)
                    .forEach(backend -> servers.add(
                            peers.server(VolumeRpc.own("stor-" + backend + "@sim"), List.of(manager(backend)))));
            servers.forEach(RpcServer::start);
            Settings settings = settings(cloud, url);
            ApiNode api = Guice.createInjector(
                    Stage.PRODUCTION, new RpcModule(rpc(url), new SimpleMeterRegistry()),
                    new ApiNodeModule(settings.checked(ApiNodeConfig::from)))
                    .getInstance(ApiNode.class);
            try (Lifecycle node = new Lifecycle(List.of(api), Duration.ofSeconds(10))) {
                node.start();
                assertThat(twice.await(LIMIT_SECONDS, TimeUnit.SECONDS)).as("two sweeps, and a third begun").isTrue();
                report(new JobCli(api.port()));
            }
        } finally {
            servers.forEach(RpcServer::stop);
            peers.stop();
        }
    }

    private void report(JobCli cli) {
        JsonNode answer = cli.json(0, "findings", "list", "--json");
        assertThat(answer.path("findings")).hasSize(LEAKED)
                .allSatisfy(one -> assertThat(one.path("pattern").asString()).isEqualTo("12"));
        JsonNode sweep = answer.at("/sweeps/1");
        assertThat(sweep.path("volumes").asInt()).isEqualTo(VOLUMES);
        assertThat(sweep.path("unknown_volumes").asInt()).isZero();
        assertThat(inventories.get()).isLessThanOrEqualTo(3 * (HOSTS + BACKENDS));
        Duration took = Duration.between(
                Instant.parse(sweep.path("started_at").asString()), Instant.parse(sweep.path("ended_at").asString()));
        System.out.printf("a sweep of %d volumes over %d hosts and %d backends: %.1f s%n",
                VOLUMES, HOSTS, BACKENDS, took.toMillis() / 1000.0);
        assertThat(took).isLessThan(Duration.ofMinutes(2));
    }

    /** By arithmetic: volume N is at backend N mod 20, and if attached, in instance N on host N mod 500. */
    private static void fill(CloudFixture cloud) {
        cloud.execute(cloud.cinder(), """
                INSERT INTO volumes (id, user_id, project_id, host, size, status, attach_status, deleted, bootable,
                    multiattach, shared_targets, created_at, volume_type_id)
                SELECT '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'), 'u', 'p',
                    'stor-' || n % 20 || '@sim#pool', 1, CASE WHEN n % 10 < 7 THEN 'in-use' ELSE 'available' END,
                    CASE WHEN n % 10 < 7 THEN 'attached' ELSE 'detached' END, false, false, false, true, now(), ?
                FROM generate_series(0, 9999) n""", CloudFixture.VOLUME_TYPE);
        cloud.execute(cloud.cinder(), """
                INSERT INTO volume_attachment (id, volume_id, instance_uuid, attach_status, attached_host, connector,
                    deleted, created_at)
                SELECT '00000000-0000-4000-a000-' || lpad(CAST(n AS text), 12, '0'),
                    '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'),
                    '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'), 'attached', 'host-' || n % 500,
                    '{"host": "host-' || n % 500 || '"}', false, now()
                FROM generate_series(0, 9999) n WHERE n % 10 < 7""");
        cloud.execute(cloud.nova(), """
                INSERT INTO instances (uuid, user_id, project_id, host, node, display_name, vm_state, power_state,
                    locked, deleted, created_at)
                SELECT '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'), 'u', 'p', 'host-' || n % 500, 'x',
                    'vm', 'active', 1, false, 0, now()
                FROM generate_series(0, 9999) n WHERE n % 10 < 7""");
        cloud.execute(cloud.nova(), """
                INSERT INTO block_device_mapping (uuid, instance_uuid, volume_id, attachment_id, source_type,
                    destination_type, device_name, delete_on_termination, no_device, deleted, created_at)
                SELECT '00000000-0000-4000-b000-' || lpad(CAST(n AS text), 12, '0'),
                    '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'),
                    '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'),
                    '00000000-0000-4000-a000-' || lpad(CAST(n AS text), 12, '0'), 'volume', 'volume', '/dev/vdb', false,
                    false, 0, now()
                FROM generate_series(0, 9999) n WHERE n % 10 < 7""");
    }

    private Endpoint agent(int host) {
        List<HostInventory.Held> held = IntStream.iterate(host, n -> n < VOLUMES, n -> n + HOSTS)
                .filter(n -> n % 10 < 7)
                .mapToObj(n -> new HostInventory.Held(
                        HostInventory.Held.GUEST, "volumes/volume-" + id(8, n), Answer.YES, "vdb",
                        Optional.of(new HostInventory.GuestUse(id(9, n), Answer.YES, Answer.YES, Answer.YES))))
                .toList();
        var all = new HostInventory.Result(held, Optional.empty(), List.of(), Optional.of(Answer.YES));
        return Endpoint.of(ComputeRpc.NAMESPACE, 1, 1)
                .method(HostInventory.METHOD, HostInventory.class, (_, _) -> {
                    inventories.incrementAndGet();
                    twice.countDown();
                    return all;
                })
                .build();
    }

    private Endpoint manager(int backend) {
        List<BackendInventory.Stored> stored = IntStream.iterate(backend, n -> n < VOLUMES, n -> n + BACKENDS)
                .mapToObj(n -> new BackendInventory.Stored(
                        "volume-" + id(8, n), Answer.YES, connections(n), Optional.empty(), StoredVolume.PLAIN))
                .toList();
        var all = new BackendInventory.Result(true, "simulated", stored, Optional.empty());
        return Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                .method(BackendInventory.METHOD, BackendInventory.class, (_, _) -> {
                    inventories.incrementAndGet();
                    return all;
                })
                .build();
    }

    private static List<BackendConnection> connections(int n) {
        boolean leaked = n % 1000 == 7 || n % 1000 == 8 || n % 1000 == 9;
        return n % 10 < 7 || leaked
                ? List.of(new BackendConnection(
                        Optional.empty(), Optional.of("host-" + n % HOSTS), Answer.YES, Answer.of(n % 10 < 7), "seen"))
                : List.of();
    }

    private static String id(int kind, int n) {
        return "00000000-0000-4000-%s000-%012d".formatted(kind, n);
    }

    private static Rpc rpc(String url) {
        return Rpc.overBroker(
                RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = " + url + "\n")), "sweep-scale",
                new SimpleMeterRegistry());
    }

    private static Settings settings(CloudFixture cloud, String url) {
        return Settings.parse("""
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
                """.formatted(url, cloud.databases().cinder().connection(),
                cloud.databases().nova().connection()));
    }
}
