package dev.reseat.volume.driver;

/**
 * A driver that can bring a volume into the shape a status promises, and show it. After Cinder's specification "Reset
 * Volume State with Driver Involved". Idempotent as all of {@link VolumeDriver}.
 */
public interface ResetsState {
    /**
     * For {@code available}: takes every connection and export down, those of no known attachment too. Looks first: if
     * somebody uses the volume, refuses and takes nothing down. Looks again afterwards: what it cannot see is unproved,
     * never proved.
     */
    ResetReport takeDown(Volume volume);

    /** For {@code in-use}: gives every live attachment its export and connection back. */
    ResetReport putBack(Volume volume);
}
