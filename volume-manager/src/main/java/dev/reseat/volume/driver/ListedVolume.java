package dev.reseat.volume.driver;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of all volumes of a backend.
 *
 * @param object whether it is there; NO for one that is only exported
 * @param clients everybody who is seen there, as {@link DescribesConnections#describe} tells it
 * @param stored what holds it, as {@link DescribesConnections#stored} tells it
 * @param location as {@link DescribesConnections#location} tells it
 */
public record ListedVolume(
        Answer object, List<Client> clients, StoredVolume stored, Optional<Map<String, Object>> location) {
    public ListedVolume {
        clients = List.copyOf(clients);
    }

    /** One that is there, and cannot be looked at. */
    public static ListedVolume unseen(String why) {
        return new ListedVolume(
                Answer.YES, List.of(Client.unnamed(Answer.UNKNOWN, Answer.UNKNOWN, why)), StoredVolume.UNTOLD,
                Optional.empty());
    }

    /** One that was removed while they were listed. */
    public static ListedVolume gone() {
        return new ListedVolume(Answer.NO, List.of(), StoredVolume.UNTOLD, Optional.empty());
    }
}
