package dev.reseat.rpc.failover;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is taken away from a client or a server while its connection lives is noticed, and comes back. */
@Tag("broker")
final class NeverDeafIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final String host = "deaf-" + UUID.randomUUID();
    private final Target target = Target.of("exchange-" + host, "topic-" + host);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore running = new Semaphore(0);
    private Party server;
    private Party client;
    private Connection connection;
    private Channel peer;

    record Arguments(boolean waits) {}

    /** In a virtual host of its own, where the only reply queue is the client's. */
    @BeforeEach
    void connect() throws Exception {
        broker.own().control("add_vhost", host);
        broker.own().control("set_permissions", "-p", host, "guest", ".*", ".*", ".*");
        server = new Party(broker.transportUrl() + host, Map.of());
        client = new Party(broker.transportUrl() + host, Map.of());
        server.serve(target.onServer("host-a"), Endpoint.inDefaultNamespace(1, 0)
                .method("answer", Arguments.class, (_, arguments) -> answer(arguments.waits()))
                .build());
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.own().port());
        factory.setVirtualHost(host);
        connection = factory.newConnection("peer");
        peer = connection.createChannel();
    }

    @AfterEach
    void close() throws Exception {
        release.countDown();
        client.close();
        server.close();
        connection.abort();
        broker.own().control("delete_vhost", host);
    }

    private String answer(boolean waits) {
        try {
            running.release();
            if (waits) {
                assertTrue(release.await(PATIENCE.toSeconds(), SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "done";
    }

    private String call(boolean waits) {
        return call(target, waits);
    }

    private String call(Target to, boolean waits) {
        return client.rpc()
                .client()
                .prepare(to)
                .timeout(PATIENCE)
                .call(RequestContext.admin(), "answer", Map.of("waits", waits), String.class);
    }

    private CompletableFuture<String> callThatWaits() throws InterruptedException {
        var call = CompletableFuture.supplyAsync(() -> call(true), Thread::startVirtualThread);
        assertTrue(running.tryAcquire(30, SECONDS));
        return call;
    }

    private void deleteReplyQueue() throws Exception {
        String queue = broker.own()
                .control("list_queues", "-p", host, "--no-table-headers", "name")
                .lines()
                .filter(name -> name.startsWith("reply_"))
                .findAny()
                .orElseThrow();
        peer.queueDelete(queue);
    }

    private void awaitNoticed() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (client.counted("reseat.rpc.reply_queue.lost") < 1) {
            assertTrue(System.nanoTime() < end, "the loss of the reply queue was not noticed");
            Thread.sleep(20);
        }
    }

    @Test
    void aReplyThatIsSentAfterTheReplyQueueWasDeletedArrives() throws Exception {
        CompletableFuture<String> call = callThatWaits();

        deleteReplyQueue();
        release.countDown();

        assertEquals("done", call.get(30, SECONDS));
        awaitNoticed();
    }

    @Test
    void aCallWhoseReplyMayHaveGoneWithTheReplyQueueEndsAsUnknownLongBeforeItsTime() throws Exception {
        CompletableFuture<String> call = callThatWaits();

        deleteReplyQueue();
        awaitNoticed();

        var failure = assertThrows(ExecutionException.class, () -> call.get(45, SECONDS));
        assertInstanceOf(OutcomeUnknown.class, failure.getCause());
        assertEquals("done", call(false));
        assertEquals(1, client.counted("reseat.rpc.reply_queue.lost"));
    }

    @Test
    void aServerWhoseExchangeWasDeletedIsBoundAgain() throws Exception {
        assertEquals("done", call(false));

        peer.exchangeDelete(target.exchange());

        awaitDelivered(target);
    }

    private void awaitDelivered(Target to) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertEquals("done", call(to, false));
                return;
            } catch (NotDelivered e) {
                assertTrue(System.nanoTime() < end, "the server was not bound again");
                Thread.sleep(100);
            }
        }
    }

    /**
     * As when a queue is declared anew while the nodes of a cluster clear away what they have lost: its bindings are
     * there, but the exchange does not know them.
     */
    @Test
    void aServerThatIsBoundButNotRoutedToIsRoutedToAgain() throws Exception {
        assertEquals("done", call(false));
        broker.own().control("eval", """
                [rabbit_misc:execute_mnesia_transaction(fun() ->
                     ok = rabbit_exchange_type_topic:add_binding(transaction, none, B),
                     ok = rabbit_exchange_type_topic:remove_bindings(transaction, none, [B])
                 end)
                 || B <- rabbit_binding:list(<<"%s">>), element(4, element(2, B)) =:= <<"%s">>].
                """.formatted(host, target.exchange()));
        assertThrows(NotDelivered.class, () -> call(false));

        broker.own().control("close_all_connections", "-p", host, "a node is lost");

        awaitDelivered(target);
        awaitDelivered(target.onServer("host-a"));
    }

    /** Some failures of a cluster do that; here it is asked for, and neither channel nor connection is told. */
    @Test
    void consumersThatTheBrokerHasForgottenAreThereAgain() throws Exception {
        assertEquals("done", call(false));

        broker.own().control("eval", """
                [gen_server2:call(amqqueue:get_pid(Q), {basic_cancel, Channel, Tag, undefined, <<"test">>})
                 || Q <- rabbit_amqqueue:list(<<"%s">>),
                    {Channel, Tag, _, _, _, _, _, _} <- rabbit_amqqueue:consumers(Q)].
                """.formatted(host));

        client.rpc().client().prepare(target).cast(RequestContext.admin(), "answer", Map.of("waits", false));
        client.rpc().client().prepare(target).fanout(RequestContext.admin(), "answer", Map.of("waits", false));
        client.rpc()
                .client()
                .prepare(target.onServer("host-a"))
                .cast(
                        RequestContext.admin(), "answer", Map.of("waits", false));
        assertTrue(running.tryAcquire(4, 60, SECONDS), () -> "of 4 have run: " + running.availablePermits());
        assertEquals("done", call(false));
    }

    @Tag("slow")
    @Test
    void howLongNothingCanBeReceivedIsMeasured() throws Exception {
        assertEquals("done", call(false));
        assertEquals(0, client.measured("reseat.rpc.client.silent"));
        assertEquals(0, server.measured("reseat.rpc.server.silent"));

        broker.kill();
        try {
            awaitMeasured(true);
        } finally {
            broker.start();
        }
        awaitMeasured(false);
        awaitNoticed();
    }

    private void awaitMeasured(boolean silent) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (client.measured("reseat.rpc.client.silent") > 0 != silent
                || server.measured("reseat.rpc.server.silent") > 0 != silent) {
            assertTrue(System.nanoTime() < end, "silent should be " + silent);
            Thread.sleep(20);
        }
    }
}
