package dev.reseat.contract.connection;

/**
 * A connection_info or connector that cannot be understood. The message names keys and repeats no value: it may be
 * secret.
 */
public final class MalformedConnection extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public MalformedConnection(String message) {
        super(message);
    }
}
