package dev.reseat.api.model;

import java.util.List;
import java.util.Map;

/**
 * All volumes together.
 *
 * @param size in GiB
 * @param metadata each key with the values that it has in any of them
 */
public record VolumeTotals(int count, long size, Map<String, List<String>> metadata) {}
