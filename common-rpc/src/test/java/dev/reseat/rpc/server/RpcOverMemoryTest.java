package dev.reseat.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
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
import dev.reseat.runtime.Service.Drained;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RpcOverMemoryTest {
    private static final Target TARGET = Target.of("nova", "compute").onServer("host-a").atVersion(RpcVersion.of(6, 0));
    private static final RequestContext CONTEXT = RequestContext.of("u", "p", true, "req-1");

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final CompletableFuture<RequestContext> seen = new CompletableFuture<>();
    private final CompletableFuture<String> casted = new CompletableFuture<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RpcServer server;

    record Echo(String text, Optional<Integer> times) {
        Echo {
            if (times.orElse(1) < 0) {
                throw new IllegalArgumentException("times must not be negative");
            }
        }
    }

    record Greet(
            String name,
            Optional<String> firstName,
            List<String> titles,
            @JsonProperty("from") @JsonAlias("source") Object sender) {
        Greet {
            titles = titles == null ? List.of() : titles;
        }
    }

    @BeforeEach
    void serve() {
        List<Endpoint> endpoints = List.of(
                Endpoint.inDefaultNamespace(5, 13).method("old", Map.class, (_, _) -> "old").build(),
                Endpoint.inDefaultNamespace(6, 5)
                        .method("echo", Echo.class, this::echo)
                        .method("keep", Echo.class, (_, args) -> casted.complete(args.text()))
                        .method("greet", Greet.class, (_, args) -> args.name() + " " + args.firstName() + " "
                                + args.titles() + " " + args.sender())
                        .method("wait", Map.class, (_, _) -> await())
                        .method("fail", Map.class, (_, _) -> {
                            throw new EndpointFailure(Failure.of("nova.exception", "Gone", "it is gone"));
                        })
                        .method("break", Map.class, (_, _) -> {
                            throw new IllegalStateException("broken");
                        })
                        .build(),
                Endpoint.of("reseat", 1, 0).method("ours", Map.class, (_, _) -> null).build());
        server = new RpcServer(transport, codec, TARGET, endpoints, new ServerConfig(4, true), meters);
        server.start();
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        server.stop();
        client.close();
        transport.close();
    }

    @Test
    void aCallGivesTheResultAndTheServerSeesTheContext() throws Exception {
        assertThat(call("echo", Map.of("text", "a", "times", 2))).isEqualTo("aa");
        assertThat(seen.get(5, TimeUnit.SECONDS).projectId()).contains("p");
    }

    @Test
    void aCastIsDelivered() throws Exception {
        prepared().cast(CONTEXT, "keep", Map.of("text", "b"));

        assertThat(casted.get(5, TimeUnit.SECONDS)).isEqualTo("b");
    }

    @Test
    void aFanoutIsDelivered() throws Exception {
        prepared().fanout(CONTEXT, "keep", Map.of("text", "c"));

        assertThat(casted.get(5, TimeUnit.SECONDS)).isEqualTo("c");
    }

    @Test
    void failuresKeepTheirNames() {
        assertThat(failure("fail", Map.of())).isEqualTo(Failure.of("nova.exception", "Gone", "it is gone"));
        assertThat(failure("break", Map.of()).type()).isEqualTo("IllegalStateException");
        assertThat(failure("nosuch", Map.of()))
                .isEqualTo(Failure.of(
                        "oslo_messaging.rpc.dispatcher",
                        "NoSuchMethod",
                        "Endpoint does not support RPC method nosuch"));
    }

    @Test
    void argumentsThatDoNotFitAreAnsweredAsPythonWould() {
        assertThat(failure("echo", Map.of("text", "a", "more", 1)).message())
                .isEqualTo("echo() got an unexpected keyword argument 'more'");
        assertThat(failure("echo", Map.of("text", List.of())).type()).isEqualTo("TypeError");
        assertThat(failure("echo", Map.of("text", "a", "times", -1)))
                .isEqualTo(Failure.of("builtins", "ValueError", "echo(): times must not be negative"));
    }

    @Test
    void anArgumentThatIsNotGivenIsATypeErrorAndNullIsNot() {
        assertThat(failure("greet", Map.of()))
                .isEqualTo(Failure.of("builtins", "TypeError", "greet() missing required arguments: name, from"));
        assertThat(failure("greet", Map.of("name", "a", "first_name", "b")).message())
                .isEqualTo("greet() missing required arguments: from");
        var nulls = new HashMap<String, Object>(Map.of("from", "c"));
        nulls.put("name", null);
        assertThat(call("greet", nulls)).isEqualTo("null Optional.empty [] c");
        assertThat(call("greet", Map.of("name", "a", "source", "b"))).isEqualTo("a Optional.empty [] b");
    }

    @Test
    void versionsAndNamespacesChooseTheEndpoint() {
        assertThat(prepared().atVersion(RpcVersion.of(5, 0)).call(CONTEXT, "old", Map.of(), String.class))
                .isEqualTo("old");
        assertThat(prepared().inNamespace("reseat")
                .atVersion(RpcVersion.of(1, 0))
                .call(CONTEXT, "ours", Map.of(), Void.class))
                .isNull();
        var higher = prepared().atVersion(RpcVersion.of(6, 9));
        assertThatThrownBy(() -> higher.call(CONTEXT, "echo", Map.of("text", ""), String.class))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class, e -> {
                    assertThat(e.notOffered()).isTrue();
                    assertThat(e.failure().message())
                            .isEqualTo("Endpoint does not support RPC version 6.9. Attempted method: echo");
                });
    }

    @Test
    void aCapKeepsTheMessageHere() {
        var capped = prepared().cappedAt(RpcVersion.of(5, 13));

        assertThatThrownBy(() -> capped.call(CONTEXT, "echo", Map.of("text", ""), String.class))
                .isInstanceOf(RpcException.VersionCapExceeded.class);
    }

    @Test
    void aCallToNobodyIsNotDelivered() {
        var nobody = client.prepare(Target.of("nova", "compute").onServer("host-z"));

        assertThatThrownBy(() -> nobody.call(CONTEXT, "echo", Map.of(), String.class))
                .isInstanceOf(RpcException.NotDelivered.class);
    }

    @Test
    void aCallWithoutReplyInTimeIsUnknown() {
        var hasty = prepared().timeout(Duration.ofMillis(50));

        assertThatThrownBy(() -> hasty.call(CONTEXT, "wait", Map.of(), String.class))
                .isInstanceOf(RpcException.OutcomeUnknown.class);
    }

    @Test
    void aMonitoredCallOutlivesTheMonitorTimeoutWhileTheServerBeats() {
        var monitored = prepared().monitored(Duration.ofSeconds(2));
        Thread.ofVirtual().start(() -> goOnAfter(Duration.ofMillis(2500)));

        assertThat(monitored.call(CONTEXT, "wait", Map.of(), String.class)).isEqualTo("waited");
    }

    @Test
    void aDrainedServerFinishesWhatItHasBegun() throws Exception {
        var reply = CompletableFuture.supplyAsync(() -> call("wait", Map.of()));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(server.drain(Duration.ofMillis(50))).isEqualTo(Drained.FORCED);
        goOn.countDown();

        assertThat(server.drain(Duration.ofSeconds(5))).isEqualTo(Drained.CLEAN);
        assertThat(reply.get(5, TimeUnit.SECONDS)).isEqualTo("waited");
    }

    @Test
    void closingTheClientSettlesWhatWaitsAsUnknown() throws Exception {
        var reply = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(RpcException.class, () -> call("wait", Map.of())));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(reply.get(5, TimeUnit.SECONDS)).isInstanceOf(RpcException.OutcomeUnknown.class);
    }

    @Test
    void theServerAnswersPings() {
        var ping = client.prepare(TARGET.atVersion(RpcVersion.DEFAULT));

        assertThat(ping.call(CONTEXT, "oslo_rpc_server_ping", Map.of(), String.class)).isEqualTo("pong");
    }

    private Object echo(RequestContext context, Echo args) {
        seen.complete(context);
        return args.text().repeat(args.times().orElse(1));
    }

    private Object await() {
        begun.countDown();
        try {
            return goOn.await(10, TimeUnit.SECONDS) ? "waited" : "gave up";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void goOnAfter(Duration time) {
        try {
            assertThat(new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        goOn.countDown();
    }

    private PreparedCall prepared() {
        return client.prepare(TARGET);
    }

    private String call(String method, Map<String, Object> args) {
        return prepared().call(CONTEXT, method, args, String.class);
    }

    private Failure failure(String method, Map<String, Object> args) {
        return catchThrowableOfType(RpcException.RemoteFailure.class, () -> call(method, args)).failure();
    }
}
