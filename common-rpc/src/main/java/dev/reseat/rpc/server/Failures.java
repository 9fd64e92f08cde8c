package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What a method threw, as the failure that a Python peer sees. */
final class Failures {
    private static final String OSLO = "oslo_messaging.exceptions";

    private Failures() {}

    /**
     * A failure that was declared or passed on keeps its name; those of a method's own calls get the names that
     * oslo.messaging has for them; any other exception is its Java class and package, a {@code RemoteError} in Python.
     * No secret leaves with it.
     */
    static Failure of(RuntimeException thrown) {
        return named(thrown).masked();
    }

    private static Failure named(RuntimeException thrown) {
        String message = Optional.ofNullable(thrown.getMessage()).orElse("");
        return switch (thrown) {
            case EndpointFailure declared -> declared.failure();
            case RpcException.RemoteFailure passedOn -> passedOn.failure();
            case RpcException.Undeliverable e -> new Failure(
                    "MessageUndeliverable", OSLO, message, Arrays.asList(message, e.exchange(), e.routingKey(), null),
                    Map.of());
            case RpcException.NotDelivered _ -> Failure.of(OSLO, "MessageDeliveryFailure", message);
            case RpcException.OutcomeUnknown _ -> Failure.of(OSLO, "MessagingTimeout", message);
            case RpcException.VersionCapExceeded _ ->
                Failure.of("oslo_messaging.rpc.client", "RPCVersionCapError", message);
            default -> java(thrown.getClass(), message);
        };
    }

    private static Failure java(Class<?> thrown, String message) {
        Class<?> named = thrown;
        while (named.isAnonymousClass()) {
            named = named.getSuperclass();
        }
        return Failure.of(named.getPackageName(), named.getSimpleName(), message);
    }
}
