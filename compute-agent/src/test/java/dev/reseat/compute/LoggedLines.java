package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open. */
final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger logger;

    LoggedLines(Class<?> source) {
        logger = (Logger) LoggerFactory.getLogger(source);
        start();
        logger.addAppender(this);
    }

    /** Returns when such a line has been logged. */
    void await(Duration limit, Predicate<String> wanted) throws InterruptedException {
        var deadline = Deadline.after(limit);
        String line;
        do {
            line = lines.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            assertThat(line).as("a log line in time").isNotNull();
        } while (!wanted.test(line));
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
