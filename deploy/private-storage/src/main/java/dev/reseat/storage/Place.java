package dev.reseat.storage;

import java.util.List;
import java.util.stream.Stream;

/**
 * A network that programs run in.
 *
 * @param within the words in front of a program that has it run there
 * @param address of such a program
 */
public record Place(List<String> within, String address) {
    /** This machine's own, for what only it reaches. */
    public static final Place LOOPBACK = new Place(List.of(), "127.0.0.1");

    public Place {
        within = List.copyOf(within);
    }

    /** A program with its words, to be run there. */
    public List<String> command(List<String> words) {
        return Stream.concat(within.stream(), words.stream()).toList();
    }
}
