package dev.reseat.api.store;

import java.util.Locale;
import java.util.Optional;

/**
 * The two families of database servers, and what they spell differently. Statements are written once; a word of these
 * stands in them in angle brackets, {@code <utc>} for instance.
 *
 * <table>
 * <caption>Words</caption>
 * <tr><td>{@code utc}</td><td>now, as a timestamp without zone in UTC</td></tr>
 * <tr><td>{@code is}</td><td>equal, or both NULL; texts as the column compares them</td></tr>
 * <tr><td>{@code is_exactly}</td><td>the same letter by letter, for what a change was decided on: MariaDB's own columns
 * ignore case and accents</td></tr>
 * <tr><td>{@code jsonb}, {@code json}, {@code uuid}, {@code timestamp}</td><td>type of a parameter for such a
 * column</td></tr>
 * <tr><td>{@code for_no_key_update}</td><td>locks a row, but lets others refer to it where that can be had</td></tr>
 * <tr><td>{@code unless_unsettled}</td><td>after an INSERT into the journal: nothing happens, and the transaction can
 * go on, if there is an unsettled entry of the subject</td></tr>
 * </table>
 */
public enum Dialect {
    POSTGRESQL,

    /** MySQL too. */
    MARIADB;

    /** What a word stands for here. */
    Optional<String> word(String name) {
        return switch (name) {
            case "utc" -> either("timezone('UTC', clock_timestamp())", "UTC_TIMESTAMP(6)");
            case "is" -> either("IS NOT DISTINCT FROM", "<=>");
            case "is_exactly" -> either("IS NOT DISTINCT FROM", "<=> BINARY");
            case "jsonb" -> either("jsonb", "char");
            case "json" -> either("json", "char");
            case "uuid" -> either("uuid", "char");
            case "new_uuid" -> either("gen_random_uuid()", "UUID()");
            case "timestamp" -> either("timestamp", "datetime(6)");
            case "for_no_key_update" -> either("FOR NO KEY UPDATE", "FOR UPDATE");
            case "unless_unsettled" -> either(
                    "ON CONFLICT (subject_id) WHERE state IN ('open', 'unknown') DO NOTHING",
                    "ON DUPLICATE KEY UPDATE turn = turn");
            default -> Optional.empty();
        };
    }

    private Optional<String> either(String postgresql, String mariaDb) {
        return Optional.of(this == POSTGRESQL ? postgresql : mariaDb);
    }

    /** Where rows without a value come in ascending order. */
    boolean nullsFirst() {
        return this == MARIADB;
    }

    /** The folder of its migrations. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
