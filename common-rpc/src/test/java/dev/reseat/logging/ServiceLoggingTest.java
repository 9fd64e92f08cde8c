package dev.reseat.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class ServiceLoggingTest {
    private static final String TIME = "\"timestamp\":\\d+";

    @Test
    void itWritesWhatTheFileWrites() {
        List<String> byFile = lines(context -> {
            var joran = new JoranConfigurator();
            joran.setContext(context);
            try {
                joran.doConfigure(Path.of("..", "deploy", "etc", "logback.xml").toFile());
            } catch (JoranException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(lines(context -> ServiceLogging.configure(context, "INFO"))).isEqualTo(byFile).hasSize(3);
    }

    @Test
    void theLevelIsThatOfTheEnvironment() {
        assertThat(lines(context -> ServiceLogging.configure(context, "DEBUG"))).hasSize(4);
        assertThat(lines(context -> ServiceLogging.configure(context, "ERROR"))).hasSize(1);
        assertThat(lines(context -> ServiceLogging.configure(context, "no such level"))).hasSize(3);
    }

    @Test
    void logbackFindsItAndIsLeftAloneUnlessToldOtherwise() {
        Configurator found = ServiceLoader.load(Configurator.class)
                .stream()
                .map(ServiceLoader.Provider::get)
                .filter(ServiceLogging.class::isInstance)
                .findFirst()
                .orElseThrow();

        assertThat(found.configure(new LoggerContext())).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
    }

    private static List<String> lines(Consumer<LoggerContext> configuration) {
        var written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.getMDCAdapter().put("request_id", "req-1");
        try {
            configuration.accept(context);
            var log = context.getLogger("dev.reseat.x");
            log.debug("not so important");
            log.info("of {}", "host-a");
            log.warn("password={}", "SECRET");
            log.error("broken", new IllegalStateException("because"));
            context.getLogger("org.eclipse.jetty.http").debug("never");
        } finally {
            context.stop();
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst(TIME, "").replaceAll("\"lineNumber\":\\d+", ""))
                .toList();
    }
}
