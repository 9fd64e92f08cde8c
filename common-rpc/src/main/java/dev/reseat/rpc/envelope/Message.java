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
     * @param method empty if the sender wrote none
     * @param version as the sender wrote it, {@code 1.0} if it wrote none, empty if it wrote null; not checked yet
     * @param reply where the answer goes; empty for a cast
     * @param uniqueId for the duplicate check; empty if the sender gave none
     */
    record Request(
            String method,
            Optional<String> namespace,
            Optional<String> version,
            RawJson args,
            RequestContext context,
            Optional<ReplyTo> reply,
            Optional<String> uniqueId,
            Defects defects)
            implements
            Message {}

    /**
     * What a Python server would stumble over, each when it comes to look at that part: such a request is answered,
     * with the exception that Python would have raised.
     */
    record Defects(Optional<Failure> version, Optional<Failure> method, Optional<Failure> args) {}

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
