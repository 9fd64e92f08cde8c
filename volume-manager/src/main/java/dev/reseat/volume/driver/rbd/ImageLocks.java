package dev.reseat.volume.driver.rbd;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.BreakLock.Outcome;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Breaks locks that dead clients have left on images, one at a time. */
final class ImageLocks {
    private final CephPrograms ceph;
    private final ImageClients clients;

    ImageLocks(CephPrograms ceph, ImageClients clients) {
        this.ceph = ceph;
        this.clients = clients;
    }

    /** @param id as the cluster names it; an image can have several of one owner */
    private record Lock(String id, String owner, String address) {
        @Override
        public String toString() {
            return "lock '" + id + "' of " + owner + " at " + address;
        }
    }

    BreakLock.Result breakDead(BackendVolume volume, String image, Deadline deadline) {
        List<Lock> locks = locks(image, deadline);
        if (locks.isEmpty()) {
            return new BreakLock.Result(Outcome.NONE, "image " + image + " has no lock");
        }
        if (locks.size() > 1) {
            return new BreakLock.Result(
                    Outcome.REFUSED,
                    image + " has several locks, of which a person has to choose: " + locks);
        }
        Lock lock = locks.getFirst();
        Optional<Client> owner = clients.look(volume, image, deadline)
                .stream()
                .filter(client -> client.session().filter(lock.owner()::equals).isPresent())
                .findFirst();
        if (owner.map(Client::inUse).filter(Answer.NO::equals).isEmpty()) {
            return new BreakLock.Result(Outcome.REFUSED, lock + " stays: its owner "
                    + owner.map(Client::detail).orElse("has gone meanwhile"));
        }
        ceph.changeImage(image, deadline, List.of("lock", "rm"), List.of(lock.id(), lock.owner()));
        if (locks(image, deadline).contains(lock)) {
            throw new DriverException.BackendFailed(lock + " on image " + image + " is still there");
        }
        return new BreakLock.Result(Outcome.BROKEN, lock + " is broken; its owner was on the blocklist");
    }

    private List<Lock> locks(String image, Deadline deadline) {
        return StreamSupport.stream(ceph.ofImage(image, deadline, "lock", "ls").spliterator(), false)
                .map(one -> new Lock(one.path("id").asString(""), one.path("locker").asString(""),
                        one.path("address").asString("")))
                .toList();
    }
}
