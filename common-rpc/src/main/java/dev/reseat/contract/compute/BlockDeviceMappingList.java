package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.reseat.rpc.object.VersionedObject;
import java.util.List;

/** Nova's {@code BlockDeviceMappingList}. */
@VersionedObject(project = VersionedObject.Project.NOVA, name = "BlockDeviceMappingList", version = "1.18")
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlockDeviceMappingList(List<BlockDeviceMappingObject> objects) {
    public BlockDeviceMappingList {
        objects = objects == null ? List.of() : List.copyOf(objects);
    }
}
