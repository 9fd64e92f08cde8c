package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcVersion;
import java.math.BigInteger;

/**
 * A request's version against an endpoint's, part by part and as lazily as {@code oslo_messaging._utils
 * .version_is_compatible}; a part that is missing or no number is answered with the exception that Python raises there.
 */
final class WantedVersion {
    private static final int LONGEST = 4300; // digits that Python reads

    private WantedVersion() {}

    static boolean isServedBy(RpcVersion ours, String text) {
        String[] parts = text.split("\\.", -1);
        if (compare(parts, 0, ours.major()) != 0) {
            return false;
        }
        int minor = compare(parts, 1, ours.minor());
        return minor < 0 || (minor == 0 && (parts.length < 3 || compare(parts, 2, ours.revision()) <= 0));
    }

    /** Numbers of any size, as Python's are. */
    private static int compare(String[] parts, int index, int ours) {
        if (index >= parts.length) {
            throw new EndpointFailure(Failure.of("builtins", "IndexError", "list index out of range"));
        }
        try {
            if (parts[index].length() > LONGEST) {
                throw new NumberFormatException("too long");
            }
            return new BigInteger(parts[index].strip()).compareTo(BigInteger.valueOf(ours));
        } catch (NumberFormatException e) {
            String message = "invalid literal for int() with base 10: '" + parts[index] + "'";
            throw new EndpointFailure(Failure.of("builtins", "ValueError", message), e);
        }
    }
}
