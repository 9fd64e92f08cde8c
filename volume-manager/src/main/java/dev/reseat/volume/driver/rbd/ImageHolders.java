package dev.reseat.volume.driver.rbd;

import dev.reseat.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What keeps an image from being deleted, by name; {@code images.py} says the same of many. */
final class ImageHolders {
    private static final String NAME = "name";

    private final CephPrograms ceph;

    ImageHolders(CephPrograms ceph) {
        this.ceph = ceph;
    }

    /**
     * Clones are made of snapshots, so without one there are none; those in the trash count, as they keep clones.
     *
     * @param status what {@code rbd status} has said of it
     */
    List<String> of(String image, JsonNode status, Deadline deadline) {
        List<String> holders = new ArrayList<>();
        for (JsonNode snapshot : ceph.ofImage(image, deadline, "snap", "ls", "--all")) {
            JsonNode kind = snapshot.path("namespace");
            holders.add("trash".equals(kind.path("type").asString(""))
                    ? "snapshot " + kind.path("original_name").asString("") + ", deleted, in the trash for its clones"
                    : "snapshot " + snapshot.path(NAME).asString(""));
        }
        if (!holders.isEmpty()) {
            for (JsonNode clone : ceph.ofImage(image, deadline, "children", "--all")) {
                holders.add("clone " + clone.path("pool").asString("") + "/" + clone.path("image").asString("")
                        + (clone.path("trash").asBoolean(false) ? ", in the trash" : ""));
            }
        }
        if (status.has("migration")) {
            holders.add("migration, " + status.path("migration").path("state").asString("of an unknown state"));
        }
        return holders;
    }

    /** What to say of an image that the pool does not list: whoever has moved it to the trash can have it back. */
    static String missing(String image, JsonNode trash) {
        for (JsonNode one : trash) {
            if (one.path(NAME).asString("").equals(image)) {
                return "image " + image + " is in the trash as " + one.path("id").asString("");
            }
        }
        return "image " + image + " does not exist";
    }
}
