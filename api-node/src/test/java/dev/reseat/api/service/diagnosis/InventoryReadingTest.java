package dev.reseat.api.service.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has not answered by the deadline is silent for who asked, and for nobody else. */
final class InventoryReadingTest {
    private static final List<String> BACKEND = List.of("host-1@file");

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient rpc = new RpcClient(
            transport, new EnvelopeCodec(WireMapper.create()), ClientConfig.withTimeout(Duration.ofSeconds(10)),
            new SimpleMeterRegistry());
    private final RemoteConfig config = new RemoteConfig(
            "openstack", "nova", Duration.ofSeconds(10), Duration.ofSeconds(10), Optional.empty(), Optional.empty());
    private final InventoryReading reading = new InventoryReading(
            RequestContext.admin(), new ComputeClient(_ -> rpc, config, _ -> Optional.empty()),
            new VolumeClient(rpc, config), InstantSource.system());

    @AfterEach
    void close() {
        rpc.close();
        transport.close();
    }

    @Test
    void whoIsNotAskedInTimeIsSilentAndIsAskedByTheNext() {
        reading.askHosts(List.of("host-a"), Deadline.after(Duration.ZERO));
        reading.askBackends(List.of(BACKEND), Deadline.after(Duration.ZERO));

        assertThat(reading.heldBy("host-a").silence()).contains("it was not asked in time");
        assertThat(reading.keptBy(BACKEND).answer("v1")).isInstanceOf(BackendAnswer.Silent.class);
        assertThat(reading.hostsAsked()).isZero();
        assertThat(reading.backendsAsked()).isZero();

        reading.askHosts(List.of("host-a"), Deadline.never());
        reading.askBackends(List.of(BACKEND), Deadline.never());

        assertThat(reading.silentHosts()).containsOnlyKeys("host-a");
        assertThat(reading.keptBy(BACKEND).answer("v1")).isInstanceOf(BackendAnswer.Absent.class);
    }

    @Test
    void aVolumeOnNoHostHasNobodyToAsk() {
        assertThat(reading.keptBy(List.of()).answer("v1")).isInstanceOf(BackendAnswer.Absent.class);
    }
}
