package dev.reseat.runtime;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the text of a setting means, as oslo.config's types read it. Each refuses by IllegalArgumentException. */
final class SettingText {
    private static final Set<String> TRUE = Set.of("true", "1", "on", "yes");
    private static final Set<String> FALSE = Set.of("false", "0", "off", "no");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

    private SettingText() {}

    static int integer(String text, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(text.strip());
        } catch (NumberFormatException refused) {
            throw new IllegalArgumentException("must be a whole number", refused);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException("must be from " + least + " to " + most);
        }
        return number;
    }

    static BigDecimal decimal(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException refused) {
            throw new IllegalArgumentException("must be a number", refused);
        }
    }

    static boolean truth(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new IllegalArgumentException("must be true or false");
        }
        return TRUE.contains(word);
    }

    static Duration seconds(String text) {
        try {
            return Duration.ofNanos(decimal(text).multiply(NANOS).longValueExact());
        } catch (ArithmeticException refused) {
            throw new IllegalArgumentException("must be a number of seconds with at most nine decimals", refused);
        }
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
