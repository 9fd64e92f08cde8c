package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * How values are written: an instant as {@code timestamp} without zone in UTC to the microsecond, as OpenStack does it,
 * whatever the time zone of this process; columns of OpenStack's on MariaDB keep whole seconds of it. {@link Row} reads
 * them back. Failures do not repeat statements: values may be secrets.
 */
final class StoredTypes implements JdbiPlugin {
    private final Dialect dialect;

    StoredTypes(Dialect dialect) {
        this.dialect = requireNonNull(dialect, "dialect is null");
    }

    @Override
    public void customizeJdbi(Jdbi jdbi) {
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.setTemplateEngine(new StatementWords(dialect));
        jdbi.registerArgument(new Instants());
        if (dialect == Dialect.MARIADB) {
            jdbi.registerArgument(new Uuids());
        }
        ColumnMapper<UUID> uuids = (result, column, _) -> {
            String text = result.getString(column);
            return text == null ? null : UUID.fromString(text);
        };
        jdbi.registerColumnMapper(UUID.class, uuids);
    }

    private static final class Instants implements ArgumentFactory {
        @Override
        public Optional<Argument> build(Type type, Object value, ConfigRegistry config) {
            if (!(value instanceof Instant instant)) {
                return Optional.empty();
            }
            LocalDateTime utc = LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
            return Optional.of((position, statement, _) -> statement.setObject(position, utc));
        }
    }

    /** Where there is no such type, in a column of 36 characters. */
    private static final class Uuids implements ArgumentFactory {
        @Override
        public Optional<Argument> build(Type type, Object value, ConfigRegistry config) {
            return value instanceof UUID uuid
                    ? Optional.of((position, statement, _) -> statement.setString(position, uuid.toString()))
                    : Optional.empty();
        }
    }
}
