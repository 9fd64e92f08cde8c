package dev.reseat.volume;

import dev.reseat.contract.state.OperationNotServed;
import dev.reseat.contract.state.ReportVolumeService;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeAttachmentList;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A state service for tests: rows in memory, and a list of what was committed. */
final class KeptState {
    private final Map<String, VolumeObject> volumes = new ConcurrentHashMap<>();
    private final Map<String, VolumeAttachmentObject> attachments = new ConcurrentHashMap<>();
    private final List<Object> committed = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ReportVolumeService> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> tried = new LinkedBlockingQueue<>();
    private volatile boolean refusing;

    void add(VolumeObject volume) {
        volumes.put(volume.id(), volume);
    }

    void add(VolumeAttachmentObject attachment) {
        attachments.put(attachment.id(), attachment);
    }

    /** Answers every change with a failure from now on. */
    void refuseChanges() {
        refusing = true;
    }

    /** The changes that were committed, in order. */
    List<Object> committed() {
        return List.copyOf(committed);
    }

    void acceptChanges() {
        refusing = false;
    }

    /** The changes that were committed or refused, as they come. */
    BlockingQueue<Object> tried() {
        return tried;
    }

    /** Reports that services are at work, as they come. */
    BlockingQueue<ReportVolumeService> reports() {
        return reports;
    }

    /** The attachments of a volume. */
    List<VolumeAttachmentObject> attachmentsOf(String volumeId) {
        return attachments.values()
                .stream()
                .filter(attachment -> attachment.volumeId().equals(Optional.of(volumeId)))
                .toList();
    }

    Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.VERSION.major(), StateRpc.VERSION.minor())
                .method(StateRpc.GetVolume.METHOD, StateRpc.GetVolume.class, (_, args) -> volume(args.volumeId()))
                .method(
                        StateRpc.GetAttachment.METHOD,
                        StateRpc.GetAttachment.class,
                        (_, args) -> attachment(args.attachmentId()))
                .method(
                        StateRpc.AttachmentConnected.METHOD,
                        StateRpc.AttachmentConnected.class,
                        (_, args) -> commit(args, attachment(args.attachmentId())))
                .method(StateRpc.ExportCreated.METHOD, StateRpc.ExportCreated.class, (_, args) -> commit(args, null))
                .method(
                        StateRpc.Attach.METHOD,
                        StateRpc.Attach.class,
                        (_, args) -> commit(args, Rows.attachment("made", args.volumeId())))
                .method(ReportVolumeService.METHOD, ReportVolumeService.class, (_, report) -> {
                    reports.add(report);
                    return null;
                })
                .method(OperationNotServed.METHOD, OperationNotServed.class,
                        (_, args) -> commit(args, new OperationNotServed.Result(List.of("volume: settled"))))
                .method(StateRpc.FinishDetach.METHOD, StateRpc.FinishDetach.class, (_, args) -> {
                    commit(args, Optional.empty());
                    args.attachmentId().ifPresent(attachments::remove);
                    return null;
                })
                .build();
    }

    private <T> T commit(Object change, T answer) {
        try {
            if (refusing) {
                throw notFound("VolumeNotFound", "Volume gone could not be found.", Map.of("volume_id", "gone"));
            }
            committed.add(change);
            return answer;
        } finally {
            tried.add(change);
        }
    }

    private VolumeObject volume(String id) {
        return Optional.ofNullable(volumes.get(id))
                .map(row -> Rows.with(row, new VolumeAttachmentList(attachmentsOf(id))))
                .orElseThrow(() -> notFound(
                        "VolumeNotFound", "Volume " + id + " could not be found.", Map.of("volume_id", id)));
    }

    private VolumeAttachmentObject attachment(String id) {
        return Optional.ofNullable(attachments.get(id))
                .orElseThrow(() -> notFound(
                        "VolumeAttachmentNotFound",
                        "Volume attachment could not be found with filter: attachment_id = " + id + ".",
                        Map.of("filter", "attachment_id = " + id)));
    }

    private static EndpointFailure notFound(String type, String message, Map<String, Object> kwargs) {
        Map<String, Object> all = new LinkedHashMap<>(kwargs);
        all.put("code", 404);
        return new EndpointFailure(new Failure(type, "cinder.exception", message, List.of(message), all));
    }
}
