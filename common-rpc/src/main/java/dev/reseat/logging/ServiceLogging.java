package dev.reseat.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Optional;

/**
 * What {@code deploy/etc/logback.xml} says, without a file and without what reads XML, which a process of which there
 * is one on every host need not have. Only where the system property {@code reseat.log} is {@code json}; logback looks
 * for its files as ever otherwise.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class ServiceLogging extends ContextAwareBase implements Configurator {
    private static final String PROPERTY = "reseat.log";
    private static final String LEVEL = "RESEAT_LOG_LEVEL";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!"json".equals(System.getProperty(PROPERTY))) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        configure(context, Optional.ofNullable(System.getenv(LEVEL)).orElse("INFO"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** @param level of everything; one that does not exist is INFO */
    static void configure(LoggerContext context, String level) {
        var stderr = new MaskingConsoleAppender();
        stderr.setContext(context);
        stderr.setName("stderr");
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder(context));
        stderr.start();
        // at DEBUG it prints requests as they come, tokens included, in pieces that no mask fits
        context.getLogger("org.eclipse.jetty").setLevel(Level.INFO);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level, Level.INFO));
        root.addAppender(stderr);
    }

    private static JsonEncoder encoder(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
