package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListedVolume;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Many images with everybody who is at them, by one program and one connection to the cluster: three programs for each
 * image would take minutes.
 */
final class ImageList {
    private final CephPrograms ceph;
    private final ImageClients clients;

    ImageList(CephPrograms ceph, ImageClients clients) {
        this.ceph = ceph;
        this.clients = clients;
    }

    /** @param location of an image */
    InventoryPage page(
            Optional<String> after, int most, Function<String, Optional<Map<String, Object>>> location,
            Deadline deadline) {
        JsonNode listed = ceph.images(after, most, deadline);
        Map<String, JsonNode> images = new LinkedHashMap<>();
        listed.path("images").forEach(image -> images.put(image.path("name").asString(""), image));
        Set<String> blocked =
                images.values().stream().anyMatch(image -> seen(image).hasLost())
                        ? clients.blocklist(deadline)
                        : Set.of();
        SortedMap<String, ListedVolume> page = new TreeMap<>();
        images.forEach((name, image) -> page.put(name, listed(image, blocked, location.apply(name))));
        return new InventoryPage(page, listed.path("more").asBoolean(true));
    }

    private static ListedVolume listed(JsonNode image, Set<String> blocked, Optional<Map<String, Object>> location) {
        if (image.path("gone").asBoolean(false)) {
            return ListedVolume.gone();
        }
        if (image.has("error")) {
            return ListedVolume.unseen("the image cannot be opened: " + image.path("error").asString(""));
        }
        ImageLook seen = seen(image);
        JsonNode holders = image.path("held");
        return new ListedVolume(
                Answer.YES,
                seen.clients(List.of(), blocked),
                new StoredVolume(
                        held(holders), seen.lock(blocked),
                        StreamSupport.stream(holders.spliterator(), false)
                                .map(holder -> holder.asString(""))
                                .toList()),
                location);
    }

    /** Of an image whose holders are not told nobody knows that it has none. */
    private static ObjectState held(JsonNode holders) {
        if (!holders.isArray()) {
            return ObjectState.UNKNOWN;
        }
        return holders.isEmpty() ? ObjectState.PRESENT : ObjectState.BUSY;
    }

    private static ImageLook seen(JsonNode image) {
        return new ImageLook(
                ImageClients.peers(image.path("watchers"), "client", "client."),
                ImageClients.peers(image.path("locks"), "locker", ""));
    }
}
