package dev.reseat.api.store;

import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * How values are written: an instant as {@code timestamp} without zone in UTC to the microsecond, as OpenStack does it,
 * whatever the time zone of this process. {@link Row} reads them back. Failures do not repeat statements: values may be
 * secrets.
 */
final class StoredTypes implements JdbiPlugin {
    @Override
    public void customizeJdbi(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.registerArgument(new Instants());
        jdbi.registerArrayType(String.class, "text");
        // statements are complete as they stand; without this, '<' would begin a template
        jdbi.setTemplateEngine(TemplateEngine.NOP);
    }

    private static final class Instants implements ArgumentFactory {
        @Override
        public Optional<Argument> build(Type type, Object value, ConfigRegistry config) {
            if (!(value instanceof Instant instant)) {
                return Optional.empty();
            }
            LocalDateTime utc = LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
            return Optional.of((position, statement, context) -> statement.setObject(position, utc));
        }
    }
}
