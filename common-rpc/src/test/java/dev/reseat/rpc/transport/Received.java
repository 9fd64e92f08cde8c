package dev.reseat.rpc.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** A receiver for tests: keeps what arrives, and settles it as it was told. */
public final class Received implements Consumer<Delivery> {
    private static final int LIMIT_SECONDS = 20;

    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final Consumer<Delivery> settle;

    private Received(Consumer<Delivery> settle) {
        this.settle = settle;
    }

    /** Acknowledges at once, as an RPC server does. */
    public static Received acknowledging() {
        return new Received(Delivery::acknowledge);
    }

    /** Leaves it to the test. */
    public static Received holding() {
        return new Received(_ -> {});
    }

    @Override
    public void accept(Delivery delivery) {
        settle.accept(delivery);
        deliveries.add(delivery);
    }

    /** Waits for the next delivery. */
    public Delivery next() throws InterruptedException {
        Delivery delivery = deliveries.poll(LIMIT_SECONDS, SECONDS);
        assertNotNull(delivery, "nothing was delivered");
        return delivery;
    }

    /** Waits for the next message, as text. */
    public String text() throws InterruptedException {
        return textOf(next());
    }

    static String textOf(Delivery delivery) {
        return new String(delivery.body(), UTF_8);
    }

    public List<String> texts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            texts.add(text());
        }
        return texts;
    }

    /** How many have arrived and were not asked for yet. */
    public int waiting() {
        return deliveries.size();
    }

    /** Sends one more message on the same way and sees that it is the next to arrive. */
    public void nothingBefore(Runnable sendMarker, String marker) throws InterruptedException {
        sendMarker.run();
        assertEquals(marker, text());
    }
}
