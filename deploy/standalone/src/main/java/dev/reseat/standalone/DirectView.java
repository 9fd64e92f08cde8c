package dev.reseat.standalone;

import dev.reseat.compute.connector.Inspection;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import dev.reseat.standalone.CinderDatabase.AttachmentRow;
import dev.reseat.standalone.CinderDatabase.VolumeRow;
import dev.reseat.standalone.DemoRows.DemoVolume;
import dev.reseat.standalone.NovaDatabase.InstanceRow;
import dev.reseat.standalone.NovaDatabase.MappingRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks at every source of truth directly: rows, export files, the hosts. Past all that repairs, so that what a repair
 * says can be held against what is.
 */
final class DirectView {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final AllInOne cloud;
    private final DemoCloud demo;

    DirectView(AllInOne cloud, DemoCloud demo) {
        this.cloud = cloud;
        this.demo = demo;
    }

    /**
     * What the sources show of one volume at one time.
     *
     * @param exports {@code host} of each export on the backend
     * @param held whether the host of its server holds the volume, here or where it was before
     * @param holding what that host was seen to hold, or why it cannot be said
     */
    record Seen(
            VolumeRow volume,
            Optional<InstanceRow> server,
            Optional<MappingRow> mapping,
            List<String> exports,
            Answer held,
            String holding) {
        String cinder() {
            return volume.status() + "/" + volume.attachStatus();
        }

        String attachments() {
            return volume.attachments().isEmpty()
                    ? "none"
                    : volume.attachments().stream().map(AttachmentRow::toString).collect(Collectors.joining("; "));
        }

        /** Where the mapping says the volume is; empty without a mapping, or one without connection_info. */
        Optional<String> mappedPath() {
            return mapping.flatMap(MappingRow::connectionInfo)
                    .map(info -> JSON.readTree(info).path("data").path("device_path").asString());
        }
    }

    Seen look(DemoVolume volume) {
        Inspection here = hold(volume, demo.file(volume));
        // only volumes that have moved have such a place: elsewhere there is nothing to ask about
        Optional<Inspection> before =
                Optional.of(demo.placeBefore(volume)).filter(Files::exists).map(place -> hold(volume, place));
        return new Seen(
                cloud.cinder().read(volume.id()),
                cloud.nova().instance(demo.servers().get(volume.server())),
                cloud.nova().mapping(volume.id()),
                exports(volume),
                before.map(Inspection::held).map(here.held()::or).orElse(here.held()),
                before.filter(there -> there.held() == Answer.YES).orElse(here).detail());
    }

    private Inspection hold(DemoVolume volume, Path file) {
        return cloud.agents()
                .get(volume.host())
                .connectors()
                .inspect(ConnectionInfo.Local.at(file), Deadline.after(Duration.ofSeconds(30)));
    }

    private List<String> exports(DemoVolume volume) {
        Path file = demo.file(volume).resolveSibling(demo.file(volume).getFileName() + ".exports.json");
        List<String> hosts = new ArrayList<>();
        try {
            for (JsonNode export : JSON.readTree(Files.readString(file)).path("exports")) {
                hosts.add(export.path("host").stringValue());
            }
            return hosts;
        } catch (NoSuchFileException noExports) {
            return hosts;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
