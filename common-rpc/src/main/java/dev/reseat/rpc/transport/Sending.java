package dev.reseat.rpc.transport;

/** A message that was handed to a {@link Transport} and may still be on its way. Thread-safe. */
public interface Sending {
    /**
     * Tries no more. What has not been settled is settled now, before this returns: as not delivered if it was never
     * written to a broker, as unknown if it was. Does nothing afterwards. Repeatable.
     */
    void abandon(String why);

    /**
     * Whether it was written a second time because the broker's confirm for the first did not come: listeners may get
     * it twice.
     */
    boolean isRepeated();
}
