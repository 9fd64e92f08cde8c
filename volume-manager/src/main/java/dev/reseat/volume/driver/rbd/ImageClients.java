package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Who has an image open. A watcher has. The owner of a lock who does not watch has lost its connection: it is dead, or
 * cut off and will write again when it is back, and only the cluster's blocklist keeps it from that.
 */
final class ImageClients {
    private final CephPrograms ceph;

    ImageClients(CephPrograms ceph) {
        this.ceph = ceph;
    }

    /** @throws dev.reseat.volume.driver.DriverException.VolumeMissing if there is no such image */
    List<Client> look(Volume volume, String image, Deadline deadline) {
        List<Peer> watchers = peers(ceph.ofImage(image, deadline, "status").path("watchers"), "client", "client.");
        List<Peer> lost = peers(ceph.ofImage(image, deadline, "lock", "ls"), "locker", "").stream()
                .filter(owner -> watchers.stream().noneMatch(owner::isSameClient))
                .toList();
        List<Client> clients = new ArrayList<>();
        watchers.forEach(watcher -> clients.add(client(volume, watcher, Answer.YES, Answer.YES, "watches the image")));
        if (!lost.isEmpty()) {
            Set<String> blocked = blocklist(deadline);
            for (Peer owner : lost) {
                clients.add(owner.isAmong(blocked)
                        ? client(volume, owner, Answer.NO, Answer.NO, "left a lock behind and is on the blocklist")
                        : client(volume, owner, Answer.UNKNOWN, Answer.UNKNOWN,
                                "has a lock and does not watch: dead, or cut off and not on the blocklist"));
            }
        }
        return clients;
    }

    /** @param address {@code IP:PORT/NONCE}, which no other client of the cluster has */
    private record Peer(String address, String id) {
        boolean isSameClient(Peer other) {
            return address.equals(other.address) || id.equals(other.id);
        }

        /** {@code 0/0} stands for every client of the host. */
        boolean isAmong(Set<String> blocked) {
            return blocked.contains(address)
                    || blocked.contains(address.substring(0, address.lastIndexOf(':')) + ":0/0");
        }

        /** The host's address, canonical; empty if it cannot be read. */
        Optional<String> ip() {
            int port = address.lastIndexOf(':');
            return port < 1
                    ? Optional.empty()
                    : Optional.of(Portal.canonical(address.substring(0, port)));
        }
    }

    private static List<Peer> peers(JsonNode list, String idKey, String prefix) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> new Peer(one.path("address").asString(""), prefix + one.path(idKey).asString("")))
                .toList();
    }

    private Set<String> blocklist(Deadline deadline) {
        return StreamSupport.stream(ceph.ofCluster(deadline, "osd", "blocklist", "ls").spliterator(), false)
                .map(entry -> entry.path("addr").asString(""))
                .collect(Collectors.toSet());
    }

    private static Client client(Volume volume, Peer peer, Answer exported, Answer inUse, String detail) {
        return new Client(
                peer.ip().flatMap(ip -> hostAt(volume, ip)),
                Optional.empty(),
                Optional.of(peer.address()),
                Optional.of(peer.id()),
                Optional.empty(),
                Optional.empty(),
                exported,
                inUse,
                detail);
    }

    /** The host of an attachment that speaks to storage from there; one alone, for several share what is forwarded. */
    private static Optional<String> hostAt(Volume volume, String ip) {
        List<String> hosts = volume.attachments()
                .stream()
                .flatMap(attachment -> attachment.connector().stream())
                .filter(connector -> connector.ip().filter(ip::equals).isPresent())
                .flatMap(connector -> connector.host().stream())
                .distinct()
                .toList();
        return hosts.size() == 1 ? Optional.of(hosts.getFirst()) : Optional.empty();
    }
}
