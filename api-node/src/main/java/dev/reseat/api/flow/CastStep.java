package dev.reseat.api.flow;

import static java.util.Objects.requireNonNull;

import dev.reseat.contract.step.ReportTo;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How a step is done without waiting for it: it is sent to a worker, nothing of it stays in this process, and the
 * worker's report carries the repair on, on whichever api-node receives it.
 *
 * @param possible whether there is somebody now who takes such casts; otherwise the step is run and waited for
 * @param within how long the report may take; the reconciler asks when it has not come by then
 * @param prepare what has to be in the journal before it is sent; nothing can be written afterwards
 * @param send sends it with these values; throws a {@code ServiceException}: {@code Unavailable} if it certainly was
 *     not sent, {@code Unknown} if it may have been
 * @param receive gets the worker's answer, which throws a {@code ServiceException} as a call does that was not
 *     answered; returns what the journal is to tell of the step if that is done, or throws a {@code ServiceException}
 *     if the repair cannot go on
 */
public record CastStep(
        BooleanSupplier possible, Duration within, Runnable prepare, Consumer<ReportTo> send,
        Function<Supplier<Map<String, Object>>, Map<String, Object>> receive) {
    public CastStep {
        requireNonNull(possible, "possible is null");
        requireNonNull(prepare, "prepare is null");
        requireNonNull(send, "send is null");
        requireNonNull(receive, "receive is null");
        if (!within.isPositive()) {
            throw new IllegalArgumentException("a report must be given time: " + within);
        }
    }
}
