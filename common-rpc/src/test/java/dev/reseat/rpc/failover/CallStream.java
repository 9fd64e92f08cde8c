package dev.reseat.rpc.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.RpcException.RemoteFailure;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbered calls, several at a time, one after the other each, until it is told to end; and how each has ended. */
final class CallStream {
    private static final int IN_FLIGHT = 6;
    private static final int PAUSE_MILLIS = 5;
    private static final int PAUSE_AFTER_FAILURE_MILLIS = 100;
    /** What a call may take beyond its timeout on a machine that is busy with other things. */
    private static final Duration SLACK = Duration.ofSeconds(4);
    private static final Duration RECOVERS = Duration.ofSeconds(60);

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final String name;
    private final PreparedCall call;
    private volatile boolean stopping;

    private CallStream(String name, PreparedCall call) {
        this.name = name;
        this.call = call;
    }

    enum How {
        RESULT,
        FAILURE,
        NOT_DELIVERED,
        UNKNOWN
    }

    /** @param answer what came back, or why nothing did */
    record Ended(int number, How how, String answer, Duration took) {}

    static CallStream start(String name, Party client, Target target) {
        var stream = new CallStream(name, client.rpc().client().prepare(target));
        for (int i = 0; i < IN_FLIGHT; i++) {
            stream.callers.execute(stream::run);
        }
        return stream;
    }

    private void run() {
        try {
            while (!stopping) {
                Ended next = call(numbers.incrementAndGet());
                ended.add(next);
                boolean answered = next.how() == How.RESULT || next.how() == How.FAILURE;
                if (answered) {
                    done.incrementAndGet();
                }
                Thread.sleep(answered ? PAUSE_MILLIS : PAUSE_AFTER_FAILURE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Ended call(int number) {
        long began = System.nanoTime();
        How how = How.RESULT;
        String answer;
        try {
            answer = call.call(
                    RequestContext.admin(), Executions.METHOD, Map.of("number", number), Integer.class).toString();
        } catch (RpcException e) {
            answer = e instanceof RemoteFailure failure ? failure.failure().message() : e.getMessage();
            how = switch (e) {
                case RemoteFailure _ -> How.FAILURE;
                case NotDelivered _ -> How.NOT_DELIVERED;
                case OutcomeUnknown _ -> How.UNKNOWN;
                default -> throw e;
            };
        }
        return new Ended(number, how, answer, Duration.ofNanos(System.nanoTime() - began));
    }

    /** Waits until the stream flows (again): that many more calls are answered. */
    void awaitAnswers(int more) throws InterruptedException {
        int before = done.get();
        long end = System.nanoTime() + RECOVERS.toNanos();
        while (done.get() < before + more) {
            assertTrue(System.nanoTime() < end, () -> name + ": no " + more + " answers within " + RECOVERS + ", "
                    + (done.get() - before) + " have come; " + counts() + "; last: " + last());
            Thread.sleep(50);
        }
    }

    /** Begins no further call; when this returns, every call has ended. */
    void stop() throws InterruptedException {
        stopping = true;
        callers.shutdown();
        assertTrue(
                callers.awaitTermination(Party.CALL_TIMEOUT.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS),
                () -> name + ": a call hangs past its deadline");
    }

    /** That each call has ended as one may, in time, and that what is said of it agrees with who has run it. */
    void check(Executions executions) {
        assertEquals(numbers.get(), ended.size(), () -> name + ": a call has ended with an error of ours");
        for (Ended call : ended) {
            assertTrue(call.took().compareTo(Party.CALL_TIMEOUT.plus(SLACK)) < 0, () -> name + ": late: " + call);
            List<String> runs = executions.of(call.number());
            switch (call.how()) {
                case RESULT, FAILURE -> {
                    assertEquals(String.valueOf(call.number()), call.answer());
                    assertEquals(Executions.fails(call.number()), call.how() == How.FAILURE);
                    assertTrue(!runs.isEmpty(), () -> name + ": answered, but not run: " + call);
                }
                case NOT_DELIVERED -> assertTrue(runs.isEmpty(), () -> name + ": has run " + runs + ": " + call);
                case UNKNOWN -> {
                    // all that may be said of it is that it has ended in time
                }
            }
        }
    }

    private Ended last() {
        return List.copyOf(ended).getLast();
    }

    Map<How, Integer> counts() {
        Map<How, Integer> counts = new EnumMap<>(How.class);
        ended.forEach(call -> counts.merge(call.how(), 1, Integer::sum));
        return counts;
    }
}
