package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.VolumeAttachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who was seen at an image at one time. A watcher has it open. The owner of a lock who does not watch has lost its
 * connection: it is dead, or cut off and will write again when it is back, and only the cluster's blocklist keeps it
 * from that.
 *
 * @param owners of locks
 */
record ImageLook(List<Peer> watchers, List<Peer> owners) {
    ImageLook {
        watchers = List.copyOf(watchers);
        owners = List.copyOf(owners);
    }

    /** @param address {@code IP:PORT/NONCE}, which no other client of the cluster has */
    record Peer(String address, String id) {
        boolean isSameClient(Peer other) {
            return address.equals(other.address) || id.equals(other.id);
        }

        /** {@code 0/0} stands for every client of the host. */
        boolean isAmong(Set<String> blocked) {
            return blocked.contains(address)
                    || blocked.contains(address.substring(0, address.lastIndexOf(':') + 1) + "0/0");
        }

        /** The host's address, canonical; empty if it cannot be read. */
        Optional<String> ip() {
            int port = address.lastIndexOf(':');
            return port < 1
                    ? Optional.empty()
                    : Optional.of(Portal.canonical(address.substring(0, port)));
        }
    }

    /** Whether the blocklist has to be known to judge. */
    boolean hasLost() {
        return !lost().isEmpty();
    }

    private List<Peer> lost() {
        return owners.stream().filter(owner -> watchers.stream().noneMatch(owner::isSameClient)).toList();
    }

    /** @param attachments by which addresses are known as hosts */
    List<Client> clients(List<VolumeAttachment> attachments, Set<String> blocked) {
        List<Client> clients = new ArrayList<>();
        watchers.forEach(
                watcher -> clients.add(client(attachments, watcher, Answer.YES, Answer.YES, "watches the image")));
        for (Peer owner : lost()) {
            clients.add(owner.isAmong(blocked)
                    ? client(attachments, owner, Answer.NO, Answer.NO, "left a lock behind and is on the blocklist")
                    : client(attachments, owner, Answer.UNKNOWN, Answer.UNKNOWN,
                            "has a lock and does not watch: dead, or cut off and not on the blocklist"));
        }
        return clients;
    }

    /** Whether a lock keeps all but its owner from writing. */
    LockState lock(Set<String> blocked) {
        if (owners.isEmpty()) {
            return LockState.NONE;
        }
        if (lost().size() < owners.size()) {
            return LockState.LIVE;
        }
        return owners.stream().allMatch(owner -> owner.isAmong(blocked)) ? LockState.DEAD : LockState.UNKNOWN;
    }

    private static Client client(
            List<VolumeAttachment> attachments, Peer peer, Answer exported, Answer inUse, String detail) {
        return new Client(
                peer.ip().flatMap(ip -> hostAt(attachments, ip)),
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
    private static Optional<String> hostAt(List<VolumeAttachment> attachments, String ip) {
        List<String> hosts = attachments.stream()
                .flatMap(attachment -> attachment.connector().stream())
                .filter(connector -> connector.ip().filter(ip::equals).isPresent())
                .flatMap(connector -> connector.host().stream())
                .distinct()
                .toList();
        return hosts.size() == 1 ? Optional.of(hosts.getFirst()) : Optional.empty();
    }
}
