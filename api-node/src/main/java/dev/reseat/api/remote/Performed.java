package dev.reseat.api.remote;

import dev.reseat.rpc.RpcException;

/**
 * What came of asking for something that only ours can do: it was done, or nobody listens who could, and nothing was
 * sent.
 */
public sealed interface Performed<T> {
    /** Somebody did it, and this is the answer. */
    record Done<T>(Performer performer, T answer) implements Performed<T> {}

    /**
     * Nobody listens.
     *
     * @param why which queue has no consumer, as a sentence for the operator
     */
    record Absent<T>(String why) implements Performed<T> {}

    /**
     * The answer, where there is nothing else to fall back on.
     *
     * @throws RpcException.NotDelivered if nobody listens
     */
    default T orThrow() {
        return switch (this) {
            case Done<T>(_, T answer) -> answer;
            case Absent<T>(String why) -> throw new RpcException.NotDelivered(why);
        };
    }
}
