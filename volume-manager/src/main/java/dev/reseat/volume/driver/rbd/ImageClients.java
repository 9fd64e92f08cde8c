package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.rbd.ImageLook.Peer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Asks who has one image open. */
final class ImageClients {
    private static final String STATUS = "status";

    private final CephPrograms ceph;

    ImageClients(CephPrograms ceph) {
        this.ceph = ceph;
    }

    /** @throws dev.reseat.volume.driver.DriverException.VolumeMissing if there is no such image */
    List<Client> look(BackendVolume volume, String image, Deadline deadline) {
        ImageLook seen = look(image, deadline);
        return seen.clients(volume.attachments(), blocklistFor(seen, deadline));
    }

    /** What holds the image, and whether a lock keeps all but its owner from writing. */
    StoredVolume stored(String image, Deadline deadline) {
        JsonNode status = ceph.ofImage(image, deadline, STATUS);
        ImageLook seen = look(image, status, deadline);
        List<String> holders = new ImageHolders(ceph).of(image, status, deadline);
        return new StoredVolume(
                holders.isEmpty() ? ObjectState.PRESENT : ObjectState.BUSY,
                seen.lock(blocklistFor(seen, deadline)),
                holders);
    }

    /** Watchers first: who lets go of a lock meanwhile is then seen as one at least. */
    private ImageLook look(String image, Deadline deadline) {
        return look(image, ceph.ofImage(image, deadline, STATUS), deadline);
    }

    private ImageLook look(String image, JsonNode status, Deadline deadline) {
        return new ImageLook(
                peers(status.path("watchers"), "client", "client."),
                peers(ceph.ofImage(image, deadline, "lock", "ls"), "locker", ""));
    }

    static List<Peer> peers(JsonNode list, String idKey, String prefix) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> new Peer(one.path("address").asString(""), prefix + one.path(idKey).asString("")))
                .toList();
    }

    private Set<String> blocklistFor(ImageLook seen, Deadline deadline) {
        return seen.hasLost() ? blocklist(deadline) : Set.of();
    }

    Set<String> blocklist(Deadline deadline) {
        return StreamSupport.stream(ceph.ofCluster(deadline, "osd", "blocklist", "ls").spliterator(), false)
                .map(entry -> entry.path("addr").asString(""))
                .collect(Collectors.toSet());
    }
}
