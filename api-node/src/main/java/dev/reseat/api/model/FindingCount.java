package dev.reseat.api.model;

import java.time.Instant;

/**
 * So many findings.
 *
 * @param verdict in the words of {@link Finding.Sight#verdict}
 * @param backend empty for those of no backend
 * @param state in words of {@link Finding.State}
 * @param since when the oldest of them was first seen this time
 */
public record FindingCount(
        String pattern, String verdict, String backend, String state, int findings, Instant since) {}
