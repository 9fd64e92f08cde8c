package dev.reseat.compute.endpoint;

import dev.reseat.compute.service.RemovalFailed;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;

/** Our failures in the names and words of {@code nova.exception}, which Nova's callers rebuild and branch on. */
final class NovaFailures {
    private static final String NOVA = "nova.exception";
    private static final String CINDER_CLIENT = "cinderclient.exceptions";
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private NovaFailures() {}

    static Failure named(RemovalFailed failure) {
        String reason = failure.getMessage();
        return switch (failure) {
            case RemovalFailed.NotDetached not -> Failure.of(NOVA, "DeviceDetachFailed",
                    "Device detach failed for " + not.device() + ": " + reason);
            // as a Python service would pass on that its own call timed out
            case RemovalFailed.OutcomeUnknown _ -> Failure.of("oslo_messaging.exceptions", "MessagingTimeout", reason);
            case RemovalFailed.NoConnector _ -> Failure.of(NOVA, "VolumeDriverNotFound", reason);
            case RemovalFailed.BlockStorageSilent _ -> Failure.of(NOVA, "CinderConnectionFailed",
                    "Connection to Cinder host failed: " + reason);
            case RemovalFailed.BlockStorageRefused refused -> switch (refused.status()) {
                case BAD_REQUEST -> Failure.of(NOVA, "InvalidInput", "Invalid input received: " + reason);
                case FORBIDDEN -> Failure.of(NOVA, "Forbidden", reason);
                default -> Failure.of(CINDER_CLIENT, "ClientException", reason);
            };
        };
    }

    static Failure conductorSilent(RpcException failure) {
        return Failure.of("oslo_messaging.exceptions", "MessagingTimeout", "conductor: " + failure.getMessage());
    }
}
