package dev.reseat.volume.endpoint;

import dev.reseat.contract.state.CinderOperation;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.volume.service.CinderPresence;
import dev.reseat.volume.service.RefusedOperations;
import java.util.Map;
import java.util.Optional;

/**
 * What of Cinder's volume interface is not served and yet must not be lost: rows wait for it. Where a cinder-volume is
 * replaced only. Who calls is answered as for a method that is not there.
 */
public final class RefusalEndpoint {
    private static final String OBJECT = "versioned_object.data";

    private RefusalEndpoint() {}

    public static Endpoint of(RefusedOperations refused, CinderPresence presence) {
        Endpoint.Builder builder = Endpoint.inDefaultNamespace(VolumeRpc.VERSION.major(), VolumeRpc.VERSION.minor())
                .method("publish_service_capabilities", Map.class, (_, _) -> {
                    presence.publish();
                    return null;
                });
        for (CinderOperation operation : CinderOperation.values()) {
            builder.method(operation.method(), Map.class, (context, args) -> refuse(refused, operation, context, args));
        }
        return builder.build();
    }

    private static Object refuse(
            RefusedOperations refused, CinderOperation operation, RequestContext context, Map<?, ?> args) {
        String id = operation.argument().map(argument -> id(operation, argument, args)).orElse(refused.backendName());
        refused.refuse(context, operation, id);
        throw new EndpointFailure(Failure.of(
                "oslo_messaging.rpc.dispatcher", "NoSuchMethod",
                "Endpoint does not support RPC method " + operation.method()));
    }

    /** Of an id, or of an object. */
    private static String id(CinderOperation operation, String argument, Map<?, ?> args) {
        Object given = args.get(argument);
        Object id = given instanceof Map<?, ?> object && object.get(OBJECT) instanceof Map<?, ?> data
                ? data.get("id")
                : given;
        return Optional.ofNullable(id)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .orElseThrow(() -> new EndpointFailure(Failure.of(
                        "builtins", "TypeError",
                        operation.method() + "() missing 1 required positional argument: '" + argument + "'")));
    }
}
