package dev.reseat.volume.driver;

import static org.assertj.core.api.Assertions.assertThat;

/** What a driver's backend can, as its test answers it. */
abstract class DriverAbilities {
    /** Whether everything that is called as a volume can be listed. */
    protected boolean listsVolumes() {
        return true;
    }

    /** Whether the backend can keep one client out of everything. */
    protected boolean fencesClients() {
        return false;
    }

    /** Whether the backend has locks that outlive who took them. */
    protected boolean breaksLocks() {
        return false;
    }

    final void requireAbilities(VolumeDriver driver) {
        assertThat(driver instanceof ListsVolumes).as("lists volumes").isEqualTo(listsVolumes());
        assertThat(driver instanceof FencesClients).as("fences clients").isEqualTo(fencesClients());
        assertThat(driver instanceof BreaksLocks).as("breaks locks").isEqualTo(breaksLocks());
    }

    /** Every driver can tell who is at a volume: without that no reset is proved. */
    static DescribesConnections view(VolumeDriver driver) {
        assertThat(driver).isInstanceOf(DescribesConnections.class);
        return (DescribesConnections) driver;
    }
}
