package dev.reseat.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations that are delivered. */
@ResourceLock(Resources.SYSTEM_ERR)
class MaskingConsoleAppenderTest {
    @ParameterizedTest
    @ValueSource(strings = {"logback.xml", "logback-cli.xml"})
    void noSecretIsLogged(String configuration) throws JoranException {
        String written = logged(configuration, context -> {
            var failure = new IllegalStateException("-n node.session.auth.password -v SECRET1",
                    new IllegalArgumentException("rabbit://u:SECRET2@h"));
            failure.addSuppressed(new IllegalStateException("{u'auth_password': u'SECRET3'}"));
            context.getLogger("dev.reseat.x").error("password={} of {}", "SECRET4", "host-a", failure);
        });

        assertThat(written).contains("host-a").contains("***").doesNotContain("SECRET");
        if (configuration.equals("logback.xml")) {
            assertThat(written).contains("node.session.auth.password", "u:***@h", "request_id");
        }
    }

    @Test
    void theHttpServersDetailsAreNotLoggedAtAnyRootLevel() throws JoranException {
        String written = logged("logback.xml", context -> {
            context.getLogger("ROOT").setLevel(ch.qos.logback.classic.Level.TRACE);
            context.getLogger("org.eclipse.jetty.http.HttpParser").debug("<<<X-Auth-Tok>>>en: SECRET");
            context.getLogger("org.eclipse.jetty.server").warn("it goes on");
        });

        assertThat(written).contains("it goes on").doesNotContain("SECRET");
    }

    private interface Logging {
        void with(LoggerContext context);
    }

    private static String logged(String configuration, Logging logging) throws JoranException {
        var written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        var context = new LoggerContext();
        context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
        context.getMDCAdapter().put("request_id", "req-1");
        try {
            var configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Path.of("..", "deploy", "etc", configuration).toFile());
            logging.with(context);
        } finally {
            context.stop();
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
