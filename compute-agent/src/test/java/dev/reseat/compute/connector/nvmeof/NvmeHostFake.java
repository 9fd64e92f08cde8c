package dev.reseat.compute.connector.nvmeof;

import dev.reseat.compute.block.BlockHostFake;
import dev.reseat.process.Command;
import dev.reseat.process.CommandResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A host with nvme-cli, and a kernel that speaks NVMe over TCP and joins several ways to a namespace. */
final class NvmeHostFake extends BlockHostFake {
    static final String SELF = "nqn.2014-08.org.nvmexpress:uuid:host-a";
    private static final String CONTROLLERS = "sys/class/nvme-fabrics/ctl/";
    private static final int NOT_CONNECTED = 1;

    private final Map<String, List<Integer>> storage = new TreeMap<>(); // PORTAL NQN -> numbers of namespaces
    private final List<String> subsystems = new ArrayList<>(); // by number
    private final Map<String, String> connected = new LinkedHashMap<>(); // nvme1 -> PORTAL NQN
    private final List<String> hidden = new ArrayList<>();
    private boolean joins = true;

    NvmeHostFake(Path root) {
        super(root);
        folder(CONTROLLERS + "power");
        text(CONTROLLERS + "uevent", "");
        text("etc/nvme/hostnqn", SELF);
        kernelJoins(true);
    }

    /** Whether the kernel shows several ways to one namespace as one disk. */
    void kernelJoins(boolean several) {
        joins = several;
        text("sys/module/nvme_core/parameters/multipath", several ? "Y" : "N");
    }

    /** A subsystem that answers at this portal, {@code ADDRESS:PORT}, with these namespaces. */
    NvmeHostFake with(String portal, String nqn, Integer... namespaces) {
        storage.put(portal + " " + nqn, List.of(namespaces));
        return this;
    }

    /** The storage shows other namespaces from now on, on every way. */
    void shows(String nqn, Integer... namespaces) {
        storage.replaceAll((way, old) -> way.endsWith(" " + nqn) ? List.of(namespaces) : old);
        connected.keySet().forEach(this::refresh);
    }

    static String uuid(int number) {
        return "00000000-0000-4000-8000-%012d".formatted(number);
    }

    /** A controller as if somebody had connected it; its name. */
    String connect(String portal, String nqn) {
        int number = 0;
        while (connected.containsKey("nvme" + number)) {
            number++;
        }
        String name = "nvme" + number;
        connected.put(name, portal + " " + nqn);
        if (!subsystems.contains(nqn)) {
            subsystems.add(nqn);
        }
        int colon = portal.lastIndexOf(':');
        text(CONTROLLERS + name + "/subsysnqn", nqn);
        text(CONTROLLERS + name + "/transport", "tcp");
        text(CONTROLLERS + name + "/address", "traddr=" + portal.substring(0, colon).replaceAll("[\\[\\]]", "")
                + ",trsvcid=" + portal.substring(colon + 1) + ",src_addr=192.0.2.10");
        text(CONTROLLERS + name + "/hostnqn", SELF);
        controller(name, "live");
        folder(CONTROLLERS + name + "/power");
        refresh(name);
        return name;
    }

    /** The state of a controller. */
    void controller(String controller, String state) {
        text(CONTROLLERS + controller + "/state", state);
    }

    /** Shows a controller only after somebody has tried to make it. */
    void hide(String controller) {
        hidden.add(controller);
        text(CONTROLLERS + controller + "/subsysnqn", "");
    }

    /** As whom this host is there. */
    void hostNqn(String controller, String nqn) {
        text(CONTROLLERS + controller + "/hostnqn", nqn);
    }

    /** What a controller says of its way to a namespace. */
    void access(String controller, int namespace, String state) {
        text(CONTROLLERS + controller + "/" + place(controller, namespace) + "/ana_state", state);
    }

    /** The storage has given that namespace no UUID. */
    void withoutUuid(String controller, int namespace) {
        delete(CONTROLLERS + controller + "/" + place(controller, namespace) + "/uuid");
    }

    /** As kernels do for a namespace without a UUID. */
    void showsNguidAsUuid(String controller, int namespace) {
        String folder = CONTROLLERS + controller + "/" + place(controller, namespace);
        text(folder + "/uuid", read(folder + "/nguid"));
    }

    boolean hasController(String name) {
        return exists(CONTROLLERS + name);
    }

    private void refresh(String controller) {
        String nqn = connected.get(controller).split(" ", -1)[1];
        for (int number = 1; number <= 9; number++) {
            boolean shown = storage.getOrDefault(connected.get(controller), List.of()).contains(number);
            String place = CONTROLLERS + controller + "/" + place(controller, number);
            if (shown && !exists(place)) {
                text(place + "/nsid", String.valueOf(number));
                text(place + "/uuid", uuid(number + 10 * subsystems.indexOf(nqn)));
                text(place + "/nguid", "00000000-0000-0000-0000-00000000000" + number);
                text(place + "/ana_state", "optimized");
                String disk = disk(controller, number);
                if (!exists("sys/block/" + disk)) {
                    disk(disk, "259:" + (subsystems.indexOf(nqn) * 10 + number + (joins ? 0 : 100 * connected.size())));
                    text("sys/block/" + disk + "/wwid", "uuid." + uuid(number + 10 * subsystems.indexOf(nqn)));
                }
            } else if (!shown && exists(place)) {
                forget(controller, number);
            }
        }
    }

    private String disk(String controller, int namespace) {
        return (joins
                ? "nvme" + subsystems.indexOf(connected.get(controller).split(" ", -1)[1])
                : controller) + "n" + namespace;
    }

    private String place(String controller, int namespace) {
        String disk = disk(controller, namespace);
        return joins ? disk.replaceFirst("n(\\d+)$", "c" + controller.substring(4) + "n$1") : disk;
    }

    private void forget(String controller, int namespace) {
        delete(CONTROLLERS + controller + "/" + place(controller, namespace));
        boolean elsewhere = connected.keySet()
                .stream()
                .anyMatch(other -> disk(other, namespace).equals(disk(controller, namespace))
                        && exists(CONTROLLERS + other + "/" + place(other, namespace)));
        if (!elsewhere) {
            remove(disk(controller, namespace));
        }
    }

    @Override
    protected CommandResult answer(Command command, String line) {
        List<String> words = command.words();
        return switch (words.get(0) + " " + words.get(1)) {
            case "nvme connect" -> {
                String address = words.get(3).contains(":") ? "[" + words.get(3) + "]" : words.get(3);
                String way = address + ":" + words.get(5) + " " + words.get(9);
                hidden.forEach(name -> text(CONTROLLERS + name + "/subsysnqn", words.get(9)));
                String self = words.contains("-q") ? words.getLast() : SELF;
                if (connected.keySet()
                        .stream()
                        .filter(name -> connected.get(name).equals(way))
                        .anyMatch(name -> read(CONTROLLERS + name + "/hostnqn").equals(self))) {
                    yield result(command, NOT_CONNECTED, "", "already connected\n");
                }
                if (!storage.containsKey(way)) {
                    yield result(command, NOT_CONNECTED, "");
                }
                connect(address + ":" + words.get(5), words.get(9));
                yield result(command, 0, "");
            }
            case "nvme disconnect" -> {
                String name = words.get(3).substring("/dev/".length());
                for (int number = 1; number <= 9; number++) {
                    if (exists(CONTROLLERS + name + "/" + place(name, number))) {
                        forget(name, number);
                    }
                }
                delete(CONTROLLERS + name);
                connected.remove(name);
                yield result(command, 0, "");
            }
            case "nvme ns-rescan" -> result(command, 0, "");
            default -> super.answer(command, line);
        };
    }
}
