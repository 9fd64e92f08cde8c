package dev.reseat.api.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** One row of a result, read as the model's types: a NULL is an empty {@link Optional}, a timestamp is UTC. */
public record Row(ResultSet result) {
    /** A column that is never NULL where we read it. */
    public String text(String column) throws SQLException {
        String value = result.getString(column);
        if (value == null) {
            throw new SQLException("column " + column + " is NULL");
        }
        return value;
    }

    public Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(result.getString(column));
    }

    /** NULL is 0. */
    public int integer(String column) throws SQLException {
        return result.getInt(column);
    }

    /** A 64-bit column that is never NULL. */
    public long number(String column) throws SQLException {
        return result.getLong(column);
    }

    public UUID uuid(String column) throws SQLException {
        String value = result.getString(column);
        return value == null ? null : UUID.fromString(value);
    }

    public Optional<Integer> optionalInteger(String column) throws SQLException {
        int value = result.getInt(column);
        return result.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /** NULL is false. */
    public boolean bool(String column) throws SQLException {
        return result.getBoolean(column);
    }

    public Optional<Boolean> optionalBool(String column) throws SQLException {
        boolean value = result.getBoolean(column);
        return result.wasNull() ? Optional.empty() : Optional.of(value);
    }

    public Instant time(String column) throws SQLException {
        return optionalTime(column).orElseThrow(() -> new SQLException("column " + column + " is NULL"));
    }

    public Optional<Instant> optionalTime(String column) throws SQLException {
        return Optional.ofNullable(result.getObject(column, LocalDateTime.class))
                .map(utc -> utc.toInstant(ZoneOffset.UTC));
    }
}
