package dev.reseat.rpc.envelope;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import java.util.Optional;

/** What the inside of an envelope can be. */
public sealed interface Message {
    /**
     * A call or a cast.
     *
     * @param version as the sender wrote it, {@code 1.0} if it wrote none; not checked yet
     * @param reply where the answer goes; empty for a cast
     * @param uniqueId for the duplicate check; empty if the sender gave none
     * @param defect why this request cannot be dispatched although it can be answered, as Python would answer it
     */
    record Request(
            String method,
            Optional<String> namespace,
            String version,
            RawJson args,
            RequestContext context,
            Optional<ReplyTo> reply,
            Optional<String> uniqueId,
            Optional<Failure> defect)
            implements
            Message {}

    /**
     * A message on a reply queue.
     *
     * @param ending false for a heartbeat of a call that still runs
     */
    record Reply(CallId id, RawJson result, Optional<Failure> failure, boolean ending) implements Message {}

    /**
     * Where and under which id a caller waits.
     *
     * @param queue empty if the caller named none: the method runs, the answer goes nowhere
     * @param monitorSeconds how often, doubled, the caller wants a sign of life; 0 for never
     */
    record ReplyTo(CallId id, Optional<String> queue, int monitorSeconds) {}
}
