package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.reseat.rpc.object.VersionedObject;
import java.util.List;

/** Cinder's {@code VolumeAttachmentList}. */
@VersionedObject(project = VersionedObject.Project.CINDER, name = "VolumeAttachmentList", version = "1.1")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeAttachmentList(List<VolumeAttachmentObject> objects) {
    public VolumeAttachmentList {
        objects = objects == null ? List.of() : List.copyOf(objects);
    }
}
