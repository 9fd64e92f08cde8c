package dev.reseat.contract.state;

import java.util.List;
import java.util.Optional;

/**
 * What sweeps have found, in namespace {@code reseat} of topic {@code reseat-api}, 1.4, by verdict 1.5; for
 * administrators. A finding, and a sweep, is the object that {@code /reseat/v1/findings} answers with. Failures:
 * {@code Invalid}, {@code NotFound}, {@code Forbidden}, all of module {@code reseat.exception}.
 */
public final class FindingCalls {
    private FindingCalls() {}

    /**
     * {@code finding_list}: one page, in the order of their ids. What is left out selects everything; a list that is
     * there and empty is a failure.
     *
     * @param pattern only of these
     * @param without none of these patterns
     * @param verdict only of these: {@code pattern}, {@code unlisted}, {@code unknown}; 1.5
     * @param state only in these: {@code new}, {@code confirmed}, {@code ignored}, {@code gone}
     * @param after what the page before named as next
     */
    public record FindingList(
            Optional<List<String>> pattern,
            Optional<List<String>> without,
            Optional<List<String>> verdict,
            Optional<List<String>> state,
            Optional<String> volumeId,
            Optional<String> backend,
            Optional<String> host,
            Optional<String> projectId,
            Optional<String> after,
            Optional<Integer> limit) {
        public static final String METHOD = "finding_list";
    }

    /** {@code finding_show}: the finding. */
    public record FindingShow(String findingId) {
        public static final String METHOD = "finding_show";
    }

    /** {@code finding_ignore}: nothing is done about it any more, and nobody is alarmed; the finding. */
    public record FindingIgnore(String findingId, Optional<String> reason) {
        public static final String METHOD = "finding_ignore";
    }

    /** {@code finding_unignore}: it is heeded again; the finding. */
    public record FindingUnignore(String findingId) {
        public static final String METHOD = "finding_unignore";
    }
}
