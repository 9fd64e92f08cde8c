package dev.reseat.status;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.reseat.contract.status.StatusRpc;
import dev.reseat.contract.status.StatusRpc.StatusTold;
import dev.reseat.contract.status.StatusRpc.TellStatus;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StatusEndpointTest {
    private static final String TOPIC = "reseat-volume";

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(20)), meters);
    private final BlockingQueue<StatusTold> told = new LinkedBlockingQueue<>();
    private final List<RpcServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(RpcServer::stop);
        client.close();
        transport.close();
    }

    @Test
    void aProcessOfSeveralServersTellsOnceHowItsChecksAre() throws Exception {
        Endpoint status = new StatusEndpoint("reseat-volume-manager", "stor-1", List.of("stor-1@a", "stor-1@b"), client,
                List.of(
                        new HealthCheck("backend:stor-1@a", () -> Health.degraded("1 call is not back")),
                        new HealthCheck("backend:stor-1@b", () -> Health.up("answers"))))
                .endpoint();
        serve(StatusRpc.everybody(TOPIC).getFirst().onServer("stor-1@a"), status);
        serve(StatusRpc.everybody(TOPIC).getFirst().onServer("stor-1@b"), status);
        serve(StatusRpc.asking("api-1"), Endpoint.of(StatusRpc.NAMESPACE, 1, 0)
                .method(StatusTold.METHOD, StatusTold.class, (_, one) -> told.add(one))
                .build());

        ask("first");
        StatusTold first = told.poll(20, SECONDS);
        ask("second");
        StatusTold second = told.poll(20, SECONDS);

        assertEquals("first", first.question());
        assertEquals("second", second.question(), "the first question is answered once");
        assertEquals(first.process(), second.process());
        assertEquals(List.of("stor-1@a", "stor-1@b"), first.servers());
        assertEquals(List.of(
                new StatusTold.Check("backend:stor-1@a", "degraded", "1 call is not back"),
                new StatusTold.Check("backend:stor-1@b", "up", "answers")), first.checks());
        assertNull(told.poll());
    }

    private void serve(Target target, Endpoint endpoint) {
        var server = new RpcServer(transport, codec, target, List.of(endpoint), ServerConfig.DEFAULT, meters);
        server.start();
        servers.add(server);
    }

    private void ask(String question) {
        StatusRpc.everybody(TOPIC)
                .forEach(topic -> client.prepare(topic)
                        .fanout(RequestContext.admin(), TellStatus.METHOD, new TellStatus(question, "api-1")));
    }
}
