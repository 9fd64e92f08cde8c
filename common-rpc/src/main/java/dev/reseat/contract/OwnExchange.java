package dev.reseat.contract;

/**
 * The exchange on which our services meet each other, on the broker of the OpenStack services beside which they stand.
 * Its topics: {@code reseat-api}, on which several interfaces are served, {@code reseat-volume} and
 * {@code reseat-compute}.
 */
public final class OwnExchange {
    public static final String NAME = "reseat";
    public static final String API_TOPIC = "reseat-api";

    private OwnExchange() {}
}
