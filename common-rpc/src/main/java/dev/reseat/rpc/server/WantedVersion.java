package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcVersion;

/**
 * A request's version against an endpoint's, part by part and as lazily as {@code oslo_messaging._utils
 * .version_is_compatible}; a part that is missing or no number is answered with the exception that Python raises there.
 */
final class WantedVersion {
    private WantedVersion() {}

    static boolean isServedBy(RpcVersion ours, String text) {
        String[] parts = text.split("\\.", -1);
        if (part(parts, 0) != ours.major()) {
            return false;
        }
        int minor = part(parts, 1);
        if (minor != ours.minor()) {
            return minor < ours.minor();
        }
        return parts.length < 3 || part(parts, 2) <= ours.revision();
    }

    private static int part(String[] parts, int index) {
        if (index >= parts.length) {
            throw new EndpointFailure(Failure.of("builtins", "IndexError", "list index out of range"));
        }
        try {
            return Integer.parseInt(parts[index].strip());
        } catch (NumberFormatException e) {
            String message = "invalid literal for int() with base 10: '" + parts[index] + "'";
            throw new EndpointFailure(Failure.of("builtins", "ValueError", message), e);
        }
    }
}
