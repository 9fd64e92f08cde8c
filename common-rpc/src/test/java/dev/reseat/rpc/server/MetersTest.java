package dev.reseat.rpc.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Service;
import dev.reseat.testing.CapturedLog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is measured of calls; and that nobody can fill the memory with names of meters. */
final class MetersTest {
    private static final Target TARGET = Target.of("nova", "compute").onServer("host-a");

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RpcServer server;

    @BeforeEach
    void serve() {
        Endpoint endpoint = Endpoint.inDefaultNamespace(1, 0)
                .method("work", Map.class, (_, _) -> work())
                .method("pass_on", Map.class, (_, args) -> {
                    throw new RpcException.RemoteFailure(Failure.of("m", String.valueOf(args.get("type")), ""));
                })
                .build();
        server = new RpcServer(transport, codec, TARGET, List.of(endpoint), new ServerConfig(4, false), meters);
        server.start();
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        server.stop();
        client.close();
        transport.close();
    }

    private Object work() {
        running.countDown();
        try {
            return goOn.await(10, SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Boolean call(PreparedCall call, String method, Map<String, Object> args) {
        return call.call(RequestContext.admin(), method, args, Boolean.class);
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private List<String> tags(String meter, String tag) {
        return meters.find(meter).timers().stream().map(timer -> timer.getId().getTag(tag)).distinct().toList();
    }

    @Test
    void whatRunsAndWhatWaitsIsCounted() throws Exception {
        var called = CompletableFuture.supplyAsync(() -> call(client.prepare(TARGET), "work", Map.of()));
        assertThat(running.await(10, SECONDS)).isTrue();

        assertThat(gauge("reseat.rpc.client.waiting")).isEqualTo(1);
        assertThat(gauge("reseat.rpc.server.running")).isPositive();
        assertThat(gauge("reseat.rpc.server.workers")).isEqualTo(4);
        goOn.countDown();
        assertThat(called.get(10, SECONDS)).isTrue();
        assertThat(server.drain(Duration.ofSeconds(10))).isEqualTo(RpcServer.Drained.CLEAN);
        assertThat(gauge("reseat.rpc.client.waiting")).isZero();
        assertThat(gauge("reseat.rpc.server.running")).isZero();
        Map<String, Long> counts = meters.getMeters()
                .stream()
                .filter(Timer.class::isInstance)
                .collect(Collectors.toMap(meter -> meter.getId().getName(), meter -> ((Timer) meter).count()));
        assertThat(counts).isEqualTo(Map.of(
                "reseat.rpc.client.call", 1L, "reseat.rpc.server.dispatch", 1L, "reseat.rpc.server.reply", 1L));
    }

    @Test
    void whoComesAfterAClosedOneIsMeasuredInItsPlace() throws Exception {
        server.stop();
        client.close();
        assertThat(meters.getMeters()).noneMatch(Gauge.class::isInstance);

        serve();
        try (var next = new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters)) {
            var called = CompletableFuture.supplyAsync(() -> call(next.prepare(TARGET), "work", Map.of()));
            assertThat(running.await(10, SECONDS)).isTrue();
            assertThat(gauge("reseat.rpc.client.waiting")).isEqualTo(1);
            assertThat(gauge("reseat.rpc.server.running")).isPositive();
            goOn.countDown();
            assertThat(called.get(10, SECONDS)).isTrue();
        }
    }

    @Test
    void unknownMethodsVersionsAndFailuresOfOthersMakeNoMetersOfTheirOwn() {
        goOn.countDown();
        for (int i = 0; i < 20; i++) {
            int n = i;
            PreparedCall call = client.prepare(TARGET);
            assertThatThrownBy(() -> call(call, "unknown_" + n, Map.of()));
            assertThatThrownBy(() -> call(call.atVersion(RpcVersion.of(9, n)), "unknown_" + n, Map.of()));
            assertThatThrownBy(() -> call(call, "pass_on", Map.of("type", "Failure" + n)));
        }
        assertThat(server.drain(Duration.ofSeconds(10))).isEqualTo(RpcServer.Drained.CLEAN);

        assertThat(tags("reseat.rpc.server.dispatch", "method")).containsExactlyInAnyOrder("-", "pass_on");
        assertThat(tags("reseat.rpc.server.dispatch", "outcome"))
                .containsExactlyInAnyOrder("NoSuchMethod", "UnsupportedVersion", "RemoteFailure");
        assertThat(tags("reseat.rpc.client.call", "outcome")).containsExactly("RemoteFailure");
    }

    @Test
    void aCastThatNoMethodRunsForIsAnErrorAndCountedUnderItsName() {
        try (CapturedLog log = CapturedLog.of(LostCasts.class.getName())) {
            PreparedCall casts = client.prepare(TARGET);
            casts.cast(RequestContext.admin(), "create_snapshot", Map.of());
            casts.cast(RequestContext.admin(), "create_snapshot", Map.of());
            casts.atVersion(RpcVersion.of(7, 0)).cast(RequestContext.admin(), "work", Map.of());
            casts.cast(RequestContext.admin(), "bad\nname", Map.of());
            drain();

            assertThat(lost("create_snapshot")).isEqualTo(2);
            assertThat(lost("work")).isEqualTo(1);
            assertThat(lost("-")).isEqualTo(1);
            assertThat(log.lines("ERROR")).hasSize(4)
                    .noneMatch(line -> line.contains("\n"))
                    .anyMatch(line -> line.contains("cast of create_snapshot on compute.host-a is lost")
                            && line.contains("NoSuchMethod"))
                    .anyMatch(line -> line.contains("cast of work") && line.contains("UnsupportedVersion"));
        }
    }

    @Test
    void namesOfLostCastsDoNotFillTheMemory() {
        for (int i = 0; i < 100; i++) {
            client.prepare(TARGET).cast(RequestContext.admin(), "method_" + i, Map.of());
        }
        drain();

        assertThat(meters.find("reseat.rpc.server.lost").counters()).hasSize(65);
        assertThat(lost("-")).isEqualTo(36);
    }

    @Test
    void aCallOfAnUnknownMethodIsAnsweredAndNotLost() {
        assertThatThrownBy(() -> call(client.prepare(TARGET), "create_snapshot", Map.of()))
                .isInstanceOf(RpcException.RemoteFailure.class);
        assertThat(meters.find("reseat.rpc.server.lost").counters()).isEmpty();
    }

    /** What was sent before has been looked at afterwards. */
    private void drain() {
        goOn.countDown();
        for (int i = 0; i < 4; i++) {
            call(client.prepare(TARGET), "work", Map.of());
        }
        assertThat(server.drain(Duration.ofSeconds(10))).isEqualTo(Service.Drained.CLEAN);
    }

    private double lost(String method) {
        return meters.get("reseat.rpc.server.lost").tag("method", method).counter().count();
    }
}
