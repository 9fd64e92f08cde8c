package dev.reseat.compute.guest;

/** The guest has not let go of a disk. Nothing below it was touched; repeat when the guest has been looked at. */
public final class GuestRefused extends RuntimeException {
    public GuestRefused(String message) {
        super(message);
    }
}
