package dev.reseat.rpc.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On which thread a receiver gets what, and in which order. */
final class HandoverTest {
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch five = new CountDownLatch(5);

    @Test
    void whatCanBeTakenWithoutBlockingIsTakenOnTheThreadThatBringsIt() {
        Handover handover = Handover.start("test", this::takeAll);

        handover.bring(deliveries("one", "two"));

        assertThat(taken).containsExactly("one false", "two false");
        handover.stop();
    }

    @Test
    void whatIsLeftIsGivenAgainWhereTheReceiverMayBlockAndKeepsItsPlace() throws Exception {
        var goOn = new CountDownLatch(1);
        Handover handover = Handover.start("test", arrivals -> {
            if (arrivals.mayBlock()) {
                await(goOn);
            } else if (taken.isEmpty()) {
                take(arrivals);
            }
            if (arrivals.mayBlock()) {
                takeAll(arrivals);
            }
        });

        handover.bring(deliveries("one", "two", "three"));
        handover.bring(deliveries("four", "five"));
        goOn.countDown();

        assertThat(five.await(20, SECONDS)).isTrue();
        assertThat(taken).containsExactly("one false", "two true", "three true", "four true", "five true");
        handover.stop();
    }

    @Test
    void aReceiverThatStopsItOnTheBringingThreadGetsNoMore() {
        var handover = new Handover[1];
        handover[0] = Handover.start("test", arrivals -> {
            take(arrivals);
            handover[0].stop();
            takeAll(arrivals);
        });

        handover[0].bring(deliveries("one", "two"));
        handover[0].bring(deliveries("three"));

        assertThat(taken).containsExactly("one false");
    }

    @Test
    void whatCameOnTwoConnectionsIsNotSettledTogether() throws Exception {
        var all = new CountDownLatch(1);
        List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
        Handover handover = Handover.start("test", arrivals -> {
            await(all);
            var group = new ArrayList<String>();
            arrivals.together(() -> {
                for (var next = arrivals.poll(); next.isPresent(); next = arrivals.poll()) {
                    next.get().acknowledge();
                    group.add(new String(next.get().body(), UTF_8));
                }
            });
            groups.add(group);
            group.forEach(_ -> five.countDown());
        });
        handover.offer(deliveriesOn("first connection", "one", "two"));
        handover.offer(deliveriesOn("first connection", "three"));
        handover.offer(deliveriesOn("second connection", "four", "five"));

        all.countDown();

        assertThat(five.await(20, SECONDS)).isTrue();
        handover.stop();
        assertThat(groups).containsExactly(List.of("one", "two", "three"), List.of("four", "five"));
    }

    @Test
    void whatAConnectionThatIsGoneHasLeftIsSettledWithNothing() throws Exception {
        List<Handover.Pending> gone = deliveriesOn("first connection", "one", "two");
        List<String> connections = Collections.synchronizedList(new ArrayList<>());
        var ready = new CountDownLatch(1);
        Handover handover = Handover.start("test", arrivals -> {
            await(ready);
            arrivals.together(() -> connections.add(((Text) arrivals.poll().orElseThrow()).origin().toString()));
            five.countDown();
        });
        handover.offer(gone);
        handover.offer(deliveriesOn("second connection", "three", "four", "five", "six", "seven"));
        gone.forEach(Delivery::reject);

        ready.countDown();

        assertThat(five.await(20, SECONDS)).isTrue();
        handover.stop();
        assertThat(connections).containsOnly("second connection").hasSize(5);
    }

    private void takeAll(Arrivals arrivals) {
        boolean more;
        do {
            more = take(arrivals);
        } while (more);
    }

    private boolean take(Arrivals arrivals) {
        var next = arrivals.poll();
        next.ifPresent(delivery -> {
            delivery.acknowledge();
            taken.add(new String(delivery.body(), UTF_8) + " " + arrivals.mayBlock());
            five.countDown();
        });
        return next.isPresent();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Handover.Pending> deliveries(String... texts) {
        return deliveriesOn("the connection", texts);
    }

    private static List<Handover.Pending> deliveriesOn(String origin, String... texts) {
        return Stream.of(texts).<Handover
                .Pending>map(text -> new Text(origin, text, new AtomicBoolean()))
                .toList();
    }

    private record Text(Object origin, String text, AtomicBoolean settled) implements Handover.Pending {
        @Override
        public byte[] body() {
            return text.getBytes(UTF_8);
        }

        @Override
        public void acknowledge() {
            settled.set(true);
        }

        @Override
        public void reject() {
            settled.set(true);
        }

        @Override
        public void requeue() {
            settled.set(true);
        }

        @Override
        public boolean isPending() {
            return !settled.get();
        }
    }
}
