package dev.reseat.api.flow;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One step of a repair. Each may be repeated: the runner asks {@code isDone} first, so that the same list serves a
 * first try and a resumption after a crash.
 *
 * @param name as the journal and reports tell it
 * @param isDone whether its effect is there, as read from where it shows; throws if that cannot be said
 * @param guard what must still hold, read again right before {@code run}; throws a {@code ServiceException} if it does
 *     not
 * @param run does it, and returns what the journal is to tell of it, without secrets; or throws a
 *     {@link ServiceException}: {@code Unavailable} if it certainly did not run, {@code Unknown} if it may have
 * @param undo takes it back as far as it got; repeatable, and does nothing where there is nothing to take back
 * @param cast how to do it without waiting, instead of {@code run}; empty for a step that is always waited for
 * @param kind what {@code run} does, as far as the journal is concerned
 */
public record Step(
        String name,
        BooleanSupplier isDone,
        Runnable guard,
        Supplier<Map<String, Object>> run,
        Runnable undo,
        Optional<CastStep> cast,
        Kind kind) {
    public Step {
        requireNonNull(name, "name is null");
        requireNonNull(isDone, "isDone is null");
        requireNonNull(guard, "guard is null");
        requireNonNull(run, "run is null");
        requireNonNull(undo, "undo is null");
        requireNonNull(cast, "cast is null");
        requireNonNull(kind, "kind is null");
    }

    /** When the journal has to tell of a step. */
    public enum Kind {
        /** Before and after it. */
        ACTS,
        /** With whatever is told next: it only asks. */
        ASKS,
        /** By itself: it settles the entry, in the transaction that makes its effect true. */
        SETTLES
    }

    boolean settles() {
        return kind == Kind.SETTLES;
    }

    /** A step without condition that leaves nothing to take back. */
    public static Step of(String name, BooleanSupplier isDone, Runnable run) {
        return telling(name, isDone, () -> {
            run.run();
            return Map.of();
        });
    }

    /** The same, with something to tell of how it was done. */
    public static Step telling(String name, BooleanSupplier isDone, Supplier<Map<String, Object>> run) {
        return new Step(name, isDone, () -> {}, run, () -> {}, Optional.empty(), Kind.ACTS);
    }

    /** A step that changes nothing, and tells what it has heard. */
    public static Step asking(String name, Supplier<Map<String, Object>> run) {
        return new Step(name, () -> false, () -> {}, run, () -> {}, Optional.empty(), Kind.ASKS);
    }

    /** The last step of a flow that ends with one transaction: nothing is written to the entry after it. */
    public static Step settling(String name, Runnable run) {
        Step step = of(name, () -> false, run);
        return new Step(name, step.isDone, step.guard, step.run, step.undo, step.cast, Kind.SETTLES);
    }

    /** The same under a condition. */
    public Step guardedBy(Runnable condition) {
        return new Step(name, isDone, condition, run, undo, cast, kind);
    }

    /** The same with a way back. */
    public Step undoing(Runnable way) {
        return new Step(name, isDone, guard, run, way, cast, kind);
    }

    /** The same, cast where that is possible. */
    public Step castBy(CastStep way) {
        return new Step(name, isDone, guard, run, undo, Optional.of(way), kind);
    }
}
