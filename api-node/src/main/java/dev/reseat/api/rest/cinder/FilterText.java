package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.VolumeCondition;
import dev.reseat.api.model.VolumeCondition.Comparison;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.schema.PythonLiteral;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Values of filters, read as {@code cinder.volume.api} and {@code cinder.api.v3.volumes} read them. */
final class FilterText {
    private static final Set<String> YES = Set.of("1", "t", "true", "on", "y", "yes");
    private static final Set<String> NO = Set.of("0", "f", "false", "off", "n", "no");
    /** What Python's {@code bool} takes for nothing, and Cinder's own word for no. */
    private static final Set<String> FORMER_NO = Set.of("", "False", "false", "FALSE");

    private FilterText() {}

    /** Names are taken as they stand; any other text may be a Python literal. */
    static VolumeCondition text(VolumeCondition.Text column, String value) {
        if (column == VolumeCondition.Text.DISPLAY_NAME) {
            return new VolumeCondition.OneOf(column, Set.of(value));
        }
        if (value.strip().equals("None")) {
            return new VolumeCondition.Absent(column);
        }
        return new VolumeCondition.OneOf(column, Set.copyOf(texts(value)));
    }

    private static List<String> texts(String value) {
        return PythonLiteral.list(value)
                .or(() -> PythonLiteral.list("[" + value + "]").filter(one -> one.size() == 1))
                .orElse(List.of(value));
    }

    /** @param strict from 3.2 on what is no yes and no no is refused */
    static VolumeCondition flag(VolumeCondition.Flag column, String value, boolean strict) {
        if (!strict) {
            return new VolumeCondition.Is(column, !FORMER_NO.contains(value));
        }
        String word = value.strip().toLowerCase(Locale.ROOT);
        if (!YES.contains(word) && !NO.contains(word)) {
            throw HttpFault.badRequest("Invalid input received: '" + column.name().toLowerCase(Locale.ROOT) + " = "
                    + value + "'");
        }
        return new VolumeCondition.Is(column, YES.contains(word));
    }

    static VolumeCondition size(String value) {
        Set<Integer> sizes = new HashSet<>();
        for (String one : value.strip().replaceAll("^\\[(.*)]$", "$1").split(",", -1)) {
            try {
                sizes.add(Integer.parseInt(one.strip()));
            } catch (NumberFormatException none) {
                throw HttpFault.badRequest("Invalid input received: 'size = " + value + "'");
            }
        }
        return new VolumeCondition.Size(sizes);
    }

    /** {@code gt:2026-01-02T03:04:05,lt:…}. */
    static List<VolumeCondition> times(VolumeCondition.Time column, String value) {
        List<VolumeCondition> all = new ArrayList<>();
        for (String unit : value.split(",", -1)) {
            String[] words = unit.split(":", 2);
            Comparison comparison = comparison(words[0]).orElseThrow(
                    () -> HttpFault.badRequest("Invalid " + words[0] + " operator"));
            String text = words.length == 2 ? words[1] : words[0];
            all.add(new VolumeCondition.Compared(column, comparison, time(text).orElseThrow(
                    () -> HttpFault.badRequest("Invalid " + text + " value"))));
        }
        return all;
    }

    private static Optional<Comparison> comparison(String word) {
        for (Comparison one : Comparison.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static Optional<LocalDateTime> time(String text) {
        String iso = text.strip().replaceFirst("^(\\S+) (\\S+)$", "$1T$2");
        try {
            if (!iso.contains("T")) {
                return Optional.of(LocalDate.parse(iso).atStartOfDay());
            }
            boolean zoned = iso.matches(".*([zZ]|[+-]\\d\\d:?\\d\\d)$");
            return Optional.of(zoned
                    ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                            .withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDateTime()
                    : LocalDateTime.parse(iso));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
