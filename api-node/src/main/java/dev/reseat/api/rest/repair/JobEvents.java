package dev.reseat.api.rest.repair;

import dev.reseat.api.job.JobDocument;
import dev.reseat.api.job.JobStatus;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A job as it goes on: its document whenever it has changed, and the last one when it has ended. Ends after an hour in
 * any case; whoever wants more asks again. For one thread, which waits in {@code next}.
 */
final class JobEvents implements Iterator<Optional<?>> {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST = 3600;

    private final JobStatus first;
    private final Supplier<JobStatus> look;
    private Optional<JobStatus> told = Optional.empty();
    private int looks;

    JobEvents(JobStatus first, Supplier<JobStatus> look) {
        this.first = first;
        this.look = look;
    }

    @Override
    public boolean hasNext() {
        return looks < MOST && !Thread.currentThread().isInterrupted()
                && told.filter(last -> last.job().endedAt().isPresent()).isEmpty();
    }

    @Override
    public Optional<?> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the job has ended");
        }
        JobStatus now = looks++ == 0 ? first : later();
        if (told.equals(Optional.of(now))) {
            return Optional.empty();
        }
        told = Optional.of(now);
        return Optional.of(JobDocument.of(now));
    }

    private JobStatus later() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server stops: this look is the last
        }
        return look.get();
    }
}
