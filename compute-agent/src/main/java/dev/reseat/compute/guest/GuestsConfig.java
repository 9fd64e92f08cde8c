package dev.reseat.compute.guest;

import dev.reseat.runtime.Settings;

/**
 * Which hypervisor runs this host's guests.
 *
 * @param driver {@code [DEFAULT] compute_driver}; blank if nobody has said
 */
public record GuestsConfig(String driver) {
    /** This host runs no guests. */
    public static final GuestsConfig NONE = new GuestsConfig("none");
    private static final String LIBVIRT = "libvirt.LibvirtDriver"; // in nova.virt, which need not be said
    private static final String FAKE = "fake.FakeDriver"; // of Nova's own tests: its guests are in memory

    public static GuestsConfig from(Settings settings) {
        return new GuestsConfig(settings.text("DEFAULT", "compute_driver", "").strip());
    }

    /** Whether libvirt runs them. */
    public boolean isLibvirt() {
        return driver.equals(LIBVIRT) || driver.equals("nova.virt." + LIBVIRT);
    }

    /** Whether it was said that this host runs no guests at all, so that none can lose a disk. */
    boolean saysNone() {
        return driver.equals(NONE.driver) || driver.equals(FAKE);
    }
}
