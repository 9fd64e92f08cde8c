package dev.reseat.volume.endpoint;

import dev.reseat.rpc.Failure;
import dev.reseat.volume.service.VolumeException;
import dev.reseat.volume.state.StateException;
import java.util.List;
import java.util.Map;

/**
 * Failures in the words of {@code cinder.exception}, from which a Python caller builds the exception again: the text as
 * only positional argument, since its constructor formats nothing when it is given one.
 */
final class CinderFailures {
    private static final String MODULE = "cinder.exception";

    private CinderFailures() {}

    static Failure of(VolumeException failure) {
        String text = failure.getMessage();
        return switch (failure) {
            case VolumeException.InvalidVolume _ ->
                failure("InvalidVolume", "Invalid volume: " + text, Map.of("reason", text, "code", 400));
            case VolumeException.InvalidInput _ ->
                failure("InvalidInput", "Invalid input received: " + text, Map.of("reason", text, "code", 400));
            case VolumeException.InvalidAttachMode e -> failure(
                    "InvalidVolumeAttachMode",
                    text,
                    Map.of("mode", e.mode(), "volume_id", e.volumeId(), "code", 400));
            case VolumeException.DriverNotReady _ ->
                failure("DriverNotInitialized", "Volume driver not ready. " + text, Map.of("code", 500));
            case VolumeException.Busy _ -> unavailable(text);
            // as a Python service would pass on that its own call timed out
            case VolumeException.OutcomeUnknown _ -> timeout(text);
            case VolumeException.BackendFailed _ -> failure(
                    "VolumeBackendAPIException",
                    "Bad or unexpected response from the storage volume backend API: " + text,
                    Map.of("data", text, "code", 500));
            case VolumeException.ExportNotRemoved e -> failure(
                    "RemoveExportException",
                    "Failed to remove export for volume " + e.volumeId() + ": " + text,
                    Map.of("volume", e.volumeId(), "reason", text, "code", 500));
        };
    }

    static Failure of(StateException failure) {
        return switch (failure) {
            case StateException.Unavailable _ -> unavailable(failure.getMessage());
            case StateException.CommitUnknown _ -> timeout(failure.getMessage());
        };
    }

    private static Failure unavailable(String reason) {
        return failure("ServiceUnavailable", "Service is unavailable at this time: " + reason, Map.of("code", 400));
    }

    private static Failure timeout(String reason) {
        return Failure.of("oslo_messaging.exceptions", "MessagingTimeout", reason);
    }

    private static Failure failure(String type, String message, Map<String, Object> kwargs) {
        return new Failure(type, MODULE, message, List.of(message), kwargs);
    }
}
