package dev.reseat.compute.service;

import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a connection leads to, in the words of a guest's definition, as Nova's libvirt drivers write them. */
final class GuestVolumes {
    private static final String DEVICE = "device_path"; // nova-compute writes it when it has connected

    private GuestVolumes() {}

    static GuestVolume of(String volumeId, Optional<ConnectionInfo> connection) {
        return new GuestVolume(volumeId, connection.map(GuestVolumes::sources).orElse(List.of()));
    }

    /** A connection that cannot be read leads nowhere: the volume's id is left to find it by. */
    static GuestVolume of(InspectVolume question) {
        try {
            return of(question.volumeId(), question.connectionInfo().map(ConnectionInfo::of));
        } catch (MalformedConnection e) {
            return GuestVolume.named(question.volumeId());
        }
    }

    private static List<String> sources(ConnectionInfo connection) {
        List<String> sources = new ArrayList<>(switch (connection) {
            case ConnectionInfo.Rbd rbd -> List.of(rbd.pool() + "/" + rbd.image());
            case ConnectionInfo.Local local -> List.of(local.device().toString());
            case ConnectionInfo.Iscsi iscsi ->
                iscsi.paths().stream().map(path -> path.iqn() + "/" + path.lun()).toList();
            case ConnectionInfo.Nfs _,ConnectionInfo.Nvme _,ConnectionInfo.FibreChannel _,ConnectionInfo.Other _ ->
                List.<String>of();
        });
        connection.document()
                .find(DEVICE)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(path -> path.startsWith("/"))
                .ifPresent(sources::add);
        return sources;
    }
}
