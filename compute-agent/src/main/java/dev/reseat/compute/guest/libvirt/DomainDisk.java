package dev.reseat.compute.guest.libvirt;

import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A disk in a domain's definition.
 *
 * @param target its name in the guest, {@code vda}
 * @param block whether it leads to a device of the host
 * @param source the path or image it leads to; empty for a drive without a medium
 * @param others what it is copied to, and what lies below it
 * @param serial as Nova writes it, the volume's id; stale after a swap
 * @param addresses by which the hypervisor reaches the source itself, {@code HOST} or {@code HOST:PORT}; none for what
 *     the host has a path of
 */
record DomainDisk(
        String target, boolean block, Optional<String> source, List<String> others, Optional<String> serial,
        List<String> addresses) {
    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final String DEVICES = "/dev/";

    DomainDisk {
        others = List.copyOf(others);
        addresses = List.copyOf(addresses);
    }

    /** Of what the host has a path of. */
    DomainDisk(
            String target, boolean block, Optional<String> source, List<String> others, Optional<String> serial) {
        this(target, block, source, others, serial, List.of());
    }

    /**
     * Whether it is that volume: by what it leads to first, and by its serial where that does not contradict. UNKNOWN
     * if the serial says yes and the source names another, or if neither names any.
     */
    Answer isOf(GuestVolume volume) {
        if (Stream.concat(source.stream(), others.stream()).anyMatch(place -> leadsTo(place, volume))) {
            return Answer.YES;
        }
        if (serial.filter(volume.volumeId()::equals).isPresent()) {
            return source.filter(place -> ID.matcher(place).find()).isPresent() ? Answer.UNKNOWN : Answer.YES;
        }
        return isNameless() ? Answer.UNKNOWN : Answer.NO;
    }

    /** Whether taking this disk out takes that volume out, and no other. */
    boolean isItself(GuestVolume volume) {
        return isOf(volume) == Answer.YES
                && (source.filter(place -> leadsTo(place, volume)).isPresent()
                        || others.stream().noneMatch(place -> leadsTo(place, volume)));
    }

    /** A file or image that bears nobody's id is no volume's: those are named by their ids. */
    boolean mayBeAVolume() {
        return source.isPresent() && (block || serial.isPresent() || ID.matcher(source.get()).find());
    }

    /** What it leads to, and its serial where that says more. */
    String name() {
        String place = source.orElse("nothing");
        return serial.filter(known -> !place.contains(known))
                .map(known -> place + " (serial " + known + ")")
                .orElse(place);
    }

    private boolean isNameless() {
        return block && serial.isEmpty() && source.filter(place -> ID.matcher(place).find()).isEmpty();
    }

    private static boolean leadsTo(String place, GuestVolume volume) {
        return (ID.matcher(volume.volumeId()).matches() && place.contains(volume.volumeId()))
                || volume.sources().stream().anyMatch(known -> known.equals(place) || isSameDevice(known, place));
    }

    /** Links are followed in /dev alone: that file system answers, others may not. */
    private static boolean isSameDevice(String known, String place) {
        if (!known.startsWith(DEVICES) || !place.startsWith(DEVICES)) {
            return false;
        }
        try {
            return Path.of(known).toRealPath().equals(Path.of(place).toRealPath());
        } catch (IOException | InvalidPathException e) {
            return false; // a device that is not there is no other's
        }
    }

    @Override
    public String toString() {
        return target + " " + name();
    }
}
