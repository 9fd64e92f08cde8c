package dev.reseat.rpc.transport.rabbit;

/** No host of the transport_url could be connected to. Its message names hosts and reasons, no credentials. */
final class Unreachable extends Exception {
    private final boolean refused;

    /** @param refused whether every host answered, and refused the account or the virtual host */
    Unreachable(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    boolean isRefused() {
        return refused;
    }
}
