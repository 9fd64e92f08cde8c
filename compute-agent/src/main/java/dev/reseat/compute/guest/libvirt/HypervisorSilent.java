package dev.reseat.compute.guest.libvirt;

/** The hypervisor has not said what it was asked, so nobody knows. Says why. */
final class HypervisorSilent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HypervisorSilent(String message) {
        super(message);
    }

    HypervisorSilent(String message, Throwable cause) {
        super(message, cause);
    }
}
