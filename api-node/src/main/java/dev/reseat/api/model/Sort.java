package dev.reseat.api.model;

/**
 * One key of an order. Lists are sorted by their keys in turn; a list whose keys do not include the id is sorted by id
 * last, in the direction of the last key, so that markers are unambiguous.
 */
public record Sort<K extends Enum<K>>(K key, Direction direction) {
    public static <K extends Enum<K>> Sort<K> ascending(K key) {
        return new Sort<>(key, Direction.ASC);
    }

    public static <K extends Enum<K>> Sort<K> descending(K key) {
        return new Sort<>(key, Direction.DESC);
    }

    /** Which way. */
    public enum Direction {
        ASC,
        DESC
    }
}
