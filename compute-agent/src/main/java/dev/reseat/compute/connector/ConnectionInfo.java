package dev.reseat.compute.connector;

import java.nio.file.Path;

/** How a host reaches a volume: Cinder's {@code connection_info}, decoded. No component is a secret. */
public sealed interface ConnectionInfo {
    /** The name of the protocol, {@code driver_volume_type}. */
    String driverVolumeType();

    /** Whether several instances of this host may use the one connection ({@code multiattach}). */
    boolean shared();

    /** A file or block device that this host can see. */
    record Local(Path device, boolean shared) implements ConnectionInfo {
        /** Its {@code driver_volume_type}. */
        public static final String TYPE = "local";

        public Local {
            if (!device.isAbsolute() || !device.equals(device.normalize()))
                throw new IllegalArgumentException("device_path must be absolute and without '..': '" + device + "'");
        }

        @Override
        public String driverVolumeType() {
            return TYPE;
        }
    }

    /** A protocol that no connector here speaks. */
    record Unsupported(String driverVolumeType, boolean shared) implements ConnectionInfo {}
}
