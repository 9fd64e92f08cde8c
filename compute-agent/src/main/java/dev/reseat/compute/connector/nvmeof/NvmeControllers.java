package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.block.Sysfs;
import dev.reseat.contract.connection.ConnectionInfo.NvmeTarget;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controllers that this host has over a fabric, as sysfs shows them. Looks only, and runs no program. */
final class NvmeControllers {
    private static final Pattern CONTROLLER = Pattern.compile("nvme\\d+");
    /** {@code nvme0n1}, or {@code nvme0c1n1} for one controller's way to it where the kernel joins them. */
    private static final Pattern NAMESPACE = Pattern.compile("(nvme\\d+)(c\\d+)?(n\\d+)");
    private static final Pattern ADDRESS = Pattern.compile("(?:^|,)traddr=([^,]+),trsvcid=(\\d+)(?:,|$)");

    private final Path root;

    /** @param root where the host's file system is found */
    NvmeControllers(Path root) {
        this.root = root;
    }

    /** Whether this kernel speaks NVMe to other hosts; without it, no controller is no answer. */
    boolean kernelHasFabrics() {
        return Files.isDirectory(fabrics());
    }

    /** Whether the kernel can be seen at all. One that is seen and has no fabrics has no controller either. */
    boolean kernelIsSeen() {
        return Sysfs.isSeen(root);
    }

    /** Whether the kernel joins several ways to a namespace by itself. */
    boolean kernelJoinsPaths() throws IOException {
        return text(root.resolve("sys/module/nvme_core/parameters/multipath")).filter("Y"::equals).isPresent();
    }

    /** Those of the target's subsystem, by whatever portal, that this host has under the name it is to have there. */
    List<NvmeController> of(NvmeTarget target) throws IOException {
        return of(target, all());
    }

    /** The same of those that are there. */
    List<NvmeController> of(NvmeTarget target, List<NvmeController> there) throws IOException {
        Optional<String> self = self(target);
        return there.stream()
                .filter(one -> one.nqn().equals(target.nqn()))
                .filter(one -> self.isEmpty() || one.hostNqn().isEmpty() || one.hostNqn().equals(self))
                .toList();
    }

    /**
     * Those of the target's subsystem under another name, which may show the target: of somebody else on this host, or
     * of this host before its name was changed. Which, nobody can tell.
     */
    List<NvmeController> underOtherNames(NvmeTarget target, List<NvmeController> there) throws IOException {
        List<NvmeController> ours = of(target, there);
        return there.stream()
                .filter(one -> one.nqn().equals(target.nqn()) && one.has(target) != Answer.NO)
                .filter(one -> ours.stream().noneMatch(known -> known.name().equals(one.name())))
                .toList();
    }

    private Optional<String> self(NvmeTarget target) throws IOException {
        return target.hostNqn().isPresent() ? target.hostNqn() : text(root.resolve("etc/nvme/hostnqn"));
    }

    /** @throws IOException if they cannot all be read */
    List<NvmeController> all() throws IOException {
        List<NvmeController> found = new ArrayList<>();
        for (Path controller : Sysfs.entries(fabrics())) {
            if (CONTROLLER.matcher(Sysfs.name(controller)).matches()) {
                read(controller).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Whether it is there still, in whatever state. */
    boolean exists(String controller) {
        return Files.exists(fabrics().resolve(controller));
    }

    private Path fabrics() {
        return root.resolve("sys/class/nvme-fabrics/ctl");
    }

    /** Empty for one that went away while it was read. */
    private static Optional<NvmeController> read(Path folder) throws IOException {
        try {
            String name = Sysfs.name(folder);
            return Optional.of(new NvmeController(
                    name,
                    Sysfs.text(folder.resolve("subsysnqn")),
                    Sysfs.text(folder.resolve("transport")),
                    address(name, Sysfs.text(folder.resolve("address"))),
                    text(folder.resolve("hostnqn")),
                    Sysfs.text(folder.resolve("state")),
                    namespaces(folder)));
        } catch (IOException e) {
            if (!Files.exists(folder)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<Portal> address(String controller, String text) throws IOException {
        Matcher address = ADDRESS.matcher(text);
        if (!address.find()) {
            return Optional.empty(); // of Fibre Channel, or of a loop
        }
        try {
            return Optional.of(new Portal(address.group(1), Integer.parseInt(address.group(2))));
        } catch (MalformedConnection | NumberFormatException e) {
            throw new IOException(controller + " is at no portal", e);
        }
    }

    private static List<NvmeNamespace> namespaces(Path controller) throws IOException {
        List<NvmeNamespace> found = new ArrayList<>();
        for (Path folder : Sysfs.entries(controller)) {
            Matcher name = NAMESPACE.matcher(Sysfs.name(folder));
            if (name.matches()) {
                Optional<String> number = text(folder.resolve("nsid"));
                if (number.isPresent()) { // otherwise it is gone
                    found.add(new NvmeNamespace(
                            name.group(1) + name.group(3),
                            text(folder.resolve("uuid")),
                            text(folder.resolve("nguid")),
                            number.map(Integer::valueOf),
                            text(folder.resolve("ana_state"))));
                }
            }
        }
        return found;
    }

    /** Empty where there is no such file: not every kernel and not every namespace has each. */
    private static Optional<String> text(Path file) throws IOException {
        try {
            return Optional.of(Sysfs.text(file)).filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
