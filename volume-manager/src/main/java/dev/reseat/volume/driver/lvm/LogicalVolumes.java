package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The logical volumes of one group, read from LVM's own reports. */
final class LogicalVolumes {
    private static final Path DEVICES = Path.of("/dev");
    private static final String POOL = "t";
    private static final Set<Character> ORIGIN = Set.of('o', 'O');
    private static final Pattern INACTIVE = Pattern.compile(".{4}-.*");

    private final LvmConfig config;
    private final BackendPrograms programs;
    private final JsonMapper json = JsonMapper.builder().build();

    LogicalVolumes(LvmConfig config, BackendPrograms programs) {
        this.config = config;
        this.programs = programs;
    }

    /** @throws DriverException.NotReady if the group is not there */
    void requireGroup(Deadline deadline) {
        try {
            report(deadline, "vgs", "vg_name", "vg", config.group());
        } catch (DriverException.BackendFailed | DriverException.OutOfTime e) {
            throw new DriverException.NotReady(
                    "volume group " + config.group() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @throws DriverException.VolumeMissing if the group does not have it */
    LogicalVolume find(String name, Deadline deadline) {
        String spec = config.group() + "/" + name;
        try {
            return volumes(spec, deadline).stream()
                    .findFirst()
                    .orElseThrow(() -> new DriverException.BackendFailed("lvs says nothing of " + spec));
        } catch (DriverException.BackendFailed e) {
            if (e.getCause() instanceof CommandFailed.Exited exit
                    && exit.errors().contains("Failed to find logical volume")) {
                throw new DriverException.VolumeMissing("logical volume " + spec + " does not exist");
            }
            throw e;
        }
    }

    /** By name; pools of thin ones are none. */
    SortedMap<String, LogicalVolume> all(Deadline deadline) {
        SortedMap<String, LogicalVolume> all = new TreeMap<>();
        volumes(config.group(), deadline).forEach(volume -> all.put(volume.name(), volume));
        return all;
    }

    /** Has its device there; one that is there already is not touched. */
    Path activate(LogicalVolume volume, Deadline deadline) {
        if (!Files.exists(volume.device())) {
            programs.run(deadline, words("lvchange", "-a", "y", "--yes", "-K", config.group() + "/" + volume.name()),
                    command -> command);
            if (!Files.exists(volume.device())) {
                throw new DriverException.BackendFailed(
                        volume.device() + " is not there, though its logical volume was activated");
            }
        }
        return volume.device();
    }

    private List<LogicalVolume> volumes(String what, Deadline deadline) {
        List<LogicalVolume> volumes = new ArrayList<>();
        for (JsonNode row : report(deadline, "lvs", "lv_name,lv_attr,lv_device_open", "lv", what)) {
            String name = row.path("lv_name").asString("");
            String attributes = row.path("lv_attr").asString("");
            if (!name.isEmpty() && !attributes.startsWith(POOL)) {
                volumes.add(new LogicalVolume(name, DEVICES.resolve(config.group()).resolve(name),
                        open(row.path("lv_device_open").asString("unknown"), attributes),
                        !attributes.isEmpty() && ORIGIN.contains(attributes.charAt(0))));
            }
        }
        return volumes;
    }

    private static Answer open(String text, String attributes) {
        return switch (text) {
            case "open" -> Answer.YES;
            case "" -> Answer.NO;
            default -> INACTIVE.matcher(attributes).matches()
                    ? Answer.NO
                    : Answer.UNKNOWN; // the device mapper did not tell
        };
    }

    private JsonNode report(Deadline deadline, String program, String columns, String key, String what) {
        CommandResult result = programs.run(
                deadline, words(program, "--reportformat", "json", "-o", columns, what), command -> command);
        try {
            JsonNode rows = json.readTree(result.output()).path("report").path(0).path(key);
            if (!rows.isArray()) {
                throw new DriverException.BackendFailed(program + " has printed no report");
            }
            return rows;
        } catch (JacksonException e) {
            throw new DriverException.BackendFailed(program + " has printed no JSON", e);
        }
    }

    private List<String> words(String... words) {
        List<String> all = new ArrayList<>();
        config.lvmConf().ifPresent(file -> all.addAll(List.of("env", "LVM_SYSTEM_DIR=" + file.getParent())));
        all.addAll(List.of(words));
        return all;
    }
}
