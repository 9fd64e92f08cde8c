package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.volume.StoredVolume.LockState;
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
    private final CephPrograms ceph;

    ImageClients(CephPrograms ceph) {
        this.ceph = ceph;
    }

    /** @throws dev.reseat.volume.driver.DriverException.VolumeMissing if there is no such image */
    List<Client> look(BackendVolume volume, String image, Deadline deadline) {
        ImageLook seen = look(image, deadline);
        return seen.clients(volume.attachments(), blocklistFor(seen, deadline));
    }

    /** Whether a lock keeps all but its owner from writing. */
    LockState lock(String image, Deadline deadline) {
        ImageLook seen = look(image, deadline);
        return seen.lock(blocklistFor(seen, deadline));
    }

    /** Watchers first: who lets go of a lock meanwhile is then seen as one at least. */
    private ImageLook look(String image, Deadline deadline) {
        return new ImageLook(
                peers(ceph.ofImage(image, deadline, "status").path("watchers"), "client", "client."),
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
