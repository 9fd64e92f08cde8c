package dev.reseat.volume.driver.rbd;

import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.NameTemplate;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of a backend with {@code volume_driver = cinder.volume.drivers.rbd.RBDDriver}, by Cinder's names.
 *
 * @param pool {@code rbd_pool}
 * @param user {@code rbd_user}; without it the cluster is used without authentication
 * @param cephConf {@code rbd_ceph_conf}; the programs' own default without it
 * @param clusterName {@code rbd_cluster_name}
 * @param secretUuid {@code rbd_secret_uuid}: libvirt's secret with the user's key; the cluster's id without it
 * @param keyring {@code rbd_keyring_conf}: a file whose content hosts are to be given
 * @param nameTemplate {@code [DEFAULT] volume_name_template}: an image's name, {@code %s} is the volume's id
 */
record RbdConfig(
        String pool,
        Optional<String> user,
        Optional<Path> cephConf,
        String clusterName,
        Optional<String> secretUuid,
        Optional<Path> keyring,
        NameTemplate nameTemplate) {
    RbdConfig {
        if (pool.isBlank() || pool.startsWith("-") || pool.contains("/") || pool.contains("@")) {
            throw new IllegalArgumentException("rbd_pool must be the name of a pool: '" + pool + "'");
        }
        if (nameTemplate.nameOf("").matches(".*[/%@].*|-.*")) {
            throw new IllegalArgumentException(
                    "volume_name_template must be the name of an image: '" + nameTemplate.text() + "'");
        }
    }

    static RbdConfig from(Settings settings, String backend) {
        return new RbdConfig(
                settings.text(backend, "rbd_pool", "rbd"),
                given(settings, backend, "rbd_user"),
                given(settings, backend, "rbd_ceph_conf").map(Path::of),
                settings.text(backend, "rbd_cluster_name", "ceph"),
                given(settings, backend, "rbd_secret_uuid"),
                given(settings, backend, "rbd_keyring_conf").map(Path::of),
                new NameTemplate(settings.text("DEFAULT", "volume_name_template", "volume-%s")));
    }

    private static Optional<String> given(Settings settings, String backend, String option) {
        return settings.optionalText(backend, option).map(String::strip).filter(text -> !text.isEmpty());
    }

    String imageOf(String nameId) {
        return nameTemplate.nameOf(nameId);
    }
}
