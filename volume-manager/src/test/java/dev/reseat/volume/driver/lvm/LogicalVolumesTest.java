package dev.reseat.volume.driver.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.DeviceUsers;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.ScriptedCommands;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On what {@code lvs} prints, of volumes that have no node here. */
final class LogicalVolumesTest {
    private final ScriptedCommands commands = new ScriptedCommands();
    private final LogicalVolumes volumes = new LogicalVolumes(
            Settings.parse("""
                    [lvm1]
                    volume_group = nowhere
                    lvm_conf_file = None
                    target_ip_address = 192.0.2.20
                    """).checked(settings -> LvmConfig.from(settings, "lvm1")),
            new BackendPrograms(commands));

    private LogicalVolume found(String report) {
        commands.whenever("lvs", "--reportformat", "json", "-o", "lv_name,lv_attr,lv_device_open", "nowhere/volume-1")
                .prints(report);
        return volumes.find("volume-1", Deadline.after(Duration.ofSeconds(30)));
    }

    private static String row(String attributes, String open) {
        return """
                {"report":[{"lv":[{"lv_name":"volume-1","lv_attr":"%s","lv_device_open":"%s"}]}]}
                """.formatted(attributes, open);
    }

    @ParameterizedTest
    @CsvSource({
            "-wi-ao----, open, YES",
            "-wi-a-----, '', NO",
            "-wi-------, unknown, NO", // it is not active
            "-wi-XX----, unknown, UNKNOWN", // there is no device mapper that would tell
            "'', unknown, UNKNOWN"})
    void whetherAnybodyHasItOpenIsAsFarAsTheDeviceMapperTells(String attributes, String open, Answer expected) {
        LogicalVolume volume = found(row(attributes, open));

        assertThat(volume.open()).isEqualTo(expected);
        List<Client> seen = new TargetClients(DeviceUsers.onThisHost()).of(volume, Optional.empty(), List.of());
        assertThat(seen.stream().map(Client::inUse).reduce(Answer.NO, Answer::or)).isEqualTo(expected);
    }

    @Test
    void whatPrintsNoReportIsNoAnswer() {
        assertThatThrownBy(() -> found("{}")).isInstanceOf(DriverException.BackendFailed.class);
    }
}
