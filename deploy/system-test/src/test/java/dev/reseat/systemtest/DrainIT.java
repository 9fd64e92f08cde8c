package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.OtherTransaction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that is told to end does so in bounded time, and takes nothing with it that others can do. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class DrainIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALLERS = 8;

    @Test
    void whatIsInHandEndsAndIsAnsweredBeforeTheProcessDoes() throws Exception {
        try (Cloud cloud = Cloud.running()) {
            Attached stuck = new Scene(cloud).stuck("in hand", "detaching");
            CompletableFuture<Http.Answer> answer;
            try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
                other.run(tx -> tx.handle().execute("SELECT 1 FROM volumes WHERE id = ? FOR UPDATE", stuck.volume()));
                answer = reset(cloud, stuck);
                other.awaitBlocked(cloud.cinder());

                cloud.apiNode().terminate();

                cloud.apiNode().output().await(line -> line.contains("stopping: signal"), PATIENCE);
                assertThat(answer).as("its row is locked still").isNotDone();
                assertThat(cloud.apiNode().isAlive()).isTrue();
            }
            assertThat(answer.get(PATIENCE.toSeconds(), SECONDS).status()).isEqualTo(202);
            assertThat(cloud.apiNode().awaitEnd()).isZero();
            assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
            assertThat(cloud.liveAttachments(stuck.volume())).isZero();
            assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
        }
    }

    private static CompletableFuture<Http.Answer> reset(Cloud cloud, Attached stuck) {
        return cloud.http()
                .sending("POST", "/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
    }

    @Test
    void whatDoesNotEndInTimeIsCutOffAndSettledByTheNextOne() throws Exception {
        try (Cloud cloud = Cloud.prepared()) {
            set(cloud, "reseat-api-node", "graceful_shutdown_timeout = 1");
            cloud.launch();
            Attached stuck = new Scene(cloud).stuck("endless", "detaching");
            try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
                other.run(tx -> tx.handle().execute("SELECT 1 FROM volumes WHERE id = ? FOR UPDATE", stuck.volume()));
                var _ = reset(cloud, stuck);
                other.awaitBlocked(cloud.cinder());

                cloud.apiNode().terminate();

                cloud.apiNode().awaitEnd(); // with the row still locked
                assertThat(cloud.journal(stuck.volume())).containsEntry("state", "open");
            }
            cloud.apiNode().launch().awaitStarted();
            cloud.awaitSettled(stuck.volume());
            assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
            assertThat(cloud.liveAttachments(stuck.volume())).isZero();
            assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
        }
    }

    @Test
    void noCallIsLostWhileAnAgentEndsAndTheNextOneStarts() throws Exception {
        try (Cloud cloud = Cloud.prepared()) {
            set(cloud, "reseat-compute-agent", "rpc_ping_enabled = true");
            cloud.computeAgent().launch().awaitStarted();
            Rpc rpc = rpc(cloud);
            try {
                PreparedCall agent = rpc.client()
                        .prepare(ComputeRpc.own(cloud.settings().computeHost()).atVersion(RpcVersion.DEFAULT))
                        .timeout(PATIENCE);
                assertThat(ping(agent)).isEqualTo("pong");
                var goesOn = new AtomicBoolean(true);
                List<CompletableFuture<Integer>> callers = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    callers.add(CompletableFuture.supplyAsync(
                            () -> pings(agent, goesOn), task -> Thread.ofVirtual().start(task)));
                }

                cloud.computeAgent().terminate();
                assertThat(cloud.computeAgent().awaitEnd()).isZero();
                assertThat(callers).noneMatch(CompletableFuture::isDone);
                cloud.computeAgent().launch().awaitStarted();
                goesOn.set(false);

                for (CompletableFuture<Integer> caller : callers) { // each had one in hand or in the queue at the end
                    assertThat(caller.get(PATIENCE.toSeconds(), SECONDS)).isPositive();
                }
            } finally {
                rpc.stop();
            }
        }
    }

    /** @return how many were answered: all, or this fails */
    private static int pings(PreparedCall agent, AtomicBoolean goesOn) {
        int answered = 0;
        do {
            assertThat(ping(agent)).isEqualTo("pong");
            answered++;
        } while (goesOn.get());
        return answered;
    }

    private static String ping(PreparedCall agent) {
        return agent.call(RequestContext.admin(), "oslo_rpc_server_ping", Map.of(), String.class);
    }

    private static Rpc rpc(Cloud cloud) {
        var settings = Settings.parse("[DEFAULT]\ntransport_url = " + cloud.settings().transportUrl() + "\n");
        Rpc rpc = Rpc.overBroker(settings.checked(RpcConfig::from), "drain-test", new SimpleMeterRegistry());
        rpc.start();
        return rpc;
    }

    private static void set(Cloud cloud, String program, String setting) throws Exception {
        Path file = cloud.settings().directory().resolve(program + ".conf");
        Files.writeString(file, Files.readString(file).replaceFirst("\\[DEFAULT\\]", "[DEFAULT]\n" + setting));
    }
}
