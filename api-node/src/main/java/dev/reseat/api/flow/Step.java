package dev.reseat.api.flow;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;

/**
 * One step of a repair. Each may be repeated: the runner asks {@code isDone} first, so that the same list serves a
 * first try and a resumption after a crash.
 *
 * @param name as the journal and reports tell it
 * @param isDone whether its effect is there, as read from where it shows; throws if that cannot be said
 * @param guard what must still hold, read again right before {@code run}; throws a {@code ServiceException} if it does
 *     not
 * @param run does it, or throws a {@link ServiceException}: {@code Unavailable} if it certainly
 *     did not run, {@code Unknown} if it may have
 * @param undo takes it back as far as it got; repeatable, and does nothing where there is nothing to take back
 */
public record Step(String name, BooleanSupplier isDone, Runnable guard, Runnable run, Runnable undo) {
    public Step {
        requireNonNull(name, "name is null");
        requireNonNull(isDone, "isDone is null");
        requireNonNull(guard, "guard is null");
        requireNonNull(run, "run is null");
        requireNonNull(undo, "undo is null");
    }

    /** A step without condition that leaves nothing to take back. */
    public static Step of(String name, BooleanSupplier isDone, Runnable run) {
        return new Step(name, isDone, () -> {}, run, () -> {});
    }

    /** The same under a condition. */
    public Step guardedBy(Runnable condition) {
        return new Step(name, isDone, condition, run, undo);
    }

    /** The same with a way back. */
    public Step undoing(Runnable way) {
        return new Step(name, isDone, guard, run, way);
    }
}
