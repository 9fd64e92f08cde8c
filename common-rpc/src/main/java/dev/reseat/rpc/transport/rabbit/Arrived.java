package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.transport.Handover;
import java.util.ArrayList;
import java.util.List;

/**
 * What was read from a connection and not handed over yet: one hand-over for all of it costs as much as for one
 * message. Used by the thread that reads.
 */
final class Arrived {
    private final Handover handover;
    private final boolean atOnce;
    private List<Handover.Pending> deliveries = new ArrayList<>();

    /** @param link whose messages it gets */
    Arrived(Handover handover, Link link) {
        this.handover = handover;
        this.atOnce = !link.whenWorkedOff(this::handOver);
    }

    void add(Handover.Pending delivery) {
        deliveries.add(delivery);
        if (atOnce) {
            handOver();
        }
    }

    private void handOver() {
        if (!deliveries.isEmpty()) {
            handover.bring(deliveries);
            deliveries = new ArrayList<>();
        }
    }
}
