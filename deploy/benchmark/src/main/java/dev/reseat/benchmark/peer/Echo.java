package dev.reseat.benchmark.peer;

import java.util.Map;

/** The one keyword argument of the methods that are called. */
public sealed interface Echo {
    /** One long text. */
    record Text(String value) implements Echo {}

    /** An object of objects. */
    record Tree(Map<String, Object> value) implements Echo {}

    static Echo of(Argument argument) {
        return switch (argument) {
            case Argument.Text text -> new Text(text.value());
            case Argument.Tree tree -> new Tree(Map.copyOf(tree.value()));
        };
    }
}
