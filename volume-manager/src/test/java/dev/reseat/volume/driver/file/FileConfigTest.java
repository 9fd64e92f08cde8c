package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileConfigTest {
    @Test
    void defaults() {
        var config = Settings.parse("").checked(settings -> FileConfig.from(settings, "file1"));

        assertThat(config).isEqualTo(new FileConfig(Path.of("/var/lib/reseat/volumes"), "volume-%s", false));
        assertThat(config.file("v-1")).isEqualTo(Path.of("/var/lib/reseat/volumes/volume-v-1"));
    }

    @Test
    void everyKey() {
        var config = Settings.parse("""
                [DEFAULT]
                volume_name_template = vol_%s.img
                [file1]
                file_volumes_dir = /srv/volumes
                file_users_share_namespace = yes
                """).checked(settings -> FileConfig.from(settings, "file1"));

        assertThat(config).isEqualTo(new FileConfig(Path.of("/srv/volumes"), "vol_%s.img", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume", "%s%s", "a/%s", "../%s", ".%s", "%d%s", "volume-%s%%"})
    void aTemplateIsAFileNameWithOneId(String template) {
        assertThatThrownBy(() -> new FileConfig(Path.of("/srv"), template, false))
                .hasMessageContaining("volume_name_template");
    }

    @Test
    void theDirectoryIsAbsolute() {
        assertThatThrownBy(() -> new FileConfig(Path.of("volumes"), "volume-%s", false))
                .hasMessageContaining("file_volumes_dir");
    }
}
