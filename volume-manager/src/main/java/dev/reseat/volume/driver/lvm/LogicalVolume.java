package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.evidence.Answer;
import java.nio.file.Path;

/**
 * A logical volume, thin or not.
 *
 * @param device its node, there while it is active
 * @param open whether somebody has the device open, a target program included; nobody while it is not active
 * @param origin whether snapshots lie on it; thin ones do not
 */
record LogicalVolume(String name, Path device, Answer open, boolean origin) {}
