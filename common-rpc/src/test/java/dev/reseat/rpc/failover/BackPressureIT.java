package dev.reseat.rpc.failover;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.runtime.Service.Drained;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More work than workers, large bodies, servers that are drained, and a broker that takes no messages. */
@Tag("broker")
final class BackPressureIT {
    private static final RequestContext CONTEXT = RequestContext.admin();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LONG_ENOUGH_TO_WRITE = Duration.ofSeconds(5);
    private static final Duration HASTY = Duration.ofMillis(500);
    private static final int LARGE = 16 << 20;

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final String name = UUID.randomUUID().toString();
    private final Target target = Target.of("exchange-" + name, "topic-" + name);
    private final Target other = Target.of("exchange-" + name, "other-" + name);
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Party> parties = new ArrayList<>();
    private final PreparedCall call = party(1, Map.of()).rpc().client().prepare(target).timeout(PATIENCE);

    record Work(int number, String body) {}

    private record Run(String server, int number) {}

    @AfterEach
    void close() {
        release.countDown();
        parties.forEach(Party::close);
    }

    private Party party(int workers, Map<String, String> options) {
        var party = new Party(broker.transportUrl(), options, workers);
        parties.add(party);
        return party;
    }

    private RpcServer serve(Party party, Target topic, String server) {
        return party.serve(topic.onServer(server), Endpoint.inDefaultNamespace(1, 0)
                .method("work", Work.class, (_, work) -> work(server, work))
                .method("echo", Work.class, (_, work) -> work.body())
                .build());
    }

    private String work(String server, Work work) {
        runs.add(new Run(server, work.number()));
        try {
            assertThat(release.await(PATIENCE.toSeconds(), SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return work.body();
    }

    private static Map<String, Object> work(int number, String body) {
        return Map.of("number", number, "body", body);
    }

    private CompletableFuture<String> calling(int number, String body) {
        return CompletableFuture.supplyAsync(
                () -> call.call(CONTEXT, "work", work(number, body), String.class), Thread::startVirtualThread);
    }

    private List<Run> nextRuns(int count) throws InterruptedException {
        List<Run> next = new ArrayList<>();
        while (next.size() < count) {
            Run run = runs.poll(60, SECONDS);
            assertThat(run).as("run after " + next).isNotNull();
            next.add(run);
        }
        return next;
    }

    private void awaitQueue(String queue, int ready, int unacknowledged) {
        String expected = queue + "\t" + ready + "\t" + unacknowledged;
        long end = System.nanoTime() + PATIENCE.toNanos();
        String shown;
        do {
            shown = broker.own().control("list_queues", "name", "messages_ready", "messages_unacknowledged");
            assertThat(System.nanoTime()).as("time for " + expected + " in " + shown).isLessThan(end);
        } while (shown.lines().noneMatch(expected::equals));
    }

    @Test
    void largeBodiesWaitAtTheBrokerKeepTheirOrderAndHoldUpNothingElse() throws Exception {
        Party server = party(1, Map.of("rabbit_qos_prefetch_count", "1"));
        serve(server, target, "host-a");
        serve(server, other, "host-a");
        String large = "x".repeat(LARGE);
        for (int i = 0; i < 4; i++) {
            call.cast(CONTEXT, "work", work(i, large));
        }
        CompletableFuture<String> last = calling(4, large);

        awaitQueue(target.topic(), 3, 1); // and one runs: no more than that is in the memory of the server
        PreparedCall small = parties.getFirst().rpc().client().prepare(other).timeout(PATIENCE);
        assertThat(small.call(CONTEXT, "echo", work(0, "small"), String.class)).isEqualTo("small");

        release.countDown();
        assertThat(last.get(90, SECONDS)).isEqualTo(large);
        assertThat(nextRuns(5)).extracting(Run::number).containsExactly(0, 1, 2, 3, 4);
        assertThat(runs).isEmpty();
    }

    @Test
    void aDrainedServerFinishesWhatRunsAndTheRestIsServedElsewhereOnce() throws Exception {
        RpcServer first = serve(party(2, Map.of()), target, "host-a");
        List<CompletableFuture<String>> calls =
                IntStream.range(0, 10).mapToObj(number -> calling(number, "done " + number)).toList();
        List<Run> all = new ArrayList<>(nextRuns(2));
        awaitQueue(target.topic(), 0, 8);

        assertThat(first.drain(Duration.ofMillis(100))).isEqualTo(Drained.FORCED);
        serve(party(10, Map.of()), target, "host-b");
        all.addAll(nextRuns(8));
        release.countDown();

        assertThat(first.drain(Duration.ofSeconds(30))).isEqualTo(Drained.CLEAN);
        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).get(30, SECONDS)).isEqualTo("done " + i);
        }
        assertThat(all).filteredOn(run -> run.server().equals("host-a")).hasSize(2);
        assertThat(all).extracting(Run::number).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(runs).isEmpty();
    }

    @Test
    void whileTheBrokerTakesNoMessagesServersReadOnAndCallersKeepTheirDeadlines() throws Exception {
        serve(party(4, Map.of()), target, "host-a");
        Party later = party(4, Map.of());
        RpcServer waiting = serve(later, other, "host-b");
        waiting.drain(Duration.ofSeconds(30));
        Party client = parties.getFirst();
        for (int i = 0; i < 3; i++) {
            client.rpc().client().prepare(other).cast(CONTEXT, "work", work(i, ""));
        }
        CompletableFuture<String> inFlight = calling(9, "done");
        assertThat(nextRuns(1)).containsExactly(new Run("host-a", 9));

        broker.own().control("set_vm_memory_high_watermark", "absolute", "1");
        try {
            serve(later, other, "host-c"); // begins even now
            assertThat(nextRuns(3)).extracting(Run::number).containsExactlyInAnyOrder(0, 1, 2);
            PreparedCall hasty = call.timeout(HASTY);
            // the broker blocks a connection when it publishes: the first message is on its way, the next is not
            assertThatThrownBy(
                    () -> call.timeout(LONG_ENOUGH_TO_WRITE).call(CONTEXT, "echo", work(0, "first"), String.class))
                    .isInstanceOf(OutcomeUnknown.class);
            assertThatThrownBy(() -> hasty.call(CONTEXT, "echo", work(0, "next"), String.class))
                    .isInstanceOf(NotDelivered.class);
            assertThatThrownBy(() -> hasty.cast(CONTEXT, "echo", work(0, "next")))
                    .isInstanceOf(NotDelivered.class);
            release.countDown();
        } finally {
            broker.own().control("set_vm_memory_high_watermark", "0.4");
        }
        assertThat(inFlight.get(60, SECONDS)).isEqualTo("done");
        assertThat(call.call(CONTEXT, "echo", work(0, "goes on"), String.class)).isEqualTo("goes on");
    }
}
