package dev.reseat.api.service.diagnosis;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The ids of volumes in the names that hosts and backends know them by, whatever a template puts around them. */
final class BornIds {
    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private BornIds() {}

    static Stream<String> of(String name) {
        return ID.matcher(name).results().map(MatchResult::group).distinct();
    }
}
