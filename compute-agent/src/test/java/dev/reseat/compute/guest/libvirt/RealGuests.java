package dev.reseat.compute.guest.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.compute.guest.GuestsContract.Place;
import dev.reseat.storage.PrivateLibvirt;
import dev.reseat.testing.SparseFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Real guests on a libvirt of the test's own, with volumes that are files. Skips the test where libvirt is not
 * installed, or fails with {@code -Dreseat.peers=required}.
 */
final class RealGuests implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DISKS = "abcdefghijklmnopqrstuvwxyz";

    private final Path directory;
    private final PrivateLibvirt libvirt;

    private RealGuests(Path directory, PrivateLibvirt libvirt) {
        this.directory = directory;
        this.libvirt = libvirt;
    }

    static RealGuests start() throws IOException {
        List<String> missing = PrivateLibvirt.missingPackages();
        if (!missing.isEmpty()) {
            String sentence = "install for this test: " + missing;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
        Path directory = Files.createTempDirectory("lv"); // short: sockets are in it
        return new RealGuests(directory, PrivateLibvirt.start(directory));
    }

    PrivateLibvirt libvirt() {
        return libvirt;
    }

    GuestVolume newVolume() {
        String id = UUID.randomUUID().toString();
        Path file = directory.resolve("volume-" + id);
        try {
            Files.setPosixFilePermissions(SparseFile.create(file), PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GuestVolume(id, List.of(file.toString()));
    }

    String newGuest(GuestVolume volume, Place place) {
        String disk = disk(volume, volume.volumeId(), "sda", "scsi");
        return switch (place) {
            case RUNNING_AND_STORED -> started(disk);
            case STOPPED -> defined(disk);
            case KEPT -> started(disk(volume, volume.volumeId(), "vda", "virtio"));
            case RUNNING -> attached(started(""), disk, "--live");
            case STORED -> attached(started(""), disk, "--config");
            case TRANSIENT -> {
                String uuid = UUID.randomUUID().toString();
                libvirt.create(domain(uuid, disk));
                yield uuid;
            }
        };
    }

    /** One whose disk is that volume and has the serial of another. */
    String newGuestWithSerial(GuestVolume volume, String serial) {
        return defined(disk(volume, serial, "sda", "scsi"));
    }

    /** One that does not run, with many disks. */
    String newGuest(List<GuestVolume> volumes) {
        StringBuilder disks = new StringBuilder();
        for (int i = 0; i < volumes.size(); i++) {
            int letters = DISKS.length();
            String target = "sd" + (i < letters ? "" : DISKS.charAt(i / letters - 1)) + DISKS.charAt(i % letters);
            disks.append(disk(volumes.get(i), volumes.get(i).volumeId(), target, "scsi"));
        }
        return defined(disks.toString());
    }

    private String defined(String disks) {
        String uuid = UUID.randomUUID().toString();
        libvirt.define(domain(uuid, disks));
        return uuid;
    }

    private String started(String disks) {
        String uuid = defined(disks);
        libvirt.virsh("start", uuid, "--paused");
        return uuid;
    }

    private String attached(String uuid, String disk, String where) {
        libvirt.attach(uuid, disk, where);
        return uuid;
    }

    private static String domain(String uuid, String disks) {
        return """
                <domain type='qemu'><name>%s</name><uuid>%s</uuid><memory unit='MiB'>32</memory><vcpu>1</vcpu>
                  <os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>
                  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
                    <controller type='scsi' model='virtio-scsi'/><controller type='usb' model='none'/>
                    <memballoon model='none'/>%s</devices></domain>
                """.formatted(name(uuid), uuid, disks);
    }

    private static String name(String uuid) {
        return "instance-" + uuid.substring(0, 8);
    }

    /** Shared, for several guests of a test have one volume. */
    private static String disk(GuestVolume volume, String serial, String target, String bus) {
        return """
                <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='%s'/>
                  <target dev='%s' bus='%s'/><serial>%s</serial><shareable/></disk>
                """.formatted(volume.sources().getFirst(), target, bus, serial);
    }

    long process(String uuid) {
        return libvirt.guest(name(uuid)).orElseThrow().pid();
    }

    /** Returns when libvirt has noticed. */
    void killGuest(String uuid) {
        libvirt.guest(name(uuid)).orElseThrow().destroyForcibly();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (libvirt.virsh("list", "--uuid").contains(uuid)) {
            assertThat(System.nanoTime()).as("libvirt does not notice").isLessThan(end);
        }
    }

    /** Of all tests before. */
    void endGuests() {
        uuids("list", "--uuid").forEach(uuid -> libvirt.virsh("destroy", uuid));
        uuids("list", "--all", "--uuid").forEach(uuid -> libvirt.virsh("undefine", uuid));
    }

    private List<String> uuids(String... list) {
        return libvirt.virsh(list).lines().filter(line -> !line.isBlank()).map(String::strip).toList();
    }

    @Override
    public void close() {
        libvirt.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
