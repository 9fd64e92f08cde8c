package dev.reseat.volume.driver.file;

import dev.reseat.runtime.Settings;
import java.nio.file.Path;

/**
 * Settings of a backend with {@code volume_driver = file}.
 *
 * @param volumesDir {@code [backend] file_volumes_dir}: where the volumes are; has to exist, so that a file system that
 *     is not mounted never looks like a backend without volumes
 * @param nameTemplate {@code [DEFAULT] volume_name_template}: a volume's file name, {@code %s} is its id
 * @param sharedNamespace {@code [backend] file_users_share_namespace}: every process that may use a volume runs in the
 *     PID namespace of this one, so that the kernel shows its locks here. Matters only inside a container
 */
public record FileConfig(Path volumesDir, String nameTemplate, boolean sharedNamespace) {
    public static final Path DEFAULT_VOLUMES_DIR = Path.of("/var/lib/reseat/volumes");
    public static final String DEFAULT_NAME_TEMPLATE = "volume-%s";

    public FileConfig {
        if (!volumesDir.isAbsolute()) {
            throw new IllegalArgumentException("file_volumes_dir must be an absolute path: " + volumesDir);
        }
        if (nameTemplate.split("%s", -1).length != 2 || nameTemplate.replace("%s", "").matches(".*[/%].*|\\..*")) {
            throw new IllegalArgumentException(
                    "volume_name_template must be a file name with one %s: '" + nameTemplate + "'");
        }
    }

    public static FileConfig from(Settings settings, String backend) {
        return new FileConfig(
                settings.value(backend, "file_volumes_dir", DEFAULT_VOLUMES_DIR, Path::of),
                settings.text("DEFAULT", "volume_name_template", DEFAULT_NAME_TEMPLATE),
                settings.bool(backend, "file_users_share_namespace", false));
    }

    /** Whether a file is named as volumes are. */
    boolean isVolume(String name) {
        int id = nameTemplate.indexOf("%s");
        String after = nameTemplate.substring(id + 2);
        return name.startsWith(nameTemplate.substring(0, id)) && name.endsWith(after)
                && !name.endsWith(ExportTable.ENDING) && !name.startsWith(".");
    }

    /** The file of the volume of that name id. */
    Path file(String nameId) {
        return volumesDir.resolve(nameTemplate.replace("%s", nameId));
    }
}
