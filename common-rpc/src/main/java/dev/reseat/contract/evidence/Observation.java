package dev.reseat.contract.evidence;

import dev.reseat.contract.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One answer of one source, with all that is needed to judge it later. Whoever could not be asked, did not answer in
 * time or said what nobody can read gives {@link Answer#UNKNOWN}, never nothing at all.
 *
 * @param host where was looked, if the source is of a host or names one
 * @param attachmentId which attachment it is about, if it is about one
 * @param freshFor how long after {@code seenAt} it may be relied on
 * @param asked how: the method, the query
 * @param excerpt what was said, or why nothing was; secrets are masked here, and more than 500 characters cut off
 */
public record Observation(
        Source source,
        Question question,
        Answer answer,
        Optional<String> host,
        Optional<String> attachmentId,
        Instant seenAt,
        Duration freshFor,
        String asked,
        String excerpt) {
    private static final int LONGEST = 500;

    public Observation {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(answer, "answer");
        excerpt = cut(Secrets.maskedText(excerpt == null ? "" : excerpt));
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
    }
}
