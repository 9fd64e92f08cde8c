package dev.reseat.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;

/**
 * Logback's console appender, for any encoder: messages and exceptions, causes and suppressed ones too, are written
 * without their secrets, whoever logged them.
 */
public final class MaskingConsoleAppender extends ConsoleAppender<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
        super.append(new MaskedEvent(event));
    }
}
