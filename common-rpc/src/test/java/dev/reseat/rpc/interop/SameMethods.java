package dev.reseat.rpc.interop;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** The methods of {@code oslo_rpc.py}, served by us; and two that take versioned objects. */
final class SameMethods {
    private final BlockingQueue<String> kept = new LinkedBlockingQueue<>();

    record Echo(Object value) {}

    record Size(String value) {}

    record Keep(String text) {}

    record Lookup(String volumeId) {
        Lookup {
            if (volumeId == null) {
                throw new IllegalArgumentException("volume_id is needed");
            }
        }
    }

    record Rest(double seconds) {}

    record Unwritable(int value) {
        @Override
        public int value() {
            throw new IllegalStateException("cannot be written");
        }
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.inDefaultNamespace(1, 5)
                        .method("echo", Echo.class, (_, args) -> args.value())
                        .method("size", Size.class, (_, args) -> args.value().length())
                        .method("whoami", Map.class, (context, _) -> context.values())
                        .method("keep", Keep.class, this::keep)
                        .method("lookup", Lookup.class, SameMethods::lookup)
                        .method("expected", Lookup.class, SameMethods::lookup)
                        .method("refuse", Keep.class, SameMethods::refuse)
                        .method("rest", Rest.class, SameMethods::rest)
                        .method("unwritable", Map.class, (_, _) -> new Unwritable(1))
                        .build(),
                Endpoint.of("reseat", 1, 0).method("ours", Map.class, (_, _) -> "ours").build(),
                Endpoint.of("objects", 1, 0)
                        .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class,
                                (_, args) -> args.instance())
                        .method("detach_volume", VolumeArguments.DetachVolume.class,
                                (_, args) -> args.volume().orElseThrow())
                        .build());
    }

    /** The text of the next {@code keep}. */
    String kept() throws InterruptedException {
        return kept.poll(20, SECONDS);
    }

    private Object keep(RequestContext context, Keep args) {
        kept.add(args.text());
        return null;
    }

    private static Object lookup(RequestContext context, Lookup args) {
        String message = "Volume " + args.volumeId() + " could not be found.";
        throw new EndpointFailure(new Failure("VolumeNotFound", "cinder.exception", message, List.of(message),
                Map.of("volume_id", args.volumeId(), "code", 404)));
    }

    private static Object refuse(RequestContext context, Keep args) {
        throw new EndpointFailure(Failure.of("builtins", "ValueError", args.text()));
    }

    private static Object rest(RequestContext context, Rest args) {
        try {
            boolean over = new CountDownLatch(1).await((long) (args.seconds() * 1000), MILLISECONDS);
            return over ? "woken" : "rested";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
