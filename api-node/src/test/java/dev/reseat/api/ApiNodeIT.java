package dev.reseat.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Lifecycle;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
final class ApiNodeIT {
    @Test
    void aNodeIsWiredStartsServesAndStops() throws Exception {
        try (CloudFixture cloud = CloudFixture.open();
                var http = HttpClient.newHttpClient()) {
            String volume = cloud.volume("error");
            Settings settings = Settings.parse("""
                    [DEFAULT]
                    host = api-1
                    transport_url = memory://
                    [cinder_database]
                    connection = %s
                    [nova_database]
                    connection = %s
                    [api]
                    auth_strategy = noauth
                    port = 0
                    """.formatted(cloud.databases().cinder().connection(), cloud.databases().nova().connection()));
            var part = ApiNode.PROGRAM.part(
                    settings,
                    (config, _, meters) -> new Rpc(new MemoryTransport(new MemoryBroker()), config, meters),
                    new SimpleMeterRegistry());
            ApiNode node = part.service();

            try (var lifecycle = new Lifecycle(List.of(part.rpc(), node), Duration.ofSeconds(5))) {
                lifecycle.start();
                var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.port() + "/v3/volumes/" + volume))
                        .header("X-Auth-Token", "admin:" + CloudFixture.PROJECT)
                        .build();
                var response = http.send(request, BodyHandlers.ofString());

                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).contains("\"status\":\"error\"");
                assertThat(node.healthChecks())
                        .extracting(HealthCheck::probe)
                        .allSatisfy(probe -> assertThat(probe.get().status()).isEqualTo(Health.Status.UP));
            }
        }
    }
}
