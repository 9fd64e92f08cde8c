package dev.reseat.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import dev.reseat.runtime.SecretText;
import java.util.stream.Stream;

/** An exception as it is logged, its message and those of its causes masked. */
final class MaskedThrowable implements IThrowableProxy {
    private final IThrowableProxy thrown;

    private MaskedThrowable(IThrowableProxy thrown) {
        this.thrown = thrown;
    }

    /** @return null for null, as logback has it */
    static IThrowableProxy of(IThrowableProxy thrown) {
        return thrown == null ? null : new MaskedThrowable(thrown);
    }

    @Override
    public String getMessage() {
        return thrown.getMessage() == null ? null : SecretText.masked(thrown.getMessage());
    }

    @Override
    public String getOverridingMessage() {
        return thrown.getOverridingMessage() == null ? null : SecretText.masked(thrown.getOverridingMessage());
    }

    @Override
    public String getClassName() {
        return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
        return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
        return thrown.getCommonFrames();
    }

    @Override
    public IThrowableProxy getCause() {
        return of(thrown.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
        IThrowableProxy[] suppressed = thrown.getSuppressed();
        return suppressed == null
                ? null
                : Stream.of(suppressed).map(MaskedThrowable::of).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
        return thrown.isCyclic();
    }
}
